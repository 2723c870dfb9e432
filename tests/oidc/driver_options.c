/* SPDX-License-Identifier: BSD-2-Clause */
/* A table of options, each a line of a connection's file or a word about this run. */
#include "oidc/driver_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARAMS_MAX 8

struct word {
    const char *word;
    int value;
};

static const struct word auth_words[] = {{"auto", CLIENT_AUTH_AUTO},
                                         {"none", CLIENT_AUTH_NONE},
                                         {"basic", CLIENT_AUTH_BASIC},
                                         {"post", CLIENT_AUTH_POST},
                                         {"private_key_jwt", CLIENT_AUTH_PRIVATE_KEY_JWT},
                                         {NULL, 0}};
static const struct word alg_words[] = {{"RS256", CLIENT_SIGNING_RS256},
                                        {"PS256", CLIENT_SIGNING_PS256},
                                        {"ES256", CLIENT_SIGNING_ES256},
                                        {NULL, 0}};
static const struct word audience_words[] = {
    {"token_endpoint", ASSERTION_TOKEN_ENDPOINT}, {"issuer", ASSERTION_ISSUER}, {NULL, 0}};
static const struct word pkce_words[] = {
    {"auto", PKCE_AUTO}, {"S256", PKCE_S256}, {"off", PKCE_OFF}, {NULL, 0}};
static const struct word spelling_words[] = {
    {"form", CLIENT_SPELLING_FORM}, {"raw", CLIENT_SPELLING_RAW}, {NULL, 0}};

static char *scopes[] = {(char[]){"openid"}, (char[]){"profile"}, (char[]){"email"}, NULL};
static char *algs[] = {(char[]){"RS256"},
                       (char[]){"RS384"},
                       (char[]){"RS512"},
                       (char[]){"PS256"},
                       (char[]){"PS384"},
                       (char[]){"PS512"},
                       (char[]){"ES256"},
                       (char[]){"ES384"},
                       (char[]){"ES512"},
                       (char[]){"EdDSA"},
                       NULL};
static char *none[] = {NULL};

static int value_of(const struct word *words, const char *word)
{
    for (; words->word; words++)
        if (strcmp(words->word, word) == 0)
            return words->value;
    (void)fprintf(stderr, "unknown word: %s\n", word);
    exit(2);
}

/* NAME=VALUE, taken apart in its place. */
static struct name_value taken_apart(char *text)
{
    char *equals = strchr(text, '=');

    if (!equals)
        exit(2);
    *equals = '\0';
    return (struct name_value){.name = text, .value = equals + 1};
}

static void add_param(struct connection *connection, char *text)
{
    static struct name_value params[PARAMS_MAX + 1];

    for (size_t i = 0; i < PARAMS_MAX; i++)
        if (!params[i].name) {
            params[i] = taken_apart(text);
            connection->extra_params = params;
            return;
        }
    exit(2);
}

static void type_endpoint(struct connection *connection, char *text)
{
    const struct name_value typed = taken_apart(text);
    const struct {
        const char *name;
        char **place;
    } endpoints[] = {
        {"device_authorization_endpoint", &connection->device_authorization_endpoint},
        {"token_endpoint", &connection->token_endpoint},
        {"jwks_uri", &connection->jwks_uri},
        {"userinfo_endpoint", &connection->userinfo_endpoint},
        {"revocation_endpoint", &connection->revocation_endpoint},
        {"end_session_endpoint", &connection->end_session_endpoint},
    };

    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++)
        if (strcmp(endpoints[i].name, typed.name) == 0) {
            *endpoints[i].place = typed.value;
            return;
        }
    exit(2);
}

static void add_tenant(struct connection *connection, char *tenant)
{
    static char *tenants[2];

    tenants[0] = tenant;
    connection->allowed_tenants = tenants;
}

static bool take_registration(struct connection *connection, int option)
{
    switch (option) {
    case 'i':
        connection->client_id = optarg;
        return true;
    case 'a':
        connection->client_auth_method = (enum client_auth)value_of(auth_words, optarg);
        return true;
    case 'A':
        connection->client_auth_signing_alg = (enum client_signing_alg)value_of(alg_words, optarg);
        return true;
    case 'k':
        connection->client_key_id = optarg;
        return true;
    case 'D':
        connection->client_assertion_audience = (enum assertion_audience)value_of(audience_words, optarg);
        return true;
    case 'p':
        connection->pkce = (enum pkce)value_of(pkce_words, optarg);
        return true;
    default:
        return false;
    }
}

static bool take_place(struct connection *connection, int option)
{
    switch (option) {
    case 'e':
        type_endpoint(connection, optarg);
        return true;
    case 'P':
        add_param(connection, optarg);
        return true;
    case 'X':
        connection->proxy = optarg;
        return true;
    case 'U':
        connection->issuer_by_url = true;
        return true;
    case 't':
        add_tenant(connection, optarg);
        return true;
    default:
        return false;
    }
}

static bool take_run(struct options *options, int option)
{
    switch (option) {
    case 'c':
        options->ca = optarg;
        return true;
    case 'g':
        options->url = optarg;
        return true;
    case 's':
        options->secret = optarg;
        return true;
    case 'S':
        options->spelling = (enum client_spelling)value_of(spelling_words, optarg);
        return true;
    case 'd':
        options->deadline_ms = strtol(optarg, NULL, 10);
        return true;
    case 'w':
        options->all_ms = strtol(optarg, NULL, 10);
        return true;
    case 'x':
        options->cancel_after_ms = strtol(optarg, NULL, 10);
        return true;
    case 'u':
        options->userinfo = true;
        return true;
    case 'r':
        options->unread = true;
        return true;
    default:
        return false;
    }
}

void options_read(int argc, char *const *argv, struct options *ret_options)
{
    static char client_id[] = "kiosk", idp_id[] = "upstream-7";
    static const struct option known[] = {{"ca", required_argument, NULL, 'c'},
                                          {"get", required_argument, NULL, 'g'},
                                          {"client", required_argument, NULL, 'i'},
                                          {"secret", required_argument, NULL, 's'},
                                          {"spelling", required_argument, NULL, 'S'},
                                          {"auth", required_argument, NULL, 'a'},
                                          {"signing-alg", required_argument, NULL, 'A'},
                                          {"key-id", required_argument, NULL, 'k'},
                                          {"assertion-audience", required_argument, NULL, 'D'},
                                          {"pkce", required_argument, NULL, 'p'},
                                          {"typed", required_argument, NULL, 'e'},
                                          {"param", required_argument, NULL, 'P'},
                                          {"proxy", required_argument, NULL, 'X'},
                                          {"by-url", no_argument, NULL, 'U'},
                                          {"tenant", required_argument, NULL, 't'},
                                          {"deadline", required_argument, NULL, 'd'},
                                          {"all-within", required_argument, NULL, 'w'},
                                          {"cancel-after", required_argument, NULL, 'x'},
                                          {"userinfo", no_argument, NULL, 'u'},
                                          {"unread", no_argument, NULL, 'r'},
                                          {NULL, 0, NULL, 0}};
    struct options options = {.deadline_ms = -1, .all_ms = -1, .cancel_after_ms = -1};
    struct connection *connection = &options.connection;

    connection->client_id = client_id;
    connection->idp_id = idp_id;
    connection->scopes = scopes;
    connection->signing_algs = algs;
    connection->allowed_tenants = none;
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!take_registration(connection, c) && !take_place(connection, c) && !take_run(&options, c))
            exit(2);
    connection->issuer = argv[optind];
    *ret_options = options;
}
