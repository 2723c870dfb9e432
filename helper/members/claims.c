/* SPDX-License-Identifier: BSD-2-Clause */
/* From documents of claims to an identity. What has the wrong type counts as not there. */
#include "members/claims.h"

#include <stdlib.h>
#include <string.h>

#include "frontdesk/member_index.h"
#include "frontdesk/member_text.h"
#include "members/claims_internal.h"

bool value_is_text(const struct json_value *value, size_t max, const char **ret_text)
{
    const char *text;
    size_t length = 0;

    (void)json_string(value, &text, &length); /* what is no string has no length */
    if (length == 0 || length > max)
        return false;
    *ret_text = text;
    return true;
}

const char *claim_text(const struct json_value *document, const char *path, size_t max)
{
    const char *text;

    return value_is_text(json_get_path(document, path), max, &text) ? text : NULL;
}

static char *copy_text(const char *text)
{
    return text ? strdup(text) : NULL;
}

static char *take_text(const struct json_value *id_token, const struct json_value *userinfo, const char *path)
{
    const char *text = claim_text(id_token, path, CLAIM_TEXT_MAX);

    return copy_text(text ? text : claim_text(userinfo, path, CLAIM_TEXT_MAX));
}

/* What fits of a printable text with a sign that there was more; never half a character, nor a space before
 * the sign. */
static void cut_full_name(char *name)
{
    static const char more[] = "\342\200\246"; /* U+2026 */
    size_t length = MEMBER_FULL_NAME_MAX - (sizeof more - 1);

    if (strlen(name) <= MEMBER_FULL_NAME_MAX)
        return;
    while (((unsigned char)name[length] & 0xc0) == 0x80)
        length--;
    while (length > 0 && name[length - 1] == ' ')
        length--;
    memcpy(name + length, more, sizeof more);
}

static char *take_full_name(const struct json_value *id_token, const struct json_value *userinfo,
                            const char *path)
{
    const char *text = claim_text(id_token, path, SIZE_MAX);
    char *name = copy_text(text ? text : claim_text(userinfo, path, SIZE_MAX));

    if (name && !text_is_printable(name, strlen(name))) {
        free(name);
        return NULL;
    }
    if (name)
        cut_full_name(name);
    return name;
}

static enum reason take_key(const struct connection *connection, const struct json_value *id_token,
                            const struct json_value *userinfo, struct identity *identity)
{
    const char *issuer = claim_text(id_token, "iss", CLAIM_TEXT_MAX);
    const char *subject = claim_text(id_token, "sub", SUBJECT_MAX);

    if (!issuer ||
        !connection_is_token_issuer(connection, issuer, claim_text(id_token, "tid", CLAIM_TEXT_MAX)))
        return REASON_CLAIM_ISS;
    if (!subject || !text_is_printable(subject, strlen(subject)))
        return REASON_CLAIM_SUB;
    if (userinfo && !json_string_is(json_get(userinfo, "sub"), subject))
        return REASON_USERINFO_SUB;
    identity->issuer = strdup(issuer);
    identity->subject = strdup(subject);
    return identity->issuer && identity->subject ? REASON_OK : REASON_INTERNAL;
}

static enum reason take_texts(const struct connection *connection, const struct json_value *id_token,
                              const struct json_value *userinfo, struct identity *identity)
{
    identity->username = take_text(id_token, userinfo, connection->username_claim);
    identity->full_name = take_full_name(id_token, userinfo, connection->name_claim);
    take_email(id_token, userinfo, connection->email_claim, identity);
    return take_groups(id_token, userinfo, connection->groups_claim, identity) &&
                   take_proof(id_token, identity) &&
                   take_missing_claim(connection, id_token, userinfo, identity)
               ? REASON_OK
               : REASON_INTERNAL;
}

enum reason identity_from_claims(const struct connection *connection, const struct json_value *id_token,
                                 const struct json_value *userinfo, struct identity *ret_identity)
{
    struct identity identity = {0};
    enum reason reason = take_key(connection, id_token, userinfo, &identity);

    if (reason == REASON_OK)
        reason = take_texts(connection, id_token, userinfo, &identity);
    if (reason != REASON_OK) {
        identity_clear(&identity);
        return reason;
    }
    *ret_identity = identity;
    return REASON_OK;
}

static bool wants_groups(const struct connection *connection)
{
    return connection->allowed_groups[0] || (connection->group_map && connection->group_map[0].name);
}

static bool required_claim_is_missing(const struct connection *connection, const struct json_value *id_token)
{
    for (const struct name_value *wanted = connection->required_claims; wanted && wanted->name; wanted++)
        if (!json_get_path(id_token, wanted->name))
            return true;
    return false;
}

bool claims_are_missing(const struct connection *connection, const struct json_value *id_token)
{
    return !claim_text(id_token, connection->username_claim, CLAIM_TEXT_MAX) ||
           !claim_text(id_token, connection->name_claim, CLAIM_TEXT_MAX) ||
           !claim_text(id_token, connection->email_claim, CLAIM_TEXT_MAX) ||
           (wants_groups(connection) && !json_get_path(id_token, connection->groups_claim)) ||
           required_claim_is_missing(connection, id_token);
}

void identity_clear(struct identity *identity)
{
    list_free(identity->groups);
    list_free(identity->amr);
    free(identity->issuer);
    free(identity->subject);
    free(identity->username);
    free(identity->full_name);
    free(identity->email);
    free(identity->tenant);
    free(identity->acr);
    free(identity->missing_claim);
    *identity = (struct identity){0};
}
