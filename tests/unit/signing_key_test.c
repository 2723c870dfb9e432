/* SPDX-License-Identifier: BSD-2-Clause */
/* Which keys sign, and that what they signed verifies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "jose/jws.h"
#include "jose/signing_key.h"
#include "unit/pem_key.h"

#define PAYLOAD "{\"jti\":\"1\"}"

static struct signing_key *parse(const char *pem)
{
    return signing_key_parse(pem, strlen(pem));
}

static char *signed_by(const struct pem_key *pem, const char *alg)
{
    AUTO_SIGNING_KEY struct signing_key *key = parse(pem->text);
    char header[64];

    assert_non_null(key);
    (void)snprintf(header, sizeof header, "{\"alg\":\"%s\"}", alg);
    return signing_key_sign(key, alg, header, PAYLOAD);
}

static enum reason verified(const char *token, EVP_PKEY *pkey, const char *alg)
{
    AUTO_JWK_SET struct jwk_set *keys = public_half(pkey);
    struct jws *jws AUTO_JWS = NULL;
    char name[8];
    char *const allowed[] = {name, NULL};
    size_t length;

    (void)snprintf(name, sizeof name, "%s", alg);
    assert_int_equal(jws_parse(token, strlen(token), &jws), REASON_OK);
    assert_memory_equal(jws_payload(jws, &length), PAYLOAD, strlen(PAYLOAD));
    assert_int_equal(length, strlen(PAYLOAD));
    return jws_verify(jws, keys, allowed);
}

static void what_a_key_signs_verifies_with_its_public_half(void **state)
{
    AUTO_PEM_KEY struct pem_key rsa = pem_key_of(EVP_RSA_gen(2048), NULL);
    AUTO_PEM_KEY struct pem_key p256 = pem_key_of(EVP_EC_gen("P-256"), NULL);
    AUTO_PEM_KEY struct pem_key stranger = pem_key_of(EVP_EC_gen("P-256"), NULL);
    const struct {
        const struct pem_key *key;
        const char *alg;
    } pairs[] = {{&rsa, "RS256"}, {&rsa, "PS256"}, {&p256, "ES256"}};

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        AUTO_FREE char *token = signed_by(pairs[i].key, pairs[i].alg);

        assert_non_null(token);
        assert_int_equal(verified(token, pairs[i].key->pkey, pairs[i].alg), REASON_OK);
        if (pairs[i].key == &p256)
            assert_int_not_equal(verified(token, stranger.pkey, "ES256"), REASON_OK);
    }
}

/* "BEGIN RSA PRIVATE KEY", "BEGIN EC PRIVATE KEY" behind its parameters. */
static void assert_older_form_signs(struct pem_key key, const char *before, const char *alg)
{
    BIO *bio = BIO_new(BIO_s_mem());
    AUTO_FREE char *token = NULL;
    int length;

    assert_true(BIO_puts(bio, before) >= 0);
    assert_int_equal(PEM_write_bio_PrivateKey_traditional(bio, key.pkey, NULL, NULL, 0, NULL, NULL), 1);
    length = BIO_read(bio, key.text, (int)sizeof key.text - 1);
    assert_true(length > 0);
    key.text[length - 1] = '\0'; /* no newline at the end, as a secret's file is read */
    BIO_free(bio);
    token = signed_by(&key, alg);
    assert_int_equal(verified(token, key.pkey, alg), REASON_OK);
    pem_key_free(&key);
}

static void keys_of_the_older_forms_sign_too(void **state)
{
    static const char parameters[] =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

    (void)state;
    assert_older_form_signs(pem_key_of(EVP_RSA_gen(2048), NULL), "", "RS256");
    assert_older_form_signs(pem_key_of(EVP_EC_gen("P-256"), NULL), parameters, "ES256");
}

/* An r or s that begins with a zero byte comes once in 128 times: it, too, takes 32 bytes. */
static void every_signature_of_p256_is_64_bytes_long(void **state)
{
    AUTO_PEM_KEY struct pem_key p256 = pem_key_of(EVP_EC_gen("P-256"), NULL);

    (void)state;
    for (int i = 0; i < 600; i++) {
        AUTO_FREE char *token = signed_by(&p256, "ES256");

        assert_int_equal(strlen(strrchr(token, '.') + 1), 86);
    }
}

static void an_algorithm_of_another_key_or_strength_does_not_sign(void **state)
{
    static const char *const unfit[] = {"ES256", "RS384", "RS512", "PS512", "HS256", "none", "rs256", ""};
    AUTO_PEM_KEY struct pem_key rsa = pem_key_of(EVP_RSA_gen(2048), NULL);
    AUTO_PEM_KEY struct pem_key p256 = pem_key_of(EVP_EC_gen("P-256"), NULL);

    (void)state;
    for (size_t i = 0; i < sizeof unfit / sizeof unfit[0]; i++)
        assert_null(signed_by(&rsa, unfit[i]));
    assert_null(signed_by(&p256, "RS256"));
    assert_null(signed_by(&p256, "ES384"));
}

static void keys_that_are_weak_or_of_another_kind_are_none(void **state)
{
    struct pem_key keys[] = {
        pem_key_of(EVP_RSA_gen(1024), NULL),
        pem_key_of(EVP_EC_gen("P-384"), NULL),
        pem_key_of(EVP_EC_gen("secp256k1"), NULL),
        pem_key_of(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), NULL),
    };

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_null(parse(keys[i].text));
        pem_key_free(&keys[i]);
    }
}

/* A question would wait for somebody at a terminal. */
static void a_key_with_a_passphrase_is_refused_without_a_question(void **state)
{
    AUTO_PEM_KEY struct pem_key locked = pem_key_of(EVP_EC_gen("P-256"), "open sesame");

    (void)state;
    assert_true(signing_key_is_pem(locked.text, strlen(locked.text)));
    assert_null(parse(locked.text));
}

static void what_is_no_key_is_none(void **state)
{
    static const char *const texts[] = {"", "a secret", "-----BEGIN PRIVATE KEY-----",
                                        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                                        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_null(parse(texts[i]));
    assert_null(signing_key_parse(NULL, 0));
    assert_false(signing_key_is_pem(texts[1], strlen(texts[1])));
    assert_true(signing_key_is_pem(texts[2], strlen(texts[2])));
    assert_false(signing_key_is_pem(texts[4], strlen(texts[4])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_key_signs_verifies_with_its_public_half),
        cmocka_unit_test(keys_of_the_older_forms_sign_too),
        cmocka_unit_test(every_signature_of_p256_is_64_bytes_long),
        cmocka_unit_test(an_algorithm_of_another_key_or_strength_does_not_sign),
        cmocka_unit_test(keys_that_are_weak_or_of_another_kind_are_none),
        cmocka_unit_test(a_key_with_a_passphrase_is_refused_without_a_question),
        cmocka_unit_test(what_is_no_key_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
