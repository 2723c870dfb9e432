/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of http.h as the linker sees them, answered from an input while one is being played. */
#include "fuzz/lib/provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/signer.h"
#include "http/http.h"
#include "json/json.h"

#define BODY_MAX   16384
#define NONCE_SIZE 64

static struct {
    bool plays;
    struct fuzz_bytes lines;
    unsigned requests;
    char nonce[NONCE_SIZE], subject[256];
    char body[BODY_MAX], claims[BODY_MAX];
} provider;

static const char discovery[] =
    "{\"issuer\":\"" PROVIDER_ISSUER "\",\"device_authorization_endpoint\":\"" PROVIDER_ISSUER "/device\","
    "\"token_endpoint\":\"" PROVIDER_ISSUER "/token\",\"jwks_uri\":\"" PROVIDER_ISSUER "/keys\","
    "\"userinfo_endpoint\":\"" PROVIDER_ISSUER "/me\",\"revocation_endpoint\":\"" PROVIDER_ISSUER
    "/revoke\"}";
static const char device[] =
    "{\"device_code\":\"dc-1\",\"user_code\":\"WDJB-MJHT\",\"verification_uri\":\"" PROVIDER_ISSUER
    "/activate\",\"expires_in\":60,\"interval\":5}";
static const char pending[] = "{\"error\":\"authorization_pending\"}";

void provider_begin(const struct fuzz_bytes *lines)
{
    provider.plays = true;
    provider.lines = *lines;
    provider.requests = 0;
    provider.nonce[0] = provider.subject[0] = '\0';
}

void provider_end(void)
{
    provider.plays = false;
}

bool provider_vouched_for(const char *subject)
{
    return provider.subject[0] != '\0' && strcmp(provider.subject, subject) == 0;
}

unsigned provider_requests(void)
{
    return provider.requests;
}

/* The nonce of the device request, to be put into tokens. */
static void note_nonce(const char *form)
{
    const char *nonce = form ? strstr(form, "nonce=") : NULL;
    const size_t length = nonce ? strcspn(nonce + 6, "&") : 0;

    if (length > 0 && length < sizeof provider.nonce) {
        memcpy(provider.nonce, nonce + 6, length);
        provider.nonce[length] = '\0';
    }
}

/* What the token truly says, read by the same parser: a claim that it gives twice is none. */
static void note_vouched(const char *claims)
{
    struct json_document *document = json_parse(claims, strlen(claims));
    const struct json_value *top = json_top(document), *nonce = json_get(top, "nonce");
    const char *subject;

    if (json_string(json_get(top, "sub"), &subject, NULL) && strlen(subject) < sizeof provider.subject &&
        json_string_is(json_get(top, "iss"), PROVIDER_ISSUER) &&
        (json_string_is(json_get(top, "aud"), "desk") ||
         json_string_is(json_array_at(json_get(top, "aud"), 0), "desk")) &&
        (!nonce || json_string_is(nonce, provider.nonce)))
        (void)snprintf(provider.subject, sizeof provider.subject, "%s", subject);
    json_free(document);
}

static void put_claims(const char *line)
{
    const char *place = strstr(line, "NONCE");

    if (place)
        (void)snprintf(provider.claims, sizeof provider.claims, "%.*s%s%s", (int)(place - line), line,
                       provider.nonce, place + strlen("NONCE"));
    else
        (void)snprintf(provider.claims, sizeof provider.claims, "%s", line);
}

static void put_tokens(char kind, const char *line)
{
    static const char right[] = "{\"alg\":\"EdDSA\",\"kid\":\"desk\"}",
                      wrong[] = "{\"alg\":\"EdDSA\",\"kid\":\"other\"}";
    const char *header = kind == 'W' ? wrong : right;
    char *token;

    put_claims(line);
    token = signer_sign((const uint8_t *)header, strlen(header), (const uint8_t *)provider.claims,
                        strlen(provider.claims));
    if (kind == 'U')
        memset(token + strlen(token) - 64, 'A', 64);
    if (kind == 'T')
        note_vouched(provider.claims);
    (void)snprintf(provider.body, sizeof provider.body,
                   "{\"access_token\":\"at\",\"token_type\":\"Bearer\",\"id_token\":\"%s\"}", token);
    free(token);
}

/* The status; the body is provider.body. 0: no answer. */
static long next_answer(void)
{
    static char line[BODY_MAX / 4];
    const char *body = line + 1;
    long status = 200;

    fuzz_take_word(&provider.lines, line, sizeof line);
    switch (line[0]) {
    case 'D':
        body = discovery;
        break;
    case 'K':
        body = signer_key_set();
        break;
    case 'G':
        body = device;
        break;
    case 'P':
        body = pending;
        status = 400;
        break;
    case 'T':
    case 'U':
    case 'W':
        put_tokens(line[0], line + 1);
        return 200;
    case 'S':
        break;
    case 'B':
        status = 400;
        break;
    case 'F':
        status = 500;
        break;
    case 'Q':
        status = 429;
        break;
    case 'H':
        status = 401;
        break;
    default:
        return 0;
    }
    (void)snprintf(provider.body, sizeof provider.body, "%s", body);
    return status;
}

static enum reason answer(const struct http_request *request, struct http_answer *ret_answer)
{
    struct http_answer made = {.lifetime_s = 300, .retry_after_s = -1, .date_s = -1};

    FUZZ_CHECK(strncmp(request->url, PROVIDER_ISSUER "/", strlen(PROVIDER_ISSUER) + 1) == 0 ||
               strncmp(request->url, "https://", 8) == 0);
    provider.requests++;
    faults_pause();
    note_nonce(request->form);
    made.status = next_answer();
    made.body = made.status > 0 ? fuzz_text((const uint8_t *)provider.body, strlen(provider.body)) : NULL;
    faults_resume();
    if (!made.body)
        return REASON_IDP_UNREACHABLE;
    made.length = strlen(made.body);
    *ret_answer = made;
    return REASON_OK;
}

struct http *__real_http_new(const struct tls_trust *trust, int watched_fd);
struct http *__wrap_http_new(const struct tls_trust *trust, int watched_fd);
struct http *__wrap_http_new(const struct tls_trust *trust, int watched_fd)
{
    if (!provider.plays)
        return __real_http_new(trust, watched_fd);
    return fault_is_due(FAULT_CURL, 0) ? NULL : (struct http *)(void *)&provider;
}

enum reason __real_http_perform(struct http *http, const struct http_request *request,
                                struct http_answer *ret_answer);
enum reason __wrap_http_perform(struct http *http, const struct http_request *request,
                                struct http_answer *ret_answer);
enum reason __wrap_http_perform(struct http *http, const struct http_request *request,
                                struct http_answer *ret_answer)
{
    if (!provider.plays)
        return __real_http_perform(http, request, ret_answer);
    return fault_is_due(FAULT_CURL, 0) ? REASON_INTERNAL : answer(request, ret_answer);
}

/* Time passes at once. */
bool __real_http_wait(struct http *http, long milliseconds);
bool __wrap_http_wait(struct http *http, long milliseconds);
bool __wrap_http_wait(struct http *http, long milliseconds)
{
    return provider.plays ? !fault_is_due(FAULT_CURL, 0) : __real_http_wait(http, milliseconds);
}

#define UNLESS_PLAYED(name, parameters, arguments)                                                           \
    void __real_##name parameters;                                                                           \
    void __wrap_##name parameters;                                                                           \
    void __wrap_##name parameters                                                                            \
    {                                                                                                        \
        if (!provider.plays)                                                                                 \
            __real_##name arguments;                                                                         \
    }
UNLESS_PLAYED(http_free, (struct http * http), (http))
UNLESS_PLAYED(http_set_proxy, (struct http * http, const char *proxy), (http, proxy))
UNLESS_PLAYED(http_set_deadline, (struct http * http, int64_t deadline_ms), (http, deadline_ms))
UNLESS_PLAYED(http_set_known_hosts, (struct http * http, char *const *hosts), (http, hosts))

const char *__real_http_error(const struct http *http);
const char *__wrap_http_error(const struct http *http);
const char *__wrap_http_error(const struct http *http)
{
    return provider.plays ? "played" : __real_http_error(http);
}
