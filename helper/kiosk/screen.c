/* SPDX-License-Identifier: BSD-2-Clause */
/* Readers that do not keep up are let go: a display that hangs must not hold the kiosk up. */
#include "kiosk/screen.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "kiosk/line.h"
#include "log.h"
#include "sockets.h"

#define SCREEN_VERSION 1

struct screen {
    int listening;
    int readers[SCREEN_READERS_MAX]; /* -1: none */
    struct line line;
};

int screen_listen(const char *folder, uid_t owner)
{
    const struct group *group = getgrnam(SCREEN_GROUP);
    char path[PATH_MAX];
    int fd;

    if (snprintf(path, sizeof path, "%s/" SCREEN_SOCKET, folder) >= (int)sizeof path)
        return -1;
    fd = group ? socket_listen_stream(path, 0660, owner, group->gr_gid) : -1;
    if (fd < 0) {
        log_line(LOG_NOTICE, "other displays are not served: the group " SCREEN_GROUP " cannot be used");
        fd = socket_listen_stream(path, 0600, owner, (gid_t)-1);
    }
    if (fd < 0)
        log_line(LOG_ERR, "cannot listen on %s: %s", path, strerror(errno));
    return fd;
}

struct screen *screen_new(int listening)
{
    struct screen *screen = calloc(1, sizeof *screen);

    if (!screen)
        return NULL;
    screen->listening = listening;
    for (size_t i = 0; i < SCREEN_READERS_MAX; i++)
        screen->readers[i] = -1;
    return screen;
}

static void let_go(int *reader)
{
    (void)close(*reader);
    *reader = -1;
}

void screen_free(struct screen *screen)
{
    if (!screen)
        return;
    for (size_t i = 0; i < SCREEN_READERS_MAX; i++)
        if (screen->readers[i] >= 0)
            let_go(&screen->readers[i]);
    (void)close(screen->listening);
    free(screen);
}

size_t screen_watch(const struct screen *screen, struct pollfd *ret_at)
{
    size_t count = 0;

    ret_at[count++] = (struct pollfd){.fd = screen->listening, .events = POLLIN};
    for (size_t i = 0; i < SCREEN_READERS_MAX; i++)
        if (screen->readers[i] >= 0)
            ret_at[count++] = (struct pollfd){.fd = screen->readers[i], .events = POLLIN};
    return count;
}

static void write_line(struct line *line, unsigned number, const struct viewer_public *shown)
{
    char expires_at[32];
    struct tm when;

    line_begin(line);
    line_number(line, "version", SCREEN_VERSION);
    line_number(line, "viewer", number);
    line_string(line, "state", told_name(shown->told));
    if (shown->told == TOLD_CODE && gmtime_r(&shown->expires_at, &when) &&
        strftime(expires_at, sizeof expires_at, "%Y-%m-%dT%H:%M:%SZ", &when) > 0) {
        line_string(line, "code", shown->code);
        line_string(line, "uri", shown->uri);
        line_string(line, "uri_complete", shown->uri_complete[0] ? shown->uri_complete : NULL);
        line_string(line, "expires_at", expires_at);
    }
    line_end(line);
    if (line->length < sizeof line->bytes)
        line->bytes[line->length++] = '\n';
}

static void send_line(int *reader, const struct line *line)
{
    if (!line->is_short &&
        send(*reader, line->bytes, line->length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)line->length)
        return;
    let_go(reader);
}

void screen_tell(struct screen *screen, unsigned number, const struct viewer_public *shown)
{
    write_line(&screen->line, number, shown);
    for (size_t i = 0; i < SCREEN_READERS_MAX; i++)
        if (screen->readers[i] >= 0)
            send_line(&screen->readers[i], &screen->line);
}

/* Readers only read: whatever they say, and their end, is heard so. */
static void hear(int *reader)
{
    char byte;
    const ssize_t n = recv(*reader, &byte, sizeof byte, MSG_DONTWAIT);

    if (n >= 0 || (errno != EAGAIN && errno != EINTR))
        let_go(reader);
}

static int *free_place(struct screen *screen)
{
    for (size_t i = 0; i < SCREEN_READERS_MAX; i++)
        if (screen->readers[i] < 0)
            return &screen->readers[i];
    return NULL;
}

void screen_run(struct screen *screen, const struct viewer *viewers, size_t count)
{
    int *place;
    int fd;

    for (size_t i = 0; i < SCREEN_READERS_MAX; i++)
        if (screen->readers[i] >= 0)
            hear(&screen->readers[i]);
    while ((fd = accept4(screen->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        place = free_place(screen);
        if (!place) {
            (void)close(fd);
            continue;
        }
        *place = fd;
        for (size_t i = 0; i < count && *place >= 0; i++)
            if (viewers[i].stream) {
                write_line(&screen->line, viewers[i].number, &viewers[i].shown);
                send_line(place, &screen->line);
            }
    }
}
