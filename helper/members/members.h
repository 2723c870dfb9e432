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
    char why[512]; /* words for the log, set with REASON_STORE_FAILED, _STORE_CORRUPT and _PUBLISH_FAILED */
    char notice[256]; /* what was not taken from the claims, who else has the name, or what is damaged; "":
                         nothing */
};

/* What the host asked for, from the keeper's own record of LOGIN. */
struct members_request {
    const struct config *config;
    const struct connection *connection;
    const char *requested_user; /* "": the host left it open */
    bool remote;                /* sshd knows users before PAM runs: see first_sign_in */
    enum first_sign_in first_sign_in;
    bool known_only; /* asked for by somebody other than root: nothing is created, bound, synced or noted */
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
 * A member whose address has changed enters, and keeps the old one where the new one is not proved but the
 * old one is, or is known as another member's of the issuer: else the next holder of an address could become
 * a stranger beside its first. members->notice says so.
 *
 * With known_only, somebody who is no member yet gets _NOT_A_MEMBER, or _INVITED_NOT_BOUND.
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
 * _CONNECTION_DISABLED (also: gone, or not for this service), _CONNECTION_BROKEN, _NAME_TAKEN (by somebody
 * whom root added since: members->notice).
 */
enum reason members_account(struct members *members, const struct members_request *request,
                            const char *service, struct member *ret_member);

/*
 * The name under which this identity may enter, an active member's; "" when it is nobody's. Who was shut out
 * is shut out of every account, whoever opened it: _MEMBER_DISABLED, _MEMBER_REMOVED.
 */
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
 * Enabling a member who was never bound makes an invitation again (_INVITED_NOT_BOUND: without an e-mail, as
 * one that only an index still told, it waits for its identity). Removing twice is fine: the second may
 * free the name (with those from before a rename) or erase. *ret_member bears the name that the member had,
 * and the home that stays.
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
 * A new name for a member; the id and the identity stay. The home's path follows the name (same folder), for
 * the NSS reader gives no other; what is in the old home is the admin's to move. REASON_OK, or as for an
 * invitation's name, and the home as for a new member's. The old name stays taken, as a removed member's does
 * (only this member can have it again), unless free_name.
 */
enum reason members_rename(struct members *members, const char *name, const char *new_name, bool free_name,
                           struct member *ret_member);

/*
 * Another identity for a member, or another issuer for all of one issuer, tombstones too (the subjects stay):
 * for a custom domain or a tenant that moved. All or nothing. REASON_OK and *ret_count, _NOT_A_MEMBER,
 * _MEMBER_REMOVED, _CLAIM_ISS or _CLAIM_SUB (not to be had from any token), _CONNECTION_UNKNOWN,
 * _INVITED_NOT_BOUND (a member without a subject, and none given), _NAME_TAKEN when an identity would then be
 * two members'. An invitation that gets an identity so is an active member's.
 */
struct members_rebind {
    const char *name;             /* one member; NULL: all of old_issuer */
    const char *issuer, *subject; /* the new pair; subject NULL: stays */
    const char *old_issuer;       /* for all */
    const char *connection;       /* the one that they belong to from now on; NULL: stays */
};
enum reason members_rebind(struct members *members, const struct config *config,
                           const struct members_rebind *rebind, size_t *ret_count);

/*
 * Members from elsewhere: from another machine's export, or from a list that somebody wrote. All rows or
 * none, in one transaction; each row gets an answer of its own, also when another one was refused.
 *
 * With issuer and subject it is a bound member (active, unless disabled), without them an invitation for
 * `email` (invited, unless disabled). A removed one is a tombstone: it only takes name and id, which this
 * machine may have for others outside the store; "" as its name: the name was freed. Groups are not
 * imported: the next sign-in tells them.
 */
struct members_import_row {
    const char *name;
    uint32_t id; /* kept, or the row is refused; 0: the next free one */
    const char *email, *full_name, *connection, *issuer, *subject; /* NULL: none */
    bool email_verified;                                           /* by the issuer; counts when bound */
    const char *home, *shell;                                      /* NULL: as for a new member */
    const char *const *former_names; /* NULL: none; NULL-terminated, stay taken */
    enum member_state state;
    int64_t created_at, last_sign_in_at; /* 0: now, never */
};
struct members_import_answer {
    enum reason reason;
    const char *what; /* the column that was refused, static; "" for REASON_OK */
    uint32_t id;      /* what it has or, on a dry run, would have */
};
/* REASON_OK, or the first row's that was refused; what ended the import as a whole (_STORE_FAILED, ...). */
enum reason members_import(struct members *members, const struct config *config,
                           const struct members_import_row *rows, size_t count,
                           struct members_import_answer *ret_answers);

/* Can the store be read? REASON_OK, _STORE_FAILED or _STORE_CORRUPT: asked before anybody is sent to their
 * phone for nothing. */
enum reason members_ready(struct members *members);

/* Index older than the store, or none: publish. Called at start and before every allow. */
enum reason members_publish_if_stale(struct members *members);

#endif
