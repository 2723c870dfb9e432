/* SPDX-License-Identifier: BSD-2-Clause */
/* The JSON extension with which GNOME's display manager, and frontdesk-kiosk, take more than text. */
#ifndef PAM_GREETER_H
#define PAM_GREETER_H

#include <security/pam_modules.h>
#include <stdbool.h>

/* The host of this process offers it. */
bool greeter_is_offered(void);

/*
 * The host's reply to this object of one of the protocols (protocol.h), or NULL: none came. It may hold a
 * password: converse_erase it.
 */
char *greeter_ask(pam_handle_t *pamh, const char *protocol, const char *json);

#endif
