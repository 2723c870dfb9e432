/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person sees where: the message with QR, URL and code, in the form that the place can show. */
#ifndef HELPER_DISPLAY_H
#define HELPER_DISPLAY_H

#include <stdbool.h>

#include "config/config.h"
#include "oidc/device_grant.h"

/* Where the sign-in comes from, as LOGIN said. */
struct display_place {
    const char *service, *tty, *rhost, *user, *codeset; /* "" where unknown */
    unsigned columns, rows;                             /* 0: unknown */
};

/* Over sshd text and prompt must travel together, in one prompt without echo. */
bool display_is_ssh(const struct display_place *place);

/* Must the person press Enter (ASK), or does it go on by itself (SHOW)? */
bool display_asks(const struct display_place *place, const struct service *service);

/* The grant was judged where it was read; yet this is the last place before a screen, so it looks again. */
bool display_can_show(const struct device_grant *grant);

/*
 * The whole message, malloc'd: for ssh it begins with a newline and ends with the prompt; elsewhere it ends
 * with a newline-free last line. Names the machine, the service, the label, the user and the remote host,
 * says to approve only when you are signing in there now; QR where it can be shown and, where rows and
 * columns are known, fits; URL and code last, always. NULL: no memory, or a string of the grant that no
 * screen may show.
 */
char *display_prompt(const struct display_place *place, const struct service *service,
                     const struct machine_settings *machine, const char *label,
                     const struct device_grant *grant);

/* Questions, malloc'd; each ends as a prompt does. NULL: no memory. */

/* A numbered list of labels (from 1) and the question which. */
char *display_choice(const struct display_place *place, const char *const *labels, size_t count);

/* Likewise of local users. */
char *display_users(const struct display_place *place, const char *const *names, size_t count);

/* An e-mail address, or Enter for the list. */
char *display_email_question(void);

/* A local password, or Enter alone to sign in by what the label names (NULL: by one of several). */
char *display_offer(const struct display_place *place, const char *label);

/*
 * Where to sign out at the IdP, as a link or with its QR, malloc'd. NULL: no memory, or a URL that no screen
 * may show.
 */
char *display_log_out(const struct display_place *place, const struct service *service, const char *url);

#endif
