/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a sign-in may begin, and by which connections. */
#ifndef HELPER_ADMISSION_H
#define HELPER_ADMISSION_H

#include "keeper/state.h"

struct admission_choices {
    const struct connection *connections[CONFIG_CONNECTIONS_MAX];
    size_t count;
};

/* How many other sign-ins go on now. */
struct admission_load {
    uint32_t all;          /* but those of users other than root */
    uint32_t unprivileged; /* of users other than root, who count for themselves */
    bool is_here;          /* this one is not asked for by another host ... */
    uint32_t here;         /* ... and so many of all are not, either */
    uint32_t of_user;      /* for the same name, by the same asker */
    uint32_t of_asker;     /* by the same asker, of those that take SLOT_OF_ASKER */
};

/*
 * The connections that are enabled for the service: the one that the PAM line names, else the one that the
 * service's section names, else all. REASON_OK and at least one, or _CONFIG_BROKEN, _CONNECTION_UNKNOWN,
 * _CONNECTION_BROKEN (while any file is broken nobody is passed on to passwords), _NO_CONNECTION.
 */
enum reason admission_choices(const struct config *config, const struct login *login,
                              struct admission_choices *ret_choices);

/*
 * Which slots this one takes. REASON_OK or _TOO_MANY_*. When other hosts have taken all of them, a few more
 * (LIMITS_HERE_SHARE) are this machine's own: nobody outside shuts out its console.
 */
enum admission_slot { SLOT_PLAIN, SLOT_OF_ASKER, SLOT_UNPRIVILEGED };
enum reason admission_caps(const struct limits_settings *limits, const struct admission_load *load,
                           enum admission_slot slot);

/* Did sshd take a public key before, by what it says in SSH_AUTH_INFO_0? */
bool admission_has_key(const struct login *login);

/*
 * Seconds after which the keeper itself ends it: what the module and the service's `timeout` allow, the
 * smaller of both, and some for the messages around it. A child that keeps its own time holds no place
 * longer.
 */
uint32_t admission_longest_s(const struct login *login, const struct service *service);

/*
 * Judges the LOGIN of this sign-in and writes all of it into the record. REASON_OK: admitted with
 * sign_in->connection set, or NULL where *ret_choices has several; every other reason is the decision. Phases
 * other than auth are decided here, and REASON_OK is then the decision, too (sign_in->login.phase tells).
 */
enum reason admission_judge(struct keeper *keeper, struct sign_in *sign_in, const void *login, size_t length,
                            struct admission_choices *ret_choices);

#endif
