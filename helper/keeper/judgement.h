/* SPDX-License-Identifier: BSD-2-Clause */
/* From claims that a child verified to who may enter, by the keeper's own record of the sign-in. */
#ifndef HELPER_JUDGEMENT_H
#define HELPER_JUDGEMENT_H

#include "keeper/state.h"

struct judgement_claims {
    const char *id_token, *userinfo; /* texts, not NUL-terminated; userinfo_length 0: none was asked */
    size_t id_token_length, userinfo_length;
    const char *log_out_url; /* "": none */
};

/*
 * REASON_OK: allowed, and sign_in->user is who. REASON_NONE: several users are open, and nothing is decided
 * until one of sign_in->candidates is picked. Sets identity, user, member and detail of the record.
 */
enum reason judgement_of(struct keeper *keeper, struct sign_in *sign_in,
                         const struct judgement_claims *claims);

/* After REASON_NONE: as this one of the candidates. Time has passed, so everything that can change is judged
 * again. */
enum reason judgement_of_pick(struct keeper *keeper, struct sign_in *sign_in, const char *picked);

/* May this connection still be used, by the configuration of now? REASON_OK, or why not. */
enum reason judgement_still_open(const struct config *now, const struct sign_in *sign_in);

#endif
