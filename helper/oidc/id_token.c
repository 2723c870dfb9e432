/* SPDX-License-Identifier: BSD-2-Clause */
/* Each claim has a function of its own; a token passes when all of them say so. */
#include "oidc/id_token.h"

#include <string.h>
#include <strings.h>

#include "jose/jws.h"

typedef enum reason (*claim_check)(const struct json_value *claims, const struct id_token_terms *terms);

static bool is_issuer_of_tenant(const struct json_value *claims, const struct connection *connection)
{
    const struct json_value *tenant = json_get(claims, "tid");
    const char *iss = NULL, *tid = NULL;

    return json_string(json_get(claims, "iss"), &iss, NULL) && (!tenant || json_string(tenant, &tid, NULL)) &&
           connection_is_token_issuer(connection, iss, tid);
}

static enum reason check_iss(const struct json_value *claims, const struct id_token_terms *terms)
{
    const bool is_ours = terms->connection ? is_issuer_of_tenant(claims, terms->connection)
                                           : json_string_is(json_get(claims, "iss"), terms->issuer);

    return is_ours ? REASON_OK : REASON_CLAIM_ISS;
}

static enum reason check_sub(const struct json_value *claims, const struct id_token_terms *terms)
{
    const char *sub;
    size_t length = 0;

    (void)terms;
    (void)json_string(json_get(claims, "sub"), &sub, &length); /* what is no string has no length */
    if (length < 1 || length > ID_TOKEN_SUB_MAX)
        return REASON_CLAIM_SUB;
    for (size_t i = 0; i < length; i++)
        if (sub[i] < 0x20 || sub[i] > 0x7e)
            return REASON_CLAIM_SUB;
    return REASON_OK;
}

static bool is_trusted(const struct json_value *audience, const struct id_token_terms *terms)
{
    for (char *const *extra = terms->extra_audiences; extra && *extra; extra++)
        if (json_string_is(audience, *extra))
            return true;
    return false;
}

static enum reason check_aud(const struct json_value *claims, const struct id_token_terms *terms)
{
    const struct json_value *aud = json_get(claims, "aud");
    bool is_for_us = json_string_is(aud, terms->client_id);

    for (size_t i = 0; i < json_array_length(aud); i++) {
        const bool is_us = json_string_is(json_array_at(aud, i), terms->client_id);

        if (!is_us && !is_trusted(json_array_at(aud, i), terms))
            return REASON_CLAIM_AUD;
        is_for_us = is_for_us || is_us;
    }
    return is_for_us ? REASON_OK : REASON_CLAIM_AUD;
}

static enum reason check_azp(const struct json_value *claims, const struct id_token_terms *terms)
{
    const struct json_value *azp = json_get(claims, "azp");

    if (!azp)
        return json_array_length(json_get(claims, "aud")) > 1 ? REASON_CLAIM_AZP : REASON_OK;
    return json_string_is(azp, terms->client_id) ? REASON_OK : REASON_CLAIM_AZP;
}

static enum reason check_exp(const struct json_value *claims, const struct id_token_terms *terms)
{
    int64_t exp = INT64_MIN;

    (void)json_integer(json_get(claims, "exp"), &exp); /* what is no time was over always */
    if (exp <= terms->now - ID_TOKEN_LEEWAY_S)
        return REASON_CLAIM_EXP;
    return REASON_OK;
}

static enum reason check_iat(const struct json_value *claims, const struct id_token_terms *terms)
{
    int64_t iat = -1;

    (void)json_integer(json_get(claims, "iat"), &iat);
    if (iat < 0 || iat > terms->now + ID_TOKEN_LEEWAY_S ||
        iat < terms->now - terms->waited_s - ID_TOKEN_IAT_EARLIER_S)
        return REASON_CLAIM_IAT;
    return REASON_OK;
}

static enum reason check_nbf(const struct json_value *claims, const struct id_token_terms *terms)
{
    const struct json_value *member = json_get(claims, "nbf");
    int64_t nbf = INT64_MAX;

    (void)json_integer(member, &nbf); /* what is no time never comes */
    if (member && nbf > terms->now + ID_TOKEN_LEEWAY_S)
        return REASON_CLAIM_NBF;
    return REASON_OK;
}

/* RFC 8628 has no nonce: many servers drop the one that was sent, none may bring another one. */
static enum reason check_nonce(const struct json_value *claims, const struct id_token_terms *terms)
{
    const struct json_value *nonce = json_get(claims, "nonce");

    if (!nonce)
        return terms->needs_nonce ? REASON_CLAIM_NONCE : REASON_OK;
    return terms->nonce && json_string_is(nonce, terms->nonce) ? REASON_OK : REASON_CLAIM_NONCE;
}

/* OpenID Connect Back-Channel Logout 2.4: what makes a logout token, and never is in an ID token. */
static enum reason check_events(const struct json_value *claims, const struct id_token_terms *terms)
{
    (void)terms;
    return json_get(claims, "events") ? REASON_JWS_TYPE : REASON_OK;
}

static enum reason check_claims(const struct json_value *claims, const struct id_token_terms *terms)
{
    static const claim_check checks[] = {check_events, check_iss, check_sub, check_aud,  check_azp,
                                         check_exp,    check_iat, check_nbf, check_nonce};

    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        const enum reason reason = checks[i](claims, terms);

        if (reason != REASON_OK)
            return reason;
    }
    return REASON_OK;
}

static enum reason check_at_hash(const struct json_value *claims, const char *alg, const char *access_token)
{
    const struct json_value *at_hash = json_get(claims, "at_hash");
    char hash[64] = "";

    if (!at_hash || !access_token)
        return REASON_OK;
    if (!jws_half_hash(alg, access_token, hash, sizeof hash) || !json_string_is(at_hash, hash))
        return REASON_CLAIM_AT_HASH;
    return REASON_OK;
}

static bool is_jwt(const char *type)
{
    return strcasecmp(type, "JWT") == 0 || strcasecmp(type, "application/jwt") == 0;
}

/* RFC 8725 3.11: other types are other things, signed by the same issuer. cty says that another JWT is
 * inside. */
static bool type_is_fit(const struct jws *jws)
{
    return (!jws_typ(jws) || is_jwt(jws_typ(jws))) && (!jws_cty(jws) || !is_jwt(jws_cty(jws)));
}

enum reason id_token_verify(const char *token, size_t length, const struct jwk_set *keys,
                            const struct id_token_terms *terms, struct json_document **ret_claims)
{
    struct jws *jws AUTO_JWS = NULL;
    struct json_document *claims AUTO_JSON = NULL;
    const unsigned char *payload;
    size_t payload_length;
    enum reason reason = jws_parse(token, length, &jws);

    if (reason != REASON_OK)
        return reason;
    if (!type_is_fit(jws))
        return REASON_JWS_TYPE;
    reason = jws_verify(jws, keys, terms->signing_algs);
    if (reason != REASON_OK)
        return reason;
    payload = jws_payload(jws, &payload_length);
    claims = json_parse((const char *)payload, payload_length);
    if (!claims)
        return REASON_CLAIMS_MALFORMED;
    reason = check_claims(json_top(claims), terms);
    if (reason == REASON_OK)
        reason = check_at_hash(json_top(claims), jws_alg(jws), terms->access_token);
    if (reason != REASON_OK)
        return reason;
    *ret_claims = claims;
    claims = NULL;
    return REASON_OK;
}
