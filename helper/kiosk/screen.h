/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The second screen: a socket that a group may read, with a line of JSON for each change of what the page
 * shows (frontdesk-screen(7)). The code and its addresses, never a name, a device code, a token or a ticket.
 */
#ifndef HELPER_KIOSK_SCREEN_H
#define HELPER_KIOSK_SCREEN_H

#include <poll.h>
#include <stddef.h>

#include "kiosk/viewer.h"

#define SCREEN_SOCKET      "screen.sock"
#define SCREEN_GROUP       "frontdesk-screen"
#define SCREEN_READERS_MAX 16

struct screen;

/* Makes the socket file in the folder, for the group where there is one. -1: logged. */
int screen_listen(const char *folder, uid_t owner);

struct screen *screen_new(int listening); /* NULL: no memory; else the socket is its own */
void screen_free(struct screen *screen);

/* What to poll for, SCREEN_READERS_MAX + 1 at most; then new readers are taken, and told what is shown. */
size_t screen_watch(const struct screen *screen, struct pollfd *ret_at);
void screen_run(struct screen *screen, const struct viewer *viewers, size_t count);

void screen_tell(struct screen *screen, unsigned number, const struct viewer_public *shown);

#endif
