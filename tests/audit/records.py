# SPDX-License-Identifier: BSD-2-Clause
"""The keeper's records, asked by a child that we play: one for each attempt, however it ends, and nobody in clear
who was not let in."""
import contextlib
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "daemons"))
import room  # noqa: E402
from people import begin, claims_of, enter, mapped  # noqa: E402
from room import ACCOUNT, ADMIT, ADMITTED, CHOOSE, CLAIMS, OPEN_SESSION, PICK, REFUSE  # noqa: E402
from room import Child, blob, string  # noqa: E402

SUBJECT = "subject-of-somebody"
EVENTS = {"sign_in", "account", "session_begin", "session_end", "undelivered"}
LINE = 1024  # bytes of a line in the log
ROW = re.compile(r'R\((REASON_\w+), "(\w+)", VERDICT_(\w+)\)')


def _reasons():
    """{code: verdict} of the one table."""
    with open("helper/reason.h", encoding="utf-8") as file:
        return {code: verdict.lower() for _, code, verdict in ROW.findall(file.read())}


@contextlib.contextmanager
def _recorded(machine):
    """The records that came meanwhile: file and log say the same."""
    found = []
    before, told = len(machine.audited()) if os.path.exists(machine.audit) else 0, len(machine.told())
    yield found
    found += machine.audited()[before:]
    assert [_what(record) for record in found] == [_what(record) for record in machine.told()[told:]
                                                   if record["event"] in EVENTS], (found, machine.told()[told:])


def _what(record):
    return record["event"], record["verdict"], record["reason"], record.get("identity"), record.get("subject")


def _ended(machine, found):
    """Waits for the records of a sign-in that a closed socket ends."""
    machine.wait_for(lambda: len(machine.audited()) > found)


def every_refusal_of_a_child_is_one_record_in_file_and_log(machine):
    mapped(machine)
    table = {code: verdict for code, verdict in _reasons().items() if verdict not in ("allow", "ignore")}
    assert len(table) > 80
    for number, (code, verdict) in enumerate(table.items()):
        with _recorded(machine) as records:
            child = Child(machine)
            assert child.admit(user="", rhost=f"203.0.113.{number}")[0] == ADMITTED
            assert child.decided(REFUSE, string(code), string("why"))[0] == code
            assert child.finish()[2] == code
        record, = records
        assert (record["event"], record["verdict"], record["reason"]) == ("sign_in", verdict, code), record
        assert (record["connection"], record["detail"], record["rhost"]) == ("corp", "why", f"203.0.113.{number}"), record
        assert (record["service"], record["role"], record["phase"]) == ("login", "staff", "auth"), record
        assert isinstance(record["duration_ms"], int) and record["duration_ms"] >= 0, record


def what_ends_without_a_decision_is_one_record(machine):
    mapped(machine)
    ends = {"cancelled": lambda child: child.module.close(), "child_ended": lambda child: child.sock.close(),
            "protocol": lambda child: child.send(PICK, string("root"))}
    for reason, end in ends.items():
        count = len(machine.audited())
        with _recorded(machine) as records:
            child = Child(machine)
            assert child.admit(user="lena")[0] == ADMITTED
            end(child)
            _ended(machine, count)
            child.close()
        record, = records
        assert (record["event"], record["verdict"], record["reason"]) == ("sign_in", "unavailable", reason), record
        assert record["requested_user"] == "lena" and record["connection"] == "corp", record


def a_choice_that_nobody_makes_is_one_record(machine):
    machine.configure(corp={}, partner={})
    count = len(machine.audited())
    with _recorded(machine) as records:
        child = Child(machine)
        assert child.admit(user="")[0] == room.CHOICES
        child.close()
        _ended(machine, count)
    assert [record["event"] for record in records] == ["sign_in"] and "connection" not in records[0], records
    with _recorded(machine) as records:
        child = Child(machine)
        assert child.admit(user="")[0] == room.CHOICES
        assert child.ask(CHOOSE, string("none of them")) == (None, None)
        _ended(machine, count + 1)
    assert [record["reason"] for record in records] == ["protocol"], records


def an_approval_that_nobody_waits_for_is_taken_back_in_a_second_record(machine):
    mapped(machine)
    count = len(machine.audited())
    with _recorded(machine) as records:
        child = Child(machine)
        child.admit(user="lena")
        assert child.decided(CLAIMS, *claims_of("s-2", "bob"))[0] == "ok"
        child.close()
        _ended(machine, count + 1)
    assert [(record["event"], record["verdict"], record["reason"]) for record in records] == [
        ("sign_in", "allow", "ok"), ("undelivered", "unavailable", "not_delivered")], records


def _next_keeper(machine, end):
    end(machine.keeper)
    machine.keeper.wait(room.PATIENCE)
    machine.processes.remove(machine.keeper)
    os.unlink(machine.run + "/keeper.sock")
    machine.keeper = machine.start("frontdesk-keeper")
    machine.wait_for(lambda: room.listens(machine.run + "/keeper.sock"))


def a_keeper_that_ends_records_what_it_had_begun(machine):
    mapped(machine)
    stray = "not-a-note"
    os.mkdir(f"{machine.state}/begun/{stray}")
    for end in (lambda keeper: keeper.terminate(), lambda keeper: keeper.kill()):
        before, told, children = len(machine.audited()), len(machine.told()), [Child(machine) for _ in range(3)]
        for number, child in enumerate(children):
            assert child.admit(user=f"user{number}", rhost="203.0.113.80")[0] == ADMITTED
        _next_keeper(machine, end)
        machine.wait_for(lambda: os.listdir(machine.state + "/begun") == [stray])
        records = machine.audited()[before:]
        assert [_what(record) for record in machine.told()[told:]] == [_what(record) for record in records]
        assert sorted(record["requested_user"] for record in records) == ["user0", "user1", "user2"], records
        assert {(r["event"], r["verdict"], r["reason"]) for r in records} == {
            ("sign_in", "unavailable", "keeper_ended")}, records
        for child in children:
            child.close()
    os.rmdir(f"{machine.state}/begun/{stray}")


def a_keeper_that_ends_between_an_allow_and_its_delivery_says_so(machine):
    mapped(machine)
    for end, why in ((lambda keeper: keeper.terminate(), "not_delivered"), (lambda keeper: keeper.kill(), "keeper_ended")):
        before, told = len(machine.audited()), len(machine.told())
        child = Child(machine)
        child.admit(user="lena")
        assert child.decided(CLAIMS, *claims_of("s-2", "bob"))[0] == "ok"
        _next_keeper(machine, end)
        machine.wait_for(lambda: not os.listdir(machine.state + "/begun"))
        records = machine.audited()[before:]
        assert [(r["event"], r["verdict"], r["reason"]) for r in records] == [
            ("sign_in", "allow", "ok"), ("undelivered", "unavailable", why)], records
        assert {(r["user"], r["subject"], r["connection"]) for r in records} == {("lena", "s-2", "corp")}, records
        assert [_what(record) for record in machine.told()[told:]] == [_what(record) for record in records]
        child.close()


def half_a_note_of_an_allow_is_none(machine):
    """The keeper was killed, or the disk was full, in the middle of it."""
    mapped(machine)
    before, child = len(machine.audited()), Child(machine)
    child.admit(user="lena")
    assert child.decided(CLAIMS, *claims_of("s-2", "bob"))[0] == "ok"
    note, = os.listdir(machine.state + "/begun")
    machine.keeper.kill()
    machine.keeper.wait(room.PATIENCE)
    with open(f"{machine.state}/begun/{note}", "r+", encoding="utf-8") as file:
        file.truncate(os.stat(file.name).st_size - 1)
    _next_keeper(machine, lambda keeper: None)
    machine.wait_for(lambda: not os.listdir(machine.state + "/begun"))
    assert [(r["event"], r["reason"]) for r in machine.audited()[before:]] == [("sign_in", "ok"), ("sign_in", "keeper_ended")]
    child.close()


def a_refusal_and_an_allow_that_was_delivered_leave_no_note(machine):
    mapped(machine)
    for subject, reason, notes in (("s-2", "ok", 1), (SUBJECT, "wrong_user", 0)):
        child = Child(machine)
        child.admit(user="lena")
        note, = os.listdir(machine.state + "/begun")
        info = os.stat(f"{machine.state}/begun/{note}")
        assert (info.st_mode & 0o777, info.st_uid) == (0o600, room.KEEPER_UID)
        assert child.decided(CLAIMS, *claims_of(subject, "x"))[0] == reason
        assert len(os.listdir(machine.state + "/begun")) == notes
        child.finish()
        machine.wait_for(lambda: not os.listdir(machine.state + "/begun"))
        child.close()


def an_account_that_may_not_go_on_is_a_record_and_one_that_may_is_a_line(machine):
    mapped(machine)
    ticket = enter(machine, "s-2", "lena")["FRONTDESK_SESSION"]
    before, told = len(machine.audited()), len(machine.told())
    for user, known, reason in (("lena", ticket, "ok"), ("nobody.here", "", "not_a_member")):
        child = Child(machine)
        assert child.decided(ADMIT, blob(room.login(phase=ACCOUNT, user=user, ticket=known)))[0] == reason
        child.finish()
    record, = machine.audited()[before:]
    assert (record["event"], record["verdict"], record["reason"]) == ("account", "unknown_user", "not_a_member"), record
    assert [line["reason"] for line in machine.told()[told:]] == ["ok", "not_a_member"]


def a_session_that_may_not_begin_is_a_record(machine):
    mapped(machine)
    with _recorded(machine) as records:
        child = Child(machine)
        child.decided(ADMIT, blob(room.login(phase=OPEN_SESSION, user="lena", ticket="A" * 22)))
        child.finish()
    assert [(r["event"], r["verdict"], r["reason"]) for r in records] == [("session_begin", "deny", "session_unknown")]


def sign_in_and_session_are_joined_by_a_word_that_is_not_the_ticket(machine):
    mapped(machine)
    sets = enter(machine, "s-2", "lena")
    for phase in (OPEN_SESSION, room.CLOSE_SESSION):
        child = Child(machine)
        child.decided(ADMIT, blob(room.login(phase=phase, user="lena", ticket=sets["FRONTDESK_SESSION"])))
        child.finish()
        child.close()
    begun, opened, closed = machine.audited()[-3:]
    assert begun["session"] == opened["session"] == closed["session"] and len(begun["session"]) == 12
    assert begun["session"] not in sets["FRONTDESK_SESSION"] and closed["session_s"] >= 0
    assert sets["FRONTDESK_SESSION"] not in json.dumps([begun, opened, closed]) + machine.logged()


def who_is_refused_has_a_tag_that_stays_the_same(machine):
    mapped(machine)
    tags = []
    for subject in (SUBJECT, SUBJECT, "another"):
        child = Child(machine)
        child.admit(user="lena")
        assert child.decided(CLAIMS, *claims_of(subject, "x", email="x@idp.example", email_verified=True))[0] == "wrong_user"
        child.finish()
        child.close()
        record = machine.audited()[-1]
        assert not {"issuer", "subject", "email", "user"} & set(record), record
        tags.append(record["identity"])
    assert tags[0] == tags[1] != tags[2] and all(len(tag) == 22 for tag in tags)
    with open(machine.audit, encoding="utf-8") as file:
        assert SUBJECT not in file.read() + machine.logged()
    info = os.stat(machine.state + "/audit.key")
    assert (info.st_mode & 0o7777, info.st_uid, info.st_size) == (0o400, room.KEEPER_UID, 32)


def who_is_let_in_answers_in_clear(machine):
    mapped(machine)
    enter(machine, "s-2", "lena")
    record = machine.audited()[-1]
    assert (record["user"], record["subject"], record["connection"]) == ("lena", "s-2", "corp") and "identity" not in record


def _said_about(machine, **login):
    """The whole lines in the log that one refusal made."""
    before = len(machine.logged())
    child = Child(machine)
    child.decided(ADMIT, blob(room.login(**login)))
    child.finish()
    child.close()
    return machine.logged()[before:].splitlines()


def nothing_foreign_makes_a_second_line_or_breaks_the_first(machine):
    mapped(machine)
    evil = ('x"}\nAccepted publickey for root', '","verdict":"allow', "%s%n%99999d", "\x1b]0;x\x07\x9b31m", "a\\", "\u202e",
            b"\xff\xc0\xaf")
    for word in evil:
        line, = _said_about(machine, service="no-such", user="lena", rhost=word)
        record = json.loads(line.split(": ", 1)[1])
        assert record == {**record, "verdict": "ignore", "reason": "no_connection"}
        assert record["rhost"] == (word if isinstance(word, str) else "\ufffd" * 3), record
        assert all(0x20 <= ord(c) <= 0x7e for c in line), line
        assert machine.audited()[-1]["rhost"] == record["rhost"]


def a_line_is_whole_json_within_a_kibibyte_however_long_its_strings_are(machine):
    mapped(machine)
    for filler in ("a", "\u202e" , '"'):
        long = (filler * 256).encode()[:255].decode("utf-8", "ignore")
        line, = _said_about(machine, service="no-such", user=long[:240], rhost=long)
        record = json.loads(line.split(": ", 1)[1])
        assert len(line) < LINE and record["verdict"] == "ignore", line
        assert record["rhost"].endswith("...") or (filler == "a" and record["rhost"] == long), line
        assert machine.audited()[-1]["rhost"] == long, "the file has all of it"


def a_long_detail_is_not_cut_where_there_is_room(machine):
    mapped(machine)
    detail = "status 503 of the token endpoint: " + "d" * 150
    child = Child(machine)
    child.admit(user="lena")
    child.decided(REFUSE, string("idp_status"), string(detail))
    child.finish()
    assert machine.told()[-1]["detail"] == machine.audited()[-1]["detail"] == detail


def users_other_than_root_leave_a_claim_in_the_log_and_nothing_in_the_file(machine):
    mapped(machine)
    before = len(machine.audited())
    child = Child(machine, module_uid=room.OTHER_UID)
    assert child.decided(ADMIT, blob(room.login(user="lena", service="sshd")))[0] == "peer_not_allowed"
    child.finish()
    line = machine.told()[-1]
    assert (line["service"], line["peer_uid"], line["unprivileged"]) == ("sshd", room.OTHER_UID, True), line
    assert len(machine.audited()) == before


def the_file_is_rotated_by_size_and_no_record_is_lost(machine):
    mapped(machine, "[audit]\nmax_size = 64 kB\nkeep = 2\n")
    for number in range(260):
        child = Child(machine)
        child.admit(user="", rhost=f"host-{number}")
        child.decided(REFUSE, string("timeout"), string("x" * 190))
        child.finish()
        child.close()
    files = [machine.audit, machine.audit + ".1", machine.audit + ".2"]
    hosts = []
    for path in reversed(files):
        info = os.stat(path)
        assert info.st_size <= 64000 * 1.03 and info.st_mode & 0o777 == 0o640, (path, info)
        with open(path, encoding="utf-8") as file:
            hosts += [json.loads(line).get("rhost") for line in file]
    wanted = [f"host-{number}" for number in range(260)]
    assert hosts[-len(wanted):] == wanted[-len(hosts):], hosts[-5:]
    assert not os.path.exists(machine.audit + ".3")
    mapped(machine)


if __name__ == "__main__":
    sys.exit(room.main(sys.modules["__main__"], begin))
