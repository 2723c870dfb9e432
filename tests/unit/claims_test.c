/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/documents.h"

#include "frontdesk/member_index.h"
#include "frontdesk/member_text.h"

static void the_id_token_comes_before_userinfo(void **state)
{
    struct identity ada = identity_of(*state, "{" KEY ",\"preferred_username\":\"ada\",\"name\":\"Ada L\"}",
                                      "{\"sub\":\"s1\",\"preferred_username\":\"bob\",\"email\":\"Ada@ACME."
                                      "example\",\"email_verified\":true}");

    assert_string_equal(ada.issuer, ISSUER);
    assert_string_equal(ada.subject, "s1");
    assert_string_equal(ada.username, "ada");
    assert_string_equal(ada.full_name, "Ada L");
    assert_string_equal(ada.email, "ada@acme.example");
    assert_true(ada.email_verified);
    assert_null(ada.groups[0]);
    identity_clear(&ada);
}

static void an_issuer_that_differs_in_one_byte_is_refused(void **state)
{
    assert_refused(*state, "{\"iss\":\"" ISSUER "/\",\"sub\":\"s1\"}", NULL, REASON_CLAIM_ISS);
    assert_refused(*state, "{\"sub\":\"s1\"}", NULL, REASON_CLAIM_ISS);
    assert_refused(*state, "{\"iss\":[\"" ISSUER "\"],\"sub\":\"s1\"}", NULL, REASON_CLAIM_ISS);
}

static void the_issuer_of_a_typed_url_is_the_one_of_the_token(void **state)
{
    struct desk *desk = *state;
    struct identity ada;

    desk->connection.issuer_by_url = true;
    ada = identity_of(desk, "{\"iss\":\"" ISSUER "/\",\"sub\":\"s1\"}", NULL);
    assert_string_equal(ada.issuer, ISSUER "/");
    identity_clear(&ada);
    assert_refused(desk, "{\"iss\":\"" ISSUER "//\",\"sub\":\"s1\"}", NULL, REASON_CLAIM_ISS);
}

static void a_subject_is_needed(void **state)
{
    char token[512], long_subject[SUBJECT_MAX + 2];

    assert_refused(*state, "{\"iss\":\"" ISSUER "\"}", NULL, REASON_CLAIM_SUB);
    assert_refused(*state, "{\"iss\":\"" ISSUER "\",\"sub\":\"\"}", NULL, REASON_CLAIM_SUB);
    assert_refused(*state, "{\"iss\":\"" ISSUER "\",\"sub\":7}", NULL, REASON_CLAIM_SUB);
    assert_refused(*state, "{\"iss\":\"" ISSUER "\",\"sub\":\"a\\nb\"}", NULL, REASON_CLAIM_SUB);
    memset(long_subject, 'x', sizeof long_subject);
    long_subject[SUBJECT_MAX + 1] = '\0';
    (void)snprintf(token, sizeof token, "{\"iss\":\"%s\",\"sub\":\"%s\"}", ISSUER, long_subject);
    assert_refused(*state, token, NULL, REASON_CLAIM_SUB);
}

static void userinfo_about_somebody_else_is_refused(void **state)
{
    assert_refused(*state, "{" KEY "}", "{\"sub\":\"S1\"}", REASON_USERINFO_SUB);
    assert_refused(*state, "{" KEY "}", "{\"email\":\"a@b\"}", REASON_USERINFO_SUB);
}

static void claims_of_the_wrong_type_count_as_absent(void **state)
{
    struct identity ada = identity_of(
        *state, "{" KEY ",\"preferred_username\":[\"ada\"],\"name\":1,\"email\":true,\"groups\":7}", NULL);

    assert_null(ada.username);
    assert_null(ada.full_name);
    assert_null(ada.email);
    assert_false(ada.email_verified);
    assert_null(ada.groups[0]);
    identity_clear(&ada);
}

static void a_name_that_cannot_be_printed_is_left_out_whole(void **state)
{
    static const char *const names[] = {
        "Ada\\n",     "Ada\\u001b[31m", "Ada\\u009b31m", "\\u202eadA", "A\\u2066da",
        "A\\u200bda", "Ada\\ufeff",     "A\\u200fda",    "A\\ue000da", "A\\udb40\\udc41",
    };
    char token[512];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct identity ada;

        (void)snprintf(token, sizeof token, "{" KEY ",\"name\":\"%s\"}", names[i]);
        ada = identity_of(*state, token, NULL);
        if (ada.full_name)
            fail_msg("%s was taken", names[i]);
        identity_clear(&ada);
    }
}

static void a_name_in_any_script_is_taken(void **state)
{
    struct identity ada;

    ada = identity_of(*state, "{" KEY ",\"name\":\"Lovelace, Ad\303\240 \344\270\255\346\226\207\"}", NULL);
    assert_string_equal(ada.full_name, "Lovelace, Ad\303\240 \344\270\255\346\226\207");
    identity_clear(&ada);
}

/* What it is cut to; the caller frees it. */
static char *full_name_of(struct desk *desk, const char *name)
{
    char token[4096];
    struct identity ada;
    char *full_name;

    (void)snprintf(token, sizeof token, "{" KEY ",\"name\":\"%s\"}", name);
    ada = identity_of(desk, token, NULL);
    full_name = ada.full_name ? strdup(ada.full_name) : NULL;
    identity_clear(&ada);
    return full_name;
}

static void a_name_that_is_too_long_is_cut_between_two_characters(void **state)
{
    static const char *const letters[] = {"x", "\303\240", "\344\270\255", "\360\237\230\200"};
    static const size_t lengths[] = {MEMBER_FULL_NAME_MAX + 1, 200, 2000};

    for (size_t i = 0; i < sizeof letters / sizeof letters[0] * 3; i++) {
        const char *letter = letters[i / 3];
        const size_t size = strlen(letter);
        char name[2048] = "";
        char *cut;
        size_t length;

        for (size_t used = 0; used < lengths[i % 3]; used += size)
            memcpy(name + used, letter, size);
        cut = full_name_of(*state, name);
        assert_non_null(cut);
        length = strlen(cut);
        assert_in_range(length, MEMBER_FULL_NAME_MAX - size + 1, MEMBER_FULL_NAME_MAX);
        assert_string_equal(cut + length - 3, "\342\200\246");
        assert_memory_equal(cut, name, length - 3);
        assert_true(text_is_printable(cut, length));
        free(cut);
    }
}

static void a_name_is_cut_only_where_it_has_to_be(void **state)
{
    char name[MEMBER_FULL_NAME_MAX + 20] = "";
    char *cut;

    memset(name, 'x', MEMBER_FULL_NAME_MAX);
    cut = full_name_of(*state, name);
    assert_string_equal(cut, name);
    free(cut);
    memset(name + MEMBER_FULL_NAME_MAX - 5, ' ', 2);
    memset(name + MEMBER_FULL_NAME_MAX, 'x', 5);
    cut = full_name_of(*state, name); /* no space before the sign */
    assert_string_equal(cut + MEMBER_FULL_NAME_MAX - 6, "x\342\200\246");
    free(cut);
    memset(name, ' ', MEMBER_FULL_NAME_MAX);
    cut = full_name_of(*state, name); /* nor anything before it */
    assert_string_equal(cut, "\342\200\246");
    free(cut);
    memcpy(name + MEMBER_FULL_NAME_MAX, "\\n", 3); /* beyond what would be kept */
    assert_null(full_name_of(*state, name));
}

static bool is_missing(struct desk *desk, const char *id_token)
{
    AUTO_JSON struct json_document *token = json_parse(id_token, strlen(id_token));

    return claims_are_missing(&desk->connection, json_top(token));
}

static void userinfo_is_wanted_for_what_the_id_token_lacks(void **state)
{
    struct desk *desk = *state;
    const char *whole = "{\"preferred_username\":\"a\",\"name\":\"A\",\"email\":\"a@b\"}";
    char staff[] = "staff";
    char *allowed[] = {staff, NULL};

    assert_false(is_missing(desk, whole));
    assert_true(is_missing(desk, "{\"preferred_username\":\"a\",\"name\":\"A\"}"));
    assert_true(is_missing(desk, "{\"name\":\"A\",\"email\":\"a@b\"}"));
    assert_true(is_missing(desk, "{\"preferred_username\":\"a\",\"email\":\"a@b\"}"));
    desk->connection.allowed_groups = allowed;
    assert_true(is_missing(desk, whole));
    assert_false(
        is_missing(desk, "{\"preferred_username\":\"a\",\"name\":\"A\",\"email\":\"a@b\",\"groups\":[]}"));
}

static void a_connection_that_says_little_wants_little(void **state)
{
    struct desk *desk = *state;
    struct identity ada;

    desk->connection.group_map = desk->connection.required_claims = NULL;
    assert_false(is_missing(desk, "{\"preferred_username\":\"a\",\"name\":\"A\",\"email\":\"a@b\"}"));
    ada = identity_of(desk, "{" KEY "}", NULL);
    assert_null(ada.missing_claim);
    identity_clear(&ada);
}

static void userinfo_is_wanted_for_groups_that_are_mapped_and_claims_that_are_required(void **state)
{
    struct desk *desk = *state;
    const char *whole = "{\"preferred_username\":\"a\",\"name\":\"A\",\"email\":\"a@b\",\"org\":{\"id\":7}}";
    char theirs[] = "g1", ours[] = "crew", path[] = "org.id", other[] = "org.name", value[] = "9";
    struct name_value map[] = {{theirs, ours}, {NULL, NULL}};
    struct name_value required[] = {{path, value}, {NULL, NULL}};

    desk->connection.group_map = map;
    assert_true(is_missing(desk, whole));
    desk->connection.group_map = desk->no_pairs;
    desk->connection.required_claims = required;
    assert_false(is_missing(desk, whole));
    required[0].name = other;
    assert_true(is_missing(desk, whole));
}

static void a_claim_name_with_dots_of_its_own_comes_before_the_path(void **state)
{
    struct desk *desk = *state;
    struct identity ada;

    set_text(&desk->connection.groups_claim, "https://acme.example/groups");
    set_text(&desk->connection.username_claim, "https://acme.example/user.name");
    set_text(&desk->connection.email_claim, "https://acme.example/mail");
    ada = identity_with(desk,
                        "\"https://acme.example/groups\":[\"staff\"],\"https://acme\":{\"example/groups\":"
                        "[\"boss\"]},\"https://acme.example/user.name\":\"ada\","
                        "\"https://acme.example/mail\":\"ada@acme.example\","
                        "\"https://acme.example/mail_verified\":true",
                        NULL);
    assert_string_equal(ada.groups[0], "staff");
    assert_null(ada.groups[1]);
    assert_string_equal(ada.username, "ada");
    assert_true(ada.email_verified);
    identity_clear(&ada);
}

static void a_tenants_issuer_is_the_tenants_own(void **state)
{
    struct desk *desk = *state;
    char tenant[] = "11111111-2222-3333-4444-555555555555";
    char *tenants[] = {tenant, NULL};
    static const char base[] = "https://login.example";
    char token[512];
    struct identity ada;

    set_text(&desk->connection.issuer, "https://login.example/organizations/v2.0");
    desk->connection.allowed_tenants = tenants;
    (void)snprintf(token, sizeof token, "{\"iss\":\"%s/%s/v2.0\",\"tid\":\"%s\",\"sub\":\"s1\"}", base,
                   tenant, tenant);
    ada = identity_of(desk, token, NULL);
    assert_string_equal(ada.tenant, tenant);
    assert_non_null(strstr(ada.issuer, tenant));
    identity_clear(&ada);
    (void)snprintf(token, sizeof token, "{\"iss\":\"%s/%s/v2.0\",\"tid\":\"other\",\"sub\":\"s1\"}", base,
                   tenant);
    assert_refused(desk, token, NULL, REASON_CLAIM_ISS);
    (void)snprintf(token, sizeof token, "{\"iss\":\"%s/%s/v2.0\",\"sub\":\"s1\"}", base, tenant);
    assert_refused(desk, token, NULL, REASON_CLAIM_ISS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(the_id_token_comes_before_userinfo),
        DESK_TEST(an_issuer_that_differs_in_one_byte_is_refused),
        DESK_TEST(the_issuer_of_a_typed_url_is_the_one_of_the_token),
        DESK_TEST(a_subject_is_needed),
        DESK_TEST(userinfo_about_somebody_else_is_refused),
        DESK_TEST(claims_of_the_wrong_type_count_as_absent),
        DESK_TEST(a_name_that_cannot_be_printed_is_left_out_whole),
        DESK_TEST(a_name_in_any_script_is_taken),
        DESK_TEST(a_name_that_is_too_long_is_cut_between_two_characters),
        DESK_TEST(a_name_is_cut_only_where_it_has_to_be),
        DESK_TEST(userinfo_is_wanted_for_what_the_id_token_lacks),
        DESK_TEST(a_connection_that_says_little_wants_little),
        DESK_TEST(userinfo_is_wanted_for_groups_that_are_mapped_and_claims_that_are_required),
        DESK_TEST(a_claim_name_with_dots_of_its_own_comes_before_the_path),
        DESK_TEST(a_tenants_issuer_is_the_tenants_own),
    };

    return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
