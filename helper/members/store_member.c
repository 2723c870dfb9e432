/* SPDX-License-Identifier: BSD-2-Clause */
/* The member as a value: its memory, and the words of its state. */
#include <stdlib.h>
#include <string.h>

#include "members/store_internal.h"

static const char *const state_names[] = {
    [MEMBER_INVITED] = "invited",
    [MEMBER_ACTIVE] = "active",
    [MEMBER_DISABLED] = "disabled",
    [MEMBER_REMOVED] = "removed",
};

const char *member_state_name(enum member_state state)
{
    if ((size_t)state >= sizeof state_names / sizeof state_names[0])
        return "unknown";
    return state_names[state];
}

bool member_state_from_name(const char *name, enum member_state *ret_state)
{
    for (size_t i = 0; i < sizeof state_names / sizeof state_names[0]; i++)
        if (strcmp(state_names[i], name) == 0) {
            *ret_state = (enum member_state)i;
            return true;
        }
    return false;
}

void member_clear(struct member *member)
{
    free(member->issuer);
    free(member->subject);
    free(member->connection);
    free(member->full_name);
    free(member->email);
    free(member->home);
    free(member->shell);
    free(member->groups);
    *member = (struct member){0};
}
