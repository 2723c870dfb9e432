/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose token: octet for octet where the document says who, by tenant where it leaves a place for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/rsa.h>

#include "oidc/id_token.h"
#include "unit/signed_token.h"

#define NOW        1700000000
#define ENTRA      "https://login.example.com/"
#define TENANT     "72f988bf-86f1-41af-91ab-2d7cd011db47"
#define ISS_OF(id) ENTRA id "/v2.0"

static char rs256[] = "RS256", issuer[] = ISS_OF("organizations"), tenant[] = TENANT;
static char *const algs[] = {rs256, NULL};
static char *tenants[] = {tenant, NULL}, *no_tenants[] = {NULL};
static EVP_PKEY *rsa;

static int make_key(void **state)
{
    (void)state;
    rsa = EVP_RSA_gen(2048);
    return rsa ? 0 : -1;
}

static int free_key(void **state)
{
    (void)state;
    EVP_PKEY_free(rsa);
    return 0;
}

/* A good token but for these members, `tid` with a comma before it or "". */
static enum reason verify(const char *iss, const char *tid, const struct connection *connection)
{
    const struct id_token_terms terms = {
        .issuer = issuer, .connection = connection, .client_id = "client", .signing_algs = algs, .now = NOW};
    struct json_document *claims AUTO_JSON = NULL;
    char payload[512];
    char *token AUTO_FREE = NULL, *jwk AUTO_FREE = rsa_jwk(rsa, NULL, "");
    struct jwk_set *keys AUTO_JWK_SET = set_of(jwk);

    (void)snprintf(payload, sizeof payload,
                   "{\"iss\":%s%s,\"sub\":\"1\",\"aud\":\"client\",\"exp\":%d,\"iat\":%d}", iss, tid,
                   NOW + 60, NOW);
    token = signed_token(rsa, "{\"alg\":\"RS256\"}", payload);
    return id_token_verify(token, strlen(token), keys, &terms, &claims);
}

#define TID(id) ",\"tid\":\"" id "\""

static void a_tenants_token_names_the_issuer_of_that_tenant(void **state)
{
    const struct connection connection = {.issuer = issuer, .allowed_tenants = tenants};

    (void)state;
    assert_int_equal(verify("\"" ISS_OF(TENANT) "\"", TID(TENANT), &connection), REASON_OK);
    assert_int_equal(verify("\"" ISS_OF(TENANT) "\"", TID("another"), &connection), REASON_CLAIM_ISS);
    assert_int_equal(verify("\"" ISS_OF(TENANT) "\"", "", &connection), REASON_CLAIM_ISS);
    assert_int_equal(verify("\"" ISS_OF(TENANT) "\"", ",\"tid\":7", &connection), REASON_CLAIM_ISS);
    assert_int_equal(verify("\"" ISS_OF("{tenantid}") "\"", TID(TENANT), &connection), REASON_CLAIM_ISS);
    assert_int_equal(verify("\"" ISS_OF("{tenantid}") "\"", TID("{tenantid}"), &connection),
                     REASON_CLAIM_ISS);
    assert_int_equal(verify("\"https://evil.example/" TENANT "/v2.0\"", TID(TENANT), &connection),
                     REASON_CLAIM_ISS);
    assert_int_equal(verify("7", TID(TENANT), &connection), REASON_CLAIM_ISS);
}

static void without_tenants_no_place_is_left_for_one(void **state)
{
    const struct connection connection = {.issuer = issuer, .allowed_tenants = no_tenants};

    (void)state;
    assert_int_equal(verify("\"" ISS_OF(TENANT) "\"", TID(TENANT), &connection), REASON_CLAIM_ISS);
}

static void a_tenant_is_a_string_when_it_is_there(void **state)
{
    const struct connection connection = {.issuer = issuer, .allowed_tenants = no_tenants};

    (void)state;
    assert_int_equal(verify("\"" ISS_OF("organizations") "\"", "", &connection), REASON_OK);
    assert_int_equal(verify("\"" ISS_OF("organizations") "\"", TID(TENANT), &connection), REASON_OK);
    assert_int_equal(verify("\"" ISS_OF("organizations") "\"", ",\"tid\":7", &connection), REASON_CLAIM_ISS);
    assert_int_equal(verify("[]", "", &connection), REASON_CLAIM_ISS);
}

static void an_exact_issuer_hears_nothing_of_tenants(void **state)
{
    (void)state;
    assert_int_equal(verify("\"" ISS_OF("organizations") "\"", TID(TENANT), NULL), REASON_OK);
    assert_int_equal(verify("\"" ISS_OF(TENANT) "\"", TID(TENANT), NULL), REASON_CLAIM_ISS);
    assert_int_equal(verify("\"" ISS_OF("organizations") "/\"", "", NULL), REASON_CLAIM_ISS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tenants_token_names_the_issuer_of_that_tenant),
        cmocka_unit_test(without_tenants_no_place_is_left_for_one),
        cmocka_unit_test(a_tenant_is_a_string_when_it_is_there),
        cmocka_unit_test(an_exact_issuer_hears_nothing_of_tenants),
    };

    return cmocka_run_group_tests(tests, make_key, free_key);
}
