/* SPDX-License-Identifier: BSD-2-Clause */
/* What the listener hands over: the module's socket, and what the kernel itself says of its peer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontdesk/wire.h"
#include "keeper/handover.h"
#include "questions.h"

#define FILES_MAX 4

static struct sign_in sign_in;
static int listener;
static int
    files[FILES_MAX]; /* sent ones of the test's own: sockets' ends, of which only one is handed over */

static int make(void **state)
{
    int pair[2];

    (void)state;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return -1;
    listener = pair[0];
    sign_in = (struct sign_in){.child = pair[1], .module = -1, .lease = -1};
    for (size_t i = 0; i < FILES_MAX; i += 2)
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, files + i) != 0)
            return -1;
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    (void)close(listener);
    (void)close(sign_in.child);
    if (sign_in.module >= 0)
        (void)close(sign_in.module);
    if (sign_in.lease >= 0)
        (void)close(sign_in.lease);
    for (size_t i = 0; i < FILES_MAX; i++)
        (void)close(files[i]);
    return 0;
}

static void hand_over(unsigned type, uint32_t uid, size_t more, size_t count)
{
    uint8_t packet[16] = {0};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(FILES_MAX * sizeof(int))] = {0};
    struct wire_writer w = wire_write(packet, sizeof packet);
    struct iovec part = {.iov_base = packet};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

    wire_put_u8(&w, type);
    wire_put_u32(&w, 1234);
    wire_put_u32(&w, uid);
    part.iov_len = wire_written(&w) + more;
    if (count > 0) {
        struct cmsghdr *c = (struct cmsghdr *)(void *)control;

        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(c), files, count * sizeof(int));
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    }
    assert_int_equal(sendmsg(listener, &message, MSG_NOSIGNAL), (ssize_t)part.iov_len);
}

static bool is_same_file(int one, int other)
{
    struct stat a, b;

    return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_ino == b.st_ino;
}

static size_t open_files(void)
{
    size_t count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void the_first_file_is_the_module_the_second_the_lease(void **state)
{
    (void)state;
    hand_over(QUESTION_HANDOVER, getuid(), 0, 2);
    assert_true(handover_take(&sign_in, false));
    assert_true(is_same_file(sign_in.module, files[0]));
    assert_true(is_same_file(sign_in.lease, files[1]));
    assert_int_equal(sign_in.peer_uid, getuid());
    assert_int_equal(sign_in.peer_pid, 1234);
    assert_true(fcntl(sign_in.module, F_GETFD) & FD_CLOEXEC);
}

static void a_module_alone_is_handed_over_too(void **state)
{
    (void)state;
    hand_over(QUESTION_HANDOVER, getuid(), 0, 1);
    assert_true(handover_take(&sign_in, false));
    assert_true(is_same_file(sign_in.module, files[0]));
    assert_int_equal(sign_in.lease, -1);
}

static void who_the_kernel_does_not_confirm_is_refused_unless_the_peer_is_private(void **state)
{
    (void)state;
    hand_over(QUESTION_HANDOVER, getuid() + 1, 0, 1);
    assert_false(handover_take(&sign_in, false));
    (void)close(sign_in.module);
    hand_over(QUESTION_HANDOVER, getuid() + 1, 0, 1);
    assert_true(handover_take(&sign_in, true));
}

static void without_a_module_there_is_nothing_to_ask_the_kernel_about(void **state)
{
    (void)state;
    hand_over(QUESTION_HANDOVER, getuid(), 0, 0);
    assert_false(handover_take(&sign_in, false));
    hand_over(QUESTION_HANDOVER, getuid(), 0, 0);
    assert_false(handover_take(&sign_in, true));
    assert_int_equal(sign_in.module, -1);
}

static void another_question_or_another_length_is_none(void **state)
{
    (void)state;
    hand_over(QUESTION_HANDOVER + 1, getuid(), 0, 1);
    assert_false(handover_take(&sign_in, false));
    (void)close(sign_in.module);
    hand_over(QUESTION_HANDOVER, getuid(), 1, 1);
    assert_false(handover_take(&sign_in, false));
    (void)close(sign_in.module);
    hand_over(QUESTION_HANDOVER, getuid(), 2, 1);
    assert_false(handover_take(&sign_in, false));
    (void)close(sign_in.module);
    assert_int_equal(send(listener, (uint8_t[]){QUESTION_HANDOVER}, 1, MSG_NOSIGNAL), 1);
    assert_false(handover_take(&sign_in, false));
    assert_int_equal(sign_in.module, -1);
}

static void credentials_that_come_along_are_no_files(void **state)
{
    uint8_t packet[9] = {QUESTION_HANDOVER};
    const int on = 1;

    (void)state;
    assert_int_equal(setsockopt(sign_in.child, SOL_SOCKET, SO_PASSCRED, &on, sizeof on), 0);
    assert_int_equal(send(listener, packet, sizeof packet, MSG_NOSIGNAL), (ssize_t)sizeof packet);
    assert_false(handover_take(&sign_in, true));
    assert_int_equal(sign_in.module, -1);
    assert_int_equal(sign_in.lease, -1);
}

static void more_files_than_two_are_refused_and_none_stays_open(void **state)
{
    const size_t before = open_files();

    (void)state;
    for (size_t count = 3; count <= FILES_MAX; count++) {
        hand_over(QUESTION_HANDOVER, getuid(), 0, count);
        assert_false(handover_take(&sign_in, false));
        assert_int_equal(open_files(), before + 2);
        (void)close(sign_in.module);
        (void)close(sign_in.lease);
        sign_in.module = sign_in.lease = -1;
    }
}

static void a_listener_that_says_nothing_hands_nothing_over(void **state)
{
    (void)state;
    assert_false(handover_take(&sign_in, true));
    (void)shutdown(listener, SHUT_RDWR);
    assert_false(handover_take(&sign_in, true));
    assert_int_equal(sign_in.module, -1);
}

static void login_is_what_the_module_itself_has_said(void **state)
{
    static const char login[] = "LOGIN as the module wrote it";

    (void)state;
    sign_in.module = dup(files[0]);
    assert_int_equal(send(files[1], login, sizeof login, MSG_NOSIGNAL), (ssize_t)sizeof login);
    assert_true(handover_login_is(&sign_in, login, sizeof login));
    assert_int_equal(send(files[1], login, sizeof login, MSG_NOSIGNAL), (ssize_t)sizeof login);
    assert_false(handover_login_is(&sign_in, "LOGIN as the child wrote it.", sizeof login));
    assert_int_equal(send(files[1], login, sizeof login, MSG_NOSIGNAL), (ssize_t)sizeof login);
    assert_false(handover_login_is(&sign_in, login, sizeof login - 1));
    assert_false(handover_login_is(&sign_in, login, sizeof login));
    assert_false(handover_login_is(&sign_in, login, 0));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_file_is_the_module_the_second_the_lease),
        TEST(a_module_alone_is_handed_over_too),
        TEST(who_the_kernel_does_not_confirm_is_refused_unless_the_peer_is_private),
        TEST(without_a_module_there_is_nothing_to_ask_the_kernel_about),
        TEST(another_question_or_another_length_is_none),
        TEST(credentials_that_come_along_are_no_files),
        TEST(more_files_than_two_are_refused_and_none_stays_open),
        TEST(a_listener_that_says_nothing_hands_nothing_over),
        TEST(login_is_what_the_module_itself_has_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
