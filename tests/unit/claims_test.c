/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/fixture.h"

#include "frontdesk/member_index.h"
#include "members/claims.h"

#define KEY "\"iss\":\"" ISSUER "\",\"sub\":\"s1\""

static enum reason read_claims(const struct desk *desk, const char *id_token, const char *userinfo,
                               struct identity *ret_identity)
{
    AUTO_JSON struct json_document *token = json_parse(id_token, strlen(id_token));
    AUTO_JSON struct json_document *info = userinfo ? json_parse(userinfo, strlen(userinfo)) : NULL;

    assert_non_null(token);
    assert_true(!userinfo || info);
    return identity_from_claims(&desk->connection, json_top(token), json_top(info), ret_identity);
}

static struct identity identity_of(const struct desk *desk, const char *id_token, const char *userinfo)
{
    struct identity identity = {0};

    assert_int_equal(read_claims(desk, id_token, userinfo, &identity), REASON_OK);
    return identity;
}

static void assert_refused(const struct desk *desk, const char *id_token, const char *userinfo,
                           enum reason reason)
{
    struct identity identity = {0};

    assert_int_equal(read_claims(desk, id_token, userinfo, &identity), reason);
    assert_null(identity.subject);
}

static void set(char **field, const char *value)
{
    free(*field);
    *field = text(value);
}

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

static void a_name_in_any_script_is_taken_up_to_its_length(void **state)
{
    char token[512], name[MEMBER_FULL_NAME_MAX + 2];
    struct identity ada;

    ada = identity_of(*state, "{" KEY ",\"name\":\"Lovelace, Ad\303\240 \344\270\255\346\226\207\"}", NULL);
    assert_string_equal(ada.full_name, "Lovelace, Ad\303\240 \344\270\255\346\226\207");
    identity_clear(&ada);
    memset(name, 'x', sizeof name);
    name[MEMBER_FULL_NAME_MAX + 1] = '\0';
    (void)snprintf(token, sizeof token, "{" KEY ",\"name\":\"%s\"}", name);
    ada = identity_of(*state, token, NULL);
    assert_null(ada.full_name);
    identity_clear(&ada);
}

static void an_email_is_verified_only_by_the_flag_beside_it(void **state)
{
    struct desk *desk = *state;
    static const struct {
        const char *id_token, *userinfo;
        bool is_verified;
    } cases[] = {
        {"\"email\":\"a@b.c\",\"email_verified\":true", NULL, true},
        {"\"email\":\"a@b.c\",\"email_verified\":\"true\"", NULL, true},
        {"\"email\":\"a@b.c\",\"email_verified\":\"True\"", NULL, false},
        {"\"email\":\"a@b.c\",\"email_verified\":1", NULL, false},
        {"\"email\":\"a@b.c\"", NULL, false},
        {"\"email\":\"a@b.c\"", "\"email\":\"A@b.c\",\"email_verified\":true", true},
        {"\"email\":\"a@b.c\"", "\"email\":\"x@b.c\",\"email_verified\":true", false},
        {"\"email\":\"a@b.c\"", "\"email_verified\":true", false},
        {"\"email_verified\":true", "\"email\":\"a@b.c\"", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char token[256], info[256];
        struct identity ada;

        (void)snprintf(token, sizeof token, "{" KEY ",%s}", cases[i].id_token);
        (void)snprintf(info, sizeof info, "{\"sub\":\"s1\",%s}", cases[i].userinfo ? cases[i].userinfo : "");
        ada = identity_of(desk, token, cases[i].userinfo ? info : NULL);
        assert_string_equal(ada.email, "a@b.c");
        if (ada.email_verified != cases[i].is_verified)
            fail_msg("case %zu", i);
        identity_clear(&ada);
    }
}

static void email_verified_says_nothing_about_another_claim(void **state)
{
    struct desk *desk = *state;
    struct identity ada;

    set(&desk->connection.email_claim, "upn");
    ada = identity_of(
        desk, "{" KEY ",\"upn\":\"ceo@acme.example\",\"email\":\"x@y\",\"email_verified\":true}", NULL);
    assert_string_equal(ada.email, "ceo@acme.example");
    assert_false(ada.email_verified);
    identity_clear(&ada);
}

static void what_is_no_email_is_left_out(void **state)
{
    static const char *const emails[] = {"ada",   "@b",    "a@",           "a@b@c",         "a b@c",
                                         "a@b\n", "a@b c", "a@\303\240.c", "\342\204\252@b"};

    (void)state;
    for (size_t i = 0; i < sizeof emails / sizeof emails[0]; i++)
        assert_null(email_normalize(emails[i]));
}

static unsigned count_groups(struct desk *desk, const char *groups, const char *first)
{
    char *token = NULL;
    unsigned count = 0;
    struct identity ada;

    assert_true(asprintf(&token, "{" KEY ",\"groups\":%s}", groups) > 0);
    ada = identity_of(desk, token, NULL);
    while (ada.groups[count])
        count++;
    if (first)
        assert_string_equal(ada.groups[0], first);
    identity_clear(&ada);
    free(token);
    return count;
}

static char *list_of(unsigned count)
{
    size_t room = (size_t)count * 8 + 3, length = 1;
    char *list = malloc(room);

    assert_non_null(list);
    list[0] = '[';
    for (unsigned i = 0; i < count; i++)
        length += (size_t)snprintf(list + length, room - length, "%s\"g%u\"", i ? "," : "", i);
    (void)snprintf(list + length, room - length, "]");
    return list;
}

static void groups_come_as_array_string_or_keys(void **state)
{
    assert_int_equal(count_groups(*state, "[\"a\",\"b\"]", "a"), 2);
    assert_int_equal(count_groups(*state, "[\"a\",7,null,[\"b\"]]", "a"), 1);
    assert_int_equal(count_groups(*state, "\"a b\"", "a b"), 1);
    assert_int_equal(count_groups(*state, "{\"a\":{},\"b\":1}", "a"), 2);
    assert_int_equal(count_groups(*state, "[]", NULL), 0);
}

static void more_groups_than_can_be_held_are_none(void **state)
{
    AUTO_FREE char *most = list_of(GROUPS_MAX);
    AUTO_FREE char *more = list_of(GROUPS_MAX + 1);

    assert_int_equal(count_groups(*state, most, "g0"), GROUPS_MAX);
    assert_int_equal(count_groups(*state, more, NULL), 0);
}

static void more_keys_than_can_be_held_are_none(void **state)
{
    AUTO_FREE char *keys = list_of(GROUPS_MAX + 1);
    AUTO_FREE char *object = malloc(strlen(keys) * 2);
    char *to = object;

    assert_non_null(object);
    for (const char *from = keys; *from; from++) {
        *to++ = *from == '[' ? '{' : *from == ']' ? '}' : *from;
        if (*from == '"' && (from[1] == ',' || from[1] == ']'))
            to = stpcpy(to, ":1");
    }
    *to = '\0';
    assert_int_equal(count_groups(*state, object, NULL), 0);
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
        DESK_TEST(a_name_in_any_script_is_taken_up_to_its_length),
        DESK_TEST(an_email_is_verified_only_by_the_flag_beside_it),
        DESK_TEST(email_verified_says_nothing_about_another_claim),
        DESK_TEST(what_is_no_email_is_left_out),
        DESK_TEST(groups_come_as_array_string_or_keys),
        DESK_TEST(more_groups_than_can_be_held_are_none),
        DESK_TEST(more_keys_than_can_be_held_are_none),
        DESK_TEST(userinfo_is_wanted_for_what_the_id_token_lacks),
    };

    return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
