/* SPDX-License-Identifier: BSD-2-Clause */
/* How a request says and proves which client sends it (RFC 6749 2.3.1, RFC 7523, OIDC Core 9). */
#ifndef HELPER_CLIENT_AUTH_H
#define HELPER_CLIENT_AUTH_H

#include <stdbool.h>

#include "http/http.h"
#include "oidc/device_grant.h"

/* A form to be posted, and the Basic credentials that go with it. Erase with client_form_erase. */
struct client_form {
    struct http_form form;
    char *basic_user, *basic_password; /* in the client's spelling; NULL: not used */
    bool is_poll;                      /* whoever sends it judges a 429 itself */
};

/*
 * Begins a form with client_id, which Hydra wants in the form besides Basic, too, and adds the secret where
 * the method puts it, or a new assertion: no form of private_key_jwt is sent twice. False when memory is
 * short, or no assertion could be made.
 */
bool client_form_begin(const struct device_client *client, struct client_form *ret_form);
bool client_form_add(struct client_form *form, const char *name, const char *value);

enum reason client_form_post(struct http *http, const char *url, const struct client_form *form,
                             long timeout_ms, struct http_answer *ret_answer);

/*
 * After each answer of an endpoint that looks at the client. True: it was refused, and the other spelling of
 * its secret is now in `client`, to be tried once.
 */
bool client_is_respelled(struct device_client *client, bool was_refused);

/* Is this how an endpoint says that it does not know the client, or not by this secret? */
bool client_was_refused(long status, const char *error);

void client_form_erase(struct client_form *form);

#define AUTO_CLIENT_FORM CLEANUP(client_form_erase)

#endif
