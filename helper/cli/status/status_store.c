/* SPDX-License-Identifier: BSD-2-Clause */
/* The store as it is now, and what waits in it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/status/status_facts.h"
#include "frontdesk/paths.h"
#include "members/publish.h"
#include "members/store_check_ins.h"

#define WAITS_LONG_S 60 /* and as long as one run may take: the first one is taken at once */

static bool count_row(void *context, const struct member *member)
{
    *(int64_t *)context += member->state != MEMBER_REMOVED;
    return true;
}

static void read_index(const struct cli *cli, struct store *store, struct status_facts *facts)
{
    uint64_t stored, published;

    facts->index.is_good = true;
    if (store_generation(store, &stored) != STORE_OK)
        return;
    if (!publish_index_generation(cli->state_dir, &published))
        status_blame(&facts->index, "%s/" FD_INDEX_NAME " is missing or unusable", cli->state_dir);
    else if (published != stored)
        status_blame(&facts->index, "%s/" FD_INDEX_NAME " is %s than the store", cli->state_dir,
                     published < stored ? "older" : "newer");
}

static void read_hooks(struct store *store, const struct config *config, struct status_facts *facts)
{
    const bool is_configured = config->kiosk.on_check_in || config->kiosk.on_check_out;
    struct hook_backlog *backlog = &facts->backlog;
    int64_t now = (int64_t)time(NULL);

    facts->hooks.is_good = store_event_backlog(store, backlog) == STORE_OK;
    if (!facts->hooks.is_good)
        status_blame(&facts->hooks, "%s", store_error(store));
    else if (backlog->count == 0)
        return;
    else if (!is_configured)
        status_blame(&facts->hooks, "events wait, but no program is named any more");
    else if (backlog->attempts > 0)
        status_blame(&facts->hooks, "the program fails");
    else if (now - backlog->oldest_made_at > WAITS_LONG_S + config->kiosk.hook_timeout)
        status_blame(&facts->hooks, "events wait for long: does frontdesk-hooks run?");
}

/* A store that was never made is none, and a look makes none. */
static bool is_there(const struct cli *cli, struct status_part *part)
{
    char path[4096];

    if ((size_t)snprintf(path, sizeof path, "%s/" FD_STORE_NAME, cli->state_dir) < sizeof path &&
        access(path, F_OK) == 0)
        return true;
    status_blame(part, "%s: %s", path, strerror(errno));
    return false;
}

void status_read_store(const struct cli *cli, const struct config *config, struct status_facts *facts)
{
    AUTO_FREE char *why = NULL;
    struct store *store;

    facts->members = facts->open_check_ins = -1;
    if (!is_there(cli, &facts->store)) {
        facts->index.is_good = facts->hooks.is_good = true;
        return;
    }
    store = store_open(cli->state_dir, &why);
    facts->store.is_good = store != NULL;
    if (!store) {
        status_blame(&facts->store, "%s", why ? why : "out of memory");
        status_blame(&facts->index, "not compared: there is no store");
        status_blame(&facts->hooks, "not known: there is no store");
        return;
    }
    facts->members = 0;
    if (store_each(store, count_row, &facts->members) != STORE_OK ||
        store_count_open_check_ins(store, &facts->open_check_ins) != STORE_OK)
        status_blame(&facts->store, "%s", store_error(store));
    read_index(cli, store, facts);
    read_hooks(store, config, facts);
    store_close(store);
}
