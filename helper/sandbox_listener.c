/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A listener forks, starts itself anew, and its children inherit what it may: so this is a list of what none
 * of them ever needs, each a door to more than a process should have. The children's own filters lie on top.
 */
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox.h"

#define MARK EOWNERDEAD /* what ptrace answers below this filter, and nowhere else */

static const char *const doors[] = {"process_vm_readv",
                                    "process_vm_writev",
                                    "kcmp",
                                    "pidfd_getfd",
                                    "mount",
                                    "umount2",
                                    "move_mount",
                                    "open_tree",
                                    "fsopen",
                                    "fsconfig",
                                    "fsmount",
                                    "fspick",
                                    "mount_setattr",
                                    "pivot_root",
                                    "chroot",
                                    "unshare",
                                    "setns",
                                    "bpf",
                                    "perf_event_open",
                                    "userfaultfd",
                                    "io_uring_setup",
                                    "io_uring_enter",
                                    "io_uring_register",
                                    "keyctl",
                                    "add_key",
                                    "request_key",
                                    "init_module",
                                    "finit_module",
                                    "delete_module",
                                    "kexec_load",
                                    "kexec_file_load",
                                    "reboot",
                                    "swapon",
                                    "swapoff",
                                    "acct",
                                    "quotactl",
                                    "iopl",
                                    "ioperm",
                                    "modify_ldt",
                                    "name_to_handle_at",
                                    "open_by_handle_at",
                                    "fanotify_init",
                                    "settimeofday",
                                    "clock_settime",
                                    "adjtimex",
                                    "clock_adjtime",
                                    "sethostname",
                                    "setdomainname",
                                    "listen"};

static const scmp_datum_t namespaces[] = {CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWNET,   CLONE_NEWPID,
                                          CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool refuse(scmp_filter_ctx filter, const char *name, int error)
{
    const int call = seccomp_syscall_resolve_name(name);

    return call < 0 || seccomp_rule_add(filter, SCMP_ACT_ERRNO((unsigned)error), call, 0) == 0;
}

/* clone3 cannot be looked into; libc goes on by clone. */
static bool refuse_namespaces(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < COUNT(namespaces); i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                             SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i])) != 0)
            return false;
    return refuse(filter, "clone3", ENOSYS);
}

static bool refuse_families(scmp_filter_ctx filter)
{
    for (int family = 0; family < AF_NETLINK; family++)
        if (family != AF_UNIX && family != AF_INET && family != AF_INET6 &&
            seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 1,
                             SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family, 0)) != 0)
            return false;
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 1,
                            SCMP_A0(SCMP_CMP_GT, AF_NETLINK, 0)) == 0;
}

static bool refuse_all(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < COUNT(doors); i++)
        if (!refuse(filter, doors[i], EPERM))
            return false;
    return refuse(filter, "ptrace", MARK) && refuse_namespaces(filter) && refuse_families(filter);
}

/* A filter survives exec, and each start anew would lay one more upon it. */
static bool is_closed(void)
{
    return syscall(SYS_ptrace, -1L, 0L, NULL, NULL) == -1 && errno == MARK;
}

bool sandbox_enter_listener(void)
{
    scmp_filter_ctx filter;
    bool is_loaded;

    if (is_closed())
        return true;
    filter = seccomp_init(SCMP_ACT_ALLOW);
    is_loaded = filter && seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
                refuse_all(filter) && seccomp_load(filter) == 0;
    if (filter)
        seccomp_release(filter);
    return is_loaded;
}
