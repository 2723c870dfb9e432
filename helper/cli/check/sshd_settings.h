/* SPDX-License-Identifier: BSD-2-Clause */
/* What `sshd -T` says of the ways in, a setting a line. */
#ifndef HELPER_CLI_SSHD_SETTINGS_H
#define HELPER_CLI_SSHD_SETTINGS_H

#include <stdbool.h>

struct sshd_settings {
    bool any, pam, keyboard_interactive, password, use_dns;
};

/* One line; what is none of these settings is passed over. */
void sshd_settings_take(const char *line, struct sshd_settings *settings);

#endif
