/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests: a whole call of the PAM module; what the helper says lies in the socket before it is asked. */
#ifndef TESTS_PAM_SCRIPT_H
#define TESTS_PAM_SCRIPT_H

#include "unit/pam_stage.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "frontdesk/protocol.h"
#include "frontdesk/wire.h"

static struct {
    uint8_t bytes[16][512];
    size_t length[16], count;
    bool is_all; /* the helper says nothing more, and leaves */
} script;
static int helper_end = -1;
static int64_t clock_jump_s; /* the person takes so long for a prompt */
static int64_t waited_ms;    /* for the helper, on a clock that nobody has to wait for */

int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_now);
int __real_poll(struct pollfd *at, nfds_t count, int timeout_ms);
int __wrap_poll(struct pollfd *at, nfds_t count, int timeout_ms);

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    int pair[2];

    (void)address;
    (void)size;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair), 0);
    assert_int_equal(setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &(int){1}, sizeof(int)), 0);
    assert_true(dup3(pair[0], fd, O_CLOEXEC) >= 0);
    (void)close(pair[0]);
    helper_end = pair[1];
    for (size_t i = 0; i < script.count; i++)
        assert_int_equal(send(helper_end, script.bytes[i], script.length[i], 0), (ssize_t)script.length[i]);
    if (script.is_all)
        (void)shutdown(helper_end, SHUT_WR);
    return 0;
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    (void)fd;
    (void)level;
    (void)name;
    (void)size;
    *(struct ucred *)value = (struct ucred){.uid = 0};
    return 0;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_now)
{
    (void)clock;
    *ret_now = (struct timespec){.tv_sec = 1000 + waited_ms / 1000, .tv_nsec = waited_ms % 1000 * 1000000};
    if (pam.shown[0] != '\0')
        ret_now->tv_sec += clock_jump_s;
    return 0;
}

/* What is not there by now never comes: the wait is over at once, and was as long as it may be. */
int __wrap_poll(struct pollfd *at, nfds_t count, int timeout_ms)
{
    const int ready = __real_poll(at, count, 0);

    if (ready == 0)
        waited_ms += timeout_ms;
    return ready;
}

static inline struct wire_writer say(unsigned type)
{
    struct wire_writer w = wire_write(script.bytes[script.count], sizeof script.bytes[0]);

    wire_put_u8(&w, type);
    return w;
}

static inline void said(const struct wire_writer *w)
{
    script.length[script.count++] = wire_written(w);
}

static inline void say_hello(void)
{
    struct wire_writer w = say(MESSAGE_HELLO);

    wire_put_u16(&w, PROTOCOL_VERSION);
    said(&w);
}

static inline void say_text(unsigned type, const char *text)
{
    struct wire_writer w = say(type);

    if (type == MESSAGE_ASK)
        wire_put_u8(&w, 1);
    wire_put_string(&w, text);
    said(&w);
}

static inline void say_set(const char *name, const char *value)
{
    struct wire_writer w = say(MESSAGE_SET);

    wire_put_string(&w, name);
    wire_put_string(&w, value);
    said(&w);
}

static inline void say_verdict(enum verdict verdict, const char *user, const char *reason)
{
    struct wire_writer w = say(MESSAGE_VERDICT);

    wire_put_u8(&w, verdict);
    wire_put_string(&w, user);
    wire_put_string(&w, reason);
    said(&w);
}

static inline int begin(void **state)
{
    static struct name_answer everybody;

    (void)state;
    memset(&pam, 0, sizeof pam);
    memset(&script, 0, sizeof script);
    clock_jump_s = waited_ms = 0;
    everybody = (struct name_answer){.is_found = true, .uid = getuid()};
    names_say(&everybody, 1);
    say_hello();
    return 0;
}

static inline int end(void **state)
{
    (void)state;
    if (helper_end >= 0)
        (void)close(helper_end);
    helper_end = -1;
    return 0;
}

/* Users have this id from now on; the two of the helper have ours. */
static inline void users_are(uid_t uid)
{
    static struct name_answer answers[3];

    answers[0] = (struct name_answer){.is_found = true, .uid = uid};
    answers[1] = (struct name_answer){.is_found = true, .uid = getuid()};
    answers[2] = answers[0];
    names_say(pam.items[PAM_USER] ? answers : answers + 1, pam.items[PAM_USER] ? 3 : 2);
}

static inline int authenticate(const char *argument)
{
    const char *argv[] = {argument};

    return pam_sm_authenticate(PAMH, 0, 1, argv);
}

static inline int sign_in(const char *user)
{
    pam.items[PAM_USER] = user;
    users_are(70000);
    return authenticate("password_login=allowed");
}

static inline bool reason_is(const char *reason)
{
    char wanted[64];

    (void)snprintf(wanted, sizeof wanted, " reason=%s ", reason);
    return strstr(pam.logged, wanted);
}

#endif
