/* SPDX-License-Identifier: BSD-2-Clause */
/* Is this the signature of these bytes under this key? Nothing of tokens here. */
#ifndef HELPER_SIGNATURE_H
#define HELPER_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "jose/alg.h"
#include "jose/jwk.h"

struct signed_bytes {
    const unsigned char *bytes, *signature;
    size_t length, signature_length;
};

/* The key's type decides, and its own word about the algorithm when it has one. */
bool key_fits_alg(const struct jwk *key, const struct alg *alg);

/* For a key that fits the algorithm and is sound. ECDSA signatures are r and s side by side (RFC 7518 3.4).
 */
bool signature_is_good(const struct jwk *key, const struct alg *alg, const struct signed_bytes *what);

#endif
