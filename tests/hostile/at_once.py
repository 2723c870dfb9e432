#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""First sign-ins that come all at the same moment, each through PAM: of one person, and of several who want one name."""
import json
import subprocess
import sys

from crowd import sign_in_all
from scene import audit
from stage import Row, main
from tap import eventually

MANY = 50
ONE = Row("one person")
NAMESAKES = [Row(f"namesake {number}", lie={"claims": {"preferred_username": "sam", "email": None}})
             for number in range(20)]


def _members(stage, name):
    listed = [json.loads(line) for line in stage.desk.cli("members", "list", "--json").splitlines()]
    return [member for member in listed if member["name"] == name]


def _ids(name):
    done = subprocess.run(["getent", "passwd", name], capture_output=True, text=True, check=False)
    return done.stdout.split(":")[2:4]


def fifty_first_sign_ins_of_one_person_make_one_member(stage):
    reasons, _ = stage.crowd(ONE, MANY)
    # A busy machine may keep a module waiting for its first word for longer than it waits.
    assert set(reasons) <= {"ok", "timeout"} and reasons.count("ok") > 1, reasons
    member, = _members(stage, ONE.user)
    assert _ids(ONE.user) == [str(member["uid"])] * 2, (member, _ids(ONE.user))
    assert stage.crowd(ONE)[0] == ["ok"] and _members(stage, ONE.user)[0]["uid"] == member["uid"]


def of_twenty_people_who_want_one_name_one_has_it_and_the_others_are_refused(stage):
    mark, audited = stage.desk.log.mark(), len(audit())
    sign_in_all([(row.name, "sam") for row in NAMESAKES])
    assert eventually(lambda: not stage.desk.sign_ins())
    told = stage.reasons(mark, audited)
    assert set(told) == {row.name for row in NAMESAKES} and all(len(reasons) == 1 for reasons in told.values()), told
    holders = [name for name, reasons in told.items() if reasons == ["ok"]]
    others = {reason for name, reasons in told.items() for reason in reasons if name not in holders}
    assert len(holders) == 1 and others <= {"name_taken", "timeout"} and "name_taken" in others, told
    assert len(_members(stage, "sam")) == 1
    holder, = (row for row in NAMESAKES if row.name == holders[0])
    assert stage.crowd(holder, user="sam")[0] == ["ok"]
    assert all(stage.crowd(row, user="sam")[0] == ["name_taken"] for row in NAMESAKES[:3] if row is not holder)


if __name__ == "__main__":
    sys.exit(main([ONE, *NAMESAKES], fifty_first_sign_ins_of_one_person_make_one_member,
                  of_twenty_people_who_want_one_name_one_has_it_and_the_others_are_refused, play=False))
