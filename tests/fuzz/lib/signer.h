/* SPDX-License-Identifier: BSD-2-Clause */
/* An issuer's key whose private half the tests have: Ed25519, whose signatures are always the same. */
#ifndef FUZZ_SIGNER_H
#define FUZZ_SIGNER_H

#include <stddef.h>
#include <stdint.h>

#include "jose/jwk.h"

/* {"keys":[...]}, one key, its kid "desk". */
const char *signer_key_set(void);
const struct jwk_set *signer_keys(void);

/* The compact token; free. Call it between faults_pause and faults_resume. */
char *signer_sign(const uint8_t *header, size_t header_length, const uint8_t *payload, size_t payload_length);

#endif
