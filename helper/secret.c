/* SPDX-License-Identifier: BSD-2-Clause */
/* Life and death of bytes that nobody may find later. */
#include "secret.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>

#include "jose/base64url.h"

#define RANDOM_MAX 64 /* bytes: twice what any caller needs */

bool secret_copy(const void *bytes, size_t length, struct secret *ret_secret)
{
    char *copy;

    if (length == SIZE_MAX)
        return false;
    copy = malloc(length + 1);
    if (!copy)
        return false;
    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    *ret_secret = (struct secret){.bytes = copy, .length = length};
    return true;
}

void secret_erase(struct secret *secret)
{
    if (secret->bytes) {
        explicit_bzero(secret->bytes, secret->length);
        free(secret->bytes);
    }
    *secret = (struct secret){0};
}

void erase_and_free(char *string)
{
    if (!string)
        return;
    explicit_bzero(string, strlen(string));
    free(string);
}

static bool fill_with_random(unsigned char *bytes, size_t n)
{
    size_t done = 0;

    while (done < n) {
        const ssize_t got = getrandom(bytes + done, n - done, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

bool secret_random_text(size_t n, char *ret_text, size_t size)
{
    unsigned char bytes[RANDOM_MAX];
    bool made;

    if (n > sizeof bytes)
        return false;
    made = fill_with_random(bytes, n) && base64url_encode(bytes, n, ret_text, size);
    explicit_bzero(bytes, sizeof bytes);
    return made;
}

bool secret_forbid_dumps(void)
{
    const struct rlimit none = {0, 0};

    return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}
