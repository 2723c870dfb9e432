# SPDX-License-Identifier: BSD-2-Clause
"""A visitor who walks away leaves nothing: not in the server's memory, its files, its log or its arguments."""
import os
import subprocess
import sys

from page import Page
from place import KIOSK_UID, as_user, main
from memory import found_in
from proc import status_of

NAMES = ("Canary-of-the-short", "Canary-of-a-name-that-is-much-longer-than-most-names-and-Zoë-too",
         "Canary \"quoted\\escaped\" of somebody with a strange name")
WORDS = ("Canary-of-the-short", "Canary-of-a-name", "Canary \"quoted", "quoted\\", "escaped\" of somebody",
         "Canary \\u0022quoted")
TEXT = "Canary-of-a-refusal: sorry, Somebody."


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


def _refusal(place):
    with Page(place.token) as page:
        page.act("start")
        sign_in = place.sign_in().say_code()
        page.state("code")
        sign_in.say(state="refused", reason="not_allowed", text=TEXT)
        page.state("not_member")
        page.until("reset")


def the_servers_memory_has_a_name_only_while_it_is_shown(place):
    place.again(kiosk="reset_after = 1 s")
    with Page(place.token) as page:
        page.act("start")
        sign_in = place.sign_in().say_code()
        page.state("code")
        assert found_in(place.server.pid, "ABCD-EFGH") == {"ABCD-EFGH"}  # the search finds what is there
        sign_in.say(state="approved", name=NAMES[0])
        page.state("approved")
    for name in NAMES:
        for leave in ("approved", "cancel", "checked_in", "reset"):
            _visit(place, name, leave)
    _refusal(place)
    _settled(place)
    left = found_in(place.server.pid, *WORDS, "Canary-of-a-refusal")
    assert not left, left


def _settled(place):
    """The server has seen that all pages are gone: a new one is told so by its number of viewers."""
    for _ in range(2):
        with Page(place.token) as page:
            page.state("idle")


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
