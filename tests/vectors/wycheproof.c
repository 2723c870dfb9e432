/* SPDX-License-Identifier: BSD-2-Clause */
/* The vectors of C2SP/wycheproof: tokens, and plain signatures of the algorithms that tokens use. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jose/alg.h"
#include "jose/base64url.h"
#include "jose/signature.h"
#include "vectors/vectors.h"

/*
 * Valid there, refused here: HS256; keys whose "alg" is not the token's ("PS256" with PS384) or no
 * algorithm at all ("ES521"); '?' within base64url.
 */
static bool is_override(int64_t id)
{
    static const int64_t ids[] = {1, 348, 352, 357, 358, 359, 376, 377, 346, 347, 350, 351, 372, 373};

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static void run_web_signatures(const char *name)
{
    struct json_document *document AUTO_JSON = read_json(name);
    const struct json_value *groups = json_get(json_top(document), "testGroups");
    struct tally tally = {0};

    for (size_t i = 0; i < json_array_length(groups); i++) {
        const struct json_value *group = json_array_at(groups, i), *tests = json_get(group, "tests");
        const struct json_value *public = json_get(group, "public");
        struct jwk_set *keys AUTO_JWK_SET = set_of(public ? public : json_get(group, "private"));

        for (size_t j = 0; j < json_array_length(tests); j++) {
            const struct json_value *test = json_array_at(tests, j);
            const char *token = string_of(test, "jws");
            const bool valid = json_string_is(json_get(test, "result"), "valid");
            int64_t id = 0;

            (void)json_integer(json_get(test, "tcId"), &id);
            judge(&tally, accepts(token, strlen(token), keys), valid && !is_override(id), name, id);
        }
    }
    report(name, &tally);
}

static bool hex_to_bytes(const char *hex, unsigned char **ret_bytes, size_t *ret_length)
{
    const size_t length = strlen(hex) / 2;
    unsigned char *bytes = malloc(length + 1);

    if (!bytes)
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned byte;

        if (sscanf(hex + 2 * i, "%2x", &byte) != 1) {
            free(bytes);
            return false;
        }
        bytes[i] = (unsigned char)byte;
    }
    *ret_bytes = bytes;
    *ret_length = length;
    return true;
}

static bool add_number(struct json_document *jwk, const char *name, const unsigned char *bytes, size_t length)
{
    char text[2048];

    return base64url_encode(bytes, length, text, sizeof text) && json_add_string(jwk, name, text);
}

static bool add_hex(struct json_document *jwk, const char *name, const char *hex)
{
    unsigned char *bytes AUTO_FREE = NULL;
    size_t length;

    return hex_to_bytes(hex, &bytes, &length) && add_number(jwk, name, bytes, length);
}

static bool add_point(struct json_document *jwk, const struct json_value *public)
{
    unsigned char *point AUTO_FREE = NULL;
    size_t length;

    if (!hex_to_bytes(string_of(public, "uncompressed"), &point, &length) || length % 2 != 1)
        return false;
    return add_number(jwk, "x", point + 1, length / 2) &&
           add_number(jwk, "y", point + 1 + length / 2, length / 2);
}

static const char *curve_name(const char *long_name)
{
    if (strcmp(long_name, "secp256r1") == 0)
        return "P-256";
    return strcmp(long_name, "secp384r1") == 0 ? "P-384" : "P-521";
}

/* Not every group has its key as a JWK: all are made from its numbers. */
static struct jwk *key_of(const struct json_value *group)
{
    const struct json_value *public = json_get(group, "publicKey");
    struct json_document *jwk AUTO_JSON = json_new();
    const char *curve = string_of(public, "curve"), *why;
    bool made;

    if (json_get(public, "modulus"))
        made = json_add_string(jwk, "kty", "RSA") && add_hex(jwk, "n", string_of(public, "modulus")) &&
               add_hex(jwk, "e", string_of(public, "publicExponent"));
    else if (json_get(public, "pk"))
        made = json_add_string(jwk, "kty", "OKP") && add_hex(jwk, "x", string_of(public, "pk")) &&
               json_add_string(jwk, "crv", strcmp(curve, "edwards25519") == 0 ? "Ed25519" : "Ed448");
    else
        made = json_add_string(jwk, "kty", "EC") && add_point(jwk, public) &&
               json_add_string(jwk, "crv", curve_name(curve));
    return made ? jwk_parse(json_top(jwk), &why) : NULL;
}

static bool accepts_raw(const struct jwk *key, const struct alg *alg, const struct json_value *test)
{
    unsigned char *message AUTO_FREE = NULL;
    unsigned char *signature AUTO_FREE = NULL;
    struct signed_bytes what;

    if (!hex_to_bytes(string_of(test, "msg"), &message, &what.length) ||
        !hex_to_bytes(string_of(test, "sig"), &signature, &what.signature_length))
        return false;
    what.bytes = message;
    what.signature = signature;
    return key && key_fits_alg(key, alg) && jwk_is_sound(key) && signature_is_good(key, alg, &what);
}

/* Signatures of plain messages. "acceptable" ones (RSA without the NULL in its DigestInfo) are refused. */
static void run_raw_signatures(const char *name, const char *alg, bool is_ours)
{
    struct json_document *document AUTO_JSON = read_json(name);
    const struct json_value *groups = json_get(json_top(document), "testGroups");
    struct tally tally = {0};

    for (size_t i = 0; i < json_array_length(groups); i++) {
        const struct json_value *group = json_array_at(groups, i), *tests = json_get(group, "tests");
        struct jwk *key = key_of(group);

        tally.wrong += (key != NULL) != is_ours;
        for (size_t j = 0; j < json_array_length(tests); j++) {
            const struct json_value *test = json_array_at(tests, j);
            const bool valid = json_string_is(json_get(test, "result"), "valid");
            int64_t id = 0;

            (void)json_integer(json_get(test, "tcId"), &id);
            judge(&tally, accepts_raw(key, alg_find(alg), test), valid && is_ours, name, id);
        }
        jwk_free(key);
    }
    report(name, &tally);
}

void run_wycheproof(void)
{
    static const struct {
        const char *name, *alg;
        bool is_ours; /* Ed448 is not: every one of its signatures is refused */
    } raw[] = {
        {"wycheproof_ecdsa_secp256r1_sha256_p1363_test.json", "ES256", true},
        {"wycheproof_ecdsa_secp384r1_sha384_p1363_test.json", "ES384", true},
        {"wycheproof_ecdsa_secp521r1_sha512_p1363_test.json", "ES512", true},
        {"wycheproof_ed25519_test.json", "Ed25519", true},
        {"wycheproof_ed448_test.json", "EdDSA", false},
        {"wycheproof_rsa_signature_2048_sha256_test.json", "RS256", true},
        {"wycheproof_rsa_signature_2048_sha384_test.json", "RS384", true},
        {"wycheproof_rsa_signature_2048_sha512_test.json", "RS512", true},
        {"wycheproof_rsa_signature_3072_sha256_test.json", "RS256", true},
        {"wycheproof_rsa_signature_4096_sha512_test.json", "RS512", true},
        {"wycheproof_rsa_pss_2048_sha256_mgf1_32_test.json", "PS256", true},
        {"wycheproof_rsa_pss_2048_sha384_mgf1_48_test.json", "PS384", true},
        {"wycheproof_rsa_pss_4096_sha512_mgf1_64_test.json", "PS512", true},
    };
    static const char tokens[] = "wycheproof_json_web_signature_test.json";

    if (is_there(tokens))
        run_web_signatures(tokens);
    for (size_t i = 0; i < sizeof raw / sizeof raw[0]; i++)
        if (is_there(raw[i].name))
            run_raw_signatures(raw[i].name, raw[i].alg, raw[i].is_ours);
}
