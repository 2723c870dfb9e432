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

/* What a host returns that does not work, as it calls it; PAM_SUCCESS: it works. */
static int failure_of(const char *conversation)
{
    static const struct {
        const char *name;
        int code;
    } failures[] = {
        {"error", PAM_CONV_ERR}, {"again", PAM_CONV_AGAIN}, {"abort", PAM_ABORT}, {"unknown-code", 77}};

    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++)
        if (strcmp(conversation, failures[i].name) == 0)
            return failures[i].code;
    return PAM_SUCCESS;
}

static int is_question(const struct pam_message *message)
{
    return message->msg_style == PAM_PROMPT_ECHO_OFF || message->msg_style == PAM_PROMPT_ECHO_ON;
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
    print_hex(word, messages[0]->msg_style == PAM_BINARY_PROMPT ? "" : messages[0]->msg);
    if (strcmp(host->conversation, "rename") == 0)
        (void)pam_set_item(host->pamh, PAM_USER, "bruno");
    if (strcmp(host->conversation, "null") == 0) {
        free(response);
        *ret_responses = NULL;
        return PAM_SUCCESS;
    }
    if (failure_of(host->conversation) != PAM_SUCCESS) {
        free(response);
        return failure_of(host->conversation);
    }
    if (messages[0]->msg_style == PAM_BINARY_PROMPT) {
        *ret_responses = response;
        return host_greet(host, messages[0], response);
    }
    if (strcmp(host->conversation, "chatty") == 0 && !is_question(messages[0]))
        response->resp = strdup("nobody asked");
    else if (is_question(messages[0]) && strcmp(host->conversation, "no-text") != 0)
        response->resp = next_answer(host);
    if (response->resp && response->resp[0] != '\0')
        inject_watch(response->resp);
    *ret_responses = response;
    return PAM_SUCCESS;
}
