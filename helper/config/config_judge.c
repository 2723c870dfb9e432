/* SPDX-License-Identifier: BSD-2-Clause */
/* What no single line can show: keys that need, exclude or say nothing without each other. */
#include <stdlib.h>
#include <string.h>

#include "config/config_build.h"
#include "connection/presets.h"

#define DOMAIN_NOTICES_MAX 20 /* an admin mends these first */

static bool is_typed(const struct config_build *build, const char *key)
{
    size_t row;

    return settings_find(SECTION_CONNECTION, key, &row) && build->origins[row].file;
}

/* The line of a key; where nobody typed it, the connection's file. */
static struct config_origin origin_of(const struct config_build *build, const char *key)
{
    size_t row;

    if (settings_find(SECTION_CONNECTION, key, &row) && build->origins[row].file)
        return build->origins[row];
    return (struct config_origin){build->file, 0};
}

static bool preset_said(const struct config_build *build, const char *key)
{
    size_t row;

    return settings_find(SECTION_CONNECTION, key, &row) && build->preset[row];
}

static void refuse_at(struct config_build *build, const char *key, char *why)
{
    config_build_refuse(build, origin_of(build, key), why);
}

static void notice_at(struct config_build *build, const char *key, char *why)
{
    config_build_notice(build, origin_of(build, key), why);
}

/* Likewise, of what `frontdesk check` has a fact of its own. */
static void notice_judged(struct config_build *build, const char *key, char *why)
{
    const size_t before = build->config->notice_count;

    notice_at(build, key, why);
    if (build->config->notice_count > before)
        build->config->notices[before].is_judged = true;
}

void config_apply_preset(struct config_build *build)
{
    const struct preset *preset = build->connection->preset;

    if (!preset)
        return;
    for (const struct preset_value *value = preset->values; value->key; value++) {
        size_t row = 0;
        const struct setting *setting = settings_find(SECTION_CONNECTION, value->key, &row);
        char *why = NULL;

        if (!setting || build->origins[row].file)
            continue;
        if (!setting->parse(setting, value->value, (char *)build->connection + setting->offset, &why))
            refuse_at(build, "preset",
                      why ? setting_sentence("preset %s: %s: %s", preset->name, value->key, why) : NULL);
        free(why);
        build->preset[row] = true;
    }
}

/* okta_domain and okta_auth_server become the issuer. */
static void judge_okta(struct config_build *build)
{
    struct connection *connection = build->connection;

    if (!connection->okta_domain) {
        if (is_typed(build, "okta_auth_server"))
            refuse_at(build, "okta_auth_server",
                      setting_sentence("okta_auth_server says nothing without `okta_domain`"));
        return;
    }
    if (is_typed(build, "issuer")) {
        refuse_at(build, "okta_domain",
                  setting_sentence("okta_domain makes the issuer: leave out either it or `issuer`"));
        return;
    }
    if (connection->preset && strcmp(connection->preset->name, "okta") != 0)
        refuse_at(build, "okta_domain",
                  setting_sentence("okta_domain does not go with the preset %s", connection->preset->name));
    if (!connection->preset)
        notice_at(build, "okta_domain", setting_sentence("okta_domain: `preset = okta` belongs to it"));
    free(connection->issuer);
    connection->issuer =
        connection->okta_auth_server
            ? setting_sentence("https://%s/oauth2/%s", connection->okta_domain, connection->okta_auth_server)
            : setting_sentence("https://%s", connection->okta_domain);
    if (!connection->issuer)
        build->memory = false;
}

static void judge_required(struct config_build *build)
{
    const struct connection *connection = build->connection;
    const struct setting *setting;

    for (size_t i = 0; (setting = settings_at(i)) != NULL; i++) {
        const bool is_issuer = setting->parse == setting_issuer;

        if (setting->section != SECTION_CONNECTION || !setting->required || build->origins[i].file ||
            build->preset[i] || (is_issuer && connection->okta_domain))
            continue;
        config_build_refuse(build, (struct config_origin){build->file, 0},
                            setting_sentence("`%s` is missing%s", setting->key,
                                             is_issuer && connection_is_explicit(connection)
                                                 ? ": with all endpoints typed, too, it says whose ID tokens "
                                                   "are believed"
                                                 : ""));
    }
}

static const char *method_name(enum client_auth method)
{
    const struct setting *setting = settings_find(SECTION_CONNECTION, "client_auth_method", NULL);

    for (const struct setting_word *word = setting->words; word->word; word++)
        if (word->value == (int)method)
            return word->word;
    return "";
}

static void judge_client_auth(struct config_build *build)
{
    static const char *const key_only[] = {"client_auth_signing_alg", "client_key_id",
                                           "client_assertion_audience"};
    const struct connection *connection = build->connection;
    const enum client_auth method = connection->client_auth_method;
    const bool may_sign = method == CLIENT_AUTH_PRIVATE_KEY_JWT ||
                          (method == CLIENT_AUTH_AUTO && connection->client_secret_file);
    const char *who = preset_said(build, "client_auth_method") ? connection->preset->product : NULL;

    if (method > CLIENT_AUTH_NONE && !connection->client_secret_file &&
        !is_typed(build, "client_secret_file"))
        refuse_at(build, who ? "preset" : "client_auth_method",
                  setting_sentence("client_auth_method %s%s%s needs `client_secret_file`",
                                   method_name(method), who ? ", which is what goes with " : "",
                                   who ? who : ""));
    if (method == CLIENT_AUTH_NONE && connection->client_secret_file)
        notice_at(build, "client_secret_file",
                  setting_sentence("client_secret_file is not used: client_auth_method is none%s%s",
                                   who ? ", which is what goes with " : "", who ? who : ""));
    for (size_t i = 0; i < sizeof key_only / sizeof key_only[0]; i++)
        if (!may_sign && is_typed(build, key_only[i]))
            notice_at(
                build, key_only[i],
                setting_sentence("%s counts with `client_auth_method = private_key_jwt` only", key_only[i]));
}

static void judge_issuer(struct config_build *build)
{
    const struct connection *connection = build->connection;

    if (connection->issuer && connection_needs_tenants(connection) && !connection->allowed_tenants[0])
        refuse_at(
            build, "issuer",
            setting_sentence("this issuer serves every tenant there is: name yours in `allowed_tenants`, or "
                             "write its id into the issuer"));
    if (connection->idp_id)
        notice_at(
            build, "idp_id",
            setting_sentence("idp_id is not sent: the device grant has no place for it; choose the upstream "
                             "by a rule at the identity provider"));
}

/* A local account that everybody enters leaves no room for accounts of one's own. */
static void judge_accounts(struct config_build *build)
{
    const struct connection *connection = build->connection;

    if (!connection->shared_account)
        return;
    if (connection->user_map_file)
        refuse_at(
            build, "shared_account",
            setting_sentence("shared_account and user_map_file answer the same question: leave one out"));
    if (connection->create_users)
        refuse_at(
            build, "shared_account",
            setting_sentence("shared_account lets everyone into one account, create_users gives each an own "
                             "one: leave one out"));
}

static void judge_username(struct config_build *build)
{
    const struct connection *connection = build->connection;

    if (!connection->username_regex && !connection->shared_account &&
        connection_username_is_email(connection))
        notice_judged(build, is_typed(build, "username_claim") ? "username_claim" : "preset",
                      setting_sentence("username_claim `%s` is an e-mail, which is no member's name: set "
                                       "username_regex with the domain in it, like `^([^@]+)@acme[.]com$`",
                                       connection->username_claim));
}

void config_judge_connection(struct config_build *build)
{
    const struct connection *connection = build->connection;

    if (!build->any_connection) {
        config_build_refuse(build, (struct config_origin){build->file, 0},
                            setting_sentence("has no [connection] section"));
        return;
    }
    judge_okta(build);
    judge_required(build);
    judge_client_auth(build);
    judge_issuer(build);
    judge_accounts(build);
    if (build->faults > 0)
        return;
    judge_username(build);
    if (!connection->services[0])
        notice_judged(build, "services",
                      setting_sentence("`services` is empty: this connection serves nothing"));
    if (!connection->allow_all && !connection->allowed_users[0] && !connection->allowed_groups[0] &&
        !connection->allowed_email_domains[0] && !connection->required_claims[0].name)
        notice_judged(build, "allow_all",
                      setting_sentence("nobody may enter: set allowed_users, allowed_groups, "
                                       "allowed_email_domains, required_claims or `allow_all = yes`"));
}

/* One connection's claim to one domain. */
struct domain_claim {
    const char *domain;
    const struct connection *connection;
};

static int compare_claims(const void *a, const void *b)
{
    const struct domain_claim *first = a, *second = b;
    const int by_domain = strcmp(first->domain, second->domain);

    return by_domain ? by_domain : strcmp(first->connection->name, second->connection->name);
}

/* The first service that both serve, or NULL. */
static const char *common_service(const struct connection *a, const struct connection *b)
{
    for (char *const *service = a->services; *service; service++)
        if (connection_serves(b, *service))
            return *service;
    return NULL;
}

/* Tells of each pair of connections that share this domain and a service. False: no memory. */
static bool tell_shared_domain(struct config *config, const char *file, const struct domain_claim *claim,
                               const struct domain_claim *end, unsigned *told)
{
    const struct domain_claim *other = claim + 1;

    for (; other < end && strcmp(other->domain, claim->domain) == 0 && *told < DOMAIN_NOTICES_MAX; other++) {
        const char *service = claim->connection == other->connection
                                  ? NULL
                                  : common_service(claim->connection, other->connection);

        if (!service)
            continue;
        ++*told;
        if (!config_add_notice(
                config, file, 0,
                setting_sentence("`%s` and `%s` both claim the domain %s for %s: whoever types such "
                                 "an address is asked which",
                                 claim->connection->name, other->connection->name, claim->domain, service)))
            return false;
    }
    return true;
}

bool config_judge_together(struct config *config, const char *file)
{
    struct domain_claim *claims;
    size_t count = 0, room = 1;
    unsigned told = 0;
    bool memory = true;

    for (size_t i = 0; i < config->connection_count; i++)
        for (char *const *domain = config->connections[i].domain_aliases; *domain; domain++)
            room++;
    claims = calloc(room, sizeof *claims);
    if (!claims)
        return false;
    for (size_t i = 0; i < config->connection_count; i++)
        for (char *const *domain = config->connections[i].domain_aliases; *domain; domain++)
            if (config->connections[i].enabled)
                claims[count++] = (struct domain_claim){*domain, &config->connections[i]};
    qsort(claims, count, sizeof *claims, compare_claims);
    for (size_t i = 0; memory && i < count; i++)
        memory = tell_shared_domain(config, file, &claims[i], claims + count, &told);
    free(claims);
    return memory;
}
