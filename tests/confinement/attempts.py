# SPDX-License-Identifier: BSD-2-Clause
"""Everything that somebody would try who runs code in a child or in the keeper, tried there: each attempt in the real
process, as its real user, in its real confinement, with Landlock and without."""
import errno
import fcntl
import os
import socket
import sys
import termios

import stage
from puppet import KILLED, number_of, word_of
from stage import HeldChild, HeldKeeper, HeldListener, held, room
from tap import Skip

HERE_FD = -100 & 0xffffffffffffffff  # AT_FDCWD
ACCESS, PERMISSION, ABSENT, INVALID = "EACCES", "EPERM", "ENOSYS", "EINVAL"
CLONE_VFORK, CLONE_NEWUSER, CLONE_NEWNET = 0x4000, 0x10000000, 0x40000000
WRITE = (os.O_WRONLY, os.O_RDWR, os.O_ACCMODE, os.O_RDONLY | os.O_CREAT, os.O_RDONLY | os.O_TRUNC,
         os.O_RDWR | os.O_TMPFILE)
READ_WRITE_RUN = 7  # PROT_READ | PROT_WRITE | PROT_EXEC
PRIVATE, ANONYMOUS = 2, 0x20
NEW_MEMORY = (PRIVATE | ANONYMOUS, 0xffffffff, 0)
RESOURCES = (0, 1, 4, 7, 9)  # processor, file size, core, descriptors, addresses

# Whatever else the kernel offers that neither of the two has any use for: the attempt alone is the end.
DEADLY = """
    execve execveat fork vfork ptrace process_vm_readv process_vm_writev kcmp kill tkill tgkill rt_sigqueueinfo
    rt_tgsigqueueinfo pidfd_open pidfd_getfd pidfd_send_signal setpriority sched_setscheduler sched_setaffinity
    setpgid setsid listen chroot pivot_root mount umount2 move_mount open_tree fsopen fsconfig fsmount
    mount_setattr unshare setns setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset
    keyctl add_key request_key bpf userfaultfd perf_event_open personality io_uring_enter io_uring_register seccomp
    landlock_create_ruleset landlock_restrict_self init_module finit_module delete_module kexec_load kexec_file_load
    reboot swapon swapoff acct quotactl syslog sethostname setdomainname settimeofday clock_settime adjtimex
    clock_adjtime iopl ioperm modify_ldt symlink symlinkat link linkat mknod mknodat chmod fchmodat chown lchown
    fchownat setxattr lsetxattr fsetxattr removexattr truncate creat name_to_handle_at open_by_handle_at inotify_init1
    fanotify_init shmget shmat msgget semget mq_open timer_create setitimer alarm pkey_mprotect process_madvise
    migrate_pages move_pages mbind remap_file_pages vmsplice splice tee sendfile copy_file_range chdir fchdir
    pidfd_getfd memfd_secret lookup_dcookie vhangup ustat uselib sysfs nfsservctl
""".split()
DOORS = """
    process_vm_readv process_vm_writev kcmp pidfd_getfd mount umount2 move_mount open_tree fsopen fsconfig fsmount
    mount_setattr pivot_root chroot unshare setns bpf perf_event_open userfaultfd io_uring_setup io_uring_enter
    io_uring_register keyctl add_key request_key init_module finit_module delete_module kexec_load kexec_file_load
    reboot swapon swapoff acct quotactl iopl ioperm modify_ldt name_to_handle_at open_by_handle_at fanotify_init
    settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname listen
""".split()
DEADLY_FOR_A_CHILD = """
    accept accept4 rename renameat renameat2 unlink unlinkat mkdir mkdirat rmdir ftruncate fallocate fsync pwrite64
    fchmod fchown utimensat signalfd4
""".split()
TOO_NEW = "clone3 openat2 io_uring_setup memfd_create faccessat2 close_range epoll_pwait2".split()


def _judge(somebody, expected):
    """expected: {what it is: (what is tried, what must come of it)}; one look at all that went another way."""
    wrong = []
    for what, (action, wanted) in expected.items():
        came = word_of(somebody.attempt(action))
        if came != wanted:
            wrong.append(f"{what}: {came}, not {wanted}")
    assert not wrong, "; ".join(wrong)


def _on_both_kernels(kind, machine, cases):
    for landlock in (True, False):
        if landlock and not stage.has_landlock():
            continue
        with held(kind, machine, landlock) as somebody:
            _judge(somebody, cases(somebody, landlock))


def _calls(names, wanted):
    return {name: (lambda p, name=name: p.call(name, 0, 0, 0, 0, 0), wanted) for name in names
            if number_of(name) is not None}


def _call(wanted, name, *arguments):
    return lambda p: p.call(name, *arguments), wanted


def _x32(p):
    return p.call(number_of("getpid") | 0x40000000)


def _processes(pids):
    """With arguments that would work if they were let through."""
    found = {"exec of a program": _call(KILLED, "execve", "/bin/true", 0, 0),
             "exec of an open file": (lambda p: p.call("execveat", p.call("openat", HERE_FD, "/bin/true", os.O_RDONLY),
                                                       "", 0, 0, 0x1000), KILLED),
             "a process by clone": _call(KILLED, "clone", 17, 0, 0, 0, 0),
             "a process by vfork's clone": _call(KILLED, "clone", 17 | CLONE_VFORK, 0, 0, 0, 0),
             "a namespace": _call(KILLED, "unshare", CLONE_NEWUSER | CLONE_NEWNET),
             "no_new_privs taken back": _call(INVALID, "prctl", 38, 0, 0, 0, 0),
             "being looked into": _call(PERMISSION, "prctl", 4, 1, 0, 0, 0),
             "living on alone": _call(PERMISSION, "prctl", 1, 0, 0, 0, 0),
             "core dumps": _call(PERMISSION, "prlimit64", 0, 4, b"\xff" * 16, 0)}
    for who, pid in pids.items():
        found |= {f"a signal to {who}": _call(KILLED, "kill", pid, 0),
                  f"a thread's signal to {who}": _call(KILLED, "tgkill", pid, pid, 9),
                  f"ptrace of {who}": _call(KILLED, "ptrace", 16, pid, 0, 0),
                  f"limits of {who}": _call(KILLED, "prlimit64", pid, 7, 0, 0),
                  f"a signal to {who} by a socket": _call(PERMISSION, "fcntl", 0, fcntl.F_SETOWN, pid)}
    return found


def _looks(pids):
    """Tried first: while a listener starts anew, for children were killed, only Landlock guards what it holds."""
    return {f"{what} of {who}": _call(ACCESS, "openat", HERE_FD, f"/proc/{pid}/{what}", os.O_RDONLY)
            for who, pid in pids.items() for what in ("mem", "environ", "fd", "maps", "auxv")}


def _ways_around():
    commands = {"TIOCSTI": termios.TIOCSTI, "TIOCLINUX": 0x541C, "FIOSETOWN": 0x8901, "SIOCSPGRP": 0x8902}
    found = {f"{name} with {high:#x} above": _call(PERMISSION, "ioctl", 0, high | number, b"\0" * 16)
             for name, number in commands.items() for high in (0, 1 << 32)}
    found |= {f"fcntl {number} with {high:#x} above": _call(PERMISSION, "fcntl", 0, high | number, 9)
              for number in (8, 10, 15) for high in (0, 1 << 32)}
    if os.uname().machine == "x86_64":
        found["a call as 32-bit programs make it"] = (lambda p: p.call_as_32_bit(20), KILLED)
        found["a call of the x32 kind"] = (_x32, KILLED)
    return found


def _code(p_file):
    """Memory that is written and run; a file's is run as it is, for libraries are loaded so."""
    def written_then_run(p):
        at = p.call("mmap", 0, 4096, 3, *NEW_MEMORY)
        return p.call("mprotect", at, 4096, 5)
    return {"memory to write and run": _call(ACCESS, "mmap", 0, 4096, READ_WRITE_RUN, *NEW_MEMORY),
            "memory to run": _call(ACCESS, "mmap", 0, 4096, 5, *NEW_MEMORY),
            "memory to run that was written": (written_then_run, ACCESS),
            "a file's memory to write and run": (lambda p: p.call(
                "mmap", 0, 4096, READ_WRITE_RUN, PRIVATE, p.call("openat", HERE_FD, p_file, os.O_RDONLY), 0), ACCESS)}


def _openings(paths, wanted):
    return {f"{path} with flags {flags:#o}": _call(wanted, "openat", HERE_FD, path, flags, 0o600)
            for path in paths for flags in WRITE}


def _sockets_for_nobody():
    netlink = {f"netlink of kind {kind}": _call(ACCESS, "socket", socket.AF_NETLINK, socket.SOCK_RAW, kind)
               for kind in (4, 6, 9, 12, 15, 16, 21)}
    families = {f"a socket of family {family}": _call(ACCESS, "socket", family, socket.SOCK_DGRAM, 0)
                for family in range(46) if family not in (1, 2, 10, 16)}
    kinds = {"a pair of datagrams": _call(ACCESS, "socketpair", 1, 2, 0, b"\0" * 8),
             "a pair of raw sockets": _call(ACCESS, "socketpair", 1, 3, 0, b"\0" * 8),
             "a family with bits above": _call(ACCESS, "socket", 1 << 32 | 1, 1, 0)}
    return netlink | families | kinds


def this_kernel_has_landlock(_):
    """Else what follows is tried without it alone."""
    if not stage.has_landlock():
        raise Skip("this kernel has no Landlock, so what it stops besides is not seen")


def what_neither_needs_is_the_end_of_a_child(machine):
    _on_both_kernels(HeldChild, machine, lambda *_: _calls(DEADLY + DEADLY_FOR_A_CHILD, KILLED) |
                     _calls(TOO_NEW, ABSENT))


def what_neither_needs_is_the_end_of_the_keeper(machine):
    _on_both_kernels(HeldKeeper, machine, lambda *_: _calls(DEADLY, KILLED) | _calls(TOO_NEW, ABSENT))


def a_listener_has_none_of_the_kernels_doors(machine):
    def cases(listener, _):
        pid = os.getpid()
        return _calls(DOORS, PERMISSION) | _calls(["clone3"], ABSENT) | {
            "a user namespace by clone": _call(PERMISSION, "clone", 17 | CLONE_NEWUSER, 0, 0, 0, 0),
            "a network namespace by clone": _call(PERMISSION, "clone", 17 | CLONE_NEWNET, 0, 0, 0, 0),
            "ptrace of the test": _call("EOWNERDEAD", "ptrace", 16, pid, 0, 0),
            "memory of the test": _call(ACCESS, "openat", HERE_FD, f"/proc/{pid}/mem", os.O_RDONLY),
            "memory of another of its user's": _call(
                ACCESS, "openat", HERE_FD, f"/proc/{machine.keeper.pid}/mem", os.O_RDONLY),
            "privileges back": _call(PERMISSION, "setuid", 0),
            "our secrets": _call(ACCESS, "openat", HERE_FD, machine.folder + "/secret", os.O_RDONLY),
            "the store": _call(ACCESS, "openat", HERE_FD, machine.state + "/members.db", os.O_RDWR),
            "the index": _call(ACCESS, "openat", HERE_FD, machine.state + "/nss/members", os.O_RDWR),
            "root's shadow": _call(ACCESS, "openat", HERE_FD, "/etc/shadow", os.O_RDONLY),
            "a packet socket": _call(ACCESS, "socket", 17, 3, 0),
            "the kernel's ciphers": _call(ACCESS, "socket", 38, 5, 0)} | ({
                "a call as 32-bit programs make it": (lambda p: p.call_as_32_bit(20), KILLED)}
                if os.uname().machine == "x86_64" else {})
    machine.configure(corp={})
    for landlock in (True, False):
        machine.keeper = machine.start("frontdesk-keeper")
        machine.wait_for(lambda: room.listens(machine.run + "/keeper.sock"))
        with held(HeldListener, machine, landlock) as listener:
            _judge(listener, cases(listener, landlock))


def a_child_reaches_no_other_process(machine):
    def cases(child, _):
        child.sibling = child.begin()
        pids = {"its listener": machine.helper.pid, "a sibling": child.sibling.pid, "the keeper": machine.keeper.pid}
        return _looks(pids) | _processes(pids)
    _on_both_kernels(HeldChild, machine, cases)


def the_keeper_reaches_no_other_process(machine):
    pids = {"process 1": 1, "its parent": os.getpid()}
    _on_both_kernels(HeldKeeper, machine, lambda *_: _looks(pids) | _processes(pids))


def neither_gets_around_its_filter(machine):
    for kind in (HeldChild, HeldKeeper):
        _on_both_kernels(kind, machine, lambda *_: _ways_around() | _code("/bin/true"))


def a_child_has_the_internet_and_no_other_socket(machine):
    raw = {f"{name} in family {family}": _call(ACCESS, "socket", family, kind, protocol) for family in (2, 10)
           for name, kind, protocol in (("raw ICMP", 3, 1), ("raw", 3, 255), ("packets", 10, 768), ("SCTP", 1, 132),
                                        ("SCTP's packets", 5, 132), ("DCCP", 6, 33), ("ping", 2, 1),
                                        ("ping of IPv6", 2, 58), ("UDP-Lite", 2, 136), ("MPTCP", 1, 262))}
    unix = {f"a unix socket of kind {kind}": _call(ACCESS, "socket", 1, kind, 0) for kind in (1, 2, 3, 5)}
    works = {f"{name} in family {family}": _call("worked", "socket", family, kind, 0) for family in (2, 10)
             for name, kind in (("TCP", 1), ("UDP", 2))}

    def listens(p):
        fd = p.call("socket", 2, 1, 0)
        assert p.call("bind", fd, b"\2\0\0\0\x7f\0\0\1" + b"\0" * 8, 16) == 0
        return p.call("listen", fd, 1)
    _on_both_kernels(HeldChild, machine, lambda *_: raw | unix | works | _sockets_for_nobody() | {
        "an own port that listens": (listens, KILLED)})


def the_keeper_has_no_network_at_all(machine):
    families = {f"family {family}, kind {kind}": _call(ACCESS, "socket", family, kind, 0)
                for family in (2, 10, 16) for kind in (1, 2, 3)}
    own = {"a unix socket": _call("worked", "socket", 1, 1, 0),
           "its own name for it": _call(KILLED, "bind", 0, b"\1\0x", 3)}
    _on_both_kernels(HeldKeeper, machine, lambda *_: families | own | _sockets_for_nobody())


def a_child_writes_nowhere(machine):
    def cases(*_):
        places = [f"{folder}/frontdesk-confinement" for folder in
                  ("", "/tmp", "/var/tmp", "/run", "/dev/shm", "/etc", machine.folder, machine.state, machine.run)]
        files = ["/proc/self/mem", "/dev/null", machine.config + "/frontdesk.conf", machine.state + "/members.db",
                 machine.state + "/nss/members", machine.audit, machine.run + "/helper.sock"]
        return _openings(places + files, ACCESS)
    _on_both_kernels(HeldChild, machine, cases)


def a_child_reads_none_of_our_secrets(machine):
    def cases(_, landlock):
        closed = ["/etc/shadow", "/etc/gshadow", machine.folder + "/secret", machine.state + "/members.db",
                  machine.audit]
        open_to_all = ["/etc/passwd", "/usr/lib"]
        elsewhere = ["/proc/self/maps", "/proc/net/unix", "/tmp", "/var", "/home", "/root", "/", "/dev/null", "/sys"]
        found = {path: _call(ACCESS, "openat", HERE_FD, path, os.O_RDONLY) for path in closed
                 if os.path.exists(path)}
        found |= {path: _call("worked", "openat", HERE_FD, path, os.O_RDONLY) for path in open_to_all}
        if landlock:
            found |= {path: _call(ACCESS, "openat", HERE_FD, path, os.O_RDONLY) for path in elsewhere
                      if os.path.exists(path)}
        return found
    _on_both_kernels(HeldChild, machine, cases)


def the_keeper_writes_to_its_own_folders_alone(machine):
    def cases(_, landlock):
        others = ["/frontdesk-confinement", "/etc/frontdesk-confinement", "/run/frontdesk-confinement",
                  machine.config + "/frontdesk.conf", machine.config + "/connections.d/more.conf", "/etc/passwd",
                  "/etc/shadow", machine.run + "/x"]
        anybodys = [f"{folder}/frontdesk-confinement" for folder in ("/tmp", "/var/tmp", "/dev/shm")
                    if os.path.isdir(folder)]
        own = {folder: _call("worked", "openat", HERE_FD, folder + "/confinement", os.O_RDWR | os.O_CREAT, 0o600)
               for folder in (machine.state, os.path.dirname(machine.audit))}
        closed = {f"{path} for writing": _call(ACCESS, "openat", HERE_FD, path, os.O_WRONLY | os.O_CREAT, 0o600)
                  for path in others + (anybodys if landlock else [])}
        return own | closed | {"root's shadow": _call(ACCESS, "openat", HERE_FD, "/etc/shadow", os.O_RDONLY)}
    _on_both_kernels(HeldKeeper, machine, cases)


def _nobody_of_note(pid, uid):
    status = room.status_of(pid)
    assert status["Uid"].split() == status["Gid"].split() == [str(uid)] * 4, status
    assert status["Groups"].strip() == "" and status["NoNewPrivs"] == "1", status
    assert all(int(status[name], 16) == 0 for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")), status
    assert status["Seccomp"] == "2", status
    assert os.stat(f"/proc/{pid}/environ").st_uid == 0, "it can be dumped"
    with open(f"/proc/{pid}/limits", encoding="ascii") as file:
        limits = {line[:26].strip(): line[26:].split()[:2] for line in file}
    assert limits["Max core file size"] == ["0", "0"], limits
    return limits


def all_three_are_nobody_and_stay_so(machine):
    with held(HeldChild, machine, True) as child:
        pid = child.attempt(lambda p: p.pid)
        _nobody_of_note(machine.helper.pid, room.HELPER_UID)
        _nobody_of_note(machine.keeper.pid, room.KEEPER_UID)
        limits = _nobody_of_note(pid, room.HELPER_UID)
        most = {"Max cpu time": 120, "Max file size": 16 << 20, "Max open files": 64, "Max address space": 1 << 30}
        assert {name: limits[name] for name in most} == {name: [str(n), str(n)] for name, n in most.items()}, limits
        raised = child.attempt(lambda p: [p.call("prlimit64", 0, resource, b"\xff" * 16, 0) for resource in RESOURCES])
        assert raised == [-errno.EPERM] * len(RESOURCES), raised
        assert child.attempt(lambda p: p.call("mmap", 0, 2 << 30, 3, *NEW_MEMORY)) == -errno.ENOMEM


if __name__ == "__main__":
    sys.exit(room.main(sys.modules["__main__"], stage.prepare))
