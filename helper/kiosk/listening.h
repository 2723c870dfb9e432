/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The port of the page. An open page comes back to it with its secret, whoever has the port then: so the unit
 * frontdesk-kiosk.socket has systemd hold it, while the server starts anew, too, and hand it over. Without a
 * unit it is ours while we live.
 */
#ifndef HELPER_KIOSK_LISTENING_H
#define HELPER_KIOSK_LISTENING_H

#include <stdbool.h>

struct listening {
    int page;
    int localhost; /* at the other address of "localhost", and answered as well; -1: nobody answers there */
    bool is_localhost; /* both addresses of "localhost" are ours alone */
};

/*
 * listen: ADDRESS:PORT of the settings. passed: how many sockets systemd passed; each has to be a TCP
 * listener of `listen`, or of the other address of "localhost". None: they are made. False: logged.
 */
bool listening_begin(const char *listen, int passed, struct listening *ret_listening);

#endif
