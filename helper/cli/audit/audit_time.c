/* SPDX-License-Identifier: BSD-2-Clause */
/* See audit_time.h. No locale and no time zone of this machine has a say. */
#include "cli/audit/audit_time.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#define MS_OF_MINUTE 60000

/* The number in `digits` characters, then `end` (NUL: whatever). */
static bool take_number(const char **at, unsigned digits, char end, int *ret_number)
{
    int number = 0;

    for (unsigned i = 0; i < digits; i++, (*at)++) {
        if (!isdigit((unsigned char)**at))
            return false;
        number = number * 10 + (**at - '0');
    }
    if (end != '\0' && *(*at)++ != end)
        return false;
    *ret_number = number;
    return true;
}

static bool take_day(const char **at, struct tm *ret_time)
{
    struct tm day = {0};

    if (!take_number(at, 4, '-', &day.tm_year) || !take_number(at, 2, '-', &day.tm_mon) ||
        !take_number(at, 2, '\0', &day.tm_mday) || day.tm_mon < 1 || day.tm_mon > 12 || day.tm_mday < 1 ||
        day.tm_mday > 31)
        return false;
    day.tm_year -= 1900;
    day.tm_mon--;
    *ret_time = day;
    return true;
}

static bool take_clock(const char **at, struct tm *time)
{
    return take_number(at, 2, ':', &time->tm_hour) && take_number(at, 2, ':', &time->tm_min) &&
           take_number(at, 2, '\0', &time->tm_sec) && time->tm_hour < 24 && time->tm_min < 60 &&
           time->tm_sec < 61;
}

/* As many digits as there are; those beyond the third do not count. */
static bool take_fraction(const char **at, int *ret_ms)
{
    int ms = 0, scale = 100;

    if (**at == '.') {
        (*at)++;
        if (!isdigit((unsigned char)**at))
            return false;
        for (; isdigit((unsigned char)**at); (*at)++, scale /= 10)
            ms += (**at - '0') * scale;
    }
    *ret_ms = ms;
    return true;
}

static bool take_zone(const char **at, int *ret_minutes)
{
    const char sign = *(*at)++;
    int hours = 0, minutes = 0;

    if (sign != 'Z' && sign != 'z') {
        if ((sign != '+' && sign != '-') || !take_number(at, 2, ':', &hours) ||
            !take_number(at, 2, '\0', &minutes) || hours > 23 || minutes > 59)
            return false;
    }
    *ret_minutes = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

bool audit_time_parse(const char *text, int64_t *ret_ms)
{
    struct tm time = {0};
    int ms, zone;

    if (!take_day(&text, &time) || !strchr("Tt ", *text) || *text++ == '\0' || !take_clock(&text, &time) ||
        !take_fraction(&text, &ms) || !take_zone(&text, &zone) || *text != '\0')
        return false;
    *ret_ms = (int64_t)timegm(&time) * 1000 + ms - (int64_t)zone * MS_OF_MINUTE;
    return true;
}

static bool read_ago(const char *text, int64_t *ret_ms)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {{'s', 1000},
                 {'m', MS_OF_MINUTE},
                 {'h', 60 * MS_OF_MINUTE},
                 {'d', 24 * 60 * MS_OF_MINUTE},
                 {'w', (int64_t)7 * 24 * 60 * MS_OF_MINUTE}};
    const size_t digits = strspn(text, "0123456789");
    int number;

    if (digits < 1 || digits > 6 || !take_number(&text, (unsigned)digits, '\0', &number))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (text[0] == units[i].unit && text[1] == '\0') {
            *ret_ms = number * units[i].ms;
            return true;
        }
    return false;
}

bool audit_time_read(const char *text, int64_t now_ms, int64_t *ret_ms)
{
    const char *at = text;
    struct tm day;
    int64_t ago;

    if (read_ago(text, &ago)) {
        *ret_ms = now_ms - ago;
        return true;
    }
    if (take_day(&at, &day) && *at == '\0') {
        *ret_ms = (int64_t)timegm(&day) * 1000;
        return true;
    }
    return audit_time_parse(text, ret_ms);
}
