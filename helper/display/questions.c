/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The short questions before and after the code. Over ssh a prompt that has more than one line begins with a
 * newline, for the client puts "(user@host) " before it.
 */
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "display/display.h"
#include "display/place.h"
#include "display/text.h"
#include "frontdesk/protocol.h"
#include "questions.h"

#define _(sentence) dgettext(TEXT_DOMAIN, sentence)

/* What was printed, or NULL when it is not whole. */
static char *whole(FILE *out, char **text)
{
    const bool failed = ferror(out) != 0;

    if (fclose(out) == 0 && !failed)
        return *text;
    free(*text);
    return NULL;
}

#define AROUND_LIST 256 /* bytes of question and prompt, in any language */
#define NUMBER_SIZE 8   /* bytes of "999  " and a newline */

/* A whole label each; fewer bytes when there are so many that one message would not hold them. */
static size_t entry_size(size_t count)
{
    const size_t share = (PROTOCOL_TEXT_MAX - AROUND_LIST) / (count + 1) - NUMBER_SIZE;

    return share < PLACE_LABEL_SIZE ? share : PLACE_LABEL_SIZE;
}

static char *print_list(const struct display_place *place, const char *question, const char *const *entries,
                        size_t count)
{
    const bool utf8 = place_takes_utf8(place, true);
    char entry[PLACE_LABEL_SIZE], *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    (void)fprintf(out, "%s%s\n", display_is_ssh(place) ? "\n" : "", question);
    for (size_t i = 0; i < count; i++) {
        text_make_label(entries[i], utf8, entry, entry_size(count));
        (void)fprintf(out, "%3zu  %s\n", i + 1, entry);
    }
    (void)fputs(_("Number: "), out);
    return whole(out, &text);
}

char *display_choice(const struct display_place *place, const char *const *labels, size_t count)
{
    return print_list(place, _("How do you want to sign in?"), labels, count);
}

char *display_users(const struct display_place *place, const char *const *names, size_t count)
{
    return print_list(place, _("Which account?"), names, count);
}

char *display_email_question(void)
{
    return strdup(_("E-mail address (or Enter for a list): "));
}

char *display_offer(const struct display_place *place, const char *label)
{
    char shown[PLACE_LABEL_SIZE], *text;

    if (!label)
        return strdup(_("Password, or Enter alone to sign in another way: "));
    text_make_label(label, place_takes_utf8(place, true), shown, sizeof shown);
    return asprintf(&text, _("Password, or Enter alone for \"%s\": "), shown) < 0 ? NULL : text;
}

/* "" where none is wanted, or none can be shown; NULL: no memory. */
static char *log_out_qr(const struct display_place *place, const struct service *service, const char *url)
{
    struct qr_text qr;
    enum qr_style style;

    if (service->log_out != LOG_OUT_QR || !place_qr_style(place, service, &style) ||
        !qr_draw(url, style, QR_MARGIN_NORMAL, &qr))
        return strdup("");
    if (place_fits(place, 3, &qr))
        return qr.text;
    free(qr.text);
    return strdup("");
}

char *display_log_out(const struct display_place *place, const struct service *service, const char *url)
{
    AUTO_FREE char *qr = NULL;
    char *text;

    if (!text_is_safe_https_url(url, strlen(url), QUESTION_URL_MAX))
        return NULL;
    qr = log_out_qr(place, service, url);
    if (!qr)
        return NULL;
    if (asprintf(&text, "%s%s %s", qr, _("To sign out at the sign-in service as well, open:"), url) < 0)
        return NULL;
    return text;
}
