/* SPDX-License-Identifier: BSD-2-Clause */
/* Bound without SO_REUSEADDR and never listening: nobody else can have it, and who connects is turned away.
 */
#include "kiosk/localhost.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/loopback.h"

/* Nobody can have an address that this machine has not. */
static bool take(const struct loopback *place)
{
    const int fd = socket(place->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error;

    if (fd < 0)
        return errno == EAFNOSUPPORT;
    if (bind(fd, (const struct sockaddr *)&place->address, place->length) == 0)
        return true; /* it stays open */
    error = errno;
    (void)close(fd);
    return error == EADDRNOTAVAIL;
}

bool localhost_take(const char *listen)
{
    struct loopback page, other;

    return loopback_read(listen, &page) && loopback_other(&page, &other) && take(&other);
}
