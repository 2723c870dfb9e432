/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions that cannot be asked whole, answers that cannot be waited for, and what is left of both in
 * memory. */
#include "ask_stage.h"

#include <errno.h>
#include <poll.h>

/* Calls that fail, the first ones of those that are made. */
static struct {
    unsigned polls, sends;
    int error;
} failing;

int __real_poll(struct pollfd *at, nfds_t count, int timeout_ms);
int __wrap_poll(struct pollfd *at, nfds_t count, int timeout_ms);

int __wrap_poll(struct pollfd *at, nfds_t count, int timeout_ms)
{
    if (failing.polls == 0)
        return __real_poll(at, count, timeout_ms);
    failing.polls--;
    errno = failing.error;
    return -1;
}

ssize_t __real_sendmsg(int fd, const struct msghdr *what, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *what, int flags);

ssize_t __wrap_sendmsg(int fd, const struct msghdr *what, int flags)
{
    if (failing.sends == 0)
        return __real_sendmsg(fd, what, flags);
    failing.sends--;
    errno = failing.error;
    return -1;
}

/* How far the clock goes on each time that it is looked at. */
static int64_t clock_step_ms;

int64_t __real_boottime_ms(void);
int64_t __wrap_boottime_ms(void);

int64_t __wrap_boottime_ms(void)
{
    static int64_t ahead_ms;

    ahead_ms += clock_step_ms;
    return __real_boottime_ms() + ahead_ms;
}

/* The piece of memory that a packet is in: erased when it is given back. */
static struct {
    const uint8_t *at;
    size_t length, freed;
} watched;

void __real_free(void *memory);
void __wrap_free(void *piece);

void __wrap_free(void *piece)
{
    if (piece && piece == watched.at) {
        for (size_t i = 0; i < watched.length; i++)
            assert_int_equal(watched.at[i], 0);
        watched.at = NULL;
        watched.freed++;
    }
    __real_free(piece);
}

bool __real_packet_send(int fd, const void *bytes, size_t length);
bool __wrap_packet_send(int fd, const void *bytes, size_t length);
static bool watches;

bool __wrap_packet_send(int fd, const void *bytes, size_t length)
{
    if (watches) {
        watched.at = bytes;
        watched.length = length;
    }
    return __real_packet_send(fd, bytes, length);
}

size_t __real_packet_receive(int fd, void *bytes, size_t size, int timeout_ms);
size_t __wrap_packet_receive(int fd, void *bytes, size_t size, int timeout_ms);

size_t __wrap_packet_receive(int fd, void *bytes, size_t size, int timeout_ms)
{
    const size_t length = __real_packet_receive(fd, bytes, size, timeout_ms);
    if (watches) {
        watched.at = bytes;
        watched.length = length;
    }
    return length;
}

static void a_packet_is_erased_when_it_was_sent_and_when_it_was_read(void **state)
{
    struct ask_decision decision;

    (void)state;
    watches = true;
    watched.freed = 0;
    assert_true(ask_keep(&line, DOCUMENT_KEYS, 1, "{}", 2));
    assert_int_equal(watched.freed, 1);
    watches = false;
    question_receive(QUESTION_KEEP);
    answer_decided("ok", VERDICT_ALLOW, "ana");
    watches = true;
    assert_true(ask_pick(&line, "ana", &decision));
    assert_int_equal(watched.freed, 2);
    watches = false;
}

/* The answer lies there before the question, which does not leave. */
static void answer_anything(void)
{
    answer_admitted("acme", "", "", "");
    assert_int_equal(shutdown(child, SHUT_WR), 0);
}

static void an_answer_to_what_was_not_asked_is_none(void **state)
{
    struct ask_admission admission;

    (void)state;
    answer_anything();
    assert_false(ask_admit(&line, "x", 1, &admission));
    assert_false(ask_choose(&line, "acme", &admission));
}

static void a_decision_without_a_question_is_none(void **state)
{
    AUTO_JSON struct json_document *claims = json_parse("{}", 2);
    const struct ask_evidence evidence = {.id_token = json_top(claims)};
    struct ask_admission given;
    struct ask_decision decision;

    (void)state;
    answer_decided("ok", VERDICT_ALLOW, "ana");
    assert_int_equal(shutdown(child, SHUT_WR), 0);
    assert_false(ask_claims(&line, &evidence, &given));
    assert_false(ask_pick(&line, "ana", &decision));
    assert_false(ask_refuse(&line, REASON_INTERNAL, "", &decision));
}

/* Whole, but of another type. */
static void an_answer_of_another_type_is_none(void **state)
{
    struct ask_decision decision;
    struct ask_keys keys;

    (void)state;
    answer_begin(QUESTION_ADMITTED);
    wire_put_string(&answer, "ok");
    wire_put_u8(&answer, VERDICT_ALLOW);
    wire_put_string(&answer, "ana");
    wire_put_string(&answer, "");
    answer_send();
    assert_false(ask_pick(&line, "ana", &decision));
    answer_begin(QUESTION_DECIDED);
    wire_put_u8(&answer, KEY_REFETCH_NOW);
    wire_put_blob(&answer, "", 0);
    answer_send();
    assert_false(ask_refetch(&line, &keys));
    answer_decided("no_such_reason", VERDICT_ALLOW, "ana");
    assert_false(ask_pick(&line, "ana", &decision));
    answer_decided("no_such_reason", VERDICT_ALLOW, "ana");
    assert_false(ask_refuse(&line, REASON_INTERNAL, "", &decision));
}

/* Claims that are too many become a refusal, which needs an answer, too. */
static void too_many_claims_and_no_answer_end_it(void **state)
{
    AUTO_JSON struct json_document *few = json_parse("{}", 2), *many = json_new();
    static char text[QUESTION_CLAIMS_MAX];
    const struct ask_evidence evidence = {.id_token = json_top(few), .userinfo = json_top(many)};
    struct ask_admission given;

    (void)state;
    memset(text, 'a', sizeof text - 1);
    assert_true(json_add_string(many, "name", text));
    answer_decided("claims_malformed", VERDICT_DENY, "");
    assert_true(ask_claims(&line, &evidence, &given));
    assert_int_equal(given.kind, ASK_DECIDED);
    question_receive(QUESTION_REFUSE);
    assert_string("claims_malformed");
    answer_decided("no_such_reason", VERDICT_DENY, "");
    assert_false(ask_claims(&line, &evidence, &given));
}

static void keys_without_a_question_are_none(void **state)
{
    struct ask_keys keys;

    (void)state;
    answer_begin(QUESTION_KEYS);
    wire_put_u8(&answer, KEY_REFETCH_NOW);
    wire_put_blob(&answer, "", 0);
    answer_send();
    assert_int_equal(shutdown(child, SHUT_WR), 0);
    assert_false(ask_refetch(&line, &keys));
    assert_false(ask_remember(&line, CLIENT_SPELLING_RAW));
    assert_false(ask_busy(&line, 1));
    assert_false(ask_finish(&line));
}

static void a_question_that_does_not_fit_is_not_asked(void **state)
{
    static char large[QUESTION_PACKET_MAX];

    (void)state;
    memset(large, 'a', sizeof large);
    assert_false(ask_keep(&line, DOCUMENT_KEYS, 1, large, sizeof large));
    assert_int_equal(packet_receive(keeper, packet, sizeof packet, 0), 0);
}

static void a_module_that_hung_up_hears_no_answer(void **state)
{
    struct ask_admission admission;
    int module[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, module), 0);
    line.module = module[0];
    (void)close(module[1]);
    answer_admitted("acme", "", "", "");
    assert_false(ask_admit(&line, "x", 1, &admission));
    (void)close(module[0]);
}

static void a_signal_does_not_end_the_waiting_and_a_fault_does(void **state)
{
    struct ask_decision decision;

    (void)state;
    answer_decided("ok", VERDICT_ALLOW, "ana");
    failing.polls = 2;
    failing.error = EINTR;
    assert_true(ask_pick(&line, "ana", &decision));
    answer_decided("ok", VERDICT_ALLOW, "ana");
    failing.polls = 1;
    failing.error = ENOMEM;
    assert_false(ask_pick(&line, "ana", &decision));
    failing.polls = 0;
}

static void a_keeper_has_half_a_minute(void **state)
{
    struct ask_decision decision;

    (void)state;
    answer_decided("ok", VERDICT_ALLOW, "ana");
    clock_step_ms = 30000;
    assert_false(ask_pick(&line, "ana", &decision));
    clock_step_ms = 10000;
    assert_true(ask_pick(&line, "ana", &decision));
    clock_step_ms = 0;
}

static void handing_over_is_tried_again_after_a_signal_alone(void **state)
{
    (void)state;
    failing.sends = 2;
    failing.error = EINTR;
    assert_true(ask_hand_over(child, child, -1, 1, 1));
    failing.sends = 1;
    failing.error = EAGAIN;
    assert_false(ask_hand_over(child, child, -1, 1, 1));
    failing.sends = 0;
}

static void a_lease_goes_along(void **state)
{
    uint8_t bytes[16];
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(2 * sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
    struct msghdr got = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.space};
    int passed[2] = {-1, -1}, lease[2];
    char byte = 0;

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, lease), 0);
    assert_true(ask_hand_over(child, child, lease[0], 1, 1));
    assert_int_equal(recvmsg(keeper, &got, MSG_CMSG_CLOEXEC), 9);
    assert_non_null(CMSG_FIRSTHDR(&got));
    assert_int_equal(CMSG_FIRSTHDR(&got)->cmsg_len, CMSG_LEN(sizeof passed));
    memcpy(passed, CMSG_DATA(CMSG_FIRSTHDR(&got)), sizeof passed);
    assert_int_equal(write(passed[1], "x", 1), 1);
    assert_int_equal(read(lease[1], &byte, 1), 1);
    assert_int_equal(byte, 'x');
    for (size_t i = 0; i < 2; i++) {
        (void)close(passed[i]);
        (void)close(lease[i]);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, connect_ends, close_ends)
    const struct CMUnitTest tests[] = {
        TEST(a_packet_is_erased_when_it_was_sent_and_when_it_was_read),
        TEST(an_answer_to_what_was_not_asked_is_none),
        TEST(a_decision_without_a_question_is_none),
        TEST(an_answer_of_another_type_is_none),
        TEST(too_many_claims_and_no_answer_end_it),
        TEST(keys_without_a_question_are_none),
        TEST(a_question_that_does_not_fit_is_not_asked),
        TEST(a_module_that_hung_up_hears_no_answer),
        TEST(a_signal_does_not_end_the_waiting_and_a_fault_does),
        TEST(a_keeper_has_half_a_minute),
        TEST(handing_over_is_tried_again_after_a_signal_alone),
        TEST(a_lease_goes_along),
    };
#undef TEST

    return cmocka_run_group_tests_name("ask_faults", tests, NULL, NULL);
}
