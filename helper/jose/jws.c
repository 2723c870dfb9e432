/* SPDX-License-Identifier: BSD-2-Clause */
/* A compact JWS taken apart. What the header says is only read here; jws_verify.c decides about keys. */
#include "jose/jws.h"

#include <stdlib.h>
#include <string.h>

#include "jose/base64url.h"
#include "jose/signature.h"
#include "secret.h"
#include "json/json.h"

#define HEADER_TEXT_MAX 16384 /* bytes of base64url: certificate chains in headers are long */
#define DOTS_MAX        4     /* of a JWE */

struct jws {
    char *token;
    size_t signing_input_length;
    struct json_document *header;
    const char *alg, *kid, *typ, *cty; /* in the header */
    unsigned char *payload, *signature;
    size_t payload_length, signature_length;
};

/* Where the dots are; more than DOTS_MAX are not told. */
static size_t find_dots(const char *token, size_t length, size_t ret_dots[DOTS_MAX + 1])
{
    size_t count = 0;

    for (size_t i = 0; i < length && count <= DOTS_MAX; i++)
        if (token[i] == '.')
            ret_dots[count++] = i;
    return count;
}

/* RFC 7515 4.1.11 and RFC 7797: we understand no extension, so the mere name is enough. */
static bool note_critical(void *context, const char *name, const struct json_value *value)
{
    bool *critical = context;

    (void)value;
    if (strcmp(name, "crit") == 0 || strcmp(name, "b64") == 0)
        *critical = true;
    return true;
}

/* A member that may be absent, and else is a string of at most `most` bytes without control characters. */
static bool read_word(const struct json_value *header, const char *name, size_t most, const char **ret_word)
{
    const struct json_value *member = json_get(header, name);
    const char *word = NULL;
    size_t length;

    if (member) {
        if (!json_string(member, &word, &length) || length > most)
            return false;
        for (size_t i = 0; i < length; i++)
            if ((unsigned char)word[i] < 0x20 || word[i] == 0x7f)
                return false;
    }
    *ret_word = word;
    return true;
}

static enum reason read_header(struct jws *jws, const char *header_text, size_t text_length)
{
    const struct json_value *header;
    bool critical = false;
    size_t length;
    unsigned char *text AUTO_FREE = NULL;

    if (text_length > HEADER_TEXT_MAX)
        return REASON_JWS_HEADER;
    text = base64url_decode_new(header_text, text_length, &length);
    if (!text)
        return REASON_JWS_MALFORMED;
    jws->header = json_parse((const char *)text, length); /* NULL has no alg either */
    header = json_top(jws->header);
    json_each_member(header, note_critical, &critical);
    if (critical)
        return REASON_JWS_CRIT;
    if (!read_word(header, "kid", JWK_KID_MAX, &jws->kid) ||
        !read_word(header, "typ", JWK_KID_MAX, &jws->typ) ||
        !read_word(header, "cty", JWK_KID_MAX, &jws->cty))
        return REASON_JWS_HEADER;
    (void)read_word(header, "alg", JWK_KID_MAX, &jws->alg); /* must be there, so that NULL says it all */
    return jws->alg ? REASON_OK : REASON_JWS_HEADER;
}

static enum reason take_apart(struct jws *jws, const char *token, size_t length)
{
    size_t dots[DOTS_MAX + 1];
    const size_t count = find_dots(token, length, dots);

    if (count == DOTS_MAX)
        return REASON_JWE_UNSUPPORTED;
    if (count != 2)
        return REASON_JWS_MALFORMED;
    jws->token = strndup(token, length);
    if (!jws->token)
        return REASON_INTERNAL;
    jws->signing_input_length = dots[1];
    jws->payload = base64url_decode_new(token + dots[0] + 1, dots[1] - dots[0] - 1, &jws->payload_length);
    jws->signature = base64url_decode_new(token + dots[1] + 1, length - dots[1] - 1, &jws->signature_length);
    if (!jws->payload || !jws->signature)
        return REASON_JWS_MALFORMED;
    return read_header(jws, token, dots[0]);
}

enum reason jws_parse(const char *token, size_t length, struct jws **ret_jws)
{
    struct jws *jws;
    enum reason reason;

    if (length > JWS_TOKEN_MAX)
        return REASON_JWS_MALFORMED;
    jws = calloc(1, sizeof *jws);
    if (!jws)
        return REASON_INTERNAL;
    reason = take_apart(jws, token, length);
    if (reason != REASON_OK) {
        jws_free(jws);
        return reason;
    }
    *ret_jws = jws;
    return REASON_OK;
}

static void erase_bytes(unsigned char *bytes, size_t length)
{
    if (bytes)
        explicit_bzero(bytes, length);
    free(bytes);
}

void jws_free(struct jws *jws)
{
    if (!jws)
        return;
    erase_and_free(jws->token);
    erase_bytes(jws->payload, jws->payload_length);
    erase_bytes(jws->signature, jws->signature_length);
    json_free(jws->header);
    free(jws);
}

const char *jws_alg(const struct jws *jws)
{
    return jws->alg;
}

const char *jws_kid(const struct jws *jws)
{
    return jws->kid;
}

const char *jws_typ(const struct jws *jws)
{
    return jws->typ;
}

const char *jws_cty(const struct jws *jws)
{
    return jws->cty;
}

const unsigned char *jws_payload(const struct jws *jws, size_t *ret_length)
{
    *ret_length = jws->payload_length;
    return jws->payload;
}

void jws_signed_bytes(const struct jws *jws, struct signed_bytes *ret_what)
{
    *ret_what = (struct signed_bytes){
        .bytes = (const unsigned char *)jws->token,
        .length = jws->signing_input_length,
        .signature = jws->signature,
        .signature_length = jws->signature_length,
    };
}
