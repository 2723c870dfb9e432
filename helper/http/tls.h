/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whom TLS believes: certificates parsed once, before any child is forked (parsing Debian's bundle costs 17
 * ms, a whole sign-in 3), then shared by all children through copy-on-write.
 */
#ifndef HELPER_TLS_H
#define HELPER_TLS_H

#include <stdbool.h>

#include "cleanup.h"

#define TLS_CA_FILE_MAX (8 * 1024 * 1024) /* bytes; Debian's bundle has 0.2 MB */

struct tls_trust; /* an X509_STORE and where it came from */

/* ca_file NULL: the system's bundle. NULL: unreadable, empty or broken; *ret_error then says why (static
 * string). */
struct tls_trust *tls_trust_load(const char *ca_file, const char **ret_error);
void tls_trust_free(struct tls_trust *trust);

/* True when the file on disk is no longer the one that was read (device, inode, size or mtime). */
bool tls_trust_changed(const struct tls_trust *trust);

/*
 * For http.c: gives an SSL_CTX (as void *) this trust, the minimum version and the name or address that the
 * certificate must carry as a subjectAltName (curl alone would still take a subject's CN).
 */
bool tls_trust_apply(const struct tls_trust *trust, void *ssl_ctx, const char *host);

/* Is there more of an answer (an SSL, as void *) than was read? */
bool tls_has_more(const void *ssl);

/* Makes OpenSSL fetch its algorithms now, so that children inherit them. */
bool tls_warm(void);

static inline void cleanup_tls_trust(struct tls_trust **trust)
{
    tls_trust_free(*trust);
}

#define AUTO_TLS_TRUST CLEANUP(cleanup_tls_trust)

#endif
