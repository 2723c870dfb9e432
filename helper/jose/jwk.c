/* SPDX-License-Identifier: BSD-2-Clause */
/* One JWK: what it says about its use must allow verifying, then its numbers must make a good public key. */
#include "jose/jwk.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "jose/alg.h"
#include "jose/base64url.h"
#include "jose/public_key.h"

struct jwk {
    EVP_PKEY *pkey;
    enum jwk_kind kind;
    char *kid, *alg;
};

static void cleanup_octets(struct octets *octets)
{
    free(octets->bytes);
}

/* A missing or malformed number gives no octets, which fit no key. */
static struct octets read_octets(const struct json_value *value, const char *name)
{
    struct octets octets = {0};
    const char *text;
    size_t length;

    if (json_string(json_get(value, name), &text, &length))
        octets.bytes = base64url_decode_new(text, length, &octets.length);
    return octets;
}

/* A private key that everybody can read is nobody's signature. */
static bool has_private_member(const struct json_value *value)
{
    static const char *const names[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (json_get(value, names[i]))
            return true;
    return false;
}

static bool use_allows_verifying(const struct json_value *value)
{
    const struct json_value *use = json_get(value, "use"), *operations = json_get(value, "key_ops");

    if (use && !json_string_is(use, "sig"))
        return false;
    if (!operations)
        return true;
    for (size_t i = 0; i < json_array_length(operations); i++)
        if (json_string_is(json_array_at(operations, i), "verify"))
            return true;
    return false;
}

static bool find_kind(const struct json_value *value, enum jwk_kind *ret_kind)
{
    static const struct {
        const char *kty, *crv;
        enum jwk_kind kind;
    } kinds[] = {
        {"RSA", NULL, JWK_RSA},       {"EC", "P-256", JWK_EC_P256},    {"EC", "P-384", JWK_EC_P384},
        {"EC", "P-521", JWK_EC_P521}, {"OKP", "Ed25519", JWK_ED25519},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (json_string_is(json_get(value, "kty"), kinds[i].kty) &&
            (!kinds[i].crv || json_string_is(json_get(value, "crv"), kinds[i].crv))) {
            *ret_kind = kinds[i].kind;
            return true;
        }
    return false;
}

static EVP_PKEY *read_public_key(const struct json_value *value, enum jwk_kind kind)
{
    struct octets x CLEANUP(cleanup_octets) = read_octets(value, kind == JWK_RSA ? "n" : "x");
    struct octets y CLEANUP(cleanup_octets) = read_octets(value, kind == JWK_RSA ? "e" : "y");

    if (kind == JWK_RSA)
        return public_key_rsa(&x, &y);
    return kind == JWK_ED25519 ? public_key_ed25519(&x) : public_key_ec(kind, &x, &y);
}

/* The word of the member `name`, copied; no such member: NULL. False: no string, too long, or no memory. */
static bool copy_word(const struct json_value *value, const char *name, char **ret_word)
{
    const struct json_value *member = json_get(value, name);
    const char *word;
    size_t length;

    if (!member) {
        *ret_word = NULL;
        return true;
    }
    if (!json_string(member, &word, &length) || length > JWK_KID_MAX)
        return false;
    *ret_word = strdup(word);
    return *ret_word != NULL;
}

/* NULL, or the word that says what is wrong. */
static const char *read_key(const struct json_value *value, struct jwk *key)
{
    const struct alg *alg;

    if (has_private_member(value))
        return "private";
    if (!use_allows_verifying(value))
        return "use";
    if (!find_kind(value, &key->kind))
        return "kty";
    if (!copy_word(value, "kid", &key->kid))
        return "kid";
    if (!copy_word(value, "alg", &key->alg))
        return "alg";
    alg = key->alg ? alg_find(key->alg) : NULL;
    if (key->alg && (!alg || alg->kind != key->kind))
        return "alg";
    key->pkey = read_public_key(value, key->kind);
    return key->pkey ? NULL : "numbers";
}

struct jwk *jwk_parse(const struct json_value *value, const char **ret_why)
{
    struct jwk *key = calloc(1, sizeof *key);
    const char *why = key ? read_key(value, key) : "memory";

    /* The queue is the thread's: TLS, too, reads it. */
    ERR_clear_error();
    if (!why)
        return key;
    jwk_free(key);
    *ret_why = why;
    return NULL;
}

void jwk_free(struct jwk *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey);
    free(key->kid);
    free(key->alg);
    free(key);
}

bool jwk_is_sound(const struct jwk *key)
{
    const bool sound = public_key_is_sound(key->pkey, key->kind);

    ERR_clear_error();
    return sound;
}

bool jwk_equal(const struct jwk *a, const struct jwk *b)
{
    return EVP_PKEY_eq(a->pkey, b->pkey) == 1;
}

enum jwk_kind jwk_kind(const struct jwk *key)
{
    return key->kind;
}

const char *jwk_kid(const struct jwk *key)
{
    return key->kid;
}

const char *jwk_alg(const struct jwk *key)
{
    return key->alg;
}

void *jwk_pkey(const struct jwk *key)
{
    return key->pkey;
}
