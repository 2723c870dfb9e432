/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers: nothing is kept by a browser, nothing comes from elsewhere, and no other page may look. */
#include <microhttpd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/web_server_internal.h"

static const struct header {
    const char *name, *value;
} headers[] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
     "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy",
     "accelerometer=(), autoplay=(), bluetooth=(), camera=(), clipboard-read=(), clipboard-write=(), "
     "display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), "
     "hid=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), "
     "picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), "
     "web-share=(), xr-spatial-tracking=()"},
};

static bool add_headers(struct MHD_Response *response)
{
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        if (MHD_add_response_header(response, headers[i].name, headers[i].value) != MHD_YES)
            return false;
    return true;
}

/* The response is gone afterwards. */
static bool answer(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
    const bool queued =
        response && add_headers(response) && MHD_queue_response(connection, status, response) == MHD_YES;

    if (response)
        MHD_destroy_response(response);
    return queued;
}

bool web_answer_empty(struct MHD_Connection *connection, unsigned status)
{
    static char nothing[] = "";
    struct MHD_Response *response = MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);

    /* Who was refused has no use for the connection. */
    if (response && status >= MHD_HTTP_BAD_REQUEST &&
        MHD_add_response_header(response, "Connection", "close") != MHD_YES) {
        MHD_destroy_response(response);
        return false;
    }
    return answer(connection, status, response);
}

bool web_answer_file(struct MHD_Connection *connection, struct page_file file)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(file.length, (void *)(uintptr_t)file.bytes, MHD_RESPMEM_MUST_COPY);

    if (response && MHD_add_response_header(response, "Content-Type", file.type) != MHD_YES) {
        MHD_destroy_response(response);
        return false;
    }
    return answer(connection, MHD_HTTP_OK, response);
}

static bool answer_events(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
    if (MHD_add_response_header(response, "Content-Type", "text/event-stream") != MHD_YES ||
        MHD_add_response_header(response, "Connection", "close") != MHD_YES) {
        MHD_destroy_response(response);
        return false;
    }
    return answer(connection, status, response);
}

/* A page that has no words yet has them by this event, and says in its language why it waits. */
bool web_answer_full(struct MHD_Connection *connection, const struct line *hello)
{
    static const char before[] = "event: hello\ndata: ", behind[] = "\n\n";
    const size_t size = sizeof before - 1 + hello->length + sizeof behind - 1;
    char *event = hello->is_short ? NULL : malloc(size);
    struct MHD_Response *response;

    if (!event)
        return web_answer_empty(connection, MHD_HTTP_SERVICE_UNAVAILABLE);
    memcpy(event, before, sizeof before - 1);
    memcpy(event + sizeof before - 1, hello->bytes, hello->length);
    memcpy(event + size - (sizeof behind - 1), behind, sizeof behind - 1);
    response = MHD_create_response_from_buffer(size, event, MHD_RESPMEM_MUST_FREE);
    if (!response)
        free(event);
    return response && answer_events(connection, MHD_HTTP_SERVICE_UNAVAILABLE, response);
}

bool web_answer_stream(struct MHD_Connection *connection, struct MHD_Response *response)
{
    return answer_events(connection, MHD_HTTP_OK, response);
}
