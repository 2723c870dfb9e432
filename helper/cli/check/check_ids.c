/* SPDX-License-Identifier: BSD-2-Clause */
/* The members' range of ids: is it nearly used up, and is it ours alone? */
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/check/check.h"
#include "config/settings.h"
#include "members/store.h"

#define NEARLY_FULL_PERCENT 80

struct range {
    uint32_t min, max, given;
    uint32_t known; /* of any id: members and those who are invited */
};

static bool is_within(const struct range *range, uint32_t id)
{
    return id >= range->min && id <= range->max;
}

/* Removed members count: their ids are never given again. */
static bool count_row(void *context, const struct member *member)
{
    struct range *range = context;

    range->given += is_within(range, member->id);
    range->known += member->state == MEMBER_ACTIVE || member->state == MEMBER_INVITED;
    return true;
}

/* A store that was never made has given none, and a check makes none. */
static bool count_given(const char *state_dir, struct range *range)
{
    AUTO_FREE char *path = setting_sentence("%s/members.db", state_dir);
    AUTO_FREE char *why = NULL;
    struct store *store;
    bool counted;

    if (!path || access(path, F_OK) != 0)
        return path != NULL;
    store = store_open(state_dir, &why);
    counted = store && store_each(store, count_row, range) == STORE_OK;
    store_close(store);
    return counted;
}

/* By a process that became the keeper's user: root opens nothing that another user may write. */
static bool count_as_keeper(const struct cli_users *users, const char *state_dir, struct range *range)
{
    AUTO_CLOSE int from = -1;
    int ends[2];
    pid_t pid;
    bool counted;

    if (pipe(ends) != 0)
        return false;
    pid = fork();
    if (pid == 0) {
        if ((!users->drop || users_become(&users->keeper)) && count_given(state_dir, range))
            (void)!write(ends[1], range, sizeof *range);
        _exit(0);
    }
    from = ends[0];
    (void)close(ends[1]);
    counted = pid > 0 && read(from, range, sizeof *range) == (ssize_t)sizeof *range;
    if (pid > 0)
        (void)waitpid(pid, NULL, 0);
    return counted;
}

static void tell_given(struct report *report, const struct range *range)
{
    const uint32_t size = range->max - range->min + 1;
    struct fact fact = {.state = FACT_GOOD, .name = "ids"};

    if ((uint64_t)range->given * 100 >= (uint64_t)size * NEARLY_FULL_PERCENT) {
        fact.state = FACT_HINT;
        fact.next = "widen uid_range; an id is never given twice";
    }
    report_say(report, &fact, "%u of %u ids for members are given", range->given, size);
}

/* Members do not come up here: our own source does not enumerate. */
static void tell_strangers(struct report *report, const struct range *range)
{
    const struct fact fact = {
        .state = FACT_HINT, .name = "ids", .next = "narrow uid_range, so that it is the members' alone"};
    const struct passwd *user;
    const struct group *group;

    setpwent();
    do
        user = getpwent();
    while (user && !is_within(range, user->pw_uid));
    if (user)
        report_say(report, &fact, "the user %s has an id of uid_range: %u", user->pw_name, user->pw_uid);
    endpwent();
    setgrent();
    do
        group = getgrent();
    while (group && !is_within(range, group->gr_gid));
    if (group)
        report_say(report, &fact, "the group %s has an id of uid_range: %u", group->gr_name, group->gr_gid);
    endgrent();
}

bool check_ids(struct report *report, const struct cli_users *users, const char *state_dir,
               const struct config *config)
{
    struct range range = {.min = config->members.id_min, .max = config->members.id_max};
    bool counted;

    if (config->broken)
        return true;
    counted = count_as_keeper(users, state_dir, &range);
    if (counted)
        tell_given(report, &range);
    else
        report_say(report, &(struct fact){.state = FACT_HINT, .name = "ids"},
                   "the members' store cannot be read, so nobody knows how many ids are given");
    tell_strangers(report, &range);
    return !counted || range.known > 0;
}
