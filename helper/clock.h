/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock for deadlines and paces: it never steps, and the machine's sleep counts. */
#ifndef HELPER_CLOCK_H
#define HELPER_CLOCK_H

#include <stdint.h>

/* CLOCK_BOOTTIME in milliseconds. */
int64_t boottime_ms(void);

#endif
