/* SPDX-License-Identifier: BSD-2-Clause */
/* Only the digest of a ticket is kept: who reads the store cannot go on with anybody's session. */
#include "keeper/tickets.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "cleanup.h"
#include "secret.h"

bool tickets_read_boot(char ret_boot[BOOT_ID_SIZE])
{
    AUTO_FCLOSE FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

    return file && fgets(ret_boot, BOOT_ID_SIZE, file) && strlen(ret_boot) == BOOT_ID_SIZE - 1;
}

/* False: it is none that we gave. */
static bool digest_of(const char *ticket, char ret_digest[HASH_SHA256_TEXT_SIZE])
{
    return strlen(ticket) > 0 && strlen(ticket) < TICKET_SIZE &&
           hash_sha256_text(ticket, ret_digest, HASH_SHA256_TEXT_SIZE);
}

static bool is_kept(const struct keeper *keeper, const struct sign_in *sign_in)
{
    return !keeper->options.dry_run && !keeper->options.private_peer && !sign_in->unprivileged;
}

enum reason ticket_begin(struct keeper *keeper, struct sign_in *sign_in)
{
    struct session_row row = {
        .boot = keeper->boot,
        .user = sign_in->user,
        .issuer = sign_in->identity.issuer,
        .subject = sign_in->identity.subject,
        .connection = sign_in->connection->name,
        .service = sign_in->login.service,
        .log_out_url = sign_in->log_out_url,
        .local = sign_in->enters_local,
        .began_at = time(NULL),
    };
    char ticket[TICKET_SIZE], digest[HASH_SHA256_TEXT_SIZE];

    if (!is_kept(keeper, sign_in))
        return REASON_OK;
    if (!secret_random_text(TICKET_BYTES, ticket, sizeof ticket) || !digest_of(ticket, digest))
        return REASON_STORE_FAILED;
    (void)snprintf(row.ticket_hash, sizeof row.ticket_hash, "%s", digest);
    if (store_session_begin(keeper->members.store, &row) != STORE_OK) {
        (void)snprintf(keeper->members.why, sizeof keeper->members.why, "%s",
                       store_error(keeper->members.store));
        return REASON_STORE_FAILED;
    }
    memcpy(sign_in->ticket, ticket, sizeof ticket);
    explicit_bzero(ticket, sizeof ticket);
    return REASON_OK;
}

void ticket_find(struct keeper *keeper, struct sign_in *sign_in)
{
    char digest[HASH_SHA256_TEXT_SIZE];
    struct session_row row = {0};

    if (!digest_of(sign_in->login.ticket, digest) ||
        store_session_find(keeper->members.store, digest, keeper->boot, &row) != STORE_OK)
        return;
    if (strcmp(row.user, sign_in->login.user) == 0)
        sign_in->session = row;
    else
        session_row_clear(&row);
}

enum reason ticket_judge(const struct sign_in *sign_in)
{
    const struct session_row *session = &sign_in->session;
    const struct login *login = &sign_in->login;
    const struct connection *connection;

    if (!session->user || !session->local)
        return REASON_SESSION_UNKNOWN;
    if (config_connection_is_broken(sign_in->config, session->connection))
        return REASON_CONNECTION_BROKEN;
    connection = config_connection(sign_in->config, session->connection);
    if (!connection || !connection->enabled ||
        (login_is_remote(login) && !connection_serves(connection, login->service)))
        return REASON_CONNECTION_DISABLED;
    return REASON_OK;
}

void ticket_end(struct keeper *keeper, const char *ticket)
{
    char digest[HASH_SHA256_TEXT_SIZE];

    if (keeper->options.dry_run || !digest_of(ticket, digest))
        return;
    if (store_session_end(keeper->members.store, digest) == STORE_FAILED)
        log_line(LOG_WARNING, "a session could not be ended: %s", store_error(keeper->members.store));
}
