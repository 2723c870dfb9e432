/* SPDX-License-Identifier: BSD-2-Clause */
/* OIDC Core 5.3: claims that the ID token left out, believed only for the same subject. */
#ifndef HELPER_USERINFO_H
#define HELPER_USERINFO_H

#include "http/http.h"
#include "oidc/discovery.h"
#include "reason.h"
#include "secret.h"
#include "json/json.h"

#define USERINFO_MAX (64 * 1024) /* bytes */

/* REASON_OK and the claims, or _USERINFO_FAILED (status, no JSON, too large), _USERINFO_SUB, or one of
 * http.h. */
enum reason userinfo_fetch(struct http *http, const struct discovery *discovery,
                           const struct secret *access_token, const char *subject,
                           struct json_document **ret_claims);

#endif
