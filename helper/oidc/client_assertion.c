/* SPDX-License-Identifier: BSD-2-Clause */
/* The assertion's header and claims. */
#include "oidc/client_assertion.h"

#include <time.h>

#include "jose/signing_key.h"

#define JTI_BYTES 16
#define JTI_SIZE  23

static bool lists(const struct json_value *list, const char *alg)
{
    for (size_t i = 0; i < json_array_length(list); i++)
        if (json_string_is(json_array_at(list, i), alg))
            return true;
    return false;
}

static const char *alg_of_key(const struct signing_key *key, const struct discovery *discovery)
{
    const struct json_value *taken = discovery->client_signing_algs;

    if (!signing_key_fits(key, "RS256"))
        return "ES256";
    return lists(taken, "PS256") && !lists(taken, "RS256") ? "PS256" : "RS256";
}

const char *client_assertion_alg(enum client_signing_alg configured, const struct secret *secret,
                                 const struct discovery *discovery)
{
    static const char *const names[] = {
        [CLIENT_SIGNING_RS256] = "RS256", [CLIENT_SIGNING_PS256] = "PS256", [CLIENT_SIGNING_ES256] = "ES256"};
    AUTO_SIGNING_KEY struct signing_key *key = signing_key_parse(secret->bytes, secret->length);
    const char *alg;

    if (!key)
        return NULL;
    alg = configured == CLIENT_SIGNING_AUTO ? alg_of_key(key, discovery) : names[configured];
    return signing_key_fits(key, alg) ? alg : NULL;
}

static char *header_text(const struct device_client *client)
{
    AUTO_JSON struct json_document *header = json_new();

    if (!header || !json_add_string(header, "alg", client->signing_alg) ||
        !json_add_string(header, "typ", "JWT") ||
        (client->key_id && !json_add_string(header, "kid", client->key_id)))
        return NULL;
    return json_print(json_top(header));
}

static char *claims_text(const struct device_client *client)
{
    AUTO_JSON struct json_document *claims = json_new();
    const int64_t now = time(NULL);
    char jti[JTI_SIZE];

    if (!claims || !secret_random_text(JTI_BYTES, jti, sizeof jti) ||
        !json_add_string(claims, "iss", client->client_id) ||
        !json_add_string(claims, "sub", client->client_id) ||
        !json_add_string(claims, "aud", client->assertion_audience) || !json_add_string(claims, "jti", jti) ||
        !json_add_integer(claims, "iat", now) ||
        !json_add_integer(claims, "exp", now + CLIENT_ASSERTION_LIFE_S))
        return NULL;
    return json_print(json_top(claims));
}

char *client_assertion_new(const struct device_client *client)
{
    AUTO_SIGNING_KEY struct signing_key *key =
        signing_key_parse(client->secret->bytes, client->secret->length);
    AUTO_FREE char *header = header_text(client);
    AUTO_FREE char *claims = claims_text(client);

    return key && header && claims ? signing_key_sign(key, client->signing_alg, header, claims) : NULL;
}
