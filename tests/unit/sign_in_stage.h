/* SPDX-License-Identifier: BSD-2-Clause */
/* A sign-in as the keeper serves it, a child that the test plays, and all others saying what the test wants.
 */
#ifndef UNIT_SIGN_IN_STAGE_H
#define UNIT_SIGN_IN_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frontdesk/wire.h"
#include "keeper/admission.h"
#include "keeper/back_off.h"
#include "keeper/document_cache.h"
#include "keeper/judgement.h"
#include "keeper/sign_in.h"
#include "keeper/state.h"
#include "sockets.h"

enum said { NOTHING, ADMITTED, CHOICES, USERS, DECIDED, KEYS };

static struct keeper keeper;
static struct sign_in *asked;
static int child; /* the test's end */

static char openid[] = "openid", email[] = "email", groups[] = "groups";
static char *scopes[] = {openid, email, groups, NULL};
static char acme_name[] = "acme", guests_name[] = "guests", issuer[] = "https://idp.example/";
static struct connection acme = {.name = acme_name,
                                 .issuer = issuer,
                                 .client_id = acme_name,
                                 .scopes = scopes},
                         guests = {
                             .name = guests_name, .issuer = issuer, .client_id = acme_name, .scopes = scopes};

/* What the others say. */
static struct {
    bool handed_over, is_its_login, reads_secret, records, answers, delivers;
    enum login_phase phase;
    bool fixes_connection, repeated;
    enum reason admission, choices, readiness, judgement, ticket;
    int64_t back_off_s;
    enum key_refetch refetch;
} says;

/* What they were asked to do. */
static struct {
    enum said said;
    unsigned judged, noted, forgotten, allowed, logged, recorded, lines, kept, refetched, remembered,
        left_alone, picked, verdicts;
    char ended[32], tickets[64];
    size_t text_length;
} did;

#define STAND_IN(type, name, parameters)                                                                     \
    type __wrap_##name parameters;                                                                           \
    type __wrap_##name parameters

STAND_IN(bool, handover_take, (struct sign_in * sign_in, bool private_peer))
{
    (void)sign_in;
    return says.handed_over && !private_peer;
}

STAND_IN(bool, handover_login_is, (const struct sign_in *sign_in, const void *login, size_t length))
{
    (void)sign_in;
    return says.is_its_login && length == 5 && memcmp(login, "LOGIN", 5) == 0;
}

STAND_IN(enum reason, admission_judge,
         (struct keeper * at, struct sign_in *sign_in, const void *login, size_t length,
          struct admission_choices *ret_choices))
{
    (void)at;
    (void)login;
    (void)length;
    did.judged++;
    sign_in->login.phase = says.phase;
    (void)snprintf(sign_in->login.service, sizeof sign_in->login.service, "%s", "login");
    if (says.fixes_connection)
        sign_in->connection = &acme;
    *ret_choices = (struct admission_choices){.connections = {&acme, &guests}, .count = 2};
    return says.admission;
}

STAND_IN(enum reason, admission_choices,
         (const struct config *config, const struct login *login, struct admission_choices *ret_choices))
{
    (void)config;
    (void)login;
    *ret_choices = (struct admission_choices){.connections = {&acme, &guests}, .count = 2};
    return says.choices;
}

STAND_IN(enum reason, readiness_judge, (struct keeper * at, struct sign_in *sign_in))
{
    (void)at;
    (void)sign_in;
    return says.readiness;
}

STAND_IN(enum reason, readiness_blame, (enum reason reason))
{
    return reason;
}

STAND_IN(bool, refusal_is_repeated, (struct keeper * at, const struct sign_in *sign_in, enum reason reason))
{
    (void)at;
    (void)sign_in;
    return says.repeated && reason != REASON_OK;
}

STAND_IN(int64_t, back_off_left, (const struct back_off *back_off, const char *of, int64_t now))
{
    (void)back_off;
    (void)now;
    assert_string_equal(of, issuer);
    return says.back_off_s;
}

STAND_IN(uint32_t, back_off_note,
         (struct back_off * back_off, const char *of, uint32_t retry_after_s, int64_t now))
{
    (void)back_off;
    (void)of;
    (void)now;
    did.left_alone++;
    return retry_after_s;
}

STAND_IN(bool, connection_read_secret,
         (const struct connection *connection, struct secret *ret_secret, char **ret_why))
{
    (void)connection;
    (void)ret_secret;
    if (!says.reads_secret)
        *ret_why = strdup("no such file");
    return says.reads_secret;
}

STAND_IN(void, spelling_remember,
         (struct spelling_memory * memory, const char *registration, enum client_spelling spelling))
{
    (void)memory;
    (void)registration;
    (void)spelling;
    did.remembered++;
}

static inline bool answer_is(enum said said)
{
    did.said = said;
    return says.answers;
}

STAND_IN(bool, answer_admitted,
         (struct keeper * at, const struct sign_in *sign_in, const struct secret *secret))
{
    (void)at;
    (void)sign_in;
    (void)secret;
    return answer_is(ADMITTED);
}

STAND_IN(bool, answer_keys, (struct keeper * at, const struct sign_in *sign_in, enum key_refetch refetch))
{
    (void)at;
    (void)sign_in;
    (void)refetch;
    return answer_is(KEYS);
}

STAND_IN(bool, answer_choices,
         (struct keeper * at, const struct sign_in *sign_in, const struct admission_choices *choices))
{
    (void)at;
    (void)sign_in;
    (void)choices;
    return answer_is(CHOICES);
}

STAND_IN(bool, answer_users, (struct keeper * at, const struct sign_in *sign_in))
{
    (void)at;
    (void)sign_in;
    return answer_is(USERS);
}

STAND_IN(bool, answer_decided, (struct keeper * at, const struct sign_in *sign_in))
{
    (void)at;
    (void)sign_in;
    return answer_is(DECIDED);
}

STAND_IN(void, document_cache_put,
         (struct document_cache * cache, const struct connection *connection, enum document_kind kind,
          const struct document *document, int64_t now))
{
    (void)cache;
    (void)connection;
    (void)kind;
    (void)document;
    (void)now;
    did.kept++;
}

STAND_IN(enum key_refetch, document_cache_refetch,
         (struct document_cache * cache, const struct connection *connection, int64_t now))
{
    (void)cache;
    (void)connection;
    (void)now;
    did.refetched++;
    return says.refetch;
}

STAND_IN(enum reason, judgement_of,
         (struct keeper * at, struct sign_in *sign_in, const struct judgement_claims *claims))
{
    (void)at;
    (void)sign_in;
    did.judged++;
    did.text_length = claims->id_token_length + claims->userinfo_length;
    return says.judgement;
}

STAND_IN(enum reason, judgement_of_pick, (struct keeper * at, struct sign_in *sign_in, const char *picked))
{
    (void)at;
    (void)sign_in;
    (void)picked;
    did.picked++;
    return says.judgement;
}

STAND_IN(bool, verdict_send, (const struct sign_in *sign_in))
{
    (void)sign_in;
    did.verdicts++;
    return says.delivers;
}

STAND_IN(bool, record_decision, (const struct keeper *at, const struct sign_in *sign_in))
{
    (void)at;
    (void)sign_in;
    did.recorded++;
    return says.records;
}

STAND_IN(void, record_log, (const struct keeper *at, const struct sign_in *sign_in))
{
    (void)at;
    (void)sign_in;
    did.logged++;
}

STAND_IN(void, record_end, (const struct keeper *at, const struct sign_in *sign_in, const char *why))
{
    (void)at;
    (void)sign_in;
    (void)snprintf(did.ended, sizeof did.ended, "%s", why);
}

STAND_IN(enum reason, ticket_begin, (struct keeper * at, struct sign_in *sign_in))
{
    (void)at;
    if (says.ticket == REASON_OK)
        (void)snprintf(sign_in->ticket, sizeof sign_in->ticket, "%s", "new");
    return says.ticket;
}

STAND_IN(void, ticket_end, (struct keeper * at, const char *ticket))
{
    const size_t used = strlen(did.tickets);

    (void)at;
    (void)snprintf(did.tickets + used, sizeof did.tickets - used, "%s;", ticket);
}

/* As the kiosk has them. */
STAND_IN(enum reason, kiosk_ticket_begin, (struct keeper * at, struct sign_in *sign_in))
{
    (void)at;
    if (says.ticket == REASON_OK)
        (void)snprintf(sign_in->ticket, sizeof sign_in->ticket, "%s", "kiosk");
    return says.ticket;
}

STAND_IN(void, kiosk_ticket_end, (struct keeper * at, const char *ticket))
{
    const size_t used = strlen(did.tickets);

    (void)at;
    (void)snprintf(did.tickets + used, sizeof did.tickets - used, "of the kiosk: %s;", ticket);
}

STAND_IN(void, begun_note, (struct keeper * at, struct sign_in *sign_in))
{
    (void)at;
    (void)sign_in;
    did.noted++;
}

STAND_IN(void, begun_forget, (const struct keeper *at, struct sign_in *sign_in))
{
    (void)at;
    (void)sign_in;
    did.forgotten++;
}

STAND_IN(void, begun_allow, (const struct keeper *at, const struct sign_in *sign_in))
{
    (void)at;
    (void)sign_in;
    did.allowed++;
}

void __wrap_log_line(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

void __wrap_log_line(int level, const char *format, ...)
{
    (void)level;
    (void)format;
    did.lines++;
}

static inline void begin(enum sign_in_due due)
{
    int ends[2];

    memset(&did, 0, sizeof did);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    child = ends[0];
    asked = sign_in_new(&keeper, ends[1]);
    assert_non_null(asked);
    asked->due = due;
    if (due > DUE_CHOICE)
        asked->connection = &acme;
}

static inline void end(void)
{
    if (asked)
        sign_in_free(&keeper, asked);
    asked = NULL;
    (void)close(child);
}

static inline int stage(void **state)
{
    (void)state;
    memset(&keeper, 0, sizeof keeper);
    memset(&says, 0, sizeof says);
    says.handed_over = says.is_its_login = says.reads_secret = says.records = says.answers = says.delivers =
        says.fixes_connection = true;
    says.phase = PHASE_AUTH;
    says.refetch = KEY_REFETCH_COMING;
    says.admission = says.choices = says.readiness = says.judgement = says.ticket = REASON_OK;
    return 0;
}

#endif
