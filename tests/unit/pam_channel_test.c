/* SPDX-License-Identifier: BSD-2-Clause */
/* The module's end of the socket when the system says no: every call that may fail, and what is believed
 * then. */
#include "unit/pam_faults.h"

#include <limits.h>
#include <sys/resource.h>

#include "../../pam_module/channel.h"
#include "frontdesk/paths.h"

#define PATIENCE_MS 30000
#define KEEPER      4711

static int clean(void **state)
{
    (void)state;
    fault = (typeof(fault)){.listener = 0};
    NAMES_SAY({.is_found = true, .uid = KEEPER});
    return 0;
}

static void hang_up(struct channel *channel)
{
    channel_close(channel);
    (void)close(helper_end);
    helper_end = -1;
}

/* The fault's word, or "" for a channel that was opened, and is closed again. */
static const char *opened(void)
{
    struct channel channel = {.fd = -1};
    const char *why = channel_open("/run/x", &channel);

    if (!why)
        hang_up(&channel);
    else
        assert_int_equal(channel.fd, -1);
    if (helper_end >= 0)
        (void)close(helper_end);
    helper_end = -1;
    return why ? why : "";
}

static void who_listens_is_root_or_the_helper(void **state)
{
    (void)state;
    assert_string_equal(opened(), "");
    fault.listener = KEEPER;
    assert_string_equal(opened(), "");
    fault.listener = 1000;
    assert_string_equal(opened(), "wrong_listener");
    NAMES_SAY({.is_found = true, .uid = KEEPER}, {.error = 0});
    fault.listener = 0;
    assert_string_equal(opened(), "");
    NAMES_SAY({.is_found = true, .uid = KEEPER}, {.error = 0, .uid = 1000});
    fault.listener = 1000;
    assert_string_equal(opened(), "wrong_listener");
    NAMES_SAY({.is_found = true, .uid = KEEPER}, {.error = EIO, .uid = 1000});
    assert_string_equal(opened(), "wrong_listener");
}

static void without_the_kernels_word_nobody_listens(void **state)
{
    (void)state;
    fault = (typeof(fault)){.call = GETSOCKOPT, .times = 1, .error = ENOTSUP};
    assert_string_equal(opened(), "wrong_listener");
    fault = (typeof(fault)){.size = 4};
    assert_string_equal(opened(), "wrong_listener");
    fault = (typeof(fault)){.call = SETSOCKOPT, .times = 1, .error = EPERM};
    assert_string_equal(opened(), "connect_failed");
}

static void why_nobody_could_be_reached_has_a_word(void **state)
{
    (void)state;
    fault.connect_error = ENOENT;
    assert_string_equal(opened(), "no_helper");
    fault.connect_error = ECONNREFUSED;
    assert_string_equal(opened(), "no_helper");
    fault.connect_error = EAGAIN;
    assert_string_equal(opened(), "queue_full");
    fault.connect_error = EACCES;
    assert_string_equal(opened(), "connect_failed");
    NAMES_SAY({.error = 0});
    fault.connect_error = 0;
    assert_string_equal(opened(), "no_keeper_user");
    NAMES_SAY({.error = EIO});
    assert_string_equal(opened(), "no_keeper_user");
}

static struct channel open_one(void)
{
    struct channel channel;

    assert_null(channel_open("/run/x", &channel));
    return channel;
}

static void the_socket_is_never_a_standard_one(void **state)
{
    const int kept = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    struct channel channel;

    (void)state;
    (void)close(STDIN_FILENO);
    channel = open_one();
    assert_true(channel.fd > STDERR_FILENO);
    assert_int_equal(fcntl(channel.fd, F_GETFD), FD_CLOEXEC);
    hang_up(&channel);
    assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
    if (kept >= 0) {
        assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
        (void)close(kept);
    }
}

static void one_descriptor_is_enough_to_ask(void **state)
{
    const int next = dup(STDERR_FILENO);
    struct rlimit before, limit;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    (void)close(next);
    fault.connect_error = ENOENT;
    limit = (struct rlimit){.rlim_cur = (rlim_t)next + 1, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_string_equal(opened(), "no_helper");
    limit.rlim_cur = (rlim_t)next;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_string_equal(opened(), "no_socket");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void a_packet_goes_out_whole_or_it_is_told(void **state)
{
    struct channel channel = open_one();
    static const int gone[] = {EPIPE, ECONNRESET}, others[] = {EAGAIN, EMSGSIZE, ENOBUFS};

    (void)state;
    assert_null(channel_send(&channel, "abc", 3));
    fault = (typeof(fault)){.send_less = 1};
    assert_string_equal(channel_send(&channel, "abc", 3), "send_failed");
    for (size_t i = 0; i < 2; i++) {
        fault = (typeof(fault)){.call = SEND, .times = 1, .error = gone[i]};
        assert_null(channel_send(&channel, "abc", 3));
    }
    for (size_t i = 0; i < 3; i++) {
        fault = (typeof(fault)){.call = SEND, .times = 1, .error = others[i]};
        assert_string_equal(channel_send(&channel, "abc", 3), "send_failed");
        assert_int_equal(fault.times, 0);
    }
    fault = (typeof(fault)){.call = SEND, .times = 2, .error = EINTR};
    assert_null(channel_send(&channel, "abc", 3));
    assert_int_equal(fault.times, 0);
    fault = (typeof(fault)){0};
    errno = EINTR; /* from before: nothing was interrupted now */
    assert_null(channel_send(&channel, "last", 4));
    hang_up(&channel);
}

static const char *received(struct channel *channel, int64_t deadline, bool *ret_from_keeper)
{
    char buffer[8];
    size_t length;
    const char *why = channel_receive(channel, buffer, sizeof buffer, deadline, &length, ret_from_keeper);

    return why ? why : "";
}

static void a_packet_is_the_keepers_when_the_kernel_says_so(void **state)
{
    struct channel channel = open_one();
    bool from_keeper = true;

    (void)state;
    assert_int_equal(send(helper_end, "abc", 3, 0), 3);
    assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "");
    assert_int_equal(from_keeper, getuid() == KEEPER);
    channel.keeper = getuid();
    assert_int_equal(send(helper_end, "abc", 3, 0), 3);
    assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "");
    assert_true(from_keeper);
    assert_int_equal(__real_setsockopt(channel.fd, SOL_SOCKET, SO_PASSCRED, &(int){0}, sizeof(int)), 0);
    assert_int_equal(send(helper_end, "abc", 3, 0), 3);
    assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "");
    assert_false(from_keeper);
    hang_up(&channel);
}

static void only_credentials_say_who_has_sent(void **state)
{
    static const struct heading headings[] = {{CMSG_LEN(sizeof(struct ucred)), SOL_SOCKET, SCM_CREDENTIALS},
                                              {CMSG_LEN(sizeof(struct ucred)), 0, SCM_CREDENTIALS},
                                              {CMSG_LEN(sizeof(struct ucred)), SOL_SOCKET, SCM_RIGHTS},
                                              {CMSG_LEN(sizeof(pid_t)), SOL_SOCKET, SCM_CREDENTIALS}};
    struct channel channel = open_one();
    bool from_keeper;

    (void)state;
    channel.keeper = getuid();
    for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++) {
        fault.heading = &headings[i];
        assert_int_equal(send(helper_end, "abc", 3, 0), 3);
        assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "");
        assert_int_equal(from_keeper, i == 0);
    }
    hang_up(&channel);
}

static void send_with_a_file(void)
{
    union {
        char room[CMSG_SPACE(sizeof(int))];
        struct cmsghdr heading;
    } control = {
        .heading = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
    struct iovec part = {.iov_base = (char[]){"abc"}, .iov_len = 3};
    const struct msghdr message = {.msg_iov = &part,
                                   .msg_iovlen = 1,
                                   .msg_control = control.room,
                                   .msg_controllen = sizeof control.room};

    memcpy(CMSG_DATA(&control.heading), &helper_end, sizeof helper_end);
    assert_int_equal(sendmsg(helper_end, &message, 0), 3);
}

static void what_is_too_large_or_carries_files_is_refused(void **state)
{
    struct channel channel = open_one();
    bool from_keeper;

    (void)state;
    assert_int_equal(send(helper_end, "123456789", 9, 0), 9);
    assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "packet_too_large");
    assert_int_equal(send(helper_end, "12345678", 8, 0), 8);
    assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "");
    send_with_a_file();
    assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper),
                        "packet_with_descriptors");
    hang_up(&channel);
}

static void waiting_ends_with_the_deadline_a_failure_or_the_end(void **state)
{
    struct channel channel = open_one();
    bool from_keeper;

    (void)state;
    assert_int_equal(send(helper_end, "abc", 3, 0), 3);
    assert_string_equal(received(&channel, channel_now() - 1, &from_keeper), "timeout");
    assert_string_equal(received(&channel, channel_now(), &from_keeper), "timeout");
    fault = (typeof(fault)){.call = POLL, .times = 1, .error = EINTR};
    assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "");
    fault = (typeof(fault)){.call = POLL, .times = 1, .error = EINVAL};
    assert_int_equal(send(helper_end, "abc", 3, 0), 3);
    assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "receive_failed");
    fault = (typeof(fault)){0};
    /* 2^32 ms and a bit: cut to 32 bits, only the bit is left. */
    assert_string_equal(received(&channel, channel_now() + (INT64_C(1) << 32) + 50, &from_keeper), "");
    assert_true(fault.longest_ms == INT_MAX);
    for (int before = EINTR; before != 0; before = before == EINTR ? EINVAL : 0) {
        errno = before; /* nothing has failed now */
        assert_string_equal(received(&channel, channel_now() + 1, &from_keeper), "timeout");
    }
    (void)shutdown(helper_end, SHUT_RDWR);
    assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "closed");
    hang_up(&channel);
}

static void one_reset_is_fair_a_second_is_not(void **state)
{
    struct channel channel = open_one();
    bool from_keeper;

    (void)state;
    assert_int_equal(send(helper_end, "abc", 3, 0), 3);
    fault = (typeof(fault)){.call = RECVMSG, .times = 1, .error = ECONNRESET};
    assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "");
    assert_int_equal(send(helper_end, "abc", 3, 0), 3);
    fault = (typeof(fault)){.call = RECVMSG, .times = 1, .error = ECONNRESET};
    assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "receive_failed");
    channel.reset_is_fair = true;
    fault = (typeof(fault)){.call = RECVMSG, .times = 1, .error = ENOMEM};
    assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "receive_failed");
    for (int error = EINTR; error != 0; error = error == EINTR ? EAGAIN : 0) {
        fault = (typeof(fault)){.call = RECVMSG, .times = 1, .error = error};
        assert_string_equal(received(&channel, channel_now() + PATIENCE_MS, &from_keeper), "");
        assert_int_equal(fault.times, 0);
        assert_int_equal(send(helper_end, "abc", 3, 0), 3);
    }
    hang_up(&channel);
}

static void what_came_behind_is_seen(void **state)
{
    struct channel channel = open_one();

    (void)state;
    assert_false(channel_has_more(&channel));
    assert_int_equal(send(helper_end, "abc", 3, 0), 3);
    assert_true(channel_has_more(&channel));
    assert_true(channel_has_more(&channel));
    hang_up(&channel);
}

#define TEST(name) cmocka_unit_test_setup(name, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_listens_is_root_or_the_helper),
        TEST(without_the_kernels_word_nobody_listens),
        TEST(why_nobody_could_be_reached_has_a_word),
        TEST(the_socket_is_never_a_standard_one),
        TEST(one_descriptor_is_enough_to_ask),
        TEST(a_packet_goes_out_whole_or_it_is_told),
        TEST(a_packet_is_the_keepers_when_the_kernel_says_so),
        TEST(only_credentials_say_who_has_sent),
        TEST(what_is_too_large_or_carries_files_is_refused),
        TEST(waiting_ends_with_the_deadline_a_failure_or_the_end),
        TEST(one_reset_is_fair_a_second_is_not),
        TEST(what_came_behind_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
