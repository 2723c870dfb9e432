/* SPDX-License-Identifier: BSD-2-Clause */
/* A private key in PEM: what is no key is refused, and what is one signs only as its kind does. */
#include "jose/signing_key.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "connection/connection.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

static int no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

/* Numbers that do not belong together are read as a key, too: OpenSSL sees it when it signs. */
static bool is_whole(const char *pem, size_t length)
{
    BIO *bio = BIO_new_mem_buf(pem, (int)length);
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    EVP_PKEY_CTX *context = pkey ? EVP_PKEY_CTX_new(pkey, NULL) : NULL;
    const bool whole = context && EVP_PKEY_check(context) == 1;

    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(pkey);
    BIO_free(bio);
    return whole;
}

static void judge_key(const struct signing_key *key, const char *pem, size_t length)
{
    static const char *const algs[] = {"RS256", "PS256", "ES256", "none", "HS256", "ES384", ""};
    unsigned fits = 0;

    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
        const bool does_fit = signing_key_fits(key, algs[i]);
        char *token = signing_key_sign(key, algs[i], "{}", "{}");

        FUZZ_CHECK(!token || does_fit);
        FUZZ_CHECK(!does_fit || i < 3);
        FUZZ_CHECK(!token || strncmp(token, "e30.e30.", 8) == 0);
        FUZZ_CHECK(token || !does_fit || faults_fired() || !is_whole(pem, length));
        fits += does_fit;
        erase_and_free(token);
    }
    FUZZ_CHECK(fits == 1 || fits == 2);
}

static void judge(const uint8_t *data, size_t size)
{
    char *pem = (char *)fuzz_copy(data, size);
    struct signing_key *key = signing_key_parse(pem, size);

    FUZZ_CHECK(!key || signing_key_is_pem(pem, size));
    if (key)
        fuzz_note_good(), judge_key(key, pem, size);
    signing_key_free(key);
    free(pem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
