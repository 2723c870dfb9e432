/* SPDX-License-Identifier: BSD-2-Clause */
/* What the keeper knows: of itself, and of each sign-in. Only files of this folder look inside. */
#ifndef HELPER_KEEPER_STATE_H
#define HELPER_KEEPER_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"
#include "config/config.h"
#include "keeper/document_cache.h"
#include "keeper/keeper.h"
#include "keeper/spelling_memory.h"
#include "log.h"
#include "login.h"
#include "members/members.h"
#include "questions.h"
#include "reason.h"

/* What may come next from the child; each question names the states in which it is due. */
enum sign_in_due {
    DUE_HANDOVER = 1,
    DUE_ADMIT = 2,
    DUE_CHOICE = 4,
    DUE_CLAIMS = 8,
    DUE_FINISH = 16,
};

/* One sign-in, from its connection to its verdict. The keeper believes this, not what the child says later.
 */
struct sign_in {
    struct sign_in *next;
    int child, module; /* -1: not yet handed over */
    enum sign_in_due due;
    int64_t ends_at;             /* CLOCK_BOOTTIME, seconds: the longest it can take */
    uint32_t peer_pid, peer_uid; /* of the module's process */
    struct login login;
    struct config *config;               /* the one it began with; NULL before ADMIT */
    const struct connection *connection; /* within config; NULL: not fixed */
    bool counted;                        /* takes one of the slots */
    bool counts_for_host;                /* ... and one of its host's */
    unsigned documents_kept;
    char registration[HASH_SHA256_TEXT_SIZE]; /* at the IdP, for the memory of spellings */
    enum reason reason;                       /* REASON_NONE: not decided */
    char member[MEMBER_NAME_MAX + 1];
    char *subject; /* of an allowed identity, for the log */
    char detail[LOG_STRING_MAX + 1];
};

struct keeper {
    struct keeper_options options;
    struct members members;
    struct config_watch *watch;
    struct document_cache *cache;
    struct spelling_memory spellings;
    struct sign_in *sign_ins;
    size_t sign_in_count, sign_in_max;
    uint8_t packet[QUESTION_PACKET_MAX]; /* the one in hand, in or out */
};

/* CLOCK_BOOTTIME, as everything here counts. */
static inline int64_t boottime_s(void)
{
    return boottime_ms() / 1000;
}

#endif
