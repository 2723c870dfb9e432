/* SPDX-License-Identifier: BSD-2-Clause */
/* user_map_file: whom a line names, and what refuses the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_folder.h"
#include "connection/connection.h"
#include "connection/user_map.h"

static struct user_map *read_map(const struct folder *folder, char **ret_why)
{
    char path[FOLDER_PATH_MAX];

    *ret_why = NULL;
    folder_path(folder, "map", path);
    return user_map_read(path, ret_why);
}

static struct user_map *map_of(const struct folder *folder, const char *text)
{
    struct user_map *map;
    char *why;

    folder_write(folder, "map", text);
    map = read_map(folder, &why);
    if (!map)
        fail_msg("%s", why ? why : "no memory");
    return map;
}

/* The users, with a blank behind each. */
static void assert_users(const struct user_map *map, const char *subject, const char *email,
                         const char *wanted)
{
    char **users = user_map_users(map, subject, email), all[2048] = "";
    size_t used = 0;

    assert_non_null(users);
    for (size_t i = 0; users[i]; i++) {
        assert_true(i < USER_MAP_USERS_MAX);
        used += (size_t)snprintf(all + used, sizeof all - used, "%s ", users[i]);
    }
    list_free(users);
    assert_string_equal(all, wanted);
}

/* The refusal ends in `wanted`, which stands behind the file's path. */
static void assert_read_refuses(const struct folder *folder, const char *wanted)
{
    char *why, path[FOLDER_PATH_MAX];
    struct user_map *map = read_map(folder, &why);

    folder_path(folder, "map", path);
    if (map)
        fail_msg("read, though: %s", wanted);
    assert_non_null(why);
    assert_memory_equal(why, path, strlen(path));
    assert_string_equal(why + strlen(path), wanted);
    free(why);
}

static void assert_refuses(const struct folder *folder, const char *text, const char *wanted)
{
    folder_write(folder, "map", text);
    assert_read_refuses(folder, wanted);
}

static void many_identities_enter_many_users(void **state)
{
    struct user_map *map = map_of(*state, "# staff\n\nsub:1234 = kiosk maria\n  sub:abc=kiosk\n"
                                          "email:maria@example.org\t=\tMaria.L reception\n");

    assert_users(map, "1234", NULL, "kiosk maria ");
    assert_users(map, "abc", NULL, "kiosk ");
    assert_users(map, "x", "maria@example.org", "Maria.L reception ");
    assert_users(map, "x", "eve@example.org", "");
    assert_users(map, "12345", NULL, "");
    assert_users(map, "123", NULL, "");
    user_map_free(map);
}

static void lines_of_one_identity_add_up_and_name_nobody_twice(void **state)
{
    struct user_map *map = map_of(*state, "sub:1 = b a b\nemail:m@x.org = c a\nsub:1 = d\n");

    assert_users(map, "1", "m@x.org", "b a c d ");
    assert_users(map, "1", NULL, "b a d ");
    user_map_free(map);
}

static void an_email_counts_whatever_its_case_and_a_subject_only_as_it_is(void **state)
{
    struct user_map *map = map_of(*state, "email:Maria@Example.ORG = kiosk\nsub:AbC = desk\n");

    assert_users(map, "x", "maria@example.org", "kiosk ");
    assert_users(map, "x", "maria@example.com", "");
    assert_users(map, "x", "maria@example.org.uk", "");
    assert_users(map, "x", "mario@example.org", "");
    assert_users(map, "AbC", NULL, "desk ");
    assert_users(map, "abc", NULL, "");
    user_map_free(map);
}

static void without_a_verified_email_no_email_line_counts(void **state)
{
    struct user_map *map = map_of(*state, "email:a@b.c = kiosk\n");

    assert_users(map, "a@b.c", NULL, "");
    assert_users(map, "email:a@b.c", NULL, "");
    user_map_free(map);
}

static void a_subject_may_hold_equals_signs_and_colons(void **state)
{
    struct user_map *map = map_of(*state, "sub:auth0|a:b==  = kiosk\nsub:CiQ=x = desk\n");

    assert_users(map, "auth0|a:b==", NULL, "kiosk ");
    assert_users(map, "CiQ=x", NULL, "desk ");
    assert_users(map, "CiQ", NULL, "");
    user_map_free(map);
}

static void an_empty_file_maps_nobody(void **state)
{
    struct user_map *map = map_of(*state, "# nobody yet\n");

    assert_users(map, "1", "a@b.c", "");
    user_map_free(map);
}

static void an_unknown_prefix_is_refused_with_the_nearest_one(void **state)
{
    assert_refuses(*state, "sub:1 = a\nmail:m@x.org = a\n",
                   ":2: `mail:m@x.org` begins with neither `sub:` nor `email:`; did you mean `email:`?");
    assert_refuses(*state, "m@x.org = a\n",
                   ":1: `m@x.org` begins with neither `sub:` nor `email:`; did you mean `email:`?");
    assert_refuses(*state, "auth0|1 = a\n",
                   ":1: `auth0|1` begins with neither `sub:` nor `email:`; did you mean `sub:`?");
    assert_refuses(*state, "Sub:m@x.org = a\n",
                   ":1: `Sub:m@x.org` begins with neither `sub:` nor `email:`; did you mean `sub:`?");
}

static void an_identity_that_can_be_nobodys_is_refused(void **state)
{
    char line[512];

    assert_refuses(*state, "sub: = a\n", ":1: there is no subject behind `sub:`");
    assert_refuses(*state, "sub:a b = c\n", ":1: `sub:a b` holds a blank");
    for (const char *const *email =
             (const char *const[]){"", "@", "a@", "@b", "a", "a@b@c", "\xc3\xa4@b", NULL};
         *email; email++) {
        char wanted[64];

        (void)snprintf(line, sizeof line, "email:%s = a\n", *email);
        (void)snprintf(wanted, sizeof wanted, ":1: `%s` is no e-mail address", *email);
        assert_refuses(*state, line, wanted);
    }
    (void)snprintf(line, sizeof line, "sub:%0256d = a\n", 1);
    assert_refuses(*state, line, ":1: the subject is longer than 255 bytes");
}

static void a_user_that_can_be_none_is_refused(void **state)
{
    assert_refuses(*state, "sub:1 = a\nsub:2 = a root\n", ":2: nobody becomes root by an identity");
    assert_refuses(*state, "sub:1 = 0\n", ":1: `0` can be no local user's name");
    assert_refuses(*state, "sub:1 = a,b\n", ":1: `a,b` can be no local user's name");
    assert_refuses(*state, "sub:1 = ../a\n", ":1: `../a` can be no local user's name");
    assert_refuses(*state, "sub:1 = a123456789a123456789a123456789a12\n",
                   ":1: `a123456789a123456789a123456789a12` can be no local user's name");
    assert_refuses(*state, "sub:1 =\n", ":1: no user stands behind `=`");
    assert_refuses(*state, "sub:1==\n", ":1: no user stands behind `=`");
}

static void lines_of_another_kind_are_refused(void **state)
{
    assert_refuses(*state, "[users]\nsub:1 = a\n", ":1: a section has no meaning here");
    assert_refuses(*state, "sub:1 a\n", ":1: the line has no `=`: write `key = value`");
    assert_refuses(*state, "sub:1 = a\r\n",
                   ":1: the line ends in a carriage return: save the file with Unix line ends");
}

static void a_line_names_only_so_many_users(void **state)
{
    char line[1024] = "sub:1 =", wanted[1024] = "";
    struct user_map *map;
    size_t end;

    for (unsigned i = 0; i < USER_MAP_USERS_MAX; i++) {
        (void)snprintf(line + strlen(line), 8, " u%u", i);
        (void)snprintf(wanted + strlen(wanted), 8, "u%u ", i);
    }
    map = map_of(*state, line);
    assert_users(map, "1", NULL, wanted);
    user_map_free(map);
    end = strlen(line);
    (void)snprintf(line + end, sizeof line - end, " more");
    assert_refuses(*state, line, ":1: more than 32 users");
    (void)snprintf(line + end, sizeof line - end, "\nsub:1 = more\n");
    map = map_of(*state, line);
    assert_users(map, "1", NULL, wanted);
    user_map_free(map);
}

static void only_a_file_that_nobody_else_may_write_is_read(void **state)
{
    const struct folder *folder = *state;
    char path[FOLDER_PATH_MAX], aside[FOLDER_PATH_MAX], wanted[FOLDER_PATH_MAX + 64];

    folder_path(folder, "map", path);
    folder_path(folder, "aside", aside);
    assert_read_refuses(folder, ": does not exist");
    folder_write(folder, "map", "sub:1 = a\n");
    assert_int_equal(chmod(path, 0666), 0);
    assert_read_refuses(folder, ": may be written by others (chmod go-w)");
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(rename(path, aside), 0);
    assert_int_equal(symlink(aside, path), 0);
    assert_read_refuses(folder, ": is a symbolic link");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0644), 0);
    assert_read_refuses(folder, ": is no regular file");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rename(aside, path), 0);
    assert_int_equal(link(path, aside), 0);
    assert_read_refuses(folder, ": has another name elsewhere (a hard link)");
    assert_int_equal(unlink(aside), 0);
    assert_int_equal(chmod(folder->path, 0777), 0);
    (void)snprintf(wanted, sizeof wanted, ": %s may be written by others (chmod go-w)", folder->path);
    assert_read_refuses(folder, wanted);
}

static void a_relative_path_is_refused(void **state)
{
    char *why = NULL;

    (void)state;
    assert_null(user_map_read("map", &why));
    assert_string_equal(why, "map: is no absolute path");
    free(why);
}

static bool count_until_two(void *context, const char *name)
{
    assert_true(name[0] == 'a' || name[0] == 'b');
    return ++*(unsigned *)context < 2;
}

static void every_user_is_told_until_the_caller_has_enough(void **state)
{
    struct user_map *map = map_of(*state, "sub:1 = a b\nsub:2 = c\n");
    unsigned count = 0;

    user_map_each_user(map, count_until_two, &count);
    assert_int_equal(count, 2);
    user_map_free(map);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(many_identities_enter_many_users),
        TEST(lines_of_one_identity_add_up_and_name_nobody_twice),
        TEST(an_email_counts_whatever_its_case_and_a_subject_only_as_it_is),
        TEST(without_a_verified_email_no_email_line_counts),
        TEST(a_subject_may_hold_equals_signs_and_colons),
        TEST(an_empty_file_maps_nobody),
        TEST(an_unknown_prefix_is_refused_with_the_nearest_one),
        TEST(an_identity_that_can_be_nobodys_is_refused),
        TEST(a_user_that_can_be_none_is_refused),
        TEST(lines_of_another_kind_are_refused),
        TEST(a_line_names_only_so_many_users),
        TEST(only_a_file_that_nobody_else_may_write_is_read),
        TEST(a_relative_path_is_refused),
        TEST(every_user_is_told_until_the_caller_has_enough),
    };

    return cmocka_run_group_tests_name("user_map", tests, NULL, NULL);
}
