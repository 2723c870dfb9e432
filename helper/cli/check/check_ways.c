/* SPDX-License-Identifier: BSD-2-Clause */
/* create_users and passwords together: neither says by itself who gets in. */
#include <string.h>

#include "cleanup.h"
#include "cli/check/check.h"
#include "cli/check/check_service.h"

struct ways_in {
    bool create, passwords, listed;
};

/* Somebody may enter an account that was there before. */
static bool lists_anybody(const struct connection *connection)
{
    return connection->user_map_file || connection->shared_account;
}

static struct ways_in ways_of(const struct config *config, const char *service, bool passwords)
{
    struct ways_in ways = {.passwords = passwords};

    for (size_t i = 0; i < config->connection_count; i++) {
        const struct connection *connection = &config->connections[i];

        if (!connection->enabled || !connection_serves(connection, service))
            continue;
        ways.create = ways.create || connection->create_users;
        ways.listed = ways.listed || lists_anybody(connection);
    }
    return ways;
}

/* sshd knows its users before PAM runs: nobody becomes a member and enters at once. */
static const char *stranger_becomes(const struct service_view *view, const struct ways_in *ways)
{
    if (!ways->create)
        return ways->passwords ? "an unknown person is refused and told to ask the desk"
                               : "an unknown person has no way in at all";
    if (strcmp(view->name, "sshd") != 0)
        return "an unknown person becomes a member by the identity provider";
    return view->service->first_sign_in == FIRST_SIGN_IN_RECONNECT
               ? "an unknown person becomes a member by the identity provider, and connects again"
               : "an unknown person is refused (first_sign_in = refuse), until known by another service";
}

static void tell(const struct service_view *view, const struct ways_in *ways, bool anybody_known)
{
    struct fact fact = {.state = FACT_GOOD, .name = "ways_in"};

    if (!ways->create && !ways->passwords && !ways->listed && !anybody_known) {
        fact.state = FACT_WRONG;
        fact.next = "set `create_users = yes`, or invite somebody: frontdesk members invite";
        service_view_say(view, fact,
                         "no way in at all: create_users = no, passwords denied, and nobody is a member or "
                         "invited");
        return;
    }
    if (!ways->create && !ways->passwords)
        fact.state = FACT_HINT;
    service_view_say(view, fact, "members enter by the identity provider only; local accounts %s; %s",
                     ways->passwords ? "also by their password"
                     : ways->listed  ? "only by it, those that are mapped"
                                     : "not at all",
                     stranger_becomes(view, ways));
}

static void check_service(struct report *report, const struct config *config, const char *name,
                          bool anybody_known)
{
    AUTO_FREE char *why = NULL;
    struct service storage;
    const struct service_view view = {
        .report = report, .config = config, .name = name, .service = config_service(config, name, &storage)};
    struct pam_stack *auth = pam_stack_read(NULL, name, PAM_TYPE_AUTH, &why);
    const struct pam_line *ours = auth ? pam_stack_line(auth, OUR_MODULE) : NULL;
    struct stack_ways stack;

    if (ours && stack_ways_find(auth, &stack)) {
        const struct ways_in ways = ways_of(config, name, stack.local_password || stack.password_while_down);

        tell(&view, &ways, anybody_known);
        stack_ways_clear(&stack);
    }
    pam_stack_free(auth);
}

void check_ways(struct report *report, const struct config *config, bool anybody_known)
{
    for (size_t i = 0; i < config->connection_count; i++) {
        const struct connection *connection = &config->connections[i];

        for (char **service = connection->services; connection->enabled && *service; service++)
            if (!service_is_served_before(config, i, *service))
                check_service(report, config, *service, anybody_known);
    }
}
