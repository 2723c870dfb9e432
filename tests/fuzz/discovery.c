/* SPDX-License-Identifier: BSD-2-Clause */
/* Discovery documents: an accepted one is of our issuer, and all its endpoints may be used. */
#include "oidc/discovery.h"

#include <stdlib.h>
#include <string.h>

#include "display/text.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

static char issuer[] = "https://id.example.org/realms/desk",
            entra[] = "https://login.example.org/organizations/v2.0";
static char typed[] = "https://id.example.org/typed", tenant[] = "tenant-1", rs256[] = "RS256",
            es256[] = "ES256";
static char *const algs[] = {rs256, es256, NULL};
static char *tenants[] = {tenant, NULL}, *no_tenants[] = {NULL};

static const struct connection connections[] = {
    {.issuer = issuer, .allowed_tenants = no_tenants},
    {.issuer = issuer, .issuer_by_url = true, .allowed_tenants = no_tenants},
    {.issuer = entra, .allowed_tenants = tenants},
    {.issuer = issuer, .token_endpoint = typed, .jwks_uri = typed, .allowed_tenants = no_tenants},
};

static void judge_url(const char *url, bool required)
{
    FUZZ_CHECK(url || !required);
    FUZZ_CHECK(!url || text_is_safe_https_url(url, strlen(url), DISCOVERY_URL_MAX));
}

static void judge_algs(const struct discovery *discovery)
{
    char **both = discovery_signing_algs(discovery, algs);

    FUZZ_CHECK(both || faults_fired());
    for (char **alg = both; alg && *alg; alg++)
        FUZZ_CHECK(*alg == rs256 || *alg == es256);
    free(both);
}

static void judge_for(const struct connection *connection, const char *text, size_t size)
{
    struct discovery discovery = {.pkce_s256 = true};
    const char *field = NULL;

    if (discovery_parse(text, size, connection, &discovery, &field) != REASON_OK) {
        FUZZ_CHECK(!discovery.document && !discovery.issuer && discovery.pkce_s256);
        return;
    }
    fuzz_note_good();
    FUZZ_CHECK(connection_is_issuer(connection, discovery.issuer));
    judge_url(discovery.device_authorization_endpoint, true);
    judge_url(discovery.token_endpoint, true);
    judge_url(discovery.jwks_uri, true);
    judge_url(discovery.userinfo_endpoint, false);
    judge_url(discovery.revocation_endpoint, false);
    judge_url(discovery.end_session_endpoint, false);
    judge_algs(&discovery);
    discovery_clear(&discovery);
}

static void judge(const uint8_t *data, size_t size)
{
    char *text = (char *)fuzz_copy(data, size);

    for (size_t i = 0; i < sizeof connections / sizeof connections[0]; i++)
        judge_for(&connections[i], text, size);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
