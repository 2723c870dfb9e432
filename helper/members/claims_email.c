/* SPDX-License-Identifier: BSD-2-Clause */
/* The one claim that others are found by, and what the issuer says for it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "members/claims_internal.h"

char *email_normalize(const char *email)
{
    size_t length = strlen(email);
    const char *at = strchr(email, '@');
    char *normal;

    if (length > EMAIL_MAX || !at || at == email || at[1] == '\0' || strchr(at + 1, '@'))
        return NULL;
    for (size_t i = 0; i < length; i++)
        if (email[i] <= 0x20 || email[i] >= 0x7f)
            return NULL;
    normal = strdup(email);
    for (size_t i = 0; normal && i < length; i++)
        if (normal[i] >= 'A' && normal[i] <= 'Z')
            normal[i] = (char)(normal[i] - 'A' + 'a');
    return normal;
}

static char *email_of(const struct json_value *document, const char *path)
{
    const char *email = claim_text(document, path, EMAIL_MAX);

    return email ? email_normalize(email) : NULL;
}

static enum email_proof proof_of(const struct json_value *document, const char *email_path)
{
    AUTO_FREE char *path = NULL;
    const struct json_value *flag;
    bool is_true;

    if (asprintf(&path, "%s_verified", email_path) < 0) {
        path = NULL;
        return EMAIL_UNVERIFIED;
    }
    flag = json_get_path(document, path);
    if (!flag)
        return EMAIL_UNSAID;
    is_true = json_boolean(flag, &is_true) ? is_true : json_string_is(flag, "true");
    return is_true ? EMAIL_VERIFIED : EMAIL_UNVERIFIED;
}

/* Of two documents about one address: yes counts before no, no before nothing. */
static enum email_proof better_proof(enum email_proof one, enum email_proof other)
{
    return one < other ? one : other;
}

void take_email(const struct json_value *id_token, const struct json_value *userinfo, const char *path,
                struct identity *identity)
{
    AUTO_FREE char *other = email_of(userinfo, path);

    identity->email = email_of(id_token, path);
    identity->email_proof = EMAIL_UNSAID;
    if (identity->email) {
        identity->email_proof = proof_of(id_token, path);
        if (other && strcmp(identity->email, other) == 0)
            identity->email_proof = better_proof(identity->email_proof, proof_of(userinfo, path));
    } else if (other) {
        identity->email = other;
        other = NULL;
        identity->email_proof = proof_of(userinfo, path);
    }
    identity->email_verified = identity->email_proof == EMAIL_VERIFIED;
}
