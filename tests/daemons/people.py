# SPDX-License-Identifier: BSD-2-Clause
"""People whom the keeper lets in: what they claim, the accounts that they are mapped to, and how they enter."""
import json
import sqlite3

import room
from room import ADMIT, ADMITTED, ALLOW, CLAIMS, Child, blob, string

ISSUER = "https://idp.example/"
MAP = "sub:s-1 = lena visitor\nsub:s-2 = lena\nemail:ada@idp.example = visitor\n"
VISITOR_UID = 64983


def claims_of(subject, name, url="", **more):
    return (blob(json.dumps({"iss": ISSUER, "sub": subject, "preferred_username": name, **more})), blob(""),
            string(url), string(""))


def mapped(machine, main="", **more):
    machine.write("users.map", MAP)
    machine.configure(main, corp={"more": f"user_map_file = {machine.config}/users.map", **more})


def member_names(machine):
    with sqlite3.connect(f"file:{machine.state}/members.db?mode=ro", uri=True) as store:
        return {row[0] for row in store.execute("SELECT name FROM member")}


def session_count(machine):
    with sqlite3.connect(f"file:{machine.state}/members.db?mode=ro", uri=True) as store:
        return store.execute("SELECT count(*) FROM session").fetchone()[0]


def enter(machine, subject, user, name="alice", url="", **login):
    """A sign-in that is allowed: {SET name: value}."""
    child = Child(machine)
    assert child.admit(user=user, **login)[0] == ADMITTED
    decision = child.decided(CLAIMS, *claims_of(subject, name, url))
    assert decision[:2] == ("ok", ALLOW), decision
    verdict, entered, _, _, sets = child.finish()
    assert (verdict, entered) == (ALLOW, decision[2])
    child.close()
    return {**sets, "user": entered}


def ask_phase(machine, phase, user, **login):
    child = Child(machine)
    decision = child.decided(ADMIT, blob(room.login(phase=phase, user=user, **login)))
    child.finish()
    child.close()
    return decision


def start(machine):
    mapped(machine)
    machine.keeper = machine.start("frontdesk-keeper")
    machine.wait_for(lambda: room.listens(machine.run + "/keeper.sock"))


def begin(machine):
    with open("/etc/passwd", "a", encoding="utf-8") as file:
        file.write(f"visitor:x:{VISITOR_UID}:{VISITOR_UID}::/:/bin/sh\n")
    start(machine)
