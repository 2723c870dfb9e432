/* SPDX-License-Identifier: BSD-2-Clause */
/* The regular expression runs in the C locale: elsewhere [a-z] may hold other letters, and bytes meet. */
#include "members/map_name.h"

#include <locale.h>
#include <regex.h>
#include <string.h>

#define GROUPS 2 /* the whole match, and the name */

static bool match(const char *expression, const char *claim, regmatch_t *ret_name)
{
    regmatch_t groups[GROUPS];
    regex_t regex;
    int code;

    if (regcomp(&regex, expression, REG_EXTENDED) != 0)
        return false;
    code = regexec(&regex, claim, GROUPS, groups, 0);
    regfree(&regex);
    if (code != 0 || groups[0].rm_so != 0 || (size_t)groups[0].rm_eo != strlen(claim) || groups[1].rm_so < 0)
        return false;
    *ret_name = groups[1];
    return true;
}

static bool match_in_c_locale(const char *expression, const char *claim, regmatch_t *ret_name)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before;
    bool is_match;

    if (!c)
        return false;
    before = uselocale(c);
    is_match = match(expression, claim, ret_name);
    (void)uselocale(before);
    freelocale(c);
    return is_match;
}

enum reason map_name(const struct connection *connection, const struct identity *identity,
                     char ret_name[MEMBER_NAME_MAX + 1])
{
    char name[MEMBER_NAME_MAX + 1] = "";
    regmatch_t place;
    size_t length;

    if (!identity->username)
        return REASON_USERNAME_CLAIM_MISSING;
    place = (regmatch_t){0, (regoff_t)strlen(identity->username)};
    if (connection->username_regex &&
        !match_in_c_locale(connection->username_regex, identity->username, &place))
        return REASON_USERNAME_REGEX;
    length = (size_t)(place.rm_eo - place.rm_so);
    if (!member_name_is_valid(identity->username + place.rm_so, length))
        return REASON_NAME_INVALID;
    memcpy(name, identity->username + place.rm_so, length);
    if (member_name_is_reserved(name))
        return REASON_NAME_RESERVED;
    memcpy(ret_name, name, sizeof name);
    return REASON_OK;
}
