/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which spelling of its secret each connection's server took last (questions.h): so only the first sign-in
 * ever tries two. In memory only, and about one registration with one secret: another of either is unknown.
 */
#ifndef HELPER_SPELLING_MEMORY_H
#define HELPER_SPELLING_MEMORY_H

#include "config/config.h"
#include "jose/hash.h"
#include "questions.h"

struct spelling_memory {
    struct spelling {
        char registration[HASH_SHA256_TEXT_SIZE]; /* "": free */
        enum client_spelling spelling;
    } entries[CONFIG_CONNECTIONS_MAX];
    size_t next; /* to be overwritten, when all are taken */
};

/* A name for issuer, client and secret of a connection that does not tell them; "" when it cannot be made. */
void spelling_registration(const struct connection *connection, const struct secret *secret,
                           char ret_registration[HASH_SHA256_TEXT_SIZE]);

void spelling_remember(struct spelling_memory *memory, const char *registration,
                       enum client_spelling spelling);

/* CLIENT_SPELLING_FORM when nothing is remembered. */
enum client_spelling spelling_of(const struct spelling_memory *memory, const char *registration);

#endif
