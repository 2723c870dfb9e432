/* SPDX-License-Identifier: BSD-2-Clause */
/*
 *   {"version":1,"event":"<event_id>","kind":"check_in|check_out","time":"2026-01-01T08:00:00Z",
 *    "location":…,"machine":…,"how":"kiosk|desk|limit","check_in":7,"checked_in_at":"…","connection":…,
 *    "member":{"name","uid","issuer","subject","full_name","email","email_verified"}}
 *
 * What is not known is null.
 */
#include "members/check_in_event.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "members/members_internal.h"
#include "members/store_events.h"
#include "secret.h"

#define TIME_SIZE 32

static bool add_time(struct json_document *document, const char *name, int64_t seconds)
{
    const time_t when = (time_t)seconds;
    char text[TIME_SIZE];
    struct tm utc;

    return gmtime_r(&when, &utc) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) > 0 &&
           json_add_string(document, name, text);
}

static bool add_member(struct json_document *document, const struct member *member)
{
    AUTO_JSON struct json_document *person = json_new();

    return person && json_add_string(person, "name", member->name) &&
           json_add_integer(person, "uid", member->id) && json_add_string(person, "issuer", member->issuer) &&
           json_add_string(person, "subject", member->subject) &&
           json_add_string(person, "full_name", member->full_name) &&
           json_add_string(person, "email", member->email) &&
           json_add_boolean(person, "email_verified", member->email_verified) &&
           json_add_object(document, "member", json_top(person));
}

static bool fill(struct json_document *document, const struct hook_event *event,
                 const struct check_ins *check_ins, const struct member *member,
                 const struct check_in *check_in)
{
    const bool is_open = check_in->is_open;
    const char *location = check_in->location[0] != '\0' ? check_in->location : NULL;

    return json_add_integer(document, "version", 1) && json_add_string(document, "event", event->event_id) &&
           json_add_string(document, "kind", event->kind) &&
           add_time(document, "time", is_open ? check_in->in_at : check_in->out_at) &&
           json_add_string(document, "location", location) &&
           json_add_string(document, "machine", check_ins->config->machine.name) &&
           json_add_string(document, "how",
                           check_in_how_name(is_open ? check_in->how_in : check_in->how_out)) &&
           json_add_integer(document, "check_in", check_in->id) &&
           add_time(document, "checked_in_at", check_in->in_at) &&
           json_add_string(document, "connection", member->connection) && add_member(document, member);
}

enum reason check_in_event_add(const struct check_ins *check_ins, const struct member *member,
                               const struct check_in *check_in)
{
    const struct kiosk_settings *kiosk = &check_ins->config->kiosk;
    AUTO_JSON struct json_document *document = NULL;
    AUTO_FREE char *json = NULL;
    struct hook_event event = {.member = member->id, .made_at = check_ins->now};

    if (!(check_in->is_open ? kiosk->on_check_in : kiosk->on_check_out))
        return REASON_OK;
    (void)snprintf(event.kind, sizeof event.kind, "%s",
                   check_in->is_open ? EVENT_KIND_CHECK_IN : EVENT_KIND_CHECK_OUT);
    document = json_new();
    if (!document || !secret_random_text(EVENT_ID_BYTES, event.event_id, sizeof event.event_id) ||
        !fill(document, &event, check_ins, member, check_in))
        return REASON_INTERNAL;
    json = json_print(json_top(document));
    if (!json || strlen(json) > EVENT_JSON_MAX)
        return REASON_INTERNAL;
    event.json = json;
    return store_event_add(check_ins->members->store, &event) == STORE_OK
               ? REASON_OK
               : members_store_failed(check_ins->members);
}
