/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What frontdesk-hooks and the keeper say to each other, over hooks.sock: SOCK_SEQPACKET, one packet a
 * message, a type byte and fields as wire.h has them. The keeper serves only the user frontdesk-hooks
 * (SO_PEERCRED).
 *
 *   frontdesk-hooks:  NEXT   ─▶ EVENT, as soon as one is due
 *                     ACK    ─▶ nothing  (of the event that it was given: told, or given up)
 *                     FAILED ─▶ nothing  (likewise: it is to be told again)
 *
 * The oldest event is given, to one peer, and no other until that one is acknowledged. A peer that goes
 * without a word has told nobody, and the event is given again: each is told at least once, in order, under
 * one id. A message that is not due ends the connection.
 */
#ifndef HELPER_HOOK_QUESTIONS_H
#define HELPER_HOOK_QUESTIONS_H

#define HOOK_EVENT_ID_SIZE 24          /* base64url of 128 bits, and NUL */
#define HOOK_KIND_SIZE     16          /* check_in or check_out, and NUL */
#define HOOK_JSON_MAX      (16 * 1024) /* bytes */
#define HOOK_WORDS_MAX     255         /* bytes of why a program failed */
#define HOOK_PACKET_MAX    (HOOK_JSON_MAX + 1024)

enum hook_question_type {
    HOOK_NEXT = 0x01,   /* no fields */
    HOOK_ACK = 0x02,    /* string event id */
    HOOK_FAILED = 0x03, /* string event id, string why */
    HOOK_EVENT = 0x11,  /* string event id, string kind, blob JSON */
};

#endif
