/* SPDX-License-Identifier: BSD-2-Clause */
/* What a sign-in proves besides who it was: from the ID token alone, but for the claims that are required. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "members/claims_internal.h"

#define AMR_MAX 32 /* methods; the rest is not looked at, so a required one beyond them is missing */

static bool take_copy(const char *text, char **ret_copy)
{
    *ret_copy = text ? strdup(text) : NULL;
    return !text || *ret_copy;
}

/* An array of strings; one string is a list of one, as some issuers have it. */
static bool take_methods(const struct json_value *claim, char ***ret_methods)
{
    const size_t length = json_is_array(claim) ? json_array_length(claim) : 1;
    char **methods = calloc(AMR_MAX + 1, sizeof *methods);
    const char *text;
    size_t count = 0;

    for (size_t i = 0; methods && i < length && count < AMR_MAX; i++) {
        const struct json_value *method = json_is_array(claim) ? json_array_at(claim, i) : claim;

        if (!value_is_text(method, CLAIM_TEXT_MAX, &text))
            continue;
        methods[count] = strdup(text);
        if (!methods[count++]) {
            list_free(methods);
            return false;
        }
    }
    *ret_methods = methods;
    return methods != NULL;
}

bool take_proof(const struct json_value *id_token, struct identity *identity)
{
    int64_t auth_time;

    identity->auth_time = -1;
    if (json_integer(json_get(id_token, "auth_time"), &auth_time) && auth_time >= 0)
        identity->auth_time = auth_time;
    return take_copy(claim_text(id_token, "tid", CLAIM_TEXT_MAX), &identity->tenant) &&
           take_copy(claim_text(id_token, "acr", CLAIM_TEXT_MAX), &identity->acr) &&
           take_methods(json_get(id_token, "amr"), &identity->amr);
}

static bool equals(const struct json_value *value, const char *wanted)
{
    char digits[24];
    int64_t number;
    bool is_true;

    if (json_boolean(value, &is_true))
        return strcmp(wanted, is_true ? "true" : "false") == 0;
    if (!json_integer(value, &number))
        return json_string_is(value, wanted);
    (void)snprintf(digits, sizeof digits, "%" PRId64, number);
    return strcmp(wanted, digits) == 0;
}

static bool holds(const struct json_value *claim, const char *wanted)
{
    for (size_t i = 0; i < json_array_length(claim); i++)
        if (equals(json_array_at(claim, i), wanted))
            return true;
    return equals(claim, wanted);
}

bool take_missing_claim(const struct connection *connection, const struct json_value *id_token,
                        const struct json_value *userinfo, struct identity *identity)
{
    for (const struct name_value *wanted = connection->required_claims; wanted && wanted->name; wanted++) {
        const struct json_value *claim = json_get_path(id_token, wanted->name);

        if (!holds(claim ? claim : json_get_path(userinfo, wanted->name), wanted->value))
            return take_copy(wanted->name, &identity->missing_claim);
    }
    return true;
}
