/* SPDX-License-Identifier: BSD-2-Clause */
/* What is not known to be public is private. */
#include "cli/login/redact.h"

#include <string.h>

#include "config/settings.h"

#define HIDDEN "\xe2\x80\xa6" /* … */

/* Is `name` where the path begins? A claim's own name may have dots. */
static bool begins(const char *path, const char *name)
{
    const size_t length = strlen(name);

    return path && strncmp(path, name, length) == 0 && (path[length] == '\0' || path[length] == '.');
}

bool claim_is_public(const struct connection *connection, const char *name)
{
    static const char *const known[] = {
        "iss",
        "aud",
        "azp",
        "exp",
        "iat",
        "nbf",
        "auth_time",
        "acr",
        "amr",
        "tid",
        "ver",
        "typ",
        "idp",
        "hd",
        "org_id",
        "scope",
        "email_verified",
        "phone_number_verified",
        "_claim_names",
        "locale",
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(name, known[i]) == 0)
            return true;
    for (const struct name_value *claim = connection ? connection->required_claims : NULL;
         claim && claim->name; claim++)
        if (begins(claim->name, name))
            return true;
    return connection && begins(connection->groups_claim, name);
}

/* Bytes of the first character; text is UTF-8. */
static int first_character(const char *text)
{
    int length = text[0] != '\0';

    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length++;
    return length;
}

static char *as_json(const char *text)
{
    AUTO_JSON struct json_document *document = json_new();

    return document && json_add_string(document, "text", text)
               ? json_print(json_get(json_top(document), "text"))
               : NULL;
}

char *claim_redact(const struct json_value *value)
{
    AUTO_FREE char *hidden = NULL;
    const char *text, *at;

    if (!json_string(value, &text, NULL))
        return as_json(json_is_object(value)  ? "(an object)"
                       : json_is_array(value) ? "(a list)"
                                              : "(a value)");
    at = strrchr(text, '@');
    hidden = setting_sentence("%.*s" HIDDEN "%s", first_character(text), text, at && at != text ? at : "");
    return hidden ? as_json(hidden) : NULL;
}
