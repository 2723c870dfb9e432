/* SPDX-License-Identifier: BSD-2-Clause */
/* The index only asks for groups; what stands in root's files decides (see local_groups.h). */
#include "local_groups.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "frontdesk/ids.h"
#include "line_reader.h"

#define GROUP_NAME_MAX     32
#define ALLOWED_FILE_MAX   (64 * 1024)
#define GROUP_FILE_MAX     (16 * 1024 * 1024)
#define NOBODY_16_BIT_LOW  65534u /* nogroup, and the overflow id */
#define NOBODY_16_BIT_HIGH 65535u

struct wanted {
    char name[GROUP_NAME_MAX + 1];
    bool is_allowed, may_be_low, is_seen;
    gid_t gid;
};

struct wanted_list {
    struct wanted groups[MEMBER_GROUPS_MAX];
    size_t count;
};

static bool group_name_is_valid(const char *name, size_t length)
{
    if (length > GROUP_NAME_MAX || (name[0] < 'a' && name[0] != '_')) /* what ends a name is less, too */
        return false;
    for (size_t i = 0; i < length; i++)
        if (!((name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') || name[i] == '_' ||
              name[i] == '-'))
            return false;
    return true;
}

/* False, for the whole list, when one name of it is none or there are too many. */
static bool read_list(const char *list, struct wanted_list *ret_wanted)
{
    ret_wanted->count = 0;
    for (;;) {
        const size_t length = strcspn(list, ",");
        struct wanted *wanted = &ret_wanted->groups[ret_wanted->count];

        if (ret_wanted->count == MEMBER_GROUPS_MAX || !group_name_is_valid(list, length))
            return false;
        memset(wanted, 0, sizeof *wanted);
        memcpy(wanted->name, list, length);
        ret_wanted->count++;
        if (list[length] == '\0')
            return true;
        list += length + 1;
    }
}

/* NULL: not asked for. A name that stands twice in the list is the same group. */
static struct wanted *find_wanted(struct wanted_list *list, const char *name, size_t length)
{
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->groups[i].name) == length && memcmp(list->groups[i].name, name, length) == 0)
            return &list->groups[i];
    return NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void take_allowed(struct wanted_list *list, const struct line *line)
{
    const char *comment = memchr(line->head, '#', line->length), *name = line->head;
    size_t length = comment ? (size_t)(comment - name) : line->length;
    struct wanted *wanted;
    bool may_be_low;

    if (line->is_cut && !comment)
        return;
    while (length > 0 && is_blank(name[length - 1]))
        length--;
    while (length > 0 && is_blank(*name))
        name++, length--;
    may_be_low = length > 0 && name[length - 1] == '!';
    wanted = find_wanted(list, name, length - may_be_low);
    if (!wanted)
        return;
    wanted->is_allowed = true;
    wanted->may_be_low |= may_be_low;
}

/* The third field of a group's line; 0, which nobody is given: it is no number. */
static gid_t read_gid(const char *field)
{
    const size_t digits = strspn(field, "0123456789");
    uint64_t number = 0;

    if (digits > 10 || field[digits] != ':')
        return 0;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (uint64_t)(field[i] - '0');
    return number < UINT32_MAX ? (gid_t)number : 0;
}

/* name:password:gid:members. As for everybody else, the first line of a name counts. */
static void take_group(struct wanted_list *list, const struct line *line)
{
    const char *password = memchr(line->head, ':', line->length), *gid;
    struct wanted *wanted = password ? find_wanted(list, line->head, (size_t)(password - line->head)) : NULL;

    if (!wanted || wanted->is_seen)
        return;
    wanted->is_seen = true;
    gid = strchr(password + 1, ':');
    if (gid)
        wanted->gid = read_gid(gid + 1);
}

/* A file that is not there, or does not count, says nothing. */
static void read_lines(const char *path, off_t most, struct wanted_list *list,
                       void (*take)(struct wanted_list *list, const struct line *line))
{
    struct line_reader reader;
    struct line line;

    if (!line_reader_open(path, most, &reader))
        return;
    while (line_reader_next(&reader, &line))
        take(list, &line);
    line_reader_close(&reader);
}

static bool may_be_given(const struct wanted *wanted)
{
    if (!wanted->is_allowed || wanted->gid == 0 || id_is_members(wanted->gid) ||
        wanted->gid == NOBODY_16_BIT_LOW || wanted->gid == NOBODY_16_BIT_HIGH)
        return false;
    return wanted->gid >= LOCAL_GROUP_GID_MIN || wanted->may_be_low;
}

size_t local_groups_find(const struct local_groups_files *files, const char *list,
                         gid_t ret_gids[MEMBER_GROUPS_MAX])
{
    struct wanted_list wanted;
    size_t count = 0;

    if (!read_list(list, &wanted))
        return 0;
    read_lines(files->allowed, ALLOWED_FILE_MAX, &wanted, take_allowed);
    read_lines(files->group, GROUP_FILE_MAX, &wanted, take_group);
    for (size_t i = 0; i < wanted.count; i++)
        if (may_be_given(&wanted.groups[i]))
            ret_gids[count++] = wanted.groups[i].gid;
    return count;
}
