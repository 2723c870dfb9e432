/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The certificates that the connections name, each file parsed once and before any child is forked. Children
 * share them by copy-on-write; a file that changed on disk is read again before the next sign-in.
 */
#ifndef HELPER_TRUST_SHELF_H
#define HELPER_TRUST_SHELF_H

#include "config/config.h"
#include "http/tls.h"

struct trust_shelf;

struct trust_shelf *trust_shelf_new(void); /* NULL: no memory */
void trust_shelf_free(struct trust_shelf *shelf);

/*
 * Brings the shelf up to date with the enabled connections. A file that cannot be used is logged once, and
 * whatever was read from it before is no longer believed.
 */
void trust_shelf_refresh(struct trust_shelf *shelf, const struct config *config);

/* The trust_finder of session.h; `shelf` is a struct trust_shelf. */
const struct tls_trust *trust_shelf_find(void *shelf, const char *ca_file);

#endif
