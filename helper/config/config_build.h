/* SPDX-License-Identifier: BSD-2-Clause */
/* From lines to settings: one file's text goes into a configuration, or its refusals do. */
#ifndef HELPER_CONFIG_BUILD_H
#define HELPER_CONFIG_BUILD_H

#include "config/config.h"

/* Adds a refusal or a notice. `why` is taken over; NULL stands for short memory. False: no memory. */
bool config_add_fault(struct config *config, const char *file, unsigned line, char *why);
bool config_add_notice(struct config *config, const char *file, unsigned line, char *why);

/*
 * Reads a text; `file` is its name for refusals. frontdesk.conf has all sections but [connection]; a file of
 * a connection has that alone, for *connection, whose defaults are filled in first. True: no refusal was
 * added. *ret_memory is set to false when memory was short.
 */
bool config_build_main(struct config *config, const char *file, char *text, size_t length, bool *ret_memory);
bool config_build_connection(struct config *config, const char *file, char *text, size_t length,
                             struct connection *connection, bool *ret_memory);

/* Defaults of one service, by its name. */
bool service_defaults(const char *name, struct service *service);

#endif
