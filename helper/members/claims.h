/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who somebody is, in the words of one connection: claims of the verified ID token first, of userinfo (same
 * subject) second. Plain strings, owned; nothing here decides anything.
 */
#ifndef HELPER_CLAIMS_H
#define HELPER_CLAIMS_H

#include <stdbool.h>

#include "connection/connection.h"
#include "frontdesk/member_name.h"
#include "json.h"
#include "reason.h"

#define CLAIM_TEXT_MAX                                                                                       \
    512                /* bytes of a name, e-mail or username claim; longer ones are refused or left out */
#define GROUPS_MAX 200 /* more: no groups at all, logged */

struct identity {
    char *issuer, *subject;
    char *username;      /* the raw claim; NULL: not there or no string */
    char *full_name;     /* NULL: not there, or not printable */
    char *email;         /* lower case; NULL: not there */
    bool email_verified; /* true only for email_verified true or "true" */
    char **groups;       /* NULL-terminated, never NULL */
};

/* userinfo may be NULL. REASON_CLAIM_ISS when iss is not the connection's issuer, _CLAIM_SUB without one. */
enum reason identity_from_claims(const struct connection *connection, const struct json_value *id_token,
                                 const struct json_value *userinfo, struct identity *ret_identity);

/* Does username, name or email need userinfo, i.e. is it missing from the ID token? For userinfo = auto. */
bool claims_are_missing(const struct connection *connection, const struct json_value *id_token);

void identity_clear(struct identity *identity);

#endif
