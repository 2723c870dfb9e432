/* SPDX-License-Identifier: BSD-2-Clause */
/* The child's side of frontdesk/protocol.h: what it says to the module, and the answers it gets. */
#ifndef HELPER_SESSION_TALK_H
#define HELPER_SESSION_TALK_H

#include <stdbool.h>
#include <stdint.h>

#include "frontdesk/protocol.h"
#include "reason.h"

struct talk {
    int module;
    bool answer_due; /* an ASK, OFFER or GREETER without its ANSWER */
    bool is_greeted; /* that is, or was, a greeter's */
    bool is_typed;   /* the person chose a local password there: the sign-in is the next module's */
};

/* Each: true when the packet went out. */
bool talk_hello(const struct talk *talk);
bool talk_show(const struct talk *talk, const char *text);
bool talk_warn(const struct talk *talk, const char *text);
bool talk_ask(struct talk *talk, bool echo, const char *text);

/* GREETER. After PROTOCOL_MECHANISMS an answer is due, which nobody waits for. */
bool talk_greet(struct talk *talk, const char *protocol, const char *json);

/* Waits until deadline_ms (CLOCK_BOOTTIME) for the text that answers an ASK with echo. */
bool talk_answer(struct talk *talk, int64_t deadline_ms, char ret_text[PROTOCOL_ANSWER_MAX + 1]);

/* One prompt for a local password, or Enter alone. Which of both it was; what was typed stays in the module.
 */
bool talk_offer(struct talk *talk, const char *text);
bool talk_offer_answer(struct talk *talk, int64_t deadline_ms, bool *ret_typed);

/* Waits until a prompt without echo, or a greeter, that is still open has its answer. True at once where none
 * is. */
bool talk_settle(struct talk *talk, int64_t deadline_ms);

/* Why an answer that was waited for did not come: _CANCELLED, _TIMEOUT or _PROTOCOL. */
enum reason talk_no_answer(const struct talk *talk, int64_t deadline_ms);

/* Reads what has come so far, without waiting. False: something that was not the answer due; or is_typed. */
bool talk_is_in_order(struct talk *talk);

#endif
