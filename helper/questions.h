/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What listener and child say to the keeper, over keeper.sock: SOCK_SEQPACKET, one packet a message, a type
 * byte and fields as wire.h has them. One connection is one sign-in; the keeper serves only peers whose user
 * is frontdesk-net (SO_PEERCRED) and believes of them nothing but claims at the connection that it fixed
 * itself.
 *
 *   listener:  HANDOVER ─▶            (the module's socket rides along)
 *   child:     ADMIT    ─▶ ADMITTED | CHOICES | DECIDED
 *              CHOOSE   ─▶ ADMITTED | DECIDED     (only after CHOICES, once)
 *              KEEP     ─▶ nothing                (documents fetched, for the cache)
 *              REMEMBER ─▶ nothing                (which spelling of the secret was taken)
 *              BUSY     ─▶ nothing                (the issuer answered 429)
 *              REFETCH  ─▶ KEYS                   (the key of a token is in no set that the child has)
 *              CLAIMS   ─▶ DECIDED | USERS        (once)
 *              PICK     ─▶ DECIDED                (only after USERS, once)
 *              REFUSE   ─▶ DECIDED                (the child saw why it cannot be)
 *              FINISH   ─▶ end: the keeper writes SET and VERDICT to the module itself
 *
 * DECIDED comes before FINISH so that the child can tell the person first; VERDICT is the module's last
 * message. A message that is not due ends the sign-in, as does the end of either socket: the module then sees
 * a close.
 */
#ifndef HELPER_QUESTIONS_H
#define HELPER_QUESTIONS_H

#define QUESTION_PACKET_MAX    (192 * 1024) /* fits the default socket buffer of Linux */
#define QUESTION_CLAIMS_MAX    (64 * 1024)  /* bytes of each claims document */
#define QUESTION_URL_MAX       1023         /* bytes of the IdP's log-out */
#define QUESTION_USERS_MAX     33           /* local users of one person: USER_MAP_USERS_MAX and the member */
#define QUESTION_REFETCHES_MAX 100          /* of one sign-in: while it waits for another's */
#define QUESTION_DOCUMENT_MAX                                                                                \
    (64 * 1024) /* bytes of each cached document; larger ones are fetched each time */

enum question_type {
    /*
     * u32 pid, u32 uid of the module's process (SO_PEERCRED of its socket), SCM_RIGHTS: that socket; and, if
     * there is a second, a descriptor that says by its end that the sign-in is over
     */
    QUESTION_HANDOVER = 0x01,
    /*
     * blob: the LOGIN packet as it came, and as it still waits in the module's socket: there the keeper takes
     * it itself, and what differs by a byte ends the sign-in. Who asks for what is nothing that a child could
     * make up
     */
    QUESTION_ADMIT = 0x02,
    /* string connection */
    QUESTION_CHOOSE = 0x03,
    /* u8 document_kind, u32 lifetime in seconds, blob */
    QUESTION_KEEP = 0x04,
    /*
     * blob claims of the verified ID token, blob claims of userinfo (empty: none was asked), string URL of
     * the IdP's log-out (may be empty), string scopes that were not granted, for the log (may be empty)
     */
    QUESTION_CLAIMS = 0x05,
    /*
     * string reason code; a reason whose verdict is allow is a protocol error, and of those that ignore only
     * password_typed counts, after a LOGIN with LOGIN_PASSWORDS_ALLOWED. string detail for the log
     */
    QUESTION_REFUSE = 0x06,
    QUESTION_FINISH = 0x07,
    /* u8 client_spelling */
    QUESTION_REMEMBER = 0x08,
    /* string user, one of USERS */
    QUESTION_PICK = 0x09,
    /* u32 seconds after which the issuer may be asked again; 0: it did not say */
    QUESTION_BUSY = 0x0b,
    /* no fields: a key is missing in the set at hand; at most QUESTION_REFETCHES_MAX times */
    QUESTION_REFETCH = 0x0a,

    /*
     * string connection, blob client secret, u8 client_spelling, blob discovery, blob keys (both empty when
     * not cached)
     */
    QUESTION_ADMITTED = 0x11,
    /* u16 count, that many strings: connections to choose among */
    QUESTION_CHOICES = 0x12,
    /*
     * string reason code, u8 verdict, string user (who enters; who the person is here, after wrong_user and
     * connect_again; else empty), string URL of the IdP's log-out (in close_session, where the service shows
     * it; else empty)
     */
    QUESTION_DECIDED = 0x13,
    /* u16 count, that many strings: the local users that this person may enter, none of whom was asked for */
    QUESTION_USERS = 0x14,
    /* u8 key_refetch, blob keys (empty when not cached): those that came last */
    QUESTION_KEYS = 0x15,
};

/*
 * May a child fetch its connection's keys anew? Once a minute somebody may, whoever asks (NOW); while that
 * one is at it the others ask again (COMING), and after it they have what it brought (LATER), or hear that it
 * could not (FAILED).
 */
enum key_refetch {
    KEY_REFETCH_NOW = 1,
    KEY_REFETCH_COMING = 2,
    KEY_REFETCH_FAILED = 3,
    KEY_REFETCH_LATER = 4
};

/* How a secret is written in HTTP Basic (RFC 6749 2.3.1 says form-encoded; many servers expect it raw). */
enum client_spelling { CLIENT_SPELLING_FORM = 0, CLIENT_SPELLING_RAW = 1 };

enum document_kind { DOCUMENT_DISCOVERY = 1, DOCUMENT_KEYS = 2 };

#endif
