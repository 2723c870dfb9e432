/* SPDX-License-Identifier: BSD-2-Clause */
/* How this machine is wired: what sign-ins by PAM need besides a working connection. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "cli/check.h"
#include "config/settings.h"
#include "frontdesk/paths.h"

#define PAM_FOLDER "/etc/pam.d"
#define NSSWITCH   "/etc/nsswitch.conf"

/* Calls back for each line without its comment, until it returns true. */
static bool any_line(const char *path, bool (*is_it)(char *line, const void *context), const void *context)
{
    AUTO_FCLOSE FILE *file = fopen(path, "re");
    AUTO_FREE char *line = NULL;
    size_t size = 0;
    bool found = false;

    while (file && !found && getline(&line, &size, file) > 0) {
        line[strcspn(line, "#\n")] = '\0';
        found = is_it(line, context);
    }
    return found;
}

/* "passwd: files frontdesk" */
static bool names_our_source(char *line, const void *database)
{
    char *rest = line, *word = strsep(&rest, ":");

    word += strspn(word, " \t");
    if (strncmp(word, database, strlen(database)) != 0 || word[strlen(database)] != '\0')
        return false;
    while ((word = strsep(&rest, " \t[]")) != NULL)
        if (strcmp(word, "frontdesk") == 0)
            return true;
    return false;
}

static bool names_our_module(char *line, const void *context)
{
    (void)context;
    return strstr(line, "pam_frontdesk.so") != NULL;
}

static void tell_user(struct report *report, const char *name)
{
    struct user_ids ids;
    struct fact fact = {.state = FACT_GOOD, .name = "user"};

    if (users_find(name, &ids)) {
        report_say(report, &fact, "the user %s is there", name);
        return;
    }
    fact.state = FACT_HINT;
    fact.next = "systemd-sysusers makes it, once frontdesk is installed";
    report_say(report, &fact, "the user %s is missing", name);
}

static void tell_database(struct report *report, const char *database)
{
    struct fact fact = {.state = FACT_GOOD, .name = "nss"};

    if (any_line(NSSWITCH, names_our_source, database)) {
        report_say(report, &fact, NSSWITCH " asks frontdesk for %s", database);
        return;
    }
    fact.state = FACT_HINT;
    fact.next = "add `frontdesk` behind `files` there, or members have no name on this machine";
    report_say(report, &fact, NSSWITCH " does not ask frontdesk for %s", database);
}

static void tell_stack(struct report *report, const char *service)
{
    AUTO_FREE char *path = setting_sentence(PAM_FOLDER "/%s", service);
    struct fact fact = {.state = FACT_GOOD, .name = "pam"};

    if (path && any_line(path, names_our_module, NULL)) {
        report_say(report, &fact, "%s uses pam_frontdesk.so", path);
        return;
    }
    fact.state = FACT_HINT;
    fact.next = "add the lines of the example for this service";
    report_say(report, &fact, PAM_FOLDER "/%s does not use pam_frontdesk.so", service);
}

/* Was an earlier connection asked about this service already? */
static bool was_told(const struct config *config, size_t before, const char *service)
{
    for (size_t i = 0; i < before; i++)
        if (config->connections[i].enabled && connection_serves(&config->connections[i], service))
            return true;
    return false;
}

void check_machine(struct report *report, const struct config *config)
{
    tell_user(report, FD_KEEPER_USER);
    tell_user(report, FD_HELPER_USER);
    tell_database(report, "passwd");
    tell_database(report, "group");
    for (size_t i = 0; i < config->connection_count; i++) {
        const struct connection *connection = &config->connections[i];

        for (char **service = connection->services; connection->enabled && *service; service++)
            if (!was_told(config, i, *service))
                tell_stack(report, *service);
    }
}
