# SPDX-License-Identifier: BSD-2-Clause
"""Listener, children and keeper together, asked by a module that we play."""
import os
import signal
import socket
import struct
import subprocess
import sys

import room
from proc import descriptors, ends_within, has_ended
from room import ACCOUNT, ALLOW, CLOSE_SESSION, DENY, IGNORE, UNAVAILABLE, UNKNOWN_USER

SILENT = {"corp": {"issuer": "https://127.0.0.1:4443/"}}  # accepts, and says nothing


def _silent_resolver():
    resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    resolver.bind(("127.0.0.1", 53))
    return resolver


def _pending(machine, **fields):
    """A sign-in that waits for its IdP: (module, pid of its child)."""
    before = machine.children()
    module = machine.module().hello()
    pid = machine.new_child(before)
    module.login(**fields)
    return module, pid


def _ask(machine, uid=0, **fields):
    module = machine.module(uid).hello().login(**fields)
    try:
        return module.until_verdict()
    finally:
        module.close()


def hello_comes_before_login(machine):
    module = machine.module().hello()
    module.close()


def an_unknown_user_has_no_account(machine):
    answer = _ask(machine, phase=ACCOUNT, user="nobody.here")
    assert answer == (UNKNOWN_USER, "", "not_a_member", room.KEEPER_UID)


def the_end_of_a_session_is_answered_at_once(machine):
    assert _ask(machine, phase=CLOSE_SESSION, user="alice") == (ALLOW, "alice", "ok", room.KEEPER_UID)


def a_service_that_nothing_serves_is_ignored(machine):
    machine.configure(corp={"services": "sudo"})
    assert _ask(machine) == (IGNORE, "", "no_connection", room.KEEPER_UID)


def while_a_connection_is_broken_nobody_is_ignored(machine):
    machine.configure(corp={"services": "sudo"}, bad={"more": "isuer = x"})
    assert _ask(machine)[:3] == (UNAVAILABLE, "", "connection_broken")
    assert _ask(machine, connection="bad")[:3] == (UNAVAILABLE, "", "connection_broken")


def an_unknown_connection_is_unavailable(machine):
    machine.configure(corp={})
    assert _ask(machine, connection="none")[:3] == (UNAVAILABLE, "", "connection_unknown")


def a_broken_configuration_is_unavailable_in_every_phase(machine):
    machine.configure("nonsense\n", corp={})
    for phase in (room.AUTH, ACCOUNT, room.OPEN_SESSION):
        assert _ask(machine, phase=phase)[:3] == (UNAVAILABLE, "", "config_broken"), phase


def a_connection_switched_off_counts_at_once(machine):
    machine.configure(**SILENT)
    module, _ = _pending(machine)
    module.close()
    machine.configure(corp={"more": "enabled = no"})
    assert _ask(machine)[:3] == (IGNORE, "", "no_connection")


def a_peer_that_is_not_root_is_denied(machine):
    machine.configure(corp={})
    assert _ask(machine, uid=room.OTHER_UID, user="lena")[:3] == (DENY, "", "peer_not_allowed")


def _offered(machine, user, **connections):
    """The first prompt of a sign-in where passwords are allowed: (module, its text)."""
    machine.configure(**connections)
    module = machine.module().hello().login(user=user, flags=room.PASSWORDS_ALLOWED)
    packet, _ = module.receive()
    reader = room.Reader(packet)
    assert reader.number("B") == room.OFFER, packet
    return module, reader.string()


def everybody_is_offered_the_same_before_anything_goes_to_the_network(machine):
    texts = set()
    _forget_connections(machine)
    for user in ("nobody.here", "root", "", "lena"):
        module, text = _offered(machine, user, **SILENT)
        texts.add(text)
        assert not _accepts(machine.server)
        module.close()
    assert texts == {'Password, or Enter alone for "Sign in with Corporate Account": '}


def _forget_connections(machine):
    """Of earlier tests: a child that has not ended may still be on its way to the provider."""
    machine.wait_for(lambda: not machine.children())
    machine.server.setblocking(False)
    while _accepts(machine.server):
        pass


def _accepts(server):
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def a_typed_password_is_passed_on(machine):
    module, _ = _offered(machine, "lena", **SILENT)
    module.sock.send(struct.pack(">BBH", room.ANSWER, room.ANSWER_TYPED, 0))
    assert module.until_verdict() == (IGNORE, "", "password_typed", room.KEEPER_UID)


def enter_alone_goes_on_to_the_provider(machine):
    _forget_connections(machine)
    module, _ = _offered(machine, "lena", **SILENT)
    module.sock.send(struct.pack(">BBH", room.ANSWER, room.ANSWER_EMPTY, 0))
    machine.wait_for(lambda: _accepts(machine.server))
    module.close()


def several_connections_are_offered_and_then_listed(machine):
    module, text = _offered(machine, "", **SILENT, partner={"more": "display_name = Partner"})
    assert text == "Password, or Enter alone to sign in another way: "
    module.sock.send(struct.pack(">BBH", room.ANSWER, room.ANSWER_EMPTY, 0))
    reader = room.Reader(module.receive()[0])
    assert (reader.number("B"), reader.number("B")) == (room.ASK, 1)
    assert "  1  Sign in with Corporate Account\n  2  Partner\n" in reader.string()
    module.close()


def a_login_that_does_not_parse_ends_without_allow(machine):
    good = room.login()
    for packet in (b"x", b"\0" * 100, good[:-1], good + b"\0", bytes([room.ANSWER]) + good[1:], b"\xff" * 16384):
        module = machine.module().hello()
        module.sock.send(packet)
        answer = module.until_verdict()
        assert answer is None or answer[0] in (DENY, UNAVAILABLE), (packet[:20], answer)
    module = machine.module().hello()
    module.sock.send(struct.pack(">BH", room.LOGIN, 2) + good[3:])
    answer = module.until_verdict()
    assert answer is None or answer[:3] == (UNAVAILABLE, "", "version"), answer


def a_packet_that_is_too_large_ends_the_sign_in(machine):
    module = machine.module().hello()
    module.sock.send(room.login() + b"\0" * 16384)
    assert module.until_verdict() is None


def a_module_that_closes_early_leaves_no_child(machine):
    for say in (lambda module: None, lambda module: module.hello(), lambda module: module.hello().login()):
        module = machine.module()
        say(module)
        module.close()
    machine.wait_for(lambda: not machine.children())


def a_child_is_its_user_and_shut_in(machine):
    machine.configure(**SILENT)
    module, pid = _pending(machine)
    machine.wait_for(lambda: room.status_of(pid).get("Seccomp") == "2")
    for process in (pid, machine.helper.pid):
        status = room.status_of(process)
        assert status["Uid"].split() == [str(room.HELPER_UID)] * 4
        assert status["Gid"].split() == [str(room.HELPER_UID)] * 4
        assert status["Groups"].strip() == "" and status["NoNewPrivs"] == "1"
        assert all(int(status[name], 16) == 0 for name in ("CapEff", "CapPrm", "CapInh", "CapAmb"))
    assert room.status_of(pid)["Name"] == "frontdesk-child"
    module.close()


def a_child_holds_its_own_sockets_only(machine):
    first, _ = _pending(machine)
    module, pid = _pending(machine)
    machine.wait_for(lambda: room.status_of(pid).get("Seccomp") == "2")

    def held(process):
        return {what for number, what in descriptors(process).items() if number > 2}

    # The listener closes its ends of a sign-in just after the fork.
    machine.wait_for(lambda: not held(pid) & held(machine.helper.pid))
    machine.wait_for(lambda: len([what for what in held(pid) if what.startswith("socket:")]) >= 2)
    with open("/proc/net/unix", encoding="ascii") as file:
        listening = {f"socket:[{line.split()[6]}]" for line in file if ".sock" in line and
                     line.split()[3] == "00010000"}
    assert listening and not held(pid) & listening
    first.close()
    module.close()


def a_child_ends_when_its_module_goes(machine):
    machine.configure(**SILENT)
    module, pid = _pending(machine)
    module.close()
    assert ends_within(pid, 2)


def a_child_ends_also_while_the_resolver_is_silent(machine):
    resolver = _silent_resolver()
    machine.configure(corp={"issuer": "https://silent.example/"})
    module, pid = _pending(machine)
    resolver.settimeout(room.PATIENCE)
    assert b"silent" in resolver.recv(512)
    module.close()
    assert ends_within(pid, 2)
    resolver.close()


def children_end_with_their_listener(machine):
    machine.configure(**SILENT)
    module, pid = _pending(machine)
    machine.helper.kill()
    machine.helper.wait()
    machine.processes.remove(machine.helper)
    assert module.until_verdict() is None
    machine.wait_for(lambda: has_ended(pid))
    machine.helper = machine.start("frontdesk-helper")
    machine.wait_for(lambda: _reachable(machine))


def _reachable(machine):
    try:
        machine.module().hello().close()
    except (ConnectionError, FileNotFoundError):
        return False
    return True


def a_user_cannot_take_the_places_of_root(machine):
    with room.places_held(machine, [room.OTHER_UID] * 20):
        assert machine.module(room.OTHER_UID).receive()[0] == b""
        assert _ask(machine, phase=CLOSE_SESSION)[0] == ALLOW


def all_users_together_have_few_places(machine):
    with room.places_held(machine, [room.OTHER_UID + number // 20 for number in range(100)]):
        assert machine.module(room.OTHER_UID + 9).receive()[0] == b""
        assert _ask(machine, phase=CLOSE_SESSION)[0] == ALLOW


def a_stopped_keeper_stops_no_hello(machine):
    machine.keeper.send_signal(signal.SIGSTOP)
    left, _ = _pending(machine)
    left.close()
    waiting = machine.module().hello().login(phase=CLOSE_SESSION)
    machine.keeper.send_signal(signal.SIGCONT)
    assert waiting.until_verdict()[0] == ALLOW
    machine.wait_for(lambda: not machine.children())


def without_a_keeper_the_module_sees_a_close(machine):
    assert machine.stop(machine.keeper) == 0
    for _ in range(2):
        assert machine.module().receive()[0] == b""
    assert machine.logged().count("the keeper cannot be reached") == 1
    machine.keeper = machine.start("frontdesk-keeper")
    machine.wait_for(lambda: machine.module().receive()[0] != b"")


def a_keeper_that_dies_ends_its_sign_ins(machine):
    machine.configure(**SILENT)
    module, _ = _pending(machine)
    machine.keeper.kill()
    machine.keeper.wait()
    machine.processes.remove(machine.keeper)
    module.close()
    machine.wait_for(lambda: not machine.children())
    machine.keeper = machine.start("frontdesk-keeper")
    machine.wait_for(lambda: machine.module().receive()[0] != b"")


def three_deaths_by_signal_renew_the_listener(machine):
    machine.configure(**SILENT)
    survivor, _ = _pending(machine)
    for number in range(3):
        assert ("starting anew" in machine.logged()) is False, number
        module, pid = _pending(machine)
        os.kill(pid, signal.SIGSEGV)
        assert module.until_verdict() is None
        machine.wait_for(lambda n=number: machine.logged().count("died by signal") >= n + 1)
    machine.wait_for(lambda: "starting anew" in machine.logged())
    assert _ask(machine, phase=CLOSE_SESSION)[0] == ALLOW
    with open(f"/proc/{machine.helper.pid}/environ", encoding="ascii") as file:
        assert "LISTEN_FDS=1" in file.read()
    assert machine.helper.poll() is None and room.status_of(machine.helper.pid)["Seccomp"] == "2"
    assert room.status_of(machine.helper.pid).get("Seccomp_filters", "1") == "1", "one more by each start"
    survivor.close()
    machine.wait_for(lambda: not machine.children())


def both_end_when_asked_to(machine):
    assert machine.stop(machine.helper) == 0
    assert machine.stop(machine.keeper) == 0
    machine.stop_all()


def both_take_their_socket_from_systemd(machine):
    machine.stop_all()
    for program, uid, name in (("frontdesk-keeper", room.KEEPER_UID, "keeper"),
                               ("frontdesk-helper", room.HELPER_UID, "helper")):
        path = f"{machine.run}/{name}.sock"
        activate = ["systemd-socket-activate", "--seqpacket", "-l", path]
        become = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
        setattr(machine, name, machine.start(program, *activate, *become, arguments=()))
        machine.wait_for(lambda p=path: room.listens(p))
        os.chmod(path, 0o666)
    assert _ask(machine, phase=CLOSE_SESSION) == (ALLOW, "alice", "ok", room.KEEPER_UID)
    machine.stop_all()


def both_drop_from_root_with_a_passed_socket(machine):
    machine.keeper = machine.start("frontdesk-keeper", "systemd-socket-activate", "--seqpacket", "-l",
                                   machine.run + "/keeper.sock", arguments=())
    machine.wait_for(lambda: room.listens(machine.run + "/keeper.sock"))
    os.chmod(machine.run + "/keeper.sock", 0o666)
    machine.helper = machine.start("frontdesk-helper")
    machine.wait_for(lambda: room.listens(machine.run + "/helper.sock"))
    assert _ask(machine, phase=CLOSE_SESSION) == (ALLOW, "alice", "ok", room.KEEPER_UID)
    assert room.status_of(machine.keeper.pid)["Uid"].split() == [str(room.KEEPER_UID)] * 4
    machine.stop_all()


def nobody_else_may_run_them(machine):
    for program, user in (("frontdesk-keeper", "frontdesk"), ("frontdesk-helper", "frontdesk-net")):
        path = f"{machine.run}/other.{user}"
        process = machine.start(program, "systemd-socket-activate", "--seqpacket", "-l", path, "setpriv",
                                f"--reuid={room.OTHER_UID}", f"--regid={room.OTHER_UID}", "--clear-groups",
                                arguments=())
        machine.wait_for(lambda p=path: room.listens(p))
        room.seqpacket().connect(path)
        assert process.wait(room.PATIENCE) == 1
        machine.processes.remove(process)
        assert f"cannot become the user {user} for good" in machine.logged()


def a_wrong_option_is_told(machine):
    for program in ("frontdesk-keeper", "frontdesk-helper"):
        for option in ("--no-such-option", "--log=nowhere", "--config-dir=relative", "more"):
            run = subprocess.run([f"{machine.folder}/{program}", option], capture_output=True, check=False)
            assert run.returncode == 2 and b"Usage" in run.stderr, option


def without_the_users_one_sentence_is_told(machine):
    machine.shadow("/etc/passwd", "root:x:0:0::/root:/bin/sh\n")
    for program in ("frontdesk-keeper", "frontdesk-helper"):
        run = subprocess.run([f"{machine.folder}/{program}", "--listen", "--log=stderr"], capture_output=True,
                             check=False)
        assert run.returncode == 1 and b"systemd-sysusers" in run.stderr, run.stderr
    subprocess.run(["umount", "/etc/passwd"], check=True)


def _start(machine):
    machine.shadow("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:5 attempts:5\n")
    machine.shadow("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
    machine.server = socket.create_server(("127.0.0.1", 4443), backlog=512)
    machine.start_both()


if __name__ == "__main__":
    sys.exit(room.main(sys.modules["__main__"], _start))
