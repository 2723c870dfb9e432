/* SPDX-License-Identifier: BSD-2-Clause */
/* Root's two files when they cannot be read as they are, and lines of them that look like others. */
#include "members/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "../../nss_module/line_reader.h"
#include "../../nss_module/local_groups.h"

static struct {
    unsigned pread; /* the n-th of them fails with `error`; 0: none */
    int error;
    bool fstat_fails, stat_fails;
    mode_t kind;   /* what fstat says; 0: the truth */
    off_t shorter; /* so much less than there is */
} fault;

ssize_t __real_pread(int fd, void *buffer, size_t size, off_t offset);
ssize_t __wrap_pread(int fd, void *buffer, size_t size, off_t offset);
int __real_fstat(int fd, struct stat *status);
int __wrap_fstat(int fd, struct stat *status);

ssize_t __wrap_pread(int fd, void *buffer, size_t size, off_t offset)
{
    if (fault.pread > 0 && --fault.pread == 0) {
        errno = fault.error;
        return -1;
    }
    return __real_pread(fd, buffer, size, offset);
}

int __wrap_fstat(int fd, struct stat *status)
{
    const int result = __real_fstat(fd, status);

    if (fault.kind != 0)
        status->st_mode = (status->st_mode & 07777) | fault.kind;
    status->st_size -= fault.shorter;
    return fault.fstat_fails ? -1 : result;
}

int __real_stat(const char *path, struct stat *status);
int __wrap_stat(const char *path, struct stat *status);

int __wrap_stat(const char *path, struct stat *status)
{
    const int result = __real_stat(path, status);

    return fault.stat_fails ? -1 : result;
}

static char folder[64], allowed_path[96], group_path[96];

static void write_text(const char *path, const char *text)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    assert_true(file >= 0);
    assert_int_equal(fchmod(file, 0644), 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(close(file), 0);
}

static int make(void **state)
{
    (void)state;
    make_state_dir(folder);
    (void)snprintf(allowed_path, sizeof allowed_path, "%s/local-groups", folder);
    (void)snprintf(group_path, sizeof group_path, "%s/group", folder);
    write_text(allowed_path, "crew\n");
    write_text(group_path, "crew:x:1500:\n");
    fault = (typeof(fault)){0};
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    remove_tree(folder);
    return 0;
}

/* The one gid that the list comes to; 0: none. */
static gid_t gid_of(const char *list)
{
    const struct local_groups_files files = {allowed_path, group_path};
    gid_t gids[MEMBER_GROUPS_MAX];
    const size_t count = local_groups_find(&files, list, gids);

    assert_true(count <= 1);
    return count == 1 ? gids[0] : 0;
}

static gid_t gid_when(const char *allowed, const char *group, const char *list)
{
    write_text(allowed_path, allowed);
    write_text(group_path, group);
    return gid_of(list);
}

static void a_read_that_was_interrupted_is_made_again(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 2; n++) {
        fault = (typeof(fault)){.pread = n, .error = EINTR};
        assert_int_equal(gid_of("crew"), 1500);
    }
}

static void a_read_that_failed_says_nothing(void **state)
{
    (void)state;
    fault = (typeof(fault)){.pread = 1, .error = EIO};
    assert_int_equal(gid_of("crew"), 0);
}

static void an_interruption_from_before_is_none_now(void **state)
{
    (void)state;
    errno = EINTR;
    assert_int_equal(gid_of("crew"), 1500);
}

static void a_file_of_unknown_or_another_kind_does_not_count(void **state)
{
    (void)state;
    fault = (typeof(fault)){.fstat_fails = true};
    assert_int_equal(gid_of("crew"), 0);
    fault = (typeof(fault)){.kind = S_IFCHR};
    assert_int_equal(gid_of("crew"), 0);
    fault = (typeof(fault)){.stat_fails = true}; /* a folder on the way */
    assert_int_equal(gid_of("crew"), 0);
}

static void nothing_behind_the_size_that_was_judged_is_read(void **state)
{
    static const char both[] = "crew\ndesk\n";

    (void)state;
    write_text(group_path, "crew:x:1500:\ndesk:x:1501:\nmore:x:1502:\n");
    write_text(allowed_path, both);
    fault = (typeof(fault)){.shorter = 5};
    assert_int_equal(gid_of("desk"), 0);
    assert_int_equal(gid_of("crew"), 1500);
}

static void a_comment_may_be_longer_than_a_line_that_is_read(void **state)
{
    char text[LINE_HEAD_MAX * 2] = "crew # ";

    (void)state;
    memset(text + 7, 'x', sizeof text - 8);
    assert_int_equal(gid_when(text, "crew:x:1500:\n", "crew"), 1500);
    text[5] = ' ';
    assert_int_equal(gid_when(text, "crew:x:1500:\n", "crew"), 0);
}

static void empty_lines_and_blanks_are_nothing(void **state)
{
    (void)state;
    assert_int_equal(gid_when("\n\n \n\t\n!\n #\n#\ncrew\n\n", "crew:x:1500:\n", "crew"), 1500);
    assert_int_equal(gid_when("\n \n", "\n:\n::\n:x:1500:\n", "crew"), 0);
}

static void names_may_have_underscores_and_no_other_signs(void **state)
{
    (void)state;
    assert_int_equal(gid_when("_crew\n", "_crew:x:1500:\n", "_crew"), 1500);
    assert_int_equal(gid_when("night_desk\n", "night_desk:x:1501:\n", "night_desk"), 1501);
    assert_int_equal(gid_when("a{b\n", "a{b:x:1502:\n", "a{b"), 0);
    assert_int_equal(gid_when("{b\n", "{b:x:1502:\n", "{b"), 0);
    assert_int_equal(gid_when("`b\n", "`b:x:1502:\n", "`b"), 0);
}

static void a_gid_is_a_number_of_ten_digits_at_most(void **state)
{
    static const char *const lines[] = {"crew\n",
                                        "crew:\n",
                                        "crew:x\n",
                                        "crew:x:\n",
                                        "crew:x::\n",
                                        "crew:x:1500\n",
                                        "crew:x:1500x:\n",
                                        "crew:x: 1500:\n",
                                        "crew:x:18446744073709553116:\n",
                                        "crew:x:00000001500:\n"};

    (void)state;
    assert_int_equal(gid_when("crew\n", "crew:x:0000001500:\n", "crew"), 1500);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (gid_when("crew\n", lines[i], "crew") != 0)
            fail_msg("%s", lines[i]);
}

static void nobodys_gids_are_nobodys(void **state)
{
    (void)state;
    assert_int_equal(gid_when("crew!\n", "crew:x:65533:\n", "crew"), 65533);
    assert_int_equal(gid_when("crew!\n", "crew:x:65534:\n", "crew"), 0);
    assert_int_equal(gid_when("crew!\n", "crew:x:65535:\n", "crew"), 0);
    assert_int_equal(gid_when("crew!\n", "crew:x:0:\n", "crew"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_read_that_was_interrupted_is_made_again),
        TEST(a_read_that_failed_says_nothing),
        TEST(an_interruption_from_before_is_none_now),
        TEST(a_file_of_unknown_or_another_kind_does_not_count),
        TEST(nothing_behind_the_size_that_was_judged_is_read),
        TEST(a_comment_may_be_longer_than_a_line_that_is_read),
        TEST(empty_lines_and_blanks_are_nothing),
        TEST(names_may_have_underscores_and_no_other_signs),
        TEST(a_gid_is_a_number_of_ten_digits_at_most),
        TEST(nobodys_gids_are_nobodys),
    };

    return cmocka_run_group_tests_name("local_groups_faults", tests, NULL, NULL);
}
