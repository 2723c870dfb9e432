/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a visitor's approval at the kiosk to the press that confirms it: some seconds, in this process's
 * memory alone. Who walks away leaves nothing on the disk, and a keeper that starts anew knows nobody. A
 * ticket counts once, and only for the kiosk: it is no session, and no session's ticket is one of these.
 */
#ifndef HELPER_KIOSK_TICKETS_H
#define HELPER_KIOSK_TICKETS_H

#include <stdint.h>

#include "connection/connection.h"
#include "jose/hash.h"
#include "reason.h"

#define KIOSK_TICKETS_MAX   64 /* at the same time; of more the oldest goes */
#define KIOSK_TICKET_MORE_S 5  /* behind confirm_after: the press may come in its last moment */

struct kiosk_ticket {
    char hash[HASH_SHA256_TEXT_SIZE]; /* "": none */
    int64_t ends_at_ms;               /* CLOCK_BOOTTIME: setting the clock makes none longer */
    uint32_t member;
    char connection[CONNECTION_NAME_MAX + 1];
};

struct kiosk_tickets {
    struct kiosk_ticket list[KIOSK_TICKETS_MAX];
    unsigned given; /* the next one's place, round and round */
};

struct keeper;
struct sign_in;

/* A ticket for the member and the connection of an allow, into the record. _STORE_FAILED: there are none. */
enum reason kiosk_ticket_begin(struct keeper *keeper, struct sign_in *sign_in);

/* The one that LOGIN brings, while it is good; NULL: it is none of ours, used, or too late. */
struct kiosk_ticket *kiosk_ticket_find(struct keeper *keeper, const char *ticket);

/* Those that are too old leave nothing. */
void kiosk_tickets_forget(struct keeper *keeper);

/* Nobody can go on with it. */
void kiosk_ticket_end(struct keeper *keeper, const char *ticket);

#endif
