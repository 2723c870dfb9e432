/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kiosk may do is little: ask who approved, and record that this person confirmed it. */
#include "keeper/kiosk.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "audit/audit.h"
#include "cleanup.h"
#include "frontdesk/ids.h"
#include "keeper/begun.h"
#include "keeper/record.h"
#include "members/check_ins.h"

#define ENTRY_SIZE      65536 /* bytes; an entry that needs more is nobody's */
#define SETTLE_EVERY_MS (60 * 1000)

static bool has_uid(const char *user, uint32_t uid)
{
    AUTO_FREE char *buffer = malloc(ENTRY_SIZE);
    struct passwd entry, *found = NULL;

    return buffer && getpwnam_r(user, &entry, buffer, ENTRY_SIZE, &found) == 0 && found &&
           entry.pw_uid == uid;
}

bool kiosk_asks(const struct keeper *keeper, const struct sign_in *sign_in)
{
    const struct login *login = &sign_in->login;

    return sign_in->peer_uid != 0 && !keeper->options.private_peer && !id_is_members(sign_in->peer_uid) &&
           strcmp(login->service, PROTOCOL_KIOSK_SERVICE) == 0 && login->user[0] == '\0' &&
           has_uid(sign_in->config->kiosk.user, sign_in->peer_uid);
}

/* What the kiosk's process says of itself (the PAM line's `connection=`) only chooses where we do not. */
enum reason kiosk_choose(const struct config *config, const struct login *login,
                         struct admission_choices *ret_choices)
{
    struct login chosen = *login;
    struct admission_choices choices;
    enum reason reason;

    if (config->kiosk.connection)
        (void)snprintf(chosen.connection, sizeof chosen.connection, "%s", config->kiosk.connection);
    reason = admission_choices(config, &chosen, &choices);
    if (reason == REASON_OK && choices.count > 1)
        return REASON_CONNECTION_UNDECIDED;
    if (reason == REASON_OK)
        *ret_choices = choices;
    return reason;
}

static enum reason judge_connection(struct sign_in *sign_in, const struct kiosk_ticket *ticket)
{
    if (config_connection_is_broken(sign_in->config, ticket->connection))
        return REASON_CONNECTION_BROKEN;
    sign_in->connection = config_connection(sign_in->config, ticket->connection);
    if (!sign_in->connection || !sign_in->connection->enabled ||
        !connection_serves(sign_in->connection, PROTOCOL_KIOSK_SERVICE))
        return REASON_CONNECTION_DISABLED;
    return REASON_OK;
}

/* Whose the record is. */
static enum reason name_member(struct sign_in *sign_in, const struct member *member)
{
    sign_in->member_id = member->id;
    (void)snprintf(sign_in->member, sizeof sign_in->member, "%s", member->name);
    sign_in->identity.issuer = strdup(member->issuer ? member->issuer : "");
    sign_in->identity.subject = strdup(member->subject ? member->subject : "");
    return sign_in->identity.issuer && sign_in->identity.subject ? REASON_OK : REASON_INTERNAL;
}

/* May the ticket's member still be here? Whatever changed since the approval counts. */
static enum reason judge_member(struct keeper *keeper, struct sign_in *sign_in,
                                const struct kiosk_ticket *ticket, struct member *ret_member)
{
    struct members_request request = {.config = sign_in->config, .now = time(NULL)};
    struct member member = {0};
    enum reason reason = judge_connection(sign_in, ticket);

    if (reason != REASON_OK)
        return reason;
    if (store_by_id(keeper->members.store, ticket->member, &member) != STORE_OK)
        return REASON_STORE_FAILED;
    request.requested_user = member.name;
    reason = members_account(&keeper->members, &request, PROTOCOL_KIOSK_SERVICE, ret_member);
    if (reason == REASON_OK)
        reason = name_member(sign_in, ret_member);
    sign_in_add_detail(sign_in, "", keeper->members.notice);
    member_clear(&member);
    return reason;
}

static bool add_ended(struct json_document *record, const struct member *member,
                      const struct check_in *check_in)
{
    return record && json_add_string(record, "reason", reason_code(REASON_OK)) &&
           json_add_string(record, "how", check_in_how_name(check_in->how_out)) &&
           json_add_string(record, "member", member->name) && json_add_integer(record, "uid", member->id) &&
           json_add_integer(record, "check_in_id", check_in->id) &&
           json_add_string(record, "location", check_in->location) &&
           json_add_integer(record, "stay_s", check_in->out_at - check_in->in_at);
}

/* Whose press it is, if any; what is due ends meanwhile, too. */
struct press {
    struct keeper *keeper;
    struct sign_in *sign_in;
};

static bool tell_ended(void *context, const struct member *member, const struct check_in *check_in)
{
    const struct press *press = context;
    struct keeper *keeper = press->keeper;
    AUTO_JSON struct json_document *record = audit_record("check_out");

    return add_ended(record, member, check_in) &&
           record_keep(keeper, config_watch_current(keeper->watch), record);
}

/* The record is a part of it: without one nobody is in, and no hook is told. */
static bool tell_scanned(void *context, enum check_in_outcome outcome, const struct check_in *check_in)
{
    const struct press *press = context;
    struct sign_in *sign_in = press->sign_in;

    sign_in->check_in = check_in_outcome_name(outcome);
    sign_in->check_in_id = check_in->id;
    sign_in->check_in_since = check_in->in_at;
    sign_in->reason = REASON_OK;
    sign_in->is_recorded = record_decision(press->keeper, sign_in);
    return sign_in->is_recorded;
}

static struct check_ins check_ins_of(struct press *press, const struct config *config)
{
    return (struct check_ins){.members = &press->keeper->members,
                              .config = config,
                              .now = time(NULL),
                              .told = tell_ended,
                              .scanned = tell_scanned,
                              .context = press};
}

/* Nothing of it stands; where a record says that it does, a second one takes that back. */
static void undo(const struct keeper *keeper, struct sign_in *sign_in, enum reason reason)
{
    if (sign_in->is_recorded) {
        (void)log_text(keeper->members.why, sign_in->detail, sizeof sign_in->detail);
        record_end(keeper, sign_in, reason_code(reason));
    }
    sign_in->check_in = NULL;
}

/* The ticket counts once, whatever comes of it: what it was for can be had again with a phone. */
static enum reason check_in(struct keeper *keeper, struct sign_in *sign_in, const struct member *member)
{
    struct press press = {.keeper = keeper, .sign_in = sign_in};
    const struct check_ins check_ins = check_ins_of(&press, sign_in->config);
    enum check_in_outcome outcome = CHECK_IN_ALREADY;
    struct check_in row = {0};
    enum reason reason;

    kiosk_ticket_end(keeper, sign_in->login.ticket);
    if (!clock_is_possible())
        return REASON_CLOCK;
    if (!record_is_possible(keeper))
        return REASON_AUDIT_FAILED;
    begun_note(keeper, sign_in);
    reason = check_ins_scan(&check_ins, member, &outcome, &row);
    if (reason != REASON_OK)
        undo(keeper, sign_in, reason);
    check_in_clear(&row);
    return reason;
}

static enum reason judge_ticket(struct keeper *keeper, struct sign_in *sign_in)
{
    const struct kiosk_ticket *ticket = kiosk_ticket_find(keeper, sign_in->login.ticket);
    struct member member = {0};
    enum reason reason;

    if (!ticket)
        return REASON_SESSION_UNKNOWN;
    reason = judge_member(keeper, sign_in, ticket, &member);
    if (reason == REASON_OK && sign_in->login.phase == PHASE_OPEN_SESSION)
        reason = check_in(keeper, sign_in, &member);
    member_clear(&member);
    return reason;
}

enum reason kiosk_later_phase_judge(struct keeper *keeper, struct sign_in *sign_in)
{
    if (sign_in->login.phase != PHASE_CLOSE_SESSION)
        return judge_ticket(keeper, sign_in);
    kiosk_ticket_end(keeper, sign_in->login.ticket);
    return REASON_OK;
}

void kiosk_settle(struct keeper *keeper)
{
    const struct config *config = config_watch_current(keeper->watch);
    struct press press = {.keeper = keeper};
    struct check_ins check_ins;
    enum reason reason;

    keeper->check_ins_at_ms = boottime_ms() + SETTLE_EVERY_MS;
    kiosk_tickets_forget(keeper);
    if (!config || config->broken || !clock_is_possible())
        return;
    check_ins = check_ins_of(&press, config);
    reason = check_ins_settle(&check_ins);
    if (reason != REASON_OK)
        log_line(LOG_WARNING, "check-ins that are over could not be ended: %s", reason_code(reason));
}
