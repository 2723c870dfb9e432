# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk members`: rename, rebind, export and import; what each tries first, and what it records."""
import csv
import io
import json
import os
import sys

from desk import Desk, main, tap

WHO = ("root", "lena")


def _ok(result):
    assert result.status == 0, result
    return result


def _invite(desk, name, *more):
    return _ok(desk.run("--json", "members", "invite", name, "--email", f"{name}@acme.com", *more)).lines[0]


def _records(desk):
    if not os.path.exists(desk.audit):
        return []
    with open(desk.audit, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _store(desk):
    with open(f"{desk.state}/members.db", "rb") as file:
        return file.read()


def _signed_in(desk):
    _ok(desk.login("--commit"))
    return desk.members()["ana"]


def a_renamed_member_keeps_id_and_identity_and_the_old_name_stays_taken(provider):
    for user in WHO:
        desk = Desk(provider, user).connect()
        before = _signed_in(desk)
        result = _ok(desk.run("members", "rename", "ana", "anna"))
        assert "anna (uid " in result.out and "/home/anna" in result.out, result
        after = desk.members()["anna"]
        assert (after["uid"], after["subject"]) == (before["uid"], before["subject"]), after
        assert desk.login().verdict["member"] == "anna"
        result = desk.run("members", "invite", "ana", "--email", "other@acme.com")
        assert result.status == 1 and "(name_taken)" in result.err, result
        _ok(desk.run("members", "rename", "anna", "ann", "--free-name"))
        _invite(desk, "anna")


def a_dry_run_writes_and_records_nothing(provider):
    desk = Desk(provider).connect()
    _invite(desk, "ben")
    before, records = _store(desk), _records(desk)
    for arguments in (("rename", "ben", "benny"), ("disable", "ben"), ("remove", "ben", "--erase"),
                      ("invite", "eva", "--email", "eva@acme.com"),
                      ("rebind", "ben", "--issuer", "https://other.example", "--subject", "s",
                       "--connection", "acme")):
        _ok(desk.run("members", *arguments, "--dry-run"))
        assert _store(desk) == before and _records(desk) == records, arguments


def every_change_is_recorded_with_who_made_it(provider):
    for user in WHO:
        desk = Desk(provider, user).connect()
        _invite(desk, "ben")
        _ok(desk.run("members", "rename", "ben", "benny"))
        _ok(desk.run("members", "disable", "benny"))
        _ok(desk.run("members", "enable", "benny"))
        _ok(desk.run("members", "remove", "benny", "--free-name"))
        records = _records(desk)
        assert [r["event"] for r in records] == ["members_invite", "members_rename", "members_disable",
                                                 "members_enable", "members_remove"], records
        assert all(r["reason"] == "ok" and r["peer_uid"] == desk.uid and r["time"].endswith("Z") for r in records)
        assert (records[1]["member"], records[1]["new_name"]) == ("ben", "benny"), records
        assert records[4]["free_name"] is True, records


def what_cannot_be_recorded_is_not_done(provider):
    desk = Desk(provider).connect()
    _invite(desk, "ben")
    os.rename(desk.audit, desk.audit + ".1")
    os.symlink("/dev/null", desk.audit)
    result = desk.run("members", "disable", "ben")
    assert result.status == 1 and "(audit_failed)" in result.err, result
    assert desk.members()["ben"]["state"] == "invited"


def what_is_refused_is_not_recorded(provider):
    desk = Desk(provider).connect()
    assert desk.run("members", "rename", "nobody-here", "x").status == 1
    assert _records(desk) == []


def one_member_gets_another_identity(provider):
    desk = Desk(provider).connect()
    before = _signed_in(desk)
    result = _ok(desk.run("members", "rebind", "ana", "--issuer", "https://new.example", "--subject", "s-1"))
    assert "1 member bound to https://new.example" in result.out, result
    member = desk.members()["ana"]
    assert (member["issuer"], member["subject"]) == ("https://new.example", "s-1"), member
    record = _records(desk)[-1]
    assert (record["old_issuer"], record["old_subject"]) == (before["issuer"], before["subject"]), record
    assert desk.login().verdict["reason"] == "name_taken", "the old identity is a stranger now"


def all_of_an_issuer_move_only_when_told_so(provider):
    desk = Desk(provider).connect()
    before = _signed_in(desk)
    arguments = ("members", "rebind", "--all", "--from", before["issuer"], "--to", "https://new.example")
    result = _ok(desk.run(*arguments))
    assert "1 member would be bound" in result.out and "nothing was written" in result.out, result
    assert desk.members()["ana"] == before
    assert _ok(desk.run("--json", *arguments, "--yes")).lines == [
        {"count": 1, "issuer": "https://new.example", "written": True}]
    after = desk.members()["ana"]
    assert (after["issuer"], after["subject"]) == ("https://new.example", before["subject"]), after
    assert _records(desk)[-1]["event"] == "members_rebind" and _records(desk)[-1]["count"] == 1


def _furnished(provider):
    desk = Desk(provider).connect()
    _signed_in(desk)
    _ok(desk.run("members", "rename", "ana", "anna"))
    _invite(desk, "ben", "--full-name", 'Ben "B", Ö')
    _invite(desk, "cleo", "--full-name", "=1+1")
    _invite(desk, "dan", "--full-name", "'=x")
    _invite(desk, "eva", "--connection", "acme")
    _ok(desk.run("members", "disable", "ben"))
    _ok(desk.run("members", "remove", "cleo"))
    _ok(desk.run("members", "remove", "eva", "--free-name"))
    return desk


def an_export_goes_in_elsewhere_as_it_was(provider):
    first = _furnished(provider)
    for file_format in ("json", "csv"):
        text = _ok(first.run("members", "export", "--format", file_format)).out
        second = Desk(provider).connect()
        path = second.write("members", text)
        arguments = ("members", "import", path, "--format", file_format)
        trial = _ok(second.run(*arguments))
        assert "would be imported" in trial.out and "nothing was written" in trial.err, trial
        assert second.members() == {} and _records(second) == []
        _ok(second.run(*arguments, "--yes"))
        assert _ok(second.run("members", "export", "--format", file_format)).out == text
        assert _records(second)[-1]["event"] == "members_import" and _records(second)[-1]["count"] == 5
        result = second.run("members", "invite", "ana", "--email", "x@acme.com")
        assert "(name_taken)" in result.err, "a former name stays taken"


def a_table_is_safe_to_open_and_reads_as_rfc_4180(provider):
    text = _ok(_furnished(provider).run("members", "export", "--format", "csv")).out
    rows = {row["uid"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    names = sorted(row["full_name"] for row in rows.values())
    assert names[:3] == ["", "''=x", "'=1+1"] and 'Ben "B", Ö' in names, names
    assert [row["former_names"] for row in rows.values() if row["name"] == "anna"] == ["ana"], rows
    assert [row["state"] for row in rows.values() if row["name"] == ""] == ["removed"], rows


def a_list_that_somebody_wrote_becomes_invitations(provider):
    desk = Desk(provider).connect()
    path = desk.write("list.csv", "\ufeffemail,name,full_name\nben@acme.com,ben,'t Hooft\n\neva@acme.com,eva,\n")
    _ok(desk.run("members", "import", path, "--format", "csv", "--yes"))
    members = desk.members()
    assert [(m["name"], m["state"], m["full_name"]) for m in members.values()] == [
        ("ben", "invited", "'t Hooft"), ("eva", "invited", None)], members


def one_bad_row_keeps_all_out_and_each_is_told(provider):
    desk = Desk(provider).connect()
    path = desk.write("list.csv", "name,email\nben,ben@acme.com\nroot,root@acme.com\nBen,b@acme.com\n")
    result = desk.run("--json", "members", "import", path, "--format", "csv", "--yes")
    assert result.status == 1 and desk.members() == {}, result
    assert [(r["line"], r["name"], r["reason"]) for r in result.lines] == [
        (2, "ben", "ok"), (3, "root", "name_reserved"), (4, "Ben", "name_invalid")], result
    assert not any(r["written"] for r in result.lines), result


def a_file_that_is_none_is_refused_with_its_line(provider):
    desk = Desk(provider).connect()
    cases = (("csv", "name,emial\nben,b@acme.com\n", "line 2: emial: no such field"),
             ("csv", "name,email\nben\n", "line 2: row: not as many fields"),
             ("csv", 'name,email\n"ben,b@acme.com\n', "a quote that does not close"),
             ("csv", "name,state\nben,gone\n", "line 2: state: no state"),
             ("json", '{"name":"ben"}\n{"name":', "line 2: row: no JSON object"),
             ("json", '{"name":"ben","uid":"many"}', "line 1: uid: no id"),
             ("json", '{"name":["ben"]}', "line 1: name: no text"))
    for file_format, text, why in cases:
        path = desk.write("members", text)
        result = desk.run("members", "import", path, "--format", file_format, "--yes")
        assert result.status == 1 and why in result.err, (text, str(result))
    assert desk.members() == {}


def options_of_one_verb_are_no_others(provider):
    desk = Desk(provider).connect()
    for arguments in (("rename", "ana"), ("rename", "ana", "b", "c"), ("rename", "ana", "b", "--yes"),
                      ("rebind", "ana"), ("rebind", "--all", "--from", "https://a.example"),
                      ("rebind", "ana", "--all", "--from", "https://a.example", "--to", "https://b.example"),
                      ("rebind", "ana", "--issuer", "https://a.example", "--yes"), ("export", "--format", "xml"),
                      ("import",), ("list", "--dry-run")):
        result = desk.run("members", *arguments)
        assert result.status == 2 and result.err and result.out == "", (arguments, str(result))
    assert not os.path.exists(desk.state)


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
