# SPDX-License-Identifier: BSD-2-Clause
"""A visitor who walks away leaves nothing: not in the server's memory, its files, its log or its arguments."""
import os
import subprocess
import sys

from page import Page
from place import KIOSK_UID, PORT, as_user, eventually, main
from memory import found_in
from proc import status_of

NAMES = ("Short", "of a name that is much longer than most other names are, and Zoë Ärmel too", "\"quoted\\escaped\" strange")
LEAVES = ("approved", "cancel", "checked_in", "reset")


def _visit(place, name, leave):
    with Page(place.token) as page:
        page.act("start")
        sign_in = place.sign_in().say_code()
        page.state("code")
        sign_in.say(state="approved", name=name)
        page.state("approved")
        if leave == "approved":
            return
        if leave == "cancel":
            page.act("cancel")
            page.until("reset")
            return
        page.act("confirm")
        sign_in.say(state="checked_in", name=name, since=1700000000)
        page.state("checked_in")
        if leave == "checked_in":
            return
        page.until("reset")
        page.ends()


def _refusal(place, text):
    with Page(place.token) as page:
        page.act("start")
        sign_in = place.sign_in().say_code()
        page.state("code")
        sign_in.say(state="refused", reason="not_allowed", text=text)
        page.state("not_member")
        page.until("reset")


def the_servers_memory_has_a_name_only_while_it_is_shown(place):
    place.again(kiosk="reset_after = 1 s")
    pid = place.server.pid
    with Page(place.token) as page:
        page.act("start")
        place.sign_in().say_code()
        page.state("code")
        assert found_in(pid, "ABCD-EFGH") == {"ABCD-EFGH"}  # the search finds what is there
    for number, (name, leave) in enumerate((name, leave) for name in NAMES for leave in LEAVES):
        canary = f"Canary-{number:02}-{os.urandom(4).hex()}"
        _visit(place, f"{canary} {name} {canary}", leave)
        _forgotten(pid, canary)
    canary = f"Canary-{os.urandom(4).hex()}"
    _refusal(place, f"Sorry, {canary}.")
    _forgotten(pid, canary)


def _connections():
    """Those that the server still has."""
    held = subprocess.run(["ss", "-Htan", f"sport = :{PORT}"], capture_output=True, text=True, check=True).stdout
    return [line for line in held.splitlines() if not line.startswith(("LISTEN", "TIME-WAIT"))]


def _forgotten(pid, canary):
    """Looked for as soon as the visit's connections are gone, before another visit takes their memory."""
    assert eventually(lambda: not _connections())
    assert not found_in(pid, canary, canary[7:]), canary


def no_file_and_no_log_has_a_name(place):
    for folder, _, names in os.walk(place.folder):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    assert b"Canary" not in file.read(), path
    assert "Canary" not in place.logged()


def the_servers_memory_cannot_be_read_by_its_own_user_or_dumped(place):
    pid = place.server.pid
    assert as_user(KIOSK_UID, lambda: open(f"/proc/{pid}/mem", "rb").read(1).decode()) is None
    assert os.stat(f"/proc/{pid}/mem").st_uid == 0
    with open(f"/proc/{pid}/limits", encoding="ascii") as file:
        assert [line.split()[4:6] for line in file if line.startswith("Max core file size")] == [["0", "0"]]


def the_server_is_nobody_but_its_user_and_stays_so(place):
    status = status_of(place.server.pid)
    assert set(status["Uid"].split()) == set(status["Gid"].split()) == {str(KIOSK_UID)}
    assert status["CapEff"] == status["CapPrm"] == "0" * 16 and status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    listening = subprocess.run(["ss", "-Hltn"], capture_output=True, text=True, check=True).stdout
    at = {line.split()[3] for line in listening.splitlines()}
    assert "127.0.0.1:18080" in at and at <= {"127.0.0.1:18080", "[::1]:18080"}, at


if __name__ == "__main__":
    sys.exit(main(sys.modules["__main__"]))
