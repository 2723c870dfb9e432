/* SPDX-License-Identifier: BSD-2-Clause */
/* The server's loop: pages, sign-ins, other displays and settings, in one thread. */
#ifndef HELPER_KIOSK_SERVER_H
#define HELPER_KIOSK_SERVER_H

#include "config/config.h"
#include "kiosk/listening.h"
#include "kiosk/request.h"
#include "kiosk/worker.h"

struct server_plan {
    struct config_watch *watch;
    struct worker_plan workers;
    struct request_place place;
    struct listening listening;
    int screen; /* a listening socket */
};

/* Until SIGTERM or SIGINT. The exit status. */
int server_run(const struct server_plan *plan);

#endif
