/* SPDX-License-Identifier: BSD-2-Clause */
/* Has the host given up? Its socket tells by the peer's end alone; packets not yet read do not matter here.
 */
#ifndef HELPER_HANG_UP_H
#define HELPER_HANG_UP_H

#include <stdbool.h>
#include <stdint.h>

/* Both take fd -1 for "none": it never hangs up. */
bool hang_up_seen(int fd);

/* False as soon as the peer is gone, true when the time has passed (CLOCK_BOOTTIME: sleep of the machine
 * counts). */
bool hang_up_wait(int fd, int64_t milliseconds);

/* Likewise false when there is something to read. */
bool hang_up_or_word(int fd, int64_t milliseconds);

#endif
