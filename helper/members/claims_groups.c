/* SPDX-License-Identifier: BSD-2-Clause */
/* Groups in every shape that issuers send them: an array, one string, or an object whose keys they are. */
#include <stdlib.h>
#include <string.h>

#include "members/claims_internal.h"

/* What json_each_member fills. */
struct group_list {
    char **groups;
    size_t count;
    bool is_whole;
};

static void add_group(struct group_list *list, const char *group)
{
    char *copy = NULL;

    if (list->count < GROUPS_MAX && strlen(group) <= CLAIM_TEXT_MAX)
        copy = strdup(group);
    if (copy)
        list->groups[list->count++] = copy;
    else
        list->is_whole = false;
}

static bool add_key(void *context, const char *name, const struct json_value *value)
{
    (void)value;
    if (name[0] != '\0')
        add_group(context, name);
    return true;
}

static void add_groups(struct group_list *list, const struct json_value *claim)
{
    const char *text;

    if (value_is_text(claim, CLAIM_TEXT_MAX, &text)) {
        add_group(list, text);
    } else if (json_is_object(claim)) {
        json_each_member(claim, add_key, list);
    } else {
        for (size_t i = 0; i < json_array_length(claim); i++)
            if (value_is_text(json_array_at(claim, i), CLAIM_TEXT_MAX, &text))
                add_group(list, text);
    }
}

/* Entra, beyond 200: a reference to where groups may be asked for, or only word that there are some. */
static bool says_it_left_out(const struct json_value *document, const char *path)
{
    const struct json_value *flag = json_get(document, "hasgroups");
    bool has_groups;

    if (json_get(json_get(document, "_claim_names"), path))
        return true;
    has_groups = json_boolean(flag, &has_groups) ? has_groups : json_string_is(flag, "true");
    return has_groups && strcmp(path, "groups") == 0;
}

/* All or none: a list that was cut could lack just the group that forbids. */
bool take_groups(const struct json_value *id_token, const struct json_value *userinfo, const char *path,
                 struct identity *identity)
{
    const struct json_value *claim = json_get_path(id_token, path);
    struct group_list list = {.groups = calloc(GROUPS_MAX + 1, sizeof(char *)), .is_whole = true};

    if (!list.groups)
        return false;
    if (claim || !json_get_path(userinfo, path))
        list.is_whole = !says_it_left_out(id_token, path);
    if (!claim)
        list.is_whole = list.is_whole && !says_it_left_out(userinfo, path);
    if (list.is_whole)
        add_groups(&list, claim ? claim : json_get_path(userinfo, path));
    for (size_t i = 0; !list.is_whole && i < list.count; i++) {
        free(list.groups[i]);
        list.groups[i] = NULL;
    }
    identity->groups = list.groups;
    identity->groups_overflowed = !list.is_whole;
    return true;
}
