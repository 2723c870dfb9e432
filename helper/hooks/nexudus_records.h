/* SPDX-License-Identifier: BSD-2-Clause */
/* What Nexudus has of a person: the customer, the check-in that counts, a pass that is paid. */
#ifndef HELPER_NEXUDUS_RECORDS_H
#define HELPER_NEXUDUS_RECORDS_H

#include "hooks/nexudus_api.h"

/* The one active customer with this e-mail. HOOK_NEVER: there is none, or more than one. */
enum hook_status nexudus_find_customer(struct nexudus *nexudus, const char *email, int64_t *ret_id);

/* The customer's check-in at our place that an event is about. */
struct nexudus_visit {
    int64_t id;                    /* 0: there is none */
    bool is_open;                  /* no ToTime */
    char from[TOLD_TIME_SIZE - 1]; /* FromTime to the second: no zone */
};

/*
 * The one that began at checked_in_at, open or not: it is ours. Else the latest that is open and began within
 * seven days before that, or later, and before `until` (NULL: whenever): somebody came by another door.
 */
struct nexudus_search {
    int64_t customer;
    const char *checked_in_at, *until;
};
enum hook_status nexudus_find_visit(struct nexudus *nexudus, const struct nexudus_search *search,
                                    struct nexudus_visit *ret_visit);

/* Has the customer a pass of this place that is unused, not expired at `time`, and not made on the go? */
enum hook_status nexudus_find_pass(struct nexudus *nexudus, int64_t customer, const char *time,
                                   bool *ret_has_one);

#endif
