# SPDX-License-Identifier: BSD-2-Clause
"""The keeper asked by the kiosk's process: an approval is an identity and enters nobody; the press behind it, and
nothing else, checks the person in."""
import json
import os
import sqlite3
import sys
import time

import room
from people import MAP, ask_phase, begin, enter, member_names, session_count
from room import ACCOUNT, ADMIT, ADMITTED, ALLOW, CLAIMS, CLOSE_SESSION, OPEN_SESSION, Child, blob
from visits import KIOSK, MAIN, SERVICE, approve, check_ins, claims_of, configure, go_on, login_of, refused, set_stage


def an_approval_enters_nobody_and_its_press_checks_the_person_in(machine):
    configure(machine)
    before = time.time() - 2
    sets = approve("s-1", "alice", name="Alice A.")
    assert (sets["FRONTDESK_MEMBER"], sets["FRONTDESK_NAME"]) == ("alice", "Alice A.")
    assert "alice" in member_names(machine) and session_count(machine) == 0
    assert not check_ins(), "nothing is recorded without open_session"
    assert go_on(ACCOUNT, sets["FRONTDESK_SESSION"]) == ("ok", {})
    assert not check_ins()
    reason, told = go_on(OPEN_SESSION, sets["FRONTDESK_SESSION"])
    assert reason == "ok" and told["FRONTDESK_CHECK_IN"] == "in"
    assert before < int(told["FRONTDESK_CHECK_IN_SINCE"]) <= time.time()
    rows = check_ins()
    assert [(*row[:2], *row[3:]) for row in rows] == [("alice", "Berlin", None, "kiosk", None)]
    assert str(rows[0][2]) == told["FRONTDESK_CHECK_IN_SINCE"]


def the_record_says_who_was_checked_in_where_and_by_whom(machine):
    signed, checked = machine.audited()[-2:]
    assert (signed["event"], signed["member"], signed["peer_uid"]) == ("sign_in", "alice", room.OTHER_UID)
    assert not {"user", "rhost", "tty", "unprivileged"} & set(signed)
    assert {"event": "check_in", "verdict": "allow", "reason": "ok", "check_in": "in", "check_in_id": 1,
            "location": "Berlin", "member": "alice", "connection": "corp", "subject": "s-1",
            "peer_uid": room.OTHER_UID}.items() <= checked.items(), checked


def a_second_press_within_two_minutes_says_already_and_writes_nothing(machine):
    rows = check_ins()
    reason, told = go_on(OPEN_SESSION, approve("s-1", "alice")["FRONTDESK_SESSION"])
    assert (reason, told["FRONTDESK_CHECK_IN"]) == ("ok", "already")
    assert int(told["FRONTDESK_CHECK_IN_SINCE"]) == rows[0][2]
    assert check_ins() == rows
    assert machine.audited()[-1]["check_in"] == "already"


def another_place_is_another_check_in(machine):
    configure(machine)
    machine.write("frontdesk.conf", MAIN.format(kiosk="").replace("Berlin", "Ghent"))
    assert go_on(OPEN_SESSION, approve("s-1", "alice")["FRONTDESK_SESSION"])[1]["FRONTDESK_CHECK_IN"] == "in"
    assert [row[1] for row in check_ins()] == ["Berlin", "Ghent"]


def a_ticket_counts_once(machine):
    configure(machine)
    ticket = approve("s-2", "bob")["FRONTDESK_SESSION"]
    count = len(check_ins())
    assert go_on(OPEN_SESSION, ticket)[0] == "ok"
    assert go_on(OPEN_SESSION, ticket)[0] == "session_unknown"
    assert go_on(ACCOUNT, ticket)[0] == "session_unknown"
    assert len(check_ins()) == count + 1


def a_session_that_was_closed_checks_nobody_in(machine):
    ticket = approve("s-3", "cy")["FRONTDESK_SESSION"]
    assert go_on(CLOSE_SESSION, ticket) == ("ok", {})
    assert go_on(OPEN_SESSION, ticket)[0] == "session_unknown"
    assert not [row for row in check_ins() if row[0] == "cy"]
    assert go_on(CLOSE_SESSION, "nonsense") == ("ok", {})


def a_verdict_that_nobody_took_leaves_no_ticket(machine):
    child = Child(machine, **KIOSK)
    child.admit(user="", service=SERVICE)
    child.decided(CLAIMS, *claims_of("s-3", "cy"))
    child.close()
    for ticket in ("", "A" * 22, "A" * 21, "A" * 200):
        assert go_on(OPEN_SESSION, ticket)[0] == "session_unknown", ticket


def a_press_that_comes_too_late_is_none(machine):
    configure(machine, kiosk="confirm_after = 1")
    ticket = approve("s-3", "cy")["FRONTDESK_SESSION"]
    assert go_on(ACCOUNT, ticket)[0] == "ok"
    machine.wait_for(lambda: go_on(ACCOUNT, ticket)[0] == "session_unknown")
    assert go_on(OPEN_SESSION, ticket)[0] == "session_unknown"
    assert not [row for row in check_ins() if row[0] == "cy"]


def a_ticket_is_the_kiosks_alone_and_a_session_is_no_ticket(machine):
    configure(machine)
    ticket = approve("s-3", "cy")["FRONTDESK_SESSION"]
    for who in ({}, {"module_uid": 64983}):
        for service in (SERVICE, "login"):
            for user in ("", "cy"):
                child = Child(machine, **who)
                decision = child.decided(ADMIT, blob(login_of(OPEN_SESSION, ticket=ticket, service=service, user=user)))
                sets = child.finish()[4]
                child.close()
                assert not {"FRONTDESK_CHECK_IN"} & set(sets), decision
                assert decision[1] != ALLOW or (not who and decision[2] == "cy"), decision
    assert not [row for row in check_ins() if row[0] == "cy"]
    session = enter(machine, "s-4", "dee", "dee")["FRONTDESK_SESSION"]
    assert go_on(OPEN_SESSION, session)[0] == "session_unknown"
    assert ask_phase(machine, OPEN_SESSION, "dee", ticket=ticket)[:2] == ("ok", ALLOW), "a member, as with any key"
    assert go_on(OPEN_SESSION, ticket)[0] == "ok", "it is still the kiosk's"


def the_kiosk_asks_for_nothing_else(machine):
    configure(machine)
    for fields in ({"user": "alice"}, {"user": "lena"}, {"service": "login"}, {"service": "sshd"},
                   {"service": "login", "user": "alice"}, {"service": SERVICE + "2"}):
        for phase in (room.AUTH, ACCOUNT, OPEN_SESSION, CLOSE_SESSION):
            assert refused(phase=phase, **fields) == "peer_not_allowed", fields


def nobody_else_asks_as_the_kiosk(machine):
    configure(machine)
    for phase in (room.AUTH, ACCOUNT, OPEN_SESSION, CLOSE_SESSION):
        assert refused({"module_uid": 64983}, phase=phase) == "peer_not_allowed"


def root_asking_for_that_service_signs_in_as_ever(machine):
    child = Child(machine)
    assert child.admit(user="", service=SERVICE)[0] == ADMITTED
    assert child.decided(CLAIMS, *claims_of("s-1", "alice")) == ("ok", ALLOW, "alice")
    assert child.finish()[1] == "alice"


def neither_root_nor_a_member_is_the_kiosks_user(machine):
    for user in ("mole", "nobody-at-all"):
        machine.configure(f"[kiosk]\nuser = {user}\n", corp={"services": SERVICE})
        assert refused() == "peer_not_allowed", user
        assert refused({"module_uid": 70001}) == "peer_not_allowed", user
    child = Child(machine)
    assert child.admit(user="", service=SERVICE)[0] == ADMITTED
    assert child.decided(CLAIMS, *claims_of("s-1", "alice"))[2] == "alice", "root signs in, and names somebody"
    machine.configure("[kiosk]\nuser = root\n", corp={"services": SERVICE})
    assert refused() == "config_broken"


def a_broken_configuration_checks_nobody_in(machine):
    configure(machine)
    machine.write("frontdesk.conf", "[kiosk]\nuser = lena\nnonsense = 1\n")
    assert refused() == "config_broken"
    assert refused(phase=OPEN_SESSION) == "config_broken"


def of_several_connections_one_has_to_be_chosen(machine):
    both = {"services": SERVICE, "issuer": "https://idp.example/"}
    configure(machine, other=both)
    assert refused() == "connection_undecided"
    configure(machine, kiosk="connection = other", other=both)
    for line in ("", "corp"):
        child = Child(machine, **KIOSK)
        answer, reader = child.admit(user="", service=SERVICE, connection=line)
        assert (answer, reader.string()) == (ADMITTED, "other"), "what the configuration chooses counts"
    configure(machine, kiosk="connection = none")
    assert refused() == "connection_unknown"


def no_account_is_entered_from_the_kiosk(machine):
    machine.write("users.map", MAP)
    for more in (f"user_map_file = {machine.config}/users.map", "shared_account = lena"):
        configure(machine, corp={"services": SERVICE, "create": "no", "more": more})
        assert approve("s-1", "alice")["FRONTDESK_MEMBER"] == "alice", more


def who_may_not_enter_is_not_checked_in(machine):
    configure(machine, more="locations = Ghent")
    child = Child(machine, **KIOSK)
    child.admit(user="", service=SERVICE)
    assert child.decided(CLAIMS, *claims_of("s-1", "alice"))[0] == "location_not_allowed"
    configure(machine, corp={"services": f"login {SERVICE}", "create": "no"})
    child = Child(machine, **KIOSK)
    child.admit(user="", service=SERVICE)
    assert child.decided(CLAIMS, *claims_of("s-77", "stranger")) == ("create_off", room.UNKNOWN_USER, "")


def a_connection_switched_off_before_the_press_checks_nobody_in(machine):
    configure(machine)
    tickets = [approve(f"s-{n}", name)["FRONTDESK_SESSION"] for n, name in ((3, "cy"), (5, "eli"))]
    configure(machine, more="enabled = no")
    count = len(check_ins())
    assert go_on(ACCOUNT, tickets[0])[0] == "connection_disabled"
    assert go_on(OPEN_SESSION, tickets[0])[0] == "connection_disabled"
    configure(machine, corp={"services": "login"})
    assert go_on(OPEN_SESSION, tickets[1])[0] == "connection_disabled"
    assert len(check_ins()) == count


def the_kiosk_counts_as_this_machines_own_console(machine):
    configure(machine, main="[limits]\nsign_ins = 1\nunprivileged = 0\n")
    held = Child(machine)
    assert held.admit(user="", service="login", rhost="203.0.113.9")[0] == ADMITTED
    kiosk = Child(machine, **KIOSK)
    assert kiosk.admit(user="", service=SERVICE)[0] == ADMITTED
    assert refused() == "too_many_sign_ins"
    for child in (held, kiosk):
        child.close()


def a_keeper_that_starts_anew_knows_no_ticket_and_ends_what_is_over(machine):
    configure(machine)
    ticket = approve("s-6", "fay")["FRONTDESK_SESSION"]
    assert go_on(OPEN_SESSION, approve("s-6", "fay")["FRONTDESK_SESSION"])[0] == "ok"
    began = check_ins()[-1][2]
    machine.wait_for(lambda: time.time() > began + 1.5)
    machine.stop(machine.keeper)
    configure(machine, kiosk="check_in_limit = 1 s")
    machine.keeper = machine.start("frontdesk-keeper")
    machine.wait_for(lambda: room.listens(machine.run + "/keeper.sock"))
    assert go_on(ACCOUNT, ticket)[0] == "session_unknown"
    assert check_ins()[-1] == ("fay", "Berlin", began, began + 1, "kiosk", "limit")
    ended = [r for r in machine.audited() if r["event"] == "check_out"]
    assert [(r["member"], r["how"], r["location"], r["stay_s"]) for r in ended][-1] == ("fay", "limit", "Berlin", 1)
    assert len([row for row in check_ins() if row[3] is None]) == 0


def a_keeper_that_is_killed_behind_a_check_in_has_a_record_of_it(machine):
    """What the store has, the next keeper's audit file has, too; who was not told may press again."""
    configure(machine)
    ticket = approve("s-7", "gil")["FRONTDESK_SESSION"]
    before, child = len(machine.audited()), Child(machine, **KIOSK)
    assert child.decided(ADMIT, blob(login_of(OPEN_SESSION, ticket=ticket)))[0] == "ok"
    note, = os.listdir(machine.state + "/begun")
    with open(f"{machine.state}/begun/{note}", encoding="utf-8") as file:
        assert [json.loads(line)["event"] for line in file] == ["check_in", "undelivered"]
    machine.keeper.kill()
    machine.stop(machine.keeper)
    os.unlink(machine.run + "/keeper.sock")
    machine.keeper = machine.start("frontdesk-keeper")
    machine.wait_for(lambda: room.listens(machine.run + "/keeper.sock"))
    machine.wait_for(lambda: not os.listdir(machine.state + "/begun"))
    records = machine.audited()[before:]
    assert [(r["event"], r["reason"], r["member"]) for r in records] == [
        ("check_in", "ok", "gil"), ("undelivered", "keeper_ended", "gil")], records
    assert records[0]["check_in_id"] == records[1]["check_in_id"]
    child.close()
    assert go_on(OPEN_SESSION, approve("s-7", "gil")["FRONTDESK_SESSION"])[1]["FRONTDESK_CHECK_IN"] == "already"


def an_approval_is_noted_and_a_question_that_nobody_approved_is_not(machine):
    child = Child(machine, **KIOSK)
    assert child.admit(user="", service=SERVICE)[0] == ADMITTED
    assert not os.listdir(machine.state + "/begun")
    assert child.decided(CLAIMS, *claims_of("s-1", "alice"))[0] == "ok"
    note, = os.listdir(machine.state + "/begun")
    with open(f"{machine.state}/begun/{note}", encoding="utf-8") as file:
        assert [json.loads(line)["event"] for line in file] == ["sign_in", "undelivered"]
    child.finish()
    child.close()
    machine.wait_for(lambda: not os.listdir(machine.state + "/begun"))


def what_a_hook_is_to_be_told_waits_in_the_store(machine):
    configure(machine, kiosk="on_check_in = /bin/true")
    assert go_on(OPEN_SESSION, approve("s-6", "fay")["FRONTDESK_SESSION"])[0] == "ok"
    with sqlite3.connect(f"file:{machine.state}/members.db?mode=ro", uri=True) as store:
        rows = store.execute("SELECT kind, length(event_id), json FROM hook_event").fetchall()
    assert [row[:2] for row in rows] == [("check_in", 22)] and '"name":"fay"' in rows[0][2]


if __name__ == "__main__":
    sys.exit(room.main(sys.modules["__main__"], lambda machine: set_stage(machine, begin)))
