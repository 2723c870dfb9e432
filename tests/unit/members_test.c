/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/verbs.h"

static int remove_index(const struct desk *desk)
{
    char index[128];

    (void)snprintf(index, sizeof index, "%s/" FD_INDEX_NAME, desk->state_dir);
    return unlink(index);
}

static void a_dry_run_decides_alike_and_writes_nothing(void **state)
{
    struct desk *desk = *state;
    uint64_t published;

    desk->members.dry_run = true;
    assert_nothing_written(desk, ada(), REASON_OK);
    assert_int_equal(count_members(desk->members.store), 0);
    assert_false(publish_index_generation(desk->state_dir, &published));
    desk->members.dry_run = false;
    assert_sign_in(desk, ada(), REASON_OK);
    desk->members.dry_run = true;
    assert_int_equal(remove_index(desk), 0);
    assert_int_equal(account(desk, "ada", "login"), REASON_OK);
    assert_false(publish_index_generation(desk->state_dir, &published));
    assert_nothing_written(desk, ada(), REASON_OK);
    assert_nothing_written(desk, person(bob_subject, ada_name, NULL), REASON_NAME_TAKEN);
}

static void no_sign_in_is_allowed_before_the_index_holds_the_member(void **state)
{
    struct desk *desk = *state;
    char index[128];

    assert_sign_in(desk, ada(), REASON_OK);
    (void)snprintf(index, sizeof index, "%s/" FD_INDEX_NAME, desk->state_dir);
    assert_int_equal(unlink(index), 0);
    assert_sign_in(desk, ada(), REASON_OK);
    assert_published(desk);
    assert_int_equal(unlink(index), 0);
    assert_int_equal(account(desk, "ada", "login"), REASON_OK);
    assert_published(desk);
    assert_int_equal(unlink(index), 0);
    assert_int_equal(mkdir(index, 0755), 0);
    assert_sign_in(desk, ada(), REASON_PUBLISH_FAILED);
    assert_int_equal(account(desk, "ada", "login"), REASON_PUBLISH_FAILED);
    assert_true(desk->members.why[0] != '\0');
}

static void the_account_phase_asks_state_and_connection(void **state)
{
    struct desk *desk = *state;
    char sshd[] = "sshd";
    char *services[] = {sshd, NULL};

    assert_int_equal(account(desk, "ada", "login"), REASON_NOT_A_MEMBER);
    assert_int_equal(invite(desk, "countess", "x@y.z", NULL), REASON_OK);
    assert_int_equal(account(desk, "countess", "login"), REASON_INVITED_NOT_BOUND);
    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(account(desk, "ada", "login"), REASON_OK);
    desk->request.remote = true;
    assert_int_equal(account(desk, "ada", "sshd"), REASON_CONNECTION_DISABLED);
    desk->connection.services = services;
    assert_int_equal(account(desk, "ada", "sshd"), REASON_OK);
    desk->connection.enabled = false;
    assert_int_equal(account(desk, "ada", "sshd"), REASON_CONNECTION_DISABLED);
    desk->connection.enabled = true;
    assert_int_equal(set_state(desk, "ada", MEMBER_DISABLED), REASON_OK);
    assert_int_equal(account(desk, "ada", "sshd"), REASON_MEMBER_DISABLED);
}

static void a_gone_or_broken_connection_shuts_its_members_out(void **state)
{
    struct desk *desk = *state;
    char *broken[] = {desk->connection.name};

    assert_sign_in(desk, ada(), REASON_OK);
    desk->config.connection_count = 0;
    assert_int_equal(account(desk, "ada", "login"), REASON_CONNECTION_DISABLED);
    desk->config.broken_connections = broken;
    desk->config.broken_connection_count = 1;
    assert_int_equal(account(desk, "ada", "login"), REASON_CONNECTION_BROKEN);
}

static void known_names_are_members_and_invitations(void **state)
{
    struct desk *desk = *state;

    assert_false(members_knows_name(&desk->members, "ada"));
    assert_false(members_knows_name(&desk->members, "root"));
    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(invite(desk, "countess", "x@y.z", NULL), REASON_OK);
    assert_true(members_knows_name(&desk->members, "ada"));
    assert_true(members_knows_name(&desk->members, "countess"));
    assert_int_equal(set_state(desk, "ada", MEMBER_DISABLED), REASON_OK);
    assert_true(members_knows_name(&desk->members, "ada"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_dry_run_decides_alike_and_writes_nothing),
        DESK_TEST(no_sign_in_is_allowed_before_the_index_holds_the_member),
        DESK_TEST(the_account_phase_asks_state_and_connection),
        DESK_TEST(a_gone_or_broken_connection_shuts_its_members_out),
        DESK_TEST(known_names_are_members_and_invitations),
    };

    return cmocka_run_group_tests_name("members", tests, etc_setup, NULL);
}
