/* SPDX-License-Identifier: BSD-2-Clause */
/* The examples of RFC 7515, 7517, 7520, 7797 and 8037, as two collections have them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vectors/vectors.h"

/* The examples of RFCs give whole key pairs: our JWK reader takes public members only. */
static bool copy_public_member(void *context, const char *name, const struct json_value *value)
{
    static const char *const names[] = {"kty", "crv", "n", "e", "x", "y", "use", "alg", "kid"};
    const char *text;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0 && json_string(value, &text, NULL))
            return json_add_string(context, name, text);
    return true;
}

static struct jwk_set *public_set_of(const struct json_value *key)
{
    struct json_document *public AUTO_JSON = json_new();

    if (!public)
        return NULL;
    json_each_member(key, copy_public_member, public);
    return set_of(json_top(public));
}

/* A key pair as published, with its private half, must make no usable key. */
static bool is_passed_over(const struct json_value *key)
{
    struct jwk_set *keys AUTO_JWK_SET = set_of(key);

    return keys && jwk_set_count(keys) == 0;
}

static bool cookbook_is_valid(const char *name)
{
    return strstr(name, "jws_4_1.") || strstr(name, "jws_4_2.") || strstr(name, "jws_4_3.");
}

/* RFC 7520 section 4 and RFC 7797: RS256, PS384 and ES512 hold; HS256, detached and unprotected do not. */
static void run_cookbook(const char *name)
{
    struct json_document *document AUTO_JSON = read_json(name);
    const struct json_value *input = json_get(json_top(document), "input"), *key = json_get(input, "key");
    const struct json_value *output = json_get(json_top(document), "output");
    const char *compact = string_of(output, "compact");
    struct tally tally = {0};

    if (cookbook_is_valid(name))
        judge(&tally, !is_passed_over(key), false, "key pair", 1);
    for (size_t i = 0; i < (json_is_array(key) ? json_array_length(key) : 1); i++) {
        struct jwk_set *keys AUTO_JWK_SET = public_set_of(json_is_array(key) ? json_array_at(key, i) : key);
        char *general AUTO_FREE = json_print(json_get(output, "json"));
        char *flat AUTO_FREE = json_print(json_get(output, "json_flat"));

        judge(&tally, accepts(compact, strlen(compact), keys), cookbook_is_valid(name), "compact", 1);
        judge(&tally, accepts(general, strlen(general), keys), false, "general JSON", 1);
        judge(&tally, accepts(flat, strlen(flat), keys), false, "flattened JSON", 1);
    }
    report(name, &tally);
}

/* The key beside a token of latchset: in the file NAME.jwk, which may only name another file. */
static struct jwk_set *latchset_keys(const char *name)
{
    char path[512], other[512];
    size_t length;
    char *text AUTO_FREE = NULL;
    struct json_document *document AUTO_JSON = NULL;

    (void)snprintf(path, sizeof path, "latchset_jose/%s", name);
    text = read_file(path, &length);
    if (text && strncmp(text, "rfc75", 5) == 0 && length < 64) {
        (void)snprintf(other, sizeof other, "latchset_jose/%.*s", (int)strcspn(text, "\n"), text);
        document = read_json(other);
    } else if (text) {
        document = json_parse(text, length);
    }
    return document ? public_set_of(json_top(document)) : NULL;
}

static void run_latchset_token(const char *name, const char *key_name, bool expected)
{
    struct jwk_set *keys AUTO_JWK_SET = latchset_keys(key_name);
    struct tally tally = {0};
    char path[512];
    size_t length = 0;
    char *token AUTO_FREE = NULL;

    (void)snprintf(path, sizeof path, "latchset_jose/%s", name);
    if (!is_there(path))
        return;
    token = read_file(path, &length);
    judge(&tally, token && accepts(token, length, keys), expected, path, 1);
    report(path, &tally);
}

static void run_latchset_set(const char *name, size_t usable)
{
    char path[512];
    size_t length = 0;
    char *text AUTO_FREE = NULL;
    struct jwk_set *keys AUTO_JWK_SET = NULL;
    struct tally tally = {0};

    (void)snprintf(path, sizeof path, "latchset_jose/%s", name);
    if (!is_there(path))
        return;
    text = read_file(path, &length);
    keys = text ? jwk_set_parse(text, length) : NULL;
    judge(&tally, keys && jwk_set_count(keys) == usable, true, path, (int64_t)usable);
    report(path, &tally);
}

static void run_single_example(const char *name, bool expected)
{
    struct json_document *document AUTO_JSON = read_json(name);
    struct jwk_set *keys AUTO_JWK_SET = set_of(json_get(json_top(document), "jwk_public"));
    const char *token = string_of(json_top(document), "jws_compact");
    struct tally tally = {0};

    judge(&tally, accepts(token, strlen(token), keys), expected, name, 1);
    report(name, &tally);
}

static void run_latchset(void)
{
    static const struct {
        const char *token, *key;
        bool valid;
    } tokens[] = {
        {"rfc7515_A.1.jwsc", "rfc7515_A.1.jwk", false}, /* HS256 */
        {"rfc7515_A.2.jwsc", "rfc7515_A.2.jwk", true},
        {"rfc7515_A.3.jwsc", "rfc7515_A.3.jwk", true},
        {"rfc7515_A.4.jwsc", "rfc7515_A.4.jwk", true},
        {"rfc7515_A.5.jwsc", "rfc7515_A.2.jwk", false},   /* none */
        {"rfc7515_A.6.jwsg", "rfc7515_A.6.1.jwk", false}, /* JSON, likewise all *.jwsg and *.jwsf */
        {"rfc7515_A.7.jwsf", "rfc7515_A.7.jwk", false},
        {"rfc7520_4.1.jwsc", "rfc7520_4.1.jwk", true},
        {"rfc7520_4.1.jwsf", "rfc7520_4.1.jwk", false},
        {"rfc7520_4.1.jwsg", "rfc7520_4.1.jwk", false},
        {"rfc7520_4.2.jwsc", "rfc7520_4.2.jwk", true},
        {"rfc7520_4.2.jwsf", "rfc7520_4.2.jwk", false},
        {"rfc7520_4.2.jwsg", "rfc7520_4.2.jwk", false},
        {"rfc7520_4.3.jwsc", "rfc7520_4.3.jwk", true},
        {"rfc7520_4.3.jwsf", "rfc7520_4.3.jwk", false},
        {"rfc7520_4.3.jwsg", "rfc7520_4.3.jwk", false},
        {"rfc7520_4.4.jwsc", "rfc7520_4.4.jwk", false}, /* HS256, here and below */
        {"rfc7520_4.4.jwsf", "rfc7520_4.4.jwk", false},
        {"rfc7520_4.4.jwsg", "rfc7520_4.4.jwk", false},
        {"rfc7520_4.5.jwsc", "rfc7520_4.5.jwk", false},
        {"rfc7520_4.5.jwsf", "rfc7520_4.5.jwk", false},
        {"rfc7520_4.5.jwsg", "rfc7520_4.5.jwk", false},
        {"rfc7520_4.6.jwsf", "rfc7520_4.6.jwk", false},
        {"rfc7520_4.6.jwsg", "rfc7520_4.6.jwk", false},
        {"rfc7520_4.7.jwsf", "rfc7520_4.7.jwk", false},
        {"rfc7520_4.7.jwsg", "rfc7520_4.7.jwk", false},
        {"rfc7520_4.8.jwsg", "rfc7520_4.8.1.jwk", false},
    };
    static const struct {
        const char *name;
        size_t usable;
    } sets[] = {
        {"rfc7515_A.6.jwkset", 0},                            /* private keys, here and below */
        {"rfc7517_A.1.jwkset", 1},                            /* the other is for encryption */
        {"rfc7517_A.2.jwkset", 0}, {"rfc7517_A.3.jwkset", 0}, /* oct */
        {"rfc7520_4.8.jwkset", 0},
    };

    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
        run_latchset_token(tokens[i].token, tokens[i].key, tokens[i].valid);
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        run_latchset_set(sets[i].name, sets[i].usable);
}

void run_rfc_examples(void)
{
    static const char *const cookbook[] = {
        "ietf_jose_cookbook/jws_4_1.rsa_v15_signature.json",
        "ietf_jose_cookbook/jws_4_2.rsa-pss_signature.json",
        "ietf_jose_cookbook/jws_4_3.ecdsa_signature.json",
        "ietf_jose_cookbook/jws_4_4.hmac-sha2_integrity_protection.json",
        "ietf_jose_cookbook/jws_4_5.signature_with_detached_content.json",
        "ietf_jose_cookbook/jws_4_6.protecting_specific_header_fields.json",
        "ietf_jose_cookbook/jws_4_7.protecting_content_only.json",
        "ietf_jose_cookbook/jws_4_8.multiple_signatures.json",
        "ietf_jose_cookbook/rfc7797_4.2.hmac-sha2_b64_false.json",
        "ietf_jose_cookbook/rfc7797_hmac-sha2_b64_false.json",
    };

    for (size_t i = 0; i < sizeof cookbook / sizeof cookbook[0]; i++)
        if (is_there(cookbook[i]))
            run_cookbook(cookbook[i]);
    run_latchset();
    if (is_there("rfc8037_A4_ed25519.json"))
        run_single_example("rfc8037_A4_ed25519.json", true);
    if (is_there("rfc7515_E_crit_negative.json"))
        run_single_example("rfc7515_E_crit_negative.json", false);
}
