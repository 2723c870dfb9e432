/* SPDX-License-Identifier: BSD-2-Clause */
/* In place, and never longer than before. */
#include "oidc/hide.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define SECRET_MIN 6
#define CODE_MIN   24
#define CUT        "..." /* text_make_plain ends so what it cut */

/* `length` bytes become HIDDEN, or as much of it as fits; where that ends. */
static char *hide(char *at, size_t length)
{
    const size_t kept = length < sizeof HIDDEN - 1 ? length : sizeof HIDDEN - 1;

    memcpy(at, HIDDEN, kept);
    memmove(at + kept, at + length, strlen(at + length) + 1);
    return at + kept;
}

static void hide_end(char *text, const char *secret)
{
    const size_t whole = strlen(secret);
    size_t length = strlen(text);

    if (length >= sizeof CUT - 1 && strcmp(text + length - (sizeof CUT - 1), CUT) == 0)
        length -= sizeof CUT - 1;
    for (size_t n = whole < length ? whole : length; n >= SECRET_MIN; n--) {
        if (memcmp(text + length - n, secret, n) == 0) {
            (void)hide(text + length - n, n);
            return;
        }
    }
}

void hide_secret(char *text, const char *secret)
{
    char *at = text;

    if (!secret || strlen(secret) < SECRET_MIN)
        return;
    /* On from there: a server may call its code what is put in its place. */
    while ((at = strstr(at, secret)) != NULL)
        at = hide(at, strlen(secret));
    hide_end(text, secret);
}

static bool is_of_code(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("+/=_.~-", c));
}

static bool looks_random(const char *word, size_t length)
{
    bool digit = false, small = false, capital = false;

    for (size_t i = 0; i < length; i++) {
        digit = digit || isdigit((unsigned char)word[i]);
        small = small || islower((unsigned char)word[i]);
        capital = capital || isupper((unsigned char)word[i]);
    }
    return digit && small && capital;
}

void hide_codes(char *text)
{
    while (*text != '\0') {
        size_t length = 0;

        while (is_of_code(text[length]))
            length++;
        if (length >= CODE_MIN && looks_random(text, length))
            text = hide(text, length);
        else
            text += length > 0 ? length : 1;
    }
}
