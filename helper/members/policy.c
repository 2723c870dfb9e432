/* SPDX-License-Identifier: BSD-2-Clause */
/* The allow rules of one connection. There is no rule that denies, so their order does not matter. */
#include "members/policy.h"

#include <string.h>

/* The second is lower case already; no locale is asked what that is. */
static bool equals_in_any_case(const char *configured, const char *lower)
{
    for (; *configured && *lower; configured++, lower++)
        if ((*configured >= 'A' && *configured <= 'Z' ? *configured - 'A' + 'a' : *configured) != *lower)
            return false;
    return *configured == *lower;
}

static const char *verified_email(const struct identity *identity)
{
    return identity->email_verified ? identity->email : NULL;
}

/* Where the username is the e-mail, anybody may call themselves so until it is verified. */
static const char *proven_username(const struct connection *connection, const struct identity *identity)
{
    const char *username = identity->username;
    const bool is_email = strcmp(connection->username_claim, connection->email_claim) == 0 ||
                          (username && identity->email && equals_in_any_case(username, identity->email));

    return is_email && !identity->email_verified ? NULL : username;
}

static bool user_is_allowed(const struct connection *connection, const struct identity *identity)
{
    char *const *users = connection->allowed_users;
    const char *email = verified_email(identity), *username = proven_username(connection, identity);

    for (size_t i = 0; email && users[i]; i++)
        if (equals_in_any_case(users[i], email))
            return true;
    return list_has(users, identity->subject) || (username && list_has(users, username));
}

static bool group_is_allowed(const struct connection *connection, const struct identity *identity)
{
    for (size_t i = 0; identity->groups[i]; i++)
        if (list_has(connection->allowed_groups, identity->groups[i]))
            return true;
    return false;
}

static bool domain_is_allowed(const struct connection *connection, const struct identity *identity)
{
    const char *email = verified_email(identity);
    const char *at = email ? strrchr(email, '@') : NULL;

    for (size_t i = 0; at && connection->allowed_email_domains[i]; i++)
        if (equals_in_any_case(connection->allowed_email_domains[i], at + 1))
            return true;
    return false;
}

static bool allow_all(const struct connection *connection, const struct identity *identity)
{
    (void)identity;
    return connection->allow_all;
}

enum reason policy_judge(const struct policy_case *the_case, const char **ret_rule)
{
    const struct connection *connection = the_case->connection;
    const struct identity *identity = the_case->identity;
    const struct {
        const char *name;
        bool is_set;
        bool (*matches)(const struct connection *connection, const struct identity *identity);
    } rules[] = {
        {"allow_all", connection->allow_all, allow_all},
        {"allowed_users", connection->allowed_users[0] != NULL, user_is_allowed},
        {"allowed_groups", connection->allowed_groups[0] != NULL, group_is_allowed},
        {"allowed_email_domains", connection->allowed_email_domains[0] != NULL, domain_is_allowed},
    };
    const char *first = NULL;

    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (!rules[i].is_set)
            continue;
        if (rules[i].matches(connection, identity)) {
            *ret_rule = rules[i].name;
            return REASON_OK;
        }
        first = first ? first : rules[i].name;
    }
    *ret_rule = first ? first : "no rule";
    return REASON_NOT_ALLOWED;
}
