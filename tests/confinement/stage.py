# SPDX-License-Identifier: BSD-2-Clause
"""A child, and a keeper, whose strings we hold: the shipped programs started as they are in life, each on the machine
of tests/daemons/room.py, and each in a kernel with Landlock or in one that answers as if it had none."""
import contextlib
import os
import shutil
import signal
import socket
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../daemons"), os.path.join(HERE, "../e2e")]
import room  # noqa: E402
from puppet import KILLED, PATIENCE, Gone, Puppet  # noqa: E402

PUPPETS = os.path.join(os.environ["O"], "tests/confinement")


def has_landlock():
    from ctypes import CDLL
    return CDLL(None).syscall(444, None, 0, 1) >= 1


class Held:
    """Somebody whose strings we hold, begun anew whenever the kernel has killed the last one."""

    def __init__(self, machine, landlock):
        self.machine, self.puppet = machine, None
        self.before = [] if landlock else [machine.folder + "/without_landlock"]

    def attempt(self, action):
        """What action(puppet) returns, or KILLED."""
        if not self.puppet:
            self.puppet = self.begin()
        try:
            return action(self.puppet)
        except Gone:
            self.puppet.close()
            self.see_death(self.puppet.pid)
            self.puppet = None
            return KILLED


class HeldChild(Held):
    """Of a helper whose children are puppets; the keeper is the real one."""

    def __init__(self, machine, landlock):
        super().__init__(machine, landlock)
        self.gate = socket.create_server(("127.0.0.1", 0))
        self.gate.settimeout(PATIENCE)
        machine.configure(corp={"issuer": f"https://127.0.0.1:{self.gate.getsockname()[1]}",
                                "more": f"client_secret_file = {machine.folder}/secret"})
        machine.keeper = machine.start("frontdesk-keeper")
        machine.wait_for(lambda: room.listens(machine.run + "/keeper.sock"))
        machine.helper = machine.start("puppet-helper", *self.before)
        machine.wait_for(lambda: room.listens(machine.run + "/helper.sock"))
        self.modules, self.dead = [], []

    def begin(self):
        self.modules.append(self.machine.module())
        strings = self.gate.accept()[0]
        strings.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Puppet(strings)

    def see_death(self, pid):
        self.dead.append(pid)

    def end(self):
        """Who died did so by the signal of a filter, and by no other."""
        for pid in self.dead:
            line = f"child {pid} died by signal {int(signal.SIGSYS)}\n"
            self.machine.wait_for(lambda: line in self.machine.logged())
        self.gate.close()
        for module in self.modules:
            module.close()
        self.machine.stop_all()


class _HeldDaemon(Held):
    """A daemon that is a puppet as a whole, whose strings are a unix socket."""
    program = folder = name = None

    def __init__(self, machine, landlock):
        super().__init__(machine, landlock)
        folder = getattr(machine, self.folder)
        os.makedirs(folder, exist_ok=True)
        self.path = f"{folder}/{self.name}"
        self.gate = socket.socket(socket.AF_UNIX)
        self.gate.bind(self.path)
        os.chmod(self.path, 0o666)
        self.gate.listen()
        self.gate.settimeout(PATIENCE)

    def begin(self):
        self.process = self.machine.start(self.program, *self.before)
        return Puppet(self.gate.accept()[0])

    def see_death(self, _):
        self.machine.processes.remove(self.process)
        assert self.process.wait(PATIENCE) == -signal.SIGSYS

    def end(self):
        if self.puppet:
            self.puppet.close()
        self.machine.stop_all()
        self.gate.close()
        os.unlink(self.path)


class HeldKeeper(_HeldDaemon):
    program, folder, name = "puppet-keeper", "state", "strings"


class HeldListener(_HeldDaemon):
    program, folder, name = "puppet-listener", "run", "keeper.sock.strings"


@contextlib.contextmanager
def held(kind, machine, landlock):
    somebody = kind(machine, landlock)
    try:
        yield somebody
    finally:
        somebody.end()


def prepare(machine):
    secret = machine.folder + "/secret"
    with open(secret, "w", encoding="ascii") as file:
        file.write("s3cret\n")
    os.chown(secret, 0, room.KEEPER_UID)
    os.chmod(secret, 0o640)
    for program, name in (("frontdesk-helper", "puppet-helper"), ("frontdesk-keeper", "puppet-keeper"),
                          ("frontdesk-listener", "puppet-listener"),
                          ("without_landlock", "without_landlock")):
        shutil.copy(f"{PUPPETS}/{program}", f"{machine.folder}/{name}")
