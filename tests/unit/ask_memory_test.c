/* SPDX-License-Identifier: BSD-2-Clause */
/* Without memory nothing is asked or taken by half, whatever piece is missing. */
#include "ask_stage.h"

#include "unit/failing_memory.h"

size_t __real_packet_receive(int fd, void *bytes, size_t size, int timeout_ms);
size_t __wrap_packet_receive(int fd, void *bytes, size_t size, int timeout_ms);

size_t __wrap_packet_receive(int fd, void *bytes, size_t size, int timeout_ms)
{
    assert_non_null(bytes);
    return __real_packet_receive(fd, bytes, size, timeout_ms);
}

static void drain(void)
{
    while (packet_receive(keeper, packet, sizeof packet, 0) > 0)
        ;
    while (packet_receive(child, packet, sizeof packet, 0) > 0)
        ;
}

static void admit_once(void)
{
    struct ask_admission admission = {.connection = "untouched"};

    answer_admitted("acme", "s3cret", "{\"a\":1}", "{\"keys\":[]}");
    if (ask_admit(&line, "x", 1, &admission)) {
        assert_false(memory.came);
        assert_string_equal(admission.client_secret.bytes, "s3cret");
        assert_string_equal(admission.discovery, "{\"a\":1}");
        assert_string_equal(admission.keys, "{\"keys\":[]}");
        ask_admission_erase(&admission);
    } else {
        assert_true(memory.came);
        assert_string_equal(admission.connection, "untouched");
    }
    drain();
}

static void choose_once(void)
{
    static const char *const names[] = {"acme", "guests"};
    struct ask_admission admission;

    answer_names(QUESTION_CHOICES, 2, names);
    if (ask_admit(&line, "x", 1, &admission)) {
        assert_false(memory.came);
        assert_string_equal(admission.choices[1], "guests");
        ask_admission_erase(&admission);
    } else {
        assert_true(memory.came);
    }
    drain();
}

/* Two names are announced, and none is there. */
static void announce_once(void)
{
    struct ask_admission admission;

    answer_begin(QUESTION_CHOICES);
    wire_put_u16(&answer, 2);
    answer_send();
    assert_false(ask_admit(&line, "x", 1, &admission));
    drain();
}

static void refetch_once(void)
{
    struct ask_keys keys;

    answer_begin(QUESTION_KEYS);
    wire_put_u8(&answer, KEY_REFETCH_NOW);
    wire_put_blob(&answer, "{}", 2);
    answer_send();
    if (ask_refetch(&line, &keys)) {
        assert_false(memory.came);
        assert_string_equal(keys.text, "{}");
        ask_keys_clear(&keys);
    } else {
        assert_true(memory.came);
    }
    drain();
}

static void an_answer_is_taken_whole_or_not_at_all(void **state)
{
    (void)state;
    fail_each(admit_once);
    fail_each(choose_once);
    fail_each(announce_once);
    fail_each(refetch_once);
}

static const struct json_value *id_token_claims, *userinfo_claims;

/* Without memory the claims do not go; where there is some left a refusal does. */
static void claim_once(void)
{
    const struct ask_evidence evidence = {.id_token = id_token_claims, .userinfo = userinfo_claims};
    struct ask_admission given = {0};
    size_t length;

    answer_decided("internal", VERDICT_UNAVAILABLE, "");
    (void)ask_claims(&line, &evidence, &given);
    length = packet_receive(keeper, packet, sizeof packet, 0);
    question = wire_read(packet, length);
    if (length > 0 && wire_get_u8(&question) == QUESTION_CLAIMS) {
        assert_blob("{\"sub\":\"1\"}");
        assert_blob("{\"sub\":\"2\"}");
    } else if (length > 0) {
        assert_true(memory.came);
        assert_string("internal");
        assert_string("no memory");
        assert_int_equal(given.kind, ASK_DECIDED);
        assert_int_equal(given.decision.reason, REASON_INTERNAL);
    } else {
        assert_true(memory.came);
    }
    ask_admission_erase(&given);
    drain();
}

static void claims_go_whole_or_a_refusal_does(void **state)
{
    AUTO_JSON struct json_document *id_token = json_parse("{\"sub\":\"1\"}", 11);
    AUTO_JSON struct json_document *userinfo = json_parse("{\"sub\":\"2\"}", 11);

    (void)state;
    id_token_claims = json_top(id_token);
    userinfo_claims = json_top(userinfo);
    fail_each(claim_once);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, connect_ends, close_ends)
    const struct CMUnitTest tests[] = {
        TEST(an_answer_is_taken_whole_or_not_at_all),
        TEST(claims_go_whole_or_a_refusal_does),
    };
#undef TEST

    return cmocka_run_group_tests_name("ask_memory", tests, NULL, NULL);
}
