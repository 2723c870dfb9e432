/* SPDX-License-Identifier: BSD-2-Clause */
/* Documents of claims as text, and the identity that comes of them. */
#ifndef TESTS_MEMBERS_DOCUMENTS_H
#define TESTS_MEMBERS_DOCUMENTS_H

#include "members/claims.h"
#include "members/fixture.h"

#define KEY "\"iss\":\"" ISSUER "\",\"sub\":\"s1\""

static inline enum reason read_claims(const struct desk *desk, const char *id_token, const char *userinfo,
                                      struct identity *ret_identity)
{
    AUTO_JSON struct json_document *token = json_parse(id_token, strlen(id_token));
    AUTO_JSON struct json_document *info = userinfo ? json_parse(userinfo, strlen(userinfo)) : NULL;

    assert_non_null(token);
    assert_true(!userinfo || info);
    return identity_from_claims(&desk->connection, json_top(token), json_top(info), ret_identity);
}

static inline struct identity identity_of(const struct desk *desk, const char *id_token, const char *userinfo)
{
    struct identity identity = {0};

    assert_int_equal(read_claims(desk, id_token, userinfo, &identity), REASON_OK);
    return identity;
}

static inline void assert_refused(const struct desk *desk, const char *id_token, const char *userinfo,
                                  enum reason reason)
{
    struct identity identity = {0};

    assert_int_equal(read_claims(desk, id_token, userinfo, &identity), reason);
    assert_null(identity.subject);
}

static inline void set_text(char **field, const char *value)
{
    free(*field);
    *field = text(value);
}

/* Of an ID token with these members besides the key; userinfo likewise, NULL: none. */
static inline struct identity identity_with(const struct desk *desk, const char *token_members,
                                            const char *info_members)
{
    char *token = NULL, *info = NULL;
    struct identity identity;

    assert_true(asprintf(&token, "{" KEY "%s%s}", token_members[0] ? "," : "", token_members) > 0);
    assert_true(!info_members ||
                asprintf(&info, "{\"sub\":\"s1\"%s%s}", info_members[0] ? "," : "", info_members) > 0);
    identity = identity_of(desk, token, info);
    free(token);
    free(info);
    return identity;
}

#endif
