/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions as the keeper gets them, and its answers as the child takes them. */
#include "ask_stage.h"

static void handing_over_passes_the_very_socket(void **state)
{
    static uint8_t bytes[64];
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.space};
    const struct cmsghdr *rights;
    int module[2], passed = -1;
    char got;

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, module), 0);
    assert_true(ask_hand_over(child, module[0], -1, 4711, 65600));
    (void)close(module[0]);
    assert_int_equal(recvmsg(keeper, &message, MSG_CMSG_CLOEXEC), 9);
    question = wire_read(bytes, 9);
    assert_int_equal(wire_get_u8(&question), QUESTION_HANDOVER);
    assert_int_equal(wire_get_u32(&question), 4711);
    assert_int_equal(wire_get_u32(&question), 65600);
    rights = CMSG_FIRSTHDR(&message);
    if (rights)
        memcpy(&passed, CMSG_DATA(rights), sizeof passed);
    assert_int_equal(write(passed, "x", 1), 1);
    assert_int_equal(read(module[1], &got, 1), 1);
    assert_int_equal(got, 'x');
    (void)close(passed);
    (void)close(module[1]);
}

/* The keeper of this test says nothing at all. */
static void a_module_that_hangs_up_ends_the_waiting(void **state)
{
    struct ask_admission admission;
    int module[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, module), 0);
    line.module = module[0];
    (void)close(module[1]);
    assert_false(ask_admit(&line, "x", 1, &admission));
    question_receive(QUESTION_ADMIT);
    (void)close(module[0]);
}

static void handing_over_to_nobody_fails(void **state)
{
    (void)state;
    (void)close(keeper);
    keeper = -1;
    assert_false(ask_hand_over(child, child, -1, 1, 1));
}

static void login_goes_to_the_keeper_as_it_came(void **state)
{
    struct ask_admission admission;

    (void)state;
    answer_admitted("acme", "s3cret", "{\"a\":1}", "{\"keys\":[]}");
    assert_true(ask_admit(&line, "\x01LOGIN", 6, &admission));
    question_receive(QUESTION_ADMIT);
    assert_blob("\x01LOGIN");
    assert_true(wire_end(&question));
    assert_int_equal(admission.kind, ASK_ADMITTED);
    assert_string_equal(admission.connection, "acme");
    assert_int_equal(admission.client_secret.length, 6);
    assert_string_equal(admission.client_secret.bytes, "s3cret");
    assert_int_equal(admission.client_spelling, CLIENT_SPELLING_RAW);
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
    assert_true(ask_admit(&line, "x", 1, &admission));
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
    answer_names(QUESTION_CHOICES, 2, names);
    assert_true(ask_admit(&line, "x", 1, &admission));
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
    assert_true(ask_admit(&line, "x", 1, &admission));
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
    assert_true(ask_choose(&line, "guests", &admission));
    question_receive(QUESTION_CHOOSE);
    assert_string("guests");
    assert_true(wire_end(&question));
    ask_admission_erase(&admission);
    answer_names(QUESTION_CHOICES, 2, names);
    assert_false(ask_choose(&line, "guests", &admission));
}

static void answer_keys(unsigned refetch, const char *keys)
{
    answer_begin(QUESTION_KEYS);
    wire_put_u8(&answer, refetch);
    wire_put_blob(&answer, keys, strlen(keys));
    answer_send();
}

static void keys_come_with_the_word_whether_to_fetch_them(void **state)
{
    struct ask_keys keys;

    (void)state;
    answer_keys(KEY_REFETCH_LATER, "{}");
    assert_true(ask_refetch(&line, &keys));
    question_receive(QUESTION_REFETCH);
    assert_true(wire_end(&question));
    assert_int_equal(keys.refetch, KEY_REFETCH_LATER);
    assert_string_equal(keys.text, "{}");
    ask_keys_clear(&keys);
    answer_keys(KEY_REFETCH_NOW, "");
    assert_true(ask_refetch(&line, &keys));
    assert_int_equal(keys.refetch, KEY_REFETCH_NOW);
    assert_null(keys.text);
}

static void a_word_about_keys_that_is_none_ends_it(void **state)
{
    struct ask_keys keys;

    (void)state;
    answer_keys(0, "{}");
    assert_false(ask_refetch(&line, &keys));
    answer_keys(KEY_REFETCH_LATER + 1, "{}");
    assert_false(ask_refetch(&line, &keys));
    answer_begin(QUESTION_KEYS);
    wire_put_u8(&answer, KEY_REFETCH_NOW);
    wire_put_blob(&answer, "{}", 2);
    wire_put_u8(&answer, 0);
    answer_send();
    assert_false(ask_refetch(&line, &keys));
    answer_decided("ok", VERDICT_ALLOW, "alice");
    assert_false(ask_refetch(&line, &keys));
}

static void documents_to_keep_get_no_answer(void **state)
{
    (void)state;
    assert_true(ask_keep(&line, DOCUMENT_KEYS, 600, "{}", 2));
    question_receive(QUESTION_KEEP);
    assert_int_equal(wire_get_u8(&question), DOCUMENT_KEYS);
    assert_int_equal(wire_get_u32(&question), 600);
    assert_blob("{}");
    assert_true(wire_end(&question));
}

static void the_spelling_that_worked_gets_no_answer(void **state)
{
    (void)state;
    assert_true(ask_remember(&line, CLIENT_SPELLING_RAW));
    question_receive(QUESTION_REMEMBER);
    assert_int_equal(wire_get_u8(&question), CLIENT_SPELLING_RAW);
    assert_true(wire_end(&question));
}

static void claims_go_as_two_documents_a_url_and_the_scopes_lost(void **state)
{
    AUTO_JSON struct json_document *id_token = json_parse("{\"sub\":\"1\"}", 11);
    AUTO_JSON struct json_document *userinfo = json_parse("{\"sub\":\"2\"}", 11);
    struct ask_evidence evidence = {json_top(id_token), json_top(userinfo), "https://idp.example/out",
                                    "groups profile"};
    struct ask_admission given;

    (void)state;
    answer_decided("ok", VERDICT_ALLOW, "ada");
    assert_true(ask_claims(&line, &evidence, &given));
    question_receive(QUESTION_CLAIMS);
    assert_blob("{\"sub\":\"1\"}");
    assert_blob("{\"sub\":\"2\"}");
    assert_string("https://idp.example/out");
    assert_string("groups profile");
    assert_true(wire_end(&question));
    assert_int_equal(given.kind, ASK_DECIDED);
    assert_int_equal(given.decision.reason, REASON_OK);
    assert_int_equal(given.decision.verdict, VERDICT_ALLOW);
    assert_string_equal(given.decision.user, "ada");
    answer_decided("ok", VERDICT_ALLOW, "ada");
    evidence = (struct ask_evidence){.id_token = json_top(id_token)};
    assert_true(ask_claims(&line, &evidence, &given));
    question_receive(QUESTION_CLAIMS);
    assert_blob("{\"sub\":\"1\"}");
    assert_blob("");
    assert_string("");
    assert_string("");
    assert_true(wire_end(&question));
}

static void claims_may_be_answered_by_users_to_pick_among(void **state)
{
    static const char *const users[] = {"kiosk", "ana"};
    AUTO_JSON struct json_document *claims = json_parse("{}", 2);
    const struct ask_evidence evidence = {.id_token = json_top(claims)};
    struct ask_admission given;
    struct ask_decision decision;

    (void)state;
    answer_names(QUESTION_USERS, 2, users);
    assert_true(ask_claims(&line, &evidence, &given));
    question_receive(QUESTION_CLAIMS);
    assert_int_equal(given.kind, ASK_USERS);
    assert_string_equal(given.choices[0], "kiosk");
    assert_string_equal(given.choices[1], "ana");
    assert_null(given.choices[2]);
    ask_admission_erase(&given);
    answer_decided("ok", VERDICT_ALLOW, "ana");
    assert_true(ask_pick(&line, "ana", &decision));
    question_receive(QUESTION_PICK);
    assert_string("ana");
    assert_true(wire_end(&question));
    assert_string_equal(decision.user, "ana");
    answer_names(QUESTION_USERS, 2, users);
    assert_false(ask_pick(&line, "ana", &decision));
}

static void a_log_out_url_that_is_too_long_is_left_out(void **state)
{
    AUTO_JSON struct json_document *claims = json_parse("{}", 2);
    static char url[QUESTION_URL_MAX + 2];
    const struct ask_evidence evidence = {.id_token = json_top(claims), .log_out_url = url};
    struct ask_admission given;

    (void)state;
    memset(url, 'a', QUESTION_URL_MAX + 1);
    answer_decided("ok", VERDICT_ALLOW, "ada");
    assert_true(ask_claims(&line, &evidence, &given));
    question_receive(QUESTION_CLAIMS);
    assert_blob("{}");
    assert_blob("");
    assert_string("");
}

static void too_many_claims_become_a_refusal(void **state)
{
    AUTO_JSON struct json_document *claims = json_new();
    static char text[QUESTION_CLAIMS_MAX];
    const struct ask_evidence evidence = {.id_token = json_top(claims)};
    struct ask_admission given;

    (void)state;
    memset(text, 'a', sizeof text - 1);
    assert_true(json_add_string(claims, "name", text));
    answer_decided("claims_malformed", VERDICT_DENY, "");
    assert_true(ask_claims(&line, &evidence, &given));
    question_receive(QUESTION_REFUSE);
    assert_string("claims_malformed");
    assert_int_equal(given.decision.verdict, VERDICT_DENY);
}

static void a_refusal_carries_code_and_detail(void **state)
{
    struct ask_decision decision;

    (void)state;
    answer_decided("idp_tls", VERDICT_UNAVAILABLE, "");
    assert_true(ask_refuse(&line, REASON_IDP_TLS, "self-signed certificate", &decision));
    question_receive(QUESTION_REFUSE);
    assert_string("idp_tls");
    assert_string("self-signed certificate");
    assert_true(wire_end(&question));
    assert_int_equal(decision.reason, REASON_IDP_TLS);
}

static void finishing_is_one_byte(void **state)
{
    (void)state;
    assert_true(ask_finish(&line));
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
    assert_false(ask_admit(&line, "x", 1, &admission));
    assert_false(ask_refuse(&line, REASON_INTERNAL, "", &decision));
    assert_false(ask_keep(&line, DOCUMENT_KEYS, 1, "", 0));
    assert_false(ask_finish(&line));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, connect_ends, close_ends)
    const struct CMUnitTest tests[] = {
        TEST(handing_over_passes_the_very_socket),
        TEST(a_module_that_hangs_up_ends_the_waiting),
        TEST(handing_over_to_nobody_fails),
        TEST(login_goes_to_the_keeper_as_it_came),
        TEST(empty_documents_are_not_in_the_cache),
        TEST(choices_come_as_a_list),
        TEST(a_decision_may_come_at_once),
        TEST(choosing_names_the_connection_and_gives_no_second_choice),
        TEST(keys_come_with_the_word_whether_to_fetch_them),
        TEST(a_word_about_keys_that_is_none_ends_it),
        TEST(documents_to_keep_get_no_answer),
        TEST(the_spelling_that_worked_gets_no_answer),
        TEST(claims_go_as_two_documents_a_url_and_the_scopes_lost),
        TEST(claims_may_be_answered_by_users_to_pick_among),
        TEST(a_log_out_url_that_is_too_long_is_left_out),
        TEST(too_many_claims_become_a_refusal),
        TEST(a_refusal_carries_code_and_detail),
        TEST(finishing_is_one_byte),
        TEST(a_keeper_that_has_gone_ends_it),
    };
#undef TEST

    return cmocka_run_group_tests_name("ask", tests, NULL, NULL);
}
