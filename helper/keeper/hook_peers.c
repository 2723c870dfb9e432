/* SPDX-License-Identifier: BSD-2-Clause */
/* Events are also made by other processes (`frontdesk check-ins add`), so while somebody asks the store is
 * looked at every now and then. */
#include "keeper/hook_peers.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "frontdesk/wire.h"
#include "hooks/hook_questions.h"
#include "keeper/state.h"
#include "members/store_events.h"
#include "sockets.h"

#define LOOK_EVERY_MS   500   /* while somebody asks */
#define LOOK_PAUSE_MS   100   /* between two looks, however much goes on */
#define FAILED_PAUSE_MS 1000  /* before an event that failed is given again, whatever its peer thinks */
#define STORE_PAUSE_MS  10000 /* after the store could not be read */

_Static_assert(sizeof((struct hook_event *)0)->event_id <= HOOK_EVENT_ID_SIZE &&
                   sizeof((struct hook_event *)0)->kind <= HOOK_KIND_SIZE &&
                   EVENT_JSON_MAX + HOOK_EVENT_ID_SIZE + HOOK_KIND_SIZE < HOOK_PACKET_MAX,
               "what the store keeps fits into a packet");

struct hook_peer {
    int socket;
    bool asks;
    char event_id[EVENT_ID_SIZE]; /* that it was given; "": none */
};

struct hook_peers {
    int listening;
    uid_t uid;
    struct hook_peer peers[HOOK_PEERS_MAX];
    size_t count;
    int64_t quiet_until_ms; /* no look at the store before */
    int64_t looks_at_ms;    /* the next one at the latest */
    bool is_store_blamed;
};

bool keeper_serve_hooks(struct keeper *keeper, int listening_socket, uid_t uid)
{
    struct hook_peers *hooks = calloc(1, sizeof *hooks);

    if (!hooks)
        return false;
    *hooks = (struct hook_peers){.listening = listening_socket, .uid = uid};
    keeper->hooks = hooks;
    return true;
}

void hook_peers_free(struct hook_peers *hooks)
{
    for (size_t i = 0; hooks && i < hooks->count; i++)
        (void)close(hooks->peers[i].socket);
    free(hooks);
}

static bool anybody_asks(const struct hook_peers *hooks)
{
    bool asks = false;

    for (size_t i = 0; i < hooks->count; i++) {
        if (hooks->peers[i].event_id[0] != '\0')
            return false; /* the others wait until that one is told */
        asks = asks || hooks->peers[i].asks;
    }
    return asks;
}

size_t hook_peers_watch(const struct keeper *keeper, struct pollfd *ret_at)
{
    const struct hook_peers *hooks = keeper->hooks;

    if (!hooks)
        return 0;
    for (size_t i = 0; i < hooks->count; i++)
        ret_at[i] = (struct pollfd){.fd = hooks->peers[i].socket, .events = POLLIN};
    ret_at[hooks->count] = (struct pollfd){.fd = hooks->listening, .events = POLLIN};
    return hooks->count + 1;
}

int64_t hook_peers_due_ms(const struct keeper *keeper)
{
    const struct hook_peers *hooks = keeper->hooks;

    if (!hooks || !anybody_asks(hooks))
        return INT64_MAX;
    return hooks->looks_at_ms > hooks->quiet_until_ms ? hooks->looks_at_ms : hooks->quiet_until_ms;
}

static void drop(struct hook_peers *hooks, size_t i)
{
    (void)close(hooks->peers[i].socket);
    hooks->peers[i] = hooks->peers[--hooks->count];
}

/* Few of a kind in a minute: whoever may connect could otherwise fill the log. */
__attribute__((format(printf, 3, 4))) static void tell(struct keeper *keeper, int level, const char *format,
                                                       ...)
{
    char line[LOG_QUOTA_KEY_SIZE];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (log_quota_take(&keeper->refusals, line, boottime_ms()))
        log_line(level, "%s", line);
}

/* One of them too many is closed at once: whoever is already here is served. */
static void accept_peer(struct keeper *keeper)
{
    struct hook_peers *hooks = keeper->hooks;
    AUTO_CLOSE int socket = accept4(hooks->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    pid_t pid;
    uid_t uid;

    if (socket < 0 || !socket_peer(socket, &pid, &uid))
        return;
    if (uid != hooks->uid) {
        tell(keeper, LOG_WARNING, "refused a connection of uid %u to the socket for hooks", uid);
        return;
    }
    if (hooks->count == HOOK_PEERS_MAX) {
        tell(keeper, LOG_WARNING, "refused one connection too many to the socket for hooks");
        return;
    }
    hooks->peers[hooks->count++] = (struct hook_peer){.socket = socket};
    socket = -1;
}

/* STORE_NONE: somebody erased it meanwhile, which is as good as told. */
static bool settle(struct keeper *keeper, struct hook_peer *peer, const char *failed)
{
    struct store *store = keeper->members.store;
    char words[EVENT_ERROR_MAX + 1];
    enum store_result result;

    if (failed)
        result = store_event_failed(store, peer->event_id, log_text(failed, words, sizeof words),
                                    (int64_t)time(NULL));
    else
        result = store_event_acknowledge(store, peer->event_id);
    peer->event_id[0] = '\0';
    if (result != STORE_FAILED)
        return true;
    tell(keeper, LOG_WARNING, "what became of an event for hooks could not be noted: %s", store_error(store));
    return false;
}

/* False: the message was not due, or could not be followed. */
static bool follow(struct keeper *keeper, struct hook_peer *peer, const void *packet, size_t length)
{
    struct wire_reader r = wire_read(packet, length);
    const unsigned kind = wire_get_u8(&r);
    const bool holds = peer->event_id[0] != '\0';
    char event_id[EVENT_ID_SIZE], words[EVENT_ERROR_MAX + 1];

    if (kind == HOOK_NEXT) {
        if (!wire_end(&r) || peer->asks || holds)
            return false;
        keeper->hooks->looks_at_ms = 0;
        return peer->asks = true;
    }
    if ((kind != HOOK_ACK && kind != HOOK_FAILED) || !holds)
        return false;
    wire_get_string(&r, event_id, sizeof event_id);
    if (kind == HOOK_FAILED)
        wire_get_string(&r, words, sizeof words);
    if (!wire_end(&r) || strcmp(event_id, peer->event_id) != 0)
        return false;
    keeper->hooks->quiet_until_ms = kind == HOOK_FAILED ? boottime_ms() + FAILED_PAUSE_MS : 0;
    return settle(keeper, peer, kind == HOOK_FAILED ? words : NULL);
}

/* False: it went, or is sent away. */
static bool take(struct keeper *keeper, struct hook_peer *peer)
{
    const ssize_t n = recv(peer->socket, keeper->packet, sizeof keeper->packet, MSG_DONTWAIT | MSG_TRUNC);

    if (n <= 0 || (size_t)n > sizeof keeper->packet)
        return false;
    if (follow(keeper, peer, keeper->packet, (size_t)n))
        return true;
    tell(keeper, LOG_NOTICE,
         "the connection of frontdesk-hooks ends: message %u was not due, or not followed",
         keeper->packet[0]);
    return false;
}

static bool give(struct keeper *keeper, struct hook_peer *peer, const struct hook_event *event)
{
    struct wire_writer w = wire_write(keeper->packet, sizeof keeper->packet);
    size_t length;

    wire_put_u8(&w, HOOK_EVENT);
    wire_put_string(&w, event->event_id);
    wire_put_string(&w, event->kind);
    wire_put_blob(&w, event->json, strlen(event->json));
    length = wire_written(&w);
    peer->asks = false;
    memcpy(peer->event_id, event->event_id, sizeof peer->event_id);
    return length > 0 &&
           send(peer->socket, keeper->packet, length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)length;
}

static void give_to_first(struct keeper *keeper, const struct hook_event *event)
{
    struct hook_peers *hooks = keeper->hooks;
    size_t i = 0;

    while (i < hooks->count && !hooks->peers[i].asks)
        i++;
    if (i < hooks->count && !give(keeper, &hooks->peers[i], event))
        drop(hooks, i);
}

static void look(struct keeper *keeper, int64_t now)
{
    struct hook_peers *hooks = keeper->hooks;
    struct hook_event event = {0};
    const enum store_result result = store_event_next(keeper->members.store, &event);

    hooks->quiet_until_ms = now + LOOK_PAUSE_MS;
    hooks->looks_at_ms = now + LOOK_EVERY_MS;
    if (result == STORE_OK)
        give_to_first(keeper, &event);
    else if (result == STORE_FAILED) {
        hooks->quiet_until_ms = now + STORE_PAUSE_MS;
        if (!hooks->is_store_blamed)
            log_line(LOG_WARNING, "events for hooks cannot be read: %s", store_error(keeper->members.store));
    }
    hooks->is_store_blamed = result == STORE_FAILED;
    hook_event_clear(&event);
}

void hook_peers_serve(struct keeper *keeper, const struct pollfd *at)
{
    struct hook_peers *hooks = keeper->hooks;
    int64_t now;

    if (!hooks)
        return;
    if (at[hooks->count].revents != 0)
        accept_peer(keeper);
    /* from the last one on: what is dropped is replaced by one that was looked at, or is new */
    for (size_t i = hooks->count; i-- > 0;)
        if (at[i].fd == hooks->peers[i].socket && at[i].revents != 0 && !take(keeper, &hooks->peers[i]))
            drop(hooks, i);
    now = boottime_ms();
    if (!anybody_asks(hooks))
        return;
    /* whatever woke the keeper may have made an event */
    if (now >= hooks->quiet_until_ms)
        look(keeper, now);
    else if (hooks->looks_at_ms > hooks->quiet_until_ms)
        hooks->looks_at_ms = hooks->quiet_until_ms;
}
