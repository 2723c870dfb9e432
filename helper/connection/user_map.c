/* SPDX-License-Identifier: BSD-2-Clause */
/* Which identities may enter which existing accounts: one broken line refuses the whole file, so that nobody
 * is let in, or left out, by half of what the admin meant. */
#include "connection/user_map.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "ascii.h"
#include "cleanup.h"
#include "config/config_file.h"
#include "config/settings.h"
#include "connection/connection.h"
#include "trusted_path.h"

#define LOCAL_USER_MAX 32  /* bytes: what useradd takes */
#define SUBJECT_SIZE   255 /* bytes: OpenID Connect Core 2 */

static const char sub_prefix[] = "sub:", email_prefix[] = "email:";

/* One identity and one of its users. */
struct link {
    bool by_email;
    char *identity; /* the subject, or the e-mail */
    char *user;
};

struct user_map {
    struct link *links;
    size_t count, room;
};

struct reading {
    struct user_map *map;
    const char *path;
    bool failed;
    char *why; /* of the first fault */
};

/* Takes a malloc'd reason; NULL: no memory. */
static void fail_line(struct reading *reading, unsigned line, char *why)
{
    if (!reading->failed && why)
        reading->why = setting_sentence("%s:%u: %s", reading->path, line, why);
    reading->failed = true;
    free(why);
}

/* By ASCII's rules alone, whatever the locale. */
static bool email_is_same(const char *a, const char *b)
{
    while (*a != '\0' && ascii_lower(*a) == ascii_lower(*b))
        a++, b++;
    return ascii_lower(*a) == ascii_lower(*b);
}

static bool is_visible_ascii(const char *text)
{
    while (*text > 0x20 && *text < 0x7f)
        text++;
    return *text == '\0';
}

static bool email_is_possible(const char *email)
{
    const char *at = strchr(email, '@');

    return is_visible_ascii(email) && at && at != email && at[1] != '\0' && !strchr(at + 1, '@');
}

static bool user_is_possible(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char rest[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.-";

    return strspn(name, letters) > 0 && name[strspn(name, rest)] == '\0' && strlen(name) <= LOCAL_USER_MAX;
}

/* The sentence for the log is malloc'd; NULL: all is well when *ret_ok, else no memory. */
static char *fault_of_identity(const char *identity, bool *ret_ok)
{
    const bool is_sub = strncmp(identity, sub_prefix, sizeof sub_prefix - 1) == 0;
    const bool is_email = strncmp(identity, email_prefix, sizeof email_prefix - 1) == 0;

    *ret_ok = false;
    if (!is_sub && !is_email) {
        const bool looks_like_email = strchr(identity, '@') && strncasecmp(identity, "sub", 3) != 0;

        return setting_sentence("`%s` begins with neither `sub:` nor `email:`; did you mean `%s`?", identity,
                                looks_like_email ? email_prefix : sub_prefix);
    }
    if (is_sub && identity[sizeof sub_prefix - 1] == '\0')
        return setting_sentence("there is no subject behind `sub:`");
    if (strpbrk(identity, " \t"))
        return setting_sentence("`%s` holds a blank", identity);
    if (is_sub && strlen(identity) - (sizeof sub_prefix - 1) > SUBJECT_SIZE)
        return setting_sentence("the subject is longer than %d bytes", SUBJECT_SIZE);
    if (is_email && !email_is_possible(identity + sizeof email_prefix - 1))
        return setting_sentence("`%s` is no e-mail address", identity + sizeof email_prefix - 1);
    *ret_ok = true;
    return NULL;
}

static bool map_add(struct user_map *map, const char *identity, const char *user)
{
    const bool by_email = strncmp(identity, email_prefix, sizeof email_prefix - 1) == 0;
    struct link link = {.by_email = by_email};

    if (map->count == map->room) {
        const size_t room = map->room > 0 ? 2 * map->room : 16;
        struct link *links = reallocarray(map->links, room, sizeof *links);

        if (!links)
            return false;
        map->links = links;
        map->room = room;
    }
    link.identity = strdup(identity + (by_email ? sizeof email_prefix : sizeof sub_prefix) - 1);
    link.user = strdup(user);
    if (!link.identity || !link.user) {
        free(link.identity);
        free(link.user);
        return false;
    }
    map->links[map->count++] = link;
    return true;
}

static void take_users(struct reading *reading, unsigned line, const char *identity, char *users)
{
    unsigned count = 0;
    char *rest = NULL;

    for (char *user = strtok_r(users, " \t", &rest); user; user = strtok_r(NULL, " \t", &rest)) {
        if (!user_is_possible(user))
            return fail_line(reading, line, setting_sentence("`%s` can be no local user's name", user));
        if (strcmp(user, "root") == 0)
            return fail_line(reading, line, setting_sentence("nobody becomes root by an identity"));
        if (++count > USER_MAP_USERS_MAX)
            return fail_line(reading, line, setting_sentence("more than %d users", USER_MAP_USERS_MAX));
        if (!map_add(reading->map, identity, user))
            return fail_line(reading, line, NULL);
    }
    if (count == 0)
        fail_line(reading, line, setting_sentence("no user stands behind `=`"));
}

/* The line was cut at its first '='; its last one counts. */
static void on_entry(void *context, unsigned line, const char *key, const char *value)
{
    struct reading *reading = context;
    const char *last = strrchr(value, '=');
    AUTO_FREE char *identity =
        last ? setting_sentence("%s=%.*s", key, (int)(last - value), value) : strdup(key);
    AUTO_FREE char *users = strdup(last ? last + 1 : value);
    bool is_ok;
    char *why;

    if (!identity || !users)
        return fail_line(reading, line, NULL);
    for (size_t n = strlen(identity); n > 0 && strchr(" \t", identity[n - 1]); n--)
        identity[n - 1] = '\0';
    why = fault_of_identity(identity, &is_ok);
    if (!is_ok)
        return fail_line(reading, line, why);
    take_users(reading, line, identity, users);
}

static void on_section(void *context, unsigned line, const char *kind, const char *name)
{
    (void)kind, (void)name;
    fail_line(context, line, setting_sentence("a section has no meaning here"));
}

static void on_fault(void *context, unsigned line, const char *why)
{
    fail_line(context, line, strdup(why));
}

/* malloc'd; NULL: *ret_why says why. The folder counts too: who may write it may swap the file. */
static char *load(const char *path, size_t *ret_length, char **ret_why)
{
    const char *slash = strrchr(path, '/'), *why = NULL;
    AUTO_FREE char *folder_path = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : NULL;
    AUTO_CLOSE int folder = -1;
    struct path_fault fault;
    bool is_missing = false;
    char *text = NULL;

    *ret_why = NULL;
    if (path[0] != '/') {
        *ret_why = setting_sentence("%s: is no absolute path", path);
        return NULL;
    }
    if (!folder_path)
        return NULL;
    if (!path_is_trusted(folder_path, &fault)) {
        *ret_why = setting_sentence("%s: %s %s", path, fault.where, fault.why);
        return NULL;
    }
    folder = config_folder_open(AT_FDCWD, folder_path, &is_missing, &why);
    if (folder < 0) {
        *ret_why = setting_sentence("%s: the folder %s", path, is_missing ? "does not exist" : why);
        return NULL;
    }
    if (config_file_load(folder, slash + 1, &text, ret_length, &why) != CONFIG_FILE_OK)
        *ret_why = setting_sentence("%s: %s", path, why ? why : "does not exist");
    return text;
}

struct user_map *user_map_read(const char *path, char **ret_why)
{
    struct reading reading = {.path = path};
    const struct config_lines lines = {&reading, on_section, on_entry, on_fault};
    size_t length = 0;
    AUTO_FREE char *text = load(path, &length, ret_why);

    if (!text)
        return NULL;
    reading.map = calloc(1, sizeof *reading.map);
    if (!reading.map)
        return NULL;
    config_file_parse(text, length, &lines);
    if (reading.failed) {
        user_map_free(reading.map);
        *ret_why = reading.why;
        return NULL;
    }
    return reading.map;
}

void user_map_free(struct user_map *map)
{
    if (!map)
        return;
    for (size_t i = 0; i < map->count; i++) {
        free(map->links[i].identity);
        free(map->links[i].user);
    }
    free(map->links);
    free(map);
}

static bool link_is_of(const struct link *link, const char *subject, const char *email)
{
    if (link->by_email)
        return email && email_is_same(link->identity, email);
    return strcmp(link->identity, subject) == 0;
}

char **user_map_users(const struct user_map *map, const char *subject, const char *email)
{
    char **users = calloc(USER_MAP_USERS_MAX + 1, sizeof *users);
    size_t count = 0;

    for (size_t i = 0; users && i < map->count && count < USER_MAP_USERS_MAX; i++) {
        const struct link *link = &map->links[i];

        if (!link_is_of(link, subject, email) || list_has(users, link->user))
            continue;
        users[count] = strdup(link->user);
        if (!users[count]) {
            list_free(users);
            return NULL;
        }
        count++;
    }
    return users;
}

void user_map_each_user(const struct user_map *map, bool (*user)(void *context, const char *name),
                        void *context)
{
    for (size_t i = 0; i < map->count; i++)
        if (!user(context, map->links[i].user))
            return;
}
