/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * questions.h as a table: each question, and when it is due. Whatever is not due ends the sign-in, and the
 * module then sees a close: unavailable. Nothing here waits for a child or a module.
 */
#include "keeper/sign_in.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include "frontdesk/wire.h"
#include "keeper/admission.h"
#include "keeper/answers.h"
#include "keeper/begun.h"
#include "keeper/handover.h"
#include "keeper/judgement.h"
#include "keeper/kiosk_tickets.h"
#include "keeper/readiness.h"
#include "keeper/record.h"
#include "keeper/refusals.h"
#include "keeper/tickets.h"
#include "keeper/verdict.h"

#define FIRST_MESSAGES_S 15 /* HANDOVER comes at once, ADMIT when LOGIN came: 5 s at most */
#define KEEPS_MAX        8  /* discovery, keys, and each again */
#define BUSY_MAX         32 /* of one sign-in; later ones are not believed any more */

struct sign_in *sign_in_new(struct keeper *keeper, int child)
{
    struct sign_in *sign_in = calloc(1, sizeof *sign_in);

    if (!sign_in)
        return NULL;
    sign_in->child = child;
    sign_in->module = -1;
    sign_in->lease = -1;
    sign_in->due = DUE_HANDOVER;
    sign_in->began_ms = boottime_ms();
    sign_in->ended_by = reason_code(REASON_PROTOCOL);
    sign_in->ends_at = boottime_s() + FIRST_MESSAGES_S;
    sign_in->next = keeper->sign_ins;
    keeper->sign_ins = sign_in;
    keeper->sign_in_count++;
    return sign_in;
}

/* The one that the host has closed, and one that was begun for a host that never heard of it. */
static void end_session(struct keeper *keeper, const struct sign_in *sign_in)
{
    if (sign_in->login.phase == PHASE_CLOSE_SESSION && sign_in->session.user)
        ticket_end(keeper, sign_in->login.ticket);
    if (sign_in->ticket[0] == '\0' || (sign_in->delivered && sign_in->reason == REASON_OK))
        return;
    if (sign_in->kiosk)
        kiosk_ticket_end(keeper, sign_in->ticket);
    else
        ticket_end(keeper, sign_in->ticket);
}

/* Without a LOGIN nobody asked for anything: connecting alone must not fill the log. */
static void tell_end(const struct keeper *keeper, const struct sign_in *sign_in)
{
    if (sign_in->login.service[0] == '\0' || sign_in->delivered || sign_in->is_repeated)
        return;
    record_end(keeper, sign_in, sign_in->reason == REASON_NONE ? sign_in->ended_by : "not_delivered");
}

void sign_in_free(struct keeper *keeper, struct sign_in *sign_in)
{
    for (struct sign_in **link = &keeper->sign_ins; *link; link = &(*link)->next) {
        if (*link == sign_in) {
            *link = sign_in->next;
            keeper->sign_in_count--;
            break;
        }
    }
    (void)close(sign_in->child);
    if (sign_in->module >= 0)
        (void)close(sign_in->module);
    if (sign_in->lease >= 0)
        (void)close(sign_in->lease);
    tell_end(keeper, sign_in);
    begun_forget(keeper, sign_in);
    end_session(keeper, sign_in);
    config_unref(sign_in->config);
    identity_clear(&sign_in->identity);
    session_row_clear(&sign_in->session);
    list_free(sign_in->candidates);
    free(sign_in->log_out_url);
    explicit_bzero(sign_in, sizeof *sign_in);
    free(sign_in);
}

/* What an allow leaves behind stands before anybody hears of it; what cannot be recorded does not happen. */
static enum reason settle(struct keeper *keeper, struct sign_in *sign_in)
{
    const enum login_phase phase = sign_in->login.phase;

    if (sign_in->reason == REASON_OK && phase == PHASE_AUTH)
        sign_in->reason =
            sign_in->kiosk ? kiosk_ticket_begin(keeper, sign_in) : ticket_begin(keeper, sign_in);
    if ((sign_in->reason == REASON_STORE_FAILED || sign_in->reason == REASON_PUBLISH_FAILED) &&
        keeper->members.why[0] != '\0')
        (void)log_text(keeper->members.why, sign_in->detail, sizeof sign_in->detail);
    if (sign_in->is_repeated || sign_in->is_recorded || record_decision(keeper, sign_in) ||
        phase == PHASE_CLOSE_SESSION)
        return sign_in->reason;
    return sign_in->reason == REASON_OK || sign_in->reason == REASON_CONNECT_AGAIN ? REASON_AUDIT_FAILED
                                                                                   : sign_in->reason;
}

static bool decide(struct keeper *keeper, struct sign_in *sign_in, enum reason reason)
{
    sign_in->reason = readiness_blame(reason);
    sign_in_add_detail(sign_in, "scopes not granted: ", sign_in->lost_scopes);
    sign_in->reason = settle(keeper, sign_in);
    if (sign_in->reason == REASON_OK)
        begun_allow(keeper, sign_in);
    else
        begun_forget(keeper, sign_in);
    sign_in->due = DUE_FINISH;
    if (!sign_in->is_repeated)
        record_log(keeper, sign_in);
    return answer_decided(keeper, sign_in);
}

/* Said before anything goes to it: an IdP that turns people away is not asked by each of them. */
static bool issuer_is_left_alone(const struct keeper *keeper, struct sign_in *sign_in)
{
    const int64_t left_s = back_off_left(&keeper->back_off, sign_in->connection->issuer, boottime_s());

    if (left_s <= 0)
        return false;
    (void)snprintf(sign_in->detail, sizeof sign_in->detail, "HTTP 429 was answered; not asked again for %d s",
                   (int)left_s);
    return true;
}

/* The connection is fixed: reads its secret, and gives the child what it needs for this one. */
static bool admit(struct keeper *keeper, struct sign_in *sign_in)
{
    AUTO_SECRET struct secret secret = {0};
    AUTO_FREE char *why = NULL;

    if (issuer_is_left_alone(keeper, sign_in))
        return decide(keeper, sign_in, REASON_IDP_BUSY);
    if (!connection_read_secret(sign_in->connection, &secret, &why)) {
        (void)log_text(why, sign_in->detail, sizeof sign_in->detail);
        return decide(keeper, sign_in, REASON_SECRET_UNREADABLE);
    }
    spelling_registration(sign_in->connection, &secret, sign_in->registration);
    sign_in->due = DUE_CLAIMS;
    return answer_admitted(keeper, sign_in, &secret);
}

static bool take_admit(struct keeper *keeper, struct sign_in *sign_in, struct wire_reader *r)
{
    struct admission_choices choices;
    size_t length;
    const uint8_t *login = wire_get_blob(r, &length);
    enum reason reason;

    if (!wire_end(r) || !handover_login_is(sign_in, login, length))
        return false;
    reason = admission_judge(keeper, sign_in, login, length, &choices);
    if (reason == REASON_OK && sign_in->login.phase == PHASE_AUTH)
        reason = readiness_judge(keeper, sign_in);
    sign_in->is_repeated = refusal_is_repeated(keeper, sign_in, reason);
    if (reason != REASON_OK || sign_in->login.phase != PHASE_AUTH)
        return decide(keeper, sign_in, reason);
    begun_note(keeper, sign_in);
    if (sign_in->connection)
        return admit(keeper, sign_in);
    sign_in->due = DUE_CHOICE;
    return answer_choices(keeper, sign_in, &choices);
}

/* Judged again, by the same record and configuration: the same choices as were offered. */
static bool take_choose(struct keeper *keeper, struct sign_in *sign_in, struct wire_reader *r)
{
    char name[CONNECTION_NAME_MAX + 1];
    struct admission_choices choices;

    wire_get_string(r, name, sizeof name);
    if (!wire_end(r) || admission_choices(sign_in->config, &sign_in->login, &choices) != REASON_OK)
        return false;
    for (size_t i = 0; i < choices.count; i++) {
        if (strcmp(choices.connections[i]->name, name) == 0) {
            sign_in->connection = choices.connections[i];
            return admit(keeper, sign_in);
        }
    }
    return false;
}

static bool take_keep(struct keeper *keeper, struct sign_in *sign_in, struct wire_reader *r)
{
    const unsigned kind = wire_get_u8(r);
    struct document document = {.lifetime_s = wire_get_u32(r)};

    document.text = (const char *)wire_get_blob(r, &document.length);
    if (!wire_end(r) || (kind != DOCUMENT_DISCOVERY && kind != DOCUMENT_KEYS) ||
        sign_in->documents_kept++ >= KEEPS_MAX)
        return false;
    document_cache_put(keeper->cache, sign_in->connection, (enum document_kind)kind, &document, boottime_s());
    return true;
}

/* While somebody else fetches them the child asks again and again, but not for ever. */
static bool take_refetch(struct keeper *keeper, struct sign_in *sign_in, struct wire_reader *r)
{
    enum key_refetch refetch;

    if (!wire_end(r) || sign_in->refetches++ >= QUESTION_REFETCHES_MAX)
        return false;
    refetch = document_cache_refetch(keeper->cache, sign_in->connection, boottime_s());
    sign_in->fetches_keys |= refetch == KEY_REFETCH_NOW;
    return answer_keys(keeper, sign_in, refetch);
}

static bool take_remember(struct keeper *keeper, struct sign_in *sign_in, struct wire_reader *r)
{
    const unsigned spelling = wire_get_u8(r);

    if (!wire_end(r) || spelling > CLIENT_SPELLING_RAW)
        return false;
    spelling_remember(&keeper->spellings, sign_in->registration, (enum client_spelling)spelling);
    return true;
}

/* Within bounds whatever a child says, and no oftener than a child that polls could. */
static bool take_busy(struct keeper *keeper, struct sign_in *sign_in, struct wire_reader *r)
{
    const uint32_t retry_after_s = wire_get_u32(r);
    char key[LOG_QUOTA_KEY_SIZE];
    uint32_t left_s;

    if (!wire_end(r))
        return false;
    if (sign_in->busy_told++ >= BUSY_MAX)
        return true;
    left_s = back_off_note(&keeper->back_off, sign_in->connection->issuer, retry_after_s, boottime_s());
    (void)snprintf(key, sizeof key, "connection %s: the issuer answered HTTP 429", sign_in->connection->name);
    if (log_quota_take(&keeper->refusals, key, boottime_ms()))
        log_line(LOG_NOTICE, "%s; no sign-in begins there for %u s", key, left_s);
    return true;
}

/*
 * A child cannot write into the log what it likes: only scopes that the connection asks for can be lost. What
 * is kept is no longer than `words`, which fit.
 */
static void take_lost_scopes(struct sign_in *sign_in, char words[LOG_STRING_MAX + 1])
{
    char *rest = words, *word;
    size_t used = 0;

    sign_in->lost_scopes[0] = '\0';
    while ((word = strsep(&rest, " ")) != NULL)
        if (list_has(sign_in->connection->scopes, word))
            used += (size_t)snprintf(sign_in->lost_scopes + used, sizeof sign_in->lost_scopes - used, "%s%s",
                                     used > 0 ? " " : "", word);
}

static bool take_claims(struct keeper *keeper, struct sign_in *sign_in, struct wire_reader *r)
{
    char url[QUESTION_URL_MAX + 1], lost_scopes[LOG_STRING_MAX + 1];
    struct judgement_claims claims = {.log_out_url = url};
    enum reason reason;

    claims.id_token = (const char *)wire_get_blob(r, &claims.id_token_length);
    claims.userinfo = (const char *)wire_get_blob(r, &claims.userinfo_length);
    wire_get_string(r, url, sizeof url);
    wire_get_string(r, lost_scopes, sizeof lost_scopes);
    if (!wire_end(r) || claims.id_token_length > QUESTION_CLAIMS_MAX ||
        claims.userinfo_length > QUESTION_CLAIMS_MAX)
        return false;
    take_lost_scopes(sign_in, lost_scopes);
    reason = judgement_of(keeper, sign_in, &claims);
    if (reason != REASON_NONE)
        return decide(keeper, sign_in, reason);
    sign_in->due = DUE_PICK;
    return answer_users(keeper, sign_in);
}

static bool take_pick(struct keeper *keeper, struct sign_in *sign_in, struct wire_reader *r)
{
    char name[MEMBER_NAME_MAX + 1];

    wire_get_string(r, name, sizeof name);
    if (!wire_end(r) || !list_has(sign_in->candidates, name))
        return false;
    return decide(keeper, sign_in, judgement_of_pick(keeper, sign_in, name));
}

/* A child cannot let anybody in, nor past us: only who said so at the prompt goes on to the passwords. */
static bool may_be_refused_with(const struct sign_in *sign_in, enum reason reason)
{
    if (reason == REASON_PASSWORD_TYPED)
        return (sign_in->login.flags & LOGIN_PASSWORDS_ALLOWED) != 0 && !sign_in->identity.subject;
    return reason_verdict(reason) != VERDICT_ALLOW && reason_verdict(reason) != VERDICT_IGNORE;
}

static bool take_refuse(struct keeper *keeper, struct sign_in *sign_in, struct wire_reader *r)
{
    char code[PROTOCOL_REASON_MAX + 1];
    enum reason reason;

    wire_get_string(r, code, sizeof code);
    wire_get_string(r, sign_in->detail, sizeof sign_in->detail);
    reason = reason_from_code(code);
    if (!wire_end(r) || !may_be_refused_with(sign_in, reason))
        return false;
    /* Unless it put them, it could not: others who want for a key are told so, not that nobody knows it. */
    if (sign_in->fetches_keys && reason_verdict(reason) == VERDICT_UNAVAILABLE)
        document_cache_put(keeper->cache, sign_in->connection, DOCUMENT_KEYS, NULL, boottime_s());
    return decide(keeper, sign_in, reason);
}

static bool take_finish(struct keeper *keeper, struct sign_in *sign_in, struct wire_reader *r)
{
    if (!wire_end(r))
        return false;
    sign_in->delivered = verdict_send(sign_in);
    if (sign_in->delivered)
        begun_forget(keeper, sign_in);
    return false;
}

static bool take_handover(struct sign_in *sign_in, const struct keeper *keeper)
{
    if (!handover_take(sign_in, keeper->options.private_peer)) {
        log_line(LOG_WARNING, "a hand-over was refused");
        return false;
    }
    sign_in->due = DUE_ADMIT;
    return true;
}

static const struct question {
    enum question_type type;
    unsigned due; /* in any of these states */
    bool (*take)(struct keeper *keeper, struct sign_in *sign_in, struct wire_reader *r);
} questions[] = {
    {QUESTION_ADMIT, DUE_ADMIT, take_admit},
    {QUESTION_CHOOSE, DUE_CHOICE, take_choose},
    {QUESTION_KEEP, DUE_CLAIMS, take_keep},
    {QUESTION_REMEMBER, DUE_CLAIMS, take_remember},
    {QUESTION_REFETCH, DUE_CLAIMS, take_refetch},
    {QUESTION_BUSY, DUE_CLAIMS, take_busy},
    {QUESTION_CLAIMS, DUE_CLAIMS, take_claims},
    {QUESTION_PICK, DUE_PICK, take_pick},
    {QUESTION_REFUSE, DUE_CHOICE | DUE_CLAIMS | DUE_PICK, take_refuse},
    {QUESTION_FINISH, DUE_FINISH, take_finish},
};

static bool take_question(struct keeper *keeper, struct sign_in *sign_in, size_t length)
{
    struct wire_reader r = wire_read(keeper->packet, length);
    const unsigned type = wire_get_u8(&r);

    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
        if (questions[i].type == type && (questions[i].due & sign_in->due) != 0)
            return questions[i].take(keeper, sign_in, &r);
    log_line(LOG_WARNING, "question %u is not due; peer_pid=%u", type, sign_in->peer_pid);
    return false;
}

bool sign_in_take(struct keeper *keeper, struct sign_in *sign_in)
{
    ssize_t n;

    if (sign_in->due == DUE_HANDOVER)
        return take_handover(sign_in, keeper);
    n = recv(sign_in->child, keeper->packet, sizeof keeper->packet, MSG_DONTWAIT | MSG_TRUNC);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (n > 0 && (size_t)n <= sizeof keeper->packet) {
        uint8_t *packet = keeper->packet;
        const bool goes_on = take_question(keeper, sign_in, (size_t)n);

        /* A ticket, somebody's claims: nobody needs them a second time. */
        explicit_bzero(packet, (size_t)n);
        return goes_on;
    }
    sign_in->ended_by = "child_ended";
    return false;
}
