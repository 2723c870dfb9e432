/* SPDX-License-Identifier: BSD-2-Clause */
/* Trees of folders with one wrong component each, and links through them. Another owner needs root to make.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_folder.h"
#include "trusted_path.h"

#define STRANGER 54321

static void join(const struct folder *folder, const char *name, char ret_path[PATH_MAX])
{
    assert_true(snprintf(ret_path, PATH_MAX, "%s/%s", folder->path, name) < PATH_MAX);
}

static void make_folder(const struct folder *folder, const char *name)
{
    char path[PATH_MAX];

    join(folder, name, path);
    assert_int_equal(mkdir(path, 0755), 0);
}

static void set_mode(const struct folder *folder, const char *name, mode_t mode)
{
    char path[PATH_MAX];

    join(folder, name, path);
    assert_int_equal(chmod(path, mode), 0);
}

static void set_owner(const struct folder *folder, const char *name, uid_t owner)
{
    char path[PATH_MAX];

    join(folder, name, path);
    assert_int_equal(lchown(path, owner, owner), 0);
}

static void make_link(const struct folder *folder, const char *target, const char *name)
{
    char path[PATH_MAX];

    join(folder, name, path);
    assert_int_equal(symlink(target, path), 0);
}

static void assert_trusted(const struct folder *folder, const char *name)
{
    struct path_fault fault = {.why = ""};
    char path[PATH_MAX];

    join(folder, name, path);
    if (!path_is_trusted(path, &fault))
        fail_msg("%s: %s %s", path, fault.where, fault.why);
}

/* For this reason, which `where` below the folder is named with. */
static void assert_fault(const struct folder *folder, const char *name, const char *where, const char *why)
{
    char path[PATH_MAX], wanted[PATH_MAX];
    struct path_fault fault;

    join(folder, name, path);
    join(folder, where, wanted);
    assert_false(path_is_trusted(path, &fault));
    assert_string_equal(fault.where, wanted);
    assert_non_null(strstr(fault.why, why));
}

static int make_tree(void **state)
{
    (void)folder_set_up(state);
    make_folder(*state, "a");
    make_folder(*state, "a/b");
    make_folder(*state, "a/b/c");
    folder_write(*state, "file", "text");
    return 0;
}

static void the_systems_own_paths_are_trusted(void **state)
{
    static const char *const paths[] = {"/",           "//",         "/etc",       "/etc/",
                                        "/etc/passwd", "/usr/./bin", "/usr/../etc"};
    struct path_fault fault;

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_true(path_is_trusted(paths[i], &fault));
}

static void what_is_missing_is_no_fault(void **state)
{
    assert_trusted(*state, "a/b/c");
    assert_trusted(*state, "a/none/c");
    assert_trusted(*state, "file/c");
}

static void each_component_is_judged_and_named(void **state)
{
    static const mode_t modes[] = {0777, 0775, 0757};
    static const char *const places[] = {"a", "a/b", "a/b/c"};

    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
            set_mode(*state, places[i], modes[j]);
            assert_fault(*state, "a/b/c", places[i], "may be written by others");
            set_mode(*state, places[i], 0755);
        }
    set_mode(*state, "file", 0666);
    assert_fault(*state, "file", "file", "may be written by others");
}

static void a_sticky_folder_may_be_anybodys_to_write(void **state)
{
    set_mode(*state, "a", 01777);
    assert_trusted(*state, "a/b/c");
    if (geteuid() != 0)
        skip();
    set_owner(*state, "a/b", STRANGER);
    assert_fault(*state, "a/b/c", "a/b", "is not owned by root");
    set_owner(*state, "a/b", 0);
    set_owner(*state, "a", STRANGER);
    assert_fault(*state, "a/b/c", "a", "is not owned by root");
}

static void a_component_of_somebody_else_is_named(void **state)
{
    if (geteuid() != 0)
        skip();
    set_owner(*state, "a/b", STRANGER);
    assert_fault(*state, "a/b/c", "a/b", "is not owned by root");
}

static void a_link_is_walked_to_where_it_leads(void **state)
{
    const struct folder *folder = *state;
    char absolute[PATH_MAX];

    join(folder, "a/b", absolute);
    make_link(folder, absolute, "absolute");
    make_link(folder, "a/../a/b", "relative");
    make_link(folder, "none", "dangling");
    assert_trusted(folder, "absolute/c");
    assert_trusted(folder, "relative/c");
    assert_trusted(folder, "dangling/c");
    set_mode(folder, "a", 0777);
    assert_fault(folder, "absolute/c", "a", "may be written by others");
    assert_fault(folder, "relative/c", "a", "may be written by others");
}

static void links_that_never_end_are_refused(void **state)
{
    make_link(*state, "round", "round");
    assert_fault(*state, "round/c", "round", "too many links");
}

static void a_strangers_link_is_refused(void **state)
{
    if (geteuid() != 0)
        skip();
    make_link(*state, "/etc", "link");
    set_mode(*state, ".", 01777);
    assert_trusted(*state, "link/passwd");
    set_owner(*state, "link", STRANGER);
    assert_fault(*state, "link/passwd", "link", "is not owned by root");
}

static void a_user_may_own_what_is_only_theirs(void **state)
{
    const struct folder *folder = *state;
    int status;
    pid_t pid;

    if (geteuid() != 0)
        skip();
    set_owner(folder, "a", STRANGER);
    pid = fork();
    if (pid == 0) {
        struct path_fault fault;
        char path[PATH_MAX];

        join(folder, "a/b/c", path);
        _exit(setresuid(STRANGER, STRANGER, STRANGER) == 0 && path_is_trusted(path, &fault) ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void a_files_folder_may_be_owned_by_one_user_more(void **state)
{
    struct path_fault fault;
    char path[PATH_MAX];

    if (geteuid() != 0)
        skip();
    set_owner(*state, "a/b", STRANGER);
    join(*state, "a/b/secret", path);
    assert_true(path_folder_is_trusted(path, STRANGER, &fault));
    assert_false(path_folder_is_trusted(path, STRANGER + 1, &fault));
    set_mode(*state, "a/b", 0777);
    assert_false(path_folder_is_trusted(path, STRANGER, &fault));
}

static void a_path_that_is_none_is_refused(void **state)
{
    char path[PATH_MAX + 16];
    struct path_fault fault;

    (void)state;
    assert_false(path_is_trusted("etc/passwd", &fault));
    assert_false(path_is_trusted("", &fault));
    assert_false(path_folder_is_trusted("passwd", 0, &fault));
    memset(path, 'x', sizeof path);
    path[0] = '/';
    path[NAME_MAX + 8] = '\0';
    assert_false(path_is_trusted(path, &fault));
    path[NAME_MAX + 8] = 'x';
    path[sizeof path - 1] = '\0';
    assert_false(path_is_trusted(path, &fault));
}

#define TREE_TEST(name) cmocka_unit_test_setup_teardown(name, make_tree, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TREE_TEST(the_systems_own_paths_are_trusted),
        TREE_TEST(what_is_missing_is_no_fault),
        TREE_TEST(each_component_is_judged_and_named),
        TREE_TEST(a_sticky_folder_may_be_anybodys_to_write),
        TREE_TEST(a_component_of_somebody_else_is_named),
        TREE_TEST(a_link_is_walked_to_where_it_leads),
        TREE_TEST(links_that_never_end_are_refused),
        TREE_TEST(a_strangers_link_is_refused),
        TREE_TEST(a_user_may_own_what_is_only_theirs),
        TREE_TEST(a_files_folder_may_be_owned_by_one_user_more),
        TREE_TEST(a_path_that_is_none_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
