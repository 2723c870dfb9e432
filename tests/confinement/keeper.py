# SPDX-License-Identifier: BSD-2-Clause
"""A keeper that was taken over writes any index and says any verdict, to the real NSS module and the real PAM module:
it may let in members, and nobody and nothing else."""
import os
import socket
import stat
import struct
import subprocess
import sys

import takeover
from forged_index import Person, index_of
from takeover import INDEX, STATE, words, write

ROOTS_NAMES = ("root", "toor", "0", "+0", "-1", " 0", "0x0", "Root", "root ", "ROOT", "")
IDS_OF_NOBODY = (0, 1, 999, 1000, 1500, 65533, 65534, 65535, 100000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
                 65536 * 65536, -1, -2)
LOCAL = ("root", "lena", "nobody", "daemon", "frontdesk", "frontdesk-net", "bin")
REFUSED = ("AUTH_ERR",)


class Keeper:
    """The puppet in the keeper's place, and the hosts whose sockets it was given."""

    def __init__(self, machine):
        self.machine = machine
        gate = socket.socket(socket.AF_UNIX)
        gate.bind(STATE + "/strings")
        os.chmod(STATE + "/strings", 0o666)
        gate.listen()
        machine.desk.start_keeper()
        self.puppet = takeover.Puppet(gate.accept()[0])
        self.listening = self.puppet.facts[0]

    def module(self):
        """The next sign-in's: (socket of its child, of its module)."""
        puppet = self.puppet
        child = puppet.call("accept4", self.listening, 0, 0, 0)
        part = puppet.put(struct.pack("QQ", puppet.put(b"\0" * 16), 16))
        control = puppet.put(b"\0" * 32)
        header = struct.pack("QIIQQQQi", 0, 0, 0, part, 1, control, 32, 0)
        assert puppet.call("recvmsg", child, header, 0) == 9, "no hand-over"
        module = struct.unpack("Qiii", puppet.look(control, 20))[3]
        assert puppet.receive(child)[:1] == bytes([words.ADMIT]), "HELLO has gone before it"
        return child, module

    def says(self, *packets, service="front", user="", phases=("auth",)):
        """The codes of a host that is told all this, and its environment."""
        host = self.machine.host(service, user, *phases)
        child, module = self.module()
        for packet in packets:
            self.puppet.send(module, packet)
        sign_in = takeover.SignIn(host, self.puppet, b"")
        codes = sign_in.outcome(let_go=False)
        for fd in (child, module):
            self.puppet.call("close", fd)
        return codes, sign_in

    def allows(self, user, asked="", **more):
        return self.says(takeover.verdict(words.ALLOW, user), user=asked, **more)[0]


def _publish(data, mode=0o644):
    _clear()
    with open(INDEX, "wb") as file:
        file.write(data)
    os.chmod(INDEX, mode)
    os.chown(INDEX, 980, 980)


def _clear():
    if os.path.isdir(INDEX) and not os.path.islink(INDEX):
        os.rmdir(INDEX)
    elif os.path.lexists(INDEX):
        os.unlink(INDEX)


def _getent(*arguments):
    return subprocess.run(["getent", *arguments], capture_output=True, check=False, timeout=takeover.PATIENCE).stdout


def _groups(user):
    return set(subprocess.run(["id", "-G", user], capture_output=True, text=True, check=False).stdout.split())


def it_lets_in_a_member(machine):
    _publish(index_of(Person()))
    assert machine.keeper.allows("alice") == ["SUCCESS"]
    assert machine.keeper.allows("alice", "alice") == ["SUCCESS"]


def nobody_gets_an_id_outside_the_range(machine):
    for number in IDS_OF_NOBODY:
        _publish(index_of(Person("mallory", number)))
        assert _getent("passwd", "mallory") == _getent("group", "mallory") == b"", number
        assert b"mallory" not in _getent("passwd", str(number & 0xffffffff)), number
        assert machine.keeper.allows("mallory")[0] in REFUSED, number


def no_spelling_makes_root(machine):
    for name in ROOTS_NAMES:
        for number in (0, 70000):
            _publish(index_of(Person(name, number, home="/home/x")))
            assert _getent("-s", "frontdesk", "passwd", name or "root") == b"", name
            assert machine.keeper.allows(name)[0] in REFUSED, name
    assert _getent("passwd", "root").startswith(b"root:x:0:0:")
    assert machine.keeper.allows("root", "alice")[0] in REFUSED


def an_unlisted_local_account_stays_shut(machine):
    for name in LOCAL:
        before = _getent("passwd", name)
        _publish(index_of(Person(name, 70001), Person()))
        assert _getent("passwd", name) == before, name
        assert machine.keeper.allows(name)[0] in REFUSED, name
        assert machine.keeper.allows(name, "alice")[0] in REFUSED, name
    number = int(_getent("passwd", "lena").split(b":")[2])
    _publish(index_of(Person("elena", number)))
    assert _getent("passwd", str(number)).startswith(b"lena:")
    assert machine.keeper.allows("elena")[0] in REFUSED
    assert machine.keeper.allows("lena", service="listed") == ["SUCCESS"], "root has listed it there"
    assert machine.keeper.allows("root", service="listed")[0] in REFUSED, "whatever is listed"


def only_listed_groups_are_given(machine):
    for groups in ("sudo", "root,adm,shadow,disk", "desk,sudo,wheel", "desk,low", "sudo!", "desk,sudo\n", "0",
                   "desk,,sudo", ",".join(["desk"] * 40), "alice", "bob"):
        _publish(index_of(Person(groups=groups), Person("bob", 70001)))
        assert _groups("alice") <= {"70000", "4242"}, (groups, _groups("alice"))
        assert machine.keeper.allows("alice") == ["SUCCESS"]
        for name in ("sudo", "desk", "root", "bob"):
            assert b"alice" not in _getent("group", name), (groups, name)
    _publish(index_of(Person(groups="desk,low")))
    assert _groups("alice") == {"70000", "4242"}, "the system group has no mark"


def no_text_makes_a_line_of_its_own(machine):
    hostile = ("x:y", "x\neve:x:0:0::/:/bin/sh", "x\r", "x\0y", "\x1b[2J", "/home/alice:/bin/sh",
               "/home/alice/../../etc", "/root", "/etc",
               "/home/alice\n", "bin/sh", "/bin/sh -c", "", "/home/bob", "/home/lena", "x,y=z")
    for kind in ("full_name", "home", "shell"):
        for text in hostile:
            _publish(index_of(Person(**{kind: text}), Person("bob", 70001)))
            line = _getent("passwd", "alice")
            if line:
                fields = line.decode().rstrip("\n").split(":")
                assert line.count(b"\n") == 1 and len(fields) == 7, (kind, text, line)
                assert fields[:4] == ["alice", "*", "70000", "70000"], (kind, text, line)
                assert fields[5].endswith("/alice") and not fields[5].startswith(("/etc", "/root")), (kind, text, line)
                assert fields[6].startswith("/") and " " not in fields[6], (kind, text, line)
            assert b"eve" not in line


def _sparse(_):
    _publish(index_of(Person()))
    os.truncate(INDEX, 10 << 30)


def _linked(data):
    _publish(data)
    os.rename(INDEX, STATE + "/elsewhere")
    os.symlink(STATE + "/elsewhere", INDEX)


def _hard_linked(data):
    _publish(data)
    os.link(INDEX, STATE + "/second")


def what_is_no_plain_index_gives_nobody_and_holds_nobody_up(machine):
    whole = index_of(Person())
    shapes = {"a link": _linked, "a second name": _hard_linked, "10 GiB of nothing": _sparse,
              "a FIFO": lambda _: os.mkfifo(INDEX, 0o644), "a folder": lambda _: os.mkdir(INDEX),
              "a device": lambda _: os.mknod(INDEX, 0o644 | stat.S_IFCHR, os.makedev(1, 5)),
              "nothing": lambda _: None, "an empty file": lambda _: _publish(b""),
              "a file that its group may write": lambda data: _publish(data, 0o664),
              **{f"its first {n} bytes": lambda data, n=n: _publish(data[:n])
                 for n in (1, 55, 56, 100, len(whole) - 1)}}
    for what, make in shapes.items():
        _clear()
        make(whole)
        assert _getent("passwd", "alice") == _getent("passwd", "70000") == b"", what
        assert _getent("passwd", "lena") != b"" and machine.keeper.allows("alice")[0] in REFUSED, what
        for name in ("elsewhere", "second"):
            if os.path.lexists(f"{STATE}/{name}"):
                os.unlink(f"{STATE}/{name}")


def only_our_own_labels_are_set(machine):
    _publish(index_of(Person()))
    good = (takeover.set_("FRONTDESK_ROLE", "staff"), takeover.verdict(words.ALLOW, "alice"))
    codes, sign_in = machine.keeper.says(*good)
    assert codes == ["SUCCESS"] and "FRONTDESK_ROLE=staff" in sign_in.environment()
    for name, value in (("LD_PRELOAD", "/tmp/x.so"), ("PATH", "/tmp"), ("FRONTDESK", "x"), ("FRONTDESK_", "x"),
                        ("FRONTDESK_a", "x"), ("FRONTDESK_A=B", "x"), ("XFRONTDESK_A", "x"), ("", "x"),
                        ("FRONTDESK_A", "x\ny"), ("FRONTDESK_A", "x\0y"), ("FRONTDESK_A", "\x1b[2J")):
        codes, sign_in = machine.keeper.says(takeover.set_(name, value), good[1])
        assert codes == ["AUTHINFO_UNAVAIL"] and sign_in.environment() == [], (name, value, codes)


def local_users_never_ask_it(machine):
    _publish(index_of(Person()))
    for phases, user in ((("account",), "lena"), (("session",), "lena"), (("auth",), "root"), (("account",), "root")):
        sign_in = takeover.SignIn(machine.host("front", user, *phases), machine.keeper.puppet, b"")
        assert "SUCCESS" not in sign_in.outcome(let_go=False)[:1], (phases, user)
    assert machine.keeper.allows("alice") == ["SUCCESS"], "the next who asks is the next that it sees"


def _prepare():
    machine = takeover.Machine("frontdesk-keeper")
    write("/etc/frontdesk/local-groups", "desk\nlow\n")
    with open("/etc/group", "a", encoding="utf-8") as file:
        file.write("desk:x:4242:\nlow:x:321:\n")
    write("/etc/pam.d/listed", "auth required pam_frontdesk.so local_users=lena,root timeout=60\n")
    os.makedirs(os.path.dirname(INDEX), exist_ok=True)
    machine.keeper = Keeper(machine)
    machine.desk.start_helper()
    return machine


if __name__ == "__main__":
    sys.exit(takeover.main(sys.modules["__main__"], _prepare()))
