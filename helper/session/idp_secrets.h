/* SPDX-License-Identifier: BSD-2-Clause */
/* What a sign-in at an IdP knows and no log may. */
#ifndef HELPER_IDP_SECRETS_H
#define HELPER_IDP_SECRETS_H

#include "session/session_idp.h"

/*
 * Hides them in what is told of a failure, in each spelling in which they were sent, for an IdP may repeat
 * that; and whatever else looks like a code (oidc/hide.h). Without memory nothing is told.
 */
void idp_hide_secrets(const struct idp *idp, char *told);

#endif
