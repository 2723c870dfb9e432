/* SPDX-License-Identifier: BSD-2-Clause */
/* Tokens and fixed keys: accepted is only what the owners of these keys signed. */
#include "jose/jws.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "fuzz/lib/known_tokens.h"

static char rs256[] = "RS256", ps256[] = "PS256", es256[] = "ES256", es384[] = "ES384", es512[] = "ES512",
            eddsa[] = "EdDSA";
static char *const all[] = {rs256, ps256, es256, es384, es512, eddsa, NULL};
static char *const none[] = {NULL};

/* What is signed: the token up to its second dot. */
static size_t signed_length(const char *token, size_t length)
{
    size_t dots = 0;

    for (size_t i = 0; i < length; i++)
        if (token[i] == '.' && ++dots == 2)
            return i;
    return length;
}

static bool is_known(const char *token, size_t length)
{
    const size_t count = signed_length(token, length);

    for (size_t i = 0; i < sizeof known_tokens / sizeof known_tokens[0]; i++)
        if (signed_length(known_tokens[i], strlen(known_tokens[i])) == count &&
            memcmp(known_tokens[i], token, count) == 0)
            return true;
    return false;
}

static bool is_whole(const char *token, size_t length)
{
    for (size_t i = 0; i < sizeof known_tokens / sizeof known_tokens[0]; i++)
        if (strlen(known_tokens[i]) == length && memcmp(known_tokens[i], token, length) == 0)
            return true;
    return false;
}

static struct jwk_set *keys(void)
{
    static struct jwk_set *set;

    faults_pause();
    if (!set)
        set = jwk_set_parse(known_keys, sizeof known_keys - 1);
    faults_resume();
    FUZZ_CHECK(set && jwk_set_count(set) == 5);
    return set;
}

static void judge(const uint8_t *data, size_t size)
{
    char *token = (char *)fuzz_copy(data, size);
    struct jws *untouched = (struct jws *)(uintptr_t)token, *jws = untouched;
    const enum reason reason = jws_parse(token, size, &jws);
    char half[64];
    size_t length;
    bool is_good;

    if (reason != REASON_OK) {
        FUZZ_CHECK(jws == untouched && (faults_fired() || !is_whole(token, size)));
        free(token);
        return;
    }
    (void)keys();
    is_good = jws_verify(jws, keys(), all) == REASON_OK;
    if (is_good)
        fuzz_note_good();
    FUZZ_CHECK(!is_good || is_known(token, size));
    FUZZ_CHECK(is_good || faults_fired() || !is_whole(token, size));
    FUZZ_CHECK(jws_verify(jws, keys(), none) == REASON_ALG_NOT_ALLOWED);
    FUZZ_CHECK(jws_payload(jws, &length) && length < size);
    for (size_t i = 0; i < jwk_set_count(keys()); i++)
        if (jws_verify_with(jws, jwk_set_at(keys(), i)))
            FUZZ_CHECK(is_known(token, size));
    if (jws_half_hash(jws_alg(jws), "access token", half, sizeof half))
        FUZZ_CHECK(strlen(half) >= 22 && strlen(half) <= 43);
    jws_free(jws);
    free(token);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
