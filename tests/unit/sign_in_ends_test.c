/* SPDX-License-Identifier: BSD-2-Clause */
/* How a sign-in comes to its decision in the keeper, what that leaves behind, and what is told of its end. */
#include "sign_in_stage.h"

static bool ask(unsigned type, const char *first, const char *second)
{
    uint8_t packet[256];
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, type);
    if (type == QUESTION_ADMIT)
        wire_put_blob(&w, first, strlen(first));
    else
        wire_put_string(&w, first);
    if (second)
        wire_put_string(&w, second);
    assert_true(packet_send(child, packet, wire_written(&w)));
    return sign_in_take(&keeper, asked);
}

static bool admit(void)
{
    begin(DUE_ADMIT);
    return ask(QUESTION_ADMIT, "LOGIN", NULL);
}

static bool claim_of_it(const char *lost)
{
    uint8_t packet[64];
    struct wire_writer w = wire_write(packet, sizeof packet);

    asked->login.phase = PHASE_AUTH;
    wire_put_u8(&w, QUESTION_CLAIMS);
    wire_put_blob(&w, "{}", 2);
    wire_put_blob(&w, "", 0);
    wire_put_string(&w, "");
    wire_put_string(&w, lost);
    assert_true(packet_send(child, packet, wire_written(&w)));
    return sign_in_take(&keeper, asked);
}

static bool claim_losing(const char *lost)
{
    begin(DUE_CLAIMS);
    return claim_of_it(lost);
}

static bool claim(void)
{
    return claim_losing("");
}

static void assert_decided(enum reason reason)
{
    assert_int_equal(did.said, DECIDED);
    assert_int_equal(asked->due, DUE_FINISH);
    assert_int_equal(asked->reason, reason);
    assert_int_equal(did.allowed, reason == REASON_OK);
    assert_int_equal(did.forgotten, reason != REASON_OK);
}

static void who_is_admitted_is_noted_and_asked_or_lets_choose(void **state)
{
    (void)state;
    assert_true(admit());
    assert_int_equal(did.said, ADMITTED);
    assert_int_equal(asked->due, DUE_CLAIMS);
    assert_int_equal(did.noted, 1);
    assert_int_equal(strlen(asked->registration), 43);
    end();
    says.fixes_connection = false;
    assert_true(admit());
    assert_int_equal(did.said, CHOICES);
    assert_int_equal(asked->due, DUE_CHOICE);
    assert_int_equal(did.noted, 1);
    end();
}

static void who_is_not_admitted_is_refused_at_once(void **state)
{
    (void)state;
    says.admission = REASON_TOO_MANY_SIGN_INS;
    says.readiness = REASON_CLOCK;
    assert_true(admit());
    assert_decided(REASON_TOO_MANY_SIGN_INS);
    assert_int_equal(did.noted, 0);
    end();
    says.admission = REASON_OK;
    assert_true(admit());
    assert_decided(REASON_CLOCK);
    assert_int_equal(did.noted, 0);
    end();
}

static void later_phases_are_decided_whatever_the_clock_says(void **state)
{
    (void)state;
    says.phase = PHASE_ACCOUNT;
    says.readiness = REASON_CLOCK;
    assert_true(admit());
    assert_decided(REASON_OK);
    assert_string_equal(asked->ticket, "");
    end();
}

static void an_issuer_that_wants_peace_and_a_secret_that_is_not_there_refuse(void **state)
{
    (void)state;
    says.back_off_s = 7;
    assert_true(admit());
    assert_decided(REASON_IDP_BUSY);
    assert_string_equal(asked->detail, "HTTP 429 was answered; not asked again for 7 s");
    end();
    says.back_off_s = 0;
    says.reads_secret = false;
    assert_true(admit());
    assert_decided(REASON_SECRET_UNREADABLE);
    assert_string_equal(asked->detail, "no such file");
    end();
}

static void a_repeated_refusal_is_neither_recorded_nor_logged(void **state)
{
    (void)state;
    says.admission = REASON_TOO_OFTEN;
    assert_true(admit());
    assert_int_equal(did.recorded, 1);
    assert_int_equal(did.logged, 1);
    end();
    says.repeated = true;
    says.records = false;
    assert_true(admit());
    assert_decided(REASON_TOO_OFTEN);
    assert_int_equal(did.recorded, 0);
    assert_int_equal(did.logged, 0);
    end();
    assert_string_equal(did.ended, "");
}

static void an_allow_begins_a_session_and_a_refusal_none(void **state)
{
    (void)state;
    assert_true(claim());
    assert_decided(REASON_OK);
    assert_string_equal(asked->ticket, "new");
    end();
    says.judgement = REASON_NOT_A_MEMBER;
    assert_true(claim());
    assert_decided(REASON_NOT_A_MEMBER);
    assert_string_equal(asked->ticket, "");
    end();
    says.judgement = REASON_NONE;
    assert_true(claim());
    assert_int_equal(did.said, USERS);
    assert_int_equal(asked->due, DUE_PICK);
    end();
}

static void what_the_store_said_is_told_where_it_failed(void **state)
{
    static const enum reason failed[] = {REASON_STORE_FAILED, REASON_PUBLISH_FAILED};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        says.ticket = failed[i];
        keeper.members.why[0] = '\0';
        assert_true(claim_losing("email"));
        assert_decided(failed[i]);
        assert_string_equal(asked->detail, "scopes not granted: email");
        end();
        (void)snprintf(keeper.members.why, sizeof keeper.members.why, "%s", "the disk is full");
        assert_true(claim());
        assert_decided(failed[i]);
        assert_string_equal(asked->detail, "the disk is full");
        end();
    }
    says.ticket = REASON_OK;
    assert_true(claim());
    assert_string_equal(asked->detail, "");
    asked->delivered = true;
    end();
    assert_string_equal(did.tickets, "");
}

static void an_allow_that_cannot_be_recorded_is_none(void **state)
{
    static const struct {
        enum reason judged, told;
    } cases[] = {{REASON_OK, REASON_AUDIT_FAILED},
                 {REASON_CONNECT_AGAIN, REASON_AUDIT_FAILED},
                 {REASON_NOT_A_MEMBER, REASON_NOT_A_MEMBER}};

    (void)state;
    says.records = false;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        says.judgement = cases[i].judged;
        assert_true(claim());
        assert_decided(cases[i].told);
        end();
    }
    says.phase = PHASE_CLOSE_SESSION;
    assert_true(admit());
    assert_decided(REASON_OK);
    end();
}

static void a_decision_that_has_its_record_gets_no_second_one(void **state)
{
    (void)state;
    for (int records = 0; records < 2; records++) {
        says.records = records;
        begin(DUE_CLAIMS);
        asked->is_recorded = true;
        assert_true(claim_of_it(""));
        assert_decided(REASON_OK);
        assert_int_equal(did.recorded, 0);
        end();
    }
}

static bool refuse(enum sign_in_due due, const char *code, unsigned flags, bool is_somebody)
{
    bool taken;

    begin(due);
    asked->login.flags = flags;
    if (is_somebody)
        asked->identity.subject = strdup("s-1");
    taken = ask(QUESTION_REFUSE, code, "why");
    end();
    return taken;
}

static void a_child_may_refuse_but_let_nobody_in_or_past(void **state)
{
    (void)state;
    assert_true(refuse(DUE_CLAIMS, "access_denied", 0, false));
    assert_true(refuse(DUE_CLAIMS, "idp_tls", 0, false));
    assert_false(refuse(DUE_CLAIMS, "ok", 0, false));
    assert_false(refuse(DUE_CLAIMS, "no_connection", 0, false));
    assert_false(refuse(DUE_CLAIMS, "no_connection", LOGIN_PASSWORDS_ALLOWED, false));
    assert_false(refuse(DUE_CLAIMS, "password_typed", 0, false));
    assert_true(refuse(DUE_CLAIMS, "password_typed", LOGIN_PASSWORDS_ALLOWED, false));
    assert_false(refuse(DUE_PICK, "password_typed", LOGIN_PASSWORDS_ALLOWED, true));
}

static void who_is_no_candidate_cannot_be_picked(void **state)
{
    (void)state;
    begin(DUE_PICK);
    asked->candidates = calloc(1, sizeof *asked->candidates);
    assert_non_null(asked->candidates);
    assert_false(ask(QUESTION_PICK, "root", NULL));
    assert_int_equal(did.picked, 0);
    end();
}

/* Ends it with this in the record; true: an end was told. */
static bool end_is_told(const char *service, enum reason reason, bool delivered, bool repeated)
{
    begin(DUE_FINISH);
    (void)snprintf(asked->login.service, sizeof asked->login.service, "%s", service);
    asked->login.phase = PHASE_AUTH;
    asked->reason = reason;
    asked->delivered = delivered;
    asked->is_repeated = repeated;
    end();
    return did.ended[0] != '\0';
}

static void an_end_without_a_verdict_is_told_once_somebody_asked(void **state)
{
    (void)state;
    assert_true(end_is_told("login", REASON_NONE, false, false));
    assert_string_equal(did.ended, "protocol");
    assert_true(end_is_told("login", REASON_OK, false, false));
    assert_string_equal(did.ended, "not_delivered");
    assert_false(end_is_told("", REASON_NONE, false, false));
    assert_false(end_is_told("login", REASON_OK, true, false));
    assert_false(end_is_told("login", REASON_TOO_OFTEN, false, true));
}

/* Which tickets end with it. */
static const char *tickets_of(enum login_phase phase, bool is_known, enum reason reason, bool delivered)
{
    begin(DUE_FINISH);
    (void)snprintf(asked->login.ticket, sizeof asked->login.ticket, "%s", "old");
    asked->login.phase = phase;
    if (is_known)
        asked->session.user = strdup("ana");
    if (phase == PHASE_AUTH)
        (void)snprintf(asked->ticket, sizeof asked->ticket, "%s", "new");
    asked->reason = reason;
    asked->delivered = delivered;
    end();
    return did.tickets;
}

static void a_session_ends_when_it_is_closed_or_was_never_heard_of(void **state)
{
    (void)state;
    assert_string_equal(tickets_of(PHASE_CLOSE_SESSION, true, REASON_OK, true), "old;");
    assert_string_equal(tickets_of(PHASE_CLOSE_SESSION, false, REASON_OK, true), "");
    assert_string_equal(tickets_of(PHASE_CLOSE_SESSION, false, REASON_OK, false), "");
    assert_string_equal(tickets_of(PHASE_ACCOUNT, true, REASON_OK, true), "");
    assert_string_equal(tickets_of(PHASE_AUTH, false, REASON_OK, true), "");
    assert_string_equal(tickets_of(PHASE_AUTH, false, REASON_OK, false), "new;");
    assert_string_equal(tickets_of(PHASE_AUTH, false, REASON_AUDIT_FAILED, true), "new;");
}

/* What nobody confirmed at the kiosk, or the kiosk never heard of, does not wait there. */
static void a_ticket_of_the_kiosk_is_the_kiosks(void **state)
{
    (void)state;
    begin(DUE_CLAIMS);
    asked->kiosk = true;
    assert_true(claim_of_it(""));
    assert_string_equal(asked->ticket, "kiosk");
    end();
    assert_string_equal(did.tickets, "of the kiosk: kiosk;");
}

static void the_host_has_the_verdict_or_that_is_known(void **state)
{
    uint8_t finish = QUESTION_FINISH;

    (void)state;
    for (int delivers = 0; delivers < 2; delivers++) {
        says.delivers = delivers;
        begin(DUE_FINISH);
        assert_true(packet_send(child, &finish, 1));
        assert_false(sign_in_take(&keeper, asked));
        assert_int_equal(asked->delivered, delivers);
        assert_int_equal(did.forgotten, delivers);
        end();
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, stage)
    const struct CMUnitTest tests[] = {
        TEST(who_is_admitted_is_noted_and_asked_or_lets_choose),
        TEST(who_is_not_admitted_is_refused_at_once),
        TEST(later_phases_are_decided_whatever_the_clock_says),
        TEST(an_issuer_that_wants_peace_and_a_secret_that_is_not_there_refuse),
        TEST(a_repeated_refusal_is_neither_recorded_nor_logged),
        TEST(an_allow_begins_a_session_and_a_refusal_none),
        TEST(what_the_store_said_is_told_where_it_failed),
        TEST(an_allow_that_cannot_be_recorded_is_none),
        TEST(a_decision_that_has_its_record_gets_no_second_one),
        TEST(a_child_may_refuse_but_let_nobody_in_or_past),
        TEST(who_is_no_candidate_cannot_be_picked),
        TEST(an_end_without_a_verdict_is_told_once_somebody_asked),
        TEST(a_session_ends_when_it_is_closed_or_was_never_heard_of),
        TEST(a_ticket_of_the_kiosk_is_the_kiosks),
        TEST(the_host_has_the_verdict_or_that_is_known),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
