/* SPDX-License-Identifier: BSD-2-Clause */
/* From documents of claims to an identity. What has the wrong type counts as not there. */
#include "members/claims.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "frontdesk/member_index.h"
#include "frontdesk/member_text.h"

static bool is_text(const struct json_value *value, size_t max, const char **ret_text)
{
    const char *text;
    size_t length;

    if (!json_string(value, &text, &length) || length == 0 || length > max)
        return false;
    *ret_text = text;
    return true;
}

static const char *claim_text(const struct json_value *document, const char *path, size_t max)
{
    const char *text;

    return is_text(json_get_path(document, path), max, &text) ? text : NULL;
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

static char *take_full_name(const struct json_value *id_token, const struct json_value *userinfo,
                            const char *path)
{
    char *name = take_text(id_token, userinfo, path);

    if (name && (strlen(name) > MEMBER_FULL_NAME_MAX || !text_is_printable(name, strlen(name)))) {
        free(name);
        return NULL;
    }
    return name;
}

char *email_normalize(const char *email)
{
    size_t length = strlen(email);
    const char *at = strchr(email, '@');
    char *normal;

    if (length > EMAIL_MAX || !at || at == email || at[1] == '\0' || strchr(at + 1, '@'))
        return NULL;
    for (size_t i = 0; i < length; i++)
        if (email[i] <= 0x20 || email[i] >= 0x7f)
            return NULL;
    normal = strdup(email);
    for (size_t i = 0; normal && i < length; i++)
        if (normal[i] >= 'A' && normal[i] <= 'Z')
            normal[i] = (char)(normal[i] - 'A' + 'a');
    return normal;
}

static char *email_of(const struct json_value *document, const char *path)
{
    const char *email = claim_text(document, path, EMAIL_MAX);

    return email ? email_normalize(email) : NULL;
}

static bool flag_is_set(const struct json_value *document, const char *email_path)
{
    AUTO_FREE char *path = NULL;
    const struct json_value *flag;
    bool is_true;

    if (asprintf(&path, "%s_verified", email_path) < 0) {
        path = NULL;
        return false;
    }
    flag = json_get_path(document, path);
    return json_boolean(flag, &is_true) ? is_true : json_string_is(flag, "true");
}

static void take_email(const struct json_value *id_token, const struct json_value *userinfo, const char *path,
                       struct identity *identity)
{
    AUTO_FREE char *other = email_of(userinfo, path);

    if (json_get_path(id_token, path)) {
        identity->email = email_of(id_token, path);
        identity->email_verified = flag_is_set(id_token, path);
    }
    if (!identity->email) {
        identity->email = copy_text(other);
        identity->email_verified = flag_is_set(userinfo, path);
    } else if (other && strcmp(identity->email, other) == 0) {
        identity->email_verified = identity->email_verified || flag_is_set(userinfo, path);
    }
    identity->email_verified = identity->email_verified && identity->email;
}

/* What json_each_member fills. */
struct group_list {
    char **groups;
    size_t count;
    bool is_whole;
};

static bool add_group(struct group_list *list, const char *group)
{
    if (list->count >= GROUPS_MAX || strlen(group) > CLAIM_TEXT_MAX) {
        list->is_whole = false;
        return false;
    }
    list->groups[list->count] = strdup(group);
    list->is_whole = list->groups[list->count] != NULL;
    if (list->is_whole)
        list->count++;
    return list->is_whole;
}

static bool add_key(void *context, const char *name, const struct json_value *value)
{
    (void)value;
    return name[0] == '\0' || add_group(context, name);
}

static void add_groups(struct group_list *list, const struct json_value *claim)
{
    const char *text;

    if (is_text(claim, CLAIM_TEXT_MAX, &text)) {
        (void)add_group(list, text);
    } else if (json_is_object(claim)) {
        json_each_member(claim, add_key, list);
    } else if (json_array_length(claim) > GROUPS_MAX) {
        list->is_whole = false;
    } else {
        for (size_t i = 0; i < json_array_length(claim); i++)
            if (is_text(json_array_at(claim, i), CLAIM_TEXT_MAX, &text))
                (void)add_group(list, text);
    }
}

/* All or none: a list that was cut could lack just the group that forbids. False: no memory. */
static bool take_groups(const struct json_value *id_token, const struct json_value *userinfo,
                        const char *path, struct identity *identity)
{
    const struct json_value *claim = json_get_path(id_token, path);
    struct group_list list = {.groups = calloc(GROUPS_MAX + 1, sizeof(char *)), .is_whole = true};

    if (!list.groups)
        return false;
    add_groups(&list, claim ? claim : json_get_path(userinfo, path));
    if (!list.is_whole)
        for (size_t i = 0; i < list.count; i++) {
            free(list.groups[i]);
            list.groups[i] = NULL;
        }
    identity->groups = list.groups;
    return true;
}

static enum reason take_key(const struct connection *connection, const struct json_value *id_token,
                            const struct json_value *userinfo, struct identity *identity)
{
    const char *issuer = claim_text(id_token, "iss", CLAIM_TEXT_MAX);
    const char *subject = claim_text(id_token, "sub", SUBJECT_MAX);

    if (!issuer || !connection_is_issuer(connection, issuer))
        return REASON_CLAIM_ISS;
    if (!subject || !text_is_printable(subject, strlen(subject)))
        return REASON_CLAIM_SUB;
    if (userinfo && !json_string_is(json_get(userinfo, "sub"), subject))
        return REASON_USERINFO_SUB;
    identity->issuer = strdup(issuer);
    identity->subject = strdup(subject);
    return identity->issuer && identity->subject ? REASON_OK : REASON_INTERNAL;
}

enum reason identity_from_claims(const struct connection *connection, const struct json_value *id_token,
                                 const struct json_value *userinfo, struct identity *ret_identity)
{
    struct identity identity = {0};
    enum reason reason = take_key(connection, id_token, userinfo, &identity);

    if (reason == REASON_OK && !take_groups(id_token, userinfo, connection->groups_claim, &identity))
        reason = REASON_INTERNAL;
    if (reason != REASON_OK) {
        identity_clear(&identity);
        return reason;
    }
    identity.username = take_text(id_token, userinfo, connection->username_claim);
    identity.full_name = take_full_name(id_token, userinfo, connection->name_claim);
    take_email(id_token, userinfo, connection->email_claim, &identity);
    *ret_identity = identity;
    return REASON_OK;
}

bool claims_are_missing(const struct connection *connection, const struct json_value *id_token)
{
    return !claim_text(id_token, connection->username_claim, CLAIM_TEXT_MAX) ||
           !claim_text(id_token, connection->name_claim, CLAIM_TEXT_MAX) ||
           !claim_text(id_token, connection->email_claim, CLAIM_TEXT_MAX) ||
           (connection->allowed_groups[0] && !json_get_path(id_token, connection->groups_claim));
}

void identity_clear(struct identity *identity)
{
    for (size_t i = 0; identity->groups && identity->groups[i]; i++)
        free(identity->groups[i]);
    free(identity->groups);
    free(identity->issuer);
    free(identity->subject);
    free(identity->username);
    free(identity->full_name);
    free(identity->email);
    *identity = (struct identity){0};
}
