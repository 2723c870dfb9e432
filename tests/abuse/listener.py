# SPDX-License-Identifier: BSD-2-Clause
"""The listener and its children under abuse: who hangs, who says nothing, who says what nobody asked for."""
import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "daemons"))
import room  # noqa: E402
from proc import has_ended  # noqa: E402
from room import ALLOW, CLOSE_SESSION, IGNORE, UNAVAILABLE  # noqa: E402
from undue import UNDUE  # noqa: E402

SILENT = {"corp": {"issuer": "https://127.0.0.1:4443/"}}  # accepts, and says nothing
CONNECTIONS = 10000
FLOOD = """
import os, socket, sys
held = []
for number in range(int(sys.argv[2])):
    module = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    module.setblocking(False)
    try:
        module.connect(sys.argv[1])
    except OSError:
        continue
    held.append(module)
    if len(held) > 500:
        held.pop(0).close()
    if number == 1000:
        print("flooding", flush=True)
print("done", flush=True)
sys.stdin.read()
"""


def _pending(machine, **fields):
    before = machine.children()
    module = machine.module().hello()
    pid = machine.new_child(before)
    module.login(**fields)
    return module, pid


def _ends(machine):
    """The end of a session: what needs no IdP and must always go."""
    module = machine.module().hello().login(phase=CLOSE_SESSION)
    try:
        return module.until_verdict()
    finally:
        module.close()


@contextlib.contextmanager
def _flood(machine, count):
    process = subprocess.Popen(["setpriv", f"--reuid={room.OTHER_UID}", f"--regid={room.OTHER_UID}", "--clear-groups",
                                "/usr/bin/python3", "-c", FLOOD, machine.run + "/helper.sock", str(count)],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait()


def whoever_connects_and_says_nothing_is_let_go(machine):
    module = machine.module().hello()
    assert module.receive()[0] == b""
    machine.wait_for(lambda: not machine.children())


def a_kiosk_has_places_that_all_users_together_cannot_take(machine):
    kiosk, nobody = room.OTHER_UID, room.OTHER_UID + 9
    machine.configure("[kiosk]\nuser = lena\n", corp={})
    crowd = [kiosk + 1 + number // 20 for number in range(100)]
    with room.places_held(machine, crowd + [kiosk] * 20):
        assert machine.module(kiosk).receive()[0] == b"", "they are few"
        assert machine.module(nobody).receive()[0] == b"", "and nobody else's"
        assert _ends(machine)[0] == ALLOW


def ten_thousand_connections_of_a_user_hold_up_nobody(machine):
    before = len(machine.logged().splitlines())
    with _flood(machine, CONNECTIONS) as process:
        assert process.stdout.readline() == "flooding\n"
        for _ in range(20):
            assert _ends(machine)[0] == ALLOW
        assert process.stdout.readline() == "done\n"
        assert len(machine.children()) <= 40  # of those of root some may not have ended yet
        assert _ends(machine)[0] == ALLOW
    machine.wait_for(lambda: not machine.children())
    lines = machine.logged().splitlines()[before:]
    assert 1 <= sum("no place for another sign-in" in line for line in lines) <= 20, lines[-20:]


def what_nobody_asked_for_ends_a_sign_in_at_once(machine):
    machine.configure(**SILENT)
    for what, packet in UNDUE.items():
        module, pid = _pending(machine)
        connection = machine.server.accept()[0]  # the child is at the provider, which would be silent for seconds
        module.sock.send(packet)
        verdict = module.until_verdict()
        assert verdict and (verdict[0], verdict[2]) == (UNAVAILABLE, "protocol"), (what, verdict)
        machine.wait_for(lambda p=pid: has_ended(p))
        connection.close()
        module.close()


def a_user_begins_few_sign_ins_in_a_minute(machine):
    """However slow the machine: meanwhile two more in a second may begin."""
    started, begun, refused = time.monotonic(), 0, 0
    while refused < 20 and begun < 600:
        modules = [machine.module(room.OTHER_UID + 77) for _ in range(10)]  # there would be places for more
        answers = [module.receive()[0] for module in modules]
        begun, refused = begun + len([answer for answer in answers if answer]), refused + answers.count(b"")
        for module in modules:
            module.close()
        machine.wait_for(lambda: not machine.children())
    assert refused >= 20 and begun <= 61 + 2 * (time.monotonic() - started), (refused, begun)
    assert _ends(machine)[0] == ALLOW


def silent_connections_to_the_keeper_hold_up_nobody_and_are_let_go(machine):
    silent = []
    for _ in range(200):
        child = room.seqpacket()
        room.as_user(room.HELPER_UID, lambda c=child: c.connect(machine.run + "/keeper.sock"))
        silent.append(child)
    for _ in range(10):
        assert _ends(machine)[0] == ALLOW
    for child in silent:
        assert room.packet_of(child)[0] == b""
        child.close()


def children_that_hang_are_killed_when_their_host_has_gone(machine):
    machine.configure(**SILENT)
    machine.wait_for(lambda: not machine.children())
    hung = []
    for _ in range(3):
        module, pid = _pending(machine)
        os.kill(pid, signal.SIGSTOP)
        hung.append(pid)
        module.close()
    machine.wait_for(lambda: all(has_ended(pid) for pid in hung), 120)
    machine.wait_for(lambda: not machine.children())
    assert machine.logged().count("did not end in time") == 3
    assert "starting anew" not in machine.logged(), "who was killed did not crash"
    assert _ends(machine)[0] == ALLOW


def those_who_live_on_keep_their_places_when_the_listener_starts_anew(machine):
    machine.configure(**SILENT)
    machine.wait_for(lambda: not machine.children())
    offered = machine.module().hello().login(flags=room.PASSWORDS_ALLOWED)
    assert offered.receive()[0][0] == room.OFFER
    held, pids = [], set(machine.children())
    for _ in range(20):
        held.append(machine.module(room.OTHER_UID + 1).hello())
        pid = machine.new_child(pids)
        os.kill(pid, signal.SIGSTOP)
        pids.add(pid)
    for _ in range(3):
        module, pid = _pending(machine)
        os.kill(pid, signal.SIGSEGV)
        assert module.until_verdict() is None
        module.close()
    machine.wait_for(lambda: "starting anew" in machine.logged())
    assert _ends(machine)[0] == ALLOW
    assert machine.module(room.OTHER_UID + 1).receive()[0] == b"", "all of this user's places are taken"
    offered.sock.send(struct.pack(">BBH", room.ANSWER, room.ANSWER_TYPED, 0))
    assert offered.until_verdict()[:3] == (IGNORE, "", "password_typed"), "the others go on"
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    for module in held:
        module.close()
    machine.wait_for(lambda: not machine.children())
    again = machine.module(room.OTHER_UID + 1).hello()
    again.close()


def _start(machine):
    machine.shadow("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
    machine.server = socket.create_server(("127.0.0.1", 4443), backlog=512)
    machine.start_both()


if __name__ == "__main__":
    sys.exit(room.main(sys.modules["__main__"], _start))
