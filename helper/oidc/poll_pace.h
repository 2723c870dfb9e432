/* SPDX-License-Identifier: BSD-2-Clause */
/* When to poll next: the server's interval, its slow_downs, and a back-off while it is in trouble. */
#ifndef HELPER_POLL_PACE_H
#define HELPER_POLL_PACE_H

#include <stdint.h>

#define SLOW_DOWN_STEP_S 5 /* RFC 8628 3.5 */

struct poll_pace {
    long interval_s;
    unsigned failures;  /* in a row */
    long retry_after_s; /* the last failure's, 0: none */
};

/* The server answered as it should. */
void poll_pace_pending(struct poll_pace *pace);

/* It wants us slower from now on: by a step, or at the interval that it names (0: none) if that is longer. */
void poll_pace_slow_down(struct poll_pace *pace, int64_t named_interval_s);

/* No answer, or one of trouble; retry_after_s < 0: not said. */
void poll_pace_failed(struct poll_pace *pace, long retry_after_s);

/* Besides: it named a time for the next poll. */
void poll_pace_retry_after(struct poll_pace *pace, long retry_after_s);

/* Milliseconds until the next poll. A back-off that would not fit in what is left becomes half of that, so
 * that an approval is still heard of; never less than the interval. */
int64_t poll_pace_wait_ms(const struct poll_pace *pace, int64_t left_ms);

#endif
