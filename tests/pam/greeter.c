/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The test client as GNOME's session worker is: looks at a binary prompt as GDM does, by a layout written
 * down here once more, and answers with what the greeter would have said.
 *
 *   ANSWER   a reply of that JSON (none: the sign-in with a code). "no-json", "no-reply": one without it.
 *            "short", "long": one of another length. "megabyte": that much of it. "turned:X": the password X.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

#define NAME "org.gnome.DisplayManager.UserVerifier.CustomJSON"

struct header {
    uint32_t length;
    unsigned char type;
    unsigned char data[];
};

struct json_protocol {
    struct header header;
    char protocol_name[64];
    unsigned int version;
    char *json;
};

#if __SIZEOF_POINTER__ == 8
_Static_assert(sizeof(struct json_protocol) == 88, "as GDM has it on a machine of 64 bits");
#endif

/* GDM keeps the names in a list: is the one of this number the extension's? */
static int is_advertised(unsigned type)
{
    const char *names = getenv("GDM_SUPPORTED_PAM_EXTENSIONS");
    char *copy = strdup(names ? names : ""), *rest = copy, *name;
    int found = 0;

    for (unsigned i = 0; copy && (name = strsep(&rest, " ")); i++)
        if (i == type)
            found = strcmp(name, NAME) == 0;
    free(copy);
    return found;
}

static char *filled(size_t size)
{
    char *text = malloc(size + 1);

    if (!text)
        return NULL;
    memset(text, 'x', size);
    text[size] = '\0';
    return text;
}

/* The secret is plain nowhere but in the reply. */
static char *password_reply(const char *turned)
{
    static const char head[] = "{\"authSelection\":{\"status\":\"Ok\",\"password\":{\"password\":\"",
                      tail[] = "\"}}}";
    char *reply = malloc(sizeof head + strlen(turned) + sizeof tail);

    if (!reply)
        return NULL;
    memcpy(reply, head, sizeof head);
    memory_make_plain(turned, reply + sizeof head - 1);
    memcpy(reply + sizeof head - 1 + strlen(turned), tail, sizeof tail);
    return reply;
}

static char *json_of(const char *answer)
{
    static const char turned[] = "turned:";

    if (strcmp(answer, "no-json") == 0)
        return NULL;
    if (strcmp(answer, "megabyte") == 0)
        return filled(1 << 20);
    if (strncmp(answer, turned, sizeof turned - 1) == 0)
        return password_reply(answer + sizeof turned - 1);
    return strdup(answer[0] ? answer : "{\"authSelection\":{\"status\":\"Ok\",\"eidp\":{}}}");
}

static struct json_protocol *reply_to(const struct json_protocol *request, const char *answer)
{
    struct json_protocol *reply = calloc(1, sizeof *reply);

    if (!reply)
        return NULL;
    *reply = *request;
    reply->json = json_of(answer);
    if (strcmp(answer, "short") == 0 || strcmp(answer, "long") == 0) {
        free(reply->json);
        reply->json = NULL;
        reply->header.length = htonl(answer[0] == 's' ? sizeof *reply - 1 : sizeof *reply + 1);
    }
    if (reply->json && reply->json[0] != '\0')
        inject_watch(reply->json);
    return reply;
}

int host_greet(struct host *host, const struct pam_message *message, struct pam_response *response)
{
    const struct json_protocol *request = (const struct json_protocol *)(const void *)message->msg;
    const char *answer = host->answered < host->answer_count ? host->answers[host->answered] : "";
    char word[128];

    host->answered++;
    if (ntohl(request->header.length) != sizeof *request || !is_advertised(request->header.type)) {
        (void)puts("greeter malformed 0 0 00");
        return PAM_CONV_ERR;
    }
    (void)snprintf(word, sizeof word, "greeter %.63s %u %u", request->protocol_name, request->version,
                   request->header.type);
    print_hex(word, request->json);
    if (strcmp(answer, "no-reply") == 0)
        return PAM_SUCCESS;
    response->resp = (char *)(void *)reply_to(request, answer);
    return response->resp ? PAM_SUCCESS : PAM_BUF_ERR;
}
