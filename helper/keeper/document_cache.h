/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Discovery documents and key sets that children fetched, for the next sign-in. In memory only, and bounded:
 * one document of each kind for a connection and its issuer, so no child can touch what another connection
 * uses. Seconds are CLOCK_BOOTTIME's: a machine that slept has aged.
 *
 * Tokens that name a key which is in no set would have the set fetched again and again: of all sign-ins at a
 * connection one may, in KEY_REFETCH_EVERY_S.
 */
#ifndef HELPER_DOCUMENT_CACHE_H
#define HELPER_DOCUMENT_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "connection/connection.h"
#include "questions.h"

#define DOCUMENT_CACHE_MAX  (2 * 64)       /* documents: two of each connection */
#define DOCUMENT_LIFE_MAX_S (24 * 60 * 60) /* whatever a child says */
#define KEY_REFETCH_EVERY_S 60
#define KEY_REFETCH_TAKES_S 20 /* at most: then the one who was to bring them has failed */

struct document_cache;

struct document {
    const char *text;    /* borrowed until the next put */
    size_t length;       /* 0: none, or too old */
    uint32_t lifetime_s; /* for put; at most DOCUMENT_LIFE_MAX_S counts */
};

struct document_cache *document_cache_new(void); /* NULL: no memory */
void document_cache_free(struct document_cache *cache);

/*
 * Replaces what was there. Nothing is kept of a document that is no JSON object, larger than
 * QUESTION_DOCUMENT_MAX, or whose lifetime is 0: then there is none. NULL: it could not be fetched anew, and
 * what was there stays.
 */
void document_cache_put(struct document_cache *cache, const struct connection *connection,
                        enum document_kind kind, const struct document *document, int64_t now);

/* NOW is said to one only. Until it has put the keys the others hear COMING, and FAILED when it put NULL. */
enum key_refetch document_cache_refetch(struct document_cache *cache, const struct connection *connection,
                                        int64_t now);

struct document document_cache_get(const struct document_cache *cache, const struct connection *connection,
                                   enum document_kind kind, int64_t now);

#endif
