/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who somebody is, in the words of one connection: claims of the verified ID token first, of userinfo (same
 * subject) second. Plain strings, owned; nothing here decides anything.
 *
 * An e-mail counts as verified by the flag beside it only, `<email_claim>_verified` (so "email_verified" for
 * "email"): a flag about another claim says nothing about this one. The flag is taken from the document that
 * gave the e-mail, or from the other one when that has the same e-mail.
 */
#ifndef HELPER_CLAIMS_H
#define HELPER_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

#include "connection/connection.h"
#include "frontdesk/member_name.h"
#include "reason.h"
#include "json/json.h"

#define CLAIM_TEXT_MAX 512 /* bytes of an e-mail or username claim; longer ones are refused or left out */
#define SUBJECT_MAX    255 /* OpenID Connect Core 2 */
#define EMAIL_MAX      254 /* RFC 5321 */
#define GROUPS_MAX     200 /* more: no groups at all, logged */

enum email_proof {
    EMAIL_VERIFIED,   /* the flag is true or "true" */
    EMAIL_UNVERIFIED, /* the flag is there and is anything else */
    EMAIL_UNSAID,     /* the issuer sends no flag */
};

struct identity {
    char *issuer, *subject; /* issuer is the iss claim: with tenants it is one of many */
    char *username;         /* the raw claim; NULL: not there or no string */
    char *full_name;     /* cut when too long; NULL: not there or not printable (frontdesk/member_text.h) */
    char *email;         /* as email_normalize has it; NULL: not there, or none */
    bool email_verified; /* email_proof is EMAIL_VERIFIED and there is an e-mail */
    enum email_proof email_proof;
    char **groups;          /* NULL-terminated, never NULL */
    bool groups_overflowed; /* there were more than GROUPS_MAX, or the issuer says it left them out */
    /* What the sign-in proves, from the ID token alone; NULL, empty and -1: not said. */
    char *tenant, *acr;
    char **amr;
    int64_t auth_time;
    char *missing_claim; /* the first of required_claims that does not hold; NULL: all do */
};

/*
 * userinfo may be NULL. REASON_CLAIM_ISS when iss is not the connection's (connection_is_token_issuer),
 * _CLAIM_SUB without a subject of at most SUBJECT_MAX printable bytes, _USERINFO_SUB when userinfo is about
 * somebody else.
 */
enum reason identity_from_claims(const struct connection *connection, const struct json_value *id_token,
                                 const struct json_value *userinfo, struct identity *ret_identity);

/*
 * For userinfo = auto: is username, name or e-mail missing from the ID token, or groups that allowed_groups
 * or group_map ask for, or one of required_claims?
 */
bool claims_are_missing(const struct connection *connection, const struct json_value *id_token);

/*
 * Lower case by ASCII's rules alone, so that no two characters meet in one; malloc'd. NULL: not visible ASCII
 * with one '@' that has something on both sides, longer than EMAIL_MAX, or no memory.
 */
char *email_normalize(const char *email);

void identity_clear(struct identity *identity);

#endif
