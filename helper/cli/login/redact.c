/* SPDX-License-Identifier: BSD-2-Clause */
/* What is not known to be public is private. */
#include "cli/login/redact.h"

#include <string.h>

#include "config/settings.h"

#define HIDDEN "\xe2\x80\xa6" /* … */

/* Does the setting's path lead to the claim, or through it to one within? A claim's own name may have dots.
 */
enum leading { NOT_THERE, TO_IT, THROUGH_IT };

static enum leading leads(const char *setting, const char *path)
{
    const size_t length = strlen(path);

    if (!setting || strncmp(setting, path, length) != 0)
        return NOT_THERE;
    return setting[length] == '\0' ? TO_IT : setting[length] == '.' ? THROUGH_IT : NOT_THERE;
}

/* The rules and groups of a connection are about some claims. */
static bool any_leads(const struct connection *connection, enum leading how, const char *path)
{
    for (const struct name_value *claim = connection ? connection->required_claims : NULL;
         claim && claim->name; claim++)
        if (leads(claim->name, path) == how)
            return true;
    return connection && leads(connection->groups_claim, path) == how;
}

bool claim_is_public(const struct connection *connection, const char *path)
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
        if (strcmp(path, known[i]) == 0)
            return true;
    return any_leads(connection, TO_IT, path);
}

/* The '@' before the domain of an e-mail address; NULL: the text is none, whatever '@' it has. */
static const char *find_domain(const char *text)
{
    static const char domain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    const char *at = strchr(text, '@');

    return at && at > text && strchr(at, '.') && strspn(at + 1, domain) == strlen(at + 1) ? at : NULL;
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
    const char *text, *domain;

    if (!json_string(value, &text, NULL))
        return as_json(json_is_object(value)  ? "(an object)"
                       : json_is_array(value) ? "(a list)"
                                              : "(a value)");
    domain = find_domain(text);
    hidden = setting_sentence(HIDDEN "%s", domain ? domain : "");
    return hidden ? as_json(hidden) : NULL;
}

struct within {
    const struct connection *connection;
    const char *path;
    FILE *text;
    bool any;
};

static bool write_within(void *context, const char *name, const struct json_value *value)
{
    struct within *within = context;
    AUTO_FREE char *path = setting_sentence("%s.%s", within->path, name);

    if (!path)
        return true;
    if (within->any)
        (void)fputc(',', within->text);
    within->any = true;
    claim_write_name(within->text, name);
    claim_write_value(within->text, within->connection, path, value);
    return true;
}

void claim_write_value(FILE *text, const struct connection *connection, const char *path,
                       const struct json_value *value)
{
    struct within within = {.connection = connection, .path = path, .text = text};
    AUTO_FREE char *shown = NULL;

    if (value && !claim_is_public(connection, path) && json_is_object(value) &&
        any_leads(connection, THROUGH_IT, path)) {
        (void)fputc('{', text);
        json_each_member(value, write_within, &within);
        (void)fputc('}', text);
        return;
    }
    if (value)
        shown = claim_is_public(connection, path) ? json_print(value) : claim_redact(value);
    (void)fputs(shown ? shown : "null", text);
}

void claim_write_name(FILE *text, const char *name)
{
    AUTO_FREE char *escaped = as_json(name);

    (void)fprintf(text, "%s:", escaped ? escaped : "\"\"");
}
