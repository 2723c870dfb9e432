/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A binary prompt carries pointers within one process: this is the layout that both sides have agreed on, in
 * definitions of our own (those of GDM 51 abort the host when nothing is offered).
 */
#include "greeter.h"

#include <arpa/inet.h>
#include <limits.h>
#include <security/pam_appl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "frontdesk/protocol.h"

#define EXTENSION    "org.gnome.DisplayManager.UserVerifier.CustomJSON"
#define EXTENSIONS   "GDM_SUPPORTED_PAM_EXTENSIONS" /* in the environment: names with a space between */
#define NOT_OFFERED  (-1)
#define PROTOCOL_MAX 64 /* bytes, with the NUL */

struct extension_json {
    uint32_t length_be; /* of all this, most significant byte first */
    uint8_t type;       /* which of EXTENSIONS it is, from 0 */
    char protocol[PROTOCOL_MAX] __attribute__((aligned(8)));
    unsigned version;
    union {
        const char *sent;
        char *received; /* malloc'd by the host, as is all of a reply */
    } json;
};

_Static_assert(offsetof(struct extension_json, type) == 4 && offsetof(struct extension_json, protocol) == 8 &&
                   offsetof(struct extension_json, version) == 72,
               "as the host has it");
_Static_assert(sizeof PROTOCOL_MECHANISMS <= PROTOCOL_MAX && sizeof PROTOCOL_FRONTDESK <= PROTOCOL_MAX,
               "a protocol's name fits");

/*
 * Its place among the names, or NOT_OFFERED. The environment of a setuid program is the caller's, who must
 * not make such a program hand out pointers: secure_getenv sees none there.
 */
static int extension_type(void)
{
    const char *at = secure_getenv(EXTENSIONS);

    if (!at)
        return NOT_OFFERED;
    at += strspn(at, " ");
    for (int type = 0; type <= UINT8_MAX; type++) {
        const size_t n = strcspn(at, " ");

        if (n == sizeof EXTENSION - 1 && memcmp(at, EXTENSION, n) == 0)
            return type;
        at += n;
        at += strspn(at, " ");
    }
    return NOT_OFFERED;
}

bool greeter_is_offered(void)
{
    return extension_type() != NOT_OFFERED;
}

/* What says another length of itself is none of these, whatever it is. */
static char *take_reply(struct pam_response *response)
{
    struct extension_json *reply = (struct extension_json *)(void *)response->resp;
    char *json = reply && reply->length_be == htonl(sizeof *reply) ? reply->json.received : NULL;

    free(reply);
    return json;
}

char *greeter_ask(pam_handle_t *pamh, const char *protocol, const char *json)
{
    const int type = extension_type();
    struct extension_json request = {.length_be = htonl(sizeof request),
                                     .type = (uint8_t)type,
                                     .version = PROTOCOL_GREETER_VERSION,
                                     .json = {.sent = json}};
    const struct pam_message message = {.msg_style = PAM_BINARY_PROMPT,
                                        .msg = (const char *)(const void *)&request};
    const struct pam_message *messages = &message;
    struct pam_response *response = NULL;
    const void *item = NULL;
    const struct pam_conv *conversation;
    char *reply = NULL;

    (void)pam_get_item(pamh, PAM_CONV, &item); /* NULL when it fails */
    conversation = item;
    if (type == NOT_OFFERED || !conversation || !conversation->conv)
        return NULL;
    (void)strncpy(request.protocol, protocol, sizeof request.protocol - 1);
    if (conversation->conv(1, &messages, &response, conversation->appdata_ptr) == PAM_SUCCESS && response)
        reply = take_reply(response);
    free(response);
    return reply;
}
