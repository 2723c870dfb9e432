# SPDX-License-Identifier: BSD-2-Clause
"""The keeper asked by a child that we play: local accounts, sessions and their tickets, and what the audit file
keeps."""
import os
import shutil
import sqlite3
import stat
import sys

import room
from people import ISSUER, ask_phase, begin, claims_of, enter, mapped, member_names, session_count, start
from room import ACCOUNT, ADMIT, ADMITTED, ALLOW, CLAIMS, CLOSE_SESSION, DENY, IGNORE, OPEN_SESSION, PICK, REFUSE
from room import REMEMBER, UNAVAILABLE, USERS, Child, blob, string


def a_mapped_person_enters_the_account_and_becomes_no_member(machine):
    mapped(machine)
    sets = enter(machine, "s-2", "lena", "bob")
    assert sets["user"] == "lena" and sets["FRONTDESK_SUBJECT"] == "s-2" and "FRONTDESK_MEMBER" not in sets
    assert "bob" not in member_names(machine)


def the_account_of_somebody_else_is_not_entered(machine):
    mapped(machine)
    child = Child(machine)
    child.admit(user="visitor")
    assert child.decided(CLAIMS, *claims_of("s-2", "bob"))[:2] == ("wrong_user", DENY)
    assert child.finish()[0] == DENY


def only_a_verified_address_is_mapped(machine):
    mapped(machine)
    for verified, reason in ((True, "ok"), (False, "wrong_user")):
        child = Child(machine)
        child.admit(user="visitor")
        claims = claims_of("s-5", "ada", email="ada@idp.example", email_verified=verified)
        assert child.decided(CLAIMS, *claims)[0] == reason, verified


def several_accounts_are_a_question_and_the_answer_is_one_of_them(machine):
    mapped(machine)
    child = Child(machine)
    child.admit(user="")
    answer, reader = child.ask(CLAIMS, *claims_of("s-1", "alice"))
    assert answer == USERS and reader.number("H") == 2
    assert [reader.string(), reader.string()] == ["lena", "visitor"] and not reader.packet
    assert child.decided(PICK, string("visitor")) == ("ok", ALLOW, "visitor")
    assert child.finish()[:2] == (ALLOW, "visitor")
    assert "alice" not in member_names(machine)
    for name in ("root", "alice", ""):
        child = Child(machine)
        child.admit(user="")
        child.ask(CLAIMS, *claims_of("s-1", "alice"))
        assert child.ask(PICK, string(name)) == (None, None), name
        assert room.packet_of(child.module)[0] == b""


def claims_come_once_also_while_a_pick_is_due(machine):
    mapped(machine)
    child = Child(machine)
    child.admit(user="")
    child.ask(CLAIMS, *claims_of("s-1", "alice"))
    assert child.ask(CLAIMS, *claims_of("s-2", "bob")) == (None, None)


def a_pick_is_judged_by_the_map_of_now(machine):
    mapped(machine)
    child = Child(machine)
    child.admit(user="")
    child.ask(CLAIMS, *claims_of("s-1", "alice"))
    machine.write("users.map", "sub:s-1 = lena\n")
    assert child.decided(PICK, string("visitor"))[:2] == ("wrong_user", DENY)


def a_shared_account_is_entered_by_everybody_allowed(machine):
    machine.configure(corp={"create": "no", "more": "shared_account = visitor"})
    assert enter(machine, "s-8", "")["user"] == "visitor"
    assert enter(machine, "s-9", "visitor")["FRONTDESK_SUBJECT"] == "s-9"
    child = Child(machine)
    child.admit(user="lena")
    assert child.decided(CLAIMS, *claims_of("s-9", "x")) == ("wrong_user", DENY, "visitor")


def a_broken_map_is_unavailable(machine):
    mapped(machine)
    machine.write("users.map", "sub:s-1 = root\n")
    child = Child(machine)
    child.admit(user="lena")
    assert child.decided(CLAIMS, *claims_of("s-1", "alice"))[:2] == ("user_map_broken", UNAVAILABLE)


def an_account_goes_on_by_its_ticket_until_the_session_ends(machine):
    mapped(machine)
    ticket = enter(machine, "s-2", "lena")["FRONTDESK_SESSION"]
    assert ask_phase(machine, ACCOUNT, "lena", ticket=ticket) == ("ok", ALLOW, "lena")
    assert ask_phase(machine, OPEN_SESSION, "lena", ticket=ticket) == ("ok", ALLOW, "lena")
    assert ask_phase(machine, ACCOUNT, "visitor", ticket=ticket)[0] == "session_unknown"
    assert ask_phase(machine, ACCOUNT, "lena", ticket="A" * 22)[0] == "session_unknown"
    assert ask_phase(machine, ACCOUNT, "lena")[0] == "not_a_member"
    machine.configure(corp={"more": "enabled = no"})
    assert ask_phase(machine, ACCOUNT, "lena", ticket=ticket)[:2] == ("connection_disabled", DENY)
    mapped(machine)
    assert ask_phase(machine, CLOSE_SESSION, "lena", ticket=ticket)[0] == "ok"
    machine.wait_for(lambda: ask_phase(machine, ACCOUNT, "lena", ticket=ticket)[0] == "session_unknown")
    assert ask_phase(machine, CLOSE_SESSION, "lena", ticket=ticket)[0] == "ok"


def a_ticket_nobody_heard_of_opens_nothing(machine):
    mapped(machine)
    child = Child(machine)
    child.admit(user="lena")
    assert child.decided(CLAIMS, *claims_of("s-2", "bob"))[0] == "ok"
    with sqlite3.connect(f"file:{machine.state}/members.db?mode=ro", uri=True) as store:
        before = store.execute("SELECT count(*) FROM session").fetchone()[0]
        child.close()
        machine.wait_for(lambda: store.execute("SELECT count(*) FROM session").fetchone()[0] == before - 1)


def the_ticket_itself_is_nowhere_in_the_state_folder(machine):
    mapped(machine)
    ticket = enter(machine, "s-2", "lena")["FRONTDESK_SESSION"]
    for folder, _, names in os.walk(machine.state):
        for name in names:
            with open(f"{folder}/{name}", "rb") as file:
                assert ticket.encode() not in file.read(), name
    with open(machine.audit, "rb") as file:
        assert ticket.encode() not in file.read()


def the_log_out_url_is_told_where_the_service_shows_it(machine):
    url = ISSUER + "logout"
    for main, told in (("", ""), ("[service login]\nlog_out = link\n", url + "?client_id=desk")):
        mapped(machine, main)
        ticket = enter(machine, "s-2", "lena", url=url)["FRONTDESK_SESSION"]
        child = Child(machine)
        child.decided(ADMIT, blob(room.login(phase=CLOSE_SESSION, user="lena", ticket=ticket)))
        assert child.log_out_url == told
        child.finish()
    ticket = enter(machine, "s-2", "lena", url="http://evil.example/")["FRONTDESK_SESSION"]
    child = Child(machine)
    child.decided(ADMIT, blob(room.login(phase=CLOSE_SESSION, user="lena", ticket=ticket)))
    assert child.log_out_url == ""


def a_typed_password_is_passed_on_where_passwords_are_allowed(machine):
    mapped(machine)
    child = Child(machine)
    child.admit(flags=room.PASSWORDS_ALLOWED)
    assert child.decided(REFUSE, string("password_typed"), string("")) == ("password_typed", IGNORE, "")
    assert child.finish()[:3] == (IGNORE, "", "password_typed")


def who_has_approved_is_not_passed_on_to_passwords(machine):
    mapped(machine)
    child = Child(machine)
    child.admit(user="", flags=room.PASSWORDS_ALLOWED)
    child.ask(CLAIMS, *claims_of("s-1", "alice"))
    assert child.ask(REFUSE, string("password_typed"), string("")) == (None, None)


def a_service_may_ask_for_a_key_first(machine):
    mapped(machine, "[service login]\nrequires_key = yes\n")
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


def every_sign_in_and_session_is_recorded_with_the_person_behind_it(machine):
    mapped(machine, "[service login]\nrole = customer\n")
    sets = enter(machine, "s-2", "lena", rhost="203.0.113.9")
    ask_phase(machine, OPEN_SESSION, "lena", ticket=sets["FRONTDESK_SESSION"])
    ask_phase(machine, CLOSE_SESSION, "lena", ticket=sets["FRONTDESK_SESSION"])
    for verified in (False, True):
        child = Child(machine)
        child.admit(user="lena")
        child.decided(CLAIMS, *claims_of("s-77", "zoe", email="zoe@idp.example", email_verified=verified))
    begun, opened, closed, unproved, refused = machine.audited()[-5:]
    assert refused["identity"] == unproved["identity"], "the same person, and nobody says who"
    assert not {"issuer", "subject", "email"} & {*refused, *unproved}
    for record, event in ((begun, "sign_in"), (opened, "session_begin"), (closed, "session_end")):
        assert (record["event"], record["user"], record["issuer"], record["subject"], record["connection"]) == \
            (event, "lena", ISSUER, "s-2", "corp"), record
        assert (record["role"], record["service"], record["peer_uid"]) == ("customer", "login", 0)
    assert begun["rhost"] == "203.0.113.9" and begun["verdict"] == "allow" and sets["FRONTDESK_ROLE"] == "customer"
    assert (refused["verdict"], refused["reason"]) == ("deny", "wrong_user")
    assert refused["requested_user"] == "lena" and "user" not in refused


def of_lost_scopes_only_those_of_the_connection_are_told(machine):
    mapped(machine)
    child = Child(machine)
    child.admit(user="lena")
    told = string("profile; verdict=allow openid  email")
    assert child.decided(CLAIMS, *claims_of("s-2", "bob")[:3], told)[0] == "ok"
    assert machine.audited()[-1]["detail"] == "allow_all; scopes not granted: openid email"


def log_readers_may_read_the_records(machine):
    info = os.stat(machine.audit)
    assert stat.S_IMODE(info.st_mode) == 0o640 and info.st_uid == room.KEEPER_UID
    folder = os.stat(os.path.dirname(machine.audit))
    assert stat.S_IMODE(folder.st_mode) == 0o2750 and info.st_gid == folder.st_gid


def a_stranger_from_afar_is_told_the_name_to_connect_with_again(machine):
    mapped(machine, "[service login]\nfirst_sign_in = reconnect\n")
    child = Child(machine)
    child.admit(user="nora", rhost="203.0.113.9")
    assert child.decided(CLAIMS, *claims_of("s-90", "nora")) == ("connect_again", DENY, "nora")
    assert machine.audited()[-1]["member"] == "nora"


def with_a_broken_configuration_nobody_goes_on_but_sessions_end(machine):
    mapped(machine)
    ticket = enter(machine, "s-2", "lena")["FRONTDESK_SESSION"]
    machine.write("frontdesk.conf", "nonsense\n")
    for phase, reason in ((ACCOUNT, "config_broken"), (OPEN_SESSION, "config_broken"), (CLOSE_SESSION, "ok")):
        assert ask_phase(machine, phase, "lena", ticket=ticket)[0] == reason, phase


def what_cannot_be_recorded_does_not_happen(machine):
    mapped(machine, "[service login]\nfirst_sign_in = reconnect\n")
    ticket = enter(machine, "s-2", "lena")["FRONTDESK_SESSION"]
    before = session_count(machine)
    os.rename(machine.audit, machine.audit + ".1")
    os.mkdir(machine.audit)
    try:
        child = Child(machine)
        child.admit(user="lena")
        assert child.decided(CLAIMS, *claims_of("s-2", "bob"))[:2] == ("audit_failed", UNAVAILABLE)
        assert child.finish()[:3] == (UNAVAILABLE, "", "audit_failed")
        child = Child(machine)
        child.admit(user="carol", rhost="203.0.113.9")
        assert child.decided(CLAIMS, *claims_of("s-3", "carol"))[:2] == ("audit_failed", UNAVAILABLE)
        assert session_count(machine) == before and "carol" not in member_names(machine)
        child = Child(machine)
        child.admit(user="lena")
        assert child.decided(REFUSE, string("timeout"), string(""))[0] == "timeout"
        assert ask_phase(machine, OPEN_SESSION, "lena", ticket=ticket)[0] == "audit_failed"
        assert ask_phase(machine, CLOSE_SESSION, "lena", ticket=ticket)[0] == "ok"
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
    start(machine)
    machine.configure(corp={"more": "client_secret_file = corp-secret"})
    answer, reader = Child(machine).admit()
    assert answer == ADMITTED and (reader.string(), reader.blob()) == ("corp", b"s3cret")


if __name__ == "__main__":
    sys.exit(room.main(sys.modules["__main__"], begin))
