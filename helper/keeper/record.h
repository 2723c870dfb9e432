/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is kept of a decision, as JSON: a line of the audit file, and the same to the log, cut so that it fits
 * there. Who it was stands in clear only for those who were let in, for they answer for what they do; of
 * everybody else there is a tag (audit/identity_tag.h).
 *
 * One record for each sign-in that LOGIN began, however it ends; for each session that begins or ends; and
 * for each account that may not go on. What users other than root ask and nobody approved goes to the log
 * alone, for nobody may fill the disk by asking.
 */
#ifndef HELPER_RECORD_H
#define HELPER_RECORD_H

#include "keeper/state.h"
#include "json/json.h"

/* How it came out, in the words of reason.h; an end without a decision has words of its own. */
struct record_outcome {
    const char *event, *verdict, *reason;
};

/* What it is called: sign_in, account, session_begin or _end; at the kiosk check_in or check_out. */
const char *record_event(const struct sign_in *sign_in);

/* The record; NULL: no memory. */
struct json_document *record_make(const struct keeper *keeper, const struct sign_in *sign_in,
                                  const struct record_outcome *outcome);

/* Can a record be written? Asked before a member is made, who must not stay unrecorded. Logged when not. */
bool record_is_possible(const struct keeper *keeper);

/* The decision in the record, into the file. False: it should have been, and could not be; logged. */
bool record_decision(const struct keeper *keeper, const struct sign_in *sign_in);

/* Any other record, to the file and the log; false as above. */
bool record_keep(const struct keeper *keeper, const struct config *config,
                 const struct json_document *record);

/* The same to the log. */
void record_log(const struct keeper *keeper, const struct sign_in *sign_in);

/* A sign-in that is over without a decision, or an allow that did not reach the host: file and log. */
void record_end(const struct keeper *keeper, const struct sign_in *sign_in, const char *why);

#endif
