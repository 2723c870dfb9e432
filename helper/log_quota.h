/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines about refusals that anybody can cause: few of each kind in a minute are written, the others counted,
 * and their number is one line more. So a flood fills neither the log nor the disk.
 */
#ifndef HELPER_LOG_QUOTA_H
#define HELPER_LOG_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_QUOTA_LINES     10    /* of one key ... */
#define LOG_QUOTA_WINDOW_MS 60000 /* ... in this time */
#define LOG_QUOTA_KEYS      64    /* at the same time; whatever else there is shares one more */
#define LOG_QUOTA_KEY_SIZE  160

struct log_quota {
    struct log_quota_line {
        char key[LOG_QUOTA_KEY_SIZE]; /* "": free */
        int64_t since_ms;             /* CLOCK_BOOTTIME */
        unsigned written, kept_back;
    } lines[LOG_QUOTA_KEYS + 1];
};

/* May a line about this key be written now? The key is what the summary says, made harmless by the log. */
bool log_quota_take(struct log_quota *quota, const char *key, int64_t now_ms);

/* Says how many were kept back of each key whose minute is over, and forgets it. */
void log_quota_settle(struct log_quota *quota, int64_t now_ms);

/* When log_quota_settle will have something to say; -1: not yet known. */
int64_t log_quota_due_ms(const struct log_quota *quota);

#endif
