/* SPDX-License-Identifier: BSD-2-Clause */
/* Settings that are lists of a name and a value. */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "config/settings.h"
#include "connection/connection.h"
#include "frontdesk/member_text.h"

/* What servers read at the device endpoint besides what the grant itself sends there. */
static const char *const extra_names[] = {"audience",   "resource", "acr_values",
                                          "ui_locales", "mkt",      "organization"};

static void cleanup_pairs(struct name_value **pairs)
{
    name_values_free(*pairs);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* A part of the value, without the blanks at its ends. */
struct part {
    const char *text;
    size_t length;
};

static struct part part_of(const char *text, size_t length)
{
    for (; length > 0 && is_blank(*text); text++)
        length--;
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    return (struct part){text, length};
}

static size_t count_pairs(const struct name_value *pairs)
{
    size_t count = 0;

    while (pairs && pairs[count].name)
        count++;
    return count;
}

/* False, and *ret_why NULL: no memory. */
static bool append(struct name_value **pairs, struct part name, struct part value, char **ret_why)
{
    const size_t count = count_pairs(*pairs);
    struct name_value *longer, pair;

    *ret_why = NULL;
    if (count == SETTING_LIST_MAX) {
        *ret_why = setting_sentence("more than %d entries", SETTING_LIST_MAX);
        return false;
    }
    longer = realloc(*pairs, (count + 2) * sizeof *longer);
    if (!longer)
        return false;
    *pairs = longer;
    longer[count] = longer[count + 1] = (struct name_value){NULL, NULL};
    pair.name = strndup(name.text, name.length);
    pair.value = strndup(value.text, value.length);
    if (!pair.name || !pair.value) {
        free(pair.name);
        free(pair.value);
        return false;
    }
    longer[count] = pair;
    return true;
}

static bool empty(struct name_value **pairs, char **ret_why)
{
    *pairs = calloc(1, sizeof **pairs);
    *ret_why = NULL;
    return *pairs != NULL;
}

static void replace(void *field, struct name_value **pairs)
{
    struct name_value **place = field;

    name_values_free(*place);
    *place = *pairs;
    *pairs = NULL;
}

/* Judges one pair; NULL: it is fine, else (malloc'd) what is wrong. `pairs` are those before it. */
typedef char *pair_judge(struct part name, struct part value, const struct name_value *pairs);

/* NAME=VALUE between any of `separators`. */
static bool read_pairs(const char *text, const char *separators, pair_judge *judge, void *field,
                       char **ret_why)
{
    CLEANUP(cleanup_pairs) struct name_value *pairs = NULL;

    if (!empty(&pairs, ret_why))
        return false;
    for (size_t length; *text != '\0'; text += length + (text[length] != '\0')) {
        const struct part word = part_of(text, length = strcspn(text, separators));
        const char *equals = memchr(word.text, '=', word.length);
        const size_t left = equals ? (size_t)(equals - word.text) : 0;

        if (word.length == 0)
            continue;
        const struct part name = part_of(word.text, left);
        const struct part value = equals ? part_of(equals + 1, word.length - left - 1) : name;

        if (name.length == 0 || value.length == 0) {
            *ret_why = setting_sentence("`%.*s` is no NAME=VALUE", (int)word.length, word.text);
            return false;
        }
        *ret_why = judge(name, value, pairs);
        if (*ret_why || !append(&pairs, name, value, ret_why))
            return false;
    }
    replace(field, &pairs);
    return true;
}

static bool part_is(struct part part, const char *text)
{
    return part.length == strlen(text) && memcmp(part.text, text, part.length) == 0;
}

static char *judge_extra(struct part name, struct part value, const struct name_value *pairs)
{
    bool known = false;

    for (size_t i = 0; i < sizeof extra_names / sizeof extra_names[0]; i++)
        known = known || part_is(name, extra_names[i]);
    if (!known)
        return setting_sentence(
            "`%.*s` is not passed on: only audience, resource, acr_values, ui_locales, mkt "
            "and organization are",
            (int)name.length, name.text);
    for (; pairs->name; pairs++)
        if (part_is(name, pairs->name))
            return setting_sentence("`%s` stands here twice", pairs->name);
    for (size_t i = 0; i < value.length; i++)
        if (value.text[i] < 0x21 || value.text[i] > 0x7e)
            return setting_sentence("the value of `%.*s` must be visible ASCII", (int)name.length, name.text);
    return NULL;
}

bool setting_extra_params(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    (void)setting;
    return read_pairs(value, " \t", judge_extra, field, ret_why);
}

static char *judge_claim(struct part name, struct part value, const struct name_value *pairs)
{
    (void)pairs;
    if (name.length > CLAIM_PATH_MAX || memchr(name.text, ' ', name.length) ||
        memchr(name.text, '\t', name.length))
        return setting_sentence("`%.*s` is no path of a claim", (int)name.length, name.text);
    if (!text_is_printable(value.text, value.length))
        return setting_sentence("the value of `%.*s` must be printable", (int)name.length, name.text);
    return NULL;
}

bool setting_required_claims(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    (void)setting;
    return read_pairs(value, ",", judge_claim, field, ret_why);
}

/* As shadow's groupadd has it, so that the name is one that a group can have. */
static bool is_local_group(struct part name)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

    if (name.length < 1 || name.length > LOCAL_NAME_MAX || strchr("0123456789-", name.text[0]))
        return false;
    for (size_t i = 0; i < name.length; i++)
        if (!strchr(alphabet, name.text[i]))
            return false;
    return true;
}

bool setting_group_map(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    CLEANUP(cleanup_pairs) struct name_value *none = NULL;
    /* The last colon: names of groups at an identity provider have colons, local ones have not. */
    const char *colon = strrchr(value, ':');
    struct name_value **pairs = field;

    (void)setting;
    if (value[0] == '\0') {
        if (!empty(&none, ret_why))
            return false;
        replace(field, &none);
        return true;
    }
    const struct part group = part_of(value, colon ? (size_t)(colon - value) : 0);
    const struct part local = colon ? part_of(colon + 1, strlen(colon + 1)) : group;

    if (group.length == 0 || !text_is_printable(value, strlen(value))) {
        *ret_why = setting_sentence("`%s` is no `GROUP : LOCAL_GROUP`", value);
        return false;
    }
    if (!is_local_group(local)) {
        *ret_why = setting_sentence("`%.*s` is no name of a local group ([a-z_][a-z0-9_-]*, at most %d)",
                                    (int)local.length, local.text, LOCAL_NAME_MAX);
        return false;
    }
    for (const struct name_value *pair = *pairs; pair && pair->name; pair++)
        if (part_is(group, pair->name) && part_is(local, pair->value)) {
            *ret_why = setting_sentence("`%s : %s` stands here twice", pair->name, pair->value);
            return false;
        }
    return append(pairs, group, local, ret_why);
}
