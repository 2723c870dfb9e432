# SPDX-License-Identifier: BSD-2-Clause
"""A machine with a kiosk: users, folders, the server, and sign-ins that the test plays."""
import contextlib
import errno
import grp
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import tap  # noqa: E402
from proc import has_ended  # noqa: E402,F401
from tap import eventually  # noqa: E402,F401

KIOSK_UID, SCREEN_GID, OTHER_UID, READER_UID = 64990, 64991, 64992, 64993
PORT = 18080
PATIENCE = tap.PATIENCE_S
CODE = {"state": "code", "code": "ABCD-EFGH", "uri": "https://idp.example/device",
        "uri_complete": "https://idp.example/device?user_code=ABCD-EFGH", "lifetime": 120, "qr": ["101", "010", "111"]}
# What systemd does before a service that has sockets: they are descriptors 3 and up.
HAND_OVER = """
import fcntl, json, os, sys
fds = [fcntl.fcntl(fd, fcntl.F_DUPFD, 500) for fd in json.loads(sys.argv[1])]
for place, fd in enumerate(fds):
    os.dup2(fd, 3 + place)
    os.close(fd)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(fds)))
os.execv(sys.argv[2], sys.argv[2:])
"""
# A sign-in of the test's: it hands its socket over and waits to be ended.
WORKER = """#!{python}
import os, signal, socket, sys
gate = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
gate.connect({gate!r})
told = "\\0".join([str(os.getpid()), *sys.argv[1:]]).encode()
socket.send_fds(gate, [told], [3])
signal.pause()
"""


def listener(host, port):
    """As systemd makes it."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    sock.listen(512)
    return sock


def port_held():
    """What frontdesk-kiosk.socket holds; the second one where this machine has such an address."""
    sockets = [listener("127.0.0.1", PORT)]
    try:
        sockets.append(listener("::1", PORT))
    except OSError as error:
        assert error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT), error
    return sockets


def hand_over(command, sockets):
    """The command that gets these sockets from systemd, and the descriptors to leave open for it."""
    fds = [sock.fileno() for sock in sockets]
    return (["/usr/bin/python3", "-IS", "-c", HAND_OVER, json.dumps(fds), *command] if fds else command), fds


class SignIn:
    """The test's end of a sign-in's process."""

    def __init__(self, gate):
        gate.settimeout(PATIENCE)
        with gate.accept()[0] as connection:
            connection.settimeout(PATIENCE)
            told, fds, _, _ = socket.recv_fds(connection, 4096, 1)
        self.sock = socket.socket(fileno=fds[0])
        self.sock.settimeout(PATIENCE)
        words = told.decode().split("\0")
        self.pid, self.arguments = int(words[0]), words[1:]

    def say(self, **fields):
        self.sock.send(json.dumps(fields, ensure_ascii=False).encode())
        return self

    def say_code(self, **fields):
        return self.say(**{**CODE, **fields})

    def hear(self):
        """What the server says; None: it has closed."""
        packet = self.sock.recv(4096)
        return json.loads(packet) if packet else None

    def is_over(self):
        return eventually(lambda: has_ended(self.pid))

    def end(self):
        """The process ends by itself."""
        self.sock.close()
        os.kill(self.pid, 9)


class Place:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="frontdesk-kiosk-")
        self.config, self.run = f"{self.folder}/etc", f"{self.folder}/run"
        self.log = f"{self.folder}/log"
        self.server = None
        self.passed = []  # sockets that each server is handed, as by systemd

    def prepare(self):
        os.chmod(self.folder, 0o755)
        os.mkdir(self.config)
        for name, lines in (("passwd", [f"frontdesk-kiosk:x:{KIOSK_UID}:{KIOSK_UID}::/:/bin/false",
                                        f"other:x:{OTHER_UID}:{OTHER_UID}::/:/bin/false"]),
                            ("group", [f"frontdesk-kiosk:x:{KIOSK_UID}:", f"other:x:{OTHER_UID}:",
                                       f"frontdesk-screen:x:{SCREEN_GID}:"])):
            with open(f"/etc/{name}", encoding="utf-8") as old, \
                    open(f"{self.folder}/{name}", "w", encoding="utf-8") as new:
                new.writelines(line for line in old if not line.startswith("frontdesk-"))
                new.write("\n".join(lines) + "\n")
            subprocess.run(["mount", "--bind", f"{self.folder}/{name}", f"/etc/{name}"], check=True)
        assert pwd.getpwnam("frontdesk-kiosk").pw_uid == KIOSK_UID
        assert grp.getgrnam("frontdesk-screen").gr_gid == SCREEN_GID
        self.program = f"{self.folder}/frontdesk-kiosk"
        shutil.copy(os.path.join(os.environ["PROGRAMS"], "frontdesk-kiosk"), self.program)
        self._make_worker()
        self.configure()

    def _make_worker(self):
        gate = f"{self.folder}/gate"
        self.gate = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.gate.bind(gate)
        os.chmod(gate, 0o777)
        self.gate.listen(32)
        self.worker = f"{self.folder}/worker"
        with open(self.worker, "w", encoding="utf-8") as file:
            file.write(WORKER.format(python="/usr/bin/python3 -IS", gate=gate))
        os.chmod(self.worker, 0o755)

    def configure(self, kiosk="", machine="", **connections):
        """frontdesk.conf, and connections NAME=further lines; in place of what was there."""
        shutil.rmtree(f"{self.config}/connections.d", ignore_errors=True)
        os.mkdir(f"{self.config}/connections.d")
        for name, more in connections.items():
            self.write(f"connections.d/{name}.conf", "[connection]\nissuer = https://idp.example/\nclient_id = kiosk\n"
                       f"services = frontdesk-kiosk\nallow_all = yes\n{more}")
        self.write("frontdesk.conf", f"[kiosk]\nlisten = 127.0.0.1:{PORT}\n{kiosk}\n[machine]\nname = desk-7\n{machine}\n")

    def write(self, name, text):
        with open(f"{self.config}/.new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(f"{self.config}/.new", f"{self.config}/{name}")

    def _spawn(self, *arguments, worker=None):
        command = [self.program, f"--config-dir={self.config}", f"--vendor-dir={self.folder}/vendor",
                   f"--runtime-dir={self.run}", f"--worker={worker or self.worker}", "--log=stderr", *arguments]
        command, fds = hand_over(command, self.passed)
        with open(self.log, "a", encoding="utf-8") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=fds,
                                    env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
                                         "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1"})

    def run_once(self):
        """The exit status of a server that cannot start."""
        server = self._spawn()
        try:
            return server.wait(PATIENCE)
        finally:
            server.kill()
            server.wait()

    def start(self, *arguments, worker=None):
        self.server = self._spawn(*arguments, worker=worker)
        assert eventually(self.answers), self.logged()

    def answers(self):
        with contextlib.suppress(ConnectionError), \
                socket.create_connection(("127.0.0.1", PORT), timeout=PATIENCE) as stranger:
            stranger.sendall(b"GET / HTTP/1.1\r\nHost: nobody\r\n\r\n")
            return stranger.recv(9) == b"HTTP/1.1 "
        return False

    def stop(self):
        if self.server:
            self.server.terminate()
            status, self.server = self.server.wait(PATIENCE), None
            assert status == 0, f"the server ended with {status}: {self.logged()[-2000:]}"

    def again(self, kiosk="", machine="", **connections):
        """The server anew, with these settings."""
        self.stop()
        self.configure(kiosk, machine, **connections)
        self.start()

    @property
    def token(self):
        with open(f"{self.run}/token", encoding="ascii") as file:
            return file.read()

    def sign_in(self):
        """The next sign-in that the server starts."""
        return SignIn(self.gate)

    def no_sign_in(self):
        """True: none was started that was not taken."""
        self.gate.setblocking(False)
        try:
            self.gate.accept()
            return False
        except BlockingIOError:
            return True

    def logged(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def remove(self):
        if self.server:
            self.server.kill()
            self.server.wait()
        for name in ("/etc/passwd", "/etc/group"):
            subprocess.run(["umount", name], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def as_user(uid, action, gid=None, groups=()):
    """The result of action() in a process of that user; None: it raised PermissionError."""
    there, here = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        said = "null"
        try:
            os.setgroups(list(groups))
            os.setresgid(gid or uid, gid or uid, gid or uid)
            os.setresuid(uid, uid, uid)
            said = json.dumps(action())
        except PermissionError:
            pass
        finally:
            here.sendall(said.encode())
            os._exit(0)
    here.close()
    with there, there.makefile(encoding="utf-8") as reader:
        said = reader.read()
    os.waitpid(pid, 0)
    return json.loads(said)


def main(module, prepare=lambda place: None):
    """Runs the tests of the module on one machine; the exit status."""
    place = Place()
    try:
        place.prepare()
        prepare(place)
        place.start()
        status = tap.run(tap.tests_of(module), place, explain=lambda: place.logged()[-1500:])
        place.stop()
        return status
    finally:
        place.remove()
