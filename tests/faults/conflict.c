/* SPDX-License-Identifier: BSD-2-Clause */
/* Root adds a user or a group that bears a member's name or id: the member is shut out until that is mended.
 */
#include "members/verbs.h"

#include <sys/resource.h>

#define USERS  "root:x:0:0::/root:/bin/sh\n"
#define GROUPS "root:x:0:\n"

static void set_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void as_before(void)
{
    set_file("/etc/passwd", USERS);
    set_file("/etc/group", GROUPS);
}

static const struct account {
    const char *file, *lines;
} others[] = {
    {"/etc/passwd", USERS "ada:x:1000:1000::/home/ada:/bin/sh\n"},
    {"/etc/passwd", USERS "ada:x:65536:65536::/home/ada:/bin/sh\n"},
    {"/etc/passwd", USERS "eve:x:65536:1000::/home/eve:/bin/sh\n"},
    {"/etc/group", GROUPS "ada:x:1000:\n"},
    {"/etc/group", GROUPS "ada:x:65536:\n"},
    {"/etc/group", GROUPS "crew:x:65536:eve\n"},
};

static void a_later_local_user_or_group_of_a_members_name_or_id_shuts_it_out(void **state)
{
    struct desk *desk = *state;

    as_before();
    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(id_of(desk, "ada"), 65536);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        set_file(others[i].file, others[i].lines);
        assert_nothing_written(desk, ada(), REASON_NAME_TAKEN);
        assert_non_null(strstr(desk->members.notice, "local"));
        assert_int_equal(account(desk, "ada", "login"), REASON_NAME_TAKEN);
        assert_non_null(strstr(desk->members.notice, "65536"));
        as_before();
        assert_int_equal(account(desk, "ada", "login"), REASON_OK);
        assert_sign_in(desk, ada(), REASON_OK);
    }
}

static void an_invitation_is_not_bound_to_a_name_that_was_taken_since(void **state)
{
    struct desk *desk = *state;

    as_before();
    assert_int_equal(invite(desk, "chosen", ada_email, NULL), REASON_OK);
    set_file("/etc/passwd", USERS "chosen:x:1000:1000::/home/chosen:/bin/sh\n");
    assert_nothing_written(desk, ada(), REASON_NAME_TAKEN);
    as_before();
    assert_sign_in(desk, ada(), REASON_OK);
}

static void others_are_not_concerned(void **state)
{
    struct desk *desk = *state;

    as_before();
    assert_sign_in(desk, ada(), REASON_OK);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    set_file("/etc/passwd", others[0].lines);
    assert_int_equal(account(desk, "bob", "login"), REASON_OK);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    set_file("/etc/passwd", USERS "adam:x:1000:1000:ada:/home/ada:/bin/sh\nx\n\n+ada::::::\n");
    assert_int_equal(account(desk, "ada", "login"), REASON_OK);
    as_before();
}

static void a_file_that_cannot_be_read_is_no_proof_that_nobody_has_the_name(void **state)
{
    struct rlimit limit, none;
    struct desk *desk = *state;

    as_before();
    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = (struct rlimit){.rlim_cur = 3, .rlim_max = limit.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_int_not_equal(account(desk, "ada", "login"), REASON_OK);
    assert_int_not_equal(sign_in(desk, &(struct identity){.issuer = desk->connection.issuer,
                                                          .subject = ada_subject,
                                                          .groups = desk->no_list}),
                         REASON_OK);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(account(desk, "ada", "login"), REASON_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_later_local_user_or_group_of_a_members_name_or_id_shuts_it_out),
        DESK_TEST(an_invitation_is_not_bound_to_a_name_that_was_taken_since),
        DESK_TEST(others_are_not_concerned),
        DESK_TEST(a_file_that_cannot_be_read_is_no_proof_that_nobody_has_the_name),
    };

    return cmocka_run_group_tests_name("conflict", tests, etc_setup, NULL);
}
