/* SPDX-License-Identifier: BSD-2-Clause */
/* helper/sockets.c: listening, connecting, and one packet at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sockets.h"

struct stage {
    char folder[64], path[96];
    int pair[2];
};

static int set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);

    assert_non_null(stage);
    (void)snprintf(stage->folder, sizeof stage->folder, "/tmp/frontdesk-sockets-XXXXXX");
    assert_non_null(mkdtemp(stage->folder));
    (void)snprintf(stage->path, sizeof stage->path, "%s/a.sock", stage->folder);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, stage->pair), 0);
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;

    (void)unlink(stage->path);
    (void)rmdir(stage->folder);
    (void)close(stage->pair[0]);
    (void)close(stage->pair[1]);
    free(stage);
    return 0;
}

static int listen_here(const struct stage *stage)
{
    return socket_listen(stage->path, 0640, getuid(), getgid());
}

static void a_packet_goes_through_a_named_socket(void **state)
{
    const struct stage *stage = *state;
    const int listener = listen_here(stage), client = socket_connect(stage->path);
    const int server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    char buffer[16];

    assert_true(listener >= 0 && client >= 0 && server >= 0);
    assert_true(packet_send(client, "hello", 5));
    assert_int_equal(packet_receive(server, buffer, sizeof buffer, 1000), 5);
    assert_memory_equal(buffer, "hello", 5);
    (void)close(server);
    (void)close(client);
    (void)close(listener);
}

static void a_socket_has_the_mode_asked_for_and_does_not_survive_exec(void **state)
{
    const struct stage *stage = *state;
    const mode_t before = umask(0777);
    const int listener = listen_here(stage), client = socket_connect(stage->path);
    struct stat st;

    (void)umask(before);
    assert_int_equal(stat(stage->path, &st), 0);
    assert_true(S_ISSOCK(st.st_mode));
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(fcntl(listener, F_GETFD), FD_CLOEXEC);
    assert_int_equal(fcntl(client, F_GETFD), FD_CLOEXEC);
    assert_int_equal(fcntl(client, F_GETFL) & O_NONBLOCK, 0);
    (void)close(client);
    (void)close(listener);
}

static void an_old_socket_is_replaced_and_anything_else_is_not(void **state)
{
    const struct stage *stage = *state;
    const int first = listen_here(stage), second = listen_here(stage), client = socket_connect(stage->path);
    int other;

    assert_true(first >= 0 && second >= 0 && client >= 0);
    (void)close(accept4(second, NULL, NULL, SOCK_CLOEXEC));
    (void)close(client);
    (void)close(first);
    (void)close(second);
    assert_int_equal(unlink(stage->path), 0);
    other = open(stage->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(other >= 0);
    assert_int_equal(listen_here(stage), -1);
    assert_int_equal(errno, EEXIST);
    assert_int_equal(access(stage->path, F_OK), 0);
    (void)close(other);
}

static void a_path_too_long_for_an_address_is_refused(void **state)
{
    char path[200];

    (void)state;
    memset(path, 'x', sizeof path);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    assert_int_equal(socket_listen(path, 0600, getuid(), getgid()), -1);
    assert_int_equal(errno, ENAMETOOLONG);
    assert_int_equal(socket_connect(path), -1);
    assert_int_equal(errno, ENAMETOOLONG);
    assert_int_equal(socket_connect(""), -1);
}

static void connecting_to_nobody_fails(void **state)
{
    const struct stage *stage = *state;
    const int listener = listen_here(stage);

    (void)close(listener);
    assert_int_equal(socket_connect(stage->path), -1);
    assert_int_equal(errno, ECONNREFUSED);
}

static void connecting_to_a_full_queue_does_not_wait(void **state)
{
    const struct stage *stage = *state;
    const int listener = listen_here(stage);
    int first, second;

    assert_int_equal(listen(listener, 0), 0);
    first = socket_connect(stage->path);
    second = socket_connect(stage->path);
    assert_true(first >= 0);
    assert_int_equal(second, -1);
    assert_int_equal(errno, EAGAIN);
    (void)close(first);
    (void)close(listener);
}

static void packets_keep_their_bounds(void **state)
{
    const struct stage *stage = *state;
    char buffer[8];

    assert_true(packet_send(stage->pair[0], "ab", 2));
    assert_true(packet_send(stage->pair[0], "cde", 3));
    assert_int_equal(packet_receive(stage->pair[1], buffer, sizeof buffer, 1000), 2);
    assert_int_equal(packet_receive(stage->pair[1], buffer, sizeof buffer, 1000), 3);
    assert_memory_equal(buffer, "cde", 3);
}

static void a_packet_that_does_not_fit_is_nothing(void **state)
{
    const struct stage *stage = *state;
    char buffer[4];

    assert_true(packet_send(stage->pair[0], "abcd", 4));
    assert_int_equal(packet_receive(stage->pair[1], buffer, sizeof buffer, 1000), 4);
    assert_true(packet_send(stage->pair[0], "abcde", 5));
    assert_int_equal(packet_receive(stage->pair[1], buffer, sizeof buffer, 1000), 0);
}

static void a_packet_that_was_looked_at_is_still_there(void **state)
{
    const struct stage *stage = *state;
    char buffer[4];

    assert_int_equal(packet_peek(stage->pair[1], buffer, sizeof buffer, 0), 0);
    assert_true(packet_send(stage->pair[0], "abcd", 4));
    assert_true(packet_send(stage->pair[0], "e", 1));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(packet_peek(stage->pair[1], buffer, sizeof buffer, 1000), 4);
        assert_memory_equal(buffer, "abcd", 4);
    }
    assert_int_equal(packet_peek(stage->pair[1], buffer, 3, 1000), 0);
    assert_int_equal(packet_receive(stage->pair[1], buffer, sizeof buffer, 1000), 4);
    assert_int_equal(packet_receive(stage->pair[1], buffer, sizeof buffer, 1000), 1);
}

static void an_empty_packet_is_never_sent(void **state)
{
    const struct stage *stage = *state;
    char buffer[4];

    assert_false(packet_send(stage->pair[0], "", 0));
    assert_int_equal(packet_receive(stage->pair[1], buffer, sizeof buffer, 0), 0);
}

static void waiting_ends_with_the_time_and_with_the_peer(void **state)
{
    struct stage *stage = *state;
    char buffer[4];

    assert_int_equal(packet_receive(stage->pair[1], buffer, sizeof buffer, 10), 0);
    (void)close(stage->pair[0]);
    stage->pair[0] = -1;
    assert_int_equal(packet_receive(stage->pair[1], buffer, sizeof buffer, -1), 0);
}

static void a_peer_that_is_gone_raises_no_signal(void **state)
{
    struct stage *stage = *state;

    (void)signal(SIGPIPE, SIG_DFL);
    (void)close(stage->pair[0]);
    stage->pair[0] = -1;
    assert_false(packet_send(stage->pair[1], "x", 1));
}

static void what_a_peer_left_unread_does_not_hide_what_it_sent(void **state)
{
    struct stage *stage = *state;
    char buffer[4];

    assert_true(packet_send(stage->pair[1], "unread", 6));
    assert_true(packet_send(stage->pair[0], "yes", 3));
    (void)close(stage->pair[0]);
    stage->pair[0] = -1;
    assert_int_equal(packet_receive(stage->pair[1], buffer, sizeof buffer, -1), 3);
    assert_memory_equal(buffer, "yes", 3);
}

static void a_peer_that_never_reads_is_given_up(void **state)
{
    const struct stage *stage = *state;
    static const char packet[16384];
    int sent = 0;

    while (packet_send(stage->pair[0], packet, sizeof packet))
        sent++;
    assert_true(sent > 0);
}

static void a_hang_up_shows_and_a_waiting_packet_is_none(void **state)
{
    struct stage *stage = *state;

    assert_false(socket_is_hung_up(stage->pair[1]));
    assert_true(packet_send(stage->pair[0], "x", 1));
    assert_false(socket_is_hung_up(stage->pair[1]));
    (void)close(stage->pair[0]);
    stage->pair[0] = -1;
    assert_true(socket_is_hung_up(stage->pair[1]));
}

static void the_peer_is_who_the_kernel_says(void **state)
{
    const struct stage *stage = *state;
    int pipe_ends[2];
    pid_t pid = 0;
    uid_t uid = (uid_t)-1;

    assert_true(socket_peer(stage->pair[0], &pid, &uid));
    assert_int_equal(pid, getpid());
    assert_int_equal(uid, getuid());
    assert_int_equal(pipe2(pipe_ends, O_CLOEXEC), 0);
    assert_false(socket_peer(pipe_ends[0], &pid, &uid));
    (void)close(pipe_ends[0]);
    (void)close(pipe_ends[1]);
}

/* What a process finds that was given descriptor 3 (-1: none) and these two variables; "self" is its own id.
 */
static int found_by_a_service(int passed, const char *pid, const char *fds)
{
    const pid_t child = fork();
    char own[32];
    int status = 0;

    if (child == 0) {
        (void)snprintf(own, sizeof own, "%d", (int)getpid());
        if (passed >= 0 && passed != 3)
            (void)dup2(passed, 3);
        (void)setenv("LISTEN_PID", strcmp(pid, "self") == 0 ? own : pid, 1);
        (void)setenv("LISTEN_FDS", fds, 1);
        (void)setenv("LISTEN_FDNAMES", "helper.socket", 1);
        status = socket_from_systemd();
        if (getenv("LISTEN_PID") || getenv("LISTEN_FDS") || getenv("LISTEN_FDNAMES"))
            _exit(100);
        if (status == 3 && fcntl(3, F_GETFD) != FD_CLOEXEC)
            _exit(101);
        _exit(status < 0 ? 102 : status);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status) == 102 ? -1 : WEXITSTATUS(status);
}

static void a_socket_of_systemd_is_taken(void **state)
{
    const int listener = listen_here(*state);

    assert_int_equal(found_by_a_service(listener, "self", "1"), 3);
    (void)close(listener);
}

static void what_systemd_did_not_pass_to_us_is_left_alone(void **state)
{
    const struct stage *stage = *state;
    const int listener = listen_here(stage);
    static const char *const numbers[] = {"0",         "", "-1", " 1", "1x", "x", "99999999999999999999",
                                          "2147483647"};

    assert_int_equal(found_by_a_service(listener, "1", "1"), -1);
    assert_int_equal(found_by_a_service(listener, "", "1"), -1);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_int_equal(found_by_a_service(listener, "self", numbers[i]), -1);
    (void)close(listener);
}

static void a_descriptor_that_is_no_such_listener_is_refused(void **state)
{
    const struct stage *stage = *state;
    const int stream = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
              null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    assert_int_equal(found_by_a_service(stage->pair[0], "self", "1"), -1);
    assert_int_equal(found_by_a_service(stream, "self", "1"), -1);
    assert_int_equal(found_by_a_service(null, "self", "1"), -1);
    (void)close(stream);
    (void)close(null);
}

/* In a process of its own: descriptors 3 and 4 by these names. What it finds, as tens and ones; 9: none. */
static int found_among_two(int listener, const char *names, const char *count)
{
    const pid_t child = fork();
    char own[32];
    int status = 0, first, other;

    if (child == 0) {
        (void)snprintf(own, sizeof own, "%d", (int)getpid());
        (void)dup2(listener, 3);
        (void)dup2(listener, 4);
        (void)setenv("LISTEN_PID", own, 1);
        (void)setenv("LISTEN_FDS", count, 1);
        (void)setenv("LISTEN_FDNAMES", names, 1);
        first = sockets_from_systemd("hooks", &other);
        _exit(10 * (first < 0 ? 9 : first) + (other < 0 ? 9 : other));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WEXITSTATUS(status);
}

static void a_socket_with_a_name_is_told_from_the_other_one(void **state)
{
    const int listener = listen_here(*state), moved = fcntl(listener, F_DUPFD_CLOEXEC, 10);

    assert_int_equal(found_among_two(moved, "keeper.socket:hooks", "2"), 34);
    assert_int_equal(found_among_two(moved, "hooks:keeper.socket", "2"), 43);
    assert_int_equal(found_among_two(moved, "hooks", "1"), 93);
    assert_int_equal(found_among_two(moved, "keeper.socket", "1"), 39);
    assert_int_equal(found_among_two(moved, "a:b", "2"), 39);
    assert_int_equal(found_among_two(moved, "keeper.socket:hooks", "1"), 39);
    assert_int_equal(found_among_two(moved, "", "2"), 39);
    (void)close(moved);
    (void)close(listener);
}

int main(void)
{
#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STAGED(a_packet_goes_through_a_named_socket),
        STAGED(a_socket_has_the_mode_asked_for_and_does_not_survive_exec),
        STAGED(an_old_socket_is_replaced_and_anything_else_is_not),
        STAGED(a_path_too_long_for_an_address_is_refused),
        STAGED(connecting_to_nobody_fails),
        STAGED(connecting_to_a_full_queue_does_not_wait),
        STAGED(packets_keep_their_bounds),
        STAGED(a_packet_that_does_not_fit_is_nothing),
        STAGED(a_packet_that_was_looked_at_is_still_there),
        STAGED(an_empty_packet_is_never_sent),
        STAGED(waiting_ends_with_the_time_and_with_the_peer),
        STAGED(a_peer_that_is_gone_raises_no_signal),
        STAGED(what_a_peer_left_unread_does_not_hide_what_it_sent),
        STAGED(a_peer_that_never_reads_is_given_up),
        STAGED(a_hang_up_shows_and_a_waiting_packet_is_none),
        STAGED(the_peer_is_who_the_kernel_says),
        STAGED(a_socket_of_systemd_is_taken),
        STAGED(a_socket_with_a_name_is_told_from_the_other_one),
        STAGED(what_systemd_did_not_pass_to_us_is_left_alone),
        STAGED(a_descriptor_that_is_no_such_listener_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
