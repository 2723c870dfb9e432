# SPDX-License-Identifier: BSD-2-Clause
"""What other displays are told, who may hear it, and that none of them holds the kiosk up."""
import datetime
import json
import os
import socket
import stat
import subprocess
import sys

from page import Page
from place import CODE, OTHER_UID, PATIENCE, READER_UID, SCREEN_GID, as_user, eventually, main

MEMBERS = {"version", "viewer", "state", "code", "uri", "uri_complete", "expires_at"}


class Display:
    """One that reads lines."""

    def __init__(self, place):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(f"{place.run}/screen.sock")
        self.lines = self.sock.makefile(encoding="ascii")
        self.heard = []

    def next(self):
        try:
            line = self.lines.readline()
        except ConnectionResetError:
            line = ""
        self.heard.append(line)
        return json.loads(line) if line else None

    def until(self, state):
        while True:
            line = self.next()
            assert line is not None, f"no {state}: {self.heard}"
            assert set(line) <= MEMBERS and line["version"] == 1, line
            if line["state"] == state:
                return line

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lines.close()
        self.sock.close()


def a_display_is_told_the_code_and_nobodys_name(place):
    with Display(place) as display, Page(place.token) as page:
        number = display.until("idle")["viewer"]
        page.act("start")
        sign_in = place.sign_in().say_code(device_code="SECRET-DEVICE", ticket="SECRET-TICKET")
        shown = display.until("code")
        expires = datetime.datetime.fromisoformat(shown.pop("expires_at").replace("Z", "+00:00"))
        left = (expires - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
        assert 0 < left <= 120, left
        assert shown == {"version": 1, "viewer": number, "state": "code", "code": CODE["code"], "uri": CODE["uri"],
                         "uri_complete": CODE["uri_complete"]}
        sign_in.say(state="approved", name="Ada Lovelace")
        assert set(display.until("approved")) == {"version", "viewer", "state"}
        page.act("confirm")
        sign_in.say(state="checked_in", name="Ada Lovelace", since=1700000000)
        assert set(display.until("checked_in")) == {"version", "viewer", "state"}
        page.close()
        assert display.until("gone")["viewer"] == number
        told = "".join(display.heard)
        for secret in ("Ada", "Lovelace", "SECRET", place.token, page.viewer):
            assert secret not in told, secret


def a_refusals_words_are_the_visitors_alone(place):
    with Display(place) as display, Page(place.token) as page:
        page.act("start")
        place.sign_in().say(state="refused", reason="not_a_member", text="Sorry, Ada.")
        assert set(display.until("not_member")) == {"version", "viewer", "state"}
        page.close()
        display.until("gone")


def a_display_that_comes_late_is_told_what_is_there(place):
    with Page(place.token) as page:
        page.act("start")
        place.sign_in().say_code()
        page.state("code")
        with Display(place) as display:
            assert display.next()["code"] == CODE["code"]


def only_the_group_may_listen(place):
    path = f"{place.run}/screen.sock"
    status = os.stat(path)
    assert stat.S_IMODE(status.st_mode) == 0o660 and status.st_gid == SCREEN_GID

    def connect():
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(path)
        return "connected"
    assert as_user(OTHER_UID, connect) is None
    assert as_user(READER_UID, connect, gid=OTHER_UID, groups=[SCREEN_GID]) == "connected"


def displays_that_write_or_do_not_read_are_let_go(place):
    with Display(place) as writer:
        writer.sock.sendall(b"{}\n")
        assert writer.next() is None
    with Display(place) as deaf:
        deaf.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        with Page(place.token) as page:
            page.state("idle")
            for _ in range(400):
                page.act("start")
                place.sign_in().say_code(uri_complete="https://idp.example/?" + "x" * 480)
                page.state("code")
                page.act("cancel")
                page.state("idle")
                if _connected() == 0:
                    break
            assert _connected() == 0


def a_crowd_of_displays_is_bounded_and_disturbs_nobody(place):
    displays = [Display(place) for _ in range(30)]
    with Page(place.token) as page:
        page.state("idle")
        assert [display.next() is None for display in displays].count(True) == 14
    for display in displays:
        display.__exit__()


def the_command_prints_what_is_shown(place):
    command = [os.path.join(os.environ["PROGRAMS"], "frontdesk"), "kiosk", "--watch", "--socket", f"{place.run}/screen.sock"]
    with Page(place.token) as page:
        page.act("start")
        place.sign_in().say_code()
        page.state("code")
        for more, wanted in (([], "  code  ABCD-EFGH  https://idp.example/device  until 20"), (["--json"], '"code":"ABCD-EFGH"')):
            with subprocess.Popen(command + more, stdout=subprocess.PIPE, text=True) as watching:
                assert wanted in watching.stdout.readline()
                watching.kill()
    done = subprocess.run(command[:-1] + ["/nonexistent"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "frontdesk-screen" in done.stderr


def the_command_ends_when_the_kiosk_does(place):
    command = [os.path.join(os.environ["PROGRAMS"], "frontdesk"), "kiosk", "--watch", "--socket", f"{place.run}/screen.sock"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as watching, \
            Page(place.token):
        assert eventually(lambda: _connected() > 0)
        place.stop()
        assert "has ended" in watching.stderr.read() and watching.wait(PATIENCE) == 1
    place.start()


def _connected():
    """Displays that the server still has; its socket was bound under another name first."""
    with open("/proc/net/unix", encoding="ascii", errors="replace") as file:
        return sum(1 for line in file if line.rstrip().endswith("/screen.sock.new") and line.split()[5] == "03")


if __name__ == "__main__":
    sys.exit(main(sys.modules["__main__"]))
