/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two seccomp filters lie on each other, and of two answers the kernel takes the harder one. The first
 * refuses politely what libraries try and can do without; the second kills whatever is not listed. So each
 * stays a plain list. Call lists were measured (strace of sign-ins with glibc 2.36, curl 7.88, SQLite 3.40),
 * and calls were added that other versions of the same libraries use for the same ends.
 */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"

static const char *const calls_of_both[] = {
    /* files and memory that are there */
    "read", "readv", "pread64", "write", "writev", "lseek", "close", "open", "openat", "stat", "lstat",
    "fstat", "newfstatat", "fstatat64", "statx", "statfs", "fstatfs", "access", "faccessat", "readlink",
    "readlinkat", "getcwd", "getdents64", "fcntl", "ioctl", "dup", "dup2", "dup3", "flock", "fadvise64",
    "mmap", "munmap", "mprotect", "mremap", "madvise", "brk", "membarrier",
    /* packets on sockets, and waiting for them */
    "socket", "socketpair", "connect", "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg",
    "shutdown", "setsockopt", "getsockopt", "getsockname", "getpeername", "poll", "ppoll", "select",
    "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "eventfd2", "pipe", "pipe2",
    "timerfd_create", "timerfd_settime", "timerfd_gettime",
    /* this process alone */
    "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid",
    "getgroups", "uname", "sysinfo", "getrusage", "getrandom", "prctl", "umask", "set_robust_list", "rseq",
    "set_tid_address", "futex", "sched_yield", "sched_getaffinity", "getcpu", "rt_sigaction",
    "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait", "sigaltstack", "restart_syscall",
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "times", "exit",
    "exit_group",
    /* refused by the first filter, so never reached */
    "clone3", "openat2", "epoll_pwait2", "faccessat2", "close_range", "futex_waitv", "io_uring_setup",
    "memfd_create", "map_shadow_stack", "mseal"};

static const char *const calls_of_child[] = {"bind"}; /* getaddrinfo binds its netlink socket */

static const char *const calls_of_keeper[] = {"accept",    "accept4",   "signalfd4", "pwrite64", "ftruncate",
                                              "fsync",     "fdatasync", "fallocate", "rename",   "renameat",
                                              "renameat2", "unlink",    "unlinkat",  "mkdir",    "mkdirat",
                                              "fchmod",    "fchown",    "utimensat"};

/* Newer ways to do something; the old way is the one that a filter can look at, or that is listed. */
static const char *const calls_too_new[] = {
    "clone3",      "openat2",        "epoll_pwait2", "faccessat2",       "close_range",
    "futex_waitv", "io_uring_setup", "memfd_create", "map_shadow_stack", "mseal"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A name that this architecture or this libseccomp does not know cannot be called by a name either. */
static bool add_calls(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const int call = seccomp_syscall_resolve_name(names[i]);

        if (call >= 0 && seccomp_rule_add(filter, action, call, 0) != 0)
            return false;
    }
    return true;
}

static bool add_compared(scmp_filter_ctx filter, uint32_t action, const char *name,
                         struct scmp_arg_cmp wanted)
{
    const int call = seccomp_syscall_resolve_name(name);

    return call < 0 || seccomp_rule_add_array(filter, action, call, 1, &wanted) == 0;
}

static bool family_is_allowed(enum sandbox_kind kind, int family)
{
    if (kind == SANDBOX_KEEPER)
        return family == AF_UNIX; /* name services are reached so; a network is not */
    return family == AF_INET || family == AF_INET6 || family == AF_NETLINK;
}

/* Of pairs, unix ones that stay connected: a datagram one, raw by its other name, can be sent elsewhere. */
static bool refuse_pairs(scmp_filter_ctx filter)
{
    const uint32_t refuse = SCMP_ACT_ERRNO(EACCES);

    return add_compared(filter, refuse, "socketpair", SCMP_A0(SCMP_CMP_NE, AF_UNIX, 0)) &&
           add_compared(filter, refuse, "socketpair", SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_DGRAM)) &&
           add_compared(filter, refuse, "socketpair", SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_RAW));
}

/* Netlink tells of interfaces and routes; firewall, audit and the rest of the kernel's doors are behind it.
 */
static bool refuse_other_netlink(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 2,
                            SCMP_A0(SCMP_CMP_EQ, AF_NETLINK, 0), SCMP_A2(SCMP_CMP_NE, NETLINK_ROUTE, 0)) == 0;
}

/* Of the internet, TCP and UDP: what else a kernel has, it would load as a module for whoever asks. */
static bool refuse_other_internet(scmp_filter_ctx filter, scmp_datum_t family)
{
    const uint32_t refuse = SCMP_ACT_ERRNO(EACCES);
    const struct scmp_arg_cmp this_family = SCMP_A0(SCMP_CMP_EQ, family, 0);
    bool added = seccomp_rule_add(filter, refuse, SCMP_SYS(socket), 2, this_family,
                                  SCMP_A2(SCMP_CMP_GT, IPPROTO_UDP, 0)) == 0;

    for (scmp_datum_t protocol = 1; protocol < IPPROTO_UDP; protocol++)
        added = added &&
                (protocol == IPPROTO_TCP || seccomp_rule_add(filter, refuse, SCMP_SYS(socket), 2, this_family,
                                                             SCMP_A2(SCMP_CMP_EQ, protocol, 0)) == 0);
    for (scmp_datum_t type = SOCK_RAW; type <= SOCK_PACKET; type++)
        added = added && seccomp_rule_add(filter, refuse, SCMP_SYS(socket), 2, this_family,
                                          SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, type)) == 0;
    return added;
}

/* EACCES, not death: glibc asks nscd first and goes on without it. */
static bool refuse_sockets(scmp_filter_ctx filter, enum sandbox_kind kind)
{
    const uint32_t refuse = SCMP_ACT_ERRNO(EACCES);

    for (int family = 0; family <= AF_NETLINK; family++)
        if (!family_is_allowed(kind, family) &&
            !add_compared(filter, refuse, "socket", SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family, 0)))
            return false;
    return add_compared(filter, refuse, "socket", SCMP_A0(SCMP_CMP_GT, AF_NETLINK, 0)) &&
           (kind == SANDBOX_KEEPER ||
            (refuse_other_netlink(filter) && refuse_other_internet(filter, AF_INET) &&
             refuse_other_internet(filter, AF_INET6))) &&
           refuse_pairs(filter);
}

static bool refuse_writing(scmp_filter_ctx filter)
{
    const uint32_t refuse = SCMP_ACT_ERRNO(EACCES);
    const struct {
        scmp_datum_t mask, value;
    } flags[] = {{O_ACCMODE, O_WRONLY},
                 {O_ACCMODE, O_RDWR},
                 {O_ACCMODE, O_ACCMODE},
                 {O_CREAT, O_CREAT},
                 {O_TRUNC, O_TRUNC}};

    for (size_t i = 0; i < COUNT(flags); i++)
        if (!add_compared(filter, refuse, "openat",
                          SCMP_A2(SCMP_CMP_MASKED_EQ, flags[i].mask, flags[i].value)) ||
            !add_compared(filter, refuse, "open", SCMP_A1(SCMP_CMP_MASKED_EQ, flags[i].mask, flags[i].value)))
            return false;
    return true;
}

/* Refused with EPERM when the argument is one of these. Commands are 32 bits wide, whatever stands above. */
static bool refuse_commands(scmp_filter_ctx filter, const char *name, unsigned argument,
                            const unsigned *commands, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!add_compared(filter, SCMP_ACT_ERRNO(EPERM), name,
                          SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, UINT32_MAX, commands[i])))
            return false;
    return true;
}

/*
 * Ways around the list. Typing into the terminal that `frontdesk login` was started from would be a way out.
 * A descriptor can be told whom to signal, and by which signal: kill() by another name. Who may be looked
 * into, and who ends with the listener, was settled before.
 */
static bool refuse_detours(scmp_filter_ctx filter)
{
    static const unsigned ioctls[] = {TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP};
    static const unsigned fcntls[] = {F_SETOWN, F_SETOWN_EX, F_SETSIG};
    static const unsigned prctls[] = {PR_SET_DUMPABLE, PR_SET_PDEATHSIG, PR_SET_PTRACER};

    return refuse_commands(filter, "ioctl", 1, ioctls, COUNT(ioctls)) &&
           refuse_commands(filter, "fcntl", 1, fcntls, COUNT(fcntls)) &&
           refuse_commands(filter, "prctl", 0, prctls, COUNT(prctls));
}

/* No memory is both written and run, now or later; programs and libraries come from files as they are. */
static bool refuse_new_code(scmp_filter_ctx filter)
{
    const uint32_t refuse = SCMP_ACT_ERRNO(EACCES);

    return add_compared(filter, refuse, "mmap",
                        SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, PROT_WRITE | PROT_EXEC)) &&
           seccomp_rule_add(filter, refuse, SCMP_SYS(mmap), 2,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC),
                            SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0 &&
           add_compared(filter, refuse, "mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
}

/* What the kernel will be given, out of the file that libseccomp writes it to. */
static bool read_program(int file, struct sock_fprog *ret_program)
{
    const off_t size = lseek(file, 0, SEEK_END);
    struct sock_filter *code = size > 0 ? malloc((size_t)size) : NULL;

    if (!code || pread(file, code, (size_t)size, 0) != size) {
        free(code);
        return false;
    }
    *ret_program = (struct sock_fprog){.len = (unsigned short)((size_t)size / sizeof *code), .filter = code};
    return true;
}

static bool compile(scmp_filter_ctx filter, struct sock_fprog *ret_program)
{
    AUTO_CLOSE const int file = memfd_create("seccomp", MFD_CLOEXEC);

    return file >= 0 && seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
           seccomp_export_bpf(filter, file) == 0 && read_program(file, ret_program);
}

static bool prepare_polite(enum sandbox_kind kind, struct sock_fprog *ret_program)
{
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    const bool prepared = filter &&
                          add_calls(filter, SCMP_ACT_ERRNO(ENOSYS), calls_too_new, COUNT(calls_too_new)) &&
                          refuse_sockets(filter, kind) && refuse_detours(filter) && refuse_new_code(filter) &&
                          (kind == SANDBOX_KEEPER || refuse_writing(filter)) && compile(filter, ret_program);

    if (filter)
        seccomp_release(filter);
    return prepared;
}

/*
 * Limits for itself alone; of processes, only threads. A signal to itself would have to name the process,
 * which is not born yet when a child's sandbox is prepared: there, abort() ends as every other violation.
 */
static bool allow_for_itself(scmp_filter_ctx filter, enum sandbox_kind kind)
{
    return add_compared(filter, SCMP_ACT_ALLOW, "prlimit64", SCMP_A0(SCMP_CMP_EQ, 0, 0)) &&
           (kind == SANDBOX_KEEPER ? add_compared(filter, SCMP_ACT_ALLOW, "tgkill",
                                                  SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0))
                                   : add_compared(filter, SCMP_ACT_ALLOW, "clone",
                                                  SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)));
}

static bool prepare_strict(enum sandbox_kind kind, struct sock_fprog *ret_program)
{
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    const bool is_child = kind == SANDBOX_CHILD;
    const bool prepared = filter && add_calls(filter, SCMP_ACT_ALLOW, calls_of_both, COUNT(calls_of_both)) &&
                          add_calls(filter, SCMP_ACT_ALLOW, is_child ? calls_of_child : calls_of_keeper,
                                    is_child ? COUNT(calls_of_child) : COUNT(calls_of_keeper)) &&
                          allow_for_itself(filter, kind) && compile(filter, ret_program);

    if (filter)
        seccomp_release(filter);
    return prepared;
}

#define RIGHTS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define RIGHTS_WRITE                                                                                         \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |        \
     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG)
/* Never given to anybody. */
#define RIGHTS_NEVER                                                                                         \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK |             \
     LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM)

static bool landlock_allow(int rules, const char *path, uint64_t rights)
{
    AUTO_CLOSE const int fd = open(path, O_PATH | O_CLOEXEC);
    const struct landlock_path_beneath_attr beneath = {.allowed_access = rights, .parent_fd = fd};

    return fd >= 0 && syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
}

bool sandbox_has_landlock(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

/* A ruleset's descriptor, or -1. */
static int prepare_paths(enum sandbox_kind kind, const char *writable)
{
    static const char *const readable[] = {"/etc", "/usr", "/run", "/lib", "/lib64", "/lib32"};
    const struct landlock_ruleset_attr handled = {
        .handled_access_fs = RIGHTS_NEVER | RIGHTS_WRITE | (kind == SANDBOX_CHILD ? RIGHTS_READ : 0)};
    const int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);

    if (rules < 0)
        return -1;
    if (kind == SANDBOX_KEEPER) {
        if (landlock_allow(rules, writable, RIGHTS_WRITE))
            return rules;
        (void)close(rules);
        return -1;
    }
    /* Not every system has all of these; what cannot be allowed stays forbidden. */
    for (size_t i = 0; i < COUNT(readable); i++)
        (void)landlock_allow(rules, readable[i], RIGHTS_READ);
    (void)landlock_allow(rules, "/dev/urandom", LANDLOCK_ACCESS_FS_READ_FILE);
    return rules;
}

struct sandbox {
    int paths; /* -1: this kernel has no Landlock */
    struct sock_fprog polite, strict;
};

static bool prepare(struct sandbox *sandbox, enum sandbox_kind kind, const char *writable)
{
    if (sandbox_has_landlock()) {
        sandbox->paths = prepare_paths(kind, writable);
        if (sandbox->paths < 0)
            return false;
    }
    return prepare_polite(kind, &sandbox->polite) && prepare_strict(kind, &sandbox->strict);
}

struct sandbox *sandbox_prepare(enum sandbox_kind kind, const char *writable)
{
    struct sandbox *sandbox;

    if ((kind == SANDBOX_KEEPER) != (writable != NULL))
        return NULL;
    sandbox = calloc(1, sizeof *sandbox);
    if (!sandbox)
        return NULL;
    sandbox->paths = -1;
    if (prepare(sandbox, kind, writable))
        return sandbox;
    sandbox_free(sandbox);
    return NULL;
}

void sandbox_free(struct sandbox *sandbox)
{
    if (!sandbox)
        return;
    if (sandbox->paths >= 0)
        (void)close(sandbox->paths);
    free(sandbox->polite.filter);
    free(sandbox->strict.filter);
    free(sandbox);
}

static bool load(const struct sock_fprog *program)
{
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program) == 0;
}

bool sandbox_seal(struct sandbox *sandbox)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    if (sandbox->paths >= 0) {
        if (syscall(SYS_landlock_restrict_self, sandbox->paths, 0) != 0)
            return false;
        (void)close(sandbox->paths);
        sandbox->paths = -1;
    }
    return load(&sandbox->polite) && load(&sandbox->strict);
}

static void cleanup_sandbox(struct sandbox **sandbox)
{
    sandbox_free(*sandbox);
}

bool sandbox_enter(enum sandbox_kind kind, const char *writable)
{
    CLEANUP(cleanup_sandbox) struct sandbox *sandbox = sandbox_prepare(kind, writable);

    return sandbox && sandbox_seal(sandbox);
}

bool sandbox_enter_keeper(const char *state_dir, const char *audit_file)
{
    CLEANUP(cleanup_sandbox) struct sandbox *sandbox = sandbox_prepare(SANDBOX_KEEPER, state_dir);
    AUTO_FREE char *folder = audit_file ? strdup(audit_file) : NULL;

    if (!sandbox || (audit_file && !folder))
        return false;
    if (folder && sandbox->paths >= 0)
        (void)landlock_allow(sandbox->paths, dirname(folder), RIGHTS_WRITE);
    return sandbox_seal(sandbox);
}
