/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All sentences a person reads, through gettext, and the filter that every foreign string passes.
 */
#ifndef HELPER_TEXT_H
#define HELPER_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "reason.h"

#define TEXT_DOMAIN "frontdesk" /* of gettext */

/* One clear sentence: what happened to you, and what to do next. Never NULL; static. */
const char *text_for_reason(enum reason reason);

/*
 * The same, with the name that the person has here where that helps: after REASON_WRONG_USER with one. Into
 * ret_text, or a static one.
 */
#define TEXT_DECISION_SIZE 256
const char *text_for_decision(enum reason reason, const char *user, char ret_text[TEXT_DECISION_SIZE]);

/* Before the first sentence: the language of the host's LOGIN (may be ""), else of [machine] language. */
void text_set_language(const char *login_language, const char *machine_language);

/* A foreign string made harmless and cut: '?' for each byte outside 0x20..0x7e, "..." where it was cut. size
 * is 4 at least. */
void text_make_plain(const char *foreign, char *ret_text, size_t size);

/* Likewise for a name or an address within a sentence: '?' for spaces, parentheses and commas, too, so that
 * it cannot go on with the sentence in our voice. */
void text_make_word(const char *foreign, char *ret_text, size_t size);

/* As text_make_plain for UTF-8 of the administrator's own (a label): control characters and broken UTF-8
 * become '?', and every character beyond ASCII too unless `utf8`. */
void text_make_label(const char *label, bool utf8, char *ret_text, size_t size);

/* Terminal-safe: printable ASCII 0x20..0x7e only, length within [min, max], no space first or last. */
bool text_is_plain(const char *text, size_t length, size_t min, size_t max);

/*
 * https, a lower- or upper-case ASCII host name or address (an IDN must come as punycode), optional port, no
 * userinfo, no fragment trickery: bytes 0x21..0x7e without '"', '<', '>', '\\', '^', '`', '{', '|', '}'; at
 * most `max` bytes.
 */
bool text_is_safe_https_url(const char *url, size_t length, size_t max);

/* The host of such a URL: where it begins within it. Brackets belong to an address. */
const char *text_url_host(const char *url, size_t *ret_length);

#endif
