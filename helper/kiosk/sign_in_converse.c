/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A conversation without a keyboard. A binary prompt carries pointers within one process: its layout is what
 * both sides have agreed on (that of GNOME's display manager), in definitions of our own.
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "cleanup.h"
#include "frontdesk/protocol.h"
#include "kiosk/sign_in.h"
#include "log.h"

#define EXTENSION       "org.gnome.DisplayManager.UserVerifier.CustomJSON"
#define EXTENSIONS      "GDM_SUPPORTED_PAM_EXTENSIONS"
#define EXTENSION_TYPE  0 /* its place among those offered */
#define PROTOCOL_LENGTH 64

struct extension_json {
    uint32_t length_be;
    uint8_t type;
    char protocol[PROTOCOL_LENGTH] __attribute__((aligned(8)));
    unsigned version;
    char *json;
};
_Static_assert(offsetof(struct extension_json, protocol) == 8 &&
                   offsetof(struct extension_json, version) == 72,
               "as GNOME's display manager has it");

static const char chosen[] = "{\"authSelection\":{\"status\":\"Ok\",\"eidp\":{}}}";

bool sign_in_offer_extension(void)
{
    return setenv(EXTENSIONS, EXTENSION, 1) == 0;
}

static bool is_request(const struct extension_json *request)
{
    return request && request->length_be == htonl(sizeof *request) && request->type == EXTENSION_TYPE &&
           request->version == PROTOCOL_GREETER_VERSION && request->json &&
           memchr(request->protocol, '\0', sizeof request->protocol);
}

/* NULL: nothing that could be answered. */
static const char *answer(struct sign_in *sign_in, const struct extension_json *request)
{
    if (strcmp(request->protocol, PROTOCOL_MECHANISMS) == 0)
        return sign_in_say_code(sign_in, request->json) ? chosen : NULL;
    if (strcmp(request->protocol, PROTOCOL_FRONTDESK) == 0)
        return sign_in_note_refusal(sign_in, request->json) ? "{}" : NULL;
    return NULL;
}

static bool reply(struct sign_in *sign_in, const struct extension_json *request, char **ret_response)
{
    const char *json = is_request(request) ? answer(sign_in, request) : NULL;
    struct extension_json *made = json ? calloc(1, sizeof *made) : NULL;

    if (!made)
        return false;
    *made = *request;
    made->json = strdup(json);
    if (!made->json) {
        free(made);
        return false;
    }
    *ret_response = (char *)made;
    return true;
}

/* What a module says beside the extension: its error is the text of a refusal that nobody told better. */
static void hear(struct sign_in *sign_in, const struct pam_message *message)
{
    const size_t length = message->msg ? strlen(message->msg) : 0;

    if (message->msg_style == PAM_ERROR_MSG && length > 0 && length < sizeof sign_in->refusal.text)
        memcpy(sign_in->refusal.text, message->msg, length + 1);
}

static bool converse_once(struct sign_in *sign_in, const struct pam_message *message,
                          struct pam_response *response)
{
    switch (message->msg_style) {
    case PAM_BINARY_PROMPT:
        return reply(sign_in, (const struct extension_json *)(const void *)message->msg, &response->resp);
    case PAM_TEXT_INFO:
    case PAM_ERROR_MSG:
        hear(sign_in, message);
        return true;
    default:
        log_line(LOG_ERR, "a module of this service asks for something to be typed: there is no keyboard");
        return false;
    }
}

int sign_in_converse(int count, const struct pam_message **messages, struct pam_response **ret_responses,
                     void *context)
{
    struct pam_response *responses;

    /* A reply is freed by those who asked, and only one has a layout that they know how to free. */
    if (count < 1 || count > PAM_MAX_NUM_MSG || (count > 1 && messages[0]->msg_style == PAM_BINARY_PROMPT))
        return PAM_CONV_ERR;
    responses = calloc((size_t)count, sizeof *responses);
    if (!responses)
        return PAM_BUF_ERR;
    for (int i = 0; i < count; i++)
        if ((i > 0 && messages[i]->msg_style == PAM_BINARY_PROMPT) ||
            !converse_once(context, messages[i], &responses[i])) {
            free(responses);
            return PAM_CONV_ERR;
        }
    *ret_responses = responses;
    return PAM_SUCCESS;
}
