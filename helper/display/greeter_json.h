/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a greeter draws a sign-in from, in JSON of GNOME's display manager (protocol auth-mechanisms), and
 * what the kiosk's server is told. ASCII on one line, malloc'd; NULL: no memory, or a string that no screen
 * may show.
 */
#ifndef HELPER_GREETER_JSON_H
#define HELPER_GREETER_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "oidc/device_grant.h"
#include "reason.h"

enum greeter {
    GREETER_NONE,            /* text: SHOW, ASK, WARN */
    GREETER_DISPLAY_MANAGER, /* gnome-shell draws, of its own service alone */
    GREETER_KIOSK,
};

/* Who draws, by LOGIN's service and greeter_extensions. */
enum greeter greeter_of(const char *service, const char *extensions);

struct greeter_sign_in {
    enum greeter greeter;
    const char *label;
    const struct device_grant *grant;
    int64_t lifetime_s; /* how long the code may still be used */
    bool has_password;  /* a local password is another way */
};

/* For the kiosk there are also uriPlain, the address to type, and lifetime; `uri` is for its QR. */
char *greeter_json_sign_in(const struct greeter_sign_in *sign_in);

/* text: the sentence for the person; retry_after_s 0: not known. */
char *greeter_json_refusal(enum reason reason, const char *text, long retry_after_s);

#endif
