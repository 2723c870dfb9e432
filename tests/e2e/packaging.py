# SPDX-License-Identifier: BSD-2-Clause
"""What `make install` lays down is right for a machine with systemd."""
import os
import re
import subprocess
import sys

import desk as stage
from room import LIBEXEC, read, sh

UNITS = "/usr/lib/systemd/system"


def systemd_finds_nothing_wrong_with_the_units(_):
    units = [name for name in os.listdir(UNITS) if name.startswith("frontdesk-")]
    assert len(units) == 9, units
    for unit in units:
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", f"{UNITS}/{unit}"], capture_output=True,
                              text=True, check=False)
        said = [line for line in (done.stdout + done.stderr).splitlines() if "frontdesk" in line]
        foreign = [line for line in said if "Command /usr/bin/cage is not executable" in line]  # a package of its own
        assert said == foreign and (done.returncode == 0 or foreign), f"{unit}: {done.stdout}{done.stderr}"


def the_units_give_each_of_the_users_less_than_it_could_have(_):
    for unit in ("frontdesk-helper.service", "frontdesk-keeper.service", "frontdesk-kiosk.service"):
        text = read(f"{UNITS}/{unit}")
        for line in ("NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict"):
            assert f"\n{line}\n" in text, f"{unit} lacks {line}"
    assert "\nPrivateNetwork=yes\n" in read(f"{UNITS}/frontdesk-keeper.service")


def sysusers_makes_the_users_and_the_group_of_other_displays(_):
    os.makedirs("/run/other/etc", exist_ok=True)
    sh("systemd-sysusers --root=/run/other /usr/lib/sysusers.d/frontdesk.conf")
    users = re.findall(r"^([\w-]+):x:(\d+):(\d+)", read("/run/other/etc/passwd"), re.MULTILINE)
    assert sorted(name for name, _, _ in users) == ["frontdesk", "frontdesk-browser", "frontdesk-hooks",
                                                           "frontdesk-kiosk", "frontdesk-net"], users
    assert re.search(r"^frontdesk-screen:x:\d+:$", read("/run/other/etc/group"), re.MULTILINE)
    assert all(int(uid) < 1000 for _, uid, _ in users)


def tmpfiles_makes_the_folders_with_their_modes(_):
    folders = "/run/frontdesk /run/frontdesk-kiosk /var/lib/frontdesk /var/lib/frontdesk/nss /var/log/frontdesk"
    sh(f"rm -rf {folders} && systemd-tmpfiles --create frontdesk.conf")
    modes = sh(f"stat -c '%a %U:%G %n' {folders}")
    assert modes.splitlines() == ["755 root:root /run/frontdesk",
                                  "711 frontdesk-kiosk:frontdesk-kiosk /run/frontdesk-kiosk",
                                  "711 frontdesk:frontdesk /var/lib/frontdesk", "755 frontdesk:frontdesk /var/lib/frontdesk/nss",
                                  "2750 frontdesk:adm /var/log/frontdesk"]


def a_sign_in_works_when_systemd_hands_the_sockets_over(desk):
    desk.start_provider()
    for name, user in (("keeper", "frontdesk"), ("helper", "frontdesk-net")):
        path = f"/run/frontdesk/{name}.sock"
        desk.start(name, ["systemd-socket-activate", "--seqpacket", "-l", path, "setpriv", "--reuid", user, "--regid", user,
                          "--clear-groups", f"{LIBEXEC}/frontdesk-{name}"], lambda path=path: stage.listens(path))
        os.chmod(path, 0o666 if name == "helper" else 0o660)
    sh("chown frontdesk:frontdesk-net /run/frontdesk/keeper.sock")
    with desk.sign_in_on_console("alice") as console:
        assert console.run("id -un") == "alice"
    desk.stop_services()


def the_example_configuration_is_accepted_as_it_stands(desk):
    sh("cp -r /usr/share/doc/frontdesk/examples/frontdesk.conf /etc/frontdesk/ && rm /etc/frontdesk/connections.d/* &&"
       " cp /usr/share/doc/frontdesk/examples/connections.d/example.conf /etc/frontdesk/connections.d/")
    said = desk.cli("check", check=False)
    assert "frontdesk.conf:" not in said and "example.conf:" not in said, said


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__]))
