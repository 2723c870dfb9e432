# SPDX-License-Identifier: BSD-2-Clause
"""The keeper alone, asked by a child that we play: what it grants, what it never believes, and to whom it speaks."""
import json
import os
import sqlite3
import struct
import sys

import room
from room import ADMIT, ADMITTED, ALLOW, CHOICES, CHOOSE, CLAIMS, DECIDED, DENY, FINISH, KEEP, PICK, REFUSE, REMEMBER, UNAVAILABLE
from room import KEYS, REFETCH, Child, blob, string

ISSUER = "https://idp.example/"
CORP = {"corp": {"more": ""}}


def _claims(subject, name, issuer=ISSUER):
    claims = {"iss": issuer, "sub": subject, "preferred_username": name}
    return blob(json.dumps(claims)), blob(""), string(""), string("")


def _member_names(machine):
    with sqlite3.connect(f"file:{machine.state}/members.db?mode=ro", uri=True) as store:
        return {row[0] for row in store.execute("SELECT name FROM member")}


def only_the_users_of_children_are_served(machine):
    child = Child(machine, uid=0)
    assert child.admit() == (None, None)


def the_socket_is_closed_to_everybody_else(machine):
    info = os.stat(machine.run + "/keeper.sock")
    assert (info.st_mode & 0o777, info.st_uid, info.st_gid) == (0o660, room.KEEPER_UID, room.HELPER_UID)
    try:
        Child(machine, uid=room.OTHER_UID)
    except PermissionError:
        return
    raise AssertionError("a stranger could connect")


def a_hand_over_must_agree_with_the_kernel(machine):
    child = Child(machine, module_uid=room.OTHER_UID, told_uid=0)
    assert child.admit() == (None, None)


def a_peer_that_is_not_root_is_denied(machine):
    machine.configure(**CORP)
    child = Child(machine, module_uid=room.OTHER_UID)
    assert child.decided(ADMIT, blob(room.login(user="lena"))) == ("peer_not_allowed", DENY, "")
    assert child.finish()[:4] == (DENY, "", "peer_not_allowed", room.KEEPER_UID)


def an_approved_stranger_becomes_a_member_and_enters(machine):
    machine.configure(**CORP)
    child = Child(machine)
    answer, reader = child.admit(user="")
    assert answer == ADMITTED and reader.string() == "corp" and reader.blob() == b""
    assert child.decided(CLAIMS, *_claims("s-1", "alice")) == ("ok", ALLOW, "alice")
    verdict, user, reason, sender, sets = child.finish()
    assert (verdict, user, reason, sender) == (ALLOW, "alice", "ok", room.KEEPER_UID)
    assert sets["FRONTDESK_CONNECTION"] == "corp" and len(sets["FRONTDESK_SESSION"]) == 22
    account = Child(machine)
    assert account.decided(ADMIT, blob(room.login(phase=room.ACCOUNT, user="alice"))) == ("ok", ALLOW, "alice")
    assert account.finish()[4] == {}
    assert "alice" in _member_names(machine)


def two_sessions_never_share_a_ticket(machine):
    tickets = set()
    for _ in range(3):
        child = Child(machine)
        child.admit(user="alice")
        child.decided(CLAIMS, *_claims("s-1", "alice"))
        tickets.add(child.finish()[4]["FRONTDESK_SESSION"])
    assert len(tickets) == 3


def a_member_cannot_enter_as_another(machine):
    child = Child(machine)
    child.admit(user="root")
    assert child.decided(CLAIMS, *_claims("s-1", "alice")) == ("wrong_user", DENY, "alice")
    assert child.finish()[0] == DENY


def claims_of_another_issuer_are_refused(machine):
    child = Child(machine)
    child.admit(user="")
    assert child.decided(CLAIMS, *_claims("s-9", "mallory", "https://other.example/"))[:2] == ("claim_iss", DENY)
    assert "mallory" not in _member_names(machine)


def userinfo_of_another_subject_is_refused(machine):
    child = Child(machine)
    child.admit(user="")
    info = blob(json.dumps({"sub": "s-1", "preferred_username": "alice"}))
    decision = child.decided(CLAIMS, _claims("s-8", "mallory")[0], info, string(""), string(""))
    assert decision[:2] == ("userinfo_sub", DENY)


def claims_that_are_no_json_are_refused(machine):
    for text in ("", "[]", '{"iss":', '{"sub":"a","sub":"b"}', "\xff"):
        child = Child(machine)
        child.admit(user="")
        decision = child.decided(CLAIMS, blob(text.encode("latin-1")), blob(""), string(""), string(""))
        assert decision[:2] == ("claims_malformed", DENY), text


def nothing_is_written_for_a_host_that_has_gone(machine):
    child = Child(machine)
    child.admit(user="")
    child.module.close()
    child.ask(CLAIMS, *_claims("s-2", "late"))
    child.close()
    other = Child(machine)
    other.admit(user="")  # answered after the other's end was seen
    assert "late" not in _member_names(machine)


def a_connection_switched_off_meanwhile_lets_nobody_in(machine):
    machine.configure(**CORP)
    child = Child(machine)
    child.admit(user="")
    machine.configure(corp={"more": "enabled = no"})
    assert child.decided(CLAIMS, *_claims("s-1", "alice"))[:2] == ("connection_disabled", DENY)
    machine.configure(**CORP)


def _refetch(child):
    """(the word, the keys that came last)"""
    answer, reader = child.ask(REFETCH)
    assert answer == KEYS, answer
    return reader.number("B"), reader.blob()


def one_child_in_a_minute_may_fetch_keys_anew(machine):
    now, coming, later = 1, 2, 4
    machine.configure(**CORP)
    first, second = Child(machine), Child(machine)
    first.admit()
    second.admit()
    assert _refetch(first) == (now, b"")
    assert _refetch(second) == (coming, b"")
    first.send(KEEP, struct.pack(">BI", 2, 60), blob('{"keys":[]}'))
    assert _refetch(first) == (later, b'{"keys":[]}')
    assert _refetch(second) == (later, b'{"keys":[]}')


def when_the_keys_could_not_be_fetched_the_others_hear_it(machine):
    now, coming, failed, later = 1, 2, 3, 4
    machine.configure(corp={"issuer": "https://unreached.example/"})
    first, second, third = Child(machine), Child(machine), Child(machine)
    for child in (first, second, third):
        child.admit()
    assert _refetch(first) == (now, b"")
    third.decided(REFUSE, string("idp_unreachable"), string(""))
    assert _refetch(second) == (coming, b""), "whoever does not fetch them says nothing of them"
    first.decided(REFUSE, string("idp_unreachable"), string(""))
    assert _refetch(second) == (failed, b"")
    machine.configure(corp={"issuer": "https://reached.example/"})
    first, second = Child(machine), Child(machine)
    first.admit()
    second.admit()
    assert _refetch(first) == (now, b"")
    first.decided(REFUSE, string("signature"), string(""))
    assert _refetch(second) == (coming, b""), "they were there"
    second.send(KEEP, struct.pack(">BI", 2, 60), blob('{"keys":[]}'))
    assert _refetch(second) == (later, b'{"keys":[]}')
    machine.configure(**CORP)


def a_child_that_asks_for_keys_for_ever_is_cut_off(machine):
    child = Child(machine)
    child.admit()
    for _ in range(100):
        assert _refetch(child)
    assert child.ask(REFETCH) == (None, None)


def a_question_that_is_not_due_ends_the_sign_in(machine):
    login, keep = blob(room.login()), (struct.pack(">BI", 1, 60), blob("{}"))
    early = {CLAIMS: _claims("s", "a"), CHOOSE: (string("corp"),), KEEP: keep, FINISH: (),
             REFUSE: (string("timeout"), string("")), REMEMBER: (b"\0",), PICK: (string("alice"),), REFETCH: (), 0x77: ()}
    for kind, fields in early.items():
        assert Child(machine).ask(kind, *fields) == (None, None), kind
    for kind, fields in {ADMIT: (login,), CHOOSE: (string("corp"),), FINISH: (), PICK: (string("alice"),)}.items():
        child = Child(machine)
        child.admit()
        assert child.ask(kind, *fields) == (None, None), kind
        assert room.packet_of(child.module)[0] == b"", "the module sees the end"
    for kind, fields in {ADMIT: (login,), CLAIMS: _claims("s-1", "alice"), KEEP: keep}.items():
        child = Child(machine)
        child.admit(user="alice")
        child.decided(CLAIMS, *_claims("s-1", "alice"))
        assert child.ask(kind, *fields) == (None, None), kind
        assert room.packet_of(child.module)[0] == b"", "no verdict after a fault"


def a_question_with_a_byte_too_many_ends_the_sign_in(machine):
    assert Child(machine).ask(ADMIT, blob(room.login()), b"x") == (None, None)
    for kind, fields in {CLAIMS: _claims("s", "a"), REFUSE: (string("timeout"), string(""))}.items():
        child = Child(machine)
        child.admit()
        assert child.ask(kind, *fields, b"x") == (None, None), kind


def a_child_may_refuse_but_neither_allow_nor_pass_on(machine):
    child = Child(machine)
    child.admit()
    assert child.decided(REFUSE, string("idp_tls"), string("self-signed\n\x1b[2J")) == ("idp_tls", UNAVAILABLE, "")
    assert child.finish()[:3] == (UNAVAILABLE, "", "idp_tls")
    assert "\x1b" not in machine.logged() and "self-signed" in machine.logged()
    for code in ("ok", "no_connection", "password_typed"):
        child = Child(machine)
        child.admit()
        assert child.ask(REFUSE, string(code), string("")) == (None, None), code


def the_choice_is_among_what_was_offered(machine):
    machine.configure(corp={}, partner={"issuer": "https://partner.example/"}, other={"services": "sudo"},
                      off={"more": "enabled = no"})
    child = Child(machine)
    answer, reader = child.admit(user="")
    assert answer == CHOICES and reader.number("H") == 2
    assert [reader.string(), reader.string()] == ["corp", "partner"]
    answer, reader = child.ask(CHOOSE, string("partner"))
    assert answer == ADMITTED and reader.string() == "partner"
    assert child.ask(CHOOSE, string("corp")) == (None, None), "chosen once"
    for name in ("other", "off", "none", ""):
        child = Child(machine)
        child.admit(user="")
        assert child.ask(CHOOSE, string(name)) == (None, None), name
    answer, reader = Child(machine).admit(user="", connection="partner")
    assert answer == ADMITTED and reader.string() == "partner"


def documents_are_kept_for_their_connection_alone(machine):
    machine.configure(corp={}, partner={"issuer": "https://partner.example/"})
    full = '{"a":"' + "x" * (64 * 1024 - 8) + '"}'
    child = Child(machine)
    child.admit(connection="corp")
    for kind in (1, 2):
        child.send(KEEP, struct.pack(">BI", kind, 600), blob(full))
    child.send(KEEP, struct.pack(">BI", 1, 600), blob(full))
    child.decided(REFUSE, string("timeout"), string(""))
    answer, reader = Child(machine).admit(connection="corp")
    assert answer == ADMITTED and reader.string() == "corp"
    assert (reader.blob(), reader.number("B")) == (b"", 0)
    assert (reader.blob().decode(), reader.blob().decode()) == (full, full)
    answer, reader = Child(machine).admit(connection="partner")
    assert (reader.string(), reader.blob(), reader.number("B")) == ("partner", b"", 0)
    assert (reader.blob(), reader.blob()) == (b"", b"")


def a_child_keeps_few_documents(machine):
    machine.configure(**CORP)
    child = Child(machine)
    child.admit()
    for _ in range(8):
        child.send(KEEP, struct.pack(">BI", 1, 60), blob("{}"))
    assert child.ask(KEEP, struct.pack(">BI", 1, 60), blob("{}")) == (None, None)


def a_client_secret_goes_to_the_child_of_its_connection(machine):
    path = machine.folder + "/secret"
    with open(path, "w", encoding="ascii") as file:
        file.write("s3cret\n")
    os.chown(path, 0, room.KEEPER_UID)
    os.chmod(path, 0o640)
    machine.configure(corp={"more": f"client_secret_file = {path}"})
    answer, reader = Child(machine).admit()
    assert answer == ADMITTED and (reader.string(), reader.blob()) == ("corp", b"s3cret")
    os.chmod(path, 0o644)
    assert Child(machine).decided(ADMIT, blob(room.login()))[:2] == ("secret_unreadable", UNAVAILABLE)
    machine.configure(**CORP)


def slots_are_counted_and_given_back(machine):
    machine.configure("[limits]\nsign_ins = 4\nsign_ins_per_user = 2\nsign_ins_per_host = 1\n", **CORP)
    held = [Child(machine) for _ in range(2)]
    for child in held:
        assert child.admit(user="alice")[0] == ADMITTED
    assert Child(machine).decided(ADMIT, blob(room.login(user="alice")))[0] == "too_many_for_user"
    held.append(Child(machine))
    assert held[-1].admit(user="unknown1", rhost="203.0.113.9")[0] == ADMITTED
    assert Child(machine).decided(ADMIT, blob(room.login(user="unknown2", rhost="203.0.113.9")))[0] == \
        "too_many_for_host"
    held.append(Child(machine))
    assert held[-1].admit(user="unknown2", rhost="203.0.113.10")[0] == ADMITTED
    assert Child(machine).decided(ADMIT, blob(room.login(user="bob")))[0] == "too_many_sign_ins"
    held.pop().close()
    machine.wait_for(lambda: Child(machine).admit(user="bob")[0] == ADMITTED)
    for child in held:
        child.close()


def members_are_not_shut_out_by_guesses_from_their_host(machine):
    machine.configure("[limits]\nsign_ins_per_host = 1\n", **CORP)
    guess = Child(machine)
    assert guess.admit(user="guess", rhost="203.0.113.9")[0] == ADMITTED
    assert Child(machine).admit(user="alice", rhost="203.0.113.9")[0] == ADMITTED
    machine.configure(**CORP)


def a_stopped_child_holds_nobody_up(machine):
    silent = Child(machine)
    silent.send(ADMIT, blob(room.login()))
    assert Child(machine).admit()[0] == ADMITTED


def refusals_are_logged_without_the_subject(machine):
    child = Child(machine)
    child.admit(user="root")
    child.decided(CLAIMS, *_claims("very-private-subject", 'x" verdict="allow'))
    line = machine.told()[-1]
    assert (line["verdict"], line["connection"], line["requested_user"]) == ("deny", "corp", "root"), line
    assert len(line["identity"]) == 22 and "subject" not in line, line
    assert "very-private-subject" not in machine.logged()


def a_foreign_string_cannot_forge_the_log(machine):
    Child(machine).decided(ADMIT, blob(room.login(user='a" reason=ok\n', service="none")))
    line = [told for told in machine.told() if told["event"] == "sign_in"][-1]
    assert line["requested_user"] == 'a" reason=ok\n' and line["reason"] == "no_connection", line


def the_end_of_a_session_is_always_fine(machine):
    answer = Child(machine).decided(ADMIT, blob(room.login(phase=room.CLOSE_SESSION, user="alice")))
    assert answer == ("ok", ALLOW, "alice")


def the_keeper_is_its_user_and_shut_in(machine):
    status = room.status_of(machine.keeper.pid)
    assert status["Uid"].split() == [str(room.KEEPER_UID)] * 4 and status["Gid"].split() == [str(room.KEEPER_UID)] * 4
    assert status["Groups"].strip() == "" and status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
    assert all(int(status[name], 16) == 0 for name in ("CapEff", "CapPrm", "CapInh", "CapAmb"))
    info = os.stat(machine.state)
    assert (info.st_mode & 0o777, info.st_uid) == (0o711, room.KEEPER_UID)


def a_keeper_of_few_descriptors_says_what_they_are_enough_for(machine):
    machine.configure("[limits]\nsign_ins = 101\n", corp={})
    for descriptors, is_told in ((64 + 3 * 100, True), (64 + 3 * 101, False)):
        before = machine.logged().count("descriptors for 100 sign-ins")
        assert machine.stop(machine.keeper) == 0
        machine.keeper = machine.start("frontdesk-keeper", "prlimit", f"--nofile={descriptors}:{descriptors}")
        machine.wait_for(lambda: room.listens(machine.run + "/keeper.sock"))
        assert Child(machine).admit()[0] == ADMITTED
        assert machine.logged().count("descriptors for 100 sign-ins") == before + is_told, machine.logged()


def _start(machine):
    machine.configure(**CORP)
    machine.keeper = machine.start("frontdesk-keeper")
    machine.wait_for(lambda: room.listens(machine.run + "/keeper.sock"))


if __name__ == "__main__":
    sys.exit(room.main(sys.modules["__main__"], _start))
