/* SPDX-License-Identifier: BSD-2-Clause */
/* Fetching an issuer's key set. */
#ifndef HELPER_KEYS_H
#define HELPER_KEYS_H

#include "http/http.h"
#include "oidc/discovery.h"
#include "reason.h"

/* Status 200 and a JSON body were checked: *ret_answer holds text and lifetime. Else _KEYS_UNAVAILABLE or one
 * of http.h. */
enum reason keys_fetch(struct http *http, const struct discovery *discovery, struct http_answer *ret_answer);

#endif
