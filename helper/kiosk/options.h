/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of frontdesk-kiosk, as server and as one sign-in. */
#ifndef HELPER_KIOSK_OPTIONS_H
#define HELPER_KIOSK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "log.h"

struct kiosk_options {
    bool sign_in;           /* one sign-in for the server, on descriptor 3 */
    uint32_t confirm_after; /* seconds; of a sign-in */
    const char *config_dir, *vendor_dir, *runtime_dir, *worker; /* absolute */
    enum log_target log;
    bool debug;
};

/* True: go on. False: *ret_status is the exit status (--help, --version, a wrong option). */
bool options_read(int argc, char **argv, struct kiosk_options *ret_options, int *ret_status);

#endif
