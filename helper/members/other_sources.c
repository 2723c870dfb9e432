/* SPDX-License-Identifier: BSD-2-Clause */
/* The name service's own modules, by the functions that it calls itself (nss(5), <nss.h>). */
#include "members/other_sources.h"

#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

#define NSSWITCH     "/etc/nsswitch.conf"
#define BUFFER_FIRST 4096
#define BUFFER_MAX   (16 * 1024 * 1024) /* as in system_accounts.c */
#define SOURCE_MAX   64                 /* of a source's name */

#define SOURCE_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+"

struct asked {
    const char *name;
    uint32_t id;
    char *who;
    size_t who_size;
};

/* Where an entry is written, and what it says. */
struct room {
    char *buffer;
    size_t size;
    int error;
    const char *name;
    uint32_t id;
};

typedef enum nss_status (*by_name_of_user)(const char *, struct passwd *, char *, size_t, int *);
typedef enum nss_status (*by_id_of_user)(uid_t, struct passwd *, char *, size_t, int *);
typedef enum nss_status (*by_name_of_group)(const char *, struct group *, char *, size_t, int *);
typedef enum nss_status (*by_id_of_group)(gid_t, struct group *, char *, size_t, int *);

static enum nss_status ask_user(void *function, const struct asked *asked, bool by_name, struct room *room)
{
    struct passwd user = {0};
    enum nss_status status =
        by_name ? ((by_name_of_user)function)(asked->name, &user, room->buffer, room->size, &room->error)
                : ((by_id_of_user)function)(asked->id, &user, room->buffer, room->size, &room->error);

    room->name = user.pw_name;
    room->id = user.pw_uid;
    return status;
}

static enum nss_status ask_group(void *function, const struct asked *asked, bool by_name, struct room *room)
{
    struct group group = {0};
    enum nss_status status =
        by_name ? ((by_name_of_group)function)(asked->name, &group, room->buffer, room->size, &room->error)
                : ((by_id_of_group)function)(asked->id, &group, room->buffer, room->size, &room->error);

    room->name = group.gr_name;
    room->id = group.gr_gid;
    return status;
}

static const struct question {
    const char *database, *function, *kind;
    bool by_name;
    enum nss_status (*ask)(void *function, const struct asked *asked, bool by_name, struct room *room);
} questions[] = {
    {"passwd", "getpwnam_r", "user", true, ask_user},
    {"passwd", "getpwuid_r", "user", false, ask_user},
    {"group", "getgrnam_r", "group", true, ask_group},
    {"group", "getgrgid_r", "group", false, ask_group},
};

/* NULL: not installed, or it has no such entries. Stays loaded, as the name service itself keeps it. */
static void *find_function(const char *source, const char *function)
{
    char text[SOURCE_MAX + 32];
    void *module;

    (void)snprintf(text, sizeof text, "libnss_%s.so.2", source);
    module = dlopen(text, RTLD_NOW);
    (void)snprintf(text, sizeof text, "_nss_%s_%s", source, function);
    return module ? dlsym(module, text) : NULL;
}

/* Who fits in no buffer is somebody, nobody can say who; a source that wants no larger one cannot answer. */
static enum system_answer ask_source(const struct question *question, const char *source,
                                     const struct asked *asked)
{
    void *function = find_function(source, question->function);

    for (size_t size = BUFFER_FIRST; function && size <= BUFFER_MAX; size *= 4) {
        AUTO_FREE char *buffer = malloc(size);
        struct room room = {.buffer = buffer, .size = size};
        enum nss_status status;

        if (!buffer)
            return SYSTEM_UNKNOWN;
        status = question->ask(function, asked, question->by_name, &room);
        if (status == NSS_STATUS_SUCCESS) {
            (void)snprintf(asked->who, asked->who_size, "the %s %.48s (%u) of the source %.24s",
                           question->kind, room.name ? room.name : "", (unsigned)room.id, source);
            return SYSTEM_TAKEN;
        }
        if (status != NSS_STATUS_TRYAGAIN || room.error != ERANGE)
            return SYSTEM_FREE;
    }
    return function ? SYSTEM_UNKNOWN : SYSTEM_FREE;
}

static bool is_another(const char *source)
{
    static const char *const left_out[] = {"frontdesk", "files", "compat"};

    if (strlen(source) >= SOURCE_MAX || source[strspn(source, SOURCE_BYTES)] != '\0')
        return false;
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
        if (strcmp(source, left_out[i]) == 0)
            return false;
    return true;
}

static enum system_answer source_has(const char *database, const char *source, const struct asked *asked)
{
    enum system_answer answer = SYSTEM_FREE;

    for (size_t i = 0; answer == SYSTEM_FREE && i < sizeof questions / sizeof questions[0]; i++)
        if (strcmp(questions[i].database, database) == 0 && (asked->name || !questions[i].by_name))
            answer = ask_source(&questions[i], source, asked);
    return answer;
}

/* "passwd: files [NOTFOUND=return] sss # as of May": what stands in brackets is for the name service. */
static void keep_sources(char *line)
{
    bool is_action = false;

    line[strcspn(line, "#\n")] = '\0';
    for (; *line; line++) {
        const char c = *line;

        is_action = c == '[' || (is_action && c != ']');
        if (is_action || c == ']')
            *line = ' ';
    }
}

/* The name service, too, takes a blank for the colon. */
static enum system_answer line_has(char *line, const struct asked *asked)
{
    enum system_answer answer = SYSTEM_FREE;
    char *rest, *database, *source;

    keep_sources(line);
    rest = line + strspn(line, " \t");
    database = strsep(&rest, ": \t");
    while (answer == SYSTEM_FREE && (source = strsep(&rest, ": \t")) != NULL)
        if (source[0] != '\0' && is_another(source))
            answer = source_has(database, source, asked);
    return answer;
}

enum system_answer other_sources_have(const char *name, uint32_t id, char *ret_who, size_t size)
{
    const struct asked asked = {name, id, ret_who, size};
    AUTO_FCLOSE FILE *file = fopen(NSSWITCH, "re");
    AUTO_FREE char *line = NULL;
    enum system_answer answer = SYSTEM_FREE;
    size_t line_size = 0;

    if (!file)
        return errno == ENOENT ? SYSTEM_FREE : SYSTEM_UNKNOWN;
    while (answer == SYSTEM_FREE && getline(&line, &line_size, file) > 0)
        answer = line_has(line, &asked);
    return answer == SYSTEM_FREE && !feof(file) ? SYSTEM_UNKNOWN : answer;
}
