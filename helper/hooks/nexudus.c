/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frontdesk-nexudus: a check-in here as a check-in there, by verified e-mail. It looks before it writes, so
 * that an event that comes twice counts once; it writes nothing until `dry_run = no`, and causes no
 * pay-as-you-go pass until `allow_charges = yes`.
 */
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <syslog.h>

#include "frontdesk/paths.h"
#include "hooks/nexudus_records.h"
#include "log.h"

#define SOURCE_MANUAL 1

#define FIELD(field) .key = #field, .offset = offsetof(struct nexudus_settings, field)

static const struct setting settings[] = {
    {FIELD(url), .parse = setting_https_url, .fallback = "https://spaces.nexudus.com/api",
     .help = "the REST API"},
    {FIELD(user), .parse = setting_text, .required = true,
     .help = "e-mail of an administrator with the roles Coworker-List, Checkin-List, -Create and -Edit, and "
             "CoworkerTimePass-List"},
    {FIELD(password_file), .parse = setting_secret_file, .required = true,
     .help = "file with the password, or the name of a systemd credential"},
    {FIELD(business), .parse = setting_number, .min = 1, .max = INT_MAX, .required = true,
     .help = "id of the location (BusinessId)"},
    {FIELD(location), .parse = setting_text,
     .help = "only check-ins at this place count, as [machine] location names it (default: all)"},
    {FIELD(dry_run), .parse = setting_yes_no, .fallback = "yes",
     .help = "yes: look, say what would be written, and write nothing"},
    {FIELD(allow_charges), .parse = setting_yes_no, .fallback = "no",
     .help = "yes: check in without a valid pass, too: Nexudus may then assign and charge one"},
    {FIELD(ca_file), .parse = setting_path, .help = "certificates to trust (default: the system's)"},
    {FIELD(proxy), .parse = setting_proxy, .help = "http://HOST:PORT (default: none)"},
    {FIELD(timeout), .parse = setting_seconds, .min = 1, .max = 3600, .fallback = "8 s",
     .help = "how long all of it may take; less than [kiosk] hook_timeout"},
};
static const struct hook_table table = {"nexudus", settings, sizeof settings / sizeof settings[0]};

static enum hook_status would(const char *what, int64_t customer)
{
    log_line(LOG_NOTICE, "dry_run: would %s customer %" PRId64, what, customer);
    return HOOK_TOLD;
}

static enum hook_status create_visit(struct nexudus *nexudus, const struct told_event *event,
                                     int64_t customer)
{
    AUTO_JSON struct json_document *visit = json_new();
    AUTO_FREE char *json = NULL;

    if (visit && json_add_integer(visit, "BusinessId", nexudus->settings->business) &&
        json_add_integer(visit, "CoworkerId", customer) &&
        json_add_string(visit, "FromTime", event->checked_in_at) &&
        json_add_integer(visit, "Source", SOURCE_MANUAL))
        json = json_print(json_top(visit));
    return json ? nexudus_write(nexudus, "spaces/checkins", json, false) : HOOK_LATER;
}

/* Is there a pass, where there has to be one? */
static enum hook_status judge_charges(struct nexudus *nexudus, const struct told_event *event,
                                      int64_t customer)
{
    bool has_pass = false;
    enum hook_status status;

    if (nexudus->settings->allow_charges)
        return HOOK_TOLD;
    status = nexudus_find_pass(nexudus, customer, event->checked_in_at, &has_pass);
    if (status != HOOK_TOLD || has_pass)
        return status;
    log_line(LOG_ERR, "customer %" PRId64 " has no valid pass, and allow_charges is not yes", customer);
    return HOOK_NEVER;
}

static enum hook_status check_in(struct nexudus *nexudus, const struct told_event *event, int64_t customer)
{
    const struct nexudus_search search = {.customer = customer, .checked_in_at = event->checked_in_at};
    struct nexudus_visit visit = {0};
    enum hook_status status = nexudus_find_visit(nexudus, &search, &visit);

    if (status != HOOK_TOLD)
        return status;
    if (visit.id != 0) {
        log_line(LOG_INFO, "customer %" PRId64 " is checked in already", customer);
        return HOOK_TOLD;
    }
    status = judge_charges(nexudus, event, customer);
    if (status != HOOK_TOLD)
        return status;
    if (nexudus->settings->dry_run)
        return would("check in", customer);
    return create_visit(nexudus, event, customer);
}

/* There is no way to write one field: the whole record goes back, with its end. */
static enum hook_status end_visit(struct nexudus *nexudus, const struct told_event *event, int64_t id)
{
    AUTO_FREE char *path = setting_sentence("spaces/checkins/%" PRId64, id);
    AUTO_JSON struct json_document *record = NULL;
    AUTO_FREE char *json = NULL;
    enum hook_status status = path ? nexudus_get(nexudus, path, &record) : HOOK_LATER;
    int64_t same_id;

    if (status != HOOK_TOLD)
        return status;
    if (!json_integer(json_get(json_top(record), "Id"), &same_id) || same_id != id) {
        log_line(LOG_ERR, "%s: the answer is another record", path);
        return HOOK_LATER;
    }
    if (json_add_string(record, "ToTime", event->time))
        json = json_print(json_top(record));
    return json ? nexudus_write(nexudus, "spaces/checkins", json, true) : HOOK_LATER;
}

static enum hook_status check_out(struct nexudus *nexudus, const struct told_event *event, int64_t customer)
{
    const struct nexudus_search search = {
        .customer = customer, .checked_in_at = event->checked_in_at, .until = event->time};
    struct nexudus_visit visit = {0};
    const enum hook_status status = nexudus_find_visit(nexudus, &search, &visit);

    if (status != HOOK_TOLD)
        return status;
    if (visit.id == 0 || !visit.is_open) {
        log_line(LOG_INFO, "customer %" PRId64 " is checked out already", customer);
        return HOOK_TOLD;
    }
    return nexudus->settings->dry_run ? would("check out", customer) : end_visit(nexudus, event, visit.id);
}

/* What anybody can type into a profile names nobody there. */
static enum hook_status tell(struct nexudus *nexudus, const struct told_event *event)
{
    int64_t customer = 0;
    enum hook_status status = nexudus_find_customer(nexudus, event->email, &customer);

    if (status != HOOK_TOLD)
        return status;
    return event->is_check_in ? check_in(nexudus, event, customer) : check_out(nexudus, event, customer);
}

static enum hook_status begin(const struct nexudus_settings *nexudus_settings, const struct told_event *event)
{
    const struct hook_server_place place = {.url = nexudus_settings->url,
                                            .ca_file = nexudus_settings->ca_file,
                                            .proxy = nexudus_settings->proxy,
                                            .timeout_s = nexudus_settings->timeout};
    struct nexudus nexudus = {.settings = nexudus_settings};
    AUTO_FREE char *why = NULL;
    enum hook_status status = HOOK_CONFIG;

    if (!hook_secret_read(nexudus_settings->password_file, &nexudus.password, &why))
        log_line(LOG_ERR, "password_file: %s", why ? why : "out of memory");
    else if (hook_server_open(&place, &nexudus.server))
        status = tell(&nexudus, event);
    hook_server_close(&nexudus.server);
    secret_erase(&nexudus.password);
    secret_erase(&nexudus.token);
    secret_erase(&nexudus.refresh);
    return status;
}

/* Both ways to write the address are right. */
static void cut_slash(char *url)
{
    const size_t length = strlen(url);

    if (url[length - 1] == '/')
        url[length - 1] = '\0';
}

static enum hook_status judge_event(const struct nexudus_settings *nexudus_settings,
                                    const struct told_event *event)
{
    const char *location = nexudus_settings->location;

    if (location && (!event->location || strcmp(location, event->location) != 0)) {
        log_line(LOG_INFO, "the event is of another place");
        return HOOK_TOLD;
    }
    if (!event->email || !event->email_is_verified) {
        log_line(LOG_ERR, "the member has no verified e-mail: nothing is sent");
        return HOOK_NEVER;
    }
    return begin(nexudus_settings, event);
}

int main(int argc, char **argv)
{
    static const struct hook_face face = {.program = "frontdesk-nexudus",
                                          .summary = "Tells Nexudus of an event of frontdesk-hooks.",
                                          .config = FD_SYSCONFDIR "/hooks/nexudus.conf",
                                          .table = &table};
    struct nexudus_settings nexudus = {0};
    AUTO_EVENT struct told_event event = {0};
    int status;

    if (hook_program_begin(argc, argv, &face, &nexudus, &event, &status)) {
        cut_slash(nexudus.url);
        status = (int)judge_event(&nexudus, &event);
    }
    hook_file_clear(&table, &nexudus);
    return status;
}
