/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A JWK set: the keys that may verify, and the names of the others, so that a token signed with one of those
 * is refused for what its key is and does not send us for the same set again.
 */
#include "jose/jwk.h"

#include <stdlib.h>
#include <string.h>

struct jwk_set {
    struct jwk *keys[JWK_KEYS_MAX];
    size_t count;
    char *unfit_kids[JWK_KEYS_MAX];
    size_t unfit_count;
};

static bool add_unfit_kid(struct jwk_set *set, const struct json_value *value)
{
    const char *kid = NULL;
    char *copy;

    if (!json_string(json_get(value, "kid"), &kid, NULL))
        return true;
    copy = strdup(kid);
    if (!copy)
        return false;
    set->unfit_kids[set->unfit_count++] = copy;
    return true;
}

static bool add_keys(struct jwk_set *set, const struct json_value *keys)
{
    for (size_t i = 0; i < json_array_length(keys); i++) {
        const struct json_value *value = json_array_at(keys, i);
        const char *why;
        struct jwk *key = jwk_parse(value, &why);

        if (key)
            set->keys[set->count++] = key;
        else if (!add_unfit_kid(set, value))
            return false;
    }
    return true;
}

struct jwk_set *jwk_set_parse(const char *text, size_t length)
{
    struct json_document *document AUTO_JSON = length <= JWK_SET_MAX ? json_parse(text, length) : NULL;
    const struct json_value *keys = json_get(json_top(document), "keys");
    struct jwk_set *set;

    if (!json_is_array(keys) || json_array_length(keys) > JWK_KEYS_MAX)
        return NULL;
    set = calloc(1, sizeof *set);
    if (set && !add_keys(set, keys)) {
        jwk_set_free(set);
        return NULL;
    }
    return set;
}

void jwk_set_free(struct jwk_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->count; i++)
        jwk_free(set->keys[i]);
    for (size_t i = 0; i < set->unfit_count; i++)
        free(set->unfit_kids[i]);
    free(set);
}

size_t jwk_set_count(const struct jwk_set *set)
{
    return set->count;
}

const struct jwk *jwk_set_at(const struct jwk_set *set, size_t i)
{
    return i < set->count ? set->keys[i] : NULL;
}

bool jwk_set_has_unfit(const struct jwk_set *set, const char *kid)
{
    for (size_t i = 0; i < set->unfit_count; i++)
        if (strcmp(set->unfit_kids[i], kid) == 0)
            return true;
    return false;
}
