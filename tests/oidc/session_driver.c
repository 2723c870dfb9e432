/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drives session_idp, the whole of a sign-in at one IdP, between a provider and a keeper that only listens,
 * and prints what came out and what the keeper was told. It is confined as a child is, so a call that the
 * sandbox forbids kills it. Options as oidc_driver's.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "frontdesk/wire.h"
#include "http/http.h"
#include "sandbox.h"
#include "session/session_idp.h"
#include "sockets.h"

#include "oidc/driver_options.h"

#define ALL_MS 60000

static const struct tls_trust *find_trust(void *context, const char *ca_file)
{
    (void)ca_file;
    return context;
}

static enum reason sign_in(struct idp *idp)
{
    enum reason reason = idp_open(idp);

    if (reason == REASON_OK)
        reason = idp_request_code(idp);
    if (reason == REASON_OK)
        reason = idp_await_tokens(idp);
    if (reason == REASON_OK)
        reason = idp_verify(idp);
    idp_revoke_tokens(idp);
    return reason;
}

/* One line for each packet that came, by its type and first field. */
static void tell_questions(int keeper)
{
    static uint8_t packet[QUESTION_PACKET_MAX];
    unsigned remembered = 0, refetches = 0, kept[] = {[DOCUMENT_DISCOVERY] = 0, [DOCUMENT_KEYS] = 0};
    size_t length;

    while ((length = packet_receive(keeper, packet, sizeof packet, 0)) > 0) {
        struct wire_reader message = wire_read(packet, length);
        const unsigned type = wire_get_u8(&message), word = wire_get_u8(&message);

        if (type == QUESTION_REMEMBER) {
            remembered++;
            printf("remembered=%s\n", word == CLIENT_SPELLING_RAW ? "raw" : "form");
        } else if (type == QUESTION_REFETCH) {
            refetches++;
        } else if (type == QUESTION_KEEP && (word == DOCUMENT_DISCOVERY || word == DOCUMENT_KEYS)) {
            kept[word]++;
        } else {
            printf("other_question=%u\n", type);
        }
    }
    printf("remembered_count=%u\nkept_discovery=%u\nkept_keys=%u\nrefetches=%u\n", remembered,
           kept[DOCUMENT_DISCOVERY], kept[DOCUMENT_KEYS], refetches);
}

/* The one answer that this keeper gives, before it is asked: keys may be fetched anew. */
static void allow_refetch(int keeper)
{
    uint8_t packet[16];
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, QUESTION_KEYS);
    wire_put_u8(&w, KEY_REFETCH_NOW);
    wire_put_blob(&w, "", 0);
    if (!packet_send(keeper, packet, wire_written(&w)))
        exit(2);
}

static void run(struct options *options, struct tls_trust *trust, const int keeper[2])
{
    struct session session = {.module = -1, .keeper = keeper[0], .trust = find_trust, .trust_context = trust};
    struct ask_admission admission = {.client_spelling = options->spelling};
    struct idp idp = {.session = &session,
                      .admission = &admission,
                      .connection = &options->connection,
                      .deadline_ms = boottime_ms() + (options->all_ms < 0 ? ALL_MS : options->all_ms)};
    enum reason reason;

    if (options->secret && !secret_copy(options->secret, strlen(options->secret), &admission.client_secret))
        exit(2);
    options->connection.userinfo = options->userinfo ? USERINFO_ALWAYS : USERINFO_NEVER;
    allow_refetch(keeper[1]);
    reason = sign_in(&idp);
    printf("reason=%s\ndetail=%s\n", reason_code(reason), idp.detail);
    printf("log_out=%s\nlost_scopes=%s\n",
           idp.discovery.end_session_endpoint ? idp.discovery.end_session_endpoint : "",
           idp.tokens.lost_scopes);
    tell_questions(keeper[1]);
    http_free(idp.http);
    idp_erase(&idp);
    secret_erase(&admission.client_secret);
}

int main(int argc, char **argv)
{
    AUTO_TLS_TRUST struct tls_trust *trust = NULL;
    struct options options;
    const char *error = "";
    int keeper[2];

    options_read(argc, argv, &options);
    trust = http_warm() ? tls_trust_load(options.ca, &error) : NULL;
    if (!trust || !options.connection.issuer ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, keeper) != 0) {
        (void)fprintf(stderr, "cannot begin: %s\n", error);
        return 2;
    }
    if (!sandbox_enter(SANDBOX_CHILD, NULL))
        return 2;
    run(&options, trust, keeper);
    /* as children end; a leak detector would want calls that are forbidden by now */
    (void)fflush(stdout);
    _exit(0);
}
