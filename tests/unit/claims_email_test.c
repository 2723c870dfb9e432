/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses: what is one, and when somebody vouches for it. */
#include "members/documents.h"

static void an_email_is_verified_only_by_the_flag_beside_it(void **state)
{
    static const struct {
        const char *id_token, *userinfo;
        enum email_proof proof;
    } cases[] = {
        {"\"email\":\"a@b.c\",\"email_verified\":true", NULL, EMAIL_VERIFIED},
        {"\"email\":\"a@b.c\",\"email_verified\":\"true\"", NULL, EMAIL_VERIFIED},
        {"\"email\":\"a@b.c\",\"email_verified\":\"True\"", NULL, EMAIL_UNVERIFIED},
        {"\"email\":\"a@b.c\",\"email_verified\":1", NULL, EMAIL_UNVERIFIED},
        {"\"email\":\"a@b.c\",\"email_verified\":false", NULL, EMAIL_UNVERIFIED},
        {"\"email\":\"a@b.c\",\"email_verified\":[true]", NULL, EMAIL_UNVERIFIED},
        {"\"email\":\"a@b.c\",\"email_verified\":null", NULL, EMAIL_UNSAID},
        {"\"email\":\"a@b.c\"", NULL, EMAIL_UNSAID},
        {"\"email\":\"a@b.c\"", "\"email\":\"A@b.c\",\"email_verified\":true", EMAIL_VERIFIED},
        {"\"email\":\"a@b.c\"", "\"email\":\"a@b.c\",\"email_verified\":false", EMAIL_UNVERIFIED},
        {"\"email\":\"a@b.c\",\"email_verified\":false", "\"email\":\"a@b.c\"", EMAIL_UNVERIFIED},
        {"\"email\":\"a@b.c\",\"email_verified\":true", "\"email\":\"a@b.c\"", EMAIL_VERIFIED},
        {"\"email\":\"a@b.c\",\"email_verified\":false", "\"email\":\"a@b.c\",\"email_verified\":true",
         EMAIL_VERIFIED},
        {"\"email\":\"a@b.c\"", "\"email\":\"x@b.c\",\"email_verified\":true", EMAIL_UNSAID},
        {"\"email\":\"a@b.c\"", "\"email_verified\":true", EMAIL_UNSAID},
        {"\"email_verified\":true", "\"email\":\"a@b.c\"", EMAIL_UNSAID},
        {"\"email_verified\":true,\"email\":\"no address\"", "\"email\":\"a@b.c\"", EMAIL_UNSAID},
        {"", "\"email\":\"a@b.c\",\"email_verified\":true", EMAIL_VERIFIED},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct identity ada = identity_with(*state, cases[i].id_token, cases[i].userinfo);

        assert_string_equal(ada.email, "a@b.c");
        if (ada.email_proof != cases[i].proof || ada.email_verified != (cases[i].proof == EMAIL_VERIFIED))
            fail_msg("case %zu", i);
        identity_clear(&ada);
    }
}

static void without_an_email_nothing_is_verified(void **state)
{
    static const char *const members[] = {"\"email_verified\":true",
                                          "\"email\":\"a b@c\",\"email_verified\":true",
                                          "\"email\":[\"a@b\"],\"email_verified\":true"};

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        struct identity ada = identity_with(*state, members[i], NULL);

        assert_null(ada.email);
        assert_false(ada.email_verified);
        assert_int_equal(ada.email_proof, EMAIL_UNSAID);
        identity_clear(&ada);
    }
}

static void email_verified_says_nothing_about_another_claim(void **state)
{
    struct desk *desk = *state;
    struct identity ada;

    set_text(&desk->connection.email_claim, "upn");
    ada = identity_of(
        desk, "{" KEY ",\"upn\":\"ceo@acme.example\",\"email\":\"x@y\",\"email_verified\":true}", NULL);
    assert_string_equal(ada.email, "ceo@acme.example");
    assert_false(ada.email_verified);
    identity_clear(&ada);
}

static void what_is_no_email_is_left_out(void **state)
{
    static const char *const emails[] = {"ada",   "@b",    "a@",           "a@b@c",          "a b@c",
                                         "a@b\n", "a@b c", "a@\303\240.c", "\342\204\252@b", "a\177@b"};

    (void)state;
    for (size_t i = 0; i < sizeof emails / sizeof emails[0]; i++)
        assert_null(email_normalize(emails[i]));
}

static void an_email_has_254_bytes_at_most(void **state)
{
    char email[EMAIL_MAX + 2], *normal;

    (void)state;
    memset(email, 'a', sizeof email);
    email[1] = '@';
    email[EMAIL_MAX + 1] = '\0';
    assert_null(email_normalize(email));
    email[EMAIL_MAX] = '\0';
    normal = email_normalize(email);
    assert_string_equal(normal, email);
    free(normal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(an_email_is_verified_only_by_the_flag_beside_it),
        DESK_TEST(without_an_email_nothing_is_verified),
        DESK_TEST(email_verified_says_nothing_about_another_claim),
        DESK_TEST(what_is_no_email_is_left_out),
        DESK_TEST(an_email_has_254_bytes_at_most),
    };

    return cmocka_run_group_tests_name("claims_email", tests, NULL, NULL);
}
