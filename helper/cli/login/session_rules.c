/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keeper decides; this says why, by the same table of rules and the same reading of claims, in the
 * process that has the claims.
 */
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "cli/login/session_events.h"
#include "members/groups.h"
#include "members/map_name.h"
#include "members/policy.h"

static void cleanup_identity(struct identity *identity)
{
    identity_clear(identity);
}

static void send_rule(const struct event_sink *sink, const struct rule_verdict *rule)
{
    static const char *const states[] = {
        [RULE_NOT_SET] = "not_set", [RULE_HOLDS] = "holds", [RULE_FAILS] = "fails"};
    AUTO_JSON struct json_document *event = json_new();

    if (event && json_add_string(event, "event", "rule") && json_add_string(event, "rule", rule->rule) &&
        json_add_string(event, "kind", rule->requires ? "requires" : "allows") &&
        json_add_string(event, "state", states[rule->state]) &&
        json_add_string(event, "reason", rule->state == RULE_FAILS ? reason_code(rule->reason) : NULL))
        session_events_send(sink, EVENT_RULE, event);
}

/* Groups as the table has them, a comma between. */
static bool add_groups(struct json_document *event, const struct connection *connection,
                       const struct identity *identity)
{
    bool cut = false;
    AUTO_FREE char *groups = groups_map(connection, identity, &cut);

    return groups && json_add_string(event, "local_groups", groups[0] != '\0' ? groups : NULL);
}

static const char *proof_of(const struct identity *identity)
{
    if (!identity->email)
        return "none";
    return identity->email_proof == EMAIL_VERIFIED     ? "verified"
           : identity->email_proof == EMAIL_UNVERIFIED ? "unverified"
                                                       : "not_vouched_for";
}

/* An address has no place in a name that is shown: the reason for having none is enough. */
static void send_profile(const struct event_sink *sink, const struct connection *connection,
                         const struct identity *identity)
{
    AUTO_JSON struct json_document *event = json_new();
    char name[MEMBER_NAME_MAX + 1] = "";
    const enum reason reason = map_name(connection, identity, name);

    if (event && json_add_string(event, "event", "profile") &&
        json_add_string(event, "connection", connection->name) &&
        json_add_string(event, "issuer", identity->issuer) &&
        json_add_string(event, "subject", identity->subject) &&
        json_add_string(event, "name", reason == REASON_OK ? name : NULL) &&
        json_add_string(event, "name_reason", reason_code(reason)) &&
        json_add_string(event, "username_claim", connection->username_claim) &&
        json_add_string(event, "email", proof_of(identity)) &&
        json_add_strings(event, "groups", identity->groups) && add_groups(event, connection, identity))
        session_events_send(sink, EVENT_PROFILE, event);
}

void session_events_judge(const struct event_sink *sink, const struct connection *connection,
                          const struct json_value *id_token, const struct json_value *userinfo)
{
    CLEANUP(cleanup_identity) struct identity identity = {0};
    const struct policy_case the_case = {.connection = connection,
                                         .identity = &identity,
                                         .location = sink->location,
                                         .now = (int64_t)time(NULL)};
    struct rule_verdict rules[POLICY_RULES_MAX];
    size_t count;

    if (identity_from_claims(connection, id_token, userinfo, &identity) != REASON_OK)
        return;
    count = policy_explain(&the_case, rules);
    for (size_t i = 0; i < count; i++)
        send_rule(sink, &rules[i]);
    send_profile(sink, connection, &identity);
}
