/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The conversation between pam_frontdesk.so and the helper: the PAM conversation plus a verdict.
 *
 * Transport: a SOCK_SEQPACKET unix socket, so one packet is one message and there is no framing. A packet is
 * one type byte, then the fields named below in that order, encoded as wire.h says, and nothing after the
 * last field. No packet is ever empty (it would read like the end) and none is larger than
 * PROTOCOL_PACKET_MAX: MSG_TRUNC ends the sign-in, as does any packet that does not decode or is not allowed
 * at that moment.
 *
 * Order. The module connects (non-blocking: EAGAIN, a full queue, is "unavailable"), checks by SO_PEERCRED
 * that the listener is root or frontdesk-net, sends LOGIN at once and waits at most PROTOCOL_HELLO_TIMEOUT_MS
 * for HELLO. The helper sends HELLO before it opens any network and waits at most PROTOCOL_LOGIN_TIMEOUT_MS
 * for LOGIN. After HELLO come any number of SHOW, WARN, ASK, SET, at most one OFFER or GREETER of
 * auth-mechanisms, and at most one GREETER of frontdesk; each ASK, OFFER and GREETER of auth-mechanisms is
 * answered by one ANSWER; VERDICT is last. In close_session only SHOW may come before it, and nobody may be
 * there to read it.
 *
 * The helper need not wait for an ANSWER: VERDICT may already be queued while a prompt is open. The module
 * then sends its ANSWER into a closed socket; EPIPE there, and one ECONNRESET on the next receive, are no
 * errors.
 *
 * Who sends. HELLO, SHOW, WARN, ASK, OFFER and GREETER come from the child that serves the sign-in. SET and
 * VERDICT count only when the kernel says (SCM_CREDENTIALS; the module sets SO_PASSCRED before connecting)
 * that the keeper's user sent them.
 *
 * Close: by the module, cancelled: polling stops at once. By the helper without VERDICT: unavailable.
 *
 * No password ever crosses this socket: an answer given without echo is reported as empty or typed, never its
 * text, and so is a greeter's. What was typed at an OFFER, or came in a greeter's reply, stays PAM_AUTHTOK
 * even when the helper then dies or breaks a rule: it was meant for the next module.
 *
 * The kiosk. A process that is not root and asks for PROTOCOL_KIOSK_SERVICE without a user checks people in:
 * an allow names nobody then, and the module takes no other. Everybody else's allow names the user.
 */
#ifndef FRONTDESK_PROTOCOL_H
#define FRONTDESK_PROTOCOL_H

#define PROTOCOL_VERSION          1
#define PROTOCOL_PACKET_MAX       16384 /* bytes of a whole packet */
#define PROTOCOL_TEXT_MAX         12288 /* bytes of one SHOW, WARN or ASK text; a QR of half blocks needs 3 kB */
#define PROTOCOL_ANSWER_MAX       256 /* bytes of an echoed ANSWER */
#define PROTOCOL_USER_MAX         256 /* bytes; longer PAM_USERs are refused by the module without connecting */
#define PROTOCOL_FIELD_MAX        256 /* bytes of every other LOGIN string, and of SET's name and value */
#define PROTOCOL_REASON_MAX       64  /* bytes of [a-z0-9_] */
#define PROTOCOL_SETS_MAX         16  /* SET messages in one conversation */
#define PROTOCOL_MESSAGES_MAX     64  /* messages of any kind in one conversation: a flood is a fault */
#define PROTOCOL_HELLO_TIMEOUT_MS 1000
#define PROTOCOL_LOGIN_TIMEOUT_MS 5000
#define PROTOCOL_CLOSE_TIMEOUT_MS 900   /* the whole close_session phase: within its second */
#define PROTOCOL_TIMEOUT_S        900   /* default of the module's timeout= */
#define PROTOCOL_TIMEOUT_MAX_S    86400 /* timeout= is 1 to this */

#define PROTOCOL_KIOSK_SERVICE "frontdesk-kiosk"

/* The JSON extension of GNOME's display manager, as LOGIN's greeter_extensions names it. */
#define PROTOCOL_GREETER_JSON    "json"
#define PROTOCOL_GREETER_VERSION 1 /* of both protocols of GREETER */
#define PROTOCOL_MECHANISMS      "auth-mechanisms"
#define PROTOCOL_FRONTDESK       "frontdesk"
#define PROTOCOL_EIDP            "eidp" /* the mechanism that is a sign-in with a code */

enum message_type {
    /* module -> helper */

    /*
     * u16 version, u8 phase, u8 flags, u16 columns, u16 rows (0 unknown), then strings:
     * user (empty: the host has not set PAM_USER), service, tty, rhost, ruser,
     * lang (LC_ALL, LC_MESSAGES or LANG) and codeset (nl_langinfo), each plain (locale_name.h) or empty,
     * prior_auth (SSH_AUTH_INFO_0), greeter_extensions (in auth PROTOCOL_GREETER_JSON where the host offers
     * it: GDM_SUPPORTED_PAM_EXTENSIONS names it; else empty), connection (connection= on the PAM line),
     * ticket (FRONTDESK_SESSION of the PAM environment); then u32 timeout in seconds (timeout=). Exactly
     * once, first.
     */
    MESSAGE_LOGIN = 0x01,
    /*
     * u8 answer_kind, string text (empty unless ANSWER_TEXT). One for each ASK and OFFER, and for GREETER of
     * auth-mechanisms.
     */
    MESSAGE_ANSWER = 0x02,

    /* helper -> module */

    /* u16 version. Exactly once, first. */
    MESSAGE_HELLO = 0x10,
    /* string text -> PAM_TEXT_INFO */
    MESSAGE_SHOW = 0x11,
    /* string text -> PAM_ERROR_MSG; never while a sign-in is still open: some greeters take it as the end */
    MESSAGE_WARN = 0x12,
    /* u8 echo (0 or 1), string text -> PAM_PROMPT_ECHO_OFF or _ON */
    MESSAGE_ASK = 0x13,
    /*
     * string text -> PAM_PROMPT_ECHO_OFF. Only in auth, once, with LOGIN_PASSWORDS_ALLOWED. An empty answer
     * starts the sign-in, and PAM_AUTHTOK is unset; anything typed is a local password: it becomes
     * PAM_AUTHTOK for the next module, ANSWER says only ANSWER_TYPED, and the only verdict left is
     * VERDICT_IGNORE.
     */
    MESSAGE_OFFER = 0x14,
    /*
     * string protocol, string json (an object on one line) -> PAM_BINARY_PROMPT of the JSON extension,
     * protocol and PROTOCOL_GREETER_VERSION with it. Only in auth, once for each protocol, where LOGIN said
     * that the host offers it.
     *   PROTOCOL_MECHANISMS: what a greeter draws the sign-in from: {"authSelection":{"mechanisms":{...},
     * "priority":[...]}}. Its reply chooses: {"authSelection":{"status":"Ok","eidp":{}}} is ANSWER_TEXT with
     * PROTOCOL_EIDP; "password":{"password":"..."} in place of it, with LOGIN_PASSWORDS_ALLOWED, is what was
     * typed at an OFFER (an empty one, too: the next module asks anew). Any other reply ends the sign-in. Not
     * beside an OFFER.
     *   PROTOCOL_FRONTDESK: what frontdesk-kiosk is told before a refusal:
     * {"refusal":{"reason":"access_denied","text":"...","retryAfter":60}}. Its reply is not looked at, and
     * there is no ANSWER.
     */
    MESSAGE_GREETER = 0x15,
    /* string name (FRONTDESK_[A-Z_]+), string value -> pam_putenv, only together with an allow. Keeper only.
     */
    MESSAGE_SET = 0x16,
    /*
     * u8 verdict, string user (empty unless VERDICT_ALLOW, and for the kiosk), string reason. Exactly once,
     * last. Keeper only.
     */
    MESSAGE_VERDICT = 0x17,
};

enum login_phase {
    PHASE_AUTH = 1,
    PHASE_ACCOUNT = 2,
    PHASE_OPEN_SESSION = 3,
    PHASE_CLOSE_SESSION = 4,
};

enum login_flag {
    LOGIN_PASSWORDS_ALLOWED = 1, /* password_login=allowed on the PAM line */
    LOGIN_SILENT = 2,            /* PAM_SILENT: beyond the sign-in itself (PHASE_AUTH) no message is shown */
};
#define LOGIN_FLAGS_ALL (LOGIN_PASSWORDS_ALLOWED | LOGIN_SILENT)

enum answer_kind {
    ANSWER_TEXT = 1,  /* to an ASK with echo, or a GREETER */
    ANSWER_EMPTY = 2, /* to an ASK without echo, or an OFFER */
    ANSWER_TYPED = 3, /* likewise, or a GREETER: something was typed; it stays in the module, which erases it
                         or, from an OFFER or a GREETER, keeps it as PAM_AUTHTOK */
};

enum verdict {
    VERDICT_ALLOW = 1,
    VERDICT_DENY = 2,
    VERDICT_UNKNOWN_USER = 3,
    VERDICT_UNAVAILABLE = 4,
    VERDICT_EXPIRED = 5,
    VERDICT_IGNORE = 6, /* no enabled connection serves this service */
};

#endif
