/* SPDX-License-Identifier: BSD-2-Clause */
/* What a connection gives to whom: local accounts that are entered, names, and what the person agrees to. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "cli/check/check.h"
#include "cli/check/stack_ways.h"
#include "cli/cli.h"
#include "connection/presets.h"
#include "connection/user_map.h"
#include "members/local_users.h"

struct view {
    struct report *report;
    const struct connection *connection;
    const char *told[USER_MAP_USERS_MAX]; /* users that were named already, of the map */
    size_t told_count;
};

/* Does local_users= on the PAM line of one of its services have the name? */
static bool is_listed(const struct connection *connection, const char *user)
{
    bool listed = false;

    for (char **service = connection->services; !listed && *service; service++) {
        AUTO_FREE char *why = NULL, *names = NULL;
        struct pam_stack *auth = pam_stack_read(NULL, *service, PAM_TYPE_AUTH, &why);
        const struct pam_line *ours = auth ? pam_stack_line(auth, OUR_MODULE) : NULL;
        const char *value = ours ? pam_line_argument(ours, "local_users=") : NULL;
        char *rest = names = value ? strdup(value) : NULL, *name;

        while (rest && !listed && (name = strsep(&rest, ",")) != NULL)
            listed = strcmp(name, user) == 0;
        pam_stack_free(auth);
    }
    return listed;
}

static void tell_local_user(struct report *report, const struct connection *connection, const char *setting,
                            const char *user)
{
    struct fact fact = {
        .state = FACT_WRONG, .status = EXIT_REFUSED, .connection = connection->name, .name = "local_users"};

    if (local_user_judge(user) != REASON_OK) {
        fact.next = "name an ordinary account that is there: not root, no system's, no member's";
        report_say(report, &fact, "%s names `%s`, which nobody can enter", setting, user);
    } else if (!is_listed(connection, user)) {
        fact.state = FACT_HINT;
        fact.next = "add it to local_users= on the lines of pam_frontdesk.so";
        report_say(report, &fact,
                   "%s names `%s`, which no PAM line of its services lists in local_users=", setting, user);
    } else {
        fact.state = FACT_GOOD;
        report_say(report, &fact, "%s leads to `%s`", setting, user);
    }
}

static bool tell_mapped_user(void *context, const char *name)
{
    struct view *view = context;

    for (size_t i = 0; i < view->told_count; i++)
        if (strcmp(view->told[i], name) == 0)
            return true;
    tell_local_user(view->report, view->connection, "user_map_file", name);
    if (view->told_count < USER_MAP_USERS_MAX)
        view->told[view->told_count++] = name;
    return true;
}

static void tell_user_map(struct report *report, const struct connection *connection)
{
    struct view view = {.report = report, .connection = connection};
    AUTO_FREE char *why = NULL;
    struct user_map *map = user_map_read(connection->user_map_file, &why);

    if (map)
        user_map_each_user(map, tell_mapped_user, &view);
    else
        report_say(report,
                   &(struct fact){.state = FACT_WRONG,
                                  .status = EXIT_REFUSED,
                                  .connection = connection->name,
                                  .name = "user_map_file",
                                  .next = "mend the file: until then nobody signs in by this connection"},
                   "%s", why ? why : "no memory");
    user_map_free(map);
}

/* After the last '@' of the expression a domain has letters. */
static bool names_domain(const char *regex)
{
    const char *at = strrchr(regex, '@');

    while (at && *at && !isalnum((unsigned char)*at))
        at++;
    return at && *at;
}

static void tell_username(struct report *report, const struct connection *connection)
{
    struct fact fact = {
        .state = FACT_WRONG, .status = EXIT_REFUSED, .connection = connection->name, .name = "username"};

    if (!connection_username_is_email(connection) || connection->shared_account)
        return;
    fact.next = "set username_regex with the domain in it, like `^([^@]+)@acme[.]com$`";
    if (!connection->username_regex) {
        report_say(report, &fact, "the username claim is an e-mail, which is no member's name");
    } else if (!names_domain(connection->username_regex)) {
        fact.state = FACT_HINT;
        report_say(report, &fact, "username_regex names no domain: whoever comes first gets the name");
    }
}

static void tell_icon(struct report *report, const struct connection *connection)
{
    struct stat status;

    if (!connection->icon ||
        (stat(connection->icon, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & S_IROTH) != 0))
        return;
    report_say(report,
               &(struct fact){.state = FACT_HINT,
                              .connection = connection->name,
                              .name = "icon",
                              .next = "put an image there that everybody can read"},
               "%s is no file that everybody can read: nothing is drawn", connection->icon);
}

static const char *meaning_of(const char *scope)
{
    static const struct {
        const char *scope, *meaning;
    } known[] = {
        {"openid", "who they are"},
        {"profile", "their name"},
        {"email", "their e-mail address"},
        {"groups", "their groups"},
        {"phone", "their phone number"},
        {"address", "their postal address"},
        {"offline_access", "staying signed in, which is not needed here"},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(scope, known[i].scope) == 0)
            return known[i].meaning;
    return "what the provider says";
}

/* The provider may ask the person to agree to each. */
static void tell_scopes(struct report *report, const struct connection *connection)
{
    AUTO_FREE char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (!stream)
        return;
    for (char **scope = connection->scopes; *scope; scope++)
        (void)fprintf(stream, "%s%s (%s)", scope == connection->scopes ? "" : ", ", *scope,
                      meaning_of(*scope));
    if (fclose(stream) == 0)
        report_say(report,
                   &(struct fact){.state = FACT_GOOD, .connection = connection->name, .name = "scopes"},
                   "it asks for %s", text);
}

void check_profile(struct report *report, const struct connection *connection)
{
    struct fact fact = {.state = FACT_HINT, .connection = connection->name, .name = "preset"};

    tell_scopes(report, connection);
    tell_username(report, connection);
    if (connection->user_map_file)
        tell_user_map(report, connection);
    if (connection->shared_account)
        tell_local_user(report, connection, "shared_account", connection->shared_account);
    tell_icon(report, connection);
    if (connection->preset && connection->preset->hint)
        report_say(report, &fact, "%s: %s", connection->preset->product, connection->preset->hint);
}
