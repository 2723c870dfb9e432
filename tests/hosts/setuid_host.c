/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A setuid program around pam_authenticate, like su but with nothing of its own: what happens to it on the
 * way is done by libpam, libc and the module.
 *
 *   setuid_host SERVICE USER
 */
#include <locale.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int show(int count, const struct pam_message **messages, struct pam_response **ret_responses,
                void *nothing)
{
    struct pam_response *responses = calloc((size_t)count, sizeof *responses);

    (void)nothing;
    if (!responses)
        return PAM_BUF_ERR;
    for (int i = 0; i < count; i++) {
        (void)printf("%s\n", messages[i]->msg);
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF || messages[i]->msg_style == PAM_PROMPT_ECHO_ON)
            responses[i].resp = strdup("");
    }
    *ret_responses = responses;
    return PAM_SUCCESS;
}

int main(int argc, char **argv)
{
    const struct pam_conv conv = {.conv = show};
    pam_handle_t *pamh = NULL;
    int code;

    if (argc != 3 || pam_start(argv[1], argv[2], &conv, &pamh) != PAM_SUCCESS)
        return 99;
    (void)setlocale(LC_ALL, "");
    tzset();
    code = pam_authenticate(pamh, 0);
    if (code == PAM_SUCCESS)
        code = pam_acct_mgmt(pamh, 0);
    (void)pam_end(pamh, code);
    (void)printf("code %d\n", code);
    return code;
}
