# SPDX-License-Identifier: BSD-2-Clause
"""The keeper asked by a child that we play: local accounts, sessions and their tickets, users who ask about themselves,
and what the audit file keeps."""
import json
import os
import shutil
import sqlite3
import stat
import sys

import room
from room import ACCOUNT, ADMIT, ADMITTED, ALLOW, CLAIMS, CLOSE_SESSION, DENY, IGNORE, OPEN_SESSION, PICK, REFUSE
from room import REMEMBER, UNAVAILABLE, USERS, Child, blob, string

ISSUER = "https://idp.example/"
MAP = "sub:s-1 = lena visitor\nsub:s-2 = lena\nemail:ada@idp.example = visitor\n"
VISITOR_UID = 64983


def _claims(subject, name, url="", **more):
    return (blob(json.dumps({"iss": ISSUER, "sub": subject, "preferred_username": name, **more})), blob(""),
            string(url), string(""))


def _mapped(machine, main="", **more):
    machine.write("users.map", MAP)
    machine.configure(main, corp={"more": f"user_map_file = {machine.config}/users.map", **more})


def _member_names(machine):
    with sqlite3.connect(f"file:{machine.state}/members.db?mode=ro", uri=True) as store:
        return {row[0] for row in store.execute("SELECT name FROM member")}


def _sessions(machine):
    with sqlite3.connect(f"file:{machine.state}/members.db?mode=ro", uri=True) as store:
        return store.execute("SELECT count(*) FROM session").fetchone()[0]


def _enter(machine, subject, user, name="alice", url="", **login):
    """A sign-in that is allowed: {SET name: value}."""
    child = Child(machine)
    assert child.admit(user=user, **login)[0] == ADMITTED
    decision = child.decided(CLAIMS, *_claims(subject, name, url))
    assert decision[:2] == ("ok", ALLOW), decision
    verdict, entered, _, _, sets = child.finish()
    assert (verdict, entered) == (ALLOW, decision[2])
    child.close()
    return {**sets, "user": entered}


def _phase(machine, phase, user, **login):
    child = Child(machine)
    decision = child.decided(ADMIT, blob(room.login(phase=phase, user=user, **login)))
    child.finish()
    child.close()
    return decision


def a_mapped_person_enters_the_account_and_becomes_no_member(machine):
    _mapped(machine)
    sets = _enter(machine, "s-2", "lena", "bob")
    assert sets["user"] == "lena" and sets["FRONTDESK_SUBJECT"] == "s-2" and "FRONTDESK_MEMBER" not in sets
    assert "bob" not in _member_names(machine)


def the_account_of_somebody_else_is_not_entered(machine):
    _mapped(machine)
    child = Child(machine)
    child.admit(user="visitor")
    assert child.decided(CLAIMS, *_claims("s-2", "bob"))[:2] == ("wrong_user", DENY)
    assert child.finish()[0] == DENY


def only_a_verified_address_is_mapped(machine):
    _mapped(machine)
    for verified, reason in ((True, "ok"), (False, "wrong_user")):
        child = Child(machine)
        child.admit(user="visitor")
        claims = _claims("s-5", "ada", email="ada@idp.example", email_verified=verified)
        assert child.decided(CLAIMS, *claims)[0] == reason, verified


def several_accounts_are_a_question_and_the_answer_is_one_of_them(machine):
    _mapped(machine)
    child = Child(machine)
    child.admit(user="")
    answer, reader = child.ask(CLAIMS, *_claims("s-1", "alice"))
    assert answer == USERS and reader.number("H") == 2
    assert [reader.string(), reader.string()] == ["lena", "visitor"] and not reader.packet
    assert child.decided(PICK, string("visitor")) == ("ok", ALLOW, "visitor")
    assert child.finish()[:2] == (ALLOW, "visitor")
    assert "alice" not in _member_names(machine)
    for name in ("root", "alice", ""):
        child = Child(machine)
        child.admit(user="")
        child.ask(CLAIMS, *_claims("s-1", "alice"))
        assert child.ask(PICK, string(name)) == (None, None), name
        assert room.packet_of(child.module)[0] == b""


def claims_come_once_also_while_a_pick_is_due(machine):
    _mapped(machine)
    child = Child(machine)
    child.admit(user="")
    child.ask(CLAIMS, *_claims("s-1", "alice"))
    assert child.ask(CLAIMS, *_claims("s-2", "bob")) == (None, None)


def a_pick_is_judged_by_the_map_of_now(machine):
    _mapped(machine)
    child = Child(machine)
    child.admit(user="")
    child.ask(CLAIMS, *_claims("s-1", "alice"))
    machine.write("users.map", "sub:s-1 = lena\n")
    assert child.decided(PICK, string("visitor"))[:2] == ("wrong_user", DENY)


def a_shared_account_is_entered_by_everybody_allowed(machine):
    machine.configure(corp={"create": "no", "more": "shared_account = visitor"})
    assert _enter(machine, "s-8", "")["user"] == "visitor"
    assert _enter(machine, "s-9", "visitor")["FRONTDESK_SUBJECT"] == "s-9"
    child = Child(machine)
    child.admit(user="lena")
    assert child.decided(CLAIMS, *_claims("s-9", "x")) == ("wrong_user", DENY, "visitor")


def a_broken_map_is_unavailable(machine):
    _mapped(machine)
    machine.write("users.map", "sub:s-1 = root\n")
    child = Child(machine)
    child.admit(user="lena")
    assert child.decided(CLAIMS, *_claims("s-1", "alice"))[:2] == ("user_map_broken", UNAVAILABLE)


def an_account_goes_on_by_its_ticket_until_the_session_ends(machine):
    _mapped(machine)
    ticket = _enter(machine, "s-2", "lena")["FRONTDESK_SESSION"]
    assert _phase(machine, ACCOUNT, "lena", ticket=ticket) == ("ok", ALLOW, "lena")
    assert _phase(machine, OPEN_SESSION, "lena", ticket=ticket) == ("ok", ALLOW, "lena")
    assert _phase(machine, ACCOUNT, "visitor", ticket=ticket)[0] == "session_unknown"
    assert _phase(machine, ACCOUNT, "lena", ticket="A" * 22)[0] == "session_unknown"
    assert _phase(machine, ACCOUNT, "lena")[0] == "not_a_member"
    machine.configure(corp={"more": "enabled = no"})
    assert _phase(machine, ACCOUNT, "lena", ticket=ticket)[:2] == ("connection_disabled", DENY)
    _mapped(machine)
    assert _phase(machine, CLOSE_SESSION, "lena", ticket=ticket)[0] == "ok"
    machine.wait_for(lambda: _phase(machine, ACCOUNT, "lena", ticket=ticket)[0] == "session_unknown")
    assert _phase(machine, CLOSE_SESSION, "lena", ticket=ticket)[0] == "ok"


def a_ticket_nobody_heard_of_opens_nothing(machine):
    _mapped(machine)
    child = Child(machine)
    child.admit(user="lena")
    assert child.decided(CLAIMS, *_claims("s-2", "bob"))[0] == "ok"
    with sqlite3.connect(f"file:{machine.state}/members.db?mode=ro", uri=True) as store:
        before = store.execute("SELECT count(*) FROM session").fetchone()[0]
        child.close()
        machine.wait_for(lambda: store.execute("SELECT count(*) FROM session").fetchone()[0] == before - 1)


def the_ticket_itself_is_nowhere_in_the_state_folder(machine):
    _mapped(machine)
    ticket = _enter(machine, "s-2", "lena")["FRONTDESK_SESSION"]
    for folder, _, names in os.walk(machine.state):
        for name in names:
            with open(f"{folder}/{name}", "rb") as file:
                assert ticket.encode() not in file.read(), name
    with open(machine.audit, "rb") as file:
        assert ticket.encode() not in file.read()


def the_log_out_url_is_told_where_the_service_shows_it(machine):
    url = ISSUER + "logout"
    for main, told in (("", ""), ("[service login]\nlog_out = link\n", url + "?client_id=desk")):
        _mapped(machine, main)
        ticket = _enter(machine, "s-2", "lena", url=url)["FRONTDESK_SESSION"]
        child = Child(machine)
        child.decided(ADMIT, blob(room.login(phase=CLOSE_SESSION, user="lena", ticket=ticket)))
        assert child.log_out_url == told
        child.finish()
    ticket = _enter(machine, "s-2", "lena", url="http://evil.example/")["FRONTDESK_SESSION"]
    child = Child(machine)
    child.decided(ADMIT, blob(room.login(phase=CLOSE_SESSION, user="lena", ticket=ticket)))
    assert child.log_out_url == ""


def a_typed_password_is_passed_on_where_passwords_are_allowed(machine):
    _mapped(machine)
    child = Child(machine)
    child.admit(flags=room.PASSWORDS_ALLOWED)
    assert child.decided(REFUSE, string("password_typed"), string("")) == ("password_typed", IGNORE, "")
    assert child.finish()[:3] == (IGNORE, "", "password_typed")


def who_has_approved_is_not_passed_on_to_passwords(machine):
    _mapped(machine)
    child = Child(machine)
    child.admit(user="", flags=room.PASSWORDS_ALLOWED)
    child.ask(CLAIMS, *_claims("s-1", "alice"))
    assert child.ask(REFUSE, string("password_typed"), string("")) == (None, None)


def a_service_may_ask_for_a_key_first(machine):
    _mapped(machine, "[service login]\nrequires_key = yes\n")
    for prior in ("", "password", "keyboard-interactive/pam\n"):
        child = Child(machine)
        assert child.decided(ADMIT, blob(room.login(prior_auth=prior)))[:2] == ("key_required", DENY), prior
    assert Child(machine).admit(prior_auth="publickey ssh-ed25519 AAAA\n")[0] == ADMITTED


def the_spelling_that_worked_is_remembered_until_the_secret_changes(machine):
    path = machine.folder + "/secret"

    def spelling(text):
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        os.chown(path, 0, room.KEEPER_UID)
        os.chmod(path, 0o640)
        child = Child(machine)
        answer, reader = child.admit()
        assert answer == ADMITTED and (reader.string(), reader.blob()) == ("corp", text.encode())
        return child, reader.number("B")

    machine.configure(corp={"more": f"client_secret_file = {path}"})
    child, before = spelling("a:b")
    child.send(REMEMBER, b"\1")
    assert before == 0 and child.decided(REFUSE, string("timeout"), string(""))[0] == "timeout"
    assert (spelling("a:b")[1], spelling("a:c")[1], spelling("a:b")[1]) == (1, 0, 1)
    assert spelling("a:b")[0].ask(REMEMBER, b"\2") == (None, None)


def users_ask_about_themselves_where_the_service_allows_it(machine):
    _mapped(machine, "[service locker]\nunprivileged = yes\n", services="login locker")
    lena = {"module_uid": room.OTHER_UID}
    child = Child(machine, **lena)
    assert child.admit(user="lena", service="locker", rhost="203.0.113.9")[0] == ADMITTED
    assert child.decided(CLAIMS, *_claims("s-2", "bob")) == ("ok", ALLOW, "lena")
    sets = child.finish()[4]
    assert sets["FRONTDESK_SUBJECT"] == "s-2" and "FRONTDESK_SESSION" not in sets
    record = machine.audited()[-1]
    assert (record["peer_uid"], record["service"], record["user"]) == (room.OTHER_UID, "locker", "lena")
    assert "rhost" not in record
    records = len(machine.audited())
    for fields in ({"user": "visitor", "service": "locker"}, {"user": "", "service": "locker"},
                   {"user": "lena", "service": "login"}, {"user": "root", "service": "locker"},
                   {"user": "lena", "service": "locker", "phase": OPEN_SESSION},
                   {"user": "lena", "service": "locker", "phase": CLOSE_SESSION}):
        decision = Child(machine, **lena).decided(ADMIT, blob(room.login(**fields)))
        assert decision == ("peer_not_allowed", DENY, ""), fields
    assert len(machine.audited()) == records, "nobody may fill the disk by asking"


def a_key_that_a_user_claims_to_have_shown_is_none(machine):
    key = {"user": "lena", "service": "locker", "prior_auth": "publickey ssh-ed25519 AAAA\n"}
    _mapped(machine, "[service locker]\nunprivileged = yes\nrequires_key = yes\n", services="login locker")
    assert Child(machine).admit(**key)[0] == ADMITTED
    child = Child(machine, module_uid=room.OTHER_UID)
    assert child.decided(ADMIT, blob(room.login(**key)))[0] == "key_required"


def a_member_asks_about_itself_and_nobody_is_made(machine):
    machine.configure(corp={})
    _enter(machine, "s-40", "", "mia")
    with sqlite3.connect(f"file:{machine.state}/members.db?mode=ro", uri=True) as store:
        uid = store.execute("SELECT id FROM member WHERE name = 'mia'").fetchone()[0]
    machine.configure("[service locker]\nunprivileged = yes\n", corp={"services": "login locker"})
    child = Child(machine, module_uid=uid)
    assert child.admit(user="mia", service="locker")[0] == ADMITTED
    assert child.decided(CLAIMS, *_claims("s-40", "mia")) == ("ok", ALLOW, "mia")
    child = Child(machine, module_uid=uid)
    child.admit(user="mia", service="locker")
    assert child.decided(CLAIMS, *_claims("s-41", "mio"))[1] != ALLOW
    assert "mio" not in _member_names(machine)
    decision = Child(machine, module_uid=uid).decided(ADMIT, blob(room.login(user="lena", service="locker")))
    assert decision[0] == "peer_not_allowed"
    account = Child(machine, module_uid=uid)
    assert account.decided(ADMIT, blob(room.login(phase=ACCOUNT, user="mia", service="locker")))[0] == "ok"


def users_have_slots_of_their_own(machine):
    _mapped(machine, "[limits]\nunprivileged = 1\nsign_ins = 2\n[service locker]\nunprivileged = yes\n",
            services="login locker")
    held = Child(machine, module_uid=room.OTHER_UID)
    assert held.admit(user="lena", service="locker")[0] == ADMITTED
    other = Child(machine, module_uid=VISITOR_UID)
    decision = other.decided(ADMIT, blob(room.login(user="visitor", service="locker")))
    assert decision[:2] == ("too_many_unprivileged", UNAVAILABLE)
    roots = [Child(machine), Child(machine)]
    assert [child.admit(user=f"u{n}")[0] for n, child in enumerate(roots)] == [ADMITTED, ADMITTED]
    for child in (held, *roots):
        child.close()


def every_sign_in_and_session_is_recorded_with_the_person_behind_it(machine):
    _mapped(machine, "[service login]\nrole = customer\n")
    sets = _enter(machine, "s-2", "lena", rhost="203.0.113.9")
    _phase(machine, OPEN_SESSION, "lena", ticket=sets["FRONTDESK_SESSION"])
    _phase(machine, CLOSE_SESSION, "lena", ticket=sets["FRONTDESK_SESSION"])
    child = Child(machine)
    child.admit(user="lena")
    child.decided(CLAIMS, *_claims("s-77", "zoe"))
    begun, opened, closed, refused = machine.audited()[-4:]
    for record, event in ((begun, "sign_in"), (opened, "session_begin"), (closed, "session_end")):
        assert (record["event"], record["user"], record["issuer"], record["subject"], record["connection"]) == \
            (event, "lena", ISSUER, "s-2", "corp"), record
        assert (record["role"], record["service"], record["peer_uid"]) == ("customer", "login", 0)
    assert begun["rhost"] == "203.0.113.9" and begun["verdict"] == "allow" and sets["FRONTDESK_ROLE"] == "customer"
    assert (refused["verdict"], refused["reason"], refused["subject"]) == ("deny", "wrong_user", "s-77")
    assert refused["requested_user"] == "lena" and "user" not in refused


def log_readers_may_read_the_records(machine):
    info = os.stat(machine.audit)
    assert stat.S_IMODE(info.st_mode) == 0o640 and info.st_uid == room.KEEPER_UID
    folder = os.stat(os.path.dirname(machine.audit))
    assert stat.S_IMODE(folder.st_mode) == 0o2750 and info.st_gid == folder.st_gid


def what_cannot_be_recorded_does_not_happen(machine):
    _mapped(machine, "[service login]\nfirst_sign_in = reconnect\n")
    ticket = _enter(machine, "s-2", "lena")["FRONTDESK_SESSION"]
    sessions = _sessions(machine)
    os.rename(machine.audit, machine.audit + ".1")
    os.mkdir(machine.audit)
    try:
        child = Child(machine)
        child.admit(user="lena")
        assert child.decided(CLAIMS, *_claims("s-2", "bob"))[:2] == ("audit_failed", UNAVAILABLE)
        assert child.finish()[:3] == (UNAVAILABLE, "", "audit_failed")
        child = Child(machine)
        child.admit(user="carol", rhost="203.0.113.9")
        assert child.decided(CLAIMS, *_claims("s-3", "carol"))[:2] == ("audit_failed", UNAVAILABLE)
        assert _sessions(machine) == sessions
        child = Child(machine)
        child.admit(user="lena")
        assert child.decided(REFUSE, string("timeout"), string(""))[0] == "timeout"
        assert _phase(machine, OPEN_SESSION, "lena", ticket=ticket)[0] == "audit_failed"
        assert _phase(machine, CLOSE_SESSION, "lena", ticket=ticket)[0] == "ok"
        assert "the audit record could not be written" in machine.logged()
    finally:
        os.rmdir(machine.audit)
        os.rename(machine.audit + ".1", machine.audit)


def a_connection_of_the_vendors_serves_until_the_administrators_takes_its_place(machine):
    machine.configure("")
    os.makedirs(machine.folder + "/vendor/connections.d")
    with open(machine.folder + "/vendor/connections.d/corp.conf", "w", encoding="utf-8") as file:
        file.write(room.CONNECTION.format(issuer=ISSUER, services="login", create="no", more=""))
    answer, reader = Child(machine).admit()
    assert answer == ADMITTED and reader.string() == "corp"
    machine.configure("", corp={"services": "sudo"})
    assert Child(machine).decided(ADMIT, blob(room.login()))[:2] == ("no_connection", IGNORE)
    shutil.rmtree(machine.folder + "/vendor")


def the_keeper_does_not_configure_itself(machine):
    machine.configure("", corp={})
    path = f"{machine.config}/connections.d/corp.conf"
    os.chown(path, room.KEEPER_UID, room.KEEPER_UID)
    assert Child(machine).decided(ADMIT, blob(room.login()))[1] == UNAVAILABLE
    os.chown(path, 0, 0)
    assert Child(machine).admit()[0] == ADMITTED


def a_secret_may_be_a_credential_of_the_service(machine):
    folder = machine.folder + "/credentials"
    os.mkdir(folder)
    with open(folder + "/corp-secret", "w", encoding="ascii") as file:
        file.write("s3cret")
    for path in (folder, folder + "/corp-secret"):
        os.chown(path, room.KEEPER_UID, room.KEEPER_UID)
    os.chmod(folder + "/corp-secret", 0o400)
    machine.configure(corp={"more": "client_secret_file = corp-secret"})
    assert Child(machine).decided(ADMIT, blob(room.login()))[0] == "secret_unreadable"
    machine.stop(machine.keeper)
    os.environ["CREDENTIALS_DIRECTORY"] = folder
    _start(machine)
    machine.configure(corp={"more": "client_secret_file = corp-secret"})
    answer, reader = Child(machine).admit()
    assert answer == ADMITTED and (reader.string(), reader.blob()) == ("corp", b"s3cret")


def _start(machine):
    _mapped(machine)
    machine.keeper = machine.start("frontdesk-keeper")
    machine.wait_for(lambda: room.listens(machine.run + "/keeper.sock"))


def _begin(machine):
    with open("/etc/passwd", "a", encoding="utf-8") as file:
        file.write(f"visitor:x:{VISITOR_UID}:{VISITOR_UID}::/:/bin/sh\n")
    _start(machine)


if __name__ == "__main__":
    sys.exit(room.main(sys.modules["__main__"], _begin))
