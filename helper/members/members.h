/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules of membership, over store and index: who a verified identity is here, and whether it may become
 * somebody. The pair (issuer, subject) is the key; names and e-mails are labels.
 */
#ifndef HELPER_MEMBERS_H
#define HELPER_MEMBERS_H

#include <stdbool.h>

#include "config/config.h"
#include "members/claims.h"
#include "members/store.h"
#include "reason.h"

struct members {
    struct store *store;
    const char *state_dir;
    bool dry_run;  /* decide as ever, then roll back: nothing is written, nothing published */
    char why[512]; /* words for the log, set with REASON_STORE_FAILED and _PUBLISH_FAILED */
};

/* What the host asked for, from the keeper's own record of LOGIN. */
struct members_request {
    const struct config *config;
    const struct connection *connection;
    const char *requested_user; /* "": the host left it open */
    bool remote;                /* sshd knows users before PAM runs: see first_sign_in */
    enum first_sign_in first_sign_in;
    bool known_only; /* asked for by somebody other than root: nothing is created, bound or synced */
    int64_t now;
};

/*
 * Policy has been asked already. Find by identity; else bind an invitation; else create; each once.
 * REASON_OK: *ret_member is an active member whose name the requested user equals (or none was asked for),
 * committed, and the index holds it. REASON_CONNECT_AGAIN: likewise, but this connection cannot use it.
 * Everything else: nothing was written, except that REASON_PUBLISH_FAILED may come after the commit; the next
 * publication heals that. *ret_member is filled where a member is known (member_clear it always); after
 * REASON_WRONG_USER it has at least the name that this person has, or would have, here.
 *
 * What is taken from the claims: full name and e-mail by sync_profile (on_each_login: whenever a claim is
 * there; on_first_login: when the identity is bound; never_on_login: the full name never, the e-mail when it
 * is bound, for a recycled address is known by it). Groups by group_map at every sign-in, whatever
 * sync_profile says: they are rights, and one that is lost is gone.
 *
 * A stranger is refused in this order: _CREATE_OFF, the name (_USERNAME_*, _NAME_INVALID, _NAME_RESERVED),
 * _WRONG_USER, _NAME_TAKEN, _FIRST_SIGN_IN_REFUSED, _RANGE_FULL. _CONFIG_BROKEN: home_base or shell is
 * nothing that the NSS reader would give. _INTERNAL: no memory, or a source of the name service could not say
 * whether the name or id is free. _MEMBER_REMOVED stays so, also after an erasure: the tombstone keeps the
 * identity.
 */
enum reason members_sign_in(struct members *members, const struct members_request *request,
                            const struct identity *identity, struct member *ret_member);

/*
 * The account and open_session phases: is this user a member who may enter now by this service? Active,
 * bound, of a connection that is enabled and, for remote sign-ins, serves the service. REASON_OK and the
 * index holds it, or _NOT_A_MEMBER, _INVITED_NOT_BOUND, _MEMBER_DISABLED, _MEMBER_REMOVED,
 * _CONNECTION_DISABLED (also: gone, or not for this service), _CONNECTION_BROKEN.
 */
enum reason members_account(struct members *members, const struct members_request *request,
                            const char *service, struct member *ret_member);

/* The name under which this identity may enter, an active member's; "" when there is none. */
enum reason members_name_of(struct members *members, const struct identity *identity,
                            char ret_name[MEMBER_NAME_MAX + 1]);

/* Is the name a member's (active or disabled) or an invitation's? For caps: names that are not count per
 * host. */
bool members_knows_name(struct members *members, const char *name);

/*
 * Admin's verbs. REASON_OK, or why not: _NAME_*, _RANGE_FULL, _NOT_A_MEMBER, _MEMBER_REMOVED,
 * _CONNECTION_UNKNOWN, _CONFIG_BROKEN, _CLAIMS_MALFORMED (no e-mail), _STORE_FAILED, _PUBLISH_FAILED
 * (written, but not yet in the index).
 *
 * Enabling a member who was never bound makes an invitation again. Removing twice is fine: the second may
 * free the name or erase. *ret_member bears the name that the member had, and the home that stays.
 */
struct members_invitation {
    const char *name, *email, *connection; /* connection NULL: any */
    const char *full_name;                 /* NULL: none */
};
enum reason members_invite(struct members *members, const struct config *config,
                           const struct members_invitation *invitation, struct member *ret_member);
enum reason members_set_state(struct members *members, const char *name, enum member_state state,
                              struct member *ret_member);
enum reason members_remove(struct members *members, const char *name, bool free_name, bool erase,
                           struct member *ret_member);

/*
 * A new name for a member (the id, the home and the identity stay): REASON_OK, or as for an invitation's
 * name. The old name stays taken, as a removed member's does, unless free_name.
 */
enum reason members_rename(struct members *members, const char *name, const char *new_name, bool free_name,
                           struct member *ret_member);

/*
 * Another identity for a member, or another issuer for all of one issuer (the subjects stay): for a custom
 * domain or a tenant that moved. All or nothing. REASON_OK and *ret_count, _NOT_A_MEMBER, _MEMBER_REMOVED,
 * _EMAIL_TAKEN never, _NAME_TAKEN when an identity would then be two members'.
 */
struct members_rebind {
    const char *name;             /* one member; NULL: all of old_issuer */
    const char *issuer, *subject; /* the new pair; subject NULL: stays */
    const char *old_issuer;       /* for all */
    const char *connection;       /* the one that they belong to from now on; NULL: stays */
};
enum reason members_rebind(struct members *members, const struct config *config,
                           const struct members_rebind *rebind, size_t *ret_count);

/* Index older than the store, or none: publish. Called at start and before every allow. */
enum reason members_publish_if_stale(struct members *members);

#endif
