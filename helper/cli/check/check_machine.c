/* SPDX-License-Identifier: BSD-2-Clause */
/* How this machine is wired: what sign-ins by PAM need besides a working connection. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "cli/check/check.h"
#include "cli/cli.h"
#include "frontdesk/paths.h"

#define NSSWITCH "/etc/nsswitch.conf"

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

/* The sources of "passwd: files frontdesk", or NULL. */
static char *sources_of(char *line, const char *database)
{
    char *rest = line, *word = strsep(&rest, ":");

    word += strspn(word, " \t");
    return rest && strcmp(word, database) == 0 ? rest : NULL;
}

static bool names_database(char *line, const void *database)
{
    return sources_of(line, database) != NULL;
}

static bool names_our_source(char *line, const void *database)
{
    char *rest = sources_of(line, database), *word;

    while ((word = strsep(&rest, " \t[]")) != NULL)
        if (strcmp(word, "frontdesk") == 0)
            return true;
    return false;
}

/* A name of ours must not hide one of the machine's own. */
static bool names_us_first(char *line, const void *database)
{
    char *rest = sources_of(line, database), *word;

    while ((word = strsep(&rest, " \t[]")) != NULL)
        if (strcmp(word, "frontdesk") == 0 || strcmp(word, "files") == 0 || strcmp(word, "compat") == 0)
            return strcmp(word, "frontdesk") == 0;
    return false;
}

struct source {
    const char *database, *name;
};

static bool names_us_before(char *line, const void *context)
{
    const struct source *source = context;
    char *rest = sources_of(line, source->database), *word;
    bool are_named = false;

    while ((word = strsep(&rest, " \t[]")) != NULL) {
        are_named = are_named || strcmp(word, "frontdesk") == 0;
        if (strcmp(word, source->name) == 0)
            return are_named;
    }
    return false;
}

/* Nor one of a directory, where everybody's name is somebody's already. NULL: none is asked behind us. */
static const char *directory_behind_us(const char *database)
{
    static const char *const directories[] = {"sss", "ldap", "winbind", "nis"};

    for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++)
        if (any_line(NSSWITCH, names_us_before, &(struct source){database, directories[i]}))
            return directories[i];
    return NULL;
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

/* A database that need not be there is another one's business when it is not. */
static void tell_database(struct report *report, const char *database, bool needed)
{
    struct fact fact = {.state = FACT_GOOD, .name = "nss"};
    const char *directory = directory_behind_us(database);

    if (!needed && !any_line(NSSWITCH, names_database, database))
        return;
    if (any_line(NSSWITCH, names_us_first, database)) {
        fact.state = FACT_WRONG;
        fact.status = EXIT_REFUSED;
        fact.next = "write `files` before `frontdesk`";
        report_say(report, &fact, NSSWITCH " asks frontdesk before files for %s", database);
    } else if (directory) {
        fact.state = FACT_HINT;
        fact.next = "write `frontdesk` last: a member's name then hides nobody's";
        report_say(report, &fact, NSSWITCH " asks frontdesk before %s for %s", directory, database);
    } else if (any_line(NSSWITCH, names_our_source, database)) {
        report_say(report, &fact, NSSWITCH " asks frontdesk for %s", database);
    } else {
        fact.state = FACT_HINT;
        fact.next = "add `frontdesk` behind `files` there, or members have no name on this machine";
        report_say(report, &fact, NSSWITCH " does not ask frontdesk for %s", database);
    }
}

/* A file that a library of the system would be looked for in. */
static bool is_installed(const char *const *patterns)
{
    bool found = false;

    for (; !found && *patterns; patterns++) {
        glob_t paths;

        found = glob(*patterns, GLOB_NOSORT, NULL, &paths) == 0;
        globfree(&paths);
    }
    return found;
}

static void tell_modules(struct report *report)
{
    static const char *const nss[] = {"/usr/lib/*/libnss_frontdesk.so.2", "/usr/lib64/libnss_frontdesk.so.2",
                                      "/usr/lib/libnss_frontdesk.so.2", "/lib/*/libnss_frontdesk.so.2", NULL};
    static const char *const pam[] = {
        "/usr/lib/*/security/pam_frontdesk.so", "/usr/lib64/security/pam_frontdesk.so",
        "/usr/lib/security/pam_frontdesk.so", "/lib/*/security/pam_frontdesk.so", NULL};
    struct fact fact = {.state = FACT_HINT, .name = "modules", .next = "install frontdesk on this machine"};

    if (!is_installed(nss))
        report_say(report, &fact, "libnss_frontdesk.so.2 is not installed: members have no name here");
    if (!is_installed(pam))
        report_say(report, &fact, "pam_frontdesk.so is not installed");
}

void check_machine(struct report *report, const struct config *config)
{
    tell_user(report, FD_KEEPER_USER);
    tell_user(report, FD_HELPER_USER);
    tell_modules(report);
    tell_database(report, "passwd", true);
    tell_database(report, "group", true);
    tell_database(report, "initgroups", false);
    check_stacks(report, config);
    check_sshd(report, config);
}
