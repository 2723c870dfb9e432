/* SPDX-License-Identifier: BSD-2-Clause */
/* A keeper that the test plays, from the same thread. */
#ifndef UNIT_ASK_STAGE_H
#define UNIT_ASK_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/config.h"
#include "frontdesk/wire.h"
#include "session/ask.h"
#include "sockets.h"

static int child, keeper; /* the two ends */
static struct ask_line line;
static uint8_t packet[QUESTION_PACKET_MAX];
static struct wire_writer answer;
static struct wire_reader question;

static inline int connect_ends(void **state)
{
    int ends[2];

    (void)state;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    child = ends[0];
    keeper = ends[1];
    line = (struct ask_line){.keeper = child, .module = -1};
    return 0;
}

static inline int close_ends(void **state)
{
    (void)state;
    (void)close(child);
    (void)close(keeper);
    return 0;
}

/* The answer waits in the socket before the question is asked, so one thread plays both. */
static inline void answer_begin(unsigned type)
{
    answer = wire_write(packet, sizeof packet);
    wire_put_u8(&answer, type);
}

static inline void answer_send(void)
{
    assert_true(packet_send(keeper, packet, wire_written(&answer)));
}

static inline void answer_decided(const char *code, unsigned verdict, const char *user)
{
    answer_begin(QUESTION_DECIDED);
    wire_put_string(&answer, code);
    wire_put_u8(&answer, verdict);
    wire_put_string(&answer, user);
    wire_put_string(&answer, "");
    answer_send();
}

static inline void answer_admitted(const char *connection, const char *secret, const char *discovery,
                                   const char *keys)
{
    answer_begin(QUESTION_ADMITTED);
    wire_put_string(&answer, connection);
    wire_put_blob(&answer, secret, strlen(secret));
    wire_put_u8(&answer, CLIENT_SPELLING_RAW);
    wire_put_blob(&answer, discovery, strlen(discovery));
    wire_put_blob(&answer, keys, strlen(keys));
    answer_send();
}

/* QUESTION_CHOICES or QUESTION_USERS */
static inline void answer_names(unsigned type, unsigned count, const char *const *names)
{
    answer_begin(type);
    wire_put_u16(&answer, count);
    for (unsigned i = 0; i < count; i++)
        wire_put_string(&answer, names[i]);
    answer_send();
}

static inline void question_receive(unsigned type)
{
    const size_t length = packet_receive(keeper, packet, sizeof packet, 1000);

    assert_int_not_equal(length, 0);
    question = wire_read(packet, length);
    assert_int_equal(wire_get_u8(&question), type);
}

static inline void assert_blob(const char *wanted)
{
    size_t length;
    const uint8_t *bytes = wire_get_blob(&question, &length);

    assert_int_equal(length, strlen(wanted));
    assert_memory_equal(bytes, wanted, length);
}

static inline void assert_string(const char *wanted)
{
    char text[512];

    wire_get_string(&question, text, sizeof text);
    assert_string_equal(text, wanted);
}

#endif
