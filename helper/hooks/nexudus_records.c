/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists are asked for with filters, and each record is judged again: none is taken for another's. */
#include "hooks/nexudus_records.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <syslog.h>
#include <time.h>

#include "log.h"

#define SECONDS_LENGTH (TOLD_TIME_SIZE - 2) /* "2026-01-01T08:00:00" */
#define LOOK_BACK_S    (7 * 24 * 3600)

static bool integer_is(const struct json_value *record, const char *name, int64_t wanted)
{
    int64_t integer;

    return json_integer(json_get(record, name), &integer) && integer == wanted;
}

struct customer_search {
    const char *email;
    int64_t id;
    unsigned count;
};

static bool take_customer(void *context, const struct json_value *record)
{
    struct customer_search *search = context;
    const char *email;
    bool is_active = true;
    int64_t id;

    (void)json_boolean(json_get(record, "Active"), &is_active);
    if (is_active && json_string(json_get(record, "Email"), &email, NULL) &&
        strcasecmp(email, search->email) == 0 && json_integer(json_get(record, "Id"), &id) && id > 0) {
        search->count++;
        search->id = id;
    }
    return true;
}

enum hook_status nexudus_find_customer(struct nexudus *nexudus, const char *email, int64_t *ret_id)
{
    AUTO_FREE char *encoded = http_form_encode(email);
    AUTO_FREE char *query = encoded ? setting_sentence("Coworker_Email=%s", encoded) : NULL;
    struct customer_search search = {.email = email};
    const struct nexudus_list list = {.path = "spaces/coworkers",
                                      .query = query,
                                      .too_many = HOOK_LATER,
                                      .record = take_customer,
                                      .context = &search};
    const enum hook_status status = query ? nexudus_each(nexudus, &list) : HOOK_LATER;

    if (status != HOOK_TOLD)
        return status;
    if (search.count != 1) {
        log_line(LOG_ERR, "%s active customer has the member's e-mail",
                 search.count == 0 ? "no" : "more than one");
        return HOOK_NEVER;
    }
    *ret_id = search.id;
    return HOOK_TOLD;
}

struct visit_search {
    const struct nexudus_search *wanted;
    int64_t business;
    char since[TOLD_TIME_SIZE];
    struct nexudus_visit found;
    bool is_ours;
};

/* A zone is left out, and so are fractions: the API has UTC. */
static bool read_from(const struct json_value *record, struct nexudus_visit *visit)
{
    char whole[TOLD_TIME_SIZE];
    const char *from;

    if (!json_string(json_get(record, "FromTime"), &from, NULL))
        return false;
    (void)snprintf(whole, sizeof whole, "%.*sZ", SECONDS_LENGTH, from);
    (void)snprintf(visit->from, sizeof visit->from, "%.*s", SECONDS_LENGTH, from);
    return told_time_is_one(whole);
}

static bool take_visit(void *context, const struct json_value *record)
{
    struct visit_search *search = context;
    const struct nexudus_search *wanted = search->wanted;
    struct nexudus_visit visit = {.is_open = !json_get(record, "ToTime")};

    if (!integer_is(record, "CoworkerId", wanted->customer) ||
        !integer_is(record, "BusinessId", search->business) ||
        !json_integer(json_get(record, "Id"), &visit.id) || visit.id <= 0 || !read_from(record, &visit))
        return true;
    if (strncmp(visit.from, wanted->checked_in_at, SECONDS_LENGTH) == 0) {
        search->found = visit;
        search->is_ours = true;
        return false;
    }
    if (visit.is_open && strcmp(visit.from, search->found.from) > 0 &&
        strncmp(visit.from, search->since, SECONDS_LENGTH) >= 0 &&
        (!wanted->until || strncmp(visit.from, wanted->until, SECONDS_LENGTH) <= 0))
        search->found = visit;
    return true;
}

/* The visits of years would be many pages, and what was left open long ago is no stay of today. */
static bool make_since(const char *checked_in_at, char ret_since[TOLD_TIME_SIZE])
{
    struct tm utc = {0};
    time_t since;

    if (!strptime(checked_in_at, "%Y-%m-%dT%H:%M:%SZ", &utc))
        return false;
    since = timegm(&utc) - LOOK_BACK_S;
    return gmtime_r(&since, &utc) && strftime(ret_since, TOLD_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &utc) > 0;
}

enum hook_status nexudus_find_visit(struct nexudus *nexudus, const struct nexudus_search *search,
                                    struct nexudus_visit *ret_visit)
{
    struct visit_search visits = {.wanted = search, .business = nexudus->settings->business};
    const bool has_since = make_since(search->checked_in_at, visits.since);
    AUTO_FREE char *query =
        has_since ? setting_sentence("Checkin_Coworker=%" PRId64 "&Checkin_Business=%" PRIu32
                                     "&from_Checkin_FromTime=%s",
                                     search->customer, nexudus->settings->business, visits.since)
                  : NULL;
    const struct nexudus_list list = {.path = "spaces/checkins",
                                      .query = query,
                                      .too_many = HOOK_NEVER,
                                      .record = take_visit,
                                      .context = &visits};
    const enum hook_status status = query ? nexudus_each(nexudus, &list) : HOOK_LATER;

    if (status == HOOK_TOLD)
        *ret_visit = visits.found;
    return status;
}

struct pass_search {
    int64_t customer, business;
    const char *time;
    bool has_one;
};

static bool take_pass(void *context, const struct json_value *record)
{
    struct pass_search *search = context;
    bool is_used = true, is_on_the_go = true;
    const char *expires;

    if (!integer_is(record, "CoworkerId", search->customer) ||
        !integer_is(record, "BusinessId", search->business) ||
        !json_boolean(json_get(record, "Used"), &is_used) || is_used ||
        !json_boolean(json_get(record, "IsPayAsYouGo"), &is_on_the_go) || is_on_the_go)
        return true;
    if (json_get(record, "ExpireDate") && (!json_string(json_get(record, "ExpireDate"), &expires, NULL) ||
                                           strncmp(expires, search->time, SECONDS_LENGTH) <= 0))
        return true;
    search->has_one = true;
    return false;
}

enum hook_status nexudus_find_pass(struct nexudus *nexudus, int64_t customer, const char *time,
                                   bool *ret_has_one)
{
    struct pass_search search = {.customer = customer, .business = nexudus->settings->business, .time = time};
    AUTO_FREE char *query =
        setting_sentence("CoworkerTimePass_Coworker=%" PRId64 "&CoworkerTimePass_Used=false", customer);
    const struct nexudus_list list = {.path = "billing/coworkertimepasses",
                                      .query = query,
                                      .too_many = HOOK_NEVER,
                                      .record = take_pass,
                                      .context = &search};
    const enum hook_status status = query ? nexudus_each(nexudus, &list) : HOOK_LATER;

    if (status == HOOK_TOLD)
        *ret_has_one = search.has_one;
    return status;
}
