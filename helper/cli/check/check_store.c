/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a sign-in needs of this machine besides a connection: a clock, a store that is whole, an index of it,
 * room to write, and nobody else with a member's name.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/check/check.h"
#include "clock.h"
#include "frontdesk/member_name.h"
#include "frontdesk/paths.h"
#include "members/publish.h"
#include "members/store.h"
#include "members/system_conflict.h"

#define ROOM_NEEDED (UINT64_C(4) * 1024 * 1024) /* a commit, an index and a few thousand audit records */

#define WRONG(fact_name, next_step)                                                                          \
    &(const struct fact)                                                                                     \
    {                                                                                                        \
        .state = FACT_WRONG, .status = EXIT_REFUSED, .name = (fact_name), .next = (next_step)                \
    }

/* The same thought as the reason `clock` of a sign-in. */
static void tell_clock(struct report *report)
{
    const time_t now = time(NULL);
    struct tm utc;
    char day[32] = "an impossible day";

    if (clock_is_possible())
        return;
    if (gmtime_r(&now, &utc))
        (void)strftime(day, sizeof day, "%Y-%m-%d", &utc);
    report_say(report,
               WRONG("clock", "set it (timedatectl), and let it be kept: until then nobody can sign in"),
               "this machine's clock says %s, before frontdesk was made", day);
}

/* As the keeper's user, for quotas are a user's. */
static void tell_room(struct report *report, const char *folder)
{
    struct statvfs room;

    if (statvfs(folder, &room) != 0)
        return;
    if (room.f_flag & ST_RDONLY)
        report_say(report, WRONG("disk", "remount it writable: until then nobody can sign in"),
                   "%s is read-only", folder);
    else if ((uint64_t)room.f_bavail * room.f_frsize < ROOM_NEEDED ||
             (room.f_files > 0 && room.f_favail == 0))
        report_say(report, WRONG("disk", "make room: without it nobody can sign in"), "%s is full, or nearly",
                   folder);
}

struct known {
    char name[MEMBER_NAME_MAX + 1];
    uint32_t id;
    bool is_removed;
};

/* The store is locked while it is read, and another source may take its time: so first the ones, then the
 * others. */
struct known_list {
    struct known *of;
    size_t count;
    bool is_short; /* of memory */
};

static bool take_known(void *context, const struct member *member)
{
    struct known_list *list = context;
    struct known *longer = reallocarray(list->of, list->count + 1, sizeof *longer);

    list->is_short = !longer;
    if (!longer)
        return false;
    list->of = longer;
    longer += list->count++;
    *longer = (struct known){.id = member->id, .is_removed = member->state == MEMBER_REMOVED};
    (void)snprintf(longer->name, sizeof longer->name, "%s", member->name);
    return true;
}

/* As a sign-in asks. The id of a removed member is taken for ever, too: what it owned would be the other
 * one's. False: of the next ones nothing could be said either. */
static bool tell_conflict(struct report *report, const struct known *known)
{
    char who[SYSTEM_CONFLICT_SIZE];

    switch (system_conflict(known->is_removed ? NULL : known->name, known->id, who)) {
    case SYSTEM_FREE:
        return true;
    case SYSTEM_TAKEN:
        report_say(report,
                   WRONG("conflict",
                         "give it another name and id (usermod, groupmod) or remove it: until then the "
                         "member cannot sign in"),
                   "%s has the name or the id of the member %s (%u)", who, known->name, (unsigned)known->id);
        return true;
    case SYSTEM_UNKNOWN:
        break;
    }
    report_say(
        report, WRONG("conflict", "make them readable: until then no member can sign in"),
        "/etc/passwd, /etc/group, /etc/nsswitch.conf or another source of it cannot be read to the end");
    return false;
}

static void tell_conflicts(struct report *report, struct store *store)
{
    struct known_list list = {0};

    (void)store_each(store, take_known, &list);
    if (list.is_short)
        report_say(report, WRONG("conflict", "run it again"),
                   "there is too little memory to ask for all members");
    for (size_t i = 0; i < list.count && tell_conflict(report, &list.of[i]); i++)
        ;
    free(list.of);
}

static void tell_index(struct report *report, struct store *store, const char *state_dir)
{
    const struct fact later = {.state = FACT_HINT, .name = "index", .next = "the next sign-in publishes it"};
    uint64_t stored, published;

    if (store_generation(store, &stored) != STORE_OK)
        return;
    if (!publish_index_generation(state_dir, &published))
        report_say(report, &later, "%s/" FD_INDEX_NAME " is missing or unusable", state_dir);
    else if (published < stored)
        report_say(report, &later, "%s/" FD_INDEX_NAME " is older than the store", state_dir);
    else if (published > stored)
        report_say(report, WRONG("index", "put the newer store back (`frontdesk members restore FILE`)"),
                   "%s/" FD_INDEX_NAME " is newer than the store", state_dir);
}

static void tell_store(struct report *report, const char *state_dir)
{
    AUTO_FREE char *why = NULL;
    struct store *store = store_open_or_later(state_dir, &why);

    if (!store)
        return;
    if (why) {
        const bool is_damaged = store_is_damaged(store);

        report_say(
            report,
            WRONG("store", is_damaged
                               ? "`frontdesk members restore FILE` puts a backup back: until then nobody "
                                 "can sign in"
                               : "until then nobody can sign in"),
            "%s", why);
    } else {
        report_say(report, &(struct fact){.state = FACT_GOOD, .name = "store"},
                   "the members' store is whole");
        tell_index(report, store, state_dir);
        tell_conflicts(report, store);
    }
    store_close(store);
}

/* A store that was never made is none, and a check makes none. */
static bool is_there(const char *state_dir, const char *name)
{
    char path[4096];

    return (size_t)snprintf(path, sizeof path, "%s/%s", state_dir, name) < sizeof path &&
           access(path, F_OK) == 0;
}

static void tell_all(struct report *report, const struct cli *cli)
{
    AUTO_FREE char *audit = cli->audit_file ? strdup(cli->audit_file) : NULL;

    tell_room(report, cli->state_dir);
    if (audit)
        tell_room(report, dirname(audit));
    if (is_there(cli->state_dir, FD_STORE_NAME) || is_there(cli->state_dir, FD_INDEX_NAME))
        tell_store(report, cli->state_dir);
}

/* By a process that became the keeper's user: root opens nothing that another user may write. */
void check_store(struct report *report, const struct cli_users *users, const struct cli *cli)
{
    int status;
    pid_t pid;

    tell_clock(report);
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        if (!users->drop || users_become(&users->keeper))
            tell_all(report, cli);
        else
            report_say(report, WRONG("store", "try again"), "cannot become the user " FD_KEEPER_USER);
        (void)fflush(stdout);
        _exit(report->status);
    }
    if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status))
        report->status = WEXITSTATUS(status);
    else
        report_say(report, WRONG("store", "try again"), "the members' store could not be looked at");
}
