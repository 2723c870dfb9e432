/* SPDX-License-Identifier: BSD-2-Clause */
/* What the ready-made programs do alike: command line, event, settings, and one server to talk to. */
#ifndef HELPER_HOOK_PROGRAM_H
#define HELPER_HOOK_PROGRAM_H

#include <stdint.h>

#include "hooks/hook_file.h"
#include "hooks/told_event.h"
#include "http/http.h"

/* Exit statuses, of sysexits.h. */
enum hook_status {
    HOOK_TOLD = 0,
    HOOK_USAGE = 64,
    HOOK_NEVER = 65, /* EX_DATAERR: frontdesk-hooks gives the event up */
    HOOK_LATER = 75, /* EX_TEMPFAIL */
    HOOK_CONFIG = 78 /* EX_CONFIG: and tries again, for somebody may mend it */
};

struct hook_face {
    const char *program, *summary;
    const char *config; /* where its settings are */
    const struct hook_table *table;
};

/* A program begins: command line, a clean environment, its event. False: *ret_status is the exit status. */
bool hook_program_begin(int argc, char **argv, const struct hook_face *face, void *record,
                        struct told_event *ret_event, int *ret_status);

/* The one server: where it is, whom to believe, how long all of it may take. */
struct hook_server_place {
    const char *url, *ca_file, *proxy;
    uint32_t timeout_s;
};
struct hook_server {
    struct tls_trust *trust;
    struct http *http;
    char *host, *known[2];
};

/* Behind it, no file is opened and no program run any more. False: logged. */
bool hook_server_open(const struct hook_server_place *place, struct hook_server *ret_server);
void hook_server_close(struct hook_server *server);

/* One request. False: no answer came; logged with *what* was asked for. */
bool hook_server_ask(const struct hook_server *server, const struct http_request *request, const char *what,
                     struct http_answer *ret_answer);

/* What an HTTP status means for the event: taken, never to be taken, or later. */
enum hook_status hook_status_of(long http_status);

#define AUTO_SERVER CLEANUP(hook_server_close)

#endif
