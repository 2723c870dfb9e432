/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the kiosk may tell its page to go to "localhost": nobody else may answer there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/localhost.h"

/* A listening socket of loopback; port 0: any. -1: errno. */
static int listen_on(int family, uint16_t port)
{
    const struct sockaddr_in four = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const struct sockaddr_in6 six = {
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    const struct sockaddr *const address =
        family == AF_INET ? (const struct sockaddr *)&four : (const struct sockaddr *)&six;

    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    if (bind(fd, address, family == AF_INET ? sizeof four : sizeof six) == 0 && listen(fd, 1) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_in6 address = {0}; /* the port lies at the same place in both */
    socklen_t length = sizeof address;

    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    return ntohs(address.sin6_port);
}

/* As the kiosk does: first its own address, then the name. */
static bool take(const char *address, uint16_t port)
{
    char listen[64];

    (void)snprintf(listen, sizeof listen, "%s:%u", address, (unsigned)port);
    return localhost_take(listen);
}

static void the_other_address_is_nobodys_afterwards(void **state)
{
    const int ours = listen_on(AF_INET, 0);
    const uint16_t port = port_of(ours);
    int other;

    (void)state;
    assert_true(take("127.0.0.1", port));
    other = listen_on(AF_INET6, port);
    assert_int_equal(other, -1);
    (void)close(ours);
}

static void it_works_the_other_way_round(void **state)
{
    const int ours = listen_on(AF_INET6, 0);
    const uint16_t port = ours >= 0 ? port_of(ours) : 0;

    (void)state;
    if (ours < 0)
        skip();
    assert_true(take("[::1]", port));
    assert_int_equal(listen_on(AF_INET, port), -1);
    (void)close(ours);
}

static void an_address_that_somebody_else_has_is_refused(void **state)
{
    const int others = listen_on(AF_INET6, 0);

    (void)state;
    if (others < 0)
        skip();
    assert_false(take("127.0.0.1", port_of(others)));
    (void)close(others);
}

static void another_address_is_not_localhost(void **state)
{
    const int ours = listen_on(AF_INET, 0);

    (void)state;
    assert_false(take("127.0.0.2", port_of(ours)));
    assert_false(take("127.0.0.11", port_of(ours)));
    (void)close(ours);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_other_address_is_nobodys_afterwards),
        cmocka_unit_test(it_works_the_other_way_round),
        cmocka_unit_test(an_address_that_somebody_else_has_is_refused),
        cmocka_unit_test(another_address_is_not_localhost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
