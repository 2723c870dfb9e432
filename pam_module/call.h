/* SPDX-License-Identifier: BSD-2-Clause */
/* One call of the host that the helper has to answer: what the files between entry point and socket share. */
#ifndef PAM_CALL_H
#define PAM_CALL_H

#include <security/pam_modules.h>
#include <stdbool.h>

#include "arguments.h"
#include "caller.h"
#include "frontdesk/protocol.h"

struct call {
    pam_handle_t *pamh;
    struct arguments arguments;
    struct caller caller;
    enum login_phase phase;
    bool silent; /* PAM_SILENT */
};

#endif
