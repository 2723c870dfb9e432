/* SPDX-License-Identifier: BSD-2-Clause */
/* The conversation function of the test client: prints every message, and answers well or badly as told. */
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

static char *next_answer(struct host *host)
{
    const char *answer = host->answered < host->answer_count ? host->answers[host->answered] : "";
    static const char megabyte[] = "megabyte", turned[] = "turned:";
    char *long_one, *plain;

    host->answered++;
    if (strncmp(answer, turned, sizeof turned - 1) == 0) {
        plain = malloc(strlen(answer) + 1);
        if (plain)
            memory_make_plain(answer + sizeof turned - 1, plain);
        return plain;
    }
    if (strcmp(answer, megabyte) != 0)
        return strdup(answer);
    long_one = malloc((1 << 20) + 1);
    if (long_one) {
        memset(long_one, 'x', 1 << 20);
        long_one[1 << 20] = '\0';
    }
    return long_one;
}

int host_converse(int count, const struct pam_message **messages, struct pam_response **ret_responses,
                  void *context)
{
    struct host *host = context;
    struct pam_response *response = calloc((size_t)count, sizeof *response);
    char word[32];

    if (!response)
        return PAM_BUF_ERR;
    (void)snprintf(word, sizeof word, "message %d", messages[0]->msg_style);
    print_hex(word, messages[0]->msg);
    if (strcmp(host->conversation, "rename") == 0)
        (void)pam_set_item(host->pamh, PAM_USER, "bruno");
    if (strcmp(host->conversation, "null") == 0) {
        free(response);
        *ret_responses = NULL;
        return PAM_SUCCESS;
    }
    if (strcmp(host->conversation, "error") == 0) {
        free(response);
        return PAM_CONV_ERR;
    }
    if (messages[0]->msg_style == PAM_PROMPT_ECHO_OFF || messages[0]->msg_style == PAM_PROMPT_ECHO_ON)
        response->resp = next_answer(host);
    if (response->resp && response->resp[0] != '\0')
        inject_watch(response->resp);
    *ret_responses = response;
    return PAM_SUCCESS;
}
