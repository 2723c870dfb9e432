/* SPDX-License-Identifier: BSD-2-Clause */
/* A socket of systemd's that is not exactly the one of the settings is a mistake, and no reason to take
 * another. */
#include "kiosk/listening.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include "kiosk/localhost.h"
#include "kiosk/loopback.h"
#include "log.h"
#include "sockets.h"

#define BACKLOG 64

static bool option_is(int fd, int option, int wanted)
{
    int value = 0;
    socklen_t size = sizeof value;

    return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

static bool is_tcp_listener(int fd)
{
    return (option_is(fd, SO_DOMAIN, AF_INET) || option_is(fd, SO_DOMAIN, AF_INET6)) &&
           option_is(fd, SO_TYPE, SOCK_STREAM) && option_is(fd, SO_ACCEPTCONN, 1);
}

static bool never_wait(int fd)
{
    const int flags = fcntl(fd, F_GETFL);

    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

/* One that was passed finds its place. False: logged. */
static bool take_passed(int fd, const char *listen, struct listening *listening)
{
    struct loopback place, page = {0}, other = {0}; /* none: no socket is there */
    const bool has_other = loopback_read(listen, &page) && loopback_other(&page, &other);
    char text[LOOPBACK_TEXT_SIZE];

    if (!is_tcp_listener(fd) || !loopback_of(fd, &place) || !never_wait(fd)) {
        log_line(LOG_ERR, "systemd passed what is no listening TCP socket: see frontdesk-kiosk.socket");
        return false;
    }
    if (loopback_is(&place, &page) && listening->page < 0) {
        listening->page = fd;
        return true;
    }
    if (has_other && loopback_is(&place, &other) && listening->localhost < 0) {
        listening->localhost = fd;
        return true;
    }
    loopback_text(&place, text);
    log_line(
        LOG_ERR,
        "systemd passed a socket of %s, and [kiosk] listen is %s: frontdesk-kiosk.socket has to say the same",
        text, listen);
    return false;
}

static bool take_all_passed(const char *listen, int passed, struct listening *listening)
{
    for (int i = 0; i < passed; i++)
        if (!take_passed(SOCKETS_PASSED_FIRST + i, listen, listening))
            return false;
    if (listening->page < 0)
        log_line(LOG_ERR, "systemd passed no socket of %s, as [kiosk] listen is: see frontdesk-kiosk.socket",
                 listen);
    return listening->page >= 0;
}

/* -1: errno. */
static int listen_on(const char *text)
{
    struct loopback place;
    const int on = 1;
    int fd, error;

    if (!loopback_read(text, &place)) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(place.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, (const struct sockaddr *)&place.address, place.length) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    error = errno;
    (void)close(fd);
    errno = error;
    return -1;
}

bool listening_begin(const char *listen, int passed, struct listening *ret_listening)
{
    struct listening listening = {.page = -1, .localhost = -1};

    if (passed > 0 && !take_all_passed(listen, passed, &listening))
        return false;
    if (passed == 0 && (listening.page = listen_on(listen)) < 0) {
        log_line(LOG_ERR, "cannot listen on %s: %s", listen, strerror(errno));
        return false;
    }
    listening.is_localhost = listening.localhost >= 0 || localhost_take(listen);
    if (!listening.is_localhost)
        log_line(LOG_NOTICE, "localhost with the port of %s is not ours alone: the page keeps its one name",
                 listen);
    *ret_listening = listening;
    return true;
}
