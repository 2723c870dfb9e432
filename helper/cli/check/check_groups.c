/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Local groups that members may be in. Two files have to agree: a connection's group_map says who, root's
 * local-groups says which at all, and the NSS module believes the second one only.
 */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "cli/check/check.h"
#include "cli/cli.h"
#include "frontdesk/paths.h"

#define SYSTEM_GID_MAX 999

enum listing { NOT_LISTED, LISTED, LISTED_FOR_SYSTEM }; /* NAME, NAME! */

/* A member of one of these becomes root, or reads what root alone should. */
static bool is_powerful(const char *group)
{
    static const char *const groups[] = {
        "root", "sudo",  "wheel",       "admin", "adm", "disk",  "shadow",         "lxd", "docker", "libvirt",
        "kmem", "incus", "incus-admin", "kvm",   "sys", "staff", "systemd-journal"};

    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
        if (strcmp(group, groups[i]) == 0)
            return true;
    return false;
}

/* Calls back for each group of the list: its name, and whether it bears the mark. */
static void each_listed(void (*group)(void *context, const char *name, bool marked), void *context)
{
    AUTO_FCLOSE FILE *file = fopen(FD_LOCAL_GROUPS_PATH, "re");
    AUTO_FREE char *line = NULL;
    size_t size = 0;

    while (file && getline(&line, &size, file) > 0) {
        char *name = line + strspn(line, " \t");
        size_t length = strcspn(name, " \t\r\n");

        if (length == 0 || name[0] == '#' || name[0] == ';')
            continue;
        const bool marked = name[length - 1] == '!';

        name[length - marked] = '\0';
        group(context, name, marked);
    }
}

struct search {
    const char *name;
    enum listing found;
};

static void compare(void *context, const char *name, bool marked)
{
    struct search *search = context;

    if (strcmp(name, search->name) == 0)
        search->found = marked ? LISTED_FOR_SYSTEM : LISTED;
}

static enum listing listing_of(const char *name)
{
    struct search search = {.name = name};

    each_listed(compare, &search);
    return search.found;
}

static void tell_group(struct report *report, const struct connection *connection, const char *name)
{
    const struct group *group = getgrnam(name);
    const enum listing listing = listing_of(name);
    struct fact fact = {
        .state = FACT_WRONG, .status = EXIT_REFUSED, .connection = connection->name, .name = "groups"};

    if (!group) {
        fact.next = "make it, or take it out of group_map";
        report_say(report, &fact, "group_map names `%s`, which is no group of this machine", name);
    } else if (listing == NOT_LISTED) {
        fact.next = "add its name there, if members may be in it";
        report_say(report, &fact,
                   "`%s` of group_map does not stand in " FD_LOCAL_GROUPS_PATH ": nobody gets it", name);
    } else if (group->gr_gid <= SYSTEM_GID_MAX && listing != LISTED_FOR_SYSTEM) {
        fact.next = "write the name with `!` there, if you mean it";
        report_say(report, &fact, "`%s` is a system's group (gid %u): nobody gets it", name, group->gr_gid);
    } else {
        fact.state = FACT_GOOD;
        report_say(report, &fact, "group_map gives `%s` (gid %u)", name, group->gr_gid);
    }
}

static bool was_told(const struct connection *connection, const struct name_value *mapping)
{
    for (const struct name_value *earlier = connection->group_map; earlier < mapping; earlier++)
        if (strcmp(earlier->value, mapping->value) == 0)
            return true;
    return false;
}

/* A helper that was taken over could put anybody into a listed group, whatever group_map says. */
static void tell_power(void *context, const char *name, bool marked)
{
    const struct group *group = getgrnam(name);
    const bool counts = group && (group->gr_gid > SYSTEM_GID_MAX || marked);
    const struct fact fact = {.state = FACT_HINT,
                              .name = "groups",
                              .next = "take it out of " FD_LOCAL_GROUPS_PATH " unless members need it"};

    if (counts && is_powerful(name))
        report_say(context, &fact,
                   "members may be in `%s`: a helper that was taken over could give its power to anybody",
                   name);
}

void check_groups(struct report *report, const struct config *config, const char *only)
{
    for (size_t i = 0; i < config->connection_count; i++) {
        const struct connection *connection = &config->connections[i];

        if (only && strcmp(connection->name, only) != 0)
            continue;
        for (const struct name_value *mapping = connection->group_map; mapping->name; mapping++)
            if (!was_told(connection, mapping))
                tell_group(report, connection, mapping->value);
    }
    each_listed(tell_power, report);
}
