/* SPDX-License-Identifier: BSD-2-Clause */
/* Both ends of the pipe between a session's process and the command line's. No token ever goes in. */
#include "cli/login/session_events.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/login/redact.h"

static void send_line(int fd, char kind, const char *text)
{
    AUTO_FREE char *line = NULL;
    const int length = text ? asprintf(&line, "%c%s\n", kind, text) : -1;

    /* A reader that has gone shows at the module's socket, too. */
    for (int sent = 0; sent < length;) {
        const ssize_t n = write(fd, line + sent, (size_t)(length - sent));

        if (n < 0 && errno != EINTR)
            return;
        if (n > 0)
            sent += (int)n;
    }
}

static const char *or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

void session_events_send(const struct event_sink *sink, char kind, const struct json_document *event)
{
    AUTO_FREE char *text = event ? json_print(json_top(event)) : NULL;

    send_line(sink->fd, kind, text);
}

void session_events_prompt(void *context, const struct device_grant *grant)
{
    AUTO_JSON struct json_document *event = json_new();

    if (event && json_add_string(event, "event", "prompt") &&
        json_add_string(event, "user_code", grant->user_code) &&
        json_add_string(event, "verification_uri", grant->verification_uri) &&
        json_add_string(event, "verification_uri_complete", or_null(grant->verification_uri_complete)) &&
        json_add_integer(event, "expires_in", grant->expires_in_s))
        session_events_send(context, EVENT_PROMPT, event);
}

void session_events_scopes_lost(void *context, const char *scopes)
{
    AUTO_JSON struct json_document *event = json_new();

    if (event && json_add_string(event, "event", "scopes") && json_add_string(event, "lost", scopes))
        session_events_send(context, EVENT_SCOPES, event);
}

/* Bind one token to one sign-in, and say nothing of the person. */
static bool is_of_protocol(const char *claim)
{
    static const char *const claims[] = {"nonce", "at_hash", "c_hash", "s_hash"};

    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++)
        if (strcmp(claims[i], claim) == 0)
            return true;
    return false;
}

struct merge {
    const struct event_sink *sink;
    const struct connection *connection;
    FILE *text;
    const struct json_value *earlier; /* its members win */
    bool any;
};

static bool merge_member(void *context, const char *name, const struct json_value *value)
{
    struct merge *merge = context;

    if (is_of_protocol(name) || json_get(merge->earlier, name))
        return true;
    if (merge->any)
        (void)fputc(',', merge->text);
    merge->any = true;
    claim_write_name(merge->text, name);
    if (merge->sink->show_claims && value) {
        AUTO_FREE char *whole = json_print(value);

        (void)fputs(whole ? whole : "null", merge->text);
    } else {
        claim_write_value(merge->text, merge->connection, name, value);
    }
    return true;
}

void session_events_claims(void *context, const struct connection *connection,
                           const struct json_value *id_token, const struct json_value *userinfo)
{
    const struct event_sink *sink = context;
    AUTO_FREE char *text = NULL;
    size_t size;
    struct merge merge = {.sink = sink, .connection = connection, .text = open_memstream(&text, &size)};

    if (!merge.text)
        return;
    (void)fputc('{', merge.text);
    json_each_member(id_token, merge_member, &merge);
    merge.earlier = id_token;
    if (userinfo)
        json_each_member(userinfo, merge_member, &merge);
    (void)fputc('}', merge.text);
    if (fclose(merge.text) == 0)
        send_line(sink->fd, EVENT_CLAIMS, text);
    session_events_judge(sink, connection, id_token, userinfo);
}

bool event_reader_fill(struct event_reader *reader, int fd)
{
    if (!reader->text)
        reader->text = malloc(EVENT_MAX);
    if (!reader->text)
        return false;
    if (reader->taken > 0) {
        memmove(reader->text, reader->text + reader->taken, reader->used - reader->taken);
        reader->used -= reader->taken;
        reader->taken = 0;
    }
    const ssize_t n = read(fd, reader->text + reader->used, EVENT_MAX - reader->used);

    if (n > 0)
        reader->used += (size_t)n;
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

bool event_reader_next(struct event_reader *reader, char *ret_kind, struct json_document **ret_object)
{
    const char *line, *end;

    if (!reader->text)
        return false;
    line = reader->text + reader->taken;
    end = memchr(line, '\n', reader->used - reader->taken);
    if (!end)
        return false;
    const size_t length = (size_t)(end - line);

    reader->taken += length + 1;
    *ret_kind = line[0];
    *ret_object = length > 1 ? json_parse(line + 1, length - 1) : NULL;
    return true;
}
