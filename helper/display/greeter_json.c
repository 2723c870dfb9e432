/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of the members are gnome-shell's. It shows nothing without linkPrompt and uri, and begins anew
 * when the timeout is over: a little before the code is, so that nobody approves one that is about to end.
 */
#include "display/greeter_json.h"

#include <libintl.h>
#include <string.h>

#include "display/display.h"
#include "display/place.h"
#include "display/text.h"
#include "frontdesk/protocol.h"
#include "json/json.h"

#define _(sentence) dgettext(TEXT_DOMAIN, sentence)

#define DISPLAY_MANAGER_SERVICE "gdm-switchable-auth"
#define QR_URI_MAX              78 /* bytes: beyond those, the 150 pixels of gnome-shell's QR are too few */
#define TIMEOUT_MARGIN_S        10

enum greeter greeter_of(const char *service, const char *extensions)
{
    if (strcmp(extensions, PROTOCOL_GREETER_JSON) != 0)
        return GREETER_NONE;
    if (strcmp(service, PROTOCOL_KIOSK_SERVICE) == 0)
        return GREETER_KIOSK;
    return strcmp(service, DISPLAY_MANAGER_SERVICE) == 0 ? GREETER_DISPLAY_MANAGER : GREETER_NONE;
}

/* {name: *inner}, in the place of *inner. */
static bool wrap(const char *name, struct json_document **inner)
{
    struct json_document *outer = json_new();

    if (!outer || !json_add_object(outer, name, json_top(*inner))) {
        json_free(outer);
        return false;
    }
    json_free(*inner);
    *inner = outer;
    return true;
}

/* gnome-shell prints what it draws the QR of: a long one is neither to be scanned nor to be typed there. */
static const char *uri_of(const struct greeter_sign_in *sign_in)
{
    const char *complete = sign_in->grant->verification_uri_complete;
    const bool fits = sign_in->greeter == GREETER_KIOSK || strlen(complete) <= QR_URI_MAX;

    return complete[0] && fits ? complete : sign_in->grant->verification_uri;
}

static int64_t timeout_of(int64_t lifetime_s)
{
    return lifetime_s > 2 * TIMEOUT_MARGIN_S ? lifetime_s - TIMEOUT_MARGIN_S : lifetime_s;
}

static bool fill_eidp(struct json_document *eidp, const struct greeter_sign_in *sign_in)
{
    char label[PLACE_LABEL_SIZE];

    text_make_label(sign_in->label, true, label, sizeof label);
    return json_add_string(eidp, "name", label) && json_add_string(eidp, "role", PROTOCOL_EIDP) &&
           json_add_string(eidp, "linkPrompt",
                           _("Scan the code with your phone, or open the address on it. Approve only if you "
                             "are signing in here yourself, right now.")) &&
           json_add_string(eidp, "uri", uri_of(sign_in)) &&
           json_add_string(eidp, "code", sign_in->grant->user_code) &&
           json_add_integer(eidp, "timeout", timeout_of(sign_in->lifetime_s));
}

static bool fill_kiosk(struct json_document *eidp, const struct greeter_sign_in *sign_in)
{
    return sign_in->greeter != GREETER_KIOSK ||
           (json_add_string(eidp, "uriPlain", sign_in->grant->verification_uri) &&
            json_add_integer(eidp, "lifetime", sign_in->lifetime_s));
}

static bool add_password(struct json_document *mechanisms)
{
    AUTO_JSON struct json_document *password = json_new();

    return password && json_add_string(password, "name", _("Password")) &&
           json_add_string(password, "role", "password") &&
           json_add_string(password, "prompt", _("Password")) &&
           json_add_object(mechanisms, "password", json_top(password));
}

static bool add_priority(struct json_document *selection, bool has_password)
{
    char eidp[] = PROTOCOL_EIDP, password[] = "password";
    char *names[] = {eidp, has_password ? password : NULL, NULL};

    return json_add_strings(selection, "priority", names);
}

char *greeter_json_sign_in(const struct greeter_sign_in *sign_in)
{
    AUTO_JSON struct json_document *document = json_new();

    if (!document || !display_can_show(sign_in->grant))
        return NULL;
    if (!fill_eidp(document, sign_in) || !fill_kiosk(document, sign_in) || !wrap(PROTOCOL_EIDP, &document))
        return NULL;
    if (sign_in->has_password && !add_password(document))
        return NULL;
    if (!wrap("mechanisms", &document) || !add_priority(document, sign_in->has_password) ||
        !wrap("authSelection", &document))
        return NULL;
    return json_print(json_top(document));
}

char *greeter_json_refusal(enum reason reason, const char *text, long retry_after_s)
{
    AUTO_JSON struct json_document *document = json_new();

    if (!document || !json_add_string(document, "reason", reason_code(reason)) ||
        !json_add_string(document, "text", text) ||
        !json_add_integer(document, "retryAfter", retry_after_s) || !wrap("refusal", &document))
        return NULL;
    return json_print(json_top(document));
}
