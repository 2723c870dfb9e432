/* SPDX-License-Identifier: BSD-2-Clause */
/* private_key_jwt: a client proves itself by a signature (RFC 7523, OIDC Core 9). */
#ifndef HELPER_CLIENT_ASSERTION_H
#define HELPER_CLIENT_ASSERTION_H

#include "oidc/device_grant.h"

#define CLIENT_ASSERTION_TYPE   "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define CLIENT_ASSERTION_LIFE_S 120

/*
 * The algorithm: as configured, or for an RSA key RS256 unless the server lists PS256 and not RS256, for
 * P-256 ES256. NULL: the secret is no key of signing_key.h, or none for what is configured.
 */
const char *client_assertion_alg(enum client_signing_alg configured, const struct secret *secret,
                                 const struct discovery *discovery);

/* A new one, with a jti of its own; malloc'd, NULL: no memory, or the key does not sign. */
char *client_assertion_new(const struct device_client *client);

#endif
