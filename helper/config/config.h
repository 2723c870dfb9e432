/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the administrator wrote: frontdesk.conf and connections.d/NAME.conf, read from one folder.
 *
 * `[section]`, `key = value`; '#' or ';' at the start of a line begins a comment; the first '=' splits; no
 * quotes, no continuation, nothing after a value is a comment. An unknown section, an unknown or repeated
 * key, no '=', NUL, a line over CONFIG_LINE_MAX, bad UTF-8 or a bad value refuses the file with "file:line:
 * reason" and, for a key, the nearest known name. Files are opened O_NOFOLLOW|O_NONBLOCK and judged by fstat
 * of that descriptor: regular, owned by root (or by this process's user when it is not one of ours and not
 * root), not writable by others, at most CONFIG_FILE_MAX. Keys, types, defaults and help stand in one table
 * (settings.h).
 */
#ifndef HELPER_CONFIG_H
#define HELPER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "connection/connection.h"

#define CONFIG_LINE_MAX        (32 * 1024)  /* bytes: a thousand domains are one line */
#define CONFIG_FILE_MAX        (256 * 1024) /* bytes */
#define CONFIG_CONNECTIONS_MAX 64
#define CONFIG_SERVICES_MAX    256
#define CONFIG_DROP_INS_MAX    64 /* of one file */

enum service_prompt { PROMPT_AUTO, PROMPT_ENTER, PROMPT_NONE };
enum qr_form { QR_AUTO, QR_UTF8, QR_ASCII, QR_NONE };
enum first_sign_in { FIRST_SIGN_IN_REFUSE, FIRST_SIGN_IN_RECONNECT };
enum service_role { ROLE_STAFF, ROLE_CUSTOMER };
enum log_out_form { LOG_OUT_NONE, LOG_OUT_LINK, LOG_OUT_QR }; /* the IdP's, at the end of a session */
enum kiosk_idle { KIOSK_IDLE_TOUCH, KIOSK_IDLE_ALWAYS };

/* [service NAME]; config_service gives the defaults for a service that has no section. */
struct service {
    char *name;
    char *connection; /* NULL: none; chooses among the enabled ones */
    enum service_prompt prompt;
    enum qr_form qr;
    uint32_t timeout;       /* seconds; 0: the code's own life (sshd 110 and login 55 by default) */
    uint32_t code_lifetime; /* seconds; 0: what the provider says (frontdesk-kiosk 120 by default) */
    enum first_sign_in first_sign_in;
    enum service_role role;
    bool requires_key; /* over ssh: a public key before (SSH_AUTH_INFO_0) */
    bool unprivileged; /* may be asked for by users other than root, about themselves */
    enum log_out_form log_out;
};

struct members_settings {
    uint32_t id_min, id_max; /* within FD_MEMBER_ID_MIN..MAX */
    char *home_base;
    char *shell;
    uint32_t umask; /* that the stacks' pam_mkhomedir should have: `frontdesk check` compares */
};

struct machine_settings {
    char *name; /* host name when not set */
    char *location;
    char *language;
};

#define LIMITS_HERE_SHARE 10 /* one sign-in more for so many, and one at least, on this machine itself */
#define LIMITS_SPARE      64 /* beside those that are counted: account phases, refusals with a sentence */
#define LIMITS_KIOSK      20 /* the kiosk's own, when other users have taken all of theirs */

/* No setting promises more than what keeper and listener have room for. */
#define LIMITS_SIGN_INS_MAX     2048
#define LIMITS_UNPRIVILEGED_MAX 200
#define LIMITS_ALL_MAX                                                                                       \
    (LIMITS_SIGN_INS_MAX + LIMITS_SIGN_INS_MAX / LIMITS_HERE_SHARE + LIMITS_UNPRIVILEGED_MAX +               \
     LIMITS_SPARE + LIMITS_KIOSK)

struct limits_settings {
    uint32_t sign_ins, sign_ins_per_user, sign_ins_per_host; /* at the same time */
    uint32_t unprivileged;                                   /* of users other than root, besides those */
    /* sign-ins that begin; a burst is how many may come at once after a quiet while */
    uint32_t starts_per_minute, starts_burst; /* in all, of each kind of asker (keeper/asker.h) */
    uint32_t starts_per_minute_per_user, starts_burst_per_user; /* for one name by one asker */
    uint32_t starts_per_minute_per_host, starts_burst_per_host;
    uint32_t starts_per_minute_per_peer, starts_burst_per_peer; /* by one local user */
};

/* Of the audit file: it is begun anew before it grows beyond max_size bytes, and so many old ones stay. */
struct audit_settings {
    uint32_t max_size, keep;
};

struct kiosk_settings {
    char *user, *listen; /* ADDRESS:PORT of loopback */
    char *connection;    /* NULL: none; chooses among the enabled ones */
    enum kiosk_idle idle;
    uint32_t confirm_after, reset_after; /* seconds */
    char *on_check_in, *on_check_out;    /* absolute paths; NULL: none */
    uint32_t hook_timeout;               /* seconds, of one run */
    uint32_t check_in_limit;             /* seconds after which an open check-in ends by itself */
    uint32_t keep_check_ins;             /* seconds */
};

/* One refusal: where and why. */
struct config_fault {
    char *file;
    unsigned line; /* 0: the file as a whole */
    char *why;
    bool is_judged; /* `frontdesk check` judges the same, and says it in its own words */
};

struct config {
    struct members_settings members;
    struct machine_settings machine;
    struct limits_settings limits;
    struct audit_settings audit;
    struct kiosk_settings kiosk;
    struct service *services;
    size_t service_count;
    struct connection *connections; /* those that are whole, enabled or not, by name in strcmp order */
    size_t connection_count;
    bool broken;               /* frontdesk.conf itself, or the folder: unavailable everywhere */
    char **broken_connections; /* names of connection files that were refused */
    size_t broken_connection_count;
    struct config_fault *faults; /* all refusals, for the log and for `frontdesk check` */
    size_t fault_count;
    struct config_fault *notices; /* accepted, worth a word: an alias and its canonical name */
    size_t notice_count;
    unsigned references;
};

/*
 * Reads everything in `directory`; never NULL but for want of memory. A missing frontdesk.conf means
 * defaults; a missing or unsafe directory, or neither frontdesk.conf nor any connection, is `broken`.
 *
 * frontdesk.conf and each connections.d/NAME.conf may also stand in the vendor's folder (FD_VENDORDIR): the
 * administrator's file of the same name takes its place as a whole. Behind it come its drop-ins,
 * FILE.conf.d/ *.conf of both folders in the order of their names (the administrator's of the same name takes
 * the vendor's place); a key of a later file replaces that of an earlier one. An empty file switches its
 * namesake off.
 */
struct config *config_read(const char *directory);
/* Likewise with another vendor's folder; NULL: none. */
struct config *config_read_layers(const char *directory, const char *vendor);

/* Counted references: a sign-in keeps the configuration it began with. config_unref frees the last; NULL is
 * fine. */
struct config *config_ref(struct config *config);
void config_unref(struct config *config);

/* Both folders being watched by stat: names, inodes, sizes and times of all files that count. */
struct config_watch;
struct config_watch *config_watch_new(const char *directory);
struct config_watch *config_watch_new_layers(const char *directory, const char *vendor); /* NULL: none */
void config_watch_free(struct config_watch *watch);
/* The configuration now: the same object as long as nothing on disk changed. Logs each fault once per change.
 */
struct config *config_watch_current(struct config_watch *watch); /* borrowed: config_ref to keep it */

const struct connection *config_connection(const struct config *config, const char *name); /* NULL: none */
bool config_connection_is_broken(const struct config *config, const char *name);

/* The section of this service, or its defaults (never NULL; *storage is used for defaults). */
const struct service *config_service(const struct config *config, const char *name, struct service *storage);

#endif
