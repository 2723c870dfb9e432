# SPDX-License-Identifier: BSD-2-Clause
"""Visits to a kiosk, as the keeper sees them: an approval, the press behind it, and what the store has then."""
import json
import sqlite3

import room
from room import ADMIT, ADMITTED, ALLOW, CLAIMS, Child, blob, string

KIOSK = {"module_uid": room.OTHER_UID}
SERVICE = "frontdesk-kiosk"
STAGE = {}
MAIN = "[kiosk]\nuser = lena\n{kiosk}\n[machine]\nname = desk-1\nlocation = Berlin\n"


def configure(machine, kiosk="", more="", main="", **connections):
    machine.configure(MAIN.format(kiosk=kiosk) + main,
                      **{"corp": {"services": f"login {SERVICE}", "more": more}, **connections})


def login_of(phase=room.AUTH, **fields):
    return room.login(**{"phase": phase, "user": "", "service": SERVICE, **fields})


def claims_of(subject, username, **more):
    claims = {"iss": "https://idp.example/", "sub": subject, "preferred_username": username, **more}
    return blob(json.dumps(claims)), blob(""), string(""), string("")


def refused(who=None, **fields):
    """The reason, and whether the module was told the same."""
    child = Child(STAGE["machine"], **(KIOSK if who is None else who))
    reason, verdict, user = child.decided(ADMIT, blob(login_of(**fields)))
    assert verdict != ALLOW and user == "", (reason, verdict, user)
    told = child.finish()
    child.close()
    assert told[:3] == (verdict, "", reason) and told[4] == {}, told
    return reason


def approve(subject, username, **more):
    """An approval at the kiosk: what the module is told."""
    child = Child(STAGE["machine"], **KIOSK)
    answer = child.admit(**{"user": "", "service": SERVICE, "rhost": "203.0.113.9", "ruser": "eve", "tty": "ssh"})[0]
    assert answer == ADMITTED, answer
    assert child.decided(CLAIMS, *claims_of(subject, username, **more)) == ("ok", ALLOW, "")
    verdict, user, reason, sender, sets = child.finish()
    child.close()
    assert (verdict, user, reason, sender) == (ALLOW, "", "ok", room.KEEPER_UID)
    return sets


def go_on(phase, ticket, **who):
    """(reason, what the module is told to set)"""
    child = Child(STAGE["machine"], **(who or KIOSK))
    reason, verdict, user = child.decided(ADMIT, blob(login_of(phase, ticket=ticket)))
    told = child.finish()
    child.close()
    assert told[:3] == (verdict, "", reason) and user == "", told
    assert (verdict == ALLOW) == (reason == "ok")
    return reason, told[4]


def check_ins():
    with sqlite3.connect(f"file:{STAGE['machine'].state}/members.db?mode=ro", uri=True) as store:
        return store.execute("SELECT member.name, location, in_at, out_at, how_in, how_out FROM check_in"
                             " JOIN member ON member.id = check_in.member ORDER BY check_in.id").fetchall()


def set_stage(machine, begin):
    """The machine of all visits, with a user whose id is a member's."""
    STAGE["machine"] = machine
    with open("/etc/passwd", "a", encoding="utf-8") as file:
        file.write("mole:x:70001:70001::/:/bin/sh\n")
    begin(machine)
