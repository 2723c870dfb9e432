/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines for the admin: syslog (authpriv) or standard error. Bytes outside 0x20..0x7e are written as \xNN and
 * a line is cut at LOG_LINE_MAX, so no string of an IdP or a peer can forge a line. Never pass a secret.
 */
#ifndef HELPER_LOG_H
#define HELPER_LOG_H

#include <stdbool.h>
#include <stddef.h>

#define LOG_LINE_MAX   1024 /* bytes */
#define LOG_STRING_MAX 200  /* bytes of one foreign string; log_text cuts there */

enum log_target { LOG_TO_SYSLOG, LOG_TO_STDERR };

/* Opens the connection to syslog at once: inside the sandbox no unix socket can be opened any more. */
void log_open(const char *program, enum log_target target);

/* Debug lines on or off (off at start). */
void log_set_debug(bool debug);

/* level: LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO or LOG_DEBUG of <syslog.h>. */
__attribute__((format(printf, 2, 3))) void log_line(int level, const char *format, ...);

/* A line that belongs to syslog, whatever the target is: what a command changed. */
void log_to_syslog(int level, const char *line);

/* A foreign string made harmless and cut, in a buffer of the caller's: for "%s" in log_line and for JSON
 * notes. */
const char *log_text(const char *foreign, char *buffer, size_t size);

#endif
