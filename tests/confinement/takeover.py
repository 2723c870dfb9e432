# SPDX-License-Identifier: BSD-2-Clause
"""A machine with frontdesk installed (tests/e2e/desk.py) whose helper's children are puppets: the module, NSS and the
keeper are real, and so is the PAM host that waits. What the puppets say is in the words of tests/daemons/room.py."""
import importlib.util
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../e2e")]
import desk as e2e  # noqa: E402
from proc import listens  # noqa: E402,F401
from puppet import PATIENCE, Gone, Puppet  # noqa: E402
from room import LIBEXEC, read, write  # noqa: E402
from scene import AUDIT, audit, codes_of  # noqa: E402,F401

_spec = importlib.util.spec_from_file_location("words", os.path.join(HERE, "../daemons/room.py"))
words = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(words)
blob, string = words.blob, words.string

PUPPETS = os.path.join(os.environ["O"], "tests/confinement")
CLIENT = os.path.join(HERE, "../e2e/pam_client.py")
STATE, INDEX = "/var/lib/frontdesk", "/var/lib/frontdesk/nss/members"
SECRET = "only-for-partners-children"
HELLO = b"\x10\0\1"


def verdict(kind, user, reason="ok"):
    return bytes([words.VERDICT, kind]) + string(user) + string(reason)


def set_(name="FRONTDESK_SESSION", value="x" * 22):
    return bytes([words.SET]) + string(name) + string(value)


class SignIn:
    """A PAM host that waits, and the puppet that serves it."""

    def __init__(self, host, puppet, login):
        self.host, self.puppet, self.login = host, puppet, login
        self.keeper, self.module = puppet.facts[:2]
        self.said = []

    def say(self, kind, *fields):
        """A question to the keeper, right or wrong."""
        return self.puppet.send(self.keeper, bytes([kind]) + b"".join(fields))

    def ask(self, kind, *fields):
        """(type, reader) of the answer; (None, None): the keeper closed."""
        self.say(kind, *fields)
        reader = words.Reader(self.puppet.receive(self.keeper))
        return (reader.number("B"), reader) if reader.packet else (None, None)

    def admit(self, login=None):
        return self.ask(words.ADMIT, blob(login or self.login))

    def to_module(self, packet):
        return self.puppet.send(self.module, packet)

    def environment(self):
        """What the host's session would have; behind outcome()."""
        return [entry for line in self.said if "environment" in line for entry in line["environment"]]

    def outcome(self, let_go=True):
        """The puppet lets go; the host's codes, as pam_client.py says them."""
        if let_go:
            self.puppet.close()
        output, errors = self.host.communicate("\n" * 8, timeout=PATIENCE * 5)
        assert self.host.returncode == 0, errors
        self.said = [json.loads(line) for line in output.splitlines()]
        return codes_of(self.said)


class Machine:
    def __init__(self, *puppets):
        self.desk = e2e.Desk()
        for program in puppets:
            shutil.copy(f"{PUPPETS}/{program}", f"{LIBEXEC}/{program}")
        for service in ("front", "back"):
            write(f"/etc/pam.d/{service}", "".join(
                f"{kind} required pam_frontdesk.so timeout=60\n" for kind in ("auth", "account", "session")))
        self.gate = socket.create_server(("127.0.0.1", 0))
        self.gate.settimeout(PATIENCE)
        os.unlink("/etc/frontdesk/connections.d/corp.conf")
        write("/etc/frontdesk/partner.secret", SECRET + "\n", 0o640, "root", "frontdesk")
        self.connect("corp", issuer=f"https://127.0.0.1:{self.gate.getsockname()[1]}", services="front")
        self.connect("partner", issuer="https://partner.example", services="back",
                     client_secret_file="/etc/frontdesk/partner.secret")

    def connect(self, name, **settings):
        lines = {"client_id": "desk", "allow_all": "yes", "create_users": "yes", **settings}
        write(f"/etc/frontdesk/connections.d/{name}.conf",
              "[connection]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items()))

    def host(self, service, user, *more):
        return subprocess.Popen([sys.executable, CLIENT, service, user, *(more or ("auth",))], text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def begin(self, service="front", user="", *more):
        """A sign-in whose puppet has said HELLO and heard LOGIN. On a slow machine a host may have given up before."""
        for _ in range(20):
            host = self.host(service, user, *more)
            strings = self.gate.accept()[0]
            strings.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            puppet = Puppet(strings)
            try:
                puppet.send(puppet.facts[1], HELLO)
                login = self.peek(puppet)
            except Gone:
                login = b""
            if login:
                return SignIn(host, puppet, login)
            host.kill()
            host.wait()
        raise AssertionError("no host ever said LOGIN")

    @staticmethod
    def peek(puppet):
        got = puppet.call("recvfrom", puppet.facts[1], puppet.arena, 65536, socket.MSG_PEEK, 0, 0)
        return puppet.look(puppet.arena, got) if got > 0 else b""

    def claims(self, subject, name, **more):
        claims = {"iss": self.issuer, "sub": subject, "preferred_username": name, **more}
        return blob(json.dumps(claims)), blob(""), string(""), string("")

    @property
    def issuer(self):
        return f"https://127.0.0.1:{self.gate.getsockname()[1]}"

    def facts(self):
        """What nobody may have touched: members and their bindings, the index, and who was let in."""
        with sqlite3.connect(f"file:{STATE}/members.db?mode=ro", uri=True) as store:
            members = store.execute("SELECT * FROM member ORDER BY name").fetchall()
        with open(INDEX, "rb") as file:
            index = file.read()
        return members, index, [record for record in audit() if "allow" in record.values()]

    def explain(self):
        return self.desk.complaints()[-1500:]


def main(module, machine):
    return e2e.run(e2e.tests_of(module), machine, explain=machine.explain)
