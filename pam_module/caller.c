/* SPDX-License-Identifier: BSD-2-Clause */
/* Sorts users into those who depend on the helper and those who never do (see caller.h). */
#include "caller.h"

#include <security/pam_ext.h>
#include <string.h>
#include <unistd.h>

#include "frontdesk/ids.h"
#include "lookup.h"

/* Never pam_get_user: it would ask the person for a name. NULL: it cannot be read, which is not "unset". */
static const char *user_item(pam_handle_t *pamh)
{
    const void *user = NULL;

    if (pam_get_item(pamh, PAM_USER, &user) != PAM_SUCCESS)
        return NULL;
    return user ? user : "";
}

static enum caller_kind kind_of(const char *user, const struct arguments *arguments)
{
    uid_t uid = 0;

    switch (lookup_user(user, &uid)) {
    case LOOKUP_ABSENT:
        return CALLER_STRANGER;
    case LOOKUP_FAILED:
        return CALLER_UNREADABLE;
    case LOOKUP_FOUND:
        break;
    }
    if (id_is_members(uid))
        return CALLER_MEMBER;
    return uid != 0 && name_list_has(arguments->local_users, user) ? CALLER_LISTED : CALLER_LOCAL;
}

/* Root has no check-ins to make: what it asks for is a sign-in, of a user. */
static bool is_kiosk(pam_handle_t *pamh)
{
    const void *service = NULL;

    (void)pam_get_item(pamh, PAM_SERVICE, &service); /* NULL when it fails */
    return service && strcmp(service, PROTOCOL_KIOSK_SERVICE) == 0 && geteuid() != 0;
}

struct caller caller_find(pam_handle_t *pamh, const struct arguments *arguments)
{
    const char *user = user_item(pamh);
    struct caller caller = {.kind = CALLER_UNREADABLE};
    size_t n;

    if (!user)
        return caller;
    n = strnlen(user, PROTOCOL_USER_MAX + 1);
    caller.kind = CALLER_UNNAMED;
    memcpy(caller.user, user, strnlen(user, PROTOCOL_USER_MAX));
    if (n > PROTOCOL_USER_MAX)
        caller.kind = CALLER_TOO_LONG;
    else if (name_list_has(arguments->break_glass, user))
        caller.kind = CALLER_BREAK_GLASS;
    else if (n > 0)
        caller.kind = kind_of(user, arguments);
    else if (is_kiosk(pamh))
        caller.kind = CALLER_KIOSK;
    return caller;
}

bool caller_is_unchanged(pam_handle_t *pamh, const struct caller *caller)
{
    const char *user = user_item(pamh);

    return user && strcmp(user, caller->user) == 0;
}

const char *caller_why_not(const char *user, const struct arguments *arguments)
{
    uid_t uid = 0;

    if (user[0] == '\0')
        return "allow_without_user";
    switch (lookup_user(user, &uid)) {
    case LOOKUP_ABSENT:
        return "allow_for_nobody";
    case LOOKUP_FAILED:
        return "user_lookup_failed";
    case LOOKUP_FOUND:
        break;
    }
    if (uid == 0)
        return "allow_for_uid_0";
    if (!id_is_members(uid) && !name_list_has(arguments->local_users, user))
        return "allow_outside_range";
    return NULL;
}
