/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of pam.d become one list of lines, with what they include in its place. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cleanup.h"
#include "cli/check/pam_stack.h"
#include "config/settings.h"
#include "connection/connection.h"

#define WORDS_MAX 64

static const char *const system_folders[] = {"/etc/pam.d", "/usr/lib/pam.d", NULL};
static const char *const types[] = {
    [PAM_TYPE_AUTH] = "auth",
    [PAM_TYPE_ACCOUNT] = "account",
    [PAM_TYPE_PASSWORD] = "password",
    [PAM_TYPE_SESSION] = "session",
};

struct reader {
    const char *const *folders;
    enum pam_type type;
    struct pam_stack *stack;
    unsigned depth, level;
    char *why;
};

struct place {
    const char *file;
    unsigned number;
};

static bool read_service(struct reader *reader, const char *service, char **ret_path);

__attribute__((format(printf, 3, 4))) static bool refuse(struct reader *reader, const struct place *place,
                                                         const char *format, ...)
{
    AUTO_FREE char *said = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&said, format, arguments) < 0)
        said = NULL;
    va_end(arguments);
    free(reader->why);
    reader->why = setting_sentence("%s:%u: %s", place->file, place->number, said ? said : "no memory");
    return false;
}

/* [success=done default=die] and \] within; words otherwise. The text is cut in place. */
static size_t split(char *text, char *words[WORDS_MAX])
{
    size_t count = 0;

    for (char *c = text + strspn(text, " \t"); *c && count < WORDS_MAX; c += strspn(c, " \t")) {
        const bool bracketed = *c == '[';
        char *end = c += bracketed;

        words[count++] = c;
        while (*c && (bracketed ? *c != ']' : !strchr(" \t", *c))) {
            if (bracketed && c[0] == '\\' && c[1] == ']')
                c++;
            *end++ = *c++;
        }
        if (*c)
            c++;
        *end = '\0';
    }
    return count;
}

static char **copy_words(char *const *words, size_t count)
{
    char **copy = calloc(count + 1, sizeof *copy);

    for (size_t i = 0; copy && i < count; i++) {
        copy[i] = strdup(words[i]);
        if (!copy[i]) { /* a list without one of its words would tell of another line */
            list_free(copy);
            return NULL;
        }
    }
    return copy;
}

static struct pam_line *add_line(struct reader *reader, const struct place *place)
{
    struct pam_stack *stack = reader->stack;
    struct pam_line *longer;

    if (stack->count >= PAM_LINES_MAX)
        return NULL;
    longer = realloc(stack->lines, (stack->count + 1) * sizeof *longer);
    if (!longer)
        return NULL;
    stack->lines = longer;
    longer[stack->count] =
        (struct pam_line){.level = reader->level, .file = strdup(place->file), .number = place->number};
    return &longer[stack->count++];
}

static bool take_include(struct reader *reader, const struct place *place, const char *service, bool substack)
{
    bool read;

    if (reader->depth >= PAM_INCLUDE_DEPTH_MAX)
        return refuse(reader, place, "includes lead in a circle, or too deep");
    if (substack && !add_line(reader, place))
        return refuse(reader, place, "too many lines");
    reader->level += substack;
    read = read_service(reader, service, NULL);
    reader->level -= substack;
    if (!read && !reader->why)
        return refuse(reader, place, "there is no file `%s` to include", service);
    return read;
}

static bool take_module(struct reader *reader, const struct place *place, char *const *words, size_t count)
{
    const char *slash = strrchr(words[2], '/');
    struct pam_line *line = add_line(reader, place);

    if (!line)
        return refuse(reader, place, "too many lines");
    line->module = strdup(slash ? slash + 1 : words[2]);
    line->arguments = copy_words(words + 3, count - 3);
    if (!line->module || !line->arguments || !line->file)
        return refuse(reader, place, "no memory");
    return pam_control_parse(words[1], line->actions) ||
           refuse(reader, place, "`%s` is no control field", words[1]);
}

static bool take_line(struct reader *reader, const struct place *place, char *text)
{
    char *words[WORDS_MAX];
    const size_t count = split(text, words);
    const char *type = count > 0 ? words[0] + (words[0][0] == '-') : "";
    bool known = false;

    if (count == 0)
        return true;
    if (strcmp(words[0], "@include") == 0)
        return count > 1 ? take_include(reader, place, words[1], false)
                         : refuse(reader, place, "@include needs a name");
    if (count == WORDS_MAX)
        return refuse(reader, place, "too many words");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        known = known || strcasecmp(type, types[i]) == 0;
    if (!known || count < 3)
        return refuse(reader, place, "this is no PAM line");
    if (strcasecmp(type, types[reader->type]) != 0)
        return true;
    if (strcasecmp(words[1], "include") == 0)
        return take_include(reader, place, words[2], false);
    if (strcasecmp(words[1], "substack") == 0)
        return take_include(reader, place, words[2], true);
    return take_module(reader, place, words, count);
}

/*
 * A line, and what a backslash at its end joins to it: the next line that has anything but a comment. A
 * comment behind a line ends it, whatever stands in it. malloc'd; NULL: the end, *ret_cut: in the midst of a
 * line.
 */
static char *next_line(FILE *file, unsigned *number, bool *ret_cut)
{
    char *whole = NULL;
    bool more = true;

    *ret_cut = false;
    while (more) {
        AUTO_FREE char *part = NULL;
        size_t size = 0;
        char *text, *longer;

        if (getline(&part, &size, file) < 0) {
            *ret_cut = whole != NULL;
            break;
        }
        ++*number;
        text = part + strspn(part, " \t\n");
        size_t length = strcspn(text, "#");
        const bool commented = text[length] == '#';

        if (length == 0)
            continue;
        while (length > 0 && strchr(" \t\n", text[length - 1]))
            length--;
        more = !commented && text[length - 1] == '\\';
        longer =
            setting_sentence("%s%.*s%s", whole ? whole : "", (int)(length - more), text, more ? " " : "");
        free(whole);
        whole = longer;
        if (!whole) {
            *ret_cut = true;
            break;
        }
    }
    if (*ret_cut) {
        free(whole);
        whole = NULL;
    }
    return whole;
}

static FILE *open_file(struct reader *reader, const char *path)
{
    FILE *file = fopen(path, "re");

    /* Another one does not stand in for a file that is there, and only we may not read. */
    if (!file && errno != ENOENT && errno != ENOTDIR && !reader->why)
        reader->why = setting_sentence("%s: %s", path, strerror(errno));
    return file;
}

/* The path of the first folder's file; NULL: none has it, or, with reader->why, it cannot be read. */
static FILE *open_service(struct reader *reader, const char *service, char **ret_path)
{
    if (service[0] == '/') {
        *ret_path = strdup(service);
        return *ret_path ? open_file(reader, *ret_path) : NULL;
    }
    for (const char *const *folder = reader->folders; !reader->why && *folder; folder++) {
        char *path = setting_sentence("%s/%s", *folder, service);
        FILE *file = path ? open_file(reader, path) : NULL;

        if (file) {
            *ret_path = path;
            return file;
        }
        free(path);
    }
    return NULL;
}

/* False: reader->why, or NULL there: no such file. */
static bool read_service(struct reader *reader, const char *service, char **ret_path)
{
    AUTO_FREE char *path = NULL;
    AUTO_FCLOSE FILE *file = open_service(reader, service, &path);
    struct place place = {.file = path};
    bool whole = file != NULL, cut = false;
    char *text;

    reader->depth++;
    while (whole && (text = next_line(file, &place.number, &cut)) != NULL) {
        whole = take_line(reader, &place, text);
        free(text);
    }
    if (whole && cut)
        whole = refuse(reader, &place, "the file ends in the midst of a line");
    reader->depth--;
    if (whole && ret_path) {
        *ret_path = path;
        path = NULL;
    }
    return whole;
}

struct pam_stack *pam_stack_read(const char *const *folders, const char *service, enum pam_type type,
                                 char **ret_why)
{
    struct reader reader = {.folders = folders ? folders : system_folders,
                            .type = type,
                            .stack = calloc(1, sizeof(struct pam_stack))};
    struct pam_stack *stack = reader.stack;
    bool whole = stack && read_service(&reader, service, &stack->file);

    if (stack && !reader.why && stack->count == 0) {
        free(stack->file);
        stack->file = NULL;
        stack->is_other = true;
        whole = read_service(&reader, "other", &stack->file);
    }
    if (whole) {
        free(reader.why);
        return stack;
    }
    *ret_why =
        reader.why ? reader.why : setting_sentence("there is neither a file `%s` nor `other`", service);
    pam_stack_free(stack);
    return NULL;
}
