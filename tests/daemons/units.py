# SPDX-License-Identifier: BSD-2-Clause
"""systemd's filter lies over ours: what a unit refuses, no sandbox of ours can allow. A unit that refuses seccomp
itself would keep the daemon from starting at all."""
import functools
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import tap  # noqa: E402

NEEDED_TO_ENTER = {"seccomp", "prctl", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"}


@functools.cache
def _members(name):
    """The calls of a group, or the call itself. systemd passes over a group that it does not know."""
    if not name.startswith("@"):
        return {name}
    listed = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=False)
    words = [line.strip() for line in listed.stdout.splitlines()[1:]]
    return set().union(*(_members(word) for word in words if word and not word.startswith("#")))


def _allowed(unit):
    allowed = set()
    with open(f"packaging/systemd/{unit}.service", encoding="utf-8") as file:
        for line in re.findall(r"^SystemCallFilter=(.*)$", file.read(), re.MULTILINE):
            for word in line.lstrip("~").split():
                allowed = allowed - _members(word) if line.startswith("~") else allowed | _members(word)
    return allowed


def _calls_of(kind):
    with open("helper/sandbox.c", encoding="utf-8") as file:
        source = file.read()
    refused = set(re.findall(r'"(\w+)"', re.search(r"calls_too_new\[\] = \{(.*?)\}", source, re.DOTALL)[1]))
    both, own = (set(re.findall(r'"(\w+)"', re.search(name + r"\[\] = \{(.*?)\}", source, re.DOTALL)[1]))
                 for name in ("calls_of_both", f"calls_of_{kind}"))
    return (both | own) - refused


def _missing(unit, kind):
    known = _members("@known")
    return sorted((_calls_of(kind) | NEEDED_TO_ENTER) & known - _allowed(unit))


def the_helpers_unit_allows_what_a_child_needs():
    assert not _missing("frontdesk-helper", "child"), _missing("frontdesk-helper", "child")


def the_keepers_unit_allows_what_the_keeper_needs():
    assert not _missing("frontdesk-keeper", "keeper"), _missing("frontdesk-keeper", "keeper")


def _text(name):
    with open(f"packaging/{name}", encoding="utf-8") as file:
        return file.read()


def the_keeper_may_write_its_records_and_nobody_else_may():
    writable = re.search(r"^ReadWritePaths=(.*)$", _text("systemd/frontdesk-keeper.service"), re.MULTILINE)[1]
    assert set(writable.split()) == {"/var/lib/frontdesk", "-/var/log/frontdesk"}
    assert "ReadWritePaths" not in _text("systemd/frontdesk-helper.service")
    assert re.search(r"^d\s+/var/log/frontdesk\s+2750 frontdesk adm$", _text("tmpfiles.d/frontdesk.conf"), re.MULTILINE)


def the_kiosk_serves_this_machine_alone_and_writes_its_folder_alone():
    unit = _text("systemd/frontdesk-kiosk.service")
    assert "\nIPAddressDeny=any\nIPAddressAllow=localhost\n" in unit
    assert re.search(r"^ReadWritePaths=(.*)$", unit, re.MULTILINE)[1] == "/run/frontdesk-kiosk"
    assert not {"seccomp", "prctl", "lchown"} & _members("@known") - _allowed("frontdesk-kiosk")


def systemd_holds_both_ports_of_the_kiosk_for_its_server():
    unit, port = _text("systemd/frontdesk-kiosk.socket"), _text("systemd/frontdesk-kiosk.service")
    with open("helper/config/settings_machine.c", encoding="utf-8") as file:
        listen = re.search(r'KIOSK\(listen\), [^"]*"([^"]*)"', file.read())[1]
    assert re.findall(r"^ListenStream=(.*)$", unit, re.MULTILINE) == [listen, "[::1]:" + listen.split(":")[1]]
    assert "\nFreeBind=yes\n" in unit and "\nWantedBy=sockets.target\n" in unit
    assert "\nIPAddressDeny=any\nIPAddressAllow=localhost\n" in unit
    assert "ReusePort" not in unit, "nobody may have it, too"
    assert "\nStartLimitIntervalSec=0\n" in unit and "\nTriggerLimitIntervalSec=0\n" in unit, "it is never given up"
    for line in ("Wants=frontdesk-kiosk.socket ", "After=frontdesk-kiosk.socket ", "PartOf=frontdesk-kiosk.socket\n",
                 "Also=frontdesk-kiosk.socket\n"):
        assert f"\n{line}" in port, line


def the_browsers_user_is_nobody_elses_and_gets_the_page_as_a_credential():
    unit = _text("systemd/frontdesk-kiosk-browser.service")
    assert "\nUser=frontdesk-browser\n" in unit and "\nLoadCredential=start.html:/run/frontdesk-kiosk/start.html\n" in unit
    assert "SupplementaryGroups" not in unit and "/token" not in unit
    assert "\nBindReadOnlyPaths=/usr/lib/frontdesk/chromium:/etc/chromium/policies/managed\n" in unit
    assert json.loads(_text("chromium/frontdesk-kiosk.json"))["DeveloperToolsAvailability"] == 2  # never


def _units(kind):
    """Name and text of each."""
    return {name: _text(f"systemd/{name}") for name in sorted(os.listdir("packaging/systemd")) if name.endswith(kind)}


def _values(text, key):
    return " ".join(re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)).split()


def no_unit_is_given_up_however_often_its_program_ended():
    services, sockets = _units(".service"), _units(".socket")
    assert len(services) == 5 and len(sockets) == 4, (list(services), list(sockets))
    for name, text in {**services, **sockets}.items():
        assert _values(text.split("\n[S")[0], "StartLimitIntervalSec") == ["0"], name  # of [Unit], and said once
    for name, text in sockets.items():
        assert _values(text, "TriggerLimitIntervalSec") == ["0"], name
    for name, text in services.items():
        assert _values(text, "Restart") == ["always"], name
        assert re.fullmatch("[1-5]", "".join(_values(text, "RestartSec"))), name  # what paces it, socket or none


def no_socket_that_is_missing_keeps_a_service_from_its_start():
    for name, text in _units(".service").items():
        forbid = _values(text, "(?:Requires|Requisite|BindsTo)")
        assert not [unit for unit in forbid if unit.endswith(".socket")], (name, forbid)
    for name in _units(".socket"):
        service = (_values(_text(f"systemd/{name}"), "Service") or [name.replace(".socket", ".service")])[0]
        text = _text(f"systemd/{service}")
        assert name in _values(text, "Wants") and name in _values(text, "After"), name
        assert name == "frontdesk-keeper-hooks.socket" or name in _values(text, "PartOf"), name


def nothing_but_the_keeper_rotates_the_records():
    assert os.path.isdir("packaging/systemd") and not os.path.exists("packaging/logrotate.d")


if __name__ == "__main__":
    sys.exit(tap.run(tap.tests_of(sys.modules["__main__"])))
