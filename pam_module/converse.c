/* SPDX-License-Identifier: BSD-2-Clause */
/* Shows and asks through the host, whatever the host's conversation function returns. */
#include "converse.h"

#include <security/pam_ext.h>
#include <stdlib.h>
#include <string.h>

void converse_erase(char *answer)
{
    if (!answer)
        return;
    explicit_bzero(answer, strlen(answer));
    free(answer);
}

bool converse_show(pam_handle_t *pamh, int style, const char *text)
{
    return pam_prompt(pamh, style, NULL, "%s", text) == PAM_SUCCESS;
}

char *converse_ask(pam_handle_t *pamh, int style, const char *text)
{
    char *answer = NULL;

    if (pam_prompt(pamh, style, &answer, "%s", text) == PAM_SUCCESS)
        return answer;
    converse_erase(answer);
    return NULL;
}
