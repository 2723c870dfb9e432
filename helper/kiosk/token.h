/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The secret in the page's address, and the file that leads a browser there: both 0600, so that neither other
 * users nor a list of processes have it. It stays until the folder goes (at boot): a page that is open
 * finds a server again that was started anew.
 */
#ifndef HELPER_KIOSK_TOKEN_H
#define HELPER_KIOSK_TOKEN_H

#include <stdbool.h>

#include "kiosk/request.h"

#define TOKEN_FILE "token"
#define START_FILE "start.html"

/* Nobody is led to the page, since somebody else may have its port: before we listen, and when we do not any
 * more. */
void token_withdraw(const char *folder);

/* Reads or makes the token in the folder, and writes the start page. False: logged. */
bool token_prepare(const char *folder, const char *listen, char ret_token[REQUEST_TOKEN_LENGTH + 1]);

#endif
