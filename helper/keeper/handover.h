/* SPDX-License-Identifier: BSD-2-Clause */
/* The listener's one message: whose sign-in this is, and the module's socket itself. */
#ifndef HELPER_HANDOVER_H
#define HELPER_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>

#include "keeper/state.h"

/*
 * Receives HANDOVER into the record. The kernel's word on the socket's peer must agree with the message,
 * unless the peer is private (`frontdesk login` made the pair itself). False: refused; nothing stays open.
 */
bool handover_take(struct sign_in *sign_in, bool private_peer);

/*
 * Takes the module's first packet out of its socket, where the child has left it. False: it is not this
 * LOGIN. What a child says of it would be a child's word for who asks, for which service, and from where.
 */
bool handover_login_is(const struct sign_in *sign_in, const void *login, size_t length);

#endif
