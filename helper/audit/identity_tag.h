/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whom a refusal was about, without saying it: an HMAC-SHA256 of issuer and subject by a key that this
 * machine alone has. The same person gives the same tag, so that repeats can be counted and a known person be
 * looked for; without the key nobody finds out whose it is by trying all subjects of an issuer.
 *
 * The key: 32 random bytes in FOLDER/audit.key, 0400 and the keeper's, made at its first start. Without it
 * (a new machine, a lost file) tags of before compare with none of after.
 */
#ifndef HELPER_IDENTITY_TAG_H
#define HELPER_IDENTITY_TAG_H

#include <stdbool.h>

#define IDENTITY_KEY_SIZE 32
#define IDENTITY_TAG_SIZE 23 /* 22 characters of base64url, and NUL */
#define IDENTITY_KEY_NAME "audit.key"

struct identity_key {
    unsigned char bytes[IDENTITY_KEY_SIZE];
};

/*
 * Reads it; where there is none and `make`, makes it, on the disk before it is used. False: *ret_why
 * (malloc'd, NULL for want of memory) says why.
 */
bool identity_key_open(const char *state_dir, bool make, struct identity_key *ret_key, char **ret_why);

/* One that nobody keeps: tags then compare only with each other. */
bool identity_key_random(struct identity_key *ret_key);

/* False: no memory. */
bool identity_tag(const struct identity_key *key, const char *issuer, const char *subject,
                  char ret_tag[IDENTITY_TAG_SIZE]);

#endif
