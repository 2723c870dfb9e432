/* SPDX-License-Identifier: BSD-2-Clause */
/* A short array that is walked: a machine has a handful of issuers. */
#include "keeper/back_off.h"

#include <stdio.h>
#include <string.h>

static uint32_t at_most_max(uint32_t seconds)
{
    return seconds < BACK_OFF_MAX_S ? seconds : BACK_OFF_MAX_S;
}

static struct back_off_entry *find(struct back_off *back_off, const char *digest)
{
    for (size_t i = 0; i < CONFIG_CONNECTIONS_MAX; i++)
        if (strcmp(back_off->entries[i].issuer, digest) == 0)
            return &back_off->entries[i];
    return NULL;
}

/* Its own, else a free one, else the one that ends first. */
static struct back_off_entry *entry_for(struct back_off *back_off, const char *digest)
{
    struct back_off_entry *entry = find(back_off, digest), *first = &back_off->entries[0];

    if (entry)
        return entry;
    for (size_t i = 1; i < CONFIG_CONNECTIONS_MAX; i++)
        if (back_off->entries[i].until < first->until)
            first = &back_off->entries[i];
    *first = (struct back_off_entry){.until = 0};
    (void)snprintf(first->issuer, sizeof first->issuer, "%s", digest);
    return first;
}

/* Many sign-ins may hear the same at once: that is one word. Soon after the last time is another. */
static uint32_t next_step(const struct back_off_entry *entry, int64_t now)
{
    if (entry->step_s == 0 || now > entry->until + (int64_t)entry->step_s * 2)
        return BACK_OFF_FIRST_S;
    return now < entry->until ? entry->step_s : at_most_max(entry->step_s * 2);
}

uint32_t back_off_note(struct back_off *back_off, const char *issuer, uint32_t retry_after_s, int64_t now)
{
    char digest[HASH_SHA256_TEXT_SIZE];
    struct back_off_entry *entry;
    int64_t until;

    if (!hash_sha256_text(issuer, digest, sizeof digest))
        return 0;
    entry = entry_for(back_off, digest);
    if (retry_after_s == 0)
        entry->step_s = next_step(entry, now);
    until = now + (retry_after_s > 0 ? at_most_max(retry_after_s) : entry->step_s);
    if (until > entry->until)
        entry->until = until;
    return (uint32_t)(entry->until - now);
}

int64_t back_off_left(const struct back_off *back_off, const char *issuer, int64_t now)
{
    char digest[HASH_SHA256_TEXT_SIZE];

    if (!hash_sha256_text(issuer, digest, sizeof digest))
        return 0;
    for (size_t i = 0; i < CONFIG_CONNECTIONS_MAX; i++)
        if (strcmp(back_off->entries[i].issuer, digest) == 0)
            return back_off->entries[i].until > now ? back_off->entries[i].until - now : 0;
    return 0;
}
