/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hosts under a seccomp filter. The first kills whoever starts something, writes a file or goes to a network:
 * a sign-in that survives it has done none of that in the host. In the second there is no socket to be had.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "odd_host.h"

#define LOAD(field)     BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define DENY(call, how) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), BPF_STMT(BPF_RET | BPF_K, (how))
#define KILL(call)      DENY(SYS_##call, SECCOMP_RET_KILL_PROCESS)
#define ALLOW           BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define WRITES          (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

static void filter(struct sock_filter *rows, size_t count)
{
    const struct sock_fprog program = {.len = (unsigned short)count, .filter = rows};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        odd_fail("seccomp");
}

void odd_sandboxed(const struct odd *odd, int nothing)
{
    struct sock_filter rows[] = {
        LOAD(nr),
        KILL(execve),
        KILL(execveat),
        KILL(fork),
        KILL(vfork),
        KILL(clone),
        KILL(clone3),
        KILL(ptrace),
        KILL(kill),
        KILL(tkill),
        KILL(tgkill),
        KILL(setuid),
        KILL(setresuid),
        KILL(setgid),
        KILL(chdir),
        KILL(umask),
        KILL(unlink),
        KILL(unlinkat),
        KILL(mkdir),
        KILL(mkdirat),
        KILL(rename),
        KILL(chmod),
        KILL(fchmod),
        KILL(chown),
        KILL(rt_sigaction),
        KILL(rt_sigprocmask),
        KILL(setitimer),
        KILL(alarm),
        KILL(bind),
        KILL(listen),
        KILL(memfd_create),
        /* A socket of a unix domain only, and a file only to be read. */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
        LOAD(args[0]),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
        LOAD(args[2]),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITES, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        ALLOW,
    };
    pam_handle_t *pamh = odd_start(odd, "alice", NULL);

    (void)nothing;
    filter(rows, sizeof rows / sizeof rows[0]);
    odd_all_entries(odd, pamh);
}

void odd_without_sockets(const struct odd *odd, int nothing)
{
    struct sock_filter rows[] = {LOAD(nr), DENY(SYS_socket, SECCOMP_RET_ERRNO | EACCES), ALLOW};
    pam_handle_t *pamh = odd_start(odd, "alice", NULL);

    (void)nothing;
    filter(rows, sizeof rows / sizeof rows[0]);
    odd_all_entries(odd, pamh);
}
