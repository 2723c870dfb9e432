/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device authorization answer (RFC 8628 3.2). Tolerated: verification_url for verification_uri (Google),
 * numbers as decimal strings or with a fraction of zero, no interval. Clamped: interval and lifetime.
 * Everything a person will see passed the allow-list.
 */
#ifndef HELPER_DEVICE_ANSWER_H
#define HELPER_DEVICE_ANSWER_H

#include "http/http.h"
#include "oidc/device_grant.h"
#include "reason.h"

#define DEVICE_CODE_MAX 8192 /* bytes */

/*
 * Fills the answer's fields of `grant`; its life begins at now_ms. REASON_OK, or _IDP_BUSY (429),
 * _IDP_STATUS, _IDP_BAD_JSON, _CLIENT_REFUSED (401, or an OAuth error, whatever the status),
 * _DEVICE_ANSWER_INVALID, _UNSAFE_TEXT.
 */
enum reason device_answer_read(const struct http_answer *answer, int64_t now_ms, struct device_grant *grant);

#endif
