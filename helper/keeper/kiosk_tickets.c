/* SPDX-License-Identifier: BSD-2-Clause */
/* A handful of places, looked through one by one. */
#include "keeper/kiosk_tickets.h"

#include <stdio.h>
#include <string.h>

#include "keeper/state.h"
#include "secret.h"

static bool digest_of(const char *ticket, char ret_digest[HASH_SHA256_TEXT_SIZE])
{
    return strlen(ticket) == TICKET_SIZE - 2 && hash_sha256_text(ticket, ret_digest, HASH_SHA256_TEXT_SIZE);
}

enum reason kiosk_ticket_begin(struct keeper *keeper, struct sign_in *sign_in)
{
    struct kiosk_tickets *tickets = &keeper->kiosk_tickets;
    const int64_t life_s = (int64_t)sign_in->config->kiosk.confirm_after + KIOSK_TICKET_MORE_S;
    struct kiosk_ticket fresh = {.ends_at_ms = boottime_ms() + life_s * 1000, .member = sign_in->member_id};
    char ticket[TICKET_SIZE];

    if (keeper->options.dry_run)
        return REASON_OK;
    if (!secret_random_text(TICKET_BYTES, ticket, sizeof ticket) || !digest_of(ticket, fresh.hash))
        return REASON_STORE_FAILED;
    (void)snprintf(fresh.connection, sizeof fresh.connection, "%s", sign_in->connection->name);
    tickets->list[tickets->given++ % KIOSK_TICKETS_MAX] = fresh;
    memcpy(sign_in->ticket, ticket, sizeof ticket);
    explicit_bzero(ticket, sizeof ticket);
    return REASON_OK;
}

struct kiosk_ticket *kiosk_ticket_find(struct keeper *keeper, const char *ticket)
{
    struct kiosk_tickets *tickets = &keeper->kiosk_tickets;
    char digest[HASH_SHA256_TEXT_SIZE];

    if (!digest_of(ticket, digest))
        return NULL;
    for (size_t i = 0; i < KIOSK_TICKETS_MAX; i++)
        if (strcmp(tickets->list[i].hash, digest) == 0)
            return boottime_ms() < tickets->list[i].ends_at_ms ? &tickets->list[i] : NULL;
    return NULL;
}

void kiosk_ticket_end(struct keeper *keeper, const char *ticket)
{
    struct kiosk_ticket *found = kiosk_ticket_find(keeper, ticket);

    if (found)
        explicit_bzero(found, sizeof *found);
}

void kiosk_tickets_forget(struct keeper *keeper)
{
    struct kiosk_tickets *tickets = &keeper->kiosk_tickets;

    for (size_t i = 0; i < KIOSK_TICKETS_MAX; i++)
        if (tickets->list[i].ends_at_ms <= boottime_ms())
            explicit_bzero(&tickets->list[i], sizeof tickets->list[i]);
}
