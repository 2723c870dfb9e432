/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attributes that release a local variable when it goes out of scope, on every path. Helper code only: the
 * modules stay in plain C. Doors to libraries define their own next to their types (X509_STORE, CURL, ...).
 */
#ifndef HELPER_CLEANUP_H
#define HELPER_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(function) __attribute__((cleanup(function)))

static inline void cleanup_free(void *pointer_to_pointer)
{
    free(*(void **)pointer_to_pointer);
}

static inline void cleanup_close(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static inline void cleanup_fclose(FILE **file)
{
    if (*file)
        (void)fclose(*file);
}

#define AUTO_FREE   CLEANUP(cleanup_free)
#define AUTO_CLOSE  CLEANUP(cleanup_close)
#define AUTO_FCLOSE CLEANUP(cleanup_fclose)

#endif
