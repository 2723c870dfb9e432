/* SPDX-License-Identifier: BSD-2-Clause */
/* What `frontdesk check` asks of one identity provider, in the confined process that may. */
#ifndef HELPER_CLI_CHECK_PROBE_H
#define HELPER_CLI_CHECK_PROBE_H

#include <stdint.h>

#include "cli/check/check_report.h"
#include "connection/connection.h"
#include "http/http.h"
#include "oidc/discovery.h"

struct probe {
    const struct connection *connection;
    int secret;                   /* a pipe's end from which the client secret comes; -1: it cannot be read */
    uint32_t patience_s;          /* the longest time that a service of it gives; 0: none */
    const char *patience_service; /* the one */
    struct http *http;
    int output;
};

/* A fact as a line for the process that reports; text is malloc'd, and taken over. */
void probe_tell(const struct probe *probe, struct fact fact, char *text);

/* Asks what there is to ask. */
void probe_provider(const struct probe *probe);

/* Is the client accepted? A real code is asked for, and left to expire. */
void probe_client(const struct probe *probe, const struct discovery *discovery);

#endif
