/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of an identity are taken by. */
#ifndef HELPER_CLAIMS_INTERNAL_H
#define HELPER_CLAIMS_INTERNAL_H

#include "members/claims.h"

/* A string of 1 to max bytes; it lives as long as the document. */
bool value_is_text(const struct json_value *value, size_t max, const char **ret_text);
const char *claim_text(const struct json_value *document, const char *path, size_t max); /* NULL: none */

void take_email(const struct json_value *id_token, const struct json_value *userinfo, const char *path,
                struct identity *identity);

/* Each: false for want of memory. */
bool take_groups(const struct json_value *id_token, const struct json_value *userinfo, const char *path,
                 struct identity *identity);
bool take_proof(const struct json_value *id_token, struct identity *identity);
bool take_missing_claim(const struct connection *connection, const struct json_value *id_token,
                        const struct json_value *userinfo, struct identity *identity);

#endif
