/* SPDX-License-Identifier: BSD-2-Clause */
/* A short array that is walked: refusals are rare, and when they are not, all this is cheaper than a line. */
#include "log_quota.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "log.h"

#define OTHERS "refusals of other kinds" /* with more keys than places */

static bool is_over(const struct log_quota_line *line, int64_t now_ms)
{
    return now_ms - line->since_ms >= LOG_QUOTA_WINDOW_MS;
}

static void settle(struct log_quota_line *line)
{
    if (line->kept_back > 0)
        log_line(LOG_NOTICE, "%u more: %s", line->kept_back, line->key);
    *line = (struct log_quota_line){0};
}

static void begin(struct log_quota_line *line, const char *key, int64_t now_ms)
{
    (void)snprintf(line->key, sizeof line->key, "%s", key);
    line->since_ms = now_ms;
}

static bool has_key(const struct log_quota_line *line, const char *key)
{
    return strncmp(line->key, key, sizeof line->key - 1) == 0;
}

static struct log_quota_line *line_of(struct log_quota *quota, const char *key, int64_t now_ms)
{
    struct log_quota_line *others = &quota->lines[LOG_QUOTA_KEYS], *place = NULL;

    for (size_t i = 0; i < LOG_QUOTA_KEYS; i++) {
        struct log_quota_line *line = &quota->lines[i];

        if (line->key[0] == '\0')
            place = place ? place : line;
        else if (has_key(line, key))
            return line;
    }
    if (place)
        begin(place, key, now_ms);
    else if (others->key[0] == '\0')
        begin(others, OTHERS, now_ms);
    return place ? place : others;
}

bool log_quota_take(struct log_quota *quota, const char *key, int64_t now_ms)
{
    struct log_quota_line *line;

    log_quota_settle(quota, now_ms);
    line = line_of(quota, key, now_ms);
    if (line->written < LOG_QUOTA_LINES) {
        line->written++;
        return true;
    }
    line->kept_back++;
    return false;
}

void log_quota_settle(struct log_quota *quota, int64_t now_ms)
{
    for (size_t i = 0; i <= LOG_QUOTA_KEYS; i++)
        if (quota->lines[i].key[0] != '\0' && is_over(&quota->lines[i], now_ms))
            settle(&quota->lines[i]);
}

int64_t log_quota_due_ms(const struct log_quota *quota)
{
    int64_t due = -1;

    for (size_t i = 0; i <= LOG_QUOTA_KEYS; i++) {
        const struct log_quota_line *line = &quota->lines[i];

        if (line->kept_back > 0 && (due < 0 || line->since_ms + LOG_QUOTA_WINDOW_MS < due))
            due = line->since_ms + LOG_QUOTA_WINDOW_MS;
    }
    return due;
}
