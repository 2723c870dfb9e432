/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers that no keeper gives: each ends the sign-in. */
#include "ask_stage.h"

/* Sends the answer as it was begun and expects that no question takes it. */
static void assert_refused(void)
{
    struct ask_admission admission = {.connection = "untouched"};

    answer_send();
    assert_false(ask_admit(&line, "x", 1, &admission));
    assert_string_equal(admission.connection, "untouched");
    question_receive(QUESTION_ADMIT);
}

static const char *longer_than(size_t length)
{
    static char text[4096];

    memset(text, 'a', length + 1);
    text[length + 1] = '\0';
    return text;
}

static void decisions_that_are_none_are_refused(void **state)
{
    static const struct {
        const char *code;
        unsigned verdict;
        const char *user;
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
        wire_put_string(&answer, decisions[i].user);
        wire_put_string(&answer, "");
        assert_refused();
    }
    answer_begin(QUESTION_DECIDED);
    wire_put_string(&answer, "ok");
    wire_put_u8(&answer, VERDICT_ALLOW);
    wire_put_string(&answer, "");
    wire_put_string(&answer, longer_than(QUESTION_URL_MAX));
    assert_refused();
}

static void admissions_that_are_none_are_refused(void **state)
{
    static char large[QUESTION_DOCUMENT_MAX + 1];

    (void)state;
    answer_begin(QUESTION_ADMITTED);
    wire_put_string(&answer, "");
    wire_put_blob(&answer, "", 0);
    wire_put_u8(&answer, CLIENT_SPELLING_FORM);
    wire_put_blob(&answer, "", 0);
    wire_put_blob(&answer, "", 0);
    assert_refused();
    answer_begin(QUESTION_ADMITTED);
    wire_put_string(&answer, "acme");
    wire_put_blob(&answer, "", 0);
    wire_put_u8(&answer, CLIENT_SPELLING_RAW + 1);
    wire_put_blob(&answer, "", 0);
    wire_put_blob(&answer, "", 0);
    assert_refused();
    answer_begin(QUESTION_ADMITTED);
    wire_put_string(&answer, "acme");
    wire_put_blob(&answer, large, CLIENT_SECRET_MAX + 1);
    wire_put_u8(&answer, CLIENT_SPELLING_FORM);
    wire_put_blob(&answer, "", 0);
    wire_put_blob(&answer, "", 0);
    assert_refused();
    answer_begin(QUESTION_ADMITTED);
    wire_put_string(&answer, "acme");
    wire_put_blob(&answer, "", 0);
    wire_put_u8(&answer, CLIENT_SPELLING_FORM);
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

/* Sends names in answer to CLAIMS; true: they were taken. */
static bool users_are_taken(unsigned count, const char *const *names)
{
    AUTO_JSON struct json_document *claims = json_parse("{}", 2);
    const struct ask_evidence evidence = {.id_token = json_top(claims)};
    struct ask_admission given = {0};
    bool taken;

    answer_names(QUESTION_USERS, count, names);
    taken = ask_claims(&line, &evidence, &given);
    question_receive(QUESTION_CLAIMS);
    ask_admission_erase(&given);
    return taken;
}

static void users_answer_claims_alone_and_choices_never_do(void **state)
{
    static const char *const names[] = {"kiosk", "ana"};
    AUTO_JSON struct json_document *claims = json_parse("{}", 2);
    const struct ask_evidence evidence = {.id_token = json_top(claims)};
    struct ask_admission given = {0};

    (void)state;
    answer_names(QUESTION_USERS, 2, names);
    assert_false(ask_admit(&line, "x", 1, &given));
    answer_names(QUESTION_CHOICES, 2, names);
    assert_false(ask_claims(&line, &evidence, &given));
    answer_admitted("acme", "", "", "");
    assert_false(ask_claims(&line, &evidence, &given));
}

static void users_that_are_none_are_refused(void **state)
{
    static const char *const named[] = {"kiosk", "ana"}, *const nameless[] = {"kiosk", ""};
    const char *const overlong[] = {longer_than(MEMBER_NAME_MAX)};
    const char *many[QUESTION_USERS_MAX + 1];

    (void)state;
    for (size_t i = 0; i <= QUESTION_USERS_MAX; i++)
        many[i] = "a";
    assert_true(users_are_taken(2, named));
    assert_true(users_are_taken(QUESTION_USERS_MAX, many));
    assert_false(users_are_taken(QUESTION_USERS_MAX + 1, many));
    assert_false(users_are_taken(0, named));
    assert_false(users_are_taken(2, nameless));
    assert_false(users_are_taken(1, overlong));
}

/* The answer just sent is whole: it is taken, but no part of it is, nor with a byte more. */
static void assert_only_whole(void)
{
    uint8_t whole[64];
    const size_t length = wire_written(&answer);
    struct ask_admission admission;

    memcpy(whole, packet, length);
    assert_true(ask_admit(&line, "x", 1, &admission));
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

static void cut_and_padded_answers_are_refused(void **state)
{
    static const char *const names[] = {"acme", "guests"};

    (void)state;
    answer_admitted("acme", "s", "{}", "{}");
    assert_only_whole();
    answer_names(QUESTION_CHOICES, 2, names);
    assert_only_whole();
    answer_decided("ok", VERDICT_ALLOW, "ada");
    assert_only_whole();
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
        TEST(decisions_that_are_none_are_refused),
        TEST(admissions_that_are_none_are_refused),
        TEST(choices_that_are_none_are_refused),
        TEST(cut_and_padded_answers_are_refused),
        TEST(messages_of_another_kind_are_refused),
        TEST(users_that_are_none_are_refused),
        TEST(users_answer_claims_alone_and_choices_never_do),
    };
#undef TEST

    return cmocka_run_group_tests_name("ask_answers", tests, NULL, NULL);
}
