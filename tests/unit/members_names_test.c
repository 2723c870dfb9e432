/* SPDX-License-Identifier: BSD-2-Clause */
/* Which name an identity has here, and that another issuer's is another identity. */
#include "members/verbs.h"

static void assert_wrong_user(struct desk *desk, const struct identity *identity, const char *name)
{
    struct member member;

    assert_int_equal(members_sign_in(&desk->members, &desk->request, identity, &member), REASON_WRONG_USER);
    assert_string_equal(member.name, name);
    member_clear(&member);
}

static void whoever_enters_as_another_is_told_the_name_of_their_own(void **state)
{
    struct desk *desk = *state;
    struct identity identity = ada();

    desk->request.requested_user = "bob";
    assert_wrong_user(desk, &identity, "ada");
    assert_int_equal(count_members(desk->members.store), 0);
    assert_int_equal(invite(desk, "countess", ada_email, NULL), REASON_OK);
    assert_wrong_user(desk, &identity, "countess");
    desk->request.requested_user = "countess";
    assert_sign_in(desk, identity, REASON_OK);
    desk->request.requested_user = "ada";
    assert_wrong_user(desk, &identity, "countess");
}

static void assert_name(struct desk *desk, const struct identity *identity, const char *expected)
{
    char name[MEMBER_NAME_MAX + 1] = "untouched";

    assert_int_equal(members_name_of(&desk->members, identity, name), REASON_OK);
    assert_string_equal(name, expected);
}

static void assert_shut_out(struct desk *desk, const struct identity *identity, enum reason reason)
{
    char name[MEMBER_NAME_MAX + 1] = "untouched";

    assert_int_equal(members_name_of(&desk->members, identity, name), reason);
    assert_string_equal(name, "untouched");
}

static void an_identity_has_a_name_while_its_member_is_active(void **state)
{
    struct desk *desk = *state;
    struct identity identity = ada();

    assert_name(desk, &identity, "");
    assert_int_equal(invite(desk, "countess", ada_email, NULL), REASON_OK);
    assert_name(desk, &identity, "");
    assert_sign_in(desk, identity, REASON_OK);
    assert_name(desk, &identity, "countess");
    assert_int_equal(set_state(desk, "countess", MEMBER_DISABLED), REASON_OK);
    assert_shut_out(desk, &identity, REASON_MEMBER_DISABLED);
    assert_int_equal(set_state(desk, "countess", MEMBER_ACTIVE), REASON_OK);
    assert_name(desk, &identity, "countess");
    assert_int_equal(remove_member(desk, "countess", true, false), REASON_OK);
    assert_shut_out(desk, &identity, REASON_MEMBER_REMOVED);
}

static void the_same_person_through_two_connections_is_two_identities(void **state)
{
    struct desk *desk = *state;
    char issuer[] = "https://other.example", second_name[] = "ada2", connection_name[] = "other";
    struct connection connections[2] = {desk->connection, desk->connection};
    struct identity first = ada(), second = person(ada_subject, second_name, ada_email);

    connections[1].name = connection_name;
    connections[1].issuer = second.issuer = issuer;
    desk->config.connections = connections;
    desk->config.connection_count = 2;
    assert_sign_in(desk, first, REASON_OK);
    desk->request.connection = &connections[1];
    assert_sign_in(desk, second, REASON_OK);
    assert_name(desk, &first, "ada");
    assert_name(desk, &second, "ada2");
    assert_int_not_equal(id_of(desk, "ada"), id_of(desk, "ada2"));
    assert_int_equal(remove_member(desk, "ada", false, false), REASON_OK);
    assert_sign_in(desk, second, REASON_OK);
    desk->request.connection = &connections[0];
    assert_sign_in(desk, first, REASON_MEMBER_REMOVED);
}

/* Two registrations at one issuer that calls the person by one subject. */
static void two_connections_of_one_issuer_know_one_member(void **state)
{
    struct desk *desk = *state;
    char connection_name[] = "second";
    struct connection connections[2] = {desk->connection, desk->connection};
    struct member member = {0};

    connections[1].name = connection_name;
    desk->config.connections = connections;
    desk->config.connection_count = 2;
    assert_sign_in(desk, ada(), REASON_OK);
    desk->request.connection = &connections[1];
    assert_nothing_written(desk, ada(), REASON_OK);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_string_equal(member.connection, "acme");
    member_clear(&member);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(whoever_enters_as_another_is_told_the_name_of_their_own),
        DESK_TEST(an_identity_has_a_name_while_its_member_is_active),
        DESK_TEST(the_same_person_through_two_connections_is_two_identities),
        DESK_TEST(two_connections_of_one_issuer_know_one_member),
    };

    return cmocka_run_group_tests_name("members_names", tests, etc_setup, NULL);
}
