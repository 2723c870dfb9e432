/* SPDX-License-Identifier: BSD-2-Clause */
/* A page's way from idle to idle. Every state has an end of its own: nothing waits for a visitor who left. */
#include "kiosk/viewer.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "display/text.h"
#include "frontdesk/member_text.h"
#include "kiosk/kiosk_state.h"
#include "log.h"
#include "secret.h"

#define START_PATIENCE_S  60 /* until a code is there */
#define CODE_GRACE_S      10 /* beyond its life, for what was approved in its last second */
#define RECORD_PATIENCE_S 30 /* until a confirmed check-in is recorded */
#define LIFETIME_MAX_S    3600
#define RETRY_FIRST_S     5
#define RETRY_AFTER_MAX_S 300 /* whatever a sign-in says */
#define RETRY_MAX_S       60
#define TEXT_MAX_BYTES    1024

static void set_time(const struct kiosk *kiosk, struct viewer *viewer, int64_t seconds)
{
    viewer->until_ms = kiosk->now_ms + seconds * 1000;
}

/* The page loads itself anew: whatever it knew is gone with it. */
static void renew(struct kiosk *kiosk, struct viewer *viewer)
{
    struct web_stream *stream = viewer->stream;

    tell_reset(kiosk, viewer);
    viewer_end(kiosk, viewer);
    web_stream_end(stream);
}

static void begin(struct kiosk *kiosk, struct viewer *viewer)
{
    worker_end(&viewer->worker);
    if (!worker_start(&kiosk->plan, kiosk->config->kiosk.confirm_after, &viewer->worker)) {
        log_line(LOG_ERR, "a sign-in could not be started: %m");
        viewer->state = VIEWER_AWAY;
        set_time(kiosk, viewer, RETRY_MAX_S);
        tell_refusal(kiosk, viewer, TOLD_OUT_OF_ORDER, text_for_reason(REASON_INTERNAL));
        return;
    }
    viewer->state = viewer->tries > 0 ? VIEWER_RETRYING : VIEWER_STARTING;
    set_time(kiosk, viewer, START_PATIENCE_S);
    if (viewer->state == VIEWER_STARTING)
        tell_state(kiosk, viewer, TOLD_STARTING);
}

/* Between two visitors. */
static void rest(struct kiosk *kiosk, struct viewer *viewer)
{
    worker_end(&viewer->worker);
    viewer->until_ms = 0;
    viewer->tries = 0;
    if (viewer->is_personal || viewer->is_stale) {
        renew(kiosk, viewer);
        return;
    }
    viewer->state = VIEWER_IDLE;
    if (kiosk->config->kiosk.idle == KIOSK_IDLE_ALWAYS)
        begin(kiosk, viewer);
    else
        tell_state(kiosk, viewer, TOLD_IDLE);
}

static void try_later(struct kiosk *kiosk, struct viewer *viewer, int64_t least_s)
{
    int64_t wait = RETRY_FIRST_S;

    for (unsigned i = 0; i < viewer->tries && wait < RETRY_MAX_S; i++)
        wait *= 2;
    if (wait > RETRY_MAX_S)
        wait = RETRY_MAX_S;
    viewer->tries++;
    viewer->state = VIEWER_AWAY;
    set_time(kiosk, viewer, wait > least_s ? wait : least_s);
}

/* The worker has ended, or will now. least_s: how long to wait before another try, where one is made. */
static void refuse(struct kiosk *kiosk, struct viewer *viewer, enum told told, const char *text,
                   int64_t least_s)
{
    const int64_t reset_after = kiosk->config->kiosk.reset_after;

    worker_end(&viewer->worker);
    if (told == TOLD_UNREACHABLE && kiosk->unreachable_since == 0)
        kiosk->unreachable_since = (int64_t)time(NULL);
    if (told == TOLD_EXPIRED && kiosk->config->kiosk.idle == KIOSK_IDLE_ALWAYS && !viewer->is_personal) {
        rest(kiosk, viewer);
        return;
    }
    if (told == TOLD_UNREACHABLE || told == TOLD_OUT_OF_ORDER || told == TOLD_BUSY) {
        try_later(kiosk, viewer, told == TOLD_BUSY && least_s < reset_after ? reset_after : least_s);
    } else {
        viewer->state = VIEWER_SHOWN;
        set_time(kiosk, viewer, reset_after);
    }
    tell_refusal(kiosk, viewer, told, text);
}

static void step_begin(struct kiosk *kiosk, struct viewer *viewer, const struct json_value *said)
{
    (void)said;
    if (viewer->is_personal)
        rest(kiosk, viewer); /* the page comes anew first */
    else
        begin(kiosk, viewer);
}

static void step_rest(struct kiosk *kiosk, struct viewer *viewer, const struct json_value *said)
{
    (void)said;
    rest(kiosk, viewer);
}

static void step_lose(struct kiosk *kiosk, struct viewer *viewer, const struct json_value *said)
{
    (void)said;
    refuse(kiosk, viewer, viewer->is_personal ? TOLD_REFUSED : TOLD_UNREACHABLE,
           text_for_reason(REASON_INTERNAL), 0);
}

static void step_expire(struct kiosk *kiosk, struct viewer *viewer, const struct json_value *said)
{
    (void)said;
    refuse(kiosk, viewer, TOLD_EXPIRED, text_for_reason(REASON_CODE_EXPIRED), 0);
}

/* A short text for a screen, into ret_text; "" and false where it is none. */
static bool take_plain(const struct json_value *value, size_t max, char *ret_text)
{
    const char *text;
    size_t length;

    ret_text[0] = '\0';
    if (!json_string(value, &text, &length) || !text_is_plain(text, length, 1, max))
        return false;
    memcpy(ret_text, text, length + 1);
    return true;
}

static void step_code(struct kiosk *kiosk, struct viewer *viewer, const struct json_value *said)
{
    struct viewer_public *shown = &viewer->shown;
    const struct json_value *qr = json_get(said, "qr");
    int64_t lifetime;

    if (!take_plain(json_get(said, "code"), VIEWER_CODE_MAX, shown->code) ||
        !take_plain(json_get(said, "uri"), VIEWER_URI_MAX, shown->uri) ||
        !json_integer(json_get(said, "lifetime"), &lifetime) || lifetime < 1 || lifetime > LIFETIME_MAX_S ||
        (qr && !worker_qr_is_whole(qr))) {
        log_line(LOG_ERR, "a sign-in gave a code that cannot be shown");
        step_lose(kiosk, viewer, said);
        return;
    }
    (void)take_plain(json_get(said, "uri_complete"), VIEWER_URI_MAX, shown->uri_complete);
    shown->expires_at = (int64_t)time(NULL) + lifetime;
    kiosk->unreachable_since = 0;
    viewer->tries = 0;
    viewer->state = VIEWER_CODE;
    set_time(kiosk, viewer, lifetime + CODE_GRACE_S);
    tell_code(kiosk, viewer, lifetime, qr);
}

static void step_welcome(struct kiosk *kiosk, struct viewer *viewer, const struct json_value *said)
{
    viewer->is_personal = true;
    viewer->state = VIEWER_APPROVED;
    set_time(kiosk, viewer, kiosk->config->kiosk.confirm_after);
    tell_visitor(kiosk, viewer, TOLD_APPROVED, said);
}

static void step_confirm(struct kiosk *kiosk, struct viewer *viewer, const struct json_value *said)
{
    if (!worker_confirm(&viewer->worker)) {
        step_lose(kiosk, viewer, said);
        return;
    }
    viewer->state = VIEWER_CONFIRMED;
    set_time(kiosk, viewer, RECORD_PATIENCE_S);
}

static void step_recorded(struct kiosk *kiosk, struct viewer *viewer, const struct json_value *said)
{
    const struct json_value *state = json_get(said, "state");
    const enum told told = json_string_is(state, "checked_in")    ? TOLD_CHECKED_IN
                           : json_string_is(state, "checked_out") ? TOLD_CHECKED_OUT
                                                                  : TOLD_ALREADY;

    /* The worker has yet to close its session. */
    viewer->state = VIEWER_SHOWN;
    set_time(kiosk, viewer, kiosk->config->kiosk.reset_after);
    tell_visitor(kiosk, viewer, told, said);
}

static void step_reap(struct kiosk *kiosk, struct viewer *viewer, const struct json_value *said)
{
    (void)kiosk, (void)said;
    worker_end(&viewer->worker);
}

static void step_refused(struct kiosk *kiosk, struct viewer *viewer, const struct json_value *said)
{
    const char *code, *text;
    const enum reason reason =
        json_string(json_get(said, "reason"), &code, NULL) ? reason_from_code(code) : REASON_INTERNAL;
    enum told told = told_of_reason(reason);
    char sentence[TEXT_MAX_BYTES];
    int64_t retry_after;
    size_t length;

    if (json_string(json_get(said, "text"), &text, &length) && length > 0 && length < sizeof sentence &&
        text_is_printable(text, length))
        memcpy(sentence, text, length + 1);
    else
        (void)snprintf(sentence, sizeof sentence, "%s", text_for_reason(reason));
    /* Somebody stands there who has approved: this is about them. */
    if (viewer->is_personal && (told == TOLD_UNREACHABLE || told == TOLD_OUT_OF_ORDER || told == TOLD_BUSY))
        told = TOLD_REFUSED;
    if (viewer->state == VIEWER_CODE && told != TOLD_EXPIRED && told != TOLD_UNREACHABLE)
        viewer->is_personal = true;
    if (!json_integer(json_get(said, "retry_after"), &retry_after) || retry_after < 0 ||
        retry_after > RETRY_AFTER_MAX_S)
        retry_after = 0;
    refuse(kiosk, viewer, told, sentence, retry_after);
    explicit_bzero(sentence, sizeof sentence);
}

typedef void viewer_step(struct kiosk *, struct viewer *, const struct json_value *);

/* NULL: must not come. */
static viewer_step *const steps[VIEWER_STATE_COUNT][VIEWER_EVENT_COUNT] = {
    [VIEWER_IDLE] = {[EVENT_START] = step_begin},
    [VIEWER_STARTING] = {[EVENT_CANCEL] = step_rest,
                         [EVENT_CODE] = step_code,
                         [EVENT_REFUSED] = step_refused,
                         [EVENT_WORKER_ENDED] = step_lose,
                         [EVENT_TIME] = step_lose},
    [VIEWER_RETRYING] = {[EVENT_CANCEL] = step_rest,
                         [EVENT_CODE] = step_code,
                         [EVENT_REFUSED] = step_refused,
                         [EVENT_WORKER_ENDED] = step_lose,
                         [EVENT_TIME] = step_lose},
    [VIEWER_AWAY] = {[EVENT_CANCEL] = step_rest, [EVENT_TIME] = step_begin},
    [VIEWER_CODE] = {[EVENT_CANCEL] = step_rest,
                     [EVENT_WELCOME] = step_welcome,
                     [EVENT_REFUSED] = step_refused,
                     [EVENT_WORKER_ENDED] = step_lose,
                     [EVENT_TIME] = step_expire},
    [VIEWER_APPROVED] = {[EVENT_CONFIRM] = step_confirm,
                         [EVENT_CANCEL] = step_rest,
                         [EVENT_REFUSED] = step_refused,
                         [EVENT_WORKER_ENDED] = step_lose,
                         [EVENT_TIME] = step_rest},
    [VIEWER_CONFIRMED] = {[EVENT_RECORDED] = step_recorded,
                          [EVENT_REFUSED] = step_refused,
                          [EVENT_WORKER_ENDED] = step_lose,
                          [EVENT_TIME] = step_lose},
    [VIEWER_SHOWN] = {[EVENT_START] = step_begin,
                      [EVENT_CANCEL] = step_rest,
                      [EVENT_WORKER_ENDED] = step_reap,
                      [EVENT_TIME] = step_rest},
};

bool viewer_begin(struct kiosk *kiosk, struct viewer *viewer, struct web_stream *stream)
{
    struct viewer fresh = {.stream = stream, .worker = {.socket = -1}, .number = kiosk->numbers + 1};

    if (!secret_random_text(VIEWER_ID_BYTES, fresh.id, sizeof fresh.id))
        return false;
    kiosk->numbers++;
    *viewer = fresh;
    tell_hello(kiosk, viewer);
    rest(kiosk, viewer);
    return true;
}

void viewer_end(struct kiosk *kiosk, struct viewer *viewer)
{
    worker_end(&viewer->worker);
    tell_state(kiosk, viewer, TOLD_GONE);
    explicit_bzero(viewer, sizeof *viewer);
    viewer->worker.socket = -1;
}

bool viewer_act(struct kiosk *kiosk, struct viewer *viewer, enum request_action action)
{
    viewer_step *const step = steps[viewer->state][(enum viewer_event)action];

    if (!step)
        return false;
    step(kiosk, viewer, NULL);
    return true;
}

static enum viewer_event event_of(const struct json_value *said)
{
    static const struct {
        const char *state;
        enum viewer_event event;
    } words[] = {{"code", EVENT_CODE},           {"approved", EVENT_WELCOME},
                 {"checked_in", EVENT_RECORDED}, {"checked_out", EVENT_RECORDED},
                 {"already", EVENT_RECORDED},    {"refused", EVENT_REFUSED}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (json_string_is(json_get(said, "state"), words[i].state))
            return words[i].event;
    return EVENT_WORKER_ENDED;
}

void viewer_hear(struct kiosk *kiosk, struct viewer *viewer)
{
    AUTO_JSON struct json_document *document = worker_hear(&viewer->worker);
    viewer_step *step = steps[viewer->state][event_of(json_top(document))];

    if (document && !step)
        log_line(LOG_ERR, "a sign-in said something out of turn");
    if (!step)
        step = steps[viewer->state][EVENT_WORKER_ENDED];
    if (step)
        step(kiosk, viewer, json_top(document));
}

void viewer_look(struct kiosk *kiosk, struct viewer *viewer)
{
    viewer_step *const step = steps[viewer->state][EVENT_TIME];

    if (step && viewer->until_ms > 0 && kiosk->now_ms >= viewer->until_ms)
        step(kiosk, viewer, NULL);
}

void viewer_renew(struct kiosk *kiosk, struct viewer *viewer)
{
    viewer->is_stale = true;
    if (viewer->state == VIEWER_IDLE || viewer->state == VIEWER_AWAY)
        rest(kiosk, viewer);
}
