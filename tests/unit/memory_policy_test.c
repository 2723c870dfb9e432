/* SPDX-License-Identifier: BSD-2-Clause */
/* Without memory nobody is let in for want of a claim that forbids: an identity is whole, or there is none.
 */
#include "members/documents.h"

#include <locale.h>

#include "members/groups.h"
#include "members/local_users.h"
#include "members/map_name.h"
#include "unit/failing_memory.h"

FAILING(locale_t, (locale_t)0, newlocale, (int mask, const char *name, locale_t base), (mask, name, base))

static char subject[] = "s1", username[] = "ada@acme.example", g1[] = "g1", g2[] = "g2", crew[] = "crew",
            desks[] = "desks";
static struct desk *at;

static void take_once(void)
{
    static const char id_token[] =
        "{" KEY ",\"preferred_username\":\"ada\",\"email\":\"Ada@acme.example\",\"email_verified\":true,"
        "\"groups\":[\"g1\",\"g2\",\"g3\"],\"tid\":\"t1\",\"acr\":\"gold\",\"amr\":[\"pwd\",\"otp\"],"
        "\"dept\":\"sea\"}";
    AUTO_JSON struct json_document *token = json_parse(id_token, strlen(id_token));
    struct identity ada = {0};

    if (!token || identity_from_claims(&at->connection, json_top(token), NULL, &ada) != REASON_OK) {
        assert_true(memory.came);
        assert_null(ada.subject);
        return;
    }
    assert_string_equal(ada.issuer, ISSUER);
    assert_string_equal(ada.subject, "s1");
    assert_string_equal(ada.tenant, "t1");
    assert_string_equal(ada.acr, "gold");
    assert_string_equal(ada.amr[0], "pwd");
    assert_string_equal(ada.amr[1], "otp");
    assert_null(ada.amr[2]);
    assert_string_equal(ada.missing_claim, "dept");
    /* All the groups, or none and that is told. */
    if (ada.groups_overflowed) {
        assert_null(ada.groups[0]);
    } else {
        assert_string_equal(ada.groups[2], "g3");
        assert_null(ada.groups[3]);
    }
    assert_true(!ada.email_verified || strcmp(ada.email, "ada@acme.example") == 0);
    assert_true(memory.came || (ada.username && ada.email_verified && !ada.groups_overflowed));
    identity_clear(&ada);
}

static void an_identity_never_lacks_what_could_forbid(void **state)
{
    char claim[] = "dept", value[] = "desk";
    struct name_value required[] = {{claim, value}, {NULL, NULL}};

    at = *state;
    at->connection.required_claims = required;
    fail_each(take_once);
}

static void take_keys_once(void)
{
    static const char id_token[] = "{" KEY ",\"groups\":{\"g1\":1,\"g2\":1,\"g3\":1}}";
    AUTO_JSON struct json_document *token = json_parse(id_token, strlen(id_token));
    struct identity ada = {0};

    if (!token || identity_from_claims(&at->connection, json_top(token), NULL, &ada) != REASON_OK)
        return;
    assert_true(ada.groups_overflowed ? !ada.groups[0] : ada.groups[2] != NULL);
    assert_true(memory.came || !ada.groups_overflowed);
    identity_clear(&ada);
}

static void groups_that_are_keys_are_all_there_or_none(void **state)
{
    at = *state;
    fail_each(take_keys_once);
}

static void map_groups_once(void)
{
    char *groups[] = {g1, g2, NULL};
    struct identity ada = person(subject, username, NULL);
    bool is_cut = true;
    char *list;

    ada.groups = groups;
    list = groups_map(&at->connection, &ada, &is_cut);
    assert_int_equal(list == NULL, memory.came);
    assert_int_equal(is_cut, memory.came);
    if (list)
        assert_string_equal(list, "crew,desks");
    free(list);
}

static void local_groups_are_all_there_or_it_is_told(void **state)
{
    struct name_value map[] = {{g1, crew}, {g2, desks}, {NULL, NULL}};

    at = *state;
    at->connection.group_map = map;
    fail_each(map_groups_once);
    at->connection.group_map = at->no_pairs;
}

static void name_once(void)
{
    struct identity ada = person(subject, username, NULL);
    char name[MEMBER_NAME_MAX + 1] = "untouched";
    const enum reason reason = map_name(&at->connection, &ada, name);

    assert_int_equal(reason, memory.came ? REASON_USERNAME_REGEX : REASON_OK);
    assert_string_equal(name, memory.came ? "untouched" : "ada");
}

static void without_the_c_locale_no_expression_is_tried(void **state)
{
    at = *state;
    at->connection.username_regex = text("([a-z]+)@.*");
    fail_each(name_once);
}

static void share_once(void)
{
    struct identity ada = person(subject, username, NULL);
    char **users = NULL, *why = NULL;
    const enum reason reason = local_users_of(&at->connection, &ada, &users, &why);

    assert_int_equal(reason == REASON_OK, !memory.came);
    assert_int_equal(users != NULL, !memory.came);
    if (users) {
        assert_string_equal(users[0], "kiosk");
        assert_null(users[1]);
    }
    list_free(users);
    free(why);
}

static void a_shared_account_is_named_or_it_is_told(void **state)
{
    char kiosk[] = "kiosk";

    at = *state;
    at->connection.shared_account = kiosk;
    fail_each(share_once);
    at->connection.shared_account = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(an_identity_never_lacks_what_could_forbid),
        DESK_TEST(groups_that_are_keys_are_all_there_or_none),
        DESK_TEST(local_groups_are_all_there_or_it_is_told),
        DESK_TEST(without_the_c_locale_no_expression_is_tried),
        DESK_TEST(a_shared_account_is_named_or_it_is_told),
    };

    return cmocka_run_group_tests_name("memory_policy", tests, NULL, NULL);
}
