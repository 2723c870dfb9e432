/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each attempt runs in a process of its own that entered the sandbox (as an ordinary user, as in life), once
 * with Landlock and once in a kernel that answers as if it had none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox.h"

#define ORDINARY_USER   61234
#define COULD_NOT_ENTER 250
#define KILLED          251

/* Where an attempt may look: a folder that the keeper may write, one that anybody could, a listening socket.
 */
static struct {
    char writable[64], elsewhere[64];
    int listening, pair[2];
} place;

/* 0: it worked; else errno. */
typedef int (*attempt)(void);

static int or_errno(long result)
{
    return result < 0 ? errno : 0;
}

static bool hide_landlock(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_create_ruleset, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* 0, an errno, KILLED or COULD_NOT_ENTER. */
static int try_once(enum sandbox_kind kind, bool landlock, attempt attempted)
{
    int status = -1;
    const pid_t pid = fork();

    if (pid == 0) {
        const struct rlimit none = {0, 0};

        if (setrlimit(RLIMIT_CORE, &none) != 0 || (!landlock && !hide_landlock()) ||
            (geteuid() == 0 && setresuid(ORDINARY_USER, ORDINARY_USER, ORDINARY_USER) != 0) ||
            !sandbox_enter(kind, kind == SANDBOX_KEEPER ? place.writable : NULL))
            _exit(COULD_NOT_ENTER);
        _exit(attempted());
    }
    assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? KILLED : COULD_NOT_ENTER;
    return WEXITSTATUS(status);
}

static void expect(enum sandbox_kind kind, attempt attempted, int wanted)
{
    if (sandbox_has_landlock())
        assert_int_equal(try_once(kind, true, attempted), wanted);
    assert_int_equal(try_once(kind, false, attempted), wanted);
}

static void expect_of_both(attempt attempted, int wanted)
{
    expect(SANDBOX_CHILD, attempted, wanted);
    expect(SANDBOX_KEEPER, attempted, wanted);
}

/* 0, or the errno of one call. */
#define ATTEMPT(name, call)                                                                                  \
    static int name(void)                                                                                    \
    {                                                                                                        \
        return or_errno(call);                                                                               \
    }

ATTEMPT(exec_something, execl("/bin/true", "true", (char *)NULL))
ATTEMPT(fork_plainly, fork())
ATTEMPT(fork_by_hand, syscall(SYS_clone, (unsigned long)SIGCHLD, NULL, NULL, NULL, NULL))
ATTEMPT(trace_parent, ptrace(PTRACE_ATTACH, getppid(), NULL, NULL))
ATTEMPT(signal_parent, kill(getppid(), 0))
ATTEMPT(signal_parent_by_thread, syscall(SYS_tgkill, getppid(), getppid(), SIGTERM))
ATTEMPT(change_mode, chmod(place.writable, 0777))
ATTEMPT(make_link, symlink("/etc/passwd", "link"))
ATTEMPT(mount_something, syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, NULL))
ATTEMPT(new_namespace, unshare(CLONE_NEWUSER))

static int listen_on_internet(void)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    return fd < 0 ? errno : or_errno(listen(fd, 1));
}

ATTEMPT(accept_somebody, accept4(place.listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK))
ATTEMPT(internet_socket, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
ATTEMPT(internet_6_socket, socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0))
ATTEMPT(unix_socket, socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))
ATTEMPT(packet_socket, socket(AF_PACKET, SOCK_DGRAM, 0))
ATTEMPT(vsock_socket, socket(40, SOCK_STREAM, 0))
ATTEMPT(socket_with_high_bits, syscall(SYS_socket, 0x100000000UL | AF_UNIX, SOCK_STREAM, 0))
ATTEMPT(datagram_pair, socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, place.pair))
ATTEMPT(raw_pair, socketpair(AF_UNIX, SOCK_RAW | SOCK_CLOEXEC, 0, place.pair))
ATTEMPT(foreign_pair, socketpair(AF_TIPC, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, place.pair))
ATTEMPT(firewall_socket, socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER))
ATTEMPT(stream_pair, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, place.pair))
ATTEMPT(read_shadow, open("/etc/shadow", O_RDONLY | O_CLOEXEC))
ATTEMPT(read_passwd, open("/etc/passwd", O_RDONLY | O_CLOEXEC))
ATTEMPT(read_proc, open("/proc/self/maps", O_RDONLY | O_CLOEXEC))
ATTEMPT(read_elsewhere, open(place.elsewhere, O_RDONLY | O_DIRECTORY | O_CLOEXEC))

static int write_into(const char *folder, int flags)
{
    char path[96];

    (void)snprintf(path, sizeof path, "%s/file", folder);
    return open(path, flags | O_CLOEXEC, 0600);
}

static int write_in_own_folder(void)
{
    char from[96], to[96];

    (void)snprintf(from, sizeof from, "%s/file", place.writable);
    (void)snprintf(to, sizeof to, "%s/other", place.writable);
    return write_into(place.writable, O_RDWR | O_CREAT) < 0 ? errno
           : rename(from, to) != 0                          ? errno
                                                            : or_errno(unlink(to));
}

ATTEMPT(write_elsewhere, write_into(place.elsewhere, O_WRONLY | O_CREAT))
ATTEMPT(create_for_reading, write_into(place.elsewhere, O_RDONLY | O_CREAT))
ATTEMPT(write_to_etc, write_into("/etc", O_WRONLY | O_CREAT))
ATTEMPT(truncate_by_opening, open("/dev/null", O_RDONLY | O_TRUNC | O_CLOEXEC))
ATTEMPT(unlink_something, unlink("/nonexistent"))
ATTEMPT(type_into_terminal, ioctl(0, TIOCSTI, "x"))
ATTEMPT(type_with_high_bits, syscall(SYS_ioctl, 0, 0x100000000UL | TIOCSTI, "x"))

static void *do_nothing(void *nothing)
{
    return nothing;
}

static int run_a_thread(void)
{
    pthread_t thread;
    const int error = pthread_create(&thread, NULL, do_nothing, NULL);

    return error != 0 ? error : pthread_join(thread, NULL);
}

/* The answer hangs on the machine's files; that the resolver may do its work does not. */
static int resolve_a_name(void)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    const int error = getaddrinfo("localhost", "443", &hints, &found);

    if (error == 0)
        freeaddrinfo(found);
    return error == EAI_SYSTEM || error == EAI_MEMORY ? errno : 0;
}

static int look_up_users(void)
{
    return getpwnam("root") && !getpwnam("no-such-user-here") ? 0 : ENOENT;
}

static void exec_kills(void **state)
{
    (void)state;
    expect_of_both(exec_something, KILLED);
}

static void fork_kills(void **state)
{
    (void)state;
    expect_of_both(fork_plainly, KILLED);
    expect_of_both(fork_by_hand, KILLED);
}

static void touching_another_process_kills(void **state)
{
    (void)state;
    expect_of_both(trace_parent, KILLED);
    expect_of_both(signal_parent, KILLED);
    expect_of_both(signal_parent_by_thread, KILLED);
}

static void changing_the_file_tree_by_name_kills(void **state)
{
    (void)state;
    expect_of_both(change_mode, KILLED);
    expect_of_both(make_link, KILLED);
    expect_of_both(mount_something, KILLED);
    expect_of_both(new_namespace, KILLED);
    expect(SANDBOX_CHILD, unlink_something, KILLED);
}

static void only_the_keeper_accepts_and_nobody_listens(void **state)
{
    (void)state;
    expect(SANDBOX_CHILD, listen_on_internet, KILLED);
    expect(SANDBOX_CHILD, accept_somebody, KILLED);
    expect(SANDBOX_KEEPER, accept_somebody, EAGAIN);
}

static void a_child_has_the_internet_and_no_unix_sockets(void **state)
{
    (void)state;
    expect(SANDBOX_CHILD, internet_socket, 0);
    expect(SANDBOX_CHILD, internet_6_socket, 0);
    expect(SANDBOX_CHILD, unix_socket, EACCES);
}

static void a_keeper_has_unix_sockets_and_no_internet(void **state)
{
    (void)state;
    expect(SANDBOX_KEEPER, internet_socket, EACCES);
    expect(SANDBOX_KEEPER, internet_6_socket, EACCES);
    expect(SANDBOX_KEEPER, unix_socket, 0);
}

static void other_sockets_are_for_nobody(void **state)
{
    (void)state;
    expect_of_both(packet_socket, EACCES);
    expect_of_both(vsock_socket, EACCES);
    expect_of_both(socket_with_high_bits, EACCES);
    expect_of_both(firewall_socket, EACCES);
    expect_of_both(datagram_pair, EACCES);
    expect_of_both(raw_pair, EACCES); /* another name for a datagram one */
    expect_of_both(foreign_pair, EACCES);
    expect_of_both(stream_pair, 0);
}

static void etc_is_readable_and_shadow_is_not(void **state)
{
    (void)state;
    expect_of_both(read_passwd, 0);
    expect_of_both(read_shadow, EACCES);
}

static void a_child_opens_nothing_for_writing(void **state)
{
    (void)state;
    expect(SANDBOX_CHILD, write_elsewhere, EACCES);
    expect(SANDBOX_CHILD, write_in_own_folder, EACCES);
    expect(SANDBOX_CHILD, create_for_reading, EACCES);
    expect(SANDBOX_CHILD, truncate_by_opening, EACCES);
}

static void a_child_reads_system_folders_only(void **state)
{
    (void)state;
    if (!sandbox_has_landlock())
        skip();
    assert_int_equal(try_once(SANDBOX_CHILD, true, read_proc), EACCES);
    assert_int_equal(try_once(SANDBOX_CHILD, true, read_elsewhere), EACCES);
}

static void a_keeper_writes_in_its_folder(void **state)
{
    (void)state;
    expect(SANDBOX_KEEPER, write_in_own_folder, 0);
    expect(SANDBOX_KEEPER, write_to_etc, EACCES);
}

static void a_keeper_writes_nowhere_else(void **state)
{
    (void)state;
    if (!sandbox_has_landlock())
        skip();
    assert_int_equal(try_once(SANDBOX_KEEPER, true, write_elsewhere), EACCES);
    assert_int_equal(try_once(SANDBOX_KEEPER, true, read_elsewhere), 0);
}

static void nobody_types_into_the_terminal(void **state)
{
    (void)state;
    expect_of_both(type_into_terminal, EPERM);
    expect_of_both(type_with_high_bits, EPERM);
}

static void a_child_may_run_threads_and_resolve_names(void **state)
{
    (void)state;
    expect(SANDBOX_CHILD, run_a_thread, 0);
    expect(SANDBOX_CHILD, resolve_a_name, 0);
}

static void a_keeper_may_look_up_users(void **state)
{
    (void)state;
    expect(SANDBOX_KEEPER, look_up_users, 0);
}

static void a_keeper_without_a_folder_is_refused(void **state)
{
    (void)state;
    assert_false(sandbox_enter(SANDBOX_KEEPER, NULL));
    assert_false(sandbox_enter(SANDBOX_CHILD, "/tmp"));
}

static int make_places(void **state)
{
    const struct sockaddr_un unnamed = {.sun_family = AF_UNIX};

    (void)state;
    (void)snprintf(place.writable, sizeof place.writable, "%s", "/tmp/sandbox_test.XXXXXX");
    (void)snprintf(place.elsewhere, sizeof place.elsewhere, "%s", "/tmp/sandbox_test.XXXXXX");
    if (!mkdtemp(place.writable) || !mkdtemp(place.elsewhere) || chmod(place.writable, 0777) != 0 ||
        chmod(place.elsewhere, 0777) != 0)
        return -1;
    /* Only the family: the kernel picks an abstract name, so no file is left. */
    place.listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return bind(place.listening, (const struct sockaddr *)&unnamed, sizeof unnamed.sun_family) == 0 &&
                   listen(place.listening, 1) == 0
               ? 0
               : -1;
}

static int remove_places(void **state)
{
    char path[96];

    (void)state;
    (void)close(place.listening);
    (void)snprintf(path, sizeof path, "%s/file", place.elsewhere);
    (void)unlink(path);
    return rmdir(place.writable) == 0 && rmdir(place.elsewhere) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exec_kills),
        cmocka_unit_test(fork_kills),
        cmocka_unit_test(touching_another_process_kills),
        cmocka_unit_test(changing_the_file_tree_by_name_kills),
        cmocka_unit_test(only_the_keeper_accepts_and_nobody_listens),
        cmocka_unit_test(a_child_has_the_internet_and_no_unix_sockets),
        cmocka_unit_test(a_keeper_has_unix_sockets_and_no_internet),
        cmocka_unit_test(other_sockets_are_for_nobody),
        cmocka_unit_test(etc_is_readable_and_shadow_is_not),
        cmocka_unit_test(a_child_opens_nothing_for_writing),
        cmocka_unit_test(a_child_reads_system_folders_only),
        cmocka_unit_test(a_keeper_writes_in_its_folder),
        cmocka_unit_test(a_keeper_writes_nowhere_else),
        cmocka_unit_test(nobody_types_into_the_terminal),
        cmocka_unit_test(a_child_may_run_threads_and_resolve_names),
        cmocka_unit_test(a_keeper_may_look_up_users),
        cmocka_unit_test(a_keeper_without_a_folder_is_refused),
    };

    return cmocka_run_group_tests(tests, make_places, remove_places);
}
