/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nexudus' REST API (https://developers.nexudus.com), as far as check-ins need it. A bearer token is had for
 * name and password at the first request and kept in memory alone; one that is refused is renewed once.
 */
#ifndef HELPER_NEXUDUS_API_H
#define HELPER_NEXUDUS_API_H

#include "hooks/hook_program.h"

struct nexudus_settings {
    char *url, *user, *password_file, *ca_file, *proxy;
    char *location; /* NULL: events of all places count */
    uint32_t business, timeout;
    bool dry_run, allow_charges;
};

struct nexudus {
    const struct nexudus_settings *settings;
    struct hook_server server;
    struct secret password, token, refresh;
    bool is_renewed;
};

/* GET of a path below the API ("spaces/checkins?..."). HOOK_TOLD and the document, or why not, logged. */
enum hook_status nexudus_get(struct nexudus *nexudus, const char *path, struct json_document **ret_document);

/* POST (or PUT) of a JSON object; never in a dry run. HOOK_TOLD: the answer says that it was successful. */
enum hook_status nexudus_write(struct nexudus *nexudus, const char *path, const char *json, bool is_put);

/*
 * All records of a list, page after page, until `record` returns false; `query` is "name=value&...". What it
 * takes from a record it has to judge itself: a server may know a filter by another name. `too_many` is what
 * becomes of the event when there are more pages than can be looked through: nothing is written then, and
 * HOOK_LATER holds up all events behind it.
 */
struct nexudus_list {
    const char *path, *query;
    enum hook_status too_many;
    bool (*record)(void *context, const struct json_value *record);
    void *context;
};
enum hook_status nexudus_each(struct nexudus *nexudus, const struct nexudus_list *list);

#endif
