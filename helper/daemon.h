/* SPDX-License-Identifier: BSD-2-Clause */
/* What frontdesk-helper and frontdesk-keeper do alike before they serve anybody. */
#ifndef HELPER_DAEMON_H
#define HELPER_DAEMON_H

#include <stdbool.h>
#include <sys/types.h>

#include "log.h"
#include "users.h"

struct daemon_options {
    bool listen; /* make the socket by hand; else systemd passes it */
    const char *config_dir, *vendor_dir, *state_dir, *runtime_dir; /* absolute */
    const char *audit_file;
    enum log_target log;
    bool debug;
};

/* What the program is, for its usage and for its socket. */
struct daemon_face {
    const char *program, *summary;
    const char *user;        /* whom it becomes */
    const char *socket_name; /* in the runtime folder */
    mode_t socket_mode;
    const char *socket_group_user; /* whose group the socket file gets */
};

/* True: go on. False: *ret_status is the exit status (--help, --version, a wrong option). */
bool daemon_options_read(int argc, char **argv, const struct daemon_face *face,
                         struct daemon_options *ret_options, int *ret_status);

/*
 * A known beginning: descriptors 0 to 2 open and all but the passed socket closed, umask 077, work folder /,
 * no SIGPIPE, and of the environment only a few names, for others steer libraries (OPENSSL_CONF, LOCPATH,
 * RES_OPTIONS). Returns the socket that systemd passed, or -1.
 */
int daemon_begin(const struct daemon_face *face, const struct daemon_options *options);

/* Likewise with one socket more, whose FileDescriptorName= is `other`; *ret_other -1: none was passed. */
int daemon_begin_with(const struct daemon_face *face, const struct daemon_options *options, const char *other,
                      int *ret_other);

/* Likewise with all sockets that systemd passed, of whatever kind, from SOCKETS_PASSED_FIRST on; how many. */
int daemon_begin_passed(const struct daemon_face *face, const struct daemon_options *options);

/* Root makes a missing folder; one that is there is left as it is. False: logged. */
bool daemon_make_folder(const char *path, mode_t mode, const struct user_ids *owner);

/* As root: makes runtime folder and socket, when none was passed. -1: logged. */
int daemon_listen(const struct daemon_face *face, const struct daemon_options *options);

/* Becomes the user for good; no core dumps, no new privileges. False: logged. */
bool daemon_drop(const struct daemon_face *face, const struct user_ids *ids);

#endif
