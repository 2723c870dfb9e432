/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a peer, and nothing else, ends a wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "hang_up.h"

static void make_pair(int ends[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
}

static void an_open_peer_is_waited_for(void **state)
{
    const int64_t before = boottime_ms();
    int ends[2];

    (void)state;
    make_pair(ends);
    assert_false(hang_up_seen(ends[0]));
    assert_true(hang_up_wait(ends[0], 20));
    assert_true(boottime_ms() - before >= 20);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void unread_packets_are_no_end(void **state)
{
    int ends[2];

    (void)state;
    make_pair(ends);
    assert_int_equal(send(ends[1], "x", 1, MSG_NOSIGNAL), 1);
    assert_false(hang_up_seen(ends[0]));
    assert_true(hang_up_wait(ends[0], 1));
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void a_closed_peer_is_seen_behind_unread_packets(void **state)
{
    int ends[2];

    (void)state;
    make_pair(ends);
    assert_int_equal(send(ends[1], "x", 1, MSG_NOSIGNAL), 1);
    (void)close(ends[1]);
    assert_true(hang_up_seen(ends[0]));
    assert_false(hang_up_wait(ends[0], 3000));
    (void)close(ends[0]);
}

static void half_a_close_is_an_end(void **state)
{
    int ends[2];

    (void)state;
    make_pair(ends);
    assert_int_equal(shutdown(ends[1], SHUT_WR), 0);
    assert_false(hang_up_wait(ends[0], 3000));
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void without_a_peer_only_time_passes(void **state)
{
    (void)state;
    assert_false(hang_up_seen(-1));
    assert_true(hang_up_wait(-1, 1));
    assert_true(hang_up_wait(-1, -5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_open_peer_is_waited_for),
        cmocka_unit_test(unread_packets_are_no_end),
        cmocka_unit_test(a_closed_peer_is_seen_behind_unread_packets),
        cmocka_unit_test(half_a_close_is_an_end),
        cmocka_unit_test(without_a_peer_only_time_passes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
