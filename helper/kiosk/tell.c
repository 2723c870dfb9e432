/* SPDX-License-Identifier: BSD-2-Clause */
/* What a page is told, and what other displays are: these never get a name, nor a word about a person. */
#include <time.h>

#include "display/place.h"
#include "display/text.h"
#include "frontdesk/member_text.h"
#include "kiosk/kiosk_state.h"
#include "kiosk/page_texts.h"
#include "kiosk/screen.h"

#define NAME_MAX_BYTES 256

static void say(struct kiosk *kiosk, struct viewer *viewer, const char *event)
{
    line_end(&kiosk->line);
    (void)web_stream_say(viewer->stream, event, &kiosk->line);
    line_erase(&kiosk->line);
}

static void begin_state(struct kiosk *kiosk, struct viewer *viewer, enum told told)
{
    if (told != TOLD_CODE && told != TOLD_APPROVED)
        viewer->shown = (struct viewer_public){0};
    viewer->shown.told = told;
    screen_tell(kiosk->screen, viewer->number, &viewer->shown);
    line_begin(&kiosk->line);
    line_string(&kiosk->line, "state", told_name(told));
}

static void add_texts(struct line *line)
{
    struct page_text text;

    line_open(line, "texts", '{');
    for (size_t i = 0; page_text(i, &text); i++)
        line_string(line, text.key, text.sentence);
    line_close(line, '}');
}

/* The page picks the one that it does not have now. */
static void add_names(struct line *line, const struct request_place *place)
{
    line_open(line, "names", '[');
    for (size_t i = 0; i < sizeof place->hosts / sizeof place->hosts[0]; i++)
        line_item(line, place->hosts[i]);
    line_close(line, ']');
}

static void make_hello(struct kiosk *kiosk, const char *viewer)
{
    const struct machine_settings *machine = &kiosk->config->machine;
    const struct connection *connection = kiosk_connection(kiosk->config);
    char label[PLACE_LABEL_SIZE] = "";
    struct line *line = &kiosk->line;

    text_set_language("", machine->language);
    if (connection)
        text_make_label(connection->display_name, true, label, sizeof label);
    line_begin(line);
    line_string(line, "viewer", viewer);
    line_string(line, "label", label);
    line_string(line, "machine", machine->name ? machine->name : "");
    line_string(line, "location", machine->location ? machine->location : "");
    line_boolean(line, "icon", kiosk->icon.bytes != NULL);
    line_string(line, "idle", kiosk->config->kiosk.idle == KIOSK_IDLE_ALWAYS ? "always" : "touch");
    line_string(line, "language", page_texts_language());
    line_string(line, "direction", page_texts_direction());
    if (kiosk->names)
        add_names(line, kiosk->names);
    add_texts(line);
}

void tell_hello(struct kiosk *kiosk, struct viewer *viewer)
{
    make_hello(kiosk, viewer->id);
    say(kiosk, viewer, "hello");
}

const struct line *tell_full(struct kiosk *kiosk)
{
    make_hello(kiosk, "");
    line_end(&kiosk->line);
    return &kiosk->line;
}

void tell_state(struct kiosk *kiosk, struct viewer *viewer, enum told told)
{
    begin_state(kiosk, viewer, told);
    if (told != TOLD_GONE)
        say(kiosk, viewer, "state");
}

void tell_code(struct kiosk *kiosk, struct viewer *viewer, int64_t lifetime, const struct json_value *qr)
{
    struct line *line = &kiosk->line;
    const char *row;

    begin_state(kiosk, viewer, TOLD_CODE);
    line_string(line, "code", viewer->shown.code);
    line_string(line, "uri", viewer->shown.uri);
    line_open(line, "qr", '[');
    for (size_t i = 0; json_string(json_array_at(qr, i), &row, NULL); i++)
        line_item(line, row);
    line_close(line, ']');
    line_number(line, "expires_in", lifetime);
    line_number(line, "lifetime", lifetime);
    say(kiosk, viewer, "state");
}

void tell_visitor(struct kiosk *kiosk, struct viewer *viewer, enum told told, const struct json_value *said)
{
    struct line *line = &kiosk->line;
    const char *name;
    size_t length;
    int64_t since;

    begin_state(kiosk, viewer, told);
    if (json_string(json_get(said, "name"), &name, &length) && length > 0 && length <= NAME_MAX_BYTES &&
        text_is_printable(name, length))
        line_string(line, "name", name);
    if (told != TOLD_APPROVED && json_integer(json_get(said, "since"), &since) && since > 0)
        line_number(line, "since", since);
    line_number(line, "seconds",
                told == TOLD_APPROVED ? kiosk->config->kiosk.confirm_after
                                      : kiosk->config->kiosk.reset_after);
    say(kiosk, viewer, "state");
}

void tell_refusal(struct kiosk *kiosk, struct viewer *viewer, enum told told, const char *text)
{
    struct line *line = &kiosk->line;

    begin_state(kiosk, viewer, told);
    if (told == TOLD_UNREACHABLE)
        line_number(line, "since", kiosk->unreachable_since);
    line_string(line, "text", text);
    if (told != TOLD_UNREACHABLE && told != TOLD_OUT_OF_ORDER)
        line_number(line, "seconds", (viewer->until_ms - kiosk->now_ms) / 1000);
    say(kiosk, viewer, "state");
}

void tell_reset(struct kiosk *kiosk, struct viewer *viewer)
{
    line_begin(&kiosk->line);
    say(kiosk, viewer, "reset");
}
