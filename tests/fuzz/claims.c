/* SPDX-License-Identifier: BSD-2-Clause */
/* An identity of any two documents: within its bounds, judged by the connection's rules, named by the
 * grammar. */
#include "members/claims.h"

#include <stdlib.h>
#include <string.h>

#include "frontdesk/member_index.h"
#include "frontdesk/member_text.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "members/groups.h"
#include "members/local_users.h"
#include "members/map_name.h"
#include "members/policy.h"

#define W(name, text) static char name[] = text
W(issuer, "https://idp.example");
W(username, "preferred_username");
W(name_claim, "name");
W(email, "email");
W(groups, "groups");
W(regex, "^([^@]+)@corp[.]example$");
W(domain, "corp.example");
W(staff, "staff");
W(desk, "desk-1");
W(mfa, "mfa");
W(role_path, "realm.role");
W(member_word, "member");
W(subject, "s-1");
static char *no_words[] = {NULL}, *subjects[] = {subject, NULL}, *domains[] = {domain, NULL},
            *staff_only[] = {staff, NULL}, *desks[] = {desk, NULL}, *mfas[] = {mfa, NULL};
static struct name_value no_pairs[] = {{NULL, NULL}}, roles[] = {{role_path, member_word}, {NULL, NULL}},
                         map[] = {{staff, staff}, {staff, desk}, {desk, member_word}, {NULL, NULL}};

/* Bit by bit, another set of rules. */
static struct connection connection_of(unsigned rules)
{
    return (struct connection){
        .issuer = issuer,
        .username_claim = rules & 1 ? email : username,
        .username_regex = rules & 1 ? regex : NULL,
        .name_claim = name_claim,
        .email_claim = email,
        .groups_claim = groups,
        .allowed_users = rules & 2 ? subjects : no_words,
        .allowed_groups = rules & 4 ? staff_only : no_words,
        .allowed_email_domains = rules & 8 ? domains : no_words,
        .required_claims = rules & 16 ? roles : no_pairs,
        .required_amr = rules & 32 ? mfas : no_words,
        .required_acr = rules & 64 ? mfas : no_words,
        .max_age = rules & 128 ? 300 : 0,
        .locations = rules & 64 ? desks : no_words,
        .allowed_tenants = no_words,
        .group_map = map,
        .allow_all = (rules & 30) == 0 && (rules & 1) != 0,
    };
}

static void judge_identity(const struct identity *identity)
{
    size_t count = 0;

    FUZZ_CHECK(identity->issuer && strcmp(identity->issuer, issuer) == 0);
    FUZZ_CHECK(identity->subject && identity->subject[0] != '\0' && strlen(identity->subject) <= SUBJECT_MAX);
    FUZZ_CHECK(!identity->full_name || text_is_printable(identity->full_name, strlen(identity->full_name)));
    FUZZ_CHECK(!identity->email_verified || (identity->email && identity->email_proof == EMAIL_VERIFIED));
    if (identity->email) {
        FUZZ_CHECK(strlen(identity->email) <= EMAIL_MAX && strchr(identity->email, '@'));
        for (const char *c = identity->email; *c != '\0'; c++)
            FUZZ_CHECK(*c > 0x20 && *c < 0x7f && !(*c >= 'A' && *c <= 'Z'));
    }
    FUZZ_CHECK(identity->groups);
    while (identity->groups[count])
        count++;
    FUZZ_CHECK(count <= GROUPS_MAX && (!identity->groups_overflowed || count == 0));
}

/* What allows stands in the identity itself. */
static void judge_rules(const struct connection *connection, const struct identity *identity)
{
    const struct policy_case the_case = {connection, identity, desk, 1700000000};
    struct rule_verdict rules[POLICY_RULES_MAX];
    const size_t count = policy_explain(&the_case, rules);
    const char *rule = NULL;
    const bool allowed = policy_judge(&the_case, &rule) == REASON_OK;
    bool holds = false;

    FUZZ_CHECK(rule && count <= POLICY_RULES_MAX);
    for (size_t i = 0; i < count; i++) {
        holds = holds || (!rules[i].requires && rules[i].state == RULE_HOLDS);
        FUZZ_CHECK(!allowed || !rules[i].requires || rules[i].state != RULE_FAILS);
    }
    if (allowed)
        fuzz_note_good();
    FUZZ_CHECK(!allowed || holds || connection->required_claims[0].name);
    if (allowed && connection->required_claims[0].name)
        FUZZ_CHECK(!identity->missing_claim);
    if (allowed && strcmp(rule, "allowed_email_domains") == 0)
        FUZZ_CHECK(identity->email_verified && strcmp(strchr(identity->email, '@') + 1, domain) == 0);
    if (allowed && strcmp(rule, "allowed_groups") == 0)
        FUZZ_CHECK(list_has(identity->groups, staff));
}

static void judge_local(const struct connection *connection, const struct identity *identity)
{
    char name[MEMBER_NAME_MAX + 1] = "untouched!";
    bool cut = false;
    char *list = groups_map(connection, identity, &cut);

    if (map_name(connection, identity, name) == REASON_OK)
        FUZZ_CHECK(member_name_is_valid(name, strlen(name)) && !member_name_is_reserved(name));
    else
        FUZZ_CHECK(strcmp(name, "untouched!") == 0);
    if (identity->username && local_user_judge(identity->username) == REASON_OK)
        FUZZ_CHECK(strcmp(identity->username, "root") != 0);
    FUZZ_CHECK(!list || group_list_is_valid(list));
    FUZZ_CHECK(list || faults_fired());
    if (identity->groups_overflowed && list)
        FUZZ_CHECK(list[0] == '\0');
    free(list);
}

/* A byte of rules, the token's claims, a newline, and userinfo's. */
static void judge(const uint8_t *data, size_t size)
{
    const uint8_t *newline = size > 1 ? memchr(data + 1, '\n', size - 1) : NULL;
    const size_t first = newline ? (size_t)(newline - data) - 1 : size - (size > 0);
    const struct connection connection = connection_of(size > 0 ? data[0] : 0);
    struct identity identity = {0};
    struct json_document *id_token, *userinfo = NULL;

    if (size < 1)
        return;
    id_token = json_parse((const char *)data + 1, first);
    if (newline)
        userinfo = json_parse((const char *)newline + 1, size - first - 2);
    if (id_token) {
        (void)claims_are_missing(&connection, json_top(id_token));
        if (identity_from_claims(&connection, json_top(id_token), json_top(userinfo), &identity) ==
            REASON_OK) {
            judge_identity(&identity);
            judge_rules(&connection, &identity);
            judge_local(&connection, &identity);
        }
        identity_clear(&identity);
    }
    json_free(id_token);
    json_free(userinfo);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
