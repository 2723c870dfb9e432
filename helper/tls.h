/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whom TLS believes: certificates parsed once, before any child is forked (parsing Debian's bundle costs 17
 * ms, a whole sign-in 3), then shared by all children through copy-on-write.
 */
#ifndef HELPER_TLS_H
#define HELPER_TLS_H

#include <stdbool.h>

#include "cleanup.h"

struct tls_trust; /* an X509_STORE and where it came from */

/* ca_file NULL: the system's bundle. NULL: unreadable, empty or broken; *ret_error then says why (static
 * string). */
struct tls_trust *tls_trust_load(const char *ca_file, const char **ret_error);
void tls_trust_free(struct tls_trust *trust);

/* True when the file on disk is no longer the one that was read (device, inode, size or mtime). */
bool tls_trust_changed(const struct tls_trust *trust);

/* For http.c: gives an SSL_CTX (as void *) this trust and the minimum version. */
bool tls_trust_apply(const struct tls_trust *trust, void *ssl_ctx);

static inline void cleanup_tls_trust(struct tls_trust **trust)
{
    tls_trust_free(*trust);
}

#define AUTO_TLS_TRUST CLEANUP(cleanup_tls_trust)

#endif
