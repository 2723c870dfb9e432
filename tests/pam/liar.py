# SPDX-License-Identifier: BSD-2-Clause
"""A helper that says whatever a test wants, and the PAM host that meets it."""
import collections
import contextlib
import os
import re
import select
import signal
import socket
import struct
import subprocess
import time

SUCCESS, SYSTEM_ERR, PERM_DENIED, AUTH_ERR, AUTHINFO_UNAVAIL = 0, 4, 6, 7, 9
USER_UNKNOWN, SESSION_ERR, CRED_UNAVAIL, IGNORE = 10, 14, 15, 25
PHASES = ("auth", "account", "open", "close")
UNAVAILABLE = {"auth": AUTHINFO_UNAVAIL, "account": AUTHINFO_UNAVAIL, "open": SESSION_ERR, "close": SUCCESS}
REFUSED = {"auth": AUTH_ERR, "account": PERM_DENIED, "open": SESSION_ERR, "close": SUCCESS}

KEEPER, HELPER, NOBODY = 990, 991, 65534
USERS = {"root": 0, "toor": 0, "nobody": NOBODY, "frontdesk": KEEPER, "frontdesk-net": HELPER, "maria": 1000,
         "kiosk": 1500, "other": 1501, "below": 65535, "first": 65536, "alice": 70000, "bruno": 70001,
         "last": 99999, "above": 100000, "wide": 70002}

ALLOW, DENY, UNKNOWN_USER, UNAVAIL, EXPIRED, IGNORED = 1, 2, 3, 4, 5, 6
LIMIT = 60  # seconds until a host that does not end counts as hanging
SLOWNESS = 20  # the module waits a second for HELLO: so many while its patience is not the test's matter

Heard = collections.namedtuple("Heard", "logins answers")


def string(text):
    data = text if isinstance(text, bytes) else text.encode()
    return struct.pack(">H", len(data)) + data


def hello(version=1):
    return struct.pack(">BH", 0x10, version)


def show(text="hello"):
    return b"\x11" + string(text)


def warn(text="careful"):
    return b"\x12" + string(text)


def ask(text="Enter: ", echo=0):
    return struct.pack(">BB", 0x13, echo) + string(text)


def offer(text="password: "):
    return b"\x14" + string(text)


def greeter(json='{"authSelection":{}}', protocol="auth-mechanisms"):
    return b"\x15" + string(protocol) + string(json)


def set_(name="FRONTDESK_SESSION", value="abc"):
    return b"\x16" + string(name) + string(value)


def verdict(kind=ALLOW, user="alice", reason="ok"):
    return struct.pack(">BB", 0x17, kind) + string(user if kind == ALLOW else "") + string(reason)


def sender_of(packet):
    return KEEPER if packet[:1] in (b"\x16", b"\x17") else HELPER


def send_as(uid, connection, packet, ancillary=()):
    """From a process of that user: the kernel, not the message, says who it was."""
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(OSError):
            os.setresuid(uid, uid, uid)
            connection.sendmsg([packet], ancillary)
        os._exit(0)
    os.waitpid(pid, 0)


def login_fields(packet):
    """LOGIN as a dictionary; whatever does not decode raises."""
    names = ("user", "service", "tty", "rhost", "ruser", "lang", "codeset", "prior_auth", "greeter_extensions",
             "connection", "ticket")
    kind, version, phase, flags, columns, rows = struct.unpack_from(">BHBBHH", packet)
    fields = {"type": kind, "version": version, "phase": phase, "flags": flags, "columns": columns, "rows": rows}
    at = 9
    for name in names:
        (length,) = struct.unpack_from(">H", packet, at)
        fields[name] = packet[at + 2:at + 2 + length].decode()
        at += 2 + length
    (fields["timeout"],) = struct.unpack_from(">I", packet, at)
    assert at + 4 == len(packet), "bytes are left over"
    return fields


class Result:
    """What the host saw."""

    def __init__(self, output, heard):
        self.codes, self.messages, self.logs, self.environment, self.changed = [], [], [], {}, []
        self.user, self.injected, self.ended, self.heard, self.waits = None, False, False, heard, []
        self.reached, self.password, self.secrets, self.greeted = False, None, [], []
        for line in output.decode().splitlines():
            word, *fields = line.split(" ")
            text = bytes.fromhex(fields[-1]).decode("utf-8", "replace") if word in (
                "message", "log", "user", "env", "authtok", "greeter") and fields else ""
            if word == "result":
                self.codes.append(int(fields[1]))
            elif word == "waits":
                self.waits.append(int(fields[0]))
            elif word == "message":
                self.messages.append((int(fields[0]), text))
            elif word == "greeter":
                self.greeted.append((fields[0], int(fields[1]), int(fields[2]), text))
            elif word == "log":
                self.logs.append(text)
            elif word == "env":
                name, value = text.split("=", 1)
                self.environment[name] = value
            elif word == "changed":
                self.changed.append(fields[0])
            elif word == "user":
                self.user = text
            elif word in ("authtok", "no_authtok"):
                self.reached, self.password = True, text if word == "authtok" else None
            elif word == "secrets":
                self.secrets.append(int(fields[0]))
            self.injected |= word == "injected"
            self.ended |= word == "end"

    @property
    def code(self):
        return self.codes[-1]

    @property
    def reason(self):
        found = re.findall(r"reason=(\S+)", " ".join(self.logs))
        return found[-1] if found else None


class Bench:
    """One folder with the socket, the host program and the module."""

    def __init__(self, folder, build):
        self.folder = folder
        self.path = os.path.join(folder, "helper.sock")
        self.client = os.path.abspath(os.path.join(build, "tests/pam/client"))
        self.module = os.path.abspath(os.path.join(build, "pam_frontdesk.so"))
        self.witness = os.path.abspath(os.path.join(build, "tests/pam/witness.so"))
        self.build = os.path.abspath(build)
        self.listener, self.slowness = None, SLOWNESS
        with open(os.path.join(folder, "other"), "w", encoding="ascii") as file:
            file.writelines(f"{kind} required pam_deny.so\n" for kind in ("auth", "account", "session", "password"))

    @contextlib.contextmanager
    def listening(self, uid=0, backlog=16):
        """SO_PEERCRED shows a client whoever called listen()."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self.path)
            os.chmod(self.path, 0o666)
            os.seteuid(uid)
            listener.listen(backlog)
            os.seteuid(0)
            listener.settimeout(LIMIT)
            self.listener = listener
            try:
                yield listener
            finally:
                self.listener = None
                os.unlink(self.path)

    @contextlib.contextmanager
    def serving(self, script):
        """Whoever comes, and however many at once, meets the script; a function makes it of what LOGIN says."""
        with self.listening(backlog=64) as listener:
            pid = os.fork()
            if pid == 0:
                try:
                    serve(listener, script)
                finally:
                    os._exit(1)
            try:
                yield
            finally:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)

    @contextlib.contextmanager
    def real_time(self):
        self.slowness = 1
        try:
            yield
        finally:
            self.slowness = SLOWNESS

    def host(self):
        return [self.client, "-l", str(self.slowness), "-d", self.folder]

    def command(self, phases, user, arguments, options):
        command = [*self.host(), "-m", self.module]
        if user is not None:
            command += ["-u", user]
        return command + list(options) + list(phases) + ["--", "socket=" + self.path, *arguments]

    def run(self, command, scripts=(), environment=None, others_change=()):
        """Runs a host; each script in turn meets its next connection. Other modules may change what is named."""
        host = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=environment if environment is not None else {"LANG": "C.UTF-8"})
        heard = Heard([], [])
        try:
            for script in scripts:
                connection = self.accept_from(host)
                with connection:
                    connection.settimeout(LIMIT)
                    play(connection, script, heard)
            output, errors = host.communicate(timeout=LIMIT)
        finally:
            host.kill()
            host.wait()
        assert host.returncode == 0, f"the host ended with {host.returncode}: {errors.decode()}"
        result = Result(output, heard)
        assert result.ended
        assert set(result.changed) <= set(others_change), f"the host's state changed: {result.changed}"
        assert not errors, f"the host's standard error: {errors.decode()}"
        return result

    def accept_from(self, host):
        """The host's connection; a host that ended instead has failed the test."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end and host.poll() is None:
            if select.select([self.listener], [], [], 0.1)[0]:
                return self.listener.accept()[0]
        raise AssertionError(f"the host never connected: {host.poll()} {host.communicate(timeout=LIMIT)}")

    def meet(self, *script, phase="auth", user="alice", arguments=(), options=(), environment=None):
        """One call of the module, one connection, which plays the script."""
        with self.listening():
            return self.run(self.command([phase], user, arguments, options), [script], environment)

    def alone(self, phase="auth", user="alice", arguments=(), options=()):
        """One call that must not connect at all."""
        with self.listening() as listener:
            result = self.run(self.command([phase], user, arguments, options))
            listener.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                listener.accept()
                raise AssertionError("the module connected")
            return result

    def absent(self, phase="auth", user="alice", arguments=(), options=()):
        """One call with no helper at all."""
        return self.run(self.command([phase], user, arguments, options))


def close(connection):
    """A step of a script: the helper dies."""
    connection.close()


def meanwhile(*packets, die=False):
    """A step of a script: the host stands still while all this arrives; it then finds it at once."""
    def step(connection):
        pid, _, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        os.kill(pid, signal.SIGSTOP)
        while state_of(pid) != "T":
            pass
        for packet in packets:
            send_as(sender_of(packet), connection, packet)
        if die:
            connection.close()
        os.kill(pid, signal.SIGCONT)
    return step


def state_of(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().rsplit(")", 1)[1].split()[0]


def serve(listener, script):
    """For ever, a process for each connection: its packets go out as the user that may send them."""
    listener.settimeout(None)
    while True:
        connection, _ = listener.accept()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if os.fork() == 0:
            with contextlib.suppress(OSError):
                login = connection.recv(65536)
                for packet in script(login_fields(login)) if callable(script) else script:
                    os.setresuid(sender_of(packet), sender_of(packet), 0)
                    connection.sendmsg([packet])
                    os.setresuid(0, 0, 0)
                while connection.recv(65536):
                    pass
            os._exit(0)
        connection.close()


def play(connection, script, heard):
    """Bytes are sent as the user that may; (uid, bytes) as that user; a function does what it wants."""
    with contextlib.suppress(ConnectionError):
        heard.logins.append(connection.recv(65536))
    for step in script:
        if callable(step):
            step(connection)
        elif isinstance(step, tuple):
            send_as(step[0], connection, step[1])
        else:
            send_as(sender_of(step), connection, step)
    if connection.fileno() < 0:
        return
    with contextlib.suppress(ConnectionError):
        while answer := connection.recv(65536):
            heard.answers.append(answer)
