# SPDX-License-Identifier: BSD-2-Clause
"""System calls that fail, or are a process's last, one at a time, by strace; several runs at once, each in a folder of
its own."""
import collections
import concurrent.futures
import os
import re
import shutil
import subprocess

# Those that write, and what a disk, a quota, a table of descriptors or a signal may answer to each.
DISK = ("EIO", "ENOSPC", "EDQUOT", "EROFS")
FAILURES = {
    "openat": ("EMFILE", "ENFILE", *DISK),
    "mkdir": DISK, "mkdirat": DISK, "chown": ("EIO", "EROFS"), "fchown": ("EIO", "EROFS"), "chmod": ("EIO", "EROFS"),
    "rename": DISK, "bind": ("ENOSPC", "EROFS"), "unlink": ("EIO", "EROFS"), "unlinkat": ("EIO", "EROFS"), "renameat": DISK, "renameat2": DISK,
    "write": (*DISK[:3], "EINTR"), "pwrite64": (*DISK[:3], "EINTR"), "ftruncate": ("EIO", "EINTR"),
    "fsync": DISK[:3], "fdatasync": DISK[:3], "fchmod": ("EIO", "EROFS"), "fcntl": ("ENOLCK",),
    "read": ("EIO", "EINTR"), "pread64": ("EIO", "EINTR"), "sendto": ("ENOBUFS", "EPIPE"), "sendmsg": ("EPIPE",),
    "recvmsg": ("ECONNRESET",), "recvfrom": ("ECONNRESET",),
}
ALL = os.environ.get("FAULTS") == "all"
PARALLEL = max(2, os.cpu_count() or 2)
KILL = "signal=KILL"
PRELOADED = None


def prepare(folder):
    """Puts what all runs preload where every user finds it. Names are looked up in files alone: how often some other
    service of this machine would be asked, and by which calls, is nothing of ours."""
    global PRELOADED  # pylint: disable=global-statement
    PRELOADED = shutil.copy(os.path.join(os.environ["O"], "tests/faults/open_sandbox.so"), folder)
    os.chmod(PRELOADED, 0o755)
    with open(f"{folder}/nsswitch.conf", "w", encoding="utf-8") as file:
        file.write("passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n")
    os.chmod(file.name, 0o644)
    subprocess.run(["mount", "--bind", file.name, "/etc/nsswitch.conf"], check=True)


def traced(calls, *more):
    """Not every processor's kernel has all of them."""
    return ["strace", "-f", "-qq", "-E", f"LD_PRELOAD={PRELOADED}", "-e", "signal=none",
            "-e", "trace=" + ",".join(f"?{call}" for call in calls), *more]


def counted(log):
    """How often each call was made by the process that made it most."""
    made, most = collections.Counter(), collections.Counter()
    with open(log, encoding="utf-8", errors="replace") as file:
        for line in file:
            match = re.match(r"(\d+) +(\w+)\(", line)
            if match:
                made[match.groups()] += 1
    for (_, call), times in made.items():
        most[call] = max(most[call], times)
    return most


def count(run, log, calls=tuple(FAILURES)):
    """What was counted of run(tracer), where the tracer writes its log; and what the run came to."""
    done = run([*traced(calls), "-o", log])
    return counted(log), done


def injected(call, action, when, command):
    """A call that strace lets fail is none to the kernel, for which the sandbox kills: then it is left open."""
    opened = [] if action == KILL else ["-E", "SANDBOX_LEFT_OPEN=1"]
    return [*traced([call]), *opened, "-o", "/dev/null", "-e", f"inject={call}:{action}:when={when}", *command]


def faults(made, step=1):
    """(call, action, when) of everything to try: all actions of each call, or one of them in turn."""
    found = []
    for call in sorted(made):
        actions = [KILL] + [f"error={name}" for name in FAILURES[call]]
        for when in range(1, made[call] + 1):
            found += [(call, action, when) for action in (actions if ALL else [actions[when % len(actions)]])]
    return found if ALL else found[::step]


def each(things, judge):
    """Calls judge(thing) for all of them, some at once; what the failures said."""
    print(f"# {len(things)} to try", flush=True)
    with concurrent.futures.ThreadPoolExecutor(PARALLEL) as pool:
        return [told(said) for said in pool.map(judge, things) if said]


def told(said):
    """At once: all of them are many, and who waits for the last may end it before."""
    print("".join(f"# {line}\n" for line in said.splitlines()), end="", flush=True)
    return said
