/* SPDX-License-Identifier: BSD-2-Clause */
/* LOGIN: what the module knows about the sign-in that it asks about. */
#ifndef PAM_DESCRIBE_H
#define PAM_DESCRIBE_H

#include <stddef.h>

#include "call.h"

/* FRONTDESK_SESSION of the PAM environment; "" when there is none, or nothing that fits a message. */
const char *describe_ticket(pam_handle_t *pamh);

/* Bytes of the packet; 0: the host gave an item that is too long. */
size_t describe_call(const struct call *call, void *ret_packet, size_t size);

#endif
