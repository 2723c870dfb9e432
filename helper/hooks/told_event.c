/* SPDX-License-Identifier: BSD-2-Clause */
#include "hooks/told_event.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hooks/hook_questions.h"

#define TEXT_MAX (64 * 1024) /* bytes: more than an event can have */

/* malloc'd; NULL: it cannot be read, or is too much. */
static char *read_all(int fd, size_t *ret_length)
{
    char *text = malloc(TEXT_MAX + 1);
    size_t used = 0;
    ssize_t n = 1;

    while (text && used <= TEXT_MAX && n != 0) {
        n = read(fd, text + used, TEXT_MAX + 1 - used);
        if (n > 0)
            used += (size_t)n;
        else if (n < 0 && errno != EINTR)
            break;
    }
    if (n != 0 || used > TEXT_MAX) {
        free(text);
        return NULL;
    }
    while (used > 0 && (text[used - 1] == '\n' || text[used - 1] == '\r'))
        used--;
    text[used] = '\0';
    *ret_length = used;
    return text;
}

bool told_time_is_one(const char *text)
{
    static const char form[] = "0000-00-00T00:00:00Z";

    for (size_t i = 0; i < sizeof form; i++)
        if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    return true;
}

static const char *string_of(const struct json_value *object, const char *name)
{
    const char *string;

    return json_string(json_get(object, name), &string, NULL) && string[0] != '\0' ? string : NULL;
}

/* An id goes into a header as it is. */
static bool is_id(const char *id)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    return id && strlen(id) < HOOK_EVENT_ID_SIZE && strspn(id, alphabet) == strlen(id);
}

static const char *read_fields(struct told_event *event)
{
    const struct json_value *top = json_top(event->document), *member = json_get(top, "member");
    const char *kind = string_of(top, "kind");
    int64_t version;

    if (!json_integer(json_get(top, "version"), &version) || version != 1)
        return "its version is not 1";
    event->id = string_of(top, "event");
    event->time = string_of(top, "time");
    event->checked_in_at = string_of(top, "checked_in_at");
    event->location = string_of(top, "location");
    event->email = string_of(member, "email");
    if (!is_id(event->id))
        return "it has no id";
    if (!event->time || !told_time_is_one(event->time) || !event->checked_in_at ||
        !told_time_is_one(event->checked_in_at))
        return "it has no time";
    if (!kind || (strcmp(kind, "check_in") != 0 && strcmp(kind, "check_out") != 0))
        return "it is neither a check-in nor a check-out";
    event->is_check_in = strcmp(kind, "check_in") == 0;
    if (!json_boolean(json_get(member, "email_verified"), &event->email_is_verified))
        event->email_is_verified = false;
    return NULL;
}

bool told_event_read(int fd, struct told_event *ret_event, const char **ret_why)
{
    struct told_event event = {0};
    size_t length = 0;

    *ret_why = "nothing can be read, or it is too long";
    event.text = read_all(fd, &length);
    if (event.text) {
        event.document = json_parse(event.text, length);
        *ret_why = event.document ? read_fields(&event) : "it is no JSON object";
    }
    if (*ret_why) {
        told_event_clear(&event);
        return false;
    }
    *ret_event = event;
    return true;
}

void told_event_clear(struct told_event *event)
{
    json_free(event->document);
    free(event->text);
    *event = (struct told_event){0};
}
