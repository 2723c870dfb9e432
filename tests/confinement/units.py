# SPDX-License-Identifier: BSD-2-Clause
"""Both daemons started as their units start them, with the user, the socket and the filter of calls that the unit
names: what a unit takes away, they must be able to live without."""
import ctypes
import os
import re
import shutil
import socket
import subprocess
import sys

import stage
from stage import room
from puppet import number_of

sys.path.insert(0, os.path.join(stage.HERE, "../daemons"))
import units  # noqa: E402

EPERM_ELSE = 0x00050001  # SCMP_ACT_ERRNO(EPERM)
ALLOW = 0x7fff0000
UNITS = {"keeper": room.KEEPER_UID, "helper": room.HELPER_UID}
EXPOSURE_MOST = 18  # of systemd-analyze security, in tenths of its 10
EACH_HAS = ("NoNewPrivileges=yes", "CapabilityBoundingSet=", "AmbientCapabilities=", "ProtectSystem=strict",
            "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes", "ProtectProc=invisible",
            "MemoryDenyWriteExecute=yes",
            "RestrictNamespaces=yes", "RestrictSUIDSGID=yes", "LockPersonality=yes", "SystemCallArchitectures=native",
            "SystemCallErrorNumber=EPERM", "LimitCORE=0", "MemorySwapMax=0", "UMask=0077", "SocketBindDeny=any")


def _lines(name):
    with open(f"packaging/systemd/frontdesk-{name}.service", encoding="utf-8") as file:
        return [line.strip() for line in file]


def _confine(name, fd):
    """As systemd does: the socket, the user, no new privileges, the filter; in this order, for good."""
    allowed = units._allowed(f"frontdesk-{name}") & units._members("@known")
    os.dup2(fd, 3)
    os.putenv("LISTEN_FDS", "1")
    os.putenv("LISTEN_PID", str(os.getpid()))
    os.setgroups([])
    os.setresgid(*[UNITS[name]] * 3)
    os.setresuid(*[UNITS[name]] * 3)
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_rule_add_array.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint,
                                               ctypes.c_void_p]
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    handle = library.seccomp_init(EPERM_ELSE)
    for call in {number_of(call) for call in allowed} - {None}:
        assert library.seccomp_rule_add_array(handle, ALLOW, call, 0, None) == 0
    assert library.seccomp_load(handle) == 0


def _start(machine, name):
    path = f"{machine.run}/{name}.sock"
    listener = room.seqpacket()
    listener.bind(path)
    os.chmod(path, 0o666)
    listener.listen(16)
    program = f"{machine.folder}/frontdesk-{name}"
    folders = [f"--config-dir={machine.config}", f"--state-dir={machine.state}", f"--runtime-dir={machine.run}",
               f"--vendor-dir={machine.folder}/vendor", f"--audit-file={machine.audit}"]
    with open(machine.log, "a", encoding="utf-8") as log:
        process = subprocess.Popen([program, "--log=stderr", *folders], stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log, close_fds=False, preexec_fn=lambda: _confine(name, listener.fileno()))
    listener.close()
    machine.processes.append(process)
    setattr(machine, name, process)


def they_live_with_what_their_units_leave_them(machine):
    machine.server = socket.create_server(("127.0.0.1", 0))
    port = machine.server.getsockname()[1]
    machine.configure(corp={"issuer": f"https://127.0.0.1:{port}"})
    for folder in (machine.state, os.path.dirname(machine.audit), machine.run):
        os.makedirs(folder, exist_ok=True)
        os.chown(folder, room.KEEPER_UID, room.KEEPER_UID)
    _start(machine, "keeper")
    _start(machine, "helper")
    module = machine.module().hello().login(user="")
    machine.server.settimeout(room.PATIENCE)
    machine.server.accept()[0].close()
    assert module.until_verdict()[0] in (room.UNAVAILABLE, room.DENY), machine.logged()
    person = room.Child(machine)
    assert person.admit(user="")[0] == room.ADMITTED
    claims = f'{{"iss":"https://127.0.0.1:{port}","sub":"s-1","preferred_username":"alice"}}'
    decided = person.decided(room.CLAIMS, room.blob(claims), room.blob(""), room.string(""), room.string(""))
    assert decided == ("ok", room.ALLOW, "alice"), (decided, machine.logged())
    assert person.finish()[:2] == (room.ALLOW, "alice")
    assert "EPERM" not in machine.logged() and "not permitted" not in machine.logged(), machine.logged()
    assert machine.audited()[-1]["user"] == "alice"


def a_filter_that_lacks_a_call_would_show(machine):
    machine.stop_all()
    whole, units._allowed = units._allowed, lambda unit: whole(unit) - {"prlimit64", "setrlimit"}
    try:
        _start(machine, "keeper")
        assert machine.keeper.wait(room.PATIENCE) != 0
        machine.processes.remove(machine.keeper)
    finally:
        units._allowed = whole


def each_unit_takes_away_what_nobody_there_needs(_):
    for name in UNITS:
        lines = _lines(name)
        assert not [line for line in EACH_HAS if line not in lines], name
        rated = subprocess.run(["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_MOST}",
                                f"packaging/systemd/frontdesk-{name}.service"],
                               capture_output=True, text=True, check=False)
        assert rated.returncode == 0, rated.stdout[-300:] + rated.stderr


def the_keepers_unit_leaves_it_no_network(_):
    lines = _lines("keeper")
    assert {"PrivateNetwork=yes", "IPAddressDeny=any", "RestrictAddressFamilies=AF_UNIX"} <= set(lines)
    assert not [line for line in lines if re.match("IPAddressAllow|JoinsNamespaceOf", line)]


def _prepare(machine):
    for program in ("frontdesk-helper", "frontdesk-keeper"):
        shutil.copy(os.path.join(os.environ["O"], program), machine.folder)


if __name__ == "__main__":
    sys.exit(room.main(sys.modules["__main__"], _prepare))
