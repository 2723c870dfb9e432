# SPDX-License-Identifier: BSD-2-Clause
"""frontdesk-hooks as a service: whom it becomes, what its unit leaves it, and the keeper's socket as systemd passes
it."""
import contextlib
import os
import re
import socket
import subprocess
import sys

import place as stage
from place import HOOKS_UID, room
import units
from proc import status_of

UNIT = "packaging/systemd/frontdesk-hooks.service"
HAS = ("NoNewPrivileges=yes", "CapabilityBoundingSet=", "AmbientCapabilities=", "ProtectSystem=strict", "ProtectHome=yes",
       "PrivateTmp=yes", "PrivateDevices=yes", "ProtectProc=invisible", "RestrictNamespaces=yes", "RestrictSUIDSGID=yes",
       "SystemCallArchitectures=native", "LimitCORE=0", "MemorySwapMax=0", "UMask=0077", "User=frontdesk-hooks",
       "KillMode=control-group")


def _lines(path):
    with open(path, encoding="utf-8") as file:
        return [line.strip() for line in file]


def root_becomes_the_hooks_user_for_good(place):
    place.check_in("ada")
    place.wait_for(place.told)
    status = status_of(place.hooks.pid)
    assert status["Uid"].split() == [str(HOOKS_UID)] * 4 and status["Gid"].split() == [str(HOOKS_UID)] * 4
    assert int(status["CapPrm"], 16) == 0 and status["NoNewPrivs"] == "1" and not status["Groups"].strip()


def a_wrong_command_line_is_refused(place):
    for program in ("hooks", "webhook", "nexudus"):
        for arguments, status in ((["--help"], 0), (["--version"], 0), (["--nonsense"], None), (["more"], None)):
            done = subprocess.run([f"{place.folder}/frontdesk-{program}", *arguments], stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, env=stage.ENVIRONMENT, check=False)
            assert done.returncode == 0 if status == 0 else done.returncode in (2, 64), (program, arguments)
            assert "frontdesk-" + program in (done.stderr if status is None else done.stdout)


def the_unit_takes_away_what_no_program_needs(_):
    lines = _lines(UNIT)
    assert not [line for line in HAS if line not in lines]
    assert not [line for line in lines if line.startswith("ReadWritePaths")]
    assert re.search(r"^u frontdesk-hooks ", "\n".join(_lines("packaging/sysusers.d/frontdesk.conf")), re.MULTILINE)


def the_unit_allows_what_the_ready_made_programs_need(_):
    needed = {"fork", "clone", "clone3", "execve", "setsid", "kill", "wait4", "waitid", "signalfd4", "pipe2"}
    assert not needed & units._members("@known") - units._allowed("frontdesk-hooks")
    assert not units._missing("frontdesk-hooks", "child"), units._missing("frontdesk-hooks", "child")


def the_keepers_unit_has_both_sockets(_):
    keeper, hooks = _lines("packaging/systemd/frontdesk-keeper.service"), _lines(
        "packaging/systemd/frontdesk-keeper-hooks.socket")
    assert "Sockets=frontdesk-keeper.socket frontdesk-keeper-hooks.socket" in keeper
    assert {"Service=frontdesk-keeper.service", "FileDescriptorName=hooks", "SocketMode=0660", "SocketUser=frontdesk",
            "SocketGroup=frontdesk-hooks", "ListenSequentialPacket=/run/frontdesk/hooks.sock"} <= set(hooks)


def _listen(place, name):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(f"{place.run}/{name}.sock")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(f"{place.run}/{name}.sock")
    os.chmod(f"{place.run}/{name}.sock", 0o666)
    listener.listen(16)
    return listener


def _pass(listeners, names):
    for number, listener in enumerate(listeners):
        os.dup2(listener.fileno(), 60 + number)
    for number in range(len(listeners)):
        os.dup2(60 + number, 3 + number)
    os.putenv("ASAN_OPTIONS", stage.ENVIRONMENT["ASAN_OPTIONS"])
    os.putenv("LISTEN_PID", str(os.getpid()))
    os.putenv("LISTEN_FDS", str(len(listeners)))
    os.putenv("LISTEN_FDNAMES", ":".join(names))
    os.setgroups([])
    os.setresgid(*[room.KEEPER_UID] * 3)
    os.setresuid(*[room.KEEPER_UID] * 3)


def the_keeper_takes_both_sockets_from_systemd_whichever_comes_first(place):
    for names in (("frontdesk-keeper.socket", "hooks"), ("hooks", "frontdesk-keeper.socket")):
        place.forget()
        place.stop(place.keeper)
        listeners = [_listen(place, "hooks" if name == "hooks" else "keeper") for name in names]
        with open(place.log, "a", encoding="utf-8") as log:
            place.keeper = subprocess.Popen(
                [f"{place.folder}/frontdesk-keeper", "--log=stderr", f"--config-dir={place.config}",
                 f"--state-dir={place.state}", f"--runtime-dir={place.run}", f"--vendor-dir={place.folder}/vendor",
                 f"--audit-file={place.audit}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, close_fds=False,
                preexec_fn=lambda l=listeners, n=names: _pass(l, n))
        place.processes.append(place.keeper)
        for listener in listeners:
            listener.close()
        child = room.Child(place)
        assert child.admit(user="")[0] == room.ADMITTED, place.logged()[-500:]
        child.close()
        place.check_in("ada")
        place.wait_for(lambda: not place.waiting())
        assert len(place.told()) == 1


def a_machine_without_that_user_has_a_keeper_all_the_same(place):
    place.forget()
    place.stop(place.hooks)
    place.stop(place.keeper)
    with open("/etc/passwd", encoding="utf-8") as file:
        whole = file.read()
    with open("/etc/passwd", "w", encoding="utf-8") as file:
        file.write("".join(line for line in whole.splitlines(True) if not line.startswith("frontdesk-hooks:")))
    try:
        os.unlink(f"{place.run}/hooks.sock")
        place.keeper = place.start("frontdesk-keeper")
        place.wait_for(lambda: room.listens(f"{place.run}/keeper.sock"))
        child = room.Child(place)
        assert child.admit(user="")[0] == room.ADMITTED
        child.close()
        assert not os.path.exists(f"{place.run}/hooks.sock") and "no user frontdesk-hooks" in place.logged()
        place.start_hooks()
        assert place.hooks.wait(room.PATIENCE) == 1
        place.processes.remove(place.hooks)
    finally:
        with open("/etc/passwd", "w", encoding="utf-8") as file:
            file.write(whole)


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules["__main__"], stage.begin))
