/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process of one sign-in, as the server sees it: `frontdesk-kiosk --sign-in`, with a seqpacket socket as
 * descriptor 3. What it knows of a visitor ends with it.
 *
 * Each packet is one JSON object, WORKER_PACKET_MAX bytes at most. From the worker:
 *   {"state":"code","code":"ABCD-EFGH","uri":"https://idp/device","uri_complete":"https://idp/device?…",
 *    "lifetime":120,"qr":["1110…",…]}        first; uri is to be typed, uri_complete is what the QR holds
 *   {"state":"approved","name":"Ada"}        then; name is left out where there is none
 *   {"state":"checked_in"|"checked_out"|"already","name":…,"since":EPOCH}   after the confirmation, last
 *   {"state":"refused","reason":"access_denied","text":"…","retry_after":S} at any time, last
 * To the worker, once, after "approved":
 *   {"action":"confirm"}
 * An end without a last packet is a sign-in that is not working right now.
 */
#ifndef HELPER_KIOSK_WORKER_H
#define HELPER_KIOSK_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "json/json.h"

#define WORKER_FD         3
#define WORKER_PACKET_MAX (48 * 1024)
#define WORKER_CONFIRM    "{\"action\":\"confirm\"}"

struct worker {
    pid_t pid;  /* 0: none */
    int socket; /* -1: none */
};

/* How all workers are started. */
struct worker_plan {
    const char *program;
    const char *log; /* "syslog" or "stderr" */
    bool debug;
};

bool worker_start(const struct worker_plan *plan, uint32_t confirm_after_s, struct worker *ret_worker);

/* Kills it and waits for its end. What it waited for is cancelled by that. */
void worker_end(struct worker *worker);

bool worker_confirm(const struct worker *worker);

/* The next packet; NULL: it has ended, or what it said is no such object. */
struct json_document *worker_hear(const struct worker *worker);

/* Of a QR: rows of '0' and '1', as many as they are long. */
bool worker_qr_is_whole(const struct json_value *qr);

#endif
