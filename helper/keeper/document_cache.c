/* SPDX-License-Identifier: BSD-2-Clause */
/* A short array that is walked: a machine has a handful of connections. */
#include "keeper/document_cache.h"

#include <stdlib.h>
#include <string.h>

#include "json/json.h"

struct entry {
    char *connection, *issuer, *jwks_uri, *text; /* connection NULL: free */
    size_t length;
    enum document_kind kind;
    int64_t fresh_until;
};

/* The last time that keys of a connection were to be fetched anew. */
struct refetch {
    char *connection, *issuer; /* connection NULL: free */
    int64_t granted_at;
    bool is_coming, has_failed;
};

struct document_cache {
    struct entry entries[DOCUMENT_CACHE_MAX];
    struct refetch refetches[DOCUMENT_CACHE_MAX];
};

struct document_cache *document_cache_new(void)
{
    return calloc(1, sizeof(struct document_cache));
}

static void entry_clear(struct entry *entry)
{
    free(entry->connection);
    free(entry->issuer);
    free(entry->jwks_uri);
    free(entry->text);
    *entry = (struct entry){0};
}

static void refetch_clear(struct refetch *refetch)
{
    free(refetch->connection);
    free(refetch->issuer);
    *refetch = (struct refetch){0};
}

void document_cache_free(struct document_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < DOCUMENT_CACHE_MAX; i++) {
        entry_clear(&cache->entries[i]);
        refetch_clear(&cache->refetches[i]);
    }
    free(cache);
}

/* Keys of a place that the administrator has replaced by another are nobody's any more. */
static const char *typed_jwks_uri(const struct connection *connection)
{
    return connection->jwks_uri ? connection->jwks_uri : "";
}

static bool entry_is(const struct entry *entry, const struct connection *connection, enum document_kind kind)
{
    return entry->connection && entry->kind == kind && strcmp(entry->connection, connection->name) == 0 &&
           strcmp(entry->issuer, connection->issuer) == 0 &&
           strcmp(entry->jwks_uri, typed_jwks_uri(connection)) == 0;
}

static bool refetch_is(const struct refetch *refetch, const struct connection *connection)
{
    return refetch->connection && strcmp(refetch->connection, connection->name) == 0 &&
           strcmp(refetch->issuer, connection->issuer) == 0;
}

/* The connection's, else a free one, else the oldest. */
static struct refetch *refetch_of(struct document_cache *cache, const struct connection *connection)
{
    struct refetch *best = &cache->refetches[0];

    for (size_t i = 0; i < DOCUMENT_CACHE_MAX; i++) {
        struct refetch *refetch = &cache->refetches[i];

        if (refetch_is(refetch, connection))
            return refetch;
        if (best->connection && (!refetch->connection || refetch->granted_at < best->granted_at))
            best = refetch;
    }
    return best;
}

static enum key_refetch within_the_minute(const struct refetch *refetch, int64_t now)
{
    if (refetch->has_failed)
        return KEY_REFETCH_FAILED;
    return refetch->is_coming && now < refetch->granted_at + KEY_REFETCH_TAKES_S ? KEY_REFETCH_COMING
                                                                                 : KEY_REFETCH_LATER;
}

enum key_refetch document_cache_refetch(struct document_cache *cache, const struct connection *connection,
                                        int64_t now)
{
    struct refetch *refetch = refetch_of(cache, connection);
    struct refetch fresh = {.granted_at = now, .is_coming = true};

    if (refetch_is(refetch, connection) && now < refetch->granted_at + KEY_REFETCH_EVERY_S)
        return within_the_minute(refetch, now);
    fresh.connection = strdup(connection->name);
    fresh.issuer = strdup(connection->issuer);
    if (!fresh.connection || !fresh.issuer) {
        refetch_clear(&fresh);
        return KEY_REFETCH_LATER;
    }
    refetch_clear(refetch);
    *refetch = fresh;
    return KEY_REFETCH_NOW;
}

/* The entry itself, else a free one, else the one that would go first anyway. */
static struct entry *place_for(struct document_cache *cache, const struct connection *connection,
                               enum document_kind kind)
{
    struct entry *best = &cache->entries[0];

    for (size_t i = 0; i < DOCUMENT_CACHE_MAX; i++) {
        struct entry *entry = &cache->entries[i];

        if (entry_is(entry, connection, kind))
            return entry;
        if (best->connection && (!entry->connection || entry->fresh_until < best->fresh_until))
            best = entry;
    }
    return best;
}

static bool is_worth_keeping(const struct document *document)
{
    if (document->length == 0 || document->length > QUESTION_DOCUMENT_MAX || document->lifetime_s == 0)
        return false;
    AUTO_JSON struct json_document *parsed = json_parse(document->text, document->length);

    return parsed != NULL;
}

/* Of what came already nobody can say that it could not be fetched. */
static void refetch_settle(struct document_cache *cache, const struct connection *connection, bool has_come)
{
    struct refetch *refetch = refetch_of(cache, connection);

    if (!refetch_is(refetch, connection))
        return;
    refetch->has_failed = !has_come && (refetch->has_failed || refetch->is_coming);
    refetch->is_coming = false;
}

void document_cache_put(struct document_cache *cache, const struct connection *connection,
                        enum document_kind kind, const struct document *document, int64_t now)
{
    struct entry *entry = place_for(cache, connection, kind);
    struct entry fresh = {.kind = kind};

    if (kind == DOCUMENT_KEYS)
        refetch_settle(cache, connection, document != NULL);
    if (!document)
        return;
    if (!is_worth_keeping(document)) {
        if (entry_is(entry, connection, kind))
            entry_clear(entry);
        return;
    }
    fresh.length = document->length;
    fresh.fresh_until =
        now + (document->lifetime_s < DOCUMENT_LIFE_MAX_S ? document->lifetime_s : DOCUMENT_LIFE_MAX_S);
    fresh.connection = strdup(connection->name);
    fresh.issuer = strdup(connection->issuer);
    fresh.jwks_uri = strdup(typed_jwks_uri(connection));
    fresh.text = malloc(document->length);
    if (fresh.connection && fresh.issuer && fresh.jwks_uri && fresh.text) {
        memcpy(fresh.text, document->text, document->length);
        entry_clear(entry);
        *entry = fresh;
    } else {
        entry_clear(&fresh);
    }
}

struct document document_cache_get(const struct document_cache *cache, const struct connection *connection,
                                   enum document_kind kind, int64_t now)
{
    for (size_t i = 0; i < DOCUMENT_CACHE_MAX; i++) {
        const struct entry *entry = &cache->entries[i];

        if (entry_is(entry, connection, kind) && entry->fresh_until > now)
            return (struct document){.text = entry->text, .length = entry->length};
    }
    return (struct document){0};
}
