/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes that must not outlive their use: client secrets, device codes, tokens, PKCE verifiers.
 * Whoever holds a struct secret erases it; secret_erase is safe on {0} and twice.
 */
#ifndef HELPER_SECRET_H
#define HELPER_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "cleanup.h"

struct secret {
    char *bytes;   /* NUL-terminated for convenience; may hold NULs of its own only where a caller says so */
    size_t length; /* without the terminator */
};

/* Copies; false when memory is short, and *ret_secret is untouched. */
bool secret_copy(const void *bytes, size_t length, struct secret *ret_secret);

/* Overwrites and frees. */
void secret_erase(struct secret *secret);

/* Overwrites a NUL-terminated malloc'd string, frees it. NULL is fine. */
void erase_and_free(char *string);

/* n random bytes from the kernel as unpadded base64url into ret_text (4 * (n + 2) / 3 + 1 bytes at least). */
bool secret_random_text(size_t n, char *ret_text, size_t size);

/* This process: no core dump, no ptrace by its own user (PR_SET_DUMPABLE 0, RLIMIT_CORE 0). */
bool secret_forbid_dumps(void);

static inline void cleanup_erase(char **string)
{
    erase_and_free(*string);
}

#define AUTO_ERASE  CLEANUP(cleanup_erase)
#define AUTO_SECRET CLEANUP(secret_erase)

#endif
