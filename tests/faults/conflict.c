/* SPDX-License-Identifier: BSD-2-Clause */
/* Root, or a directory, adds a user or a group that bears a member's name or id: the member is shut out until
 * that is mended. */
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

#define DIRECTORY                                                                                            \
    "passwd: files elsewhere frontdesk\ngroup:files [NOTFOUND=continue] elsewhere # a directory\n"
#define NO_ONE ""

/* What the directory says from here on; NULL: nothing, it does not answer. */
static void set_directory(const char *users, const char *groups)
{
    static bool is_mounted;

    if (!is_mounted)
        assert_int_equal(mount("none", "/mnt", "tmpfs", 0, "size=64k"), 0);
    is_mounted = true;
    (void)unlink("/mnt/passwd");
    (void)unlink("/mnt/group");
    if (users)
        set_file("/mnt/passwd", users);
    if (groups)
        set_file("/mnt/group", groups);
}

static const struct entries {
    const char *users, *groups, *who;
} elsewhere[] = {
    {"ada:x:1000:1000::/home/ada:/bin/sh\n", NO_ONE, "user ada (1000)"},
    {"ada:x:65540:65540::/home/ada:/bin/sh\n", NO_ONE, "user ada (65540) of the source elsewhere"},
    {"ada:x:65536:65536::/home/ada:/bin/sh\n", NO_ONE, "user ada (65536) of the source elsewhere"},
    {"Ada:x:65540:65540::/home/ada:/bin/sh\n", NO_ONE, "user Ada (65540) of the source elsewhere"},
    {"eve:x:65536:100::/home/eve:/bin/sh\n", NO_ONE, "user eve (65536) of the source elsewhere"},
    {NO_ONE, "ada:x:1000:\n", "group ada (1000)"},
    {NO_ONE, "ada:x:65540:\n", "group ada (65540) of the source elsewhere"},
    {NO_ONE, "crew:x:65536:eve\n", "group crew (65536) of the source elsewhere"},
};

static void a_later_user_or_group_of_a_directory_shuts_it_out_whatever_its_id(void **state)
{
    struct desk *desk = *state;

    as_before();
    set_directory(NO_ONE, NO_ONE);
    set_file("/etc/nsswitch.conf", DIRECTORY);
    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(id_of(desk, "ada"), 65536);
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++) {
        set_directory(elsewhere[i].users, elsewhere[i].groups);
        assert_nothing_written(desk, ada(), REASON_NAME_TAKEN);
        assert_non_null(strstr(desk->members.notice, elsewhere[i].who));
        assert_int_equal(account(desk, "ada", "login"), REASON_NAME_TAKEN);
        set_directory(NO_ONE, NO_ONE);
        assert_int_equal(account(desk, "ada", "login"), REASON_OK);
    }
    set_file("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
}

/* The first answer is ours then; who asks by the other one's id, or elsewhere, meets the other one. */
static void behind_our_own_source_it_is_asked_too(void **state)
{
    struct desk *desk = *state;

    as_before();
    set_directory(NO_ONE, NO_ONE);
    assert_sign_in(desk, ada(), REASON_OK);
    set_directory("ada:x:65540:65540::/home/ada:/bin/sh\n", NO_ONE);
    set_file("/etc/nsswitch.conf", "passwd: files frontdesk [SUCCESS=return] elsewhere\ngroup: files\n");
    assert_nothing_written(desk, ada(), REASON_NAME_TAKEN);
    set_file("/etc/nsswitch.conf", "passwd: files frontdesk # elsewhere\ngroup: files [elsewhere]\n");
    assert_sign_in(desk, ada(), REASON_OK);
    set_file("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
}

static void a_directory_that_is_silent_shuts_out_nobody(void **state)
{
    struct desk *desk = *state;

    as_before();
    set_directory(NO_ONE, NO_ONE);
    set_file("/etc/nsswitch.conf", DIRECTORY);
    assert_sign_in(desk, ada(), REASON_OK);
    set_directory(NULL, NULL);
    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(account(desk, "ada", "login"), REASON_OK);
    set_file("/etc/nsswitch.conf", "passwd: files not-installed ../../mnt/x\ngroup: files\n");
    assert_sign_in(desk, ada(), REASON_OK);
    set_file("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
}

/* Another line of the directory's may be longer than a buffer that is enough for most. */
static void a_directory_of_long_lines_is_read_to_its_end(void **state)
{
    struct desk *desk = *state;
    char groups[20000];

    as_before();
    set_directory(NO_ONE, NO_ONE);
    assert_sign_in(desk, ada(), REASON_OK);
    (void)snprintf(groups, sizeof groups, "crowd:x:5000:%0*d\nada:x:65540:\n", 19000, 0);
    set_directory(NO_ONE, groups);
    set_file("/etc/nsswitch.conf", DIRECTORY);
    assert_nothing_written(desk, ada(), REASON_NAME_TAKEN);
    set_file("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
}

static void an_entry_that_no_buffer_holds_is_no_proof_that_nobody_has_the_name(void **state)
{
    static const char *const groups[] = {"ada:endless:65540:\n", "crew:endless:65536:\n"};
    struct desk *desk = *state;

    as_before();
    set_directory(NO_ONE, NO_ONE);
    set_file("/etc/nsswitch.conf", DIRECTORY);
    assert_sign_in(desk, ada(), REASON_OK);
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        set_directory(NO_ONE, groups[i]);
        assert_nothing_written(desk, ada(), REASON_INTERNAL);
        assert_int_equal(account(desk, "ada", "login"), REASON_INTERNAL);
    }
    set_directory(NO_ONE, "crowd:endless:5000:\n");
    assert_sign_in(desk, ada(), REASON_OK);
    set_file("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
}

/* The name service reads it so, too. */
static void a_line_of_blanks_alone_names_its_sources_as_well(void **state)
{
    static const char *const lines[] = {"passwd files elsewhere\n", " passwd : files elsewhere\n",
                                        "passwd:elsewhere\n", "passwd:\tfiles\telsewhere\n"};
    struct desk *desk = *state;

    as_before();
    set_directory(NO_ONE, NO_ONE);
    assert_sign_in(desk, ada(), REASON_OK);
    set_directory("eve:x:65536:100::/home/eve:/bin/sh\n", NO_ONE);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        set_file("/etc/nsswitch.conf", lines[i]);
        assert_nothing_written(desk, ada(), REASON_NAME_TAKEN);
    }
    set_file("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_later_local_user_or_group_of_a_members_name_or_id_shuts_it_out),
        DESK_TEST(an_invitation_is_not_bound_to_a_name_that_was_taken_since),
        DESK_TEST(others_are_not_concerned),
        DESK_TEST(a_later_user_or_group_of_a_directory_shuts_it_out_whatever_its_id),
        DESK_TEST(behind_our_own_source_it_is_asked_too),
        DESK_TEST(a_directory_that_is_silent_shuts_out_nobody),
        DESK_TEST(a_directory_of_long_lines_is_read_to_its_end),
        DESK_TEST(an_entry_that_no_buffer_holds_is_no_proof_that_nobody_has_the_name),
        DESK_TEST(a_line_of_blanks_alone_names_its_sources_as_well),
        DESK_TEST(a_file_that_cannot_be_read_is_no_proof_that_nobody_has_the_name),
    };

    return cmocka_run_group_tests_name("conflict", tests, etc_setup, NULL);
}
