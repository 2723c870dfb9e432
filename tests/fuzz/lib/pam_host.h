/* SPDX-License-Identifier: BSD-2-Clause */
/* In the place of libpam and of the helper's socket: a host and a helper that an input plays for the module.
 */
#ifndef FUZZ_PAM_HOST_H
#define FUZZ_PAM_HOST_H

#include <stdbool.h>

#include "frontdesk/protocol.h"
#include "fuzz/lib/fuzz.h"

#define HOST_KEEPER_UID 990
#define HOST_HELPER_UID 991
#define HOST_MEMBER_UID 70000
#define HOST_LOCAL_UID  1001

struct pam_host {
    /* what the input decides */
    const char *user;   /* PAM_USER; NULL: unset */
    const char *ticket; /* FRONTDESK_SESSION; NULL: none */
    bool user_changes;  /* a conversation changes it */
    bool greets;        /* the display manager's extension is offered */
    bool is_kiosk;      /* its service, and not root */
    uint8_t listener;   /* whose the socket is: 0 the helper's, 1 root's, 2 another's; 3: nobody listens */
    struct fuzz_bytes person;  /* answers, a line each; '!': none */
    struct fuzz_bytes packets; /* a byte (1: of the keeper), two of length, and so many */
    /* what the module did */
    bool has_authtok, typed;
    char set_user[PROTOCOL_USER_MAX + 1];
    unsigned put_count, sent, shown;
    /* the last whole packet that it took, when that was a VERDICT of the keeper's */
    bool verdict_came, more_came;
    unsigned verdict;
    char verdict_user[PROTOCOL_USER_MAX + 1];
};

/* Between these two the module meets this host. */
void pam_host_begin(struct pam_host *played);
void pam_host_end(void);

#endif
