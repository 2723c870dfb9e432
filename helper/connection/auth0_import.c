/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks the body by the table; whatever has no row there is told, and changes nothing. */
#include "connection/auth0_import.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "config/settings.h"
#include "connection/auth0_reader.h"

/* The members of one object. */
struct level {
    struct auth0_reader *reader;
    const struct auth0_field *fields;
    const char *prefix;
    bool late;
};

static bool has_type(const struct json_value *value, enum auth0_type type)
{
    const char *string;
    bool truth;

    switch (type) {
    case AUTH0_STRING:
        return json_string(value, &string, NULL);
    case AUTH0_BOOLEAN:
        return json_boolean(value, &truth);
    case AUTH0_OBJECT:
        return json_is_object(value);
    case AUTH0_STRINGS:
        for (size_t i = 0; i < json_array_length(value); i++)
            if (!json_string(json_array_at(value, i), &string, NULL))
                return false;
        return json_is_array(value);
    default:
        return true;
    }
}

static void refuse_type(struct auth0_reader *reader, const char *path, enum auth0_type type)
{
    static const char *const names[] = {[AUTH0_STRING] = "a string",
                                        [AUTH0_BOOLEAN] = "true or false",
                                        [AUTH0_STRINGS] = "an array of strings",
                                        [AUTH0_OBJECT] = "an object",
                                        [AUTH0_ANY] = "a value"};

    reader->why = setting_sentence("%s must be %s", path, names[type]);
    if (!reader->why)
        reader->memory = false;
}

static void put_plain(struct auth0_reader *reader, const struct auth0_field *field, const char *path,
                      const struct json_value *value)
{
    AUTO_FREE char *list = NULL;
    const char *string = NULL;
    bool truth;

    if (field->fate != AUTH0_KEPT) {
        reader->memory &= auth0_note(&reader->import->notes, field->fate, path, "%s", field->words);
    } else if (json_boolean(value, &truth)) {
        auth0_put(reader, path, field->words, truth ? "yes" : "no");
    } else if (json_string(value, &string, NULL)) {
        auth0_put(reader, path, field->words, string);
    } else {
        for (size_t i = 0; i < json_array_length(value); i++) {
            char *longer = NULL;

            if (json_string(json_array_at(value, i), &string, NULL))
                longer = setting_sentence("%s%s%s", list ? list : "", list ? " " : "", string);
            free(list);
            list = longer;
            reader->memory &= list != NULL;
        }
        if (list)
            auth0_put(reader, path, field->words, list);
    }
}

static void walk(struct auth0_reader *reader, const struct auth0_field *fields, const char *prefix,
                 const struct json_value *object);

static bool take_member(void *context, const char *name, const struct json_value *value)
{
    const struct level *level = context;
    struct auth0_reader *reader = level->reader;
    const struct auth0_field *field = auth0_field_find(level->fields, name);
    AUTO_FREE char *path = setting_sentence("%s%s", level->prefix, name);
    AUTO_FREE char *below = setting_sentence("%s%s.", level->prefix, name);

    reader->memory &= path && below;
    if (!reader->memory)
        return false;
    if ((field && field->late) != level->late || !value)
        return true;
    if (!field)
        reader->memory &=
            auth0_note(&reader->import->notes, AUTH0_UNKNOWN, path, "this is no field that is known here");
    else if (!has_type(value, field->type))
        refuse_type(reader, path, field->type);
    else if (field->take == AUTH0_TAKE_FIELDS)
        walk(reader, field->fields, below, value);
    else if (field->take == AUTH0_TAKE_PLAIN)
        put_plain(reader, field, path, value);
    else
        auth0_take(reader, field, path, value);
    return reader->memory && !reader->why;
}

static void walk(struct auth0_reader *reader, const struct auth0_field *fields, const char *prefix,
                 const struct json_value *object)
{
    struct level level = {.reader = reader, .fields = fields, .prefix = prefix};

    json_each_member(object, take_member, &level);
    level.late = true;
    if (reader->memory && !reader->why)
        json_each_member(object, take_member, &level);
}

/* Without a document to ask, the body must say where the device grant happens. */
static void find_missing(struct auth0_reader *reader)
{
    static const char *const needed[] = {"device_authorization_endpoint", "token_endpoint", "jwks_uri"};
    struct auth0_import *import = reader->import;

    for (size_t i = 0; !reader->discovery && i < sizeof needed / sizeof needed[0]; i++) {
        char *longer;

        if (draft_get(&import->draft, needed[i]))
            continue;
        longer = setting_sentence("%s%s%s", import->missing ? import->missing : "",
                                  import->missing ? ", " : "", needed[i]);
        free(import->missing);
        import->missing = longer;
        reader->memory &= longer != NULL;
    }
}

/* A body with an issuer alone is what discovery is for. */
static bool says_where(const struct draft *draft)
{
    return draft_get(draft, "token_endpoint") || draft_get(draft, "jwks_uri") ||
           draft_get(draft, "device_authorization_endpoint");
}

static void read_body(struct auth0_reader *reader, const struct json_value *top)
{
    const char *strategy;

    if (!json_string(json_get(top, "strategy"), &strategy, NULL)) {
        reader->why = setting_sentence("`strategy` is missing: this is no connection of the Management API");
        return;
    }
    if (strcmp(strategy, "oidc") != 0 && strcmp(strategy, "okta") != 0) {
        reader->why = setting_sentence("strategy `%s`: only oidc and okta are OpenID Connect here", strategy);
        return;
    }
    reader->discovery = strcmp(strategy, "okta") == 0;
    walk(reader, auth0_top, "", top);
    if (!reader->memory || reader->why)
        return;
    if (reader->userinfo)
        auth0_put(reader, "options.attribute_map.attributes", "userinfo", "always");
    reader->discovery = reader->discovery || !says_where(&reader->import->draft);
    find_missing(reader);
}

bool auth0_import(const char *body, size_t length, struct auth0_import *ret_import, char **ret_why)
{
    AUTO_JSON struct json_document *document = length <= AUTH0_BODY_MAX ? json_parse(body, length) : NULL;
    struct auth0_import import = {0};
    struct auth0_reader reader = {.import = &import, .memory = true};

    if (!document) {
        *ret_why = length > AUTH0_BODY_MAX
                       ? setting_sentence("is larger than a connection's body can be")
                       : setting_sentence("is no JSON object: cut off, deeper than %d levels, with a member "
                                          "twice or not as RFC 8259 has it",
                                          JSON_DEPTH_MAX);
        return false;
    }
    read_body(&reader, json_top(document));
    if (!reader.memory || reader.why) {
        auth0_import_clear(&import);
        *ret_why = reader.memory ? reader.why : NULL;
        if (!reader.memory)
            free(reader.why);
        return false;
    }
    *ret_import = import;
    return true;
}

void auth0_import_clear(struct auth0_import *import)
{
    free(import->name);
    draft_clear(&import->draft);
    secret_erase(&import->client_secret);
    auth0_notes_clear(&import->notes);
    free(import->missing);
    *import = (struct auth0_import){0};
}
