/* SPDX-License-Identifier: BSD-2-Clause */
/* The same for every name, known or not: nobody learns by the prompt who is a member. */
#include "session/offer.h"

#include "cleanup.h"

enum reason offer_make(struct talk *talk, const struct display_place *place, const char *label,
                       int64_t deadline_ms)
{
    AUTO_FREE char *text = display_offer(place, label);
    bool typed;

    if (!text)
        return REASON_INTERNAL;
    if (!talk_offer(talk, text))
        return REASON_CANNOT_SHOW;
    if (!talk_offer_answer(talk, deadline_ms, &typed))
        return talk_no_answer(talk, deadline_ms);
    return typed ? REASON_PASSWORD_TYPED : REASON_OK;
}
