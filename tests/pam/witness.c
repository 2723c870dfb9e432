/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A PAM module that stands behind ours in a stack, in place of pam_unix: tells which password it was left.
 * With an argument it stands before ours, and that is the password it leaves.
 */
#include <security/pam_modules.h>
#include <stdio.h>

#include "client.h"

#define EXPORTED __attribute__((visibility("default")))

EXPORTED int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    const void *password = NULL;

    (void)flags;
    if (argc > 0)
        return pam_set_item(pamh, PAM_AUTHTOK, argv[0]);
    if (pam_get_item(pamh, PAM_AUTHTOK, &password) != PAM_SUCCESS)
        return PAM_SYSTEM_ERR;
    if (password)
        print_hex("authtok", password);
    else
        (void)puts("no_authtok");
    memory_print_secrets();
    return PAM_SUCCESS;
}

EXPORTED int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    (void)pamh, (void)flags, (void)argc, (void)argv;
    return PAM_SUCCESS;
}
