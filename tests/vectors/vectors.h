/* SPDX-License-Identifier: BSD-2-Clause */
/* What the readers of public vectors share: files, verdicts, one TAP line a file. */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jose/jwk.h"
#include "json/json.h"

/* What came of one file. */
struct tally {
    unsigned run, accepted, wrong;
};

/* The folder that all names below are in; NULL: every report is a skip. */
void vectors_in(const char *path);

char *read_file(const char *name, size_t *ret_length); /* malloc'd, NULL: not there */
struct json_document *read_json(const char *name);
const char *string_of(const struct json_value *object, const char *name); /* "" for want of it */

/* Did our verifier do what it should? Says so when it did not. */
void judge(struct tally *tally, bool accepted, bool expected, const char *name, int64_t id);

/* A token by the keys of a set, all algorithms allowed; NULL keys: never. */
bool accepts(const char *token, size_t length, const struct jwk_set *keys);

/* The set of this one key; NULL key: an empty one. */
struct jwk_set *set_of(const struct json_value *key);

void report(const char *name, const struct tally *tally);
void report_skip(const char *name, const char *why);
bool is_there(const char *name); /* else says that it is skipped */

/* Prints the plan; the status to end with. */
int vectors_end(void);

/* wycheproof.c */
void run_wycheproof(void);

/* rfc_examples.c */
void run_rfc_examples(void);

#endif
