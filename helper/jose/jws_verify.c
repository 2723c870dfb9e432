/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which key may have made this signature, and did it? The order is: algorithm allowed, key found, key fit for
 * that algorithm, key sound, signature good.
 */
#include <string.h>

#include "jose/alg.h"
#include "jose/jws.h"
#include "jose/signature.h"

static bool is_signed_by(const struct jws *jws, const struct jwk *key, const struct alg *alg)
{
    struct signed_bytes what;

    jws_signed_bytes(jws, &what);
    return signature_is_good(key, alg, &what);
}

bool jws_verify_with(const struct jws *jws, const struct jwk *key)
{
    const struct alg *alg = alg_find(jws_alg(jws));

    return alg && key_fits_alg(key, alg) && jwk_is_sound(key) && is_signed_by(jws, key, alg);
}

/* Two different keys of one kid that both fit: nobody can say whose signature it was. */
static enum reason verify_by_kid(const struct jws *jws, const struct jwk_set *keys, const struct alg *alg)
{
    const struct jwk *chosen = NULL;
    bool seen = jwk_set_has_unfit(keys, jws_kid(jws));

    for (size_t i = 0; i < jwk_set_count(keys); i++) {
        const struct jwk *key = jwk_set_at(keys, i);

        if (!jwk_kid(key) || strcmp(jwk_kid(key), jws_kid(jws)) != 0)
            continue;
        seen = true;
        if (!key_fits_alg(key, alg))
            continue;
        if (chosen && !jwk_equal(chosen, key))
            return REASON_KEY_UNFIT;
        chosen = key;
    }
    if (!chosen)
        return seen ? REASON_KEY_UNFIT : REASON_KEY_UNKNOWN;
    if (!jwk_is_sound(chosen))
        return REASON_KEY_UNFIT;
    return is_signed_by(jws, chosen, alg) ? REASON_OK : REASON_SIGNATURE;
}

/* No key of the set made this signature: the issuer may have changed keys since, so it is "unknown". */
static enum reason verify_by_trying(const struct jws *jws, const struct jwk_set *keys, const struct alg *alg)
{
    const struct jwk *fitting[JWK_TRIED_MAX];
    size_t count = 0;

    for (size_t i = 0; i < jwk_set_count(keys); i++) {
        if (!key_fits_alg(jwk_set_at(keys, i), alg))
            continue;
        if (count == JWK_TRIED_MAX)
            return REASON_KEY_UNFIT;
        fitting[count++] = jwk_set_at(keys, i);
    }
    for (size_t i = 0; i < count; i++)
        if (jws_verify_with(jws, fitting[i]))
            return REASON_OK;
    return REASON_KEY_UNKNOWN;
}

static bool is_allowed(const char *name, char *const *allowed)
{
    for (; *allowed; allowed++)
        if (jws_alg_is_same(*allowed, name))
            return true;
    return false;
}

enum reason jws_verify(const struct jws *jws, const struct jwk_set *keys, char *const *allowed)
{
    const struct alg *alg = alg_find(jws_alg(jws));

    if (!is_allowed(jws_alg(jws), allowed)) /* nor is what is unknown */
        return REASON_ALG_NOT_ALLOWED;
    return jws_kid(jws) ? verify_by_kid(jws, keys, alg) : verify_by_trying(jws, keys, alg);
}
