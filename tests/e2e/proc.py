# SPDX-License-Identifier: BSD-2-Clause
"""What /proc tells of processes and sockets. They may go while somebody reads: what has gone counts as not there."""
import os
import time

LISTENING = "00010000"  # a unix socket's flags


def _read(path):
    """The text; None: the process, or the descriptor, has gone."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return None


def pids():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def status_of(pid):
    """/proc/PID/status as a dictionary; empty when there is no such process."""
    return dict(line.split(":\t", 1) for line in (_read(f"/proc/{pid}/status") or "").splitlines() if ":\t" in line)


def has_ended(pid):
    """Whether or not somebody has asked how."""
    return status_of(pid).get("State", "Z").startswith(("Z", "X"))


def descriptors(pid):
    """{number: what it is}"""
    folder, found = f"/proc/{pid}/fd", {}
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, ProcessLookupError):
        return found
    for name in names:
        try:
            found[int(name)] = os.readlink(f"{folder}/{name}")
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def listens(path):
    """Does a unix socket of this name accept connections? Our daemons bind NAME.new and rename it when it listens."""
    sockets = [line.split() for line in _read("/proc/net/unix").splitlines()[1:]]
    return os.path.exists(path) and any(s[-1] in (path, f"{path}.new") and s[3] == LISTENING for s in sockets)


def _waited_for_a_processor(pid):
    """Seconds of its life; 0 where the kernel does not count them."""
    return int((_read(f"/proc/{pid}/schedstat") or "0 0 0").split()[1]) / 1e9


def ends_within(pid, seconds):
    """Does it end so soon from now? How long it stood ready and got no processor is the machine's time, not its own."""
    started, before, waited = time.monotonic(), _waited_for_a_processor(pid), 0
    while True:
        late = time.monotonic() - started - waited > seconds
        if has_ended(pid):
            return True
        if late:
            return False
        waited = max(waited, _waited_for_a_processor(pid) - before)
        time.sleep(0.01)
