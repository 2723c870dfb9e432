/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of pam.d become one list of lines, with what they include in its place. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cleanup.h"
#include "cli/check/pam_stack.h"
#include "config/settings.h"

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

static bool parse_action(const char *word, int *ret_action)
{
    static const struct {
        const char *word;
        int action;
    } known[] = {{"ignore", PAM_ACTION_IGNORE}, {"ok", PAM_ACTION_OK},   {"done", PAM_ACTION_DONE},
                 {"bad", PAM_ACTION_BAD},       {"die", PAM_ACTION_DIE}, {"reset", PAM_ACTION_RESET}};
    char *end;
    const long number = strtol(word, &end, 10);

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcasecmp(word, known[i].word) == 0) {
            *ret_action = known[i].action;
            return true;
        }
    if (end == word || *end != '\0' || number < 0 || number > PAM_LINES_MAX)
        return false;
    *ret_action = (int)number;
    return true;
}

/* "success=done ignore=ignore default=die": what no pair names is `default`, and that is `bad` unsaid. */
static bool parse_pairs(char *text, int actions[PAM_OUTCOME_COUNT])
{
    static const char *const outcomes[] = {"success", "ignore", "auth_err", "user_unknown",
                                           "authinfo_unavail"};
    bool said[PAM_OUTCOME_COUNT] = {false};
    int fallback = PAM_ACTION_BAD;
    char *rest = text, *pair;

    while ((pair = strsep(&rest, " \t")) != NULL) {
        char *value = strchr(pair, '=');
        int action;

        if (pair[0] == '\0')
            continue;
        if (!value || !parse_action(value + 1, &action))
            return false;
        *value = '\0';
        if (strcasecmp(pair, "default") == 0)
            fallback = action;
        for (size_t i = 0; i < PAM_OUTCOME_COUNT; i++)
            if (strcasecmp(pair, outcomes[i]) == 0) {
                actions[i] = action;
                said[i] = true;
            }
    }
    for (size_t i = 0; i < PAM_OUTCOME_COUNT; i++)
        if (!said[i])
            actions[i] = fallback;
    return true;
}

static bool parse_control(const char *control, int actions[PAM_OUTCOME_COUNT])
{
    static const struct {
        const char *word, *pairs;
    } known[] = {
        {"required", "success=ok ignore=ignore default=bad"},
        {"requisite", "success=ok ignore=ignore default=die"},
        {"sufficient", "success=done default=ignore"},
        {"optional", "success=ok default=ignore"},
    };
    AUTO_FREE char *pairs = NULL;

    for (size_t i = 0; !pairs && i < sizeof known / sizeof known[0]; i++)
        if (strcasecmp(control, known[i].word) == 0)
            pairs = strdup(known[i].pairs);
    if (!pairs && strchr(control, '='))
        pairs = strdup(control);
    return pairs && parse_pairs(pairs, actions);
}

static char **copy_words(char *const *words, size_t count)
{
    char **copy = calloc(count + 1, sizeof *copy);

    for (size_t i = 0; copy && i < count; i++)
        copy[i] = strdup(words[i]);
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
    return parse_control(words[1], line->actions) ||
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

/* A line and what a backslash at its end joins to it; malloc'd, NULL: the end. */
static char *next_line(FILE *file, unsigned *number)
{
    char *whole = NULL;
    bool more = true;

    while (more) {
        AUTO_FREE char *part = NULL;
        size_t size = 0;
        char *longer;

        if (getline(&part, &size, file) < 0)
            break;
        ++*number;
        part[strcspn(part, "#\n")] = '\0';
        const size_t length = strlen(part);

        more = length > 0 && part[length - 1] == '\\';
        if (more)
            part[length - 1] = ' ';
        longer = setting_sentence("%s%s", whole ? whole : "", part);
        free(whole);
        whole = longer;
        if (!whole)
            break;
    }
    return whole;
}

/* The path of the first folder's file; NULL: none has it. */
static FILE *open_service(const struct reader *reader, const char *service, char **ret_path)
{
    if (service[0] == '/') {
        *ret_path = strdup(service);
        return *ret_path ? fopen(*ret_path, "re") : NULL;
    }
    for (const char *const *folder = reader->folders; *folder; folder++) {
        char *path = setting_sentence("%s/%s", *folder, service);
        FILE *file = path ? fopen(path, "re") : NULL;

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
    bool whole = file != NULL;
    char *text;

    reader->depth++;
    while (whole && (text = next_line(file, &place.number)) != NULL) {
        whole = take_line(reader, &place, text);
        free(text);
    }
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
