/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions as the keeper gets them, and answers that a keeper never gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "ask.h"
#include "config.h"
#include "frontdesk/wire.h"
#include "sockets.h"

static int child, keeper; /* the two ends */
static uint8_t packet[QUESTION_PACKET_MAX];
static struct wire_writer answer;
static struct wire_reader question;

static int connect_ends(void **state)
{
    int ends[2];

    (void)state;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    child = ends[0];
    keeper = ends[1];
    return 0;
}

static int close_ends(void **state)
{
    (void)state;
    (void)close(child);
    (void)close(keeper);
    return 0;
}

/* The answer waits in the socket before the question is asked, so one thread plays both. */
static void answer_begin(unsigned type)
{
    answer = wire_write(packet, sizeof packet);
    wire_put_u8(&answer, type);
}

static void answer_send(void)
{
    assert_true(packet_send(keeper, packet, wire_written(&answer)));
}

static void answer_decided(const char *code, unsigned verdict, const char *member)
{
    answer_begin(QUESTION_DECIDED);
    wire_put_string(&answer, code);
    wire_put_u8(&answer, verdict);
    wire_put_string(&answer, member);
    answer_send();
}

static void answer_admitted(const char *connection, const char *secret, const char *discovery,
                            const char *keys)
{
    answer_begin(QUESTION_ADMITTED);
    wire_put_string(&answer, connection);
    wire_put_blob(&answer, secret, strlen(secret));
    wire_put_blob(&answer, discovery, strlen(discovery));
    wire_put_blob(&answer, keys, strlen(keys));
    answer_send();
}

static void answer_choices(unsigned count, const char *const *names)
{
    answer_begin(QUESTION_CHOICES);
    wire_put_u16(&answer, count);
    for (unsigned i = 0; i < count; i++)
        wire_put_string(&answer, names[i]);
    answer_send();
}

static void question_receive(unsigned type)
{
    const size_t length = packet_receive(keeper, packet, sizeof packet, 1000);

    assert_int_not_equal(length, 0);
    question = wire_read(packet, length);
    assert_int_equal(wire_get_u8(&question), type);
}

static void assert_blob(const char *wanted)
{
    size_t length;
    const uint8_t *bytes = wire_get_blob(&question, &length);

    assert_int_equal(length, strlen(wanted));
    assert_memory_equal(bytes, wanted, length);
}

static void assert_string(const char *wanted)
{
    char text[512];

    wire_get_string(&question, text, sizeof text);
    assert_string_equal(text, wanted);
}

static void handing_over_passes_the_very_socket(void **state)
{
    uint8_t bytes[64];
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.space};
    int module[2], passed;
    char got;

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, module), 0);
    assert_true(ask_hand_over(child, module[0], 4711, 65600));
    (void)close(module[0]);
    assert_int_equal(recvmsg(keeper, &message, MSG_CMSG_CLOEXEC), 9);
    question = wire_read(bytes, 9);
    assert_int_equal(wire_get_u8(&question), QUESTION_HANDOVER);
    assert_int_equal(wire_get_u32(&question), 4711);
    assert_int_equal(wire_get_u32(&question), 65600);
    assert_non_null(CMSG_FIRSTHDR(&message));
    memcpy(&passed, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof passed);
    assert_int_equal(write(passed, "x", 1), 1);
    assert_int_equal(read(module[1], &got, 1), 1);
    assert_int_equal(got, 'x');
    (void)close(passed);
    (void)close(module[1]);
}

static void handing_over_to_nobody_fails(void **state)
{
    (void)state;
    (void)close(keeper);
    keeper = -1;
    assert_false(ask_hand_over(child, child, 1, 1));
}

static void login_goes_to_the_keeper_as_it_came(void **state)
{
    struct ask_admission admission;

    (void)state;
    answer_admitted("acme", "s3cret", "{\"a\":1}", "{\"keys\":[]}");
    assert_true(ask_admit(child, "\x01LOGIN", 6, &admission));
    question_receive(QUESTION_ADMIT);
    assert_blob("\x01LOGIN");
    assert_true(wire_end(&question));
    assert_int_equal(admission.kind, ASK_ADMITTED);
    assert_string_equal(admission.connection, "acme");
    assert_int_equal(admission.client_secret.length, 6);
    assert_string_equal(admission.client_secret.bytes, "s3cret");
    assert_string_equal(admission.discovery, "{\"a\":1}");
    assert_int_equal(admission.discovery_length, 7);
    assert_string_equal(admission.keys, "{\"keys\":[]}");
    ask_admission_erase(&admission);
    assert_null(admission.client_secret.bytes);
    ask_admission_erase(&admission);
}

static void empty_documents_are_not_in_the_cache(void **state)
{
    struct ask_admission admission;

    (void)state;
    answer_admitted("acme", "", "", "");
    assert_true(ask_admit(child, "x", 1, &admission));
    assert_int_equal(admission.client_secret.length, 0);
    assert_null(admission.discovery);
    assert_null(admission.keys);
    ask_admission_erase(&admission);
}

static void choices_come_as_a_list(void **state)
{
    static const char *const names[] = {"acme", "guests"};
    struct ask_admission admission;

    (void)state;
    answer_choices(2, names);
    assert_true(ask_admit(child, "x", 1, &admission));
    assert_int_equal(admission.kind, ASK_CHOICES);
    assert_string_equal(admission.choices[0], "acme");
    assert_string_equal(admission.choices[1], "guests");
    assert_null(admission.choices[2]);
    ask_admission_erase(&admission);
}

static void a_decision_may_come_at_once(void **state)
{
    struct ask_admission admission;

    (void)state;
    answer_decided("not_a_member", VERDICT_UNKNOWN_USER, "");
    assert_true(ask_admit(child, "x", 1, &admission));
    assert_int_equal(admission.kind, ASK_DECIDED);
    assert_int_equal(admission.decision.reason, REASON_NOT_A_MEMBER);
    assert_int_equal(admission.decision.verdict, VERDICT_UNKNOWN_USER);
    ask_admission_erase(&admission);
}

static void choosing_names_the_connection_and_gives_no_second_choice(void **state)
{
    static const char *const names[] = {"acme", "guests"};
    struct ask_admission admission;

    (void)state;
    answer_admitted("guests", "", "", "");
    assert_true(ask_choose(child, "guests", &admission));
    question_receive(QUESTION_CHOOSE);
    assert_string("guests");
    assert_true(wire_end(&question));
    ask_admission_erase(&admission);
    answer_choices(2, names);
    assert_false(ask_choose(child, "guests", &admission));
}

static void documents_to_keep_get_no_answer(void **state)
{
    (void)state;
    assert_true(ask_keep(child, DOCUMENT_KEYS, 600, "{}", 2));
    question_receive(QUESTION_KEEP);
    assert_int_equal(wire_get_u8(&question), DOCUMENT_KEYS);
    assert_int_equal(wire_get_u32(&question), 600);
    assert_blob("{}");
    assert_true(wire_end(&question));
}

static void claims_go_as_two_documents(void **state)
{
    AUTO_JSON struct json_document *id_token = json_parse("{\"sub\":\"1\"}", 11);
    AUTO_JSON struct json_document *userinfo = json_parse("{\"sub\":\"2\"}", 11);
    struct ask_decision decision;

    (void)state;
    answer_decided("ok", VERDICT_ALLOW, "ada");
    assert_true(ask_claims(child, json_top(id_token), json_top(userinfo), &decision));
    question_receive(QUESTION_CLAIMS);
    assert_blob("{\"sub\":\"1\"}");
    assert_blob("{\"sub\":\"2\"}");
    assert_true(wire_end(&question));
    assert_int_equal(decision.reason, REASON_OK);
    assert_int_equal(decision.verdict, VERDICT_ALLOW);
    assert_string_equal(decision.member, "ada");
    answer_decided("ok", VERDICT_ALLOW, "ada");
    assert_true(ask_claims(child, json_top(id_token), NULL, &decision));
    question_receive(QUESTION_CLAIMS);
    assert_blob("{\"sub\":\"1\"}");
    assert_blob("");
    assert_true(wire_end(&question));
}

static void too_many_claims_become_a_refusal(void **state)
{
    AUTO_JSON struct json_document *claims = json_new();
    static char text[QUESTION_CLAIMS_MAX];
    struct ask_decision decision;

    (void)state;
    memset(text, 'a', sizeof text - 1);
    assert_true(json_add_string(claims, "name", text));
    answer_decided("claims_malformed", VERDICT_DENY, "");
    assert_true(ask_claims(child, json_top(claims), NULL, &decision));
    question_receive(QUESTION_REFUSE);
    assert_string("claims_malformed");
    assert_int_equal(decision.verdict, VERDICT_DENY);
}

static void a_refusal_carries_code_and_detail(void **state)
{
    struct ask_decision decision;

    (void)state;
    answer_decided("idp_tls", VERDICT_UNAVAILABLE, "");
    assert_true(ask_refuse(child, REASON_IDP_TLS, "self-signed certificate", &decision));
    question_receive(QUESTION_REFUSE);
    assert_string("idp_tls");
    assert_string("self-signed certificate");
    assert_true(wire_end(&question));
    assert_int_equal(decision.reason, REASON_IDP_TLS);
}

static void finishing_is_one_byte(void **state)
{
    (void)state;
    assert_true(ask_finish(child));
    question_receive(QUESTION_FINISH);
    assert_true(wire_end(&question));
}

static void a_keeper_that_has_gone_ends_it(void **state)
{
    struct ask_admission admission;
    struct ask_decision decision;

    (void)state;
    (void)close(keeper);
    keeper = -1;
    assert_false(ask_admit(child, "x", 1, &admission));
    assert_false(ask_refuse(child, REASON_INTERNAL, "", &decision));
    assert_false(ask_keep(child, DOCUMENT_KEYS, 1, "", 0));
    assert_false(ask_finish(child));
}

/* Sends the answer as it was begun and expects that no question takes it. */
static void assert_refused(void)
{
    struct ask_admission admission = {.connection = "untouched"};

    answer_send();
    assert_false(ask_admit(child, "x", 1, &admission));
    assert_string_equal(admission.connection, "untouched");
    question_receive(QUESTION_ADMIT);
}

static void decisions_that_are_none_are_refused(void **state)
{
    static const struct {
        const char *code;
        unsigned verdict;
        const char *member;
    } decisions[] = {
        {"no_such_reason", VERDICT_DENY, ""},
        {"", VERDICT_DENY, ""},
        {"ok", 0, ""},
        {"ok", VERDICT_IGNORE + 1, ""},
        {"ok", 255, ""},
        {"ok", VERDICT_ALLOW, "a-name-that-is-one-byte-too-long"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof decisions / sizeof decisions[0]; i++) {
        answer_begin(QUESTION_DECIDED);
        wire_put_string(&answer, decisions[i].code);
        wire_put_u8(&answer, decisions[i].verdict);
        wire_put_string(&answer, decisions[i].member);
        assert_refused();
    }
}

static void admissions_that_are_none_are_refused(void **state)
{
    static char large[QUESTION_DOCUMENT_MAX + 1];

    (void)state;
    answer_begin(QUESTION_ADMITTED);
    wire_put_string(&answer, "");
    for (int i = 0; i < 3; i++)
        wire_put_blob(&answer, "", 0);
    assert_refused();
    answer_begin(QUESTION_ADMITTED);
    wire_put_string(&answer, "acme");
    wire_put_blob(&answer, large, CLIENT_SECRET_MAX + 1);
    wire_put_blob(&answer, "", 0);
    wire_put_blob(&answer, "", 0);
    assert_refused();
    answer_begin(QUESTION_ADMITTED);
    wire_put_string(&answer, "acme");
    wire_put_blob(&answer, "", 0);
    wire_put_blob(&answer, large, sizeof large);
    wire_put_blob(&answer, "", 0);
    assert_refused();
}

static void choices_that_are_none_are_refused(void **state)
{
    (void)state;
    answer_begin(QUESTION_CHOICES);
    wire_put_u16(&answer, 0);
    assert_refused();
    answer_begin(QUESTION_CHOICES);
    wire_put_u16(&answer, CONFIG_CONNECTIONS_MAX + 1);
    for (int i = 0; i <= CONFIG_CONNECTIONS_MAX; i++)
        wire_put_string(&answer, "a");
    assert_refused();
    answer_begin(QUESTION_CHOICES);
    wire_put_u16(&answer, 2);
    wire_put_string(&answer, "a");
    wire_put_string(&answer, "");
    assert_refused();
}

static void cut_and_padded_answers_are_refused(void **state)
{
    uint8_t whole[64];
    size_t length;
    struct ask_admission admission;

    (void)state;
    answer_admitted("acme", "s", "{}", "{}");
    length = wire_written(&answer);
    memcpy(whole, packet, length + 1);
    assert_true(ask_admit(child, "x", 1, &admission));
    question_receive(QUESTION_ADMIT);
    ask_admission_erase(&admission);
    for (size_t cut = 1; cut < length; cut++) {
        answer = wire_write(packet, sizeof packet);
        wire_put_bytes(&answer, whole, cut);
        assert_refused();
    }
    answer = wire_write(packet, sizeof packet);
    wire_put_bytes(&answer, whole, length);
    wire_put_u8(&answer, 0);
    assert_refused();
}

static void messages_of_another_kind_are_refused(void **state)
{
    (void)state;
    for (unsigned type = 0; type <= 0xff; type++) {
        if (type == QUESTION_ADMITTED || type == QUESTION_CHOICES || type == QUESTION_DECIDED)
            continue;
        answer_begin(type);
        assert_refused();
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, connect_ends, close_ends)
    const struct CMUnitTest tests[] = {
        TEST(handing_over_passes_the_very_socket),
        TEST(handing_over_to_nobody_fails),
        TEST(login_goes_to_the_keeper_as_it_came),
        TEST(empty_documents_are_not_in_the_cache),
        TEST(choices_come_as_a_list),
        TEST(a_decision_may_come_at_once),
        TEST(choosing_names_the_connection_and_gives_no_second_choice),
        TEST(documents_to_keep_get_no_answer),
        TEST(claims_go_as_two_documents),
        TEST(too_many_claims_become_a_refusal),
        TEST(a_refusal_carries_code_and_detail),
        TEST(finishing_is_one_byte),
        TEST(a_keeper_that_has_gone_ends_it),
        TEST(decisions_that_are_none_are_refused),
        TEST(admissions_that_are_none_are_refused),
        TEST(choices_that_are_none_are_refused),
        TEST(cut_and_padded_answers_are_refused),
        TEST(messages_of_another_kind_are_refused),
    };
#undef TEST

    return cmocka_run_group_tests_name("ask", tests, NULL, NULL);
}
