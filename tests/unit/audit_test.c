/* SPDX-License-Identifier: BSD-2-Clause */
/* The audit file: whole lines only, whoever else writes and whatever stands at its path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <regex.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include "audit_stage.h"

static int disk; /* what it says of room: an errno, or 0 */

int __real_fallocate(int fd, int mode, off_t offset, off_t length);
int __wrap_fallocate(int fd, int mode, off_t offset, off_t length);
int __wrap_fallocate(int fd, int mode, off_t offset, off_t length)
{
    errno = disk;
    return disk == 0 ? __real_fallocate(fd, mode, offset, length) : -1;
}

static bool append_event(const char *path, const char *event, char **ret_why)
{
    struct json_document *record = audit_record(event);
    const struct audit_file file = {.path = path};
    const bool is_done = audit_append(&file, record, ret_why);

    json_free(record);
    return is_done;
}

static void assert_appended(const struct folder *folder, const char *event)
{
    char *why = NULL;

    if (!append_event(file_path(folder), event, &why))
        fail_msg("%s", why);
}

static void assert_refused(const struct folder *folder, const char *wanted)
{
    char *why = NULL;

    assert_false(append_event(file_path(folder), "sign_in", &why));
    assert_memory_equal(why, file_path(folder), strlen(file_path(folder)));
    assert_string_equal(why + strlen(file_path(folder)), wanted);
    free(why);
}

static void a_record_is_a_line_with_time_and_event_first(void **state)
{
    struct json_document *record = audit_record("sign_in");
    char *why = NULL, *text;
    regex_t wanted;

    assert_true(json_add_string(record, "user", "maria\n\"x\""));
    assert_true(json_add_integer(record, "peer_uid", 0));
    assert_true(audit_append(&(struct audit_file){.path = file_path(*state)}, record, &why));
    json_free(record);
    text = file_text(*state);
    assert_int_equal(regcomp(&wanted,
                             "^[{]\"time\":\"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]"
                             "[.][0-9]{3}Z\",\"event\":\"sign_in\",\"user\":\"maria\\\\n\\\\\"x\\\\\"\","
                             "\"peer_uid\":0[}]\n$",
                             REG_EXTENDED | REG_NOSUB),
                     0);
    if (regexec(&wanted, text, 0, NULL, 0) != 0)
        fail_msg("%s", text);
    regfree(&wanted);
    free(text);
}

static void the_time_is_now_in_utc_wherever_the_machine_is(void **state)
{
    struct json_document *record;
    const char *text = NULL;
    const time_t before = time(NULL);
    struct tm told = {0};

    (void)state;
    assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0);
    tzset();
    record = audit_record("x");
    assert_true(json_string(json_get(json_top(record), "time"), &text, NULL));
    assert_non_null(strptime(text, "%Y-%m-%dT%H:%M:%S", &told));
    assert_true(timegm(&told) >= before && timegm(&told) <= time(NULL));
    json_free(record);
    assert_int_equal(unsetenv("TZ"), 0);
    tzset();
}

static void records_stand_behind_each_other_in_a_file_of_its_owner_and_group(void **state)
{
    struct stat status;
    const mode_t before = umask(0077);

    for (unsigned i = 0; i < 3; i++)
        assert_appended(*state, "sign_in");
    (void)umask(before);
    assert_int_equal(count_records(*state), 3);
    assert_int_equal(stat(file_path(*state), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0640);
}

static void a_file_that_was_moved_away_is_begun_anew(void **state)
{
    char aside[FOLDER_PATH_MAX];

    folder_path(*state, "audit.jsonl.1", aside);
    assert_appended(*state, "a");
    assert_int_equal(rename(file_path(*state), aside), 0);
    assert_appended(*state, "b");
    assert_int_equal(count_records(*state), 1);
}

static void a_broken_last_line_is_not_joined(void **state)
{
    char *text, *behind;

    folder_write(*state, "audit.jsonl", "{\"time\":\"2026");
    assert_appended(*state, "a");
    assert_appended(*state, "b");
    text = file_text(*state);
    assert_memory_equal(text, "{\"time\":\"2026\n{", 15);
    assert_null(strstr(text, "\n\n"));
    behind = strdup(text + strlen("{\"time\":\"2026\n"));
    folder_write(*state, "audit.jsonl", behind);
    free(behind);
    free(text);
    assert_int_equal(count_records(*state), 2);
}

static void only_a_regular_file_is_written(void **state)
{
    const char *path = file_path(*state);
    char aside[FOLDER_PATH_MAX];
    struct stat status;

    folder_path(*state, "aside", aside);
    folder_write(*state, "aside", "");
    assert_int_equal(symlink(aside, path), 0);
    assert_refused(*state, ": is a symbolic link");
    assert_int_equal(stat(aside, &status), 0);
    assert_int_equal(status.st_size, 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/full", path), 0);
    assert_refused(*state, ": is a symbolic link");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_refused(*state, ": is no regular file");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0755), 0);
    assert_refused(*state, ": Is a directory");
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    char *why = NULL;

    (void)state;
    assert_false(append_event("/nonexistent/audit.jsonl", "x", &why));
    assert_string_equal(why, "/nonexistent/audit.jsonl: No such file or directory");
    free(why);
}

/* In a child, whose files may not grow beyond so many bytes: 0 when the append failed as it should. */
static int append_within(const char *path, rlim_t bytes, const char *wanted)
{
    const pid_t pid = fork();
    int status = -1;

    if (pid == 0) {
        const struct rlimit limit = {bytes, bytes};
        char *why = NULL;

        (void)signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || append_event(path, "x", &why) || !strstr(why, wanted))
            _exit(1);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void a_full_disk_is_told_and_spoils_no_line_before_or_after(void **state)
{
    struct stat status;
    char *text, *third;

    assert_appended(*state, "a");
    assert_int_equal(stat(file_path(*state), &status), 0);
    assert_int_equal(append_within(file_path(*state), (rlim_t)status.st_size, "File too large"), 0);
    assert_int_equal(count_records(*state), 1);
    assert_int_equal(append_within(file_path(*state), (rlim_t)status.st_size + 7, "only part of the line"),
                     0);
    assert_appended(*state, "b");
    text = file_text(*state);
    assert_memory_equal(text + status.st_size, "{\"time\"\n{", 9);
    third = strdup(text + status.st_size + 8);
    folder_write(*state, "audit.jsonl", third);
    assert_int_equal(count_records(*state), 1);
    free(third);
    free(text);
}

static void whether_there_is_room_is_known_before_anything_is_done(void **state)
{
    const char *path = file_path(*state);
    char *why = NULL;

    assert_true(audit_is_ready(path, &why));
    disk = EOPNOTSUPP;
    assert_true(audit_is_ready(path, &why));
    disk = ENOSPC;
    assert_false(audit_is_ready(path, &why));
    assert_non_null(strstr(why, ": No space left on device"));
    free(why);
    disk = 0;
    assert_appended(*state, "a");
    assert_true(audit_is_ready(path, &why));
    assert_int_equal(count_records(*state), 1);
    assert_appended(*state, "b");
    assert_int_equal(count_records(*state), 2);
}

static void many_writers_never_mix_their_lines(void **state)
{
    write_all_at_once(file_path(*state), 0);
    assert_int_equal(count_records(*state), WRITERS * RECORDS);
}

static void a_reader_who_locks_the_file_cannot_stop_it(void **state)
{
    struct flock whole = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    int reader;

    assert_appended(*state, "a");
    reader = open(file_path(*state), O_RDONLY | O_CLOEXEC);
    assert_int_equal(fcntl(reader, F_OFD_SETLK, &whole), 0);
    assert_appended(*state, "b");
    (void)close(reader);
    assert_int_equal(count_records(*state), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_record_is_a_line_with_time_and_event_first),
        TEST(the_time_is_now_in_utc_wherever_the_machine_is),
        TEST(records_stand_behind_each_other_in_a_file_of_its_owner_and_group),
        TEST(a_file_that_was_moved_away_is_begun_anew),
        TEST(a_broken_last_line_is_not_joined),
        TEST(only_a_regular_file_is_written),
        TEST(a_folder_that_is_not_there_is_told),
        TEST(a_full_disk_is_told_and_spoils_no_line_before_or_after),
        TEST(whether_there_is_room_is_known_before_anything_is_done),
        TEST(many_writers_never_mix_their_lines),
        TEST(a_reader_who_locks_the_file_cannot_stop_it),
    };

    return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
