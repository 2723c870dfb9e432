/* SPDX-License-Identifier: BSD-2-Clause */
/* A keyword and its value, both in sshd's own lower case. */
#include "cli/check/sshd_settings.h"

#include <stdio.h>
#include <string.h>

void sshd_settings_take(const char *line, struct sshd_settings *settings)
{
    char key[64], value[16];

    if (sscanf(line, "%63s %15s", key, value) != 2)
        return;
    const bool yes = strcmp(value, "yes") == 0;
    if (strcmp(key, "usepam") == 0) {
        settings->any = true;
        settings->pam = yes;
    } else if (strcmp(key, "kbdinteractiveauthentication") == 0) {
        settings->keyboard_interactive = yes;
    } else if (strcmp(key, "passwordauthentication") == 0) {
        settings->password = yes;
    } else if (strcmp(key, "usedns") == 0) {
        settings->use_dns = yes;
    }
}
