/* SPDX-License-Identifier: BSD-2-Clause */
/* LOGIN as the helper's side reads it (include/frontdesk/protocol.h); keeper and child parse the same bytes.
 */
#ifndef HELPER_LOGIN_H
#define HELPER_LOGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frontdesk/protocol.h"
#include "reason.h"

struct login {
    enum login_phase phase;
    unsigned flags;
    unsigned columns, rows;
    char user[PROTOCOL_USER_MAX + 1];
    char service[PROTOCOL_FIELD_MAX + 1], tty[PROTOCOL_FIELD_MAX + 1], rhost[PROTOCOL_FIELD_MAX + 1],
        ruser[PROTOCOL_FIELD_MAX + 1], lang[PROTOCOL_FIELD_MAX + 1], codeset[PROTOCOL_FIELD_MAX + 1],
        prior_auth[PROTOCOL_FIELD_MAX + 1], greeter_extensions[PROTOCOL_FIELD_MAX + 1],
        connection[PROTOCOL_FIELD_MAX + 1], ticket[PROTOCOL_FIELD_MAX + 1];
    uint32_t timeout_s;
};

/*
 * REASON_OK, REASON_VERSION (another version: nothing else was read) or REASON_PROTOCOL: malformed, or what a
 * module never sends (no service, a timeout out of 1..PROTOCOL_TIMEOUT_MAX_S, unknown phase or flags).
 */
enum reason login_parse(const void *packet, size_t length, struct login *ret_login);

/* For the CLI, and for tests: bytes of the packet, 0 when it does not fit. */
size_t login_write(const struct login *login, void *ret_packet, size_t size);

/* sshd, or a host on the other side: sshd knows its users before PAM runs. */
bool login_is_remote(const struct login *login);

#endif
