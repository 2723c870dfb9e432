/* SPDX-License-Identifier: BSD-2-Clause */
/* connections.d/NAME.conf: an accepted connection can be trusted with a sign-in. */
#include <stdlib.h>
#include <string.h>

#include "config/config_build.h"
#include "display/text.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

static void judge_url(const char *url)
{
    FUZZ_CHECK(!url || text_is_safe_https_url(url, strlen(url), SETTING_URL_MAX));
}

static void judge_accepted(const struct connection *connection)
{
    static const char *const never[] = {"none", "HS256", "HS384", "HS512", ""};

    FUZZ_CHECK(connection->issuer && connection->client_id && connection->client_id[0] != '\0');
    judge_url(connection->issuer);
    judge_url(connection->device_authorization_endpoint);
    judge_url(connection->token_endpoint);
    judge_url(connection->jwks_uri);
    judge_url(connection->userinfo_endpoint);
    judge_url(connection->revocation_endpoint);
    judge_url(connection->end_session_endpoint);
    FUZZ_CHECK(list_has(connection->scopes, "openid"));
    FUZZ_CHECK(connection->signing_algs[0]);
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        FUZZ_CHECK(!list_has(connection->signing_algs, never[i]));
    FUZZ_CHECK(!connection->shared_account || strcmp(connection->shared_account, "root") != 0);
    /* of a path, or of a systemd credential */
    FUZZ_CHECK(!connection->client_secret_file || connection->client_secret_file[0] == '/' ||
               !strpbrk(connection->client_secret_file, "/"));
    FUZZ_CHECK(!connection->user_map_file || connection->user_map_file[0] == '/');
    (void)connection_is_explicit(connection);
    (void)connection_serves(connection, "sshd");
}

/* Two texts, where a form feed parts them: a file and its drop-in. */
static void judge(const uint8_t *data, size_t size)
{
    const uint8_t *feed = size > 0 ? memchr(data, '\f', size) : NULL;
    const size_t first = feed ? (size_t)(feed - data) : size;
    char name[] = "acme.conf", more[] = "drop.conf";
    char *texts[] = {fuzz_text(data, first), feed ? fuzz_text(feed + 1, size - first - 1) : NULL};
    const struct config_source sources[] = {
        {.file = name, .text = texts[0], .length = first},
        {.file = more, .text = texts[1], .length = feed ? size - first - 1 : 0}};
    struct config *config;
    struct connection connection = {0};
    bool memory = true, good;

    faults_pause();
    config = calloc(1, sizeof *config);
    FUZZ_CHECK(config);
    config->references = 1;
    faults_resume();
    good = config_build_connection(config, sources, feed ? 2 : 1, &connection, &memory);
    FUZZ_CHECK(memory || faults_fired());
    FUZZ_CHECK(!memory || good == (config->fault_count == 0));
    if (good && memory)
        fuzz_note_good();
    if (good && memory)
        judge_accepted(&connection);
    connection_clear(&connection);
    config_unref(config);
    free(texts[0]);
    free(texts[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
