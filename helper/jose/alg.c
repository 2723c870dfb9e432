/* SPDX-License-Identifier: BSD-2-Clause */
/* One row an algorithm: whatever is not here does not exist. */
#include "jose/alg.h"

#include <openssl/evp.h>
#include <string.h>

#include "jose/base64url.h"
#include "jose/jws.h"

/* One object each, so that two rows have the same digest when they have the same pointer. */
static const char sha256[] = "SHA256", sha384[] = "SHA384", sha512[] = "SHA512";

static const struct alg algs[] = {
    {"RS256", JWK_RSA, sha256, false},     {"RS384", JWK_RSA, sha384, false},
    {"RS512", JWK_RSA, sha512, false},     {"PS256", JWK_RSA, sha256, true},
    {"PS384", JWK_RSA, sha384, true},      {"PS512", JWK_RSA, sha512, true},
    {"ES256", JWK_EC_P256, sha256, false}, {"ES384", JWK_EC_P384, sha384, false},
    {"ES512", JWK_EC_P521, sha512, false}, {"EdDSA", JWK_ED25519, NULL, false},
    {"Ed25519", JWK_ED25519, NULL, false},
};

const struct alg *alg_find(const char *name)
{
    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++)
        if (strcmp(algs[i].name, name) == 0)
            return &algs[i];
    return NULL;
}

bool alg_equal(const struct alg *a, const struct alg *b)
{
    return a->kind == b->kind && a->pss == b->pss && a->digest == b->digest;
}

bool jws_alg_is_same(const char *a, const char *b)
{
    const struct alg *first = alg_find(a), *second = alg_find(b);

    return first && second && alg_equal(first, second);
}

bool jws_half_hash(const char *alg, const char *ascii, char *ret_text, size_t size)
{
    const struct alg *known = alg_find(alg);
    unsigned char digest[EVP_MAX_MD_SIZE];
    size_t length = 0;

    /* Ed25519 hashes with SHA-512 inside; OIDC Core has no word for it, servers take that one. */
    if (!known || EVP_Q_digest(NULL, known->digest ? known->digest : sha512, NULL, ascii, strlen(ascii),
                               digest, &length) != 1)
        return false;
    return base64url_encode(digest, length / 2, ret_text, size);
}
