/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock for deadlines and paces: it never steps, and the machine's sleep counts. */
#ifndef HELPER_CLOCK_H
#define HELPER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* CLOCK_BOOTTIME in milliseconds. */
int64_t boottime_ms(void);

/*
 * The clock of the wall is set by others, and a machine without a battery begins in 1970. Before this program
 * was written it cannot be right: then no certificate and no token can be judged.
 */
#define CLOCK_EARLIEST_S INT64_C(1735689600) /* 2025-01-01 */
bool clock_is_possible(void);

#endif
