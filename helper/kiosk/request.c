/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything that is not exactly right gets the same 404, so that a stranger learns nothing by trying. */
#include "kiosk/request.h"

#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "json/json.h"

#define STATUS_NOT_FOUND          404
#define STATUS_METHOD_NOT_ALLOWED 405
#define DEFAULT_PORT              ":80"

static const struct target {
    const char *name; /* behind /TOKEN/ */
    const char *method;
} targets[] = {
    [TARGET_PAGE] = {"", "GET"},           [TARGET_STYLE] = {"kiosk.css", "GET"},
    [TARGET_SCRIPT] = {"kiosk.js", "GET"}, [TARGET_ICON] = {"icon", "GET"},
    [TARGET_EVENTS] = {"events", "GET"},   [TARGET_ACT] = {"act", "POST"},
};
#define TARGET_COUNT (sizeof targets / sizeof targets[0])

bool request_place_set(const char *listen, struct request_place *ret_place)
{
    const char *port = strrchr(listen, ':');
    const int length = port && strcmp(port, DEFAULT_PORT) == 0 ? (int)(port - listen) : (int)strlen(listen);

    if (!port || length >= REQUEST_HOST_SIZE)
        return false;
    /* Browsers leave the default port out. */
    (void)snprintf(ret_place->hosts[0], REQUEST_HOST_SIZE, "%.*s", length, listen);
    (void)snprintf(ret_place->hosts[1], REQUEST_HOST_SIZE, "localhost%s",
                   strcmp(port, DEFAULT_PORT) == 0 ? "" : port);
    return true;
}

/* Takes the same time whatever is wrong: a token must not be found letter by letter. */
static bool is_token(const char *text, const char *token)
{
    unsigned char difference = 0;

    if (strlen(text) < REQUEST_TOKEN_LENGTH)
        return false;
    for (size_t i = 0; i < REQUEST_TOKEN_LENGTH; i++)
        difference |= (unsigned char)(text[i] ^ token[i]);
    return difference == 0;
}

/* The part behind "/TOKEN/", or NULL. */
static const char *name_in(const char *path, const struct request_place *place)
{
    if (path[0] != '/' || !is_token(path + 1, place->token) || path[1 + REQUEST_TOKEN_LENGTH] != '/')
        return NULL;
    return path + REQUEST_TOKEN_LENGTH + 2;
}

static bool is_our_host(const char *host, const struct request_place *place)
{
    return host && (strcmp(host, place->hosts[0]) == 0 || strcmp(host, place->hosts[1]) == 0);
}

/* Where one is named, it is the host that was asked. */
static bool is_our_origin(const char *origin, const char *host)
{
    static const char scheme[] = "http://";

    return !origin ||
           (strncmp(origin, scheme, sizeof scheme - 1) == 0 && strcmp(origin + sizeof scheme - 1, host) == 0);
}

static bool same(const char *text, const char *wanted)
{
    return text && strcmp(text, wanted) == 0;
}

/* The start page lies in a file, which is another site: it may lead a whole window to the page, no more. */
static bool is_fetched_by_us(const struct request *request, enum request_target target)
{
    if (!request->fetch_site || same(request->fetch_site, "same-origin") || same(request->fetch_site, "none"))
        return true;
    return target == TARGET_PAGE && same(request->fetch_mode, "navigate") &&
           same(request->fetch_dest, "document");
}

unsigned request_judge(const struct request *request, const struct request_place *place,
                       enum request_target *ret_target)
{
    const char *name;
    size_t target = 0;

    if (request->is_odd || !is_our_host(request->host, place) ||
        !is_our_origin(request->origin, request->host))
        return STATUS_NOT_FOUND;
    name = name_in(request->path, place);
    while (name && target < TARGET_COUNT && strcmp(name, targets[target].name) != 0)
        target++;
    if (!name || target == TARGET_COUNT || !is_fetched_by_us(request, (enum request_target)target))
        return STATUS_NOT_FOUND;
    if (!same(request->method, targets[target].method))
        return STATUS_METHOD_NOT_ALLOWED;
    *ret_target = (enum request_target)target;
    return 0;
}

bool request_read_act(const char *body, size_t length, char ret_viewer[REQUEST_VIEWER_SIZE],
                      enum request_action *ret_action)
{
    static const char *const actions[] = {
        [ACTION_START] = "start", [ACTION_CONFIRM] = "confirm", [ACTION_CANCEL] = "cancel"};
    AUTO_JSON struct json_document *document = json_parse(body, length);
    const struct json_value *action = json_get(json_top(document), "action");
    const char *viewer;
    size_t viewer_length;

    if (!json_string(json_get(json_top(document), "viewer"), &viewer, &viewer_length) ||
        viewer_length >= REQUEST_VIEWER_SIZE)
        return false;
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        if (json_string_is(action, actions[i])) {
            memcpy(ret_viewer, viewer, viewer_length + 1);
            *ret_action = (enum request_action)i;
            return true;
        }
    return false;
}
