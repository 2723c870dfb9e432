/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of OpenSSL that may fail: each means "no", and never "the signature is good". */
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "fuzz/lib/faults.h"

#define NOT_MADE(type, name, parameters, arguments)                                                          \
    FAILING(FAULT_OPENSSL, 0, NULL, type, name, parameters, arguments)
#define NOT_DONE(name, parameters, arguments) FAILING(FAULT_OPENSSL, 0, 0, int, name, parameters, arguments)
/* Some say "no" by less than nothing, and whoever asks only for zero is fooled. */
#define WORSE(name, parameters, arguments) FAILING(FAULT_OPENSSL, 0, -1, int, name, parameters, arguments)

#define MADE_NO_TAG(parameters, arguments)                                                                   \
    FAILING(FAULT_OPENSSL, 0, NULL, unsigned char *, HMAC, parameters, arguments)

MADE_NO_TAG((const EVP_MD *type, const void *key, int key_length, const unsigned char *bytes, size_t n,
             unsigned char *to, unsigned *length),
            (type, key, key_length, bytes, n, to, length))
NOT_MADE(BIGNUM *, BN_bin2bn, (const unsigned char *bytes, int n, BIGNUM *to), (bytes, n, to))
WORSE(BN_bn2binpad, (const BIGNUM *number, unsigned char *to, int n), (number, to, n))
NOT_MADE(BIO *, BIO_new_mem_buf, (const void *bytes, int n), (bytes, n))
NOT_MADE(EVP_MD_CTX *, EVP_MD_CTX_new, (void), ())
NOT_MADE(EVP_PKEY_CTX *, EVP_PKEY_CTX_new_from_name, (OSSL_LIB_CTX * l, const char *name, const char *q),
         (l, name, q))
NOT_MADE(EVP_PKEY_CTX *, EVP_PKEY_CTX_new_from_pkey, (OSSL_LIB_CTX * l, EVP_PKEY *key, const char *q),
         (l, key, q))
NOT_MADE(EVP_PKEY *, EVP_PKEY_new_raw_public_key_ex,
         (OSSL_LIB_CTX * l, const char *type, const char *q, const unsigned char *bytes, size_t n),
         (l, type, q, bytes, n))
NOT_MADE(OSSL_PARAM_BLD *, OSSL_PARAM_BLD_new, (void), ())
NOT_MADE(OSSL_PARAM *, OSSL_PARAM_BLD_to_param, (OSSL_PARAM_BLD * builder), (builder))
NOT_MADE(ECDSA_SIG *, ECDSA_SIG_new, (void), ())
NOT_MADE(ECDSA_SIG *, d2i_ECDSA_SIG, (ECDSA_SIG * *to, const unsigned char **from, long n), (to, from, n))
NOT_MADE(EVP_PKEY *, d2i_AutoPrivateKey, (EVP_PKEY * *to, const unsigned char **from, long n), (to, from, n))
NOT_DONE(ECDSA_SIG_set0, (ECDSA_SIG * signature, BIGNUM *r, BIGNUM *s), (signature, r, s))
WORSE(i2d_ECDSA_SIG, (const ECDSA_SIG *signature, unsigned char **to), (signature, to))
NOT_DONE(OSSL_PARAM_BLD_push_BN, (OSSL_PARAM_BLD * builder, const char *name, const BIGNUM *number),
         (builder, name, number))
WORSE(EVP_PKEY_fromdata_init, (EVP_PKEY_CTX * context), (context))
WORSE(EVP_PKEY_fromdata, (EVP_PKEY_CTX * context, EVP_PKEY **to, int selection, OSSL_PARAM *parameters),
      (context, to, selection, parameters))
WORSE(EVP_PKEY_public_check, (EVP_PKEY_CTX * context), (context))
NOT_DONE(EVP_PKEY_get_bn_param, (const EVP_PKEY *key, const char *name, BIGNUM **to), (key, name, to))
NOT_DONE(EVP_PKEY_get_group_name, (const EVP_PKEY *key, char *name, size_t size, size_t *length),
         (key, name, size, length))
WORSE(EVP_PKEY_CTX_set_rsa_padding, (EVP_PKEY_CTX * context, int padding), (context, padding))
WORSE(EVP_PKEY_CTX_set_rsa_pss_saltlen, (EVP_PKEY_CTX * context, int length), (context, length))
WORSE(EVP_PKEY_CTX_set_rsa_mgf1_md_name, (EVP_PKEY_CTX * context, const char *name, const char *q),
      (context, name, q))
NOT_DONE(EVP_Q_digest,
         (OSSL_LIB_CTX * l, const char *name, const char *q, const void *bytes, size_t n, unsigned char *to,
          size_t *length),
         (l, name, q, bytes, n, to, length))
NOT_DONE(EVP_Digest,
         (const void *bytes, size_t n, unsigned char *to, unsigned *length, const EVP_MD *type,
          ENGINE *engine),
         (bytes, n, to, length, type, engine))
WORSE(EVP_DigestVerifyInit_ex,
      (EVP_MD_CTX * context, EVP_PKEY_CTX **key_context, const char *digest, OSSL_LIB_CTX *l, const char *q,
       EVP_PKEY *key, const OSSL_PARAM *parameters),
      (context, key_context, digest, l, q, key, parameters))
WORSE(EVP_DigestVerify,
      (EVP_MD_CTX * context, const unsigned char *signature, size_t length, const unsigned char *bytes,
       size_t n),
      (context, signature, length, bytes, n))
WORSE(EVP_DigestSignInit_ex,
      (EVP_MD_CTX * context, EVP_PKEY_CTX **key_context, const char *digest, OSSL_LIB_CTX *l, const char *q,
       EVP_PKEY *key, const OSSL_PARAM *parameters),
      (context, key_context, digest, l, q, key, parameters))
WORSE(EVP_DigestSign,
      (EVP_MD_CTX * context, unsigned char *signature, size_t *length, const unsigned char *bytes, size_t n),
      (context, signature, length, bytes, n))
