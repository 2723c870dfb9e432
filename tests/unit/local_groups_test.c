/* SPDX-License-Identifier: BSD-2-Clause */
/* From names that an index claims to gids: root's two files decide, whatever the list says. */
#include "members/fixture.h"

#include <fcntl.h>

#include "../../nss_module/local_groups.h"

#define ALLOWED                                                                                              \
    "kiosk\nvideo!\ndesk\nlow\nroot\nroot!\nmember!\nnogroup!\nwraps!\nwide!\nminus!\nhex!\ncut!\nabsent\n"
#define GROUPS                                                                                               \
    "root:x:0:\nvideo:x:44:alice\nkiosk:x:1500:\ndesk:x:1501:bob,eve\nlow:x:999:\nunlisted:x:1600:\n"        \
    "member:x:70000:\nnogroup:x:65534:\nwraps:x:4294968796:\nwide:x:4294967295:\nminus:x:-1:\nhex:x:0x10:"   \
    "\ncut:x:15\n"

struct machine {
    char folder[64], allowed[96], group[96];
    struct local_groups_files files;
};

static void write_text(const char *path, const char *text, size_t length)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    assert_true(file >= 0);
    assert_int_equal(fchmod(file, 0644), 0);
    assert_int_equal(write(file, text, length), length);
    assert_int_equal(close(file), 0);
}

static void write_files(const struct machine *machine, const char *allowed, const char *group)
{
    write_text(machine->allowed, allowed, strlen(allowed));
    write_text(machine->group, group, strlen(group));
}

static int machine_up(void **state)
{
    struct machine *machine = calloc(1, sizeof *machine);

    assert_non_null(machine);
    make_state_dir(machine->folder);
    (void)snprintf(machine->allowed, sizeof machine->allowed, "%s/local-groups", machine->folder);
    (void)snprintf(machine->group, sizeof machine->group, "%s/group", machine->folder);
    machine->files = (struct local_groups_files){machine->allowed, machine->group};
    write_files(machine, ALLOWED, GROUPS);
    *state = machine;
    return 0;
}

static int machine_down(void **state)
{
    struct machine *machine = *state;

    remove_tree(machine->folder);
    free(machine);
    return 0;
}

/* The gids of the list, with a blank behind each. */
static const char *gids_of(const struct machine *machine, const char *list)
{
    static char text[MEMBER_GROUPS_MAX * 12];
    gid_t gids[MEMBER_GROUPS_MAX + 1];
    size_t count, used = 0;

    gids[MEMBER_GROUPS_MAX] = 4711;
    count = local_groups_find(&machine->files, list, gids);
    assert_int_equal(gids[MEMBER_GROUPS_MAX], 4711);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%u ", (unsigned)gids[i]);
    return text;
}

static void a_listed_name_has_the_gid_of_the_group_file(void **state)
{
    assert_string_equal(gids_of(*state, "kiosk"), "1500 ");
    assert_string_equal(gids_of(*state, "desk,kiosk"), "1501 1500 ");
    assert_string_equal(gids_of(*state, "absent,kiosk"), "1500 ");
}

static void a_name_that_is_not_listed_gives_none(void **state)
{
    assert_string_equal(gids_of(*state, "unlisted"), "");
    assert_string_equal(gids_of(*state, "kiosk,unlisted"), "1500 ");
    assert_string_equal(gids_of(*state, "kios"), "");
    assert_string_equal(gids_of(*state, "kioskk"), "");
}

static void a_low_gid_needs_its_mark(void **state)
{
    assert_string_equal(gids_of(*state, "low"), "");
    assert_string_equal(gids_of(*state, "video"), "44 ");
    assert_string_equal(gids_of(*state, "video!"), "");
}

static void some_gids_are_never_given(void **state)
{
    static const char *const names[] = {"root", "member", "nogroup", "wraps", "wide", "minus", "hex", "cut"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_string_equal(gids_of(*state, names[i]), "");
}

static void a_list_with_anything_wrong_in_it_gives_none(void **state)
{
    static const char *const lists[] = {
        "",           ",",       "kiosk,",   ",kiosk",    "kiosk,,desk",
        "kiosk desk", " kiosk",  "Kiosk",    "kiosk:",    "kiosk\n",
        "kiosk,1a",   "kiosk,é", "kiosk,-x", "kiosk,a.b", "kiosk,video!",
        "kiosk;desk", "1500",    "0",        "kiosk,a/b", "kiosk\t",
    };
    char list[2048] = "kiosk,";

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        assert_string_equal(gids_of(*state, lists[i]), "");
    memset(list + 6, 'a', 33);
    assert_string_equal(gids_of(*state, list), "");
    list[6 + 32] = '\0';
    assert_string_equal(gids_of(*state, list), "1500 ");
}

static void a_list_has_only_so_many_names(void **state)
{
    char list[2048] = "kiosk";

    for (unsigned i = 1; i < MEMBER_GROUPS_MAX; i++)
        (void)snprintf(list + strlen(list), 8, ",a%u", i);
    assert_string_equal(gids_of(*state, list), "1500 ");
    (void)snprintf(list + strlen(list), 8, ",b");
    assert_string_equal(gids_of(*state, list), "");
}

static void a_line_may_have_blanks_and_comments_and_nothing_else(void **state)
{
    const struct machine *machine = *state;

    write_files(machine, "# all of them\n\n \t kiosk  # at the door\n\tvideo! #\ndesk", GROUPS);
    assert_string_equal(gids_of(machine, "kiosk,video,desk"), "1500 44 1501 ");
    write_files(machine, "#kiosk\nkiosk desk\nvideo !\ndesk,\ndesk\r\n!kiosk\nkiosk!!\n", GROUPS);
    assert_string_equal(gids_of(machine, "kiosk,video,desk"), "");
    write_files(machine, "", GROUPS);
    assert_string_equal(gids_of(machine, "kiosk"), "");
}

static void a_nul_in_a_line_makes_no_shorter_one(void **state)
{
    const struct machine *machine = *state;

    write_text(machine->allowed, "kiosk\0x\ndesk\n", 13);
    assert_string_equal(gids_of(machine, "kiosk,desk"), "1501 ");
    write_text(machine->group, "desk\0:x:1501:\nkiosk:x:1\0:\n", 26);
    assert_string_equal(gids_of(machine, "desk"), "");
}

static void the_first_line_of_a_name_counts(void **state)
{
    write_files(*state, ALLOWED, "kiosk:x:broken:\nkiosk:x:1500:\ndesk:x:1501:\ndesk:x:1502:\n");
    assert_string_equal(gids_of(*state, "kiosk,desk"), "1501 ");
}

static void long_lines_hide_nothing_and_say_nothing(void **state)
{
    const struct machine *machine = *state;
    char *text = malloc(20000);

    memset(text, 'x', 20000);
    memcpy(text, "full:x:1700:", 12);
    (void)snprintf(text + 9000, 11000, "\nkiosk:x:1500:\n");
    write_files(machine, "kiosk\nfull\n", text);
    assert_string_equal(gids_of(machine, "kiosk,full"), "1500 1700 ");
    memset(text, ' ', 20000);
    (void)snprintf(text + 9000, 11000, "desk\nkiosk\nfull");
    memset(text + 9015, ' ', 300);
    (void)snprintf(text + 9315, 100, "more\n");
    write_files(machine, text, GROUPS "full:x:1700:\n");
    assert_string_equal(gids_of(machine, "kiosk,desk,full"), "1500 ");
    free(text);
}

/* Wherever a line falls between two reads. */
static void a_line_across_two_reads_is_one_line(void **state)
{
    char *text = malloc(5000);

    for (size_t before = 4070; before < 4100; before++) {
        memset(text, '#', before);
        (void)snprintf(text + before, 64, "\nkiosk:x:1500:\n");
        write_files(*state, "kiosk\n", text);
        assert_string_equal(gids_of(*state, "kiosk"), "1500 ");
    }
    free(text);
}

static void assert_no_groups(const struct machine *machine, const char *what)
{
    if (strcmp(gids_of(machine, "kiosk"), "") != 0)
        fail_msg("%s", what);
}

static void assert_only_roots_own_file_counts(const struct machine *machine, const char *path)
{
    char aside[96];

    assert_string_equal(gids_of(machine, "kiosk"), "1500 ");
    assert_int_equal(chmod(path, 0664), 0);
    assert_no_groups(machine, "its group may write it");
    assert_int_equal(chmod(path, 0646), 0);
    assert_no_groups(machine, "others may write it");
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(chown(path, 1000, 0), 0);
    assert_no_groups(machine, "it is somebody else's");
    assert_int_equal(chown(path, 0, 1000), 0);
    assert_string_equal(gids_of(machine, "kiosk"), "1500 ");
    (void)snprintf(aside, sizeof aside, "%s/aside", machine->folder);
    assert_int_equal(rename(path, aside), 0);
    assert_no_groups(machine, "it is not there");
    assert_int_equal(symlink(aside, path), 0);
    assert_no_groups(machine, "a symbolic link");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0644), 0);
    assert_no_groups(machine, "a FIFO");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0755), 0);
    assert_no_groups(machine, "a folder");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rename(aside, path), 0);
}

static void only_regular_files_of_roots_own_count(void **state)
{
    const struct machine *machine = *state;

    assert_only_roots_own_file_counts(machine, machine->allowed);
    assert_only_roots_own_file_counts(machine, machine->group);
}

static void every_folder_on_the_way_must_be_roots(void **state)
{
    const struct machine *machine = *state;

    assert_string_equal(gids_of(machine, "kiosk"), "1500 ");
    assert_int_equal(chmod(machine->folder, 0777), 0);
    assert_string_equal(gids_of(machine, "kiosk"), "");
    assert_int_equal(chmod(machine->folder, 0775), 0);
    assert_string_equal(gids_of(machine, "kiosk"), "");
    assert_int_equal(chmod(machine->folder, 01777), 0);
    assert_string_equal(gids_of(machine, "kiosk"), "1500 ");
    assert_int_equal(chmod(machine->folder, 0755), 0);
    assert_int_equal(chown(machine->folder, 1000, 0), 0);
    assert_string_equal(gids_of(machine, "kiosk"), "");
    assert_int_equal(chown(machine->folder, 0, 0), 0);
    assert_string_equal(gids_of(machine, "kiosk"), "1500 ");
}

static void a_path_that_is_longer_than_ours_is_none(void **state)
{
    const struct machine *machine = *state;
    char path[600];

    memset(path, 'x', sizeof path);
    path[0] = path[500] = '/';
    path[sizeof path - 1] = '\0';
    assert_string_equal(
        gids_of(&(struct machine){.files = {.allowed = path, .group = machine->group}}, "kiosk"), "");
}

static void a_huge_file_is_not_read(void **state)
{
    const struct machine *machine = *state;

    assert_int_equal(truncate(machine->allowed, 64 * 1024), 0);
    assert_string_equal(gids_of(machine, "kiosk"), "1500 ");
    assert_int_equal(truncate(machine->allowed, 64 * 1024 + 1), 0);
    assert_string_equal(gids_of(machine, "kiosk"), "");
    write_files(machine, ALLOWED, GROUPS);
    assert_int_equal(truncate(machine->group, 16 * 1024 * 1024 + 1), 0);
    assert_string_equal(gids_of(machine, "kiosk"), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_listed_name_has_the_gid_of_the_group_file),
        TEST(a_name_that_is_not_listed_gives_none),
        TEST(a_low_gid_needs_its_mark),
        TEST(some_gids_are_never_given),
        TEST(a_list_with_anything_wrong_in_it_gives_none),
        TEST(a_list_has_only_so_many_names),
        TEST(a_line_may_have_blanks_and_comments_and_nothing_else),
        TEST(a_nul_in_a_line_makes_no_shorter_one),
        TEST(the_first_line_of_a_name_counts),
        TEST(long_lines_hide_nothing_and_say_nothing),
        TEST(a_line_across_two_reads_is_one_line),
        TEST(only_regular_files_of_roots_own_count),
        TEST(every_folder_on_the_way_must_be_roots),
        TEST(a_path_that_is_longer_than_ours_is_none),
        TEST(a_huge_file_is_not_read),
    };

    return cmocka_run_group_tests_name("local_groups", tests, NULL, NULL);
}
