/* SPDX-License-Identifier: BSD-2-Clause */
/* Why an own reader: the libraries join lines, cut values at '#', and check a path where a descriptor is due.
 */
#include "config/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "config/config.h"
#include "frontdesk/member_text.h"
#include "trusted_path.h"

#define NAMES_UNLIMITED ((nlink_t)-1)

static const char *fault_of_owner(const struct stat *status)
{
    if (!owner_is_trusted(status->st_uid))
        return geteuid() == 0 ? "is not owned by root" : "is owned by neither root nor the user who reads it";
    if (status->st_mode & (S_IWGRP | S_IWOTH))
        return "may be written by others (chmod go-w)";
    return NULL;
}

/*
 * A second name reaches neither what the file says nor who may write it. But who replaces one by the name
 * that they know leaves what it said under the other; and of an administrator's file nobody should have that.
 */
static const char *fault_of_file(const struct stat *status, nlink_t names_max)
{
    if (!S_ISREG(status->st_mode))
        return "is no regular file";
    if (status->st_nlink > names_max)
        return "has another name elsewhere (a hard link)";
    return fault_of_owner(status);
}

/* The file may grow while it is read: what counts is what came. */
static char *read_text(int fd, size_t *ret_length, const char **ret_why)
{
    AUTO_FREE char *text = malloc(CONFIG_FILE_MAX + 2);
    size_t used = 0;

    if (!text) {
        *ret_why = "does not fit into memory";
        return NULL;
    }
    while (used <= CONFIG_FILE_MAX) {
        const ssize_t n = read(fd, text + used, CONFIG_FILE_MAX + 1 - used);

        if (n == 0)
            break;
        if (n > 0) {
            used += (size_t)n;
        } else if (errno != EINTR) {
            *ret_why = strerror(errno);
            return NULL;
        }
    }
    if (used > CONFIG_FILE_MAX) {
        *ret_why = "is too large";
        return NULL;
    }
    text[used] = '\0';
    *ret_length = used;
    char *whole = text;

    text = NULL;
    return whole;
}

static enum config_file_result open_file(int folder, const char *name, nlink_t names_max, int *ret_fd,
                                         const char **ret_why)
{
    AUTO_CLOSE int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat status;

    if (fd < 0 && errno == ENOENT)
        return CONFIG_FILE_MISSING;
    if (fd < 0 || fstat(fd, &status) != 0) {
        *ret_why = errno == ELOOP ? "is a symbolic link" : strerror(errno);
        return CONFIG_FILE_REFUSED;
    }
    *ret_why = fault_of_file(&status, names_max);
    if (*ret_why)
        return CONFIG_FILE_REFUSED;
    *ret_fd = fd;
    fd = -1;
    return CONFIG_FILE_OK;
}

static enum config_file_result read_file(int fd, char **ret_text, size_t *ret_length, const char **ret_why)
{
    char *text = read_text(fd, ret_length, ret_why);

    if (!text)
        return CONFIG_FILE_REFUSED;
    *ret_text = text;
    return CONFIG_FILE_OK;
}

enum config_file_result config_file_load(int folder, const char *name, char **ret_text, size_t *ret_length,
                                         const char **ret_why)
{
    AUTO_CLOSE int fd = -1;
    const enum config_file_result result = open_file(folder, name, 1, &fd, ret_why);

    return result == CONFIG_FILE_OK ? read_file(fd, ret_text, ret_length, ret_why) : result;
}

enum config_file_result config_file_load_vendors(int folder, const char *name, char **ret_text,
                                                 size_t *ret_length, const char **ret_why)
{
    AUTO_CLOSE int fd = -1;
    const enum config_file_result result = open_file(folder, name, NAMES_UNLIMITED, &fd, ret_why);

    return result == CONFIG_FILE_OK ? read_file(fd, ret_text, ret_length, ret_why) : result;
}

int config_folder_open(int parent, const char *name, bool *ret_missing, const char **ret_why)
{
    AUTO_CLOSE int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    int folder;

    *ret_missing = fd < 0 && errno == ENOENT;
    if (fd < 0 || fstat(fd, &status) != 0) {
        *ret_why = errno == ENOTDIR || errno == ELOOP ? "is no folder (or a symbolic link)" : strerror(errno);
        return -1;
    }
    *ret_why = fault_of_owner(&status);
    if (*ret_why)
        return -1;
    folder = fd;
    fd = -1;
    return folder;
}

/* What makes a whole line unfit, or NULL. */
static const char *fault_of_line(const char *line, size_t length)
{
    uint32_t c;
    size_t n;

    if (length > CONFIG_LINE_MAX)
        return "the line is too long";
    for (size_t i = 0; i < length; i += n) {
        n = utf8_character((const unsigned char *)line + i, length - i, &c);
        if (n == 0)
            return "the line is no UTF-8";
        if (c == '\0')
            return "the line holds a NUL byte";
        if (c == '\r' && i + 1 == length)
            return "the line ends in a carriage return: save the file with Unix line ends";
        if ((c < 0x20 && c != '\t') || (c >= 0x7f && c <= 0x9f))
            return "the line holds a control character";
    }
    return NULL;
}

/* Cuts blanks off both ends, in place. */
static char *trim(char *text)
{
    size_t length;

    text += strspn(text, " \t");
    for (length = strlen(text); length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'); length--)
        text[length - 1] = '\0';
    return text;
}

/* "[kind]" or "[kind name]". */
static void parse_section(char *line, unsigned number, const struct config_lines *lines)
{
    char *end = strchr(line, ']'), *kind, *name;

    if (!end || end[1] != '\0') {
        lines->fault(lines->context, number, "a section is `[name]` and nothing else in its line");
        return;
    }
    *end = '\0';
    kind = trim(line + 1);
    name = kind + strcspn(kind, " \t");
    if (*name != '\0')
        *name++ = '\0';
    lines->section(lines->context, number, kind, trim(name));
}

static void parse_line(char *line, size_t length, unsigned number, const struct config_lines *lines)
{
    const char *why = fault_of_line(line, length);
    char *value;

    if (why) {
        lines->fault(lines->context, number, why);
        return;
    }
    line = trim(line);
    if (line[0] == '\0' || line[0] == '#' || line[0] == ';')
        return;
    if (line[0] == '[') {
        parse_section(line, number, lines);
        return;
    }
    value = strchr(line, '=');
    if (!value) {
        lines->fault(lines->context, number, "the line has no `=`: write `key = value`");
        return;
    }
    *value++ = '\0';
    lines->entry(lines->context, number, trim(line), trim(value));
}

void config_file_parse(char *text, size_t length, const struct config_lines *lines)
{
    static const char mark[] = {'\xef', '\xbb', '\xbf'};
    unsigned number = 0;

    if (length >= sizeof mark && memcmp(text, mark, sizeof mark) == 0) {
        lines->fault(lines->context, 1, "the file begins with a byte order mark: save it without");
        text += sizeof mark;
        length -= sizeof mark;
    }
    while (length > 0) {
        char *end = memchr(text, '\n', length);
        const size_t line_length = end ? (size_t)(end - text) : length;
        const size_t used = line_length + (end ? 1 : 0);

        text[line_length] = '\0';
        parse_line(text, line_length, ++number, lines);
        text += used;
        length -= used;
    }
}
