/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of frontdesk-hooks. */
#ifndef HELPER_HOOK_OPTIONS_H
#define HELPER_HOOK_OPTIONS_H

#include <stdbool.h>

#include "log.h"

struct hook_options {
    const char *config_dir, *vendor_dir, *runtime_dir; /* absolute */
    enum log_target log;
    bool debug;
};

/* True: go on. False: *ret_status is the exit status (--help, --version, a wrong option). */
bool hook_options_read(int argc, char **argv, struct hook_options *ret_options, int *ret_status);

#endif
