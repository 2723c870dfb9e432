/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may enter by a connection: nobody unless a rule says so. Any rule that matches is enough. */
#ifndef HELPER_POLICY_H
#define HELPER_POLICY_H

#include "members/claims.h"

/*
 * allow_all; allowed_users (the subject, a verified e-mail, or the raw username claim unless that is an
 * e-mail which nobody verified); allowed_groups; allowed_email_domains (of a verified e-mail, whole domain,
 * any case). REASON_OK or REASON_NOT_ALLOWED, and *ret_rule (static) names the rule that matched, or the
 * first that was looked at, for the log.
 */
enum reason policy_judge(const struct connection *connection, const struct identity *identity,
                         const char **ret_rule);

#endif
