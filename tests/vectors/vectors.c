/* SPDX-License-Identifier: BSD-2-Clause */
/* See vectors.h. */
#include "vectors/vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jose/jws.h"

#define KEY_TEXT_MAX 8192

static const char *folder;
static unsigned number, failed;

void vectors_in(const char *path)
{
    folder = path;
}

char *read_file(const char *name, size_t *ret_length)
{
    char path[512];
    FILE *file AUTO_FCLOSE = NULL;
    char *text = NULL;
    size_t size = 0;
    ssize_t length;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "re");
    if (!file)
        return NULL;
    length = getdelim(&text, &size, '\0', file);
    if (length < 0) {
        free(text);
        return NULL;
    }
    *ret_length = (size_t)length;
    return text;
}

struct json_document *read_json(const char *name)
{
    size_t length;
    char *text AUTO_FREE = read_file(name, &length);

    return text ? json_parse(text, length) : NULL;
}

void judge(struct tally *tally, bool accepted, bool expected, const char *name, int64_t id)
{
    tally->run++;
    tally->accepted += accepted;
    if (accepted != expected) {
        tally->wrong++;
        (void)printf("# %s %jd: %s\n", name, (intmax_t)id, accepted ? "accepted" : "refused");
    }
}

void report(const char *name, const struct tally *tally)
{
    const bool good = tally->run > 0 && tally->wrong == 0;

    failed += !good;
    (void)printf("%s %u - %s: %u vectors, %u accepted, %u refused\n", good ? "ok" : "not ok", ++number, name,
                 tally->run, tally->accepted, tally->run - tally->accepted);
}

void report_skip(const char *name, const char *why)
{
    (void)printf("ok %u - %s # SKIP %s\n", ++number, name, why);
}

bool is_there(const char *name)
{
    char path[512];

    if (!folder) {
        report_skip(name, "JOSE_VECTORS names no folder");
        return false;
    }
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    if (access(path, R_OK) == 0)
        return true;
    report_skip(name, "not in the folder");
    return false;
}

const char *string_of(const struct json_value *object, const char *name)
{
    const char *string;

    return json_string(json_get(object, name), &string, NULL) ? string : "";
}

bool accepts(const char *token, size_t length, const struct jwk_set *keys)
{
    struct jws *jws AUTO_JWS = NULL;
    char *alg AUTO_FREE = NULL;

    if (!keys || jws_parse(token, length, &jws) != REASON_OK)
        return false;
    alg = strdup(jws_alg(jws));
    return alg && jws_verify(jws, keys, (char *const[]){alg, NULL}) == REASON_OK;
}

struct jwk_set *set_of(const struct json_value *key)
{
    char text[KEY_TEXT_MAX];
    char *printed AUTO_FREE = key ? json_print(key) : NULL;
    const int length = snprintf(text, sizeof text, "{\"keys\":[%s]}", printed ? printed : "");

    return length > 0 && (size_t)length < sizeof text ? jwk_set_parse(text, (size_t)length) : NULL;
}

int vectors_end(void)
{
    (void)printf("1..%u\n", number);
    return failed == 0 ? 0 : 1;
}
