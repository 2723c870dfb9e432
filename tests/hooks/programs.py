# SPDX-License-Identifier: BSD-2-Clause
"""What a hook program does to us, and what it gets from us: it may hang, fork away, shout or fail; it is told nothing
but its event; and one that others could have written is not run."""
import json
import os
import sys

import place as stage
from proc import has_ended, pids, status_of


def _last(place):
    """Waits for a first failure; what was noted of it."""
    place.wait_for(lambda: place.waiting() and place.waiting()[0][1] > 0)
    return place.waiting()[0][2]


def _mend(place):
    """A good program in its place, which is tried without waiting for the pause to end."""
    place.teller()
    place.wait_for(lambda: not place.waiting())


def _read(place, name):
    with open(f"{place.work}/{name}", encoding="utf-8") as file:
        return file.read()


def a_program_that_hangs_is_killed_with_all_its_children(place):
    place.hook(place.teller(f"sleep 1000 & echo $! >{place.work}/child; setsid sleep 1000 & echo $! >{place.work}/away; "
                            f"echo $$ >{place.work}/pid; sleep 1000"), "hook_timeout = 1 s")
    place.check_in("ada")
    assert _last(place) == "killed after 1 s"
    for name in ("pid", "child", "away"):
        assert has_ended(int(_read(place, name))), name
    _mend(place)
    first, again = place.told()
    assert first == again


def what_forks_away_ends_with_its_program(place):
    place.forget()
    place.hook(place.teller(f"(setsid sh -c 'echo $$ >{place.work}/daemon.new; mv {place.work}/daemon.new "
                            f"{place.work}/daemon; exec sleep 1000' >/dev/null 2>&1 </dev/null &)\n"
                            f"while [ ! -e {place.work}/daemon ]; do sleep 0.02; done"))
    place.check_in("ada")
    place.wait_for(lambda: not place.waiting())
    assert has_ended(int(_read(place, "daemon"))) and len(place.told()) == 1
    assert not [p for p in pids() if status_of(p).get("Name") == "sleep"]


def a_program_may_leave_its_input_unread(place):
    place.forget()
    place.program(f"#!/bin/sh\nexec <&-\ntouch {place.work}/unread\n")
    place.check_in("ada")
    place.wait_for(lambda: not place.waiting())
    assert place.is_there("unread")


def megabytes_of_output_hold_nothing_up_and_fill_no_log(place):
    place.forget()
    before = len(place.logged())
    place.teller("head -c 8000000 /dev/zero; yes | head -c 4000000; printf 'a\\033[31mb\\n'")
    place.check_in("ada")
    place.wait_for(lambda: not place.waiting())
    grown = place.logged()[before:]
    assert len(grown) < 20000 and "\x1b" not in grown and "lines more" in grown, len(grown)


def what_the_program_said_last_is_told_by_the_status(place):
    place.forget()
    place.teller("echo first; echo 'no route to the door \x1b[2J' >&2; exit 3")
    place.check_in("ada")
    assert _last(place).startswith("exit status 3: no route to the door ") and "\x1b" not in _last(place)
    (facts,) = place.desk("status")
    assert not facts["hooks"]["good"] and facts["hooks"]["attempts"] >= 1 and facts["hooks"]["failing_since"]
    assert "no route" in facts["hooks"]["last_error"]
    _mend(place)
    assert place.desk("status")[0]["hooks"]["good"]


def a_program_that_fails_is_tried_again_and_those_behind_it_wait(place):
    place.forget()
    place.teller(f"[ \"$(wc -l <{place.told_file})\" -ge 2 ]")
    place.check_in("ada")
    place.check_in("ben")
    place.wait_for(lambda: not place.waiting())
    names = [event["member"]["name"] for event in place.told()]
    assert names == ["ada", "ada", "ben"], "the next one waits for the first"
    assert len({event["event"] for event in place.told()}) == 2


def status_65_gives_the_event_up(place):
    place.forget()
    place.teller("echo not our kind >&2; exit 65")
    place.check_in("ada")
    place.wait_for(lambda: not place.waiting())
    assert len(place.told()) == 1 and "is given up: exit status 65: not our kind" in place.logged()


def only_roots_own_program_is_run(place):
    place.forget()
    text = stage.TELLER.format(told=place.told_file, more="")
    place.program(text, mode=0o775)
    place.check_in("ada")
    assert "may be written by others" in _last(place)
    for path, why in ((place.program(text, owner=stage.HOOKS_UID, name="own"), "is owned by neither root"),
                      (place.program(text, owner=stage.room.OTHER_UID, name="lenas"), "is owned by neither root"),
                      (place.program(text, mode=0o644, name="plain"), "no program that this user may run"),
                      (f"{place.programs}/none", "No such file"), (place.programs, "no program that this user may run")):
        place.hook(path)
        place.wait_for(lambda why=why: why in (place.waiting()[0][2] or ""))
    os.symlink(place.told_file + ".sh", f"{place.programs}/link")
    with open(f"{place.work}/told.sh", "w", encoding="utf-8") as file:
        file.write(text)
    place.hook(f"{place.programs}/link")
    place.wait_for(lambda: "owned by neither root" in place.waiting()[0][2] and "/work" in place.waiting()[0][2])
    assert not place.told()
    place.hook(f"{place.programs}/hook")
    _mend(place)


def the_check_tells_of_it_before_anybody_comes(place):
    place.forget()
    text = stage.TELLER.format(told=place.told_file, more="")
    for path, good, words in ((place.program(text, name="fine"), True, "may be run"),
                              (place.program(text, mode=0o777, name="open"), False, "written by others"),
                              (place.program(text, owner=stage.HOOKS_UID, name="own"), False, "not owned by root"),
                              (place.program(text, mode=0o644, name="plain"), False, "no program"),
                              ("/nowhere", False, "No such file")):
        place.configure(f"[kiosk]\non_check_out = {path}\n")
        (fact,) = [fact for fact in place.check() if fact["fact"] == "hooks"]
        assert (fact["state"] == "good") == good and words in fact["text"] and "on_check_out" in fact["text"], fact


def a_broken_configuration_runs_nothing_and_loses_nothing(place):
    place.forget()
    place.stop(place.hooks)
    place.check_in("ada")
    place.write("frontdesk.conf", "[kiosk]\nnonsense = 1\n")
    place.start_hooks()
    assert "broken" in _last(place)
    place.hook(f"{place.programs}/hook")
    place.wait_for(lambda: not place.waiting())
    assert len(place.told()) == 1


# Tells of itself, as the kernel has it.
MIRROR = """#!/usr/bin/python3 -IS
import json, os, sys
read = lambda name: open(f"/proc/self/{{name}}").read()
said = {{"fds": sorted(os.listdir("/proc/self/fd")), "uid": os.getresuid(), "groups": os.getgroups(),
        "environ": read("environ").split("\\0")[:-1], "argv": read("cmdline").split("\\0")[:-1],
        "session": os.getsid(0) == os.getpid(), "status": read("status"), "input": sys.stdin.read()}}
with open("{work}/mirror.new", "w") as file:
    json.dump(said, file)
os.rename("{work}/mirror.new", "{work}/mirror")
"""


def the_program_knows_its_event_and_nothing_else(place):
    place.forget()
    place.program(MIRROR.format(work=place.work))
    place.check_in("ada")
    place.wait_for(lambda: not place.waiting() and place.is_there("mirror"))
    said = json.loads(_read(place, "mirror"))
    environment = dict(entry.split("=", 1) for entry in said["environ"])
    assert set(environment) == {"PATH", "LANG", "FRONTDESK_EVENT"}, environment
    assert environment["FRONTDESK_EVENT"] == json.loads(said["input"])["event"] and said["input"].endswith("}\n")
    assert said["argv"] == ["/usr/bin/python3", "-IS", f"{place.programs}/hook"]
    assert said["fds"] == ["0", "1", "2", "3"], "and the folder that it looks at"
    assert said["uid"] == [stage.HOOKS_UID] * 3 and not said["groups"] and said["session"]
    assert "NoNewPrivs:\t1" in said["status"] and "SigBlk:\t0000000000000000" in said["status"]


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules["__main__"], stage.begin))
