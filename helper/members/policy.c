/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules of one connection, in one table. There is none that denies by itself, so their order matters only
 * for which refusal is told.
 */
#include "members/policy.h"

#include <string.h>

#define LEEWAY 60 /* seconds that the issuer's clock and ours may differ */

/* The second is lower case already; no locale is asked what that is. */
static bool equals_in_any_case(const char *configured, const char *lower)
{
    for (; *lower; configured++, lower++) /* where `configured` ends, it differs */
        if ((*configured >= 'A' && *configured <= 'Z' ? *configured - 'A' + 'a' : *configured) != *lower)
            return false;
    return *configured == *lower;
}

static bool is_set(char *const *list)
{
    return list && list[0];
}

/* What becomes of a match by an address: it counts when the issuer vouches for it. */
static enum reason judge_address(const struct identity *identity, bool matches)
{
    if (!matches)
        return REASON_NOT_ALLOWED;
    if (identity->email_verified)
        return REASON_OK;
    return identity->email_proof == EMAIL_UNSAID ? REASON_EMAIL_NOT_VOUCHED : REASON_EMAIL_UNVERIFIED;
}

/* Where the username is the e-mail, anybody may call themselves so until it is verified. */
static enum reason judge_username(const struct connection *connection, const struct identity *identity)
{
    const char *username = identity->username, *email = identity->email;

    if (!username || !list_has(connection->allowed_users, username))
        return REASON_NOT_ALLOWED;
    if (strcmp(connection->username_claim, connection->email_claim) == 0 ||
        (email && equals_in_any_case(username, email)))
        return judge_address(identity, true);
    return REASON_OK;
}

static enum reason judge_users(const struct policy_case *the_case)
{
    const struct identity *identity = the_case->identity;
    char *const *users = the_case->connection->allowed_users;
    const enum reason by_name = judge_username(the_case->connection, identity);
    bool is_named = false;

    if (list_has(users, identity->subject) || by_name == REASON_OK)
        return REASON_OK;
    for (size_t i = 0; identity->email && users[i]; i++)
        is_named = is_named || equals_in_any_case(users[i], identity->email);
    return is_named ? judge_address(identity, true) : by_name;
}

static enum reason judge_groups(const struct policy_case *the_case)
{
    char *const *groups = the_case->identity->groups;

    for (size_t i = 0; groups[i]; i++)
        if (list_has(the_case->connection->allowed_groups, groups[i]))
            return REASON_OK;
    return REASON_NOT_ALLOWED;
}

static enum reason judge_domains(const struct policy_case *the_case)
{
    const struct identity *identity = the_case->identity;
    const char *at = identity->email ? strrchr(identity->email, '@') : NULL;
    char *const *domains = the_case->connection->allowed_email_domains;
    bool matches = false;

    for (size_t i = 0; at && domains[i]; i++)
        matches = matches || equals_in_any_case(domains[i], at + 1);
    return judge_address(identity, matches);
}

static enum reason judge_all(const struct policy_case *the_case)
{
    return the_case->connection->allow_all ? REASON_OK : REASON_NOT_ALLOWED;
}

static enum reason judge_tenant(const struct policy_case *the_case)
{
    const char *tenant = the_case->identity->tenant;

    return tenant && list_has(the_case->connection->allowed_tenants, tenant) ? REASON_OK
                                                                             : REASON_TENANT_NOT_ALLOWED;
}

static enum reason judge_claims(const struct policy_case *the_case)
{
    return the_case->identity->missing_claim ? REASON_REQUIRED_CLAIM : REASON_OK;
}

static enum reason judge_acr(const struct policy_case *the_case)
{
    const char *acr = the_case->identity->acr;

    return acr && list_has(the_case->connection->required_acr, acr) ? REASON_OK : REASON_REQUIRED_ACR;
}

static enum reason judge_amr(const struct policy_case *the_case)
{
    char *const *methods = the_case->identity->amr;
    char *const *wanted = the_case->connection->required_amr;

    for (; *wanted; wanted++)
        if (!methods || !list_has(methods, *wanted))
            return REASON_REQUIRED_AMR;
    return REASON_OK;
}

static enum reason judge_age(const struct policy_case *the_case)
{
    const int64_t auth_time = the_case->identity->auth_time, now = the_case->now;

    if (auth_time < 0 || now < 0 || auth_time > now + LEEWAY ||
        now - auth_time > (int64_t)the_case->connection->max_age + LEEWAY)
        return REASON_AUTH_TOO_OLD;
    return REASON_OK;
}

static enum reason judge_location(const struct policy_case *the_case)
{
    const char *here = the_case->location;

    return here && list_has(the_case->connection->locations, here) ? REASON_OK : REASON_LOCATION_NOT_ALLOWED;
}

/* "*" is no rule; a list of nothing is one, and nowhere. */
static bool has_locations(const struct connection *connection)
{
    return connection->locations && !list_has(connection->locations, "*");
}

size_t policy_explain(const struct policy_case *the_case, struct rule_verdict ret_rules[POLICY_RULES_MAX])
{
    const struct connection *c = the_case->connection;
    const struct {
        const char *name;
        bool requires, is_set;
        enum reason (*judge)(const struct policy_case *the_case);
    } rules[] = {
        {"allow_all", false, c->allow_all, judge_all},
        {"allowed_users", false, is_set(c->allowed_users), judge_users},
        {"allowed_groups", false, is_set(c->allowed_groups), judge_groups},
        {"allowed_email_domains", false, is_set(c->allowed_email_domains), judge_domains},
        {"allowed_tenants", true, is_set(c->allowed_tenants), judge_tenant},
        {"required_claims", true, c->required_claims && c->required_claims[0].name, judge_claims},
        {"required_acr", true, is_set(c->required_acr), judge_acr},
        {"required_amr", true, is_set(c->required_amr), judge_amr},
        {"max_age", true, c->max_age > 0, judge_age},
        {"locations", true, has_locations(c), judge_location},
    };
    const size_t count = sizeof rules / sizeof rules[0];

    _Static_assert(sizeof rules / sizeof rules[0] <= POLICY_RULES_MAX, "the caller has room for all");
    for (size_t i = 0; i < count; i++) {
        enum reason reason = rules[i].is_set ? rules[i].judge(the_case) : REASON_OK;
        enum rule_state state = reason == REASON_OK ? RULE_HOLDS : RULE_FAILS;

        ret_rules[i] = (struct rule_verdict){.rule = rules[i].name,
                                             .requires = rules[i].requires,
                                             .state = rules[i].is_set ? state : RULE_NOT_SET,
                                             .reason = reason};
    }
    return count;
}

/* Of several that would have allowed, one that failed for want of a verified address says most. */
static bool says_more(const struct rule_verdict *one, const struct rule_verdict *than)
{
    return !than || (than->reason == REASON_NOT_ALLOWED && one->reason != REASON_NOT_ALLOWED);
}

/* What is required of everybody says who may enter, too, where no other rule does. */
static const struct rule_verdict *allows_alone(const struct rule_verdict rules[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[i].rule, "required_claims") == 0 && rules[i].state != RULE_NOT_SET)
            return &rules[i];
    return NULL;
}

enum reason policy_judge(const struct policy_case *the_case, const char **ret_rule)
{
    struct rule_verdict rules[POLICY_RULES_MAX];
    const struct rule_verdict *allowed = NULL, *refused = NULL;
    const size_t count = policy_explain(the_case, rules);

    for (size_t i = 0; i < count; i++) {
        const struct rule_verdict *rule = &rules[i];

        if (!rule->requires && rule->state == RULE_HOLDS && !allowed)
            allowed = rule;
        else if (!rule->requires && rule->state == RULE_FAILS && says_more(rule, refused))
            refused = rule;
    }
    if (!allowed && !refused)
        allowed = allows_alone(rules, count); /* it requires, too: below */
    if (!allowed) {
        *ret_rule = refused ? refused->rule : "no rule";
        return refused ? refused->reason : REASON_NOT_ALLOWED;
    }
    for (size_t i = 0; i < count; i++)
        if (rules[i].requires && rules[i].state == RULE_FAILS) {
            *ret_rule = rules[i].rule;
            return rules[i].reason;
        }
    *ret_rule = allowed->rule;
    return REASON_OK;
}
