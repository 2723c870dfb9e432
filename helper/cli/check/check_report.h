/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts as they are found: one a line, each with the next step, and the worst of them as exit status. */
#ifndef HELPER_CLI_CHECK_REPORT_H
#define HELPER_CLI_CHECK_REPORT_H

#include <stdbool.h>

/* Exit statuses of `frontdesk check`, besides 0, EXIT_REFUSED (something else is wrong) and EXIT_USAGE. */
#define CHECK_CONFIG_BROKEN  3
#define CHECK_MISSING        4
#define CHECK_INCOMPLETE     5
#define CHECK_MISMATCH       6
#define CHECK_CLIENT_REFUSED 7
#define CHECK_STATUS_MAX     CHECK_CLIENT_REFUSED

enum fact_state {
    FACT_GOOD,
    FACT_HINT, /* worth knowing; not counted */
    FACT_WRONG,
};

struct fact {
    enum fact_state state;
    int status;             /* FACT_WRONG: EXIT_REFUSED or one of the above */
    const char *connection; /* NULL: this machine, or frontdesk.conf */
    const char *name;       /* "discovery", "keys", ...: an interface */
    const char *text;
    const char *next; /* what to do about it; NULL: nothing */
};

struct report {
    bool json;
    int status; /* so far: the first distinct one wins over EXIT_REFUSED */
};

void report_add(struct report *report, const struct fact *fact);

/* text is a printf; state, status, connection, name and next come from `fact`. */
__attribute__((format(printf, 3, 4))) void report_say(struct report *report, const struct fact *fact,
                                                      const char *format, ...);

#endif
