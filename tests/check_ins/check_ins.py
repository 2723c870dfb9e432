# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk check-ins`: by hand, for a dead phone; who is in, who was, and the file for a spreadsheet."""
import csv
import io
import sys
import time

from house import WHO, check_ins, events, house, main, records, tap

FIELDS = ["check_in", "member", "uid", "full_name", "email", "location", "in_at", "out_at", "how_in", "how_out"]


def who_is_checked_in_by_hand_is_in_the_roll_call_until_checked_out():
    for user in WHO:
        desk = house(user)
        (row,) = check_ins(desk, "add", "ada")
        assert list(row) == FIELDS, row
        assert (row["member"], row["full_name"], row["location"]) == ("ada", "Ada Ö", "Berlin"), row
        assert (row["how_in"], row["out_at"], row["how_out"]) == ("desk", None, None), row
        assert check_ins(desk, "now") == [row]
        text = desk.run("check-ins", "now").out
        assert "Ada Ö" in text and "Berlin" in text and text.endswith("1 checked in\n"), text
        (ended,) = check_ins(desk, "close", "ada")
        assert (ended["check_in"], ended["how_out"]) == (row["check_in"], "desk") and ended["out_at"] >= row["in_at"]
        assert check_ins(desk, "now") == [] and check_ins(desk, "list") == [ended]
        assert desk.run("check-ins", "now").out.endswith("0 checked in\n")


def a_member_is_in_once_at_a_place_and_at_several_places():
    desk = house()
    check_ins(desk, "add", "ada")
    result = desk.run("check-ins", "add", "ada")
    assert result.status == 1 and "(already_checked_in)" in result.err and result.out == "", result
    check_ins(desk, "add", "ada", "--location", "Ghent, 2nd floor")
    assert [row["location"] for row in check_ins(desk, "now")] == ["Berlin", "Ghent, 2nd floor"]
    check_ins(desk, "close", "ada", "--location", "Berlin")
    assert [row["location"] for row in check_ins(desk, "now")] == ["Ghent, 2nd floor"]
    result = desk.run("check-ins", "close", "ada", "--location", "Berlin")
    assert result.status == 1 and "(not_checked_in)" in result.err, result


def everybody_is_checked_out_at_once():
    desk = house()
    check_ins(desk, "add", "ada")
    check_ins(desk, "add", "ben")
    assert [row["member"] for row in check_ins(desk, "close", "--all")] == ["ada", "ben"]
    assert check_ins(desk, "now") == []
    assert desk.run("check-ins", "close", "--all").status == 1


def each_change_is_recorded_by_whom():
    for user in WHO:
        desk = house(user)
        check_ins(desk, "add", "ada")
        check_ins(desk, "close", "ada")
        came, went = [r for r in records(desk) if r["event"].startswith("check_")]
        assert came["event"] == "check_in" and went["event"] == "check_out"
        for record in (came, went):
            assert (record["member"], record["how"], record["location"]) == ("ada", "desk", "Berlin"), record
            assert record["peer_uid"] == desk.uid and record["reason"] == "ok", record
        assert went["stay_s"] >= 0


def what_cannot_be_recorded_is_not_done():
    desk = house()
    check_ins(desk, "add", "ben")
    desk.audit = desk.folder + "/nowhere/audit.jsonl"
    for verb in (["add", "ada"], ["close", "ben"]):
        result = desk.run("check-ins", *verb)
        assert result.status == 1 and "(audit_failed)" in result.err and result.out == "", result
    assert [row["member"] for row in check_ins(desk, "now")] == ["ben"]


def a_trial_writes_nothing():
    desk = house()
    assert len(check_ins(desk, "add", "ada", "--dry-run")) == 1
    assert check_ins(desk, "list") == []
    check_ins(desk, "add", "ada")
    before = records(desk)
    assert len(check_ins(desk, "close", "--all", "--dry-run")) == 1
    assert "nothing was written" in desk.run("check-ins", "close", "ada", "--dry-run").out
    assert len(check_ins(desk, "now")) == 1 and records(desk) == before


def the_list_is_of_a_time_a_member_and_a_place():
    desk = house()
    check_ins(desk, "add", "ada")
    check_ins(desk, "add", "ben", "--location", "Ghent")
    check_ins(desk, "close", "ada")
    assert [row["member"] for row in check_ins(desk, "list", "--member", "ben")] == ["ben"]
    assert [row["member"] for row in check_ins(desk, "list", "--location", "Berlin")] == ["ada"]
    assert len(check_ins(desk, "list", "--since", "1h")) == 2
    assert check_ins(desk, "list", "--until", "2001-01-01") == []
    assert len(check_ins(desk, "list", "--since", "2001-01-01T00:00:00Z", "--until", "2100-01-01")) == 2
    assert [row["member"] for row in check_ins(desk, "list", "--since", "2099-01-01")] == ["ben"], "ben is still in"


def the_file_for_a_spreadsheet_has_no_formula():
    desk = house()
    check_ins(desk, "add", "ada", "--location", "=1+1")
    check_ins(desk, "add", "ben", "--location", "Ghent, \"upstairs\"")
    result = desk.run("check-ins", "export")
    rows = list(csv.reader(io.StringIO(result.out, newline="")))
    assert rows[0] == FIELDS, rows
    assert [row[5] for row in rows[1:]] == ["'=1+1", "Ghent, \"upstairs\""], rows
    assert rows[1][1] == "ada" and rows[1][6].endswith("Z") and rows[1][7:] == ["", "desk", ""], rows


def an_open_one_ends_by_itself_after_the_limit_whoever_looks():
    desk = house(kiosk="check_in_limit = 1 s\non_check_out = /bin/true")
    (row,) = check_ins(desk, "add", "ada")
    assert tap.eventually(lambda: check_ins(desk, "now") == [], 60)
    (ended,) = check_ins(desk, "list")
    assert ended["how_out"] == "limit" and ended["check_in"] == row["check_in"]
    began, over = (time.mktime(time.strptime(ended[key], "%Y-%m-%dT%H:%M:%SZ")) for key in ("in_at", "out_at"))
    assert over - began == 1
    assert [(r["event"], r["how"]) for r in records(desk) if r["event"] == "check_out"] == [("check_out", "limit")]
    assert [(event["kind"], event["how"]) for event in events(desk)] == [("check_out", "limit")]


def what_is_older_than_it_is_kept_is_forgotten():
    desk = house(kiosk="keep_check_ins = 1 s\non_check_in = /bin/true")
    check_ins(desk, "add", "ada")
    check_ins(desk, "close", "ada")
    assert tap.eventually(lambda: check_ins(desk, "list") == [], 60)
    assert events(desk) == []


def hooks_are_told_of_what_is_done_by_hand_where_they_are_named():
    desk = house(kiosk="on_check_in = /bin/true")
    check_ins(desk, "add", "ada")
    check_ins(desk, "close", "ada")
    (event,) = events(desk)
    assert (event["kind"], event["how"]) == ("check_in", "desk")
    assert (event["location"], event["machine"]) == ("Berlin", "desk-1")
    assert event["member"]["email"] == "ada@acme.com" and event["member"]["email_verified"] is False


def an_erased_member_leaves_no_check_in_and_no_event():
    desk = house(kiosk="on_check_in = /bin/true", people=("ada", "benedictus"))
    check_ins(desk, "add", "ada")
    check_ins(desk, "add", "benedictus")
    assert desk.run("members", "remove", "benedictus", "--erase", "--free-name").status == 0
    assert [row["member"] for row in check_ins(desk, "list")] == ["ada"] and len(events(desk)) == 1
    with open(f"{desk.state}/members.db", "rb") as file:
        assert b"benedictus@" not in file.read()


def a_disabled_member_is_not_checked_in():
    desk = house()
    desk.run("members", "disable", "ada")
    for name, reason in (("ada", "member_disabled"), ("nobody-here", "not_a_member")):
        result = desk.run("check-ins", "add", name)
        assert result.status == 1 and f"({reason})" in result.err and result.err.count("\n") == 1, result
    assert desk.run("check-ins", "list", "--member", "nobody-here").status == 1


def a_broken_configuration_changes_nothing_and_the_roll_call_is_told_all_the_same():
    desk = house()
    check_ins(desk, "add", "ada")
    desk.write("frontdesk.conf", "[kiosk]\nnonsense = 1\n")
    for verb in (["add", "ben"], ["close", "ada"]):
        result = desk.run("check-ins", *verb)
        assert result.status == 1 and "(config_broken)" in result.err, result
    assert [row["member"] for row in check_ins(desk, "now")] == ["ada"]


def check_ins_are_in_the_backup_and_come_back_with_it():
    desk = house(kiosk="on_check_in = /bin/true")
    check_ins(desk, "add", "ada")
    copy = f"{desk.folder}/copy"
    assert desk.run("members", "backup", copy).status == 0
    check_ins(desk, "close", "ada")
    check_ins(desk, "add", "ben")
    rows, told = check_ins(desk, "list"), events(desk)
    assert desk.run("members", "restore", copy).status == 0
    assert check_ins(desk, "list") == rows, "who came and went since is not forgotten"
    assert events(desk) == told
    check_ins(desk, "close", "ben")
    check_ins(desk, "add", "ben")
    assert len({row["check_in"] for row in check_ins(desk, "list")}) == 3, "no number is given twice"


def a_backup_brings_check_ins_to_a_machine_that_has_none():
    desk, other = house(), house(people=())
    check_ins(desk, "add", "ada")
    copy = f"{desk.folder}/copy"
    assert desk.run("members", "backup", copy).status == 0
    assert other.run("members", "restore", copy).status == 0
    assert check_ins(other, "list") == check_ins(desk, "list")


def a_store_that_was_begun_anew_does_not_pass_for_a_later_one():
    desk, anew = house(), house()
    check_ins(desk, "add", "ada")
    copy = f"{desk.folder}/copy"
    assert desk.run("members", "backup", copy).status == 0
    check_ins(anew, "add", "ben", "--location", "Ghent")
    check_ins(anew, "add", "ada", "--location", "Ghent")
    assert anew.run("members", "restore", copy).status == 0
    assert check_ins(anew, "list") == check_ins(desk, "list")
    (row,) = check_ins(anew, "add", "ben")
    assert row["check_in"] == 3, "numbers go on above both"


def a_wrong_command_line_is_refused_before_anything_is_touched():
    desk = house(people=())
    for arguments in ([], ["nonsense"], ["add"], ["add", "a", "b"], ["now", "a"], ["close"], ["close", "a", "--all"],
                      ["list", "--all"], ["now", "--since", "1h"], ["list", "--since", "yesterday"],
                      ["add", "ada", "--member", "ben"], ["add", "ada", "--location", "a\x1b[2J"],
                      ["list", "--dry-run"]):
        result = desk.run("check-ins", *arguments)
        assert result.status == 2 and result.err and result.out == "", (arguments, str(result))
    assert "roll call" in desk.run("check-ins", "--help").out


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules["__main__"])))
