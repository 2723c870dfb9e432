/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts the copies of a password in this process's memory. The password is given turned by 13 letters and
 * made plain in the one answer only, so that no copy is the test's own.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "client.h"

#define REGION_MAX (64u << 20) /* larger ones are a sanitizer's own */

#if defined(__SANITIZE_ADDRESS__)
#define READS_ANYTHING __attribute__((no_sanitize("address")))
#else
#define READS_ANYTHING
#endif

static const char *secret; /* turned */

static char turned_back(char c)
{
    if (c >= 'a' && c <= 'z')
        return (char)((c - 'a' + 13) % 26 + 'a');
    return c;
}

void memory_make_plain(const char *turned, char *ret_plain)
{
    secret = turned;
    for (; *turned != '\0'; turned++)
        *ret_plain++ = turned_back(*turned);
    *ret_plain = '\0';
}

READS_ANYTHING static int is_plain_at(const char *at, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (at[i] != turned_back(secret[i]))
            return 0;
    return 1;
}

READS_ANYTHING static unsigned count_between(uintptr_t from, uintptr_t to)
{
    const size_t length = strlen(secret);
    const char first = turned_back(secret[0]);
    unsigned count = 0;

    for (uintptr_t at = from; at + length <= to; at++)
        if (*(const char *)at == first && is_plain_at((const char *)at, length))
            count++;
    return count;
}

void memory_print_secrets(void)
{
    FILE *maps = secret ? fopen("/proc/self/maps", "re") : NULL;
    char line[512], rights[8];
    uintptr_t from, to;
    unsigned count = 0;

    if (!maps)
        return;
    while (fgets(line, sizeof line, maps))
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s", &from, &to, rights) == 3 && rights[0] == 'r' &&
            rights[1] == 'w' && to - from <= REGION_MAX)
            count += count_between(from, to);
    (void)fclose(maps);
    (void)printf("secrets %u\n", count);
}
