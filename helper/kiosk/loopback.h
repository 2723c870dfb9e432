/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the page is served: an address of this machine's loopback, and a port. */
#ifndef HELPER_KIOSK_LOOPBACK_H
#define HELPER_KIOSK_LOOPBACK_H

#include <stdbool.h>
#include <sys/socket.h>

#define LOOPBACK_TEXT_SIZE 64

struct loopback {
    struct sockaddr_storage address;
    socklen_t length;
};

/* Text of ADDRESS:PORT, as the settings take it. */
bool loopback_read(const char *text, struct loopback *ret_place);

/* Where a socket is bound, loopback or not. */
bool loopback_of(int fd, struct loopback *ret_place);

bool loopback_is(const struct loopback *one, const struct loopback *other);

/* "localhost" is two addresses; the other one, with the same port. False: it is not one of the two. */
bool loopback_other(const struct loopback *one, struct loopback *ret_other);

/* For people. */
void loopback_text(const struct loopback *place, char ret_text[LOOPBACK_TEXT_SIZE]);

#endif
