/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where things are on a machine, and who our processes are. The two modules use these compiled-in values
 * only; our own programs take --config-dir, --vendor-dir, --state-dir, --runtime-dir and --audit-file.
 */
#ifndef FRONTDESK_PATHS_H
#define FRONTDESK_PATHS_H

#ifndef FD_SYSCONFDIR
#define FD_SYSCONFDIR "/etc/frontdesk"
#endif
#ifndef FD_STATEDIR
#define FD_STATEDIR "/var/lib/frontdesk"
#endif
#ifndef FD_RUNDIR
#define FD_RUNDIR "/run/frontdesk"
#endif

#ifndef FD_VENDORDIR
#define FD_VENDORDIR "/usr/lib/frontdesk"
#endif
#ifndef FD_LOGDIR
#define FD_LOGDIR "/var/log/frontdesk"
#endif

#define FD_HELPER_SOCKET_NAME "helper.sock" /* 0666: SO_PEERCRED decides */
#define FD_KEEPER_SOCKET_NAME "keeper.sock" /* 0660 frontdesk:frontdesk-net */
#define FD_HOOKS_SOCKET_NAME  "hooks.sock"  /* 0660 frontdesk:frontdesk-hooks */
#define FD_HOOKS_FD_NAME      "hooks"       /* of that one, when systemd passes it */
#define FD_HELPER_SOCKET      FD_RUNDIR "/" FD_HELPER_SOCKET_NAME

#define FD_KIOSK_RUNDIR FD_RUNDIR "-kiosk" /* of frontdesk-kiosk: token, start page, screen.sock */

/* Below the state folder: the index that the NSS module reads, and the store that it is an index of. */
#define FD_INDEX_NAME "nss/members"
#define FD_STORE_NAME "members.db"
#define FD_INDEX_PATH FD_STATEDIR "/" FD_INDEX_NAME

/* Local groups that members may be in: a name a line; one whose gid is below 1000 only as "NAME!". */
#define FD_LOCAL_GROUPS_PATH FD_SYSCONFDIR "/local-groups"

#define FD_AUDIT_PATH FD_LOGDIR "/audit.jsonl" /* frontdesk:adm 0640 */

#define FD_KEEPER_USER "frontdesk"       /* no network; owns store, index, secrets */
#define FD_HELPER_USER "frontdesk-net"   /* network; owns nothing */
#define FD_HOOKS_USER  "frontdesk-hooks" /* runs programs after a check-in; network; owns nothing */

#endif
