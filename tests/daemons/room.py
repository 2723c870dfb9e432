# SPDX-License-Identifier: BSD-2-Clause
"""Both daemons started for real, in namespaces of our own with two users of our own; and the three who talk to them:
a module, a child of the listener, and whoever tries what is not due."""
import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import tap  # noqa: E402
from proc import listens, status_of  # noqa: E402,F401

KEEPER_UID, HELPER_UID, OTHER_UID = 64980, 64981, 64982
LOGIN, ANSWER, HELLO, SHOW, WARN, ASK, OFFER, SET, VERDICT = 1, 2, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17
ANSWER_TEXT, ANSWER_EMPTY, ANSWER_TYPED = 1, 2, 3
PASSWORDS_ALLOWED = 1
AUTH, ACCOUNT, OPEN_SESSION, CLOSE_SESSION = 1, 2, 3, 4
ALLOW, DENY, UNKNOWN_USER, UNAVAILABLE, EXPIRED, IGNORE = 1, 2, 3, 4, 5, 6
HANDOVER, ADMIT, CHOOSE, KEEP, CLAIMS, REFUSE, FINISH, REMEMBER, PICK, REFETCH = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
ADMITTED, CHOICES, DECIDED, USERS, KEYS = 0x11, 0x12, 0x13, 0x14, 0x15
PATIENCE = tap.PATIENCE_S


def string(text):
    data = text.encode() if isinstance(text, str) else text
    return struct.pack(">H", len(data)) + data


def blob(text):
    data = text.encode() if isinstance(text, str) else text
    return struct.pack(">I", len(data)) + data


class Reader:
    def __init__(self, packet):
        self.packet = packet

    def number(self, form):
        value = struct.unpack_from(">" + form, self.packet)[0]
        self.packet = self.packet[struct.calcsize(">" + form):]
        return value

    def take(self, size):
        data, self.packet = self.packet[:size], self.packet[size:]
        return data

    def string(self):
        return self.take(self.number("H")).decode()

    def blob(self):
        return self.take(self.number("I"))


def login(phase=AUTH, user="alice", service="login", flags=0, timeout=900, **more):
    fields = [user, service, more.get("tty", ""), more.get("rhost", ""), more.get("ruser", ""), "", "UTF-8",
              more.get("prior_auth", ""), "",
              more.get("connection", ""), more.get("ticket", "")]
    return struct.pack(">BHBBHH", LOGIN, 1, phase, flags, 80, 24) + b"".join(map(string, fields)) + \
        struct.pack(">I", timeout)


def packet_of(sock, size=262144):
    """(packet, uid of the sender or None); (b"", None) for the end."""
    sock.settimeout(PATIENCE)
    try:
        packet, control, _, _ = sock.recvmsg(size, 4096)
    except ConnectionResetError:
        return packet_of(sock, size)
    for _, kind, data in control:
        if kind == socket.SCM_CREDENTIALS:
            return packet, struct.unpack("3i", data)[1]
    return packet, None


def seqpacket():
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def as_user(uid, action):
    """Calls action() with this effective uid and gid; sockets made in it bear the uid."""
    os.setegid(uid)
    os.seteuid(uid)
    try:
        return action()
    finally:
        os.seteuid(0)
        os.setegid(0)


class Module:
    """What pam_frontdesk.so would be: connects, says LOGIN, listens."""

    def __init__(self, machine, uid=0):
        self.sock = seqpacket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        as_user(uid, lambda: self.sock.connect(machine.run + "/helper.sock"))

    def login(self, **fields):
        self.sock.send(login(**fields))
        return self

    def receive(self):
        return packet_of(self.sock)

    def hello(self):
        packet, _ = self.receive()
        assert packet == struct.pack(">BH", HELLO, 1), f"no HELLO: {packet!r}"
        return self

    def until_verdict(self):
        """(verdict, user, reason, uid of the sender); None: the end came first."""
        self.sets = {}
        while True:
            packet, uid = self.receive()
            if not packet:
                return None
            reader = Reader(packet)
            kind = reader.number("B")
            if kind == SET:
                assert uid == KEEPER_UID
                name = reader.string()
                self.sets[name] = reader.string()
            if kind == VERDICT:
                return reader.number("B"), reader.string(), reader.string(), uid

    def close(self):
        self.sock.close()


class Child:
    """What a child of the listener would be, with a module of its own; speaks to the keeper alone."""

    def __init__(self, machine, uid=HELPER_UID, module_uid=0, told_uid=None):
        gate = seqpacket()
        gate.bind("")
        gate.listen()
        self.module = seqpacket()
        self.module.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        as_user(module_uid, lambda: self.module.connect(gate.getsockname()))
        handed, _ = gate.accept()
        self.sock = seqpacket()
        as_user(uid, lambda: self.sock.connect(machine.run + "/keeper.sock"))
        told = module_uid if told_uid is None else told_uid
        try:
            socket.send_fds(self.sock, [struct.pack(">BII", HANDOVER, os.getpid(), told)], [handed.fileno()])
        except ConnectionError:
            pass
        handed.close()
        gate.close()

    def send(self, kind, *fields):
        self.sock.send(struct.pack("B", kind) + b"".join(fields))
        return self

    def receive(self):
        return packet_of(self.sock)[0]

    def ask(self, kind, *fields):
        """(type, reader) of the answer; (None, None): the keeper closed."""
        try:
            if kind == ADMIT:
                self.module.send(fields[0][4:])
            self.send(kind, *fields)
        except ConnectionError:
            return None, None
        reader = Reader(self.receive())
        return (reader.number("B"), reader) if reader.packet else (None, None)

    def admit(self, **fields):
        return self.ask(ADMIT, blob(login(**fields)))

    def decided(self, kind, *fields):
        """(reason, verdict, user)"""
        answer, reader = self.ask(kind, *fields)
        assert answer == DECIDED, f"answer {answer}"
        decision = reader.string(), reader.number("B"), reader.string()
        self.log_out_url = reader.string()
        assert not reader.packet
        return decision

    def finish(self):
        """(verdict, user, reason, sender's uid, {name: value})"""
        self.send(FINISH)
        sets = {}
        while True:
            packet, uid = packet_of(self.module)
            if not packet:
                return None
            reader = Reader(packet)
            kind = reader.number("B")
            if kind == SET:
                name = reader.string()
                sets[name] = reader.string()
            if kind == VERDICT:
                return reader.number("B"), reader.string(), reader.string(), uid, sets

    def close(self):
        self.sock.close()
        self.module.close()


# The keeper may hear of a test's end after the next one's beginning: these are not to share alice's few places.
MANY_AT_ONCE = "[limits]\nsign_ins_per_user = 20\n"

CONNECTION = """[connection]
issuer = {issuer}
client_id = desk
services = {services}
allow_all = yes
create_users = {create}
{more}
"""


class Machine:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="frontdesk-daemons.")
        os.chmod(self.folder, 0o755)
        self.config, self.state, self.run = (f"{self.folder}/{name}" for name in ("etc", "state", "run"))
        self.log, self.audit = f"{self.folder}/log", f"{self.folder}/audit/audit.jsonl"
        self.processes = []

    def prepare(self):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        os.makedirs(self.config + "/connections.d")
        self._users()
        for program in ("frontdesk-helper", "frontdesk-keeper"):
            shutil.copy(os.path.join(os.environ["PROGRAMS"], program), self.folder)
        self.configure()

    def _users(self):
        for name in ("passwd", "group"):
            with open(f"/etc/{name}", encoding="utf-8") as file:
                text = file.read()
            for user, number in (("frontdesk", KEEPER_UID), ("frontdesk-net", HELPER_UID), ("lena", OTHER_UID)):
                text += f"{user}:x:{number}:{number}::/:/bin/sh\n" if name == "passwd" else f"{user}:x:{number}:\n"
            self.shadow(f"/etc/{name}", text)

    def shadow(self, path, text):
        """Another text in the place of a file of the machine, for this namespace only."""
        own = f"{self.folder}/{os.path.basename(path)}"
        with open(own, "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run(["mount", "--bind", own, path], check=True)

    def write(self, name, text):
        """Replaces a file of the configuration in one step, as an editor does."""
        with open(f"{self.config}/new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(f"{self.config}/new", f"{self.config}/{name}")

    def configure(self, main=MANY_AT_ONCE, **connections):
        """frontdesk.conf and the connections NAME={issuer, services, more}, in place of what was there."""
        for name in os.listdir(self.config + "/connections.d"):
            os.unlink(f"{self.config}/connections.d/{name}")
        self.write("frontdesk.conf", main)
        for name, values in connections.items():
            values = {"issuer": "https://idp.example/", "services": "login", "create": "yes", "more": "", **values}
            self.write(f"connections.d/{name}.conf", CONNECTION.format(**values))

    def start(self, program, *before, arguments=("--listen",)):
        folders = [f"--config-dir={self.config}", f"--state-dir={self.state}", f"--runtime-dir={self.run}",
                   f"--vendor-dir={self.folder}/vendor", f"--audit-file={self.audit}"]
        environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0:abort_on_error=1")
        with open(self.log, "a", encoding="utf-8") as log:
            process = subprocess.Popen([*before, f"{self.folder}/{program}", *arguments, "--log=stderr", *folders],
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        self.processes.append(process)
        return process

    def start_both(self):
        self.keeper = self.start("frontdesk-keeper")
        self.wait_for(lambda: listens(self.run + "/keeper.sock"))
        self.helper = self.start("frontdesk-helper")
        self.wait_for(lambda: listens(self.run + "/helper.sock"))

    def stop(self, process):
        process.terminate()
        process.send_signal(signal.SIGCONT)
        self.processes.remove(process)
        return process.wait(PATIENCE)

    def stop_all(self):
        for process in list(self.processes):
            self.stop(process)
        for name in ("helper.sock", "keeper.sock"):
            if os.path.exists(f"{self.run}/{name}"):
                os.unlink(f"{self.run}/{name}")

    def module(self, uid=0):
        return Module(self, uid)

    def logged(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def audited(self):
        """The records, oldest first."""
        with open(self.audit, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def told(self):
        """The records that went to the log, oldest first."""
        said = "frontdesk-keeper: {"
        return [json.loads(line[len(said) - 1:]) for line in self.logged().splitlines() if line.startswith(said)]

    def children(self):
        with open(f"/proc/{self.helper.pid}/task/{self.helper.pid}/children", encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]

    def new_child(self, before):
        return self.wait_for(lambda: set(self.children()) - set(before)).pop()

    @staticmethod
    def wait_for(condition, seconds=PATIENCE):
        value = tap.eventually(condition, seconds)
        assert value, "waited in vain"
        return value

    def remove(self):
        self.stop_all()
        for name in ("/etc/passwd", "/etc/group"):
            subprocess.run(["umount", name], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def places_held(machine, uids):
    """Each place by a child that stands still: else it would give the place back when no LOGIN comes for a while."""
    machine.wait_for(lambda: not machine.children())
    held, stopped = [], set()
    for uid in uids:
        held.append(machine.module(uid).hello())
        pid = machine.new_child(stopped)
        os.kill(pid, signal.SIGSTOP)
        stopped.add(pid)
    try:
        yield
    finally:
        for module in held:
            module.close()
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    machine.wait_for(lambda: not machine.children())


def main(module, start):
    """Runs the tests of the module on one machine; the exit status."""
    machine = Machine()
    try:
        machine.prepare()
        start(machine)
        return tap.run(tap.tests_of(module), machine, explain=lambda: machine.logged()[-1500:])
    finally:
        machine.remove()
