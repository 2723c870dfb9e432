/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may ask the kiosk's server for what: rules over what a request says, without any socket. Browsers on
 * this machine also run other people's pages, and other local users can reach loopback: so the path begins
 * with a secret, and Host, Origin and Sec-Fetch-* must say that our own page, or the kiosk's start page,
 * asks.
 */
#ifndef HELPER_KIOSK_REQUEST_H
#define HELPER_KIOSK_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#define REQUEST_TOKEN_BYTES  16 /* random */
#define REQUEST_TOKEN_LENGTH 22 /* of its base64url */
#define REQUEST_HOST_SIZE    64
#define REQUEST_VIEWER_SIZE  23
#define REQUEST_BODY_MAX     1024 /* bytes */
#define REQUEST_HEADERS_MAX  8192 /* bytes of all names and values */

/* What our server is called: "127.0.0.1:8080", "localhost:8080", and the secret. */
struct request_place {
    char token[REQUEST_TOKEN_LENGTH + 1];
    char hosts[2][REQUEST_HOST_SIZE];
};

/* As it came; NULL: no such header. */
struct request {
    const char *method, *path;
    const char *host, *origin, *fetch_site, *fetch_mode, *fetch_dest;
    bool is_odd; /* one of these came twice, or there is a query, or it is no HTTP/1.1 */
};

enum request_target {
    TARGET_PAGE,
    TARGET_STYLE,
    TARGET_SCRIPT,
    TARGET_ICON,
    TARGET_EVENTS,
    TARGET_ACT,
};

enum request_action { ACTION_START, ACTION_CONFIRM, ACTION_CANCEL };

/* From [kiosk] listen, ADDRESS:PORT. False: it does not fit. */
bool request_place_set(const char *listen, struct request_place *ret_place);

/* 0: it may have *ret_target; else the status of an answer without a body. */
unsigned request_judge(const struct request *request, const struct request_place *place,
                       enum request_target *ret_target);

/* {"viewer":…,"action":…}, strictly. */
bool request_read_act(const char *body, size_t length, char ret_viewer[REQUEST_VIEWER_SIZE],
                      enum request_action *ret_action);

#endif
