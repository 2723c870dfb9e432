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

struct document_cache {
    struct entry entries[DOCUMENT_CACHE_MAX];
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

void document_cache_free(struct document_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < DOCUMENT_CACHE_MAX; i++)
        entry_clear(&cache->entries[i]);
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

void document_cache_put(struct document_cache *cache, const struct connection *connection,
                        enum document_kind kind, const struct document *document, int64_t now)
{
    const uint32_t life =
        document->lifetime_s < DOCUMENT_LIFE_MAX_S ? document->lifetime_s : DOCUMENT_LIFE_MAX_S;
    struct entry *entry = place_for(cache, connection, kind);
    struct entry fresh = {.kind = kind, .fresh_until = now + life, .length = document->length};

    if (!is_worth_keeping(document)) {
        if (entry_is(entry, connection, kind))
            entry_clear(entry);
        return;
    }
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
