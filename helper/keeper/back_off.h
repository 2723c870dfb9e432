/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which issuers have answered 429 (RFC 6585) and are left alone for a while, by all sign-ins. In memory only,
 * and bounded: neither an issuer nor a child can stop sign-ins for long by one word. Seconds are
 * CLOCK_BOOTTIME's.
 */
#ifndef HELPER_BACK_OFF_H
#define HELPER_BACK_OFF_H

#include "config/config.h"
#include "jose/hash.h"

#define BACK_OFF_FIRST_S 2  /* where the issuer does not say; twice as long when it says so again */
#define BACK_OFF_MAX_S   60 /* whatever it says: people are told to wait a minute */

struct back_off {
    struct back_off_entry {
        char issuer[HASH_SHA256_TEXT_SIZE]; /* its digest; "": free */
        int64_t until;
        uint32_t step_s; /* the last one that was not the issuer's word; 0: none */
    } entries[CONFIG_CONNECTIONS_MAX];
};

/* Leaves it alone for retry_after_s, or as long as seems right (0: not said). How long that is now. */
uint32_t back_off_note(struct back_off *back_off, const char *issuer, uint32_t retry_after_s, int64_t now);

/* Seconds until it may be asked again; 0: now. */
int64_t back_off_left(const struct back_off *back_off, const char *issuer, int64_t now);

#endif
