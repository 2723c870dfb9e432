/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who did what, one line of JSON each, in a file that is only ever appended to (frontdesk:adm 0640). Opened
 * for each record, O_NOFOLLOW, so that log rotation needs no signal; one write for a whole line. No secret
 * and no token is ever part of a record. Not synced to the disk: the kernel does that within seconds, as for
 * every log, and a slow disk must not hold everybody's sign-in.
 *
 * Members, all strings unless said: time (RFC 3339, UTC), event, then what the event has:
 *   sign_in   verdict, reason, phase, user (who was let in), member, connection, issuer, subject, email,
 *             service, role, requested_user, rhost, tty, peer_uid and peer_pid (integers), detail
 *   session_begin, session_end   likewise, with the person behind the ticket
 *   member_* and connection_*: see audit(5) in frontdesk.8
 */
#ifndef HELPER_AUDIT_H
#define HELPER_AUDIT_H

#include <stdbool.h>

#include "json/json.h"

/* A record with time and event in it; NULL: no memory. The caller adds the rest and frees it. */
struct json_document *audit_record(const char *event);

/* Could a record be appended now? Asked before something is done that must not stay unrecorded. As below. */
bool audit_is_ready(const char *path, char **ret_why);

/*
 * Appends it. False: *ret_why (malloc'd, NULL for want of memory) says why; the file then ends as before, or
 * in a broken line that the next record does not join.
 */
bool audit_append(const char *path, const struct json_document *record, char **ret_why);

#endif
