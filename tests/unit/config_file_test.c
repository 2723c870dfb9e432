/* SPDX-License-Identifier: BSD-2-Clause */
/* The line reader: which files it opens, and what it makes of lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/config.h"
#include "config/config_file.h"
#include "config_folder.h"

/* What a parser told, as one text: "S kind|name;", "E key|value;", "F line why;". */
struct told {
    char text[16384];
};

static void tell(struct told *told, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void tell(struct told *told, const char *format, ...)
{
    const size_t used = strlen(told->text);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(told->text + used, sizeof told->text - used, format, arguments);
    va_end(arguments);
}

static void on_section(void *context, unsigned line, const char *kind, const char *name)
{
    tell(context, "%u [%s|%s];", line, kind, name);
}

static void on_entry(void *context, unsigned line, const char *key, const char *value)
{
    tell(context, "%u %s|%s;", line, key, value);
}

static void on_fault(void *context, unsigned line, const char *why)
{
    tell(context, "%u !%s;", line, why);
}

static const char *parse_bytes(const void *bytes, size_t length)
{
    static struct told told;
    const struct config_lines lines = {&told, on_section, on_entry, on_fault};
    char *text = malloc(length + 1);

    memcpy(text, bytes, length);
    text[length] = '\0';
    told.text[0] = '\0';
    config_file_parse(text, length, &lines);
    free(text);
    return told.text;
}

static const char *parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

static void lines_are_sections_entries_and_comments(void **state)
{
    (void)state;
    assert_string_equal(parse("# c\n; c\n\n  [service  sshd]\nqr=utf8\n\ttimeout = 30 \n"),
                        "4 [service|sshd];5 qr|utf8;6 timeout|30;");
    assert_string_equal(parse("[members]\nshell = /bin/sh"), "1 [members|];2 shell|/bin/sh;");
    assert_string_equal(parse(""), "");
}

static void a_value_keeps_every_character_behind_the_first_equals_sign(void **state)
{
    (void)state;
    assert_string_equal(parse("k = a=b # no comment ; \"quoted\" \\\nnext = 1\n"),
                        "1 k|a=b # no comment ; \"quoted\" \\;2 next|1;");
    assert_string_equal(parse("k ="), "1 k|;");
}

static void a_line_without_an_equals_sign_is_refused(void **state)
{
    (void)state;
    assert_string_equal(parse("k = 1\n  continued\n"), "1 k|1;2 !the line has no `=`: write `key = value`;");
}

static void a_section_stands_alone_in_its_line(void **state)
{
    (void)state;
    assert_non_null(strstr(parse("[members] # mine\n"), "1 !a section is"));
    assert_non_null(strstr(parse("[members\n"), "1 !a section is"));
}

static void a_nul_byte_is_refused(void **state)
{
    static const char text[] = "key = val\0ue\nnext = 1\n";

    (void)state;
    assert_string_equal(parse_bytes(text, sizeof text - 1), "1 !the line holds a NUL byte;2 next|1;");
}

static void a_line_over_the_maximum_is_refused(void **state)
{
    char text[CONFIG_LINE_MAX + 3];

    (void)state;
    memset(text, 'v', sizeof text);
    memcpy(text, "k=", 2);
    text[CONFIG_LINE_MAX] = '\n';
    assert_null(strchr(parse_bytes(text, CONFIG_LINE_MAX + 1), '!'));
    text[CONFIG_LINE_MAX] = 'v';
    text[CONFIG_LINE_MAX + 1] = '\n';
    assert_string_equal(parse_bytes(text, CONFIG_LINE_MAX + 2), "1 !the line is too long;");
}

static void bad_utf8_is_refused(void **state)
{
    static const char *const bad[] = {"k = \x80",         "k = \xc0\xaf",         "k = \xe0\x80\xaf",
                                      "k = \xed\xa0\x80", "k = \xf0\x80\x80\xaf", "k = \xf4\x90\x80\x80",
                                      "k = \xc3",         "k = \xe2\x82",         "k = \xff"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_string_equal(parse(bad[i]), "1 !the line is no UTF-8;");
    assert_string_equal(parse("k = \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
                        "1 k|\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80;");
}

static void control_characters_are_refused(void **state)
{
    (void)state;
    assert_string_equal(parse("k = a\x1b[0m"), "1 !the line holds a control character;");
    assert_string_equal(parse("k = a\x7f"), "1 !the line holds a control character;");
    assert_string_equal(parse("k = a\xc2\x9b"), "1 !the line holds a control character;");
    assert_non_null(strstr(parse("k = a\r\n"), "carriage return"));
}

static void a_byte_order_mark_is_refused_once_and_by_its_name(void **state)
{
    (void)state;
    assert_string_equal(parse("\xef\xbb\xbf[a]\nk = v"),
                        "1 !the file begins with a byte order mark: save it without;1 [a|];2 k|v;");
    assert_string_equal(parse("\xef\xbb\xbf"), "1 !the file begins with a byte order mark: save it without;");
    assert_string_equal(parse("\xef\xbb"), "1 !the line is no UTF-8;");
}

/* Loads NAME of a fresh folder after `prepare` made it; gives the reason, or "" when it loaded. */
static const char *load_after(void (*prepare)(const char *path))
{
    static char why_kept[128];
    struct folder folder;
    char path[FOLDER_PATH_MAX], *text = NULL;
    const char *why = "";
    size_t length;
    bool missing;

    folder_make(&folder);
    folder_path(&folder, "file", path);
    prepare(path);
    const int fd = config_folder_open(AT_FDCWD, folder.path, &missing, &why);
    assert_true(fd >= 0);
    switch (config_file_load(fd, "file", &text, &length, &why)) {
    case CONFIG_FILE_OK:
        why = "";
        break;
    case CONFIG_FILE_MISSING:
        why = "missing";
        break;
    default:
        break;
    }
    free(text);
    (void)close(fd);
    folder_remove(&folder);
    (void)snprintf(why_kept, sizeof why_kept, "%s", why);
    return why_kept;
}

static void make_file(const char *path)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

    assert_int_equal(write(fd, "k = v\n", 6), 6);
    (void)close(fd);
}

static void make_nothing(const char *path)
{
    (void)path;
}

static void make_symlink(const char *path)
{
    char target[FOLDER_PATH_MAX + 8];

    (void)snprintf(target, sizeof target, "%s.real", path);
    make_file(target);
    assert_int_equal(symlink(target, path), 0);
}

static void make_fifo(const char *path)
{
    assert_int_equal(mkfifo(path, 0644), 0);
}

static void make_directory(const char *path)
{
    assert_int_equal(mkdir(path, 0755), 0);
}

static void make_huge(const char *path)
{
    make_file(path);
    assert_int_equal(truncate(path, (off_t)10 << 30), 0);
}

static void make_group_writable(const char *path)
{
    make_file(path);
    assert_int_equal(chmod(path, 0664), 0);
}

static void make_world_writable(const char *path)
{
    make_file(path);
    assert_int_equal(chmod(path, 0646), 0);
}

static void make_hard_link(const char *path)
{
    char other[FOLDER_PATH_MAX + 8];

    make_file(path);
    (void)snprintf(other, sizeof other, "%s.other", path);
    assert_int_equal(link(path, other), 0);
}

static void make_foreign(const char *path)
{
    make_file(path);
    assert_int_equal(chown(path, 54321, 54321), 0);
}

static void only_a_plain_file_of_root_that_others_cannot_write_is_read(void **state)
{
    (void)state;
    assert_string_equal(load_after(make_file), "");
    assert_string_equal(load_after(make_nothing), "missing");
    assert_string_equal(load_after(make_symlink), "is a symbolic link");
    assert_string_equal(load_after(make_fifo), "is no regular file");
    assert_string_equal(load_after(make_directory), "is no regular file");
    assert_string_equal(load_after(make_huge), "is too large");
    assert_string_equal(load_after(make_hard_link), "has another name elsewhere (a hard link)");
    assert_string_equal(load_after(make_group_writable), "may be written by others (chmod go-w)");
    assert_string_equal(load_after(make_world_writable), "may be written by others (chmod go-w)");
}

static void a_file_of_another_owner_is_refused(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    assert_string_equal(load_after(make_foreign), "is not owned by root");
}

/* Runs in a child that became an ordinary user: 0 as it should be. */
static int read_as_ordinary_user(const char *folder, uid_t user)
{
    const char *why = "";
    char *text = NULL;
    size_t length;
    bool missing;
    int fd;

    if (setresuid(user, user, user) != 0 || (fd = config_folder_open(AT_FDCWD, folder, &missing, &why)) < 0)
        return 2;
    return config_file_load(fd, "mine", &text, &length, &why) == CONFIG_FILE_OK &&
                   config_file_load(fd, "roots", &text, &length, &why) == CONFIG_FILE_OK &&
                   config_file_load(fd, "others", &text, &length, &why) == CONFIG_FILE_REFUSED
               ? 0
               : 1;
}

static void an_ordinary_user_is_believed_about_own_files_only(void **state)
{
    struct folder folder;
    char mine[FOLDER_PATH_MAX], others[FOLDER_PATH_MAX];
    int status = -1;
    pid_t pid;

    (void)state;
    if (geteuid() != 0)
        skip();
    folder_make(&folder);
    folder_write(&folder, "mine", "k = v\n");
    folder_write(&folder, "roots", "k = v\n");
    folder_write(&folder, "others", "k = v\n");
    folder_path(&folder, "mine", mine);
    folder_path(&folder, "others", others);
    assert_int_equal(chown(mine, 54321, 54321), 0);
    assert_int_equal(chown(others, 54322, 54322), 0);
    pid = fork();
    if (pid == 0)
        _exit(read_as_ordinary_user(folder.path, 54321));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    folder_remove(&folder);
    assert_int_equal(status, 0);
}

static void a_folder_is_a_folder_that_others_cannot_write(void **state)
{
    struct folder folder;
    char path[FOLDER_PATH_MAX], link[FOLDER_PATH_MAX];
    const char *why = NULL;
    bool missing;

    (void)state;
    folder_make(&folder);
    folder_path(&folder, "connections.d", path);
    folder_path(&folder, "link", link);
    assert_int_equal(symlink(path, link), 0);
    assert_int_equal(config_folder_open(AT_FDCWD, link, &missing, &why), -1);
    assert_false(missing);
    assert_int_equal(chmod(path, 0777), 0);
    assert_int_equal(config_folder_open(AT_FDCWD, path, &missing, &why), -1);
    assert_string_equal(why, "may be written by others (chmod go-w)");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(config_folder_open(AT_FDCWD, path, &missing, &why), -1);
    assert_true(missing);
    folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_sections_entries_and_comments),
        cmocka_unit_test(a_value_keeps_every_character_behind_the_first_equals_sign),
        cmocka_unit_test(a_line_without_an_equals_sign_is_refused),
        cmocka_unit_test(a_section_stands_alone_in_its_line),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(a_line_over_the_maximum_is_refused),
        cmocka_unit_test(bad_utf8_is_refused),
        cmocka_unit_test(control_characters_are_refused),
        cmocka_unit_test(a_byte_order_mark_is_refused_once_and_by_its_name),
        cmocka_unit_test(only_a_plain_file_of_root_that_others_cannot_write_is_read),
        cmocka_unit_test(a_file_of_another_owner_is_refused),
        cmocka_unit_test(an_ordinary_user_is_believed_about_own_files_only),
        cmocka_unit_test(a_folder_is_a_folder_that_others_cannot_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
