/* SPDX-License-Identifier: BSD-2-Clause */
/* The child's side of questions.h: each question is one call. */
#ifndef HELPER_ASK_H
#define HELPER_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "connection/connection.h"
#include "frontdesk/member_name.h"
#include "frontdesk/protocol.h"
#include "questions.h"
#include "reason.h"
#include "secret.h"
#include "json/json.h"

struct ask_admission {
    enum { ASK_ADMITTED, ASK_CHOICES, ASK_USERS, ASK_DECIDED } kind;
    char connection[CONNECTION_NAME_MAX + 1]; /* ASK_ADMITTED, with the rest of these: */
    struct secret client_secret;
    enum client_spelling client_spelling;
    char *discovery, *keys; /* NULL: not in the cache */
    size_t discovery_length, keys_length;
    char **choices; /* ASK_CHOICES: connections; ASK_USERS: local users; NULL-terminated */
    struct ask_decision {
        enum reason reason;
        enum verdict verdict;
        char user[MEMBER_NAME_MAX + 1];
        char log_out_url[QUESTION_URL_MAX + 1];
    } decision; /* ASK_DECIDED */
};

/* Listener: hands a module's socket over, and a descriptor that the keeper closes when the sign-in is over
 * (-1: none). */
bool ask_hand_over(int keeper, int module, int lease, unsigned pid, unsigned uid);

/* A child's line to the keeper. The module is only watched: when it hangs up, no answer is waited for any
 * more. */
struct ask_line {
    int keeper;
    int module; /* -1: none */
};

/* False: the keeper is gone or answered out of turn, or the module is gone; the sign-in is over. */
bool ask_admit(const struct ask_line *line, const void *login, size_t length,
               struct ask_admission *ret_admission);
bool ask_choose(const struct ask_line *line, const char *connection, struct ask_admission *ret_admission);
bool ask_keep(const struct ask_line *line, enum document_kind kind, unsigned lifetime_s, const char *text,
              size_t length);
/* May the keys be fetched anew, and which came last? Erase with ask_keys_clear. */
struct ask_keys {
    enum key_refetch refetch;
    char *text; /* NULL: none are kept */
    size_t length;
};
bool ask_refetch(const struct ask_line *line, struct ask_keys *ret_keys);
void ask_keys_clear(struct ask_keys *keys);
/* The issuer wants to be left alone for so long (0: it did not say), by the sign-ins to come, too. */
bool ask_busy(const struct ask_line *line, unsigned retry_after_s);
/* Which spelling of the secret this server takes, for the sign-ins to come. */
bool ask_remember(const struct ask_line *line, enum client_spelling spelling);
/* Who approved: ASK_DECIDED, or ASK_USERS to pick among. */
struct ask_evidence {
    const struct json_value *id_token, *userinfo; /* userinfo NULL: none was asked */
    const char *log_out_url;                      /* NULL: none */
    const char *lost_scopes;                      /* for the log; NULL or "": none */
};
bool ask_claims(const struct ask_line *line, const struct ask_evidence *evidence,
                struct ask_admission *ret_answer);
bool ask_pick(const struct ask_line *line, const char *user, struct ask_decision *ret_decision);
bool ask_refuse(const struct ask_line *line, enum reason reason, const char *detail,
                struct ask_decision *ret_decision);
bool ask_finish(const struct ask_line *line);

void ask_admission_erase(struct ask_admission *admission);

#endif
