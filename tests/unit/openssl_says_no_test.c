/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OpenSSL says yes by 1 alone: each of its calls that verifying makes is done, and its answer then turned
 * into 0 or -1. Whoever does not look, or looks for the wrong answer, takes the signature, which is good.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "jose/hash.h"
#include "jose/jws.h"
#include "oidc/id_token.h"
#include "unit/alg_tokens.h"

enum call {
    NO_CALL,
    FROMDATA_INIT,
    FROMDATA,
    PUSH_BN,
    PUBLIC_CHECK,
    GET_BN_PARAM,
    SET_PADDING,
    SET_MGF1,
    SET_SALT,
    VERIFY_INIT,
    VERIFY,
    TO_DER,
    Q_DIGEST,
    DIGEST,
    CALLS
};

static struct {
    enum call call;
    int says;
    unsigned passed; /* calls of that kind that are answered truly first */
    bool came;
} no;
static size_t times_verified;

static int answer_of(enum call call, int answer)
{
    if (no.call != call || no.passed-- > 0)
        return answer;
    no.came = true;
    return no.says;
}

#define SAYS(call, name, parameters, arguments)                                                              \
    int __real_##name parameters;                                                                            \
    int __wrap_##name parameters;                                                                            \
    int __wrap_##name parameters                                                                             \
    {                                                                                                        \
        return answer_of(call, __real_##name arguments);                                                     \
    }

SAYS(FROMDATA_INIT, EVP_PKEY_fromdata_init, (EVP_PKEY_CTX * c), (c))
SAYS(FROMDATA, EVP_PKEY_fromdata, (EVP_PKEY_CTX * c, EVP_PKEY **key, int selection, OSSL_PARAM *params),
     (c, key, selection, params))
SAYS(PUSH_BN, OSSL_PARAM_BLD_push_BN, (OSSL_PARAM_BLD * b, const char *name, const BIGNUM *n), (b, name, n))
SAYS(PUBLIC_CHECK, EVP_PKEY_public_check, (EVP_PKEY_CTX * c), (c))
SAYS(GET_BN_PARAM, EVP_PKEY_get_bn_param, (const EVP_PKEY *key, const char *name, BIGNUM **n), (key, name, n))
SAYS(SET_PADDING, EVP_PKEY_CTX_set_rsa_padding, (EVP_PKEY_CTX * c, int padding), (c, padding))
SAYS(SET_MGF1, EVP_PKEY_CTX_set_rsa_mgf1_md_name, (EVP_PKEY_CTX * c, const char *name, const char *q),
     (c, name, q))
SAYS(SET_SALT, EVP_PKEY_CTX_set_rsa_pss_saltlen, (EVP_PKEY_CTX * c, int length), (c, length))
SAYS(VERIFY_INIT, EVP_DigestVerifyInit_ex,
     (EVP_MD_CTX * c, EVP_PKEY_CTX **p, const char *digest, OSSL_LIB_CTX *l, const char *q, EVP_PKEY *key,
      const OSSL_PARAM *params),
     (c, p, digest, l, q, key, params))
SAYS(TO_DER, i2d_ECDSA_SIG, (const ECDSA_SIG *signature, unsigned char **to), (signature, to))
SAYS(Q_DIGEST, EVP_Q_digest,
     (OSSL_LIB_CTX * l, const char *name, const char *q, const void *bytes, size_t n, unsigned char *to,
      size_t *length),
     (l, name, q, bytes, n, to, length))
SAYS(DIGEST, EVP_Digest,
     (const void *bytes, size_t n, unsigned char *to, unsigned *length, const EVP_MD *type, ENGINE *e),
     (bytes, n, to, length, type, e))

int __real_EVP_DigestVerify(EVP_MD_CTX *c, const unsigned char *signature, size_t n,
                            const unsigned char *bytes, size_t length);
int __wrap_EVP_DigestVerify(EVP_MD_CTX *c, const unsigned char *signature, size_t n,
                            const unsigned char *bytes, size_t length);
int __wrap_EVP_DigestVerify(EVP_MD_CTX *c, const unsigned char *signature, size_t n,
                            const unsigned char *bytes, size_t length)
{
    times_verified++;
    return answer_of(VERIFY, __real_EVP_DigestVerify(c, signature, n, bytes, length));
}

static const struct {
    const char *alg;
    enum call calls[12]; /* that verifying makes, up to NO_CALL */
} algs[] = {
    {"RS256",
     {FROMDATA_INIT, FROMDATA, PUSH_BN, PUBLIC_CHECK, GET_BN_PARAM, VERIFY_INIT, SET_PADDING, VERIFY}},
    {"PS256",
     {FROMDATA_INIT, FROMDATA, PUSH_BN, PUBLIC_CHECK, GET_BN_PARAM, VERIFY_INIT, SET_PADDING, SET_MGF1,
      SET_SALT, VERIFY}},
    {"ES256", {FROMDATA_INIT, FROMDATA, PUBLIC_CHECK, VERIFY_INIT, TO_DER, VERIFY}},
    {"EdDSA", {PUBLIC_CHECK, VERIFY_INIT, VERIFY}},
};
static bool is_taken_when(const char *alg, const char *token, enum call call, int says, unsigned passed)
{
    bool taken;

    no = (typeof(no)){.call = call, .says = says, .passed = passed};
    taken = is_taken(alg, token);
    no.call = NO_CALL;
    return taken;
}

static void nobody_but_1_is_yes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
        char *token AUTO_FREE = token_of(algs[i].alg, "payload", 0);

        assert_true(is_taken(algs[i].alg, token));
        for (const enum call *call = algs[i].calls; *call != NO_CALL; call++)
            for (int says = -1; says <= 0; says++)
                /* Some calls are made twice; the test itself reads a key's numbers once. */
                for (unsigned passed = *call == GET_BN_PARAM; passed < 2; passed++) {
                    const bool taken = is_taken_when(algs[i].alg, token, *call, says, passed);

                    assert_true(no.came || passed > 0);
                    if (no.came && taken)
                        fail_msg("%s: call %d says %d, and the token is taken", algs[i].alg, *call, says);
                }
    }
}

static void openssl_is_not_asked_about_a_signature_of_another_length(void **state)
{
    char *whole AUTO_FREE = token_of("ES256", "payload", 0),
                *short_one AUTO_FREE = token_of("ES256", "payload", 1);

    (void)state;
    times_verified = 0;
    assert_false(is_taken("ES256", short_one));
    assert_int_equal(times_verified, 0);
    assert_true(is_taken("ES256", whole));
    assert_int_equal(times_verified, 1);
}

static void without_a_digest_there_is_no_hash(void **state)
{
    char text[64] = "kept";

    (void)state;
    for (int says = -1; says <= 0; says++) {
        no = (typeof(no)){.call = Q_DIGEST, .says = says};
        assert_false(jws_half_hash("RS256", "token", text, sizeof text));
        no = (typeof(no)){.call = DIGEST, .says = says};
        assert_false(hash_sha256_text("token", text, sizeof text));
    }
    no.call = NO_CALL;
    assert_string_equal(text, "kept");
}

static void an_empty_at_hash_is_not_the_hash_that_could_not_be_made(void **state)
{
    static char rs256[] = "RS256";
    static char *const allowed[] = {rs256, NULL};
    const struct id_token_terms terms = {.issuer = "https://idp.example",
                                         .client_id = "client",
                                         .access_token = "token",
                                         .signing_algs = allowed,
                                         .now = 1700000000};
    char *token AUTO_FREE = token_of("RS256",
                                     "{\"iss\":\"https://idp.example\",\"sub\":\"ana\",\"aud\":\"client\","
                                     "\"exp\":1700000300,\"iat\":1700000000,\"at_hash\":\"\"}",
                                     0);
    char *jwk AUTO_FREE = rsa_jwk(rsa, NULL, "");
    struct jwk_set *keys AUTO_JWK_SET = set_of(jwk);
    struct json_document *claims = NULL;

    (void)state;
    no = (typeof(no)){.call = Q_DIGEST, .says = 0};
    assert_int_equal(id_token_verify(token, strlen(token), keys, &terms, &claims), REASON_CLAIM_AT_HASH);
    no.call = NO_CALL;
    assert_null(claims);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_but_1_is_yes),
        cmocka_unit_test(openssl_is_not_asked_about_a_signature_of_another_length),
        cmocka_unit_test(without_a_digest_there_is_no_hash),
        cmocka_unit_test(an_empty_at_hash_is_not_the_hash_that_could_not_be_made),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
