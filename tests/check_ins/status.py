# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk status`: with both services running, without them, and with a hook that nobody tells or that fails."""
import os
import shutil
import sqlite3
import subprocess
import sys
import time

from house import WHO, add_event, check_ins, house, main, tap

import desk as cli_desk
from desk import ENVIRONMENT, SCRATCH
from proc import listens


class Services:
    """Keeper and helper for real, in the desk's own folders."""

    def __init__(self, desk):
        os.chmod(desk.runtime, 0o755)  # as tmpfiles.d has it
        self.processes = []
        for program, sock in (("frontdesk-keeper", "keeper.sock"), ("frontdesk-helper", "helper.sock")):
            shutil.copy(os.path.join(os.environ["PROGRAMS"], program), SCRATCH)
            with open(f"{desk.folder}/services.log", "a", encoding="utf-8") as log:
                self.processes.append(subprocess.Popen(
                    [f"{SCRATCH}/{program}", "--listen", "--log=stderr", f"--config-dir={desk.config}",
                     f"--state-dir={desk.state}", f"--runtime-dir={desk.runtime}", f"--vendor-dir={desk.vendor}",
                     f"--audit-file={desk.audit}"],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=ENVIRONMENT))
            assert tap.eventually(lambda sock=sock: listens(f"{desk.runtime}/{sock}"))

    def __enter__(self):
        return self

    def stop(self, number):
        self.processes[number].terminate()
        self.processes.pop(number).wait()

    def __exit__(self, *_):
        while self.processes:
            self.stop(0)


def _said(desk):
    with open(f"{desk.folder}/services.log", encoding="utf-8") as log:
        return log.read()


def _status(desk):
    result = desk.run("status", "--json")
    (facts,) = result.lines
    assert (result.status == 0) == facts["good"], result
    return facts


def _bad(facts):
    return {name for name, part in facts.items() if isinstance(part, dict) and not part["good"]}


def all_is_well_when_both_answer():
    desk = house()
    check_ins(desk, "add", "ada")
    with Services(desk):
        facts = _status(desk)
        assert facts["good"] and not _bad(facts), (facts, _said(desk))
        assert (facts["members"], facts["open_check_ins"]) == (2, 1), facts
        assert facts["hooks"] == {"good": True, "why": None, "waiting": 0, "oldest_at": None, "attempts": 0,
                                  "failing_since": None, "last_error": None, "lost": 0}, facts
        text = desk.run("status")
        assert text.status == 0 and "✘" not in text.out and "2 members" in text.out and "1 open" in text.out, text
        assert "refused" not in _said(desk), "a look fills no log"


def a_service_that_is_gone_is_told():
    desk = house()
    with Services(desk) as services:
        services.stop(0)
        assert _bad(_status(desk)) == {"keeper", "helper"}
    for user in WHO:
        desk = house(user)
        facts = _status(desk)
        assert _bad(facts) == {"keeper", "helper"} and "helper.sock" in facts["helper"]["why"], facts
        result = desk.run("status")
        assert result.status == 1 and "✘ helper" in result.out, result


def events_that_nobody_takes_are_told():
    desk = house(kiosk="on_check_in = /bin/true")
    check_ins(desk, "add", "ada")
    assert "hooks" not in _bad(_status(desk)), "just made: it may be on its way"
    assert _status(desk)["hooks"]["waiting"] == 1
    desk.write("frontdesk.conf", "")
    facts = _status(desk)
    assert "hooks" in _bad(facts) and "no program" in facts["hooks"]["why"], facts


def events_that_wait_for_long_are_told():
    desk = house(kiosk="on_check_in = /bin/true\nhook_timeout = 100 s")
    add_event(desk, int(time.time()) - 120)
    assert "hooks" not in _bad(_status(desk)), "one run of a program may take so long"
    desk.write("frontdesk.conf", "[kiosk]\non_check_in = /bin/true\n")
    facts = _status(desk)
    assert "hooks" in _bad(facts) and "frontdesk-hooks" in facts["hooks"]["why"], facts


def a_program_that_fails_is_told_with_its_last_words():
    desk = house(kiosk="on_check_in = /bin/false")
    add_event(desk, 1700000000, 3, 1700000100, "status 1: \x1b[2Jno")
    add_event(desk, 1700000200)
    hooks = _status(desk)["hooks"]
    assert not hooks["good"] and (hooks["waiting"], hooks["attempts"]) == (2, 3), hooks
    assert hooks["oldest_at"] == "2023-11-14T22:13:20Z" and hooks["failing_since"] == "2023-11-14T22:15:00Z", hooks
    assert hooks["last_error"] == "status 1: \x1b[2Jno", hooks
    text = desk.run("status")
    assert text.status == 1 and "✘ hooks" in text.out and "status 1: " in text.out and "\x1b" not in text.out, text


def a_store_that_is_damaged_or_missing_is_told():
    desk = house()
    with sqlite3.connect(f"{desk.state}/members.db") as store:
        store.execute("UPDATE generation SET content = content + 1")
    facts = _status(desk)
    assert {"store", "index", "hooks"} <= _bad(facts) and facts["members"] is None, facts
    desk = house(people=())
    assert "store" in _bad(_status(desk))
    assert not os.path.exists(f"{desk.state}/members.db"), "a look makes none"


def an_index_that_is_missing_is_told():
    desk = house()
    os.unlink(f"{desk.state}/nss/members")
    assert "index" in _bad(_status(desk))


def a_broken_configuration_is_told():
    desk = house()
    desk.write("frontdesk.conf", "[kiosk]\nnonsense = 1\n")
    assert "configuration" in _bad(_status(desk))


def a_wrong_command_line_is_refused():
    desk = house()
    assert desk.run("status", "now").status == 2
    assert desk.run("status", "--nonsense").status == 2


if __name__ == "__main__":
    assert cli_desk.PROGRAM
    sys.exit(main(tap.tests_of(sys.modules["__main__"])))
