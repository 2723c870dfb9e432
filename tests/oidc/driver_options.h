/* SPDX-License-Identifier: BSD-2-Clause */
/* What oidc_driver is told: a connection in the words of a command line, and when to stop. */
#ifndef TESTS_DRIVER_OPTIONS_H
#define TESTS_DRIVER_OPTIONS_H

#include <stdbool.h>

#include "connection/connection.h"
#include "questions.h"

struct options {
    struct connection connection;
    enum client_spelling spelling;
    const char *ca, *url, *secret;
    long deadline_ms;     /* of the polls; -1: none */
    long all_ms;          /* for the whole sign-in; -1: no end */
    long cancel_after_ms; /* -1: never */
    bool userinfo, unread;
};

/* Ends the program when they cannot be read. */
void options_read(int argc, char *const *argv, struct options *ret_options);

#endif
