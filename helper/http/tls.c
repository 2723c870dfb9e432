/* SPDX-License-Identifier: BSD-2-Clause */
/* Trust for TLS connections: one parsed store for all sign-ins, and the rules every connection gets. */
#include "http/tls.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trusted_path.h"

#define SECURITY_LEVEL_MIN 2 /* 112 bits: no SHA-1 signatures, no RSA below 2048 bits */

struct tls_trust {
    X509_STORE *store;
    char *path;
    struct stat seen;
};

static const char *const system_bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt", /* Debian, Ubuntu, Arch, Alpine */
    "/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora, RHEL */
    "/etc/ssl/ca-bundle.pem",             /* SUSE */
    "/etc/ssl/cert.pem",
};

static void cleanup_store(X509_STORE **store)
{
    X509_STORE_free(*store);
}

static void cleanup_bio(BIO **bio)
{
    BIO_free(*bio);
}

static void cleanup_ctx(SSL_CTX **ctx)
{
    SSL_CTX_free(*ctx);
}

static void free_infos(STACK_OF(X509_INFO) *const *infos)
{
    sk_X509_INFO_pop_free(*infos, X509_INFO_free);
}

static const char *find_system_bundle(void)
{
    for (size_t i = 0; i < sizeof system_bundles / sizeof system_bundles[0]; i++)
        if (access(system_bundles[i], R_OK) == 0)
            return system_bundles[i];
    return NULL;
}

/* Not O_NOFOLLOW: distributions make their bundle a link. O_NONBLOCK: a FIFO must not hold us up. */
static FILE *open_bundle(const char *path, struct stat *ret_seen, const char **ret_error)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat seen;
    struct path_fault fault;
    FILE *file;

    if (fd < 0) {
        *ret_error = "the file of trusted certificates cannot be opened";
        return NULL;
    }
    if (fstat(fd, &seen) != 0 || !S_ISREG(seen.st_mode) || seen.st_size > TLS_CA_FILE_MAX) {
        *ret_error = "the file of trusted certificates is no regular file of reasonable size";
        return NULL;
    }
    if (seen.st_mode & (S_IWGRP | S_IWOTH)) {
        *ret_error = "the file of trusted certificates may be written by others than its owner (chmod go-w)";
        return NULL;
    }
    if (seen.st_uid != 0 && seen.st_uid != geteuid()) {
        *ret_error = "the file of trusted certificates belongs to somebody else (chown root)";
        return NULL;
    }
    if (!path_is_trusted(path, &fault)) {
        *ret_error =
            "the way to the file of trusted certificates leads through what others than root may change";
        return NULL;
    }
    file = fdopen(fd, "r");
    if (!file) {
        *ret_error = "no memory for the trusted certificates";
        return NULL;
    }
    fd = -1;
    *ret_seen = seen;
    return file;
}

/* Certificates added, or -1 when one could not be. */
static int add_certificates(X509_STORE *store, STACK_OF(X509_INFO) *const infos)
{
    int count = 0;

    for (int i = 0; i < sk_X509_INFO_num(infos); i++) {
        const X509_INFO *info = sk_X509_INFO_value(infos, i);

        if (!info->x509)
            continue;
        if (X509_STORE_add_cert(store, info->x509) != 1)
            return -1;
        count++;
    }
    return count;
}

static X509_STORE *read_store(const char *path, struct stat *ret_seen, const char **ret_error)
{
    AUTO_FCLOSE FILE *file = NULL;
    CLEANUP(cleanup_store) X509_STORE *store = X509_STORE_new();
    CLEANUP(cleanup_bio) BIO *bio = NULL;
    CLEANUP(free_infos) STACK_OF(X509_INFO) *infos = NULL;
    X509_STORE *whole;
    int count;

    file = open_bundle(path, ret_seen, ret_error);
    if (!file)
        return NULL;
    bio = BIO_new_fp(file, BIO_NOCLOSE);
    if (!store || !bio) {
        *ret_error = "no memory for the trusted certificates";
        return NULL;
    }
    infos = PEM_X509_INFO_read_bio(bio, NULL, NULL, NULL);
    count = infos ? add_certificates(store, infos) : -1;
    ERR_clear_error();
    if (count <= 0) {
        *ret_error = count < 0 ? "the file of trusted certificates is broken"
                               : "the file of trusted certificates has none";
        return NULL;
    }
    whole = store;
    store = NULL;
    return whole;
}

static struct tls_trust *load_here(const char *ca_file, const char **ret_error)
{
    const char *path = ca_file ? ca_file : find_system_bundle();
    struct tls_trust *trust;

    if (!path) {
        *ret_error = "the system has no bundle of trusted certificates (package ca-certificates)";
        return NULL;
    }
    trust = calloc(1, sizeof *trust);
    if (trust)
        trust->path = strdup(path);
    if (!trust || !trust->path) {
        *ret_error = "no memory for the trusted certificates";
        tls_trust_free(trust);
        return NULL;
    }
    trust->store = read_store(path, &trust->seen, ret_error);
    if (!trust->store) {
        tls_trust_free(trust);
        return NULL;
    }
    return trust;
}

struct loading {
    const char *ca_file;
    const char *error;
    struct tls_trust *trust;
};

static void *load_in_thread(void *argument)
{
    struct loading *loading = argument;

    loading->trust = load_here(loading->ca_file, &loading->error);
    return NULL;
}

/*
 * A thread of its own, for it has a heap of its own: parsing a bundle leaves small holes among the
 * certificates, and a forked child that fills holes gets a private copy of each page that it touches (half a
 * megabyte a sign-in).
 */
struct tls_trust *tls_trust_load(const char *ca_file, const char **ret_error)
{
    struct loading loading = {.ca_file = ca_file};
    pthread_t thread;

    if (pthread_create(&thread, NULL, load_in_thread, &loading) != 0)
        return load_here(ca_file, ret_error);
    (void)pthread_join(thread, NULL);
    if (!loading.trust)
        *ret_error = loading.error;
    return loading.trust;
}

void tls_trust_free(struct tls_trust *trust)
{
    if (!trust)
        return;
    X509_STORE_free(trust->store);
    free(trust->path);
    free(trust);
}

static bool time_is_same(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool tls_trust_changed(const struct tls_trust *trust)
{
    struct stat now;

    if (stat(trust->path, &now) != 0)
        return true;
    return now.st_dev != trust->seen.st_dev || now.st_ino != trust->seen.st_ino ||
           now.st_mode != trust->seen.st_mode || now.st_uid != trust->seen.st_uid ||
           now.st_gid != trust->seen.st_gid || now.st_size != trust->seen.st_size ||
           !time_is_same(&now.st_mtim, &trust->seen.st_mtim) ||
           !time_is_same(&now.st_ctim, &trust->seen.st_ctim);
}

static bool expect_host(SSL_CTX *ctx, const char *host)
{
    X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);
    unsigned char address[sizeof(struct in6_addr)];

    if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1)
        return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1;
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                               X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

bool tls_trust_apply(const struct tls_trust *trust, void *ssl_ctx, const char *host)
{
    SSL_CTX *ctx = ssl_ctx;

    SSL_CTX_set1_cert_store(ctx, trust->store);
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_keylog_callback(ctx, NULL); /* curl sets one when the environment names a key log */
    if (SSL_CTX_get_security_level(ctx) < SECURITY_LEVEL_MIN)
        SSL_CTX_set_security_level(ctx, SECURITY_LEVEL_MIN);
    return expect_host(ctx, host) && SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1;
}

bool tls_has_more(const void *ssl)
{
    return SSL_pending(ssl) > 0;
}

bool tls_warm(void)
{
    CLEANUP(cleanup_ctx) SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    return ctx != NULL;
}
