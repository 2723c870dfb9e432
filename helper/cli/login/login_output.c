/* SPDX-License-Identifier: BSD-2-Clause */
/* See login_output.h. */
#include "cli/login/login_output.h"

#include <langinfo.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "cli/output.h"

static const char *text_of(const struct json_document *document, const char *name)
{
    const char *text;

    return json_string(json_get(json_top(document), name), &text, NULL) ? text : NULL;
}

/* Not from the claims, of which some may be hidden. */
static const char *identity_of(const struct dialog *dialog, const char *name)
{
    return text_of(dialog->profile, name);
}

bool login_print_events(const struct dialog *dialog)
{
    AUTO_JSON struct json_document *event = json_new();
    bool told = !dialog->scopes || output_json(dialog->scopes);

    for (size_t i = 0; i < dialog->rule_count; i++)
        told = output_json(dialog->rules[i]) && told;
    if (dialog->profile)
        told = output_json(dialog->profile) && told;
    return event && json_add_string(event, "event", "verdict") &&
           json_add_string(event, "verdict", verdict_name(dialog->verdict)) &&
           json_add_string(event, "reason", dialog->reason) &&
           json_add_string(event, "member", dialog->member[0] ? dialog->member : NULL) &&
           json_add_string(event, "issuer", identity_of(dialog, "issuer")) &&
           json_add_string(event, "subject", identity_of(dialog, "subject")) &&
           json_add_object(event, "claims", json_top(dialog->claims)) && output_json(event) && told;
}

static bool print_claim(void *context, const char *name, const struct json_value *value)
{
    AUTO_FREE char *text = value ? json_print(value) : NULL;
    char shown[64];

    (void)context;
    (void)printf("  %-20s %s\n", output_text(name, shown, sizeof shown), text ? text : "null");
    return true;
}

static void print_rule(const struct json_document *rule)
{
    const bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    const char *name = text_of(rule, "rule"), *state = text_of(rule, "state"),
               *reason = text_of(rule, "reason");
    const bool holds = state && strcmp(state, "holds") == 0;

    if (!name || !state || strcmp(state, "not_set") == 0)
        return;
    (void)printf("  %s %-22s %s%s%s%s\n",
                 holds  ? (utf8 ? "✔" : "ok")
                 : utf8 ? "✘"
                        : "NO",
                 name, state, reason ? " (" : "", reason ? reason : "", reason ? ")" : "");
}

static const struct connection *connection_of(const struct dialog *dialog, const struct config *config)
{
    const char *name = text_of(dialog->profile, "connection");

    return name ? config_connection(config, name) : NULL;
}

static void print_no_name(const struct json_document *profile, const struct connection *connection)
{
    const char *reason = text_of(profile, "name_reason"), *claim = text_of(profile, "username_claim");
    char shown[64];

    (void)printf("  %-20s none (%s)\n", "name", reason ? reason : "");
    if (!reason || strcmp(reason, reason_code(REASON_USERNAME_CLAIM_MISSING)) != 0)
        return;
    (void)printf("  -> no claim `%s` came: a scope or a mapper at the identity provider adds it%s\n",
                 output_text(claim, shown, sizeof shown),
                 connection && connection->userinfo == USERINFO_NEVER
                     ? " to the ID token; or set `userinfo = auto`"
                     : "; or set username_claim to one that came");
}

static void print_profile(const struct json_document *profile, const struct connection *connection)
{
    const char *name = text_of(profile, "name");
    const char *email = text_of(profile, "email"), *groups = text_of(profile, "local_groups");
    char shown[64];

    (void)puts("\nWho it would be");
    (void)printf("  %-20s %s\n", "connection",
                 output_text(text_of(profile, "connection"), shown, sizeof shown));
    if (name)
        (void)printf("  %-20s %s\n", "name", output_text(name, shown, sizeof shown));
    else
        print_no_name(profile, connection);
    (void)printf("  %-20s %s\n", "e-mail", email ? email : "none");
    (void)printf("  %-20s %s\n", "local groups", groups ? groups : "none");
}

/* Whoever may enter accounts that were there before need not be a member. */
static const char *word_for_user(const struct dialog *dialog, const struct config *config)
{
    const struct connection *connection = connection_of(dialog, config);

    return connection && (connection->shared_account || connection->user_map_file) ? "" : "member ";
}

void login_print(const struct dialog *dialog, const struct config *config, const char *service, bool commit)
{
    struct service storage;
    const bool customer = config_service(config, service, &storage)->role == ROLE_CUSTOMER;
    char shown[300];

    if (dialog->scopes)
        (void)printf("\nScopes that were asked for and not granted: %s\n", text_of(dialog->scopes, "lost"));
    if (dialog->claims) {
        (void)puts("\nClaims");
        json_each_member(json_top(dialog->claims), print_claim, NULL);
    }
    if (dialog->rule_count > 0)
        (void)puts("\nRules that are set");
    for (size_t i = 0; i < dialog->rule_count; i++)
        print_rule(dialog->rules[i]);
    if (dialog->profile)
        print_profile(dialog->profile, connection_of(dialog, config));
    (void)printf("\nService: %s (%s)\n", output_text(service, shown, sizeof shown),
                 customer ? "customer" : "staff");
    (void)printf("Verdict: %s (%s)", verdict_name(dialog->verdict), dialog->reason);
    if (dialog->member[0] != '\0')
        (void)printf(", as %s%s", word_for_user(dialog, config), dialog->member);
    (void)puts(commit ? "" : "; nothing was written");
}
