/* SPDX-License-Identifier: BSD-2-Clause */
/* A key set: keys that are given may verify, and nothing else may. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "jose/alg.h"
#include "jose/jwk.h"
#include "jose/signature.h"

static void judge_key(const struct jwk_set *set, const struct jwk *key)
{
    const char *kid = jwk_kid(key), *alg = jwk_alg(key);

    FUZZ_CHECK(key && jwk_pkey(key));
    FUZZ_CHECK(jwk_kind(key) >= JWK_RSA && jwk_kind(key) <= JWK_ED25519);
    FUZZ_CHECK(!kid || strlen(kid) <= JWK_KID_MAX);
    FUZZ_CHECK(!alg ||
               (alg_find(alg) && alg_find(alg)->kind == jwk_kind(key) && key_fits_alg(key, alg_find(alg))));
    (void)jwk_set_has_unfit(set, kid ? kid : "");
    if (jwk_kind(key) != JWK_RSA)
        (void)jwk_is_sound(key);
    FUZZ_CHECK(faults_fired() || jwk_equal(key, key));
}

static void judge(const uint8_t *data, size_t size)
{
    static const unsigned char nothing[64];
    const struct signed_bytes unsigned_bytes = {nothing, nothing, sizeof nothing, sizeof nothing};
    char *text = (char *)fuzz_copy(data, size);
    struct jwk_set *set = jwk_set_parse(text, size);

    free(text);
    if (!set)
        return;
    FUZZ_CHECK(jwk_set_count(set) <= JWK_KEYS_MAX && !jwk_set_at(set, jwk_set_count(set)));
    for (size_t i = 0; i < jwk_set_count(set); i++) {
        const struct jwk *key = jwk_set_at(set, i);

        fuzz_note_good();
        judge_key(set, key);
        /* A signature of zeros is nobody's: small-order points would make it everybody's. */
        if (jwk_kind(key) == JWK_ED25519 && jwk_is_sound(key))
            FUZZ_CHECK(!signature_is_good(key, alg_find("EdDSA"), &unsigned_bytes));
    }
    jwk_set_free(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
