/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may enter by a connection. First the rules that allow: nobody unless one is set, and any that matches
 * is enough. Then those that require: each that is set must hold.
 */
#ifndef HELPER_POLICY_H
#define HELPER_POLICY_H

#include <stdint.h>

#include "members/claims.h"

#define POLICY_RULES_MAX 16

/* What is judged besides the connection's settings. */
struct policy_case {
    const struct connection *connection;
    const struct identity *identity;
    const char *location; /* [machine] location; NULL: none */
    int64_t now;          /* CLOCK_REALTIME, seconds */
};

/*
 * Allowing: allow_all; allowed_users (the subject, a verified e-mail, or the raw username claim unless that
 * is an e-mail which nobody verified); allowed_groups; allowed_email_domains (of a verified e-mail, whole
 * domain, any case); where none of these is set, required_claims. Requiring: allowed_tenants,
 * required_claims, required_acr, required_amr, max_age (auth_time must be there, and not in the future;
 * clocks may differ by a minute), locations ("*" among them is no rule; a machine without a location is
 * nowhere).
 *
 * REASON_OK and *ret_rule (static) names the rule that allowed; else *ret_rule names the one that refused:
 * REASON_NOT_ALLOWED, or, when a rule would have matched an address that is not verified,
 * REASON_EMAIL_UNVERIFIED or (the issuer says nothing of it) REASON_EMAIL_NOT_VOUCHED;
 * REASON_TENANT_NOT_ALLOWED, _REQUIRED_CLAIM, _REQUIRED_ACR, _REQUIRED_AMR, _AUTH_TOO_OLD,
 * _LOCATION_NOT_ALLOWED.
 */
enum reason policy_judge(const struct policy_case *the_case, const char **ret_rule);

/* Every rule by itself, for "test the connection"; policy_judge is made of the same table. */
enum rule_state { RULE_NOT_SET, RULE_HOLDS, RULE_FAILS };
struct rule_verdict {
    const char *rule; /* the setting's name, static */
    bool requires;    /* false: one of those that allow */
    enum rule_state state;
    enum reason reason; /* RULE_FAILS: what it alone would refuse with */
};
size_t policy_explain(const struct policy_case *the_case, struct rule_verdict ret_rules[POLICY_RULES_MAX]);

#endif
