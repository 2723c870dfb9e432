# SPDX-License-Identifier: BSD-2-Clause
"""Where the client's secret is not: what `ps` shows, what commands print, and any file but its own."""
import subprocess
import sys
import urllib.parse

import desk as stage
from desk import SECRET
from proc import pids
from room import sh

SPELLINGS = (SECRET, urllib.parse.quote(SECRET, safe=""), urllib.parse.quote_plus(SECRET))
PLACES = "/var/lib/frontdesk /run/frontdesk /var/log /home"


def _holds(path):
    try:
        with open(path, "rb") as file:
            text = file.read()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
    return any(spelling.encode() in text for spelling in SPELLINGS)


def _shown_by_ps():
    """The processes that have it on their command line or in their environment."""
    return [pid for pid in pids() if _holds(f"/proc/{pid}/cmdline") or _holds(f"/proc/{pid}/environ")]


def a_secret_on_a_command_line_would_be_found(desk):
    with subprocess.Popen([sys.executable, "-c", "input()", SECRET], stdin=subprocess.PIPE) as careless:
        assert stage.eventually(lambda: careless.pid in _shown_by_ps())
        careless.communicate(b"\n")


def no_process_shows_it_while_somebody_signs_in(desk):
    with desk.login("alice") as console:
        code = console.code()
        assert desk.sign_ins() and _shown_by_ps() == []
        desk.approve(code, "alice")
        console.expect(r"\$ ")
        assert _shown_by_ps() == [] and SECRET not in console.run("env")


def no_process_shows_it_while_a_connection_is_tried(desk):
    command = ["frontdesk", "login", "corp", "--json"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as trial:
        assert '"user_code"' in trial.stdout.readline()
        assert _shown_by_ps() == []
        trial.terminate()
        trial.stdout.read()


def no_command_prints_it(desk):
    for words in (["connection", "show", "corp"], ["connection", "list"], ["connection", "export", "corp"],
                  ["check"], ["members", "export"]):
        for more in ([], ["--json"]):
            if "export" in words and more:
                continue
            done = subprocess.run(["frontdesk", *words, *more], capture_output=True, text=True, check=False)
            assert done.stdout and not any(spelling in done.stdout + done.stderr for spelling in SPELLINGS), words


def it_is_in_no_file_but_its_own(desk):
    for spelling in SPELLINGS:
        assert spelling not in desk.log.text() and spelling not in desk.complaints()
        found = subprocess.run(["grep", "-rlF", "-e", spelling, *PLACES.split(), "/etc"], capture_output=True, text=True,
                               check=False).stdout.split()
        assert found == (["/etc/frontdesk/corp.secret"] if spelling == SECRET else []), found
    assert sh("stat -c '%a %U:%G' /etc/frontdesk/corp.secret").strip() == "640 root:frontdesk"


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], stage.everything))
