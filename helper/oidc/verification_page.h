/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a person is sent with a code. TLS says that the provider named the page, not that the provider is
 * still itself: with verification_hosts the administrator fixes where its pages are.
 */
#ifndef HELPER_VERIFICATION_PAGE_H
#define HELPER_VERIFICATION_PAGE_H

#include <stdbool.h>

#include "connection/connection.h"
#include "oidc/device_grant.h"

/* Is this page, a safe https URL, at one of the connection's verification_hosts? Any port.
 * Without such hosts, and without a connection, every page is. */
bool verification_page_is_pinned(const struct connection *connection, const char *url);

/* REASON_OK, or _VERIFICATION_HOST with the host at fault in the grant's `error`, for the log. */
enum reason verification_page_judge(const struct connection *connection, struct device_grant *grant);

#endif
