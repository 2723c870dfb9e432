/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of Auth0's object whose words are not ours. */
#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "cleanup.h"
#include "config/settings.h"
#include "connection/auth0_reader.h"

#define WELL_KNOWN "/.well-known/openid-configuration"

static void note(struct auth0_reader *reader, enum auth0_fate fate, const char *path, const char *why)
{
    reader->memory &= auth0_note(&reader->import->notes, fate, path, "%s", why);
}

void auth0_put(struct auth0_reader *reader, const char *path, const char *key, const char *value)
{
    struct auth0_import *import = reader->import;
    const char *before = draft_get(&import->draft, key);
    AUTO_FREE char *why = NULL;

    if (before && strcmp(before, value) != 0)
        reader->memory &= auth0_note(&import->notes, AUTH0_NOT_NEEDED, path,
                                     "`%s` was given by another field, with another value", key);
    else if (before || draft_add(&import->draft, key, value, &why))
        note(reader, AUTH0_KEPT, path, key);
    else if (why)
        note(reader, AUTH0_LOST, path, why);
    else
        reader->memory = false;
}

/* The letters of a connection's name; false: none can be made of it. */
static void take_name(struct auth0_reader *reader, const char *path, const char *name)
{
    AUTO_FREE char *ours = strdup(name);

    reader->memory &= ours != NULL;
    for (char *c = ours; c && *c != '\0'; c++)
        *c = *c == ' ' || *c == '.' ? '-' : ascii_lower(*c);
    if (!ours || !connection_name_is_valid(ours)) {
        note(reader, AUTH0_LOST, path,
             "it cannot be a connection's name here ([a-z0-9][a-z0-9_-]*, 63 at most)");
        return;
    }
    reader->memory &=
        auth0_note(&reader->import->notes, AUTH0_KEPT, path, "the name of the file, as `%s`", ours);
    reader->import->name = ours;
    ours = NULL;
}

static void take_channel(struct auth0_reader *reader, const char *path, const char *channel)
{
    if (strcmp(channel, "front_channel") == 0)
        note(reader, AUTH0_LOST, path,
             "front_channel needs a browser that comes back to this machine, which is a gateway's work: the "
             "device grant is used");
    else
        note(reader, AUTH0_NOT_NEEDED, path, "the device grant is used: tokens come by the back channel");
}

static void take_secret(struct auth0_reader *reader, const char *path, const char *secret)
{
    const size_t length = strlen(secret);

    if (length == 0)
        return;
    if (length > CLIENT_SECRET_MAX || !client_secret_is_line(secret, length)) {
        reader->why =
            setting_sentence("%s is no secret: one line, %d bytes at most", path, CLIENT_SECRET_MAX);
        return;
    }
    reader->memory &= secret_copy(secret, length, &reader->import->client_secret);
    note(reader, AUTH0_KEPT, path, "client_secret_file");
}

/* Where the issuer is given, too, the document must lie below it: there it will be looked for. */
static void take_discovery(struct auth0_reader *reader, const char *path, const char *url)
{
    const char *issuer = draft_get(&reader->import->draft, "issuer");
    size_t length = issuer ? strlen(issuer) : 0;

    reader->discovery = true;
    if (!issuer) {
        auth0_put(reader, path, "issuer", url);
        return;
    }
    if (length > 0 && issuer[length - 1] == '/')
        length--;
    if (strncmp(url, issuer, length) == 0 &&
        (strcmp(url + length, WELL_KNOWN) == 0 || strcmp(url + length, "/") == 0 || url[length] == '\0'))
        note(reader, AUTH0_KEPT, path, "issuer");
    else
        note(reader, AUTH0_LOST, path, "discovery is asked below the issuer: ISSUER" WELL_KNOWN);
}

/* Those that are known here; each of the others is told. */
static void take_algs(struct auth0_reader *reader, const struct auth0_field *field, const char *path,
                      const struct json_value *algs)
{
    AUTO_FREE char *list = NULL;

    for (size_t i = 0; i < json_array_length(algs); i++) {
        struct draft one = {0};
        AUTO_FREE char *why = NULL;
        const char *alg = "";

        (void)json_string(json_array_at(algs, i), &alg, NULL);
        if (draft_add(&one, field->words, alg, &why)) {
            char *longer = setting_sentence("%s%s%s", list ? list : "", list ? " " : "", alg);

            free(list);
            list = longer;
            reader->memory &= list != NULL;
        } else {
            note(reader, AUTH0_LOST, path, why ? why : "");
        }
        draft_clear(&one);
    }
    if (list)
        auth0_put(reader, path, field->words, list);
}

static void take_pkce(struct auth0_reader *reader, const char *path, const char *pkce)
{
    if (strcmp(pkce, "plain") == 0) {
        note(reader, AUTH0_LOST, path, "plain proves nothing: S256 is used");
        auth0_put(reader, path, "pkce", "S256");
    } else {
        auth0_put(reader, path, "pkce", strcmp(pkce, "disabled") == 0 ? "off" : pkce);
    }
}

/* "${context.tokenset.CLAIM}" or "${context.userinfo.CLAIM}"; malloc'd. NULL: anything else. */
static char *claim_of(const char *template, bool *ret_userinfo)
{
    static const char tokenset[] = "${context.tokenset.", userinfo[] = "${context.userinfo.";
    const size_t length = strlen(template);
    const bool is_userinfo = strncmp(template, userinfo, sizeof userinfo - 1) == 0;
    const size_t head = is_userinfo ? sizeof userinfo - 1 : sizeof tokenset - 1;

    if (!is_userinfo && strncmp(template, tokenset, sizeof tokenset - 1) != 0)
        return NULL;
    if (length <= head + 1 || template[length - 1] != '}' ||
        strchr(template + head, '}') != template + length - 1)
        return NULL;
    *ret_userinfo = is_userinfo;
    return strndup(template + head, length - head - 1);
}

struct members {
    struct auth0_reader *reader;
    const char *path;
    char *line; /* of values that become one setting */
};

static bool take_claim(void *context, const char *name, const struct json_value *value)
{
    const struct members *members = context;
    struct auth0_reader *reader = members->reader;
    const struct auth0_field *field = auth0_field_find(auth0_claims, name);
    AUTO_FREE char *path = setting_sentence("%s.%s", members->path, name);
    AUTO_FREE char *claim = NULL;
    const char *template;
    bool userinfo = false;

    if (!path) {
        reader->memory = false;
        return false;
    }
    if (json_string(value, &template, NULL))
        claim = claim_of(template, &userinfo);
    if (!field)
        note(reader, AUTH0_LOST, path, "members have no such attribute");
    else if (field->fate != AUTH0_KEPT)
        note(reader, field->fate, path, field->words);
    else if (!claim)
        note(reader, AUTH0_LOST, path, "a setting names one claim, like ${context.tokenset.CLAIM}");
    else {
        auth0_put(reader, path, field->words, claim);
        reader->userinfo |= userinfo;
    }
    return reader->memory;
}

/* All of them become one line; what its parser refuses alone is left out. */
static bool take_param(void *context, const char *name, const struct json_value *value)
{
    struct members *members = context;
    struct auth0_reader *reader = members->reader;
    AUTO_FREE char *path = setting_sentence("%s.%s", members->path, name), *pair = NULL, *why = NULL;
    struct draft one = {0};
    const char *text = NULL;

    if (json_string(json_get(value, "value"), &text, NULL))
        pair = setting_sentence("%s=%s", name, text);
    if (!path || (text && !pair)) {
        reader->memory = false;
    } else if (!pair) {
        note(reader, AUTH0_LOST, path, "only a fixed value can be passed on: {\"value\": \"...\"}");
    } else if (strpbrk(pair, " \t")) {
        note(reader, AUTH0_LOST, path, "extra_params: a value cannot hold a blank");
    } else if (draft_add(&one, "extra_params", pair, &why)) {
        char *longer =
            setting_sentence("%s%s%s", members->line ? members->line : "", members->line ? " " : "", pair);

        free(members->line);
        members->line = longer;
        reader->memory &= longer != NULL;
        note(reader, AUTH0_KEPT, path, "extra_params");
    } else {
        note(reader, AUTH0_LOST, path, why ? why : "");
    }
    draft_clear(&one);
    return reader->memory;
}

static void take_params(struct auth0_reader *reader, const char *path, const struct json_value *params)
{
    struct members members = {.reader = reader, .path = path};
    AUTO_FREE char *why = NULL;

    json_each_member(params, take_param, &members);
    if (members.line && !draft_add(&reader->import->draft, "extra_params", members.line, &why))
        note(reader, AUTH0_LOST, path, why ? why : "");
    free(members.line);
}

static void take_string(struct auth0_reader *reader, const struct auth0_field *field, const char *path,
                        const char *string)
{
    switch (field->take) {
    case AUTH0_TAKE_STRATEGY:
        if (strcmp(string, "okta") == 0)
            auth0_put(reader, path, "preset", "okta");
        else
            note(reader, AUTH0_NOT_NEEDED, path, "every connection is of this kind");
        break;
    case AUTH0_TAKE_NAME:
        take_name(reader, path, string);
        break;
    case AUTH0_TAKE_CHANNEL:
        take_channel(reader, path, string);
        break;
    case AUTH0_TAKE_SECRET:
        take_secret(reader, path, string);
        break;
    case AUTH0_TAKE_DISCOVERY:
        take_discovery(reader, path, string);
        break;
    case AUTH0_TAKE_DOMAIN:
        if (draft_get(&reader->import->draft, "issuer"))
            note(reader, AUTH0_NOT_NEEDED, path, "the issuer is given");
        else
            auth0_put(reader, path, "okta_domain", string);
        break;
    case AUTH0_TAKE_PKCE:
        take_pkce(reader, path, string);
        break;
    default:
        if (strcmp(string, "use_map") == 0)
            note(reader, AUTH0_NOT_NEEDED, path, "claims are named one by one here, too");
        else
            note(reader, AUTH0_LOST, path,
                 "of a token's claims, only those that are named in settings are read");
        break;
    }
}

void auth0_take(struct auth0_reader *reader, const struct auth0_field *field, const char *path,
                const struct json_value *value)
{
    struct members members = {.reader = reader, .path = path};
    const char *string = "";

    if (field->take == AUTH0_TAKE_ALGS)
        take_algs(reader, field, path, value);
    else if (field->take == AUTH0_TAKE_CLAIMS)
        json_each_member(value, take_claim, &members);
    else if (field->take == AUTH0_TAKE_UPSTREAM)
        take_params(reader, path, value);
    else if (json_string(value, &string, NULL))
        take_string(reader, field, path, string);
}
