/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests of ID tokens: one good set of claims; each case changes one of them. */
#ifndef TESTS_ID_TOKEN_STAGE_H
#define TESTS_ID_TOKEN_STAGE_H

#include <openssl/rsa.h>

#include "oidc/id_token.h"
#include "unit/signed_token.h"

#define NOW 1700000000

static char eddsa[] = "EdDSA", rs256[] = "RS256";
static char *const algs[] = {eddsa, rs256, NULL};
static EVP_PKEY *ed, *rsa;

static inline int make_keys(void **state)
{
    (void)state;
    ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    rsa = EVP_RSA_gen(2048);
    return ed && rsa ? 0 : -1;
}

static inline int free_keys(void **state)
{
    (void)state;
    EVP_PKEY_free(ed);
    EVP_PKEY_free(rsa);
    return 0;
}

static inline struct id_token_terms terms_of_a_sign_in(void)
{
    return (struct id_token_terms){
        .issuer = "https://idp.example/tenant",
        .client_id = "client",
        .nonce = "n-0S6_WzA2Mj",
        .signing_algs = algs,
        .now = NOW,
        .waited_s = 120,
    };
}

/* Replaces the member `name` of the good claims by `member` ("" leaves it out), or adds it. */
static inline char *claims_with(const char *name, const char *member)
{
    static const char *const good[][2] = {
        {"iss", "\"iss\":\"https://idp.example/tenant\""},
        {"sub", "\"sub\":\"248289761001\""},
        {"aud", "\"aud\":\"client\""},
        {"exp", "\"exp\":1700000300"},
        {"iat", "\"iat\":1699999990"},
        {"nonce", "\"nonce\":\"n-0S6_WzA2Mj\""},
    };
    char *claims = NULL;
    size_t size;
    FILE *text = open_memstream(&claims, &size);
    const char *between = "{";
    bool replaced = false;

    assert_non_null(text);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const bool here = strcmp(good[i][0], name) == 0;
        const char *claim = here ? member : good[i][1];

        replaced = replaced || here;
        if (*claim) {
            (void)fprintf(text, "%s%s", between, claim);
            between = ",";
        }
    }
    if (!replaced && *member)
        (void)fprintf(text, "%s%s", between, member);
    (void)fputs("}", text);
    assert_int_equal(fclose(text), 0);
    return claims;
}

static inline enum reason verify(EVP_PKEY *key, const char *header, const char *payload,
                                 const struct id_token_terms *terms)
{
    char *token AUTO_FREE = signed_token(key, header, payload);
    char *jwk AUTO_FREE = key == rsa ? rsa_jwk(key, NULL, "") : ed25519_jwk(key, "");
    struct jwk_set *keys AUTO_JWK_SET = set_of(jwk);
    struct json_document *claims AUTO_JSON = NULL;
    const enum reason reason = id_token_verify(token, strlen(token), keys, terms, &claims);

    assert_int_equal(claims != NULL, reason == REASON_OK);
    return reason;
}

static inline enum reason verify_claims(const char *payload, const struct id_token_terms *terms)
{
    return verify(ed, "{\"alg\":\"EdDSA\"}", payload, terms);
}

struct claim_case {
    const char *member;
    enum reason expected;
};

static inline void run_cases(const char *name, const struct claim_case *cases, size_t count)
{
    const struct id_token_terms terms = terms_of_a_sign_in();

    for (size_t i = 0; i < count; i++) {
        char *claims AUTO_FREE = claims_with(name, cases[i].member);
        const enum reason reason = verify_claims(claims, &terms);

        if (reason != cases[i].expected)
            fail_msg("%s: %s, not %s", claims, reason_code(reason), reason_code(cases[i].expected));
    }
}

#define RUN(name, ...)                                                                                       \
    do {                                                                                                     \
        static const struct claim_case of_claim[] = {__VA_ARGS__};                                           \
        run_cases(name, of_claim, sizeof of_claim / sizeof of_claim[0]);                                     \
    } while (0)

#endif
