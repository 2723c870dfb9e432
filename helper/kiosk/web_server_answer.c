/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers: nothing is kept by a browser, nothing comes from elsewhere, and no other page may look. */
#include <microhttpd.h>
#include <stdint.h>

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

bool web_answer_stream(struct MHD_Connection *connection, struct MHD_Response *response)
{
    if (MHD_add_response_header(response, "Content-Type", "text/event-stream") != MHD_YES ||
        MHD_add_response_header(response, "Connection", "close") != MHD_YES) {
        MHD_destroy_response(response);
        return false;
    }
    return answer(connection, MHD_HTTP_OK, response);
}
