/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds the message of a sign-in. A small screen (80x24) has room for little more than the QR, so the words
 * around it are few, and there are tighter layouts to try before the QR is left out. RFC 8628 section 5.4
 * decides what must be said: somebody may have sent this code to you, so what it opens stands beside it.
 */
#include "display/display.h"

#include <libintl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "display/place.h"
#include "display/qr.h"
#include "display/text.h"
#include "frontdesk/protocol.h"

#define _(sentence) dgettext(TEXT_DOMAIN, sentence)

/* Bytes of what others name, with the NUL: enough for an honest name, too little to push the rest away. The
 * label is the administrator's own (place.h). */
#define SHOWN_MACHINE 72
#define SHOWN_USER    40
#define SHOWN_SERVICE 40
#define SHOWN_HOST    72

/* The words of one message, line by line. */
struct words {
    const char *lead; /* before the first line */
    char *title;
    const char *warning, *brief; /* the same in more or fewer words */
    char *scan;                  /* the URL, beside a QR */
    char *open;                  /* the URL, alone */
    char *code;
    const char *prompt; /* "" when nothing is asked */
};

/* How they are laid out around the QR. */
struct layout {
    enum qr_margin margin;
    bool joined; /* URL and code on one line */
    bool brief;
};

static void words_clear(struct words *words)
{
    free(words->title);
    free(words->scan);
    free(words->open);
    free(words->code);
}

__attribute__((format(printf, 1, 2))) static char *print(const char *format, ...)
{
    char *text;
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vasprintf(&text, format, arguments);
    va_end(arguments);
    return n < 0 ? NULL : text;
}

/* Who signs in to what, and from where. Machine and label are the administrator's words, all others foreign.
 */
static char *print_title(const struct display_place *place, const char *machine_name, const char *label,
                         bool utf8)
{
    char title[PLACE_LABEL_SIZE], machine[SHOWN_MACHINE], user[SHOWN_USER], service[SHOWN_SERVICE],
        host[SHOWN_HOST];

    text_make_label(label, utf8, title, sizeof title);
    text_make_label(machine_name, utf8, machine, sizeof machine);
    text_make_word(place->user, user, sizeof user);
    text_make_word(place->service, service, sizeof service);
    text_make_word(place->rhost, host, sizeof host);
    if (user[0] && host[0])
        return print(_("%s: %s on %s (%s), from %s"), title, user, machine, service, host);
    if (user[0])
        return print(_("%s: %s on %s (%s)"), title, user, machine, service);
    if (host[0])
        return print(_("%s: %s (%s), from %s"), title, machine, service, host);
    return print(_("%s: %s (%s)"), title, machine, service);
}

bool display_can_show(const struct device_grant *grant)
{
    const char *complete = grant->verification_uri_complete;

    return text_is_plain(grant->user_code, strlen(grant->user_code), 1, USER_CODE_MAX) &&
           text_is_safe_https_url(grant->verification_uri, strlen(grant->verification_uri),
                                  VERIFICATION_URI_MAX) &&
           (complete[0] == '\0' || text_is_safe_https_url(complete, strlen(complete), VERIFICATION_URI_MAX));
}

static const char *warning_of(const struct words *words, const struct layout *layout)
{
    return layout->brief ? words->brief : words->warning;
}

static unsigned count_lines(const struct display_place *place, const struct words *words,
                            const struct layout *layout)
{
    unsigned lines = place_lines(place, words->title) + place_lines(place, warning_of(words, layout));

    lines += layout->joined ? 1 : place_lines(place, words->scan) + place_lines(place, words->code);
    /* Behind a message that asks nothing the cursor moves on to a line of its own. */
    return lines + 1 + (words->lead[0] ? 1 : 0);
}

/* Room on one line for URL, two spaces and code? */
static bool can_join(const struct display_place *place, const struct words *words)
{
    return strlen(words->scan) + 2 + strlen(words->code) <= place->columns;
}

static char *join_words(const struct words *words, const char *qr, const struct layout *layout)
{
    char *text = print("%s%s\n%s\n%s%s%s%s%s%s", words->lead, words->title, warning_of(words, layout), qr,
                       qr[0] ? words->scan : words->open, layout->joined ? "  " : "\n", words->code,
                       words->prompt[0] ? "\n" : "", words->prompt);

    if (text && strlen(text) > PROTOCOL_TEXT_MAX) {
        free(text);
        return NULL;
    }
    return text;
}

/* NULL: the QR cannot be shown in this layout. */
static char *try_layout(const struct display_place *place, const struct words *words, const char *content,
                        enum qr_style style, const struct layout *layout)
{
    struct qr_text qr;
    char *text;

    if (layout->joined && !can_join(place, words))
        return NULL;
    if (!qr_draw(content, style, layout->margin, &qr))
        return NULL;
    text =
        place_fits(place, count_lines(place, words, layout), &qr) ? join_words(words, qr.text, layout) : NULL;
    free(qr.text);
    return text;
}

static char *lay_out(const struct display_place *place, const struct words *words, const char *content,
                     enum qr_style style)
{
    static const struct layout layouts[] = {
        {.margin = QR_MARGIN_NORMAL},
        {.margin = QR_MARGIN_NORMAL, .joined = true},
        {.margin = QR_MARGIN_THIN},
        {.margin = QR_MARGIN_THIN, .joined = true},
        {.margin = QR_MARGIN_THIN, .joined = true, .brief = true},
    };
    char *text = NULL;

    for (size_t i = 0; !text && i < sizeof layouts / sizeof layouts[0]; i++)
        text = try_layout(place, words, content, style, &layouts[i]);
    return text;
}

char *display_prompt(const struct display_place *place, const struct service *service,
                     const struct machine_settings *machine, const char *label,
                     const struct device_grant *grant)
{
    const bool asks = display_asks(place, service);
    const char *complete = grant->verification_uri_complete;
    CLEANUP(words_clear) struct words words = {0};
    enum qr_style style;
    char *text = NULL;

    if (!display_can_show(grant))
        return NULL;
    words = (struct words){
        /* The client puts "(user@host) " before a prompt: the first row of the QR must not share its line. */
        .lead = asks && display_is_ssh(place) ? "\n" : "",
        .title = print_title(place, machine->name, label, place_takes_utf8(place, asks)),
        .warning = complete[0] ? _("Approve only if you are signing in there yourself, right now. "
                                   "Check that the code matches.")
                               : _("Approve only if you are signing in there yourself, right now."),
        .brief = _("Approve only if you are signing in there yourself, right now."),
        .scan = print(_("Scan, or open: %s"), grant->verification_uri),
        .open = print(_("On your phone or computer, open: %s"), grant->verification_uri),
        .code = print(_("Code: %s"), grant->user_code),
        .prompt = asks ? _("Press Enter once approved: ") : "",
    };
    if (!words.title || !words.scan || !words.open || !words.code)
        return NULL;
    if (place_qr_style(place, service, &style))
        text = lay_out(place, &words, complete[0] ? complete : grant->verification_uri, style);
    return text ? text : join_words(&words, "", &(struct layout){0});
}
