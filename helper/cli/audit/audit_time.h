/* SPDX-License-Identifier: BSD-2-Clause */
/* Points in time as a person writes them, and as records have them. */
#ifndef HELPER_CLI_AUDIT_TIME_H
#define HELPER_CLI_AUDIT_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* RFC 3339 ("2026-11-21T15:04:05.678Z", "...+01:00"), as milliseconds since 1970. */
bool audit_time_parse(const char *text, int64_t *ret_ms);

/* That, or a day ("2026-11-21", which begins at 00:00 UTC), or how long before now: 90s, 30m, 2h, 3d, 1w. */
bool audit_time_read(const char *text, int64_t now_ms, int64_t *ret_ms);

#endif
