/* SPDX-License-Identifier: BSD-2-Clause */
/* A device request as a sign-in makes it, and what to do about the refusals that administrators meet. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/check/check_probe.h"
#include "cli/cli.h"
#include "config/settings.h"
#include "display/text.h"
#include "oidc/device_grant.h"
#include "oidc/hide.h"
#include "oidc/hide_sent.h"

#define SHORT_LIFE_S 120 /* less than somebody needs who looks for a phone first */

static const struct {
    const char *error, *description; /* parts of what the provider says, any case; NULL: whatever it says */
    const char *next;
} advice[] = {
    {"invalid_client", "AADSTS7000218",
     "at Entra ID: Authentication, `Allow public client flows` = Yes; or set client_secret_file"},
    {"invalid_client", "AADSTS700025", "take client_secret_file out: this is a public client at Entra ID"},
    {NULL, "AADSTS700016", "client_id or the tenant in `issuer` is wrong"},
    {NULL, "not allowed for OAuth 2.0 Device",
     "at Keycloak: switch the client's `OAuth 2.0 Device Authorization Grant` on"},
    {"invalid_request", "code_challenge", "set `pkce = S256`: the provider insists"},
    {"access_denied", "policy",
     "at Okta: let a rule of the authorization server's access policy allow the device grant"},
    {"no_matching_policy", NULL,
     "at Okta: let a rule of the authorization server's access policy allow the device grant"},
    {"unauthorized_client", NULL,
     "allow the device grant for this application (Auth0: Grant Types, `Device Code`; Okta: Grant type, "
     "`Device Authorization`)"},
    {"unsupported_grant_type", NULL, "allow the device grant for this application"},
    {"invalid_scope", NULL, "take out of `scopes` what the provider does not know"},
    {"slow_down", NULL,
     "wait some minutes: the provider limits how often codes are asked for (authentik does)"},
    {"invalid_client", NULL,
     "client_id, client_secret_file or client_auth_method is not what the provider has for this application"},
};

static bool has(const char *text, const char *part)
{
    return !part || strcasestr(text, part) != NULL;
}

static const char *advice_for(enum reason reason, const struct device_grant *grant)
{
    for (size_t i = 0; i < sizeof advice / sizeof advice[0]; i++)
        if (has(grant->error, advice[i].error) && has(grant->description, advice[i].description))
            return advice[i].next;
    if (reason == REASON_VERIFICATION_HOST)
        return "if that is the provider's own page, add its host to `verification_hosts`; else ask the "
               "provider";
    if (reason == REASON_IDP_BUSY)
        return "wait some minutes: the provider limits how often codes are asked for";
    return reason == REASON_CLIENT_REFUSED
               ? "compare client_id and the application's settings at the provider"
               : NULL;
}

/* A provider may repeat what it was sent, and a check is shown to others. */
static void hide_all(const struct probe *probe, const struct secret *secret, struct device_grant *grant)
{
    hide_client(grant->error, probe->connection->client_id, secret->bytes);
    hide_client(grant->description, probe->connection->client_id, secret->bytes);
    hide_codes(grant->description);
}

static void tell_refusal(const struct probe *probe, enum reason reason, const struct device_grant *grant)
{
    const bool refused = reason == REASON_CLIENT_REFUSED;
    const char *said = grant->error[0] != '\0' ? grant->error : http_error(probe->http);

    probe_tell(probe,
               (struct fact){.state = FACT_WRONG,
                             .status = refused ? CHECK_CLIENT_REFUSED : EXIT_REFUSED,
                             .name = "client",
                             .next = advice_for(reason, grant)},
               setting_sentence("%s (%s%s%s%s%s)",
                                refused ? "the provider refuses the client" : "no code could be had",
                                reason_code(reason), said[0] ? ": " : "", said,
                                grant->description[0] ? ": " : "", grant->description));
}

/* Where people will be sent, so that an administrator can pin what is seen while all is well. */
static void tell_page(const struct probe *probe, const struct device_grant *grant)
{
    size_t length;
    const char *host = text_url_host(grant->verification_uri, &length);
    const bool pinned = probe->connection->verification_hosts[0] != NULL;
    AUTO_FREE char *next =
        pinned ? NULL : setting_sentence("`verification_hosts = %.*s` keeps it there", (int)length, host);

    probe_tell(
        probe, (struct fact){.state = FACT_GOOD, .name = "page", .next = next},
        setting_sentence("people are sent to %.*s (%s)", (int)length, host,
                         pinned ? "pinned by verification_hosts" : "not pinned: any https page will do"));
}

static void tell_life(const struct probe *probe, long life_s)
{
    struct fact fact = {.state = FACT_HINT, .name = "code"};

    if (life_s < SHORT_LIFE_S) {
        fact.next = "let codes live longer at the provider (authentik: `Device code validity`, 10 minutes)";
        probe_tell(probe, fact, setting_sentence("a code lives %ld s only", life_s));
    }
    if (life_s < (long)probe->patience_s) {
        fact.next = "let codes live longer at the provider, or set a shorter timeout";
        probe_tell(probe, fact,
                   setting_sentence("a code lives %ld s, less than the timeout of %s, %u s", life_s,
                                    probe->patience_service, probe->patience_s));
    }
}

static const char *method_name(enum client_auth method)
{
    switch (method) {
    case CLIENT_AUTH_BASIC:
        return "client_secret_basic";
    case CLIENT_AUTH_POST:
        return "client_secret_post";
    case CLIENT_AUTH_PRIVATE_KEY_JWT:
        return "private_key_jwt";
    case CLIENT_AUTH_AUTO:
    case CLIENT_AUTH_NONE:
        break;
    }
    return "a public client";
}

static void ask(const struct probe *probe, const struct discovery *discovery, const struct secret *secret)
{
    const struct fact wrong = {.state = FACT_WRONG, .status = EXIT_REFUSED, .name = "client"};
    struct device_client client;
    struct device_grant grant = {0};
    enum reason reason =
        device_client_make(probe->connection, secret, discovery, CLIENT_SPELLING_FORM, &client);

    if (reason != REASON_OK) {
        probe_tell(probe, wrong,
                   setting_sentence("the client cannot prove itself (%s)", reason_code(reason)));
        return;
    }
    reason = device_grant_start(probe->http, &client, discovery, &grant);
    if (reason == REASON_OK) {
        probe_tell(probe, (struct fact){.state = FACT_GOOD, .name = "client"},
                   setting_sentence("the client is accepted (%s%s)", method_name(client.method),
                                    client.trial == TRIAL_WON ? ", its secret not form-encoded" : ""));
        tell_page(probe, &grant);
        tell_life(probe, grant.expires_in_s);
    } else {
        hide_all(probe, secret, &grant);
        tell_refusal(probe, reason, &grant);
    }
    device_grant_erase(&grant);
}

/* All that comes through the pipe. */
static bool receive_secret(int fd, struct secret *ret_secret)
{
    char bytes[CLIENT_SECRET_MAX];
    size_t length = 0;
    ssize_t n = 1;
    bool received;

    while (n > 0 && length < sizeof bytes) {
        n = read(fd, bytes + length, sizeof bytes - length);
        length += n > 0 ? (size_t)n : 0;
    }
    received = n >= 0 && secret_copy(bytes, length, ret_secret);
    explicit_bzero(bytes, sizeof bytes);
    return received;
}

void probe_client(const struct probe *probe, const struct discovery *discovery)
{
    AUTO_SECRET struct secret secret = {0};

    /* Without the secret, which is a fact of its own, the provider could only refuse. */
    if (probe->secret < 0 || !receive_secret(probe->secret, &secret) ||
        (probe->connection->client_secret_file && secret.length == 0))
        return;
    ask(probe, discovery, &secret);
}
