/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature algorithms of this program (RFC 7518 section 3, RFC 8037, RFC 9864), each for one kind of
 * key. */
#ifndef HELPER_ALG_H
#define HELPER_ALG_H

#include <stdbool.h>

#include "jose/jwk.h"

struct alg {
    const char *name;
    enum jwk_kind kind;
    const char *digest; /* NULL: the signature scheme hashes by itself */
    bool pss;
};

/* Exact and case-sensitive; NULL: not ours, and so never "none" and never HS*. */
const struct alg *alg_find(const char *name);

/* The same algorithm, if under two names: "EdDSA" with a key of Ed25519 is "Ed25519". */
bool alg_equal(const struct alg *a, const struct alg *b);

#endif
