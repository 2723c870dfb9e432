/* SPDX-License-Identifier: BSD-2-Clause */
/* What the keeper knows: of itself, and of each sign-in. Only files of this folder look inside. */
#ifndef HELPER_KEEPER_STATE_H
#define HELPER_KEEPER_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "audit/identity_tag.h"
#include "clock.h"
#include "config/config.h"
#include "keeper/asker.h"
#include "keeper/back_off.h"
#include "keeper/document_cache.h"
#include "keeper/keeper.h"
#include "keeper/kiosk_tickets.h"
#include "keeper/spelling_memory.h"
#include "log.h"
#include "log_quota.h"
#include "login.h"
#include "members/members.h"
#include "questions.h"
#include "reason.h"
#include "token_bucket.h"

/* What may come next from the child; each question names the states in which it is due. */
enum sign_in_due {
    DUE_HANDOVER = 1,
    DUE_ADMIT = 2,
    DUE_CHOICE = 4,
    DUE_CLAIMS = 8,
    DUE_PICK = 16,
    DUE_FINISH = 32,
};

#define TICKET_BYTES   16
#define TICKET_SIZE    24 /* base64url of TICKET_BYTES, and NUL */
#define BOOT_ID_SIZE   37 /* a UUID, and NUL */
#define NOTE_NAME_SIZE 32 /* two numbers, and NUL */

/* One sign-in, from its connection to its verdict. The keeper believes this, not what the child says later.
 */
struct sign_in {
    struct sign_in *next;
    int child, module; /* -1: not yet handed over */
    int lease;         /* open as long as the sign-in goes on, for the listener to see; -1: none */
    enum sign_in_due due;
    int64_t ends_at;             /* CLOCK_BOOTTIME, seconds: the longest it can take */
    int64_t began_ms;            /* CLOCK_BOOTTIME, milliseconds */
    uint32_t peer_pid, peer_uid; /* of the module's process */
    bool unprivileged;           /* a user other than root asks, about itself */
    bool kiosk;                  /* the kiosk's process asks: an allow names nobody */
    struct login login;
    struct asker asker;                  /* once LOGIN was read */
    struct config *config;               /* the one it began with; NULL before ADMIT */
    const struct connection *connection; /* within config; NULL: not fixed */
    bool counted;                        /* takes one of the slots */
    bool counts_for_asker;               /* ... and one of its asker's */
    unsigned busy_told, documents_kept, refetches;
    bool fetches_keys;                        /* anew, for others, too */
    char registration[HASH_SHA256_TEXT_SIZE]; /* at the IdP, for the memory of spellings */

    struct identity identity;   /* as claimed; subject NULL: nobody was */
    char *log_out_url;          /* of the IdP, for the session to begin; NULL: none */
    char **candidates;          /* USERS */
    char ticket[TICKET_SIZE];   /* of the session that this sign-in begins; "": none */
    struct session_row session; /* later phases: the one that the ticket in LOGIN began; user NULL: none */

    enum reason reason;               /* REASON_NONE: not decided */
    char user[MEMBER_NAME_MAX + 1];   /* who is let in; after some refusals, who the person is here */
    char member[MEMBER_NAME_MAX + 1]; /* that the person is; "": none */
    uint32_t member_id;               /* at the kiosk; 0: none */
    bool enters_local;                /* user is a local account */
    const char *check_in;             /* what open_session at the kiosk came to; NULL: none */
    int64_t check_in_id, check_in_since;
    bool is_recorded;                     /* the decision is in the audit file already */
    bool delivered;                       /* the module has the verdict */
    char note[NOTE_NAME_SIZE];            /* of its beginning; "": none, or no longer needed */
    const char *ended_by;                 /* why it is over, when it ends before that */
    bool is_repeated;                     /* one refusal of very many: counted, not told */
    char lost_scopes[LOG_STRING_MAX + 1]; /* asked for, and not granted; "": none */
    char detail[LOG_STRING_MAX + 1];
};

/* Behind what the log already says of it. */
static inline void sign_in_add_detail(struct sign_in *sign_in, const char *words, const char *what)
{
    const size_t used = strlen(sign_in->detail);

    if (what[0] != '\0')
        (void)snprintf(sign_in->detail + used, sizeof sign_in->detail - used, "%s%s%s", used > 0 ? "; " : "",
                       words, what);
}

struct keeper {
    struct keeper_options options;
    struct members members;
    struct config_watch *watch;
    struct document_cache *cache;
    struct spelling_memory spellings;
    struct back_off back_off;
    struct token_buckets *starts;
    struct kiosk_tickets kiosk_tickets;
    int64_t check_ins_at_ms;  /* CLOCK_BOOTTIME: when they are looked at next; INT64_MAX: never */
    struct hook_peers *hooks; /* NULL: none are served */
    struct log_quota refusals;
    char boot[BOOT_ID_SIZE];
    struct identity_key identity_key; /* for the tags of those who are refused */
    bool has_identity_key;
    uint32_t notes; /* of beginnings that were written */
    struct sign_in *sign_ins;
    size_t sign_in_count, sign_in_max;
    uint8_t packet[QUESTION_PACKET_MAX]; /* the one in hand, in or out */
};

/* The section of the service that asks, by the configuration that the sign-in began with. */
static inline const struct service *sign_in_service(const struct sign_in *sign_in, struct service *storage)
{
    return config_service(sign_in->config, sign_in->login.service, storage);
}

/* CLOCK_BOOTTIME, as everything here counts. */
static inline int64_t boottime_s(void)
{
    return boottime_ms() / 1000;
}

#endif
