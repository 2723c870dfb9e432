# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk members`: each verb, for a person and for a script, and who the store belongs to."""
import os
import shlex
import subprocess
import sys

from desk import Desk, ENVIRONMENT, USERS, main, tap

WHO = ("root", "lena")
FIELDS = ["name", "uid", "state", "connection", "issuer", "subject", "full_name", "email", "groups", "home", "shell",
          "created_at", "last_sign_in_at"]


def _one(result):
    assert result.status == 0, result
    assert len(result.lines) == 1, result
    return result.lines[0]


def an_invited_member_is_listed_and_shown(provider):
    for user in WHO:
        desk = Desk(provider, user).connect()
        invited = _one(desk.run("--json", "members", "invite", "ben", "--email", "Ben@acme.com", "--connection", "acme",
                                "--full-name", "Ben Ö"))
        assert list(invited) == FIELDS, invited
        assert (invited["name"], invited["state"], invited["connection"]) == ("ben", "invited", "acme"), invited
        assert invited["email"] == "ben@acme.com" and invited["full_name"] == "Ben Ö", invited
        assert 65536 <= invited["uid"] <= 99999 and invited["subject"] is None, invited
        assert invited["last_sign_in_at"] is None and invited["created_at"].endswith("Z"), invited
        assert _one(desk.run("members", "show", "ben", "--json")) == invited
        assert desk.members() == {"ben": invited}
        listing = desk.run("members", "list").out.splitlines()
        assert listing[0].split()[:3] == ["NAME", "UID", "STATE"] and listing[1].split()[0] == "ben", listing
        assert "Ben Ö" in desk.run("members", "show", "ben").out


def an_invited_member_signs_in_and_is_bound(provider):
    desk = Desk(provider).connect(create_users="no")
    desk.run("members", "invite", "chosen", "--email", "ana@acme.com")
    assert desk.login("--user", "chosen", "--commit").verdict["member"] == "chosen"
    member = desk.members()["chosen"]
    assert (member["state"], member["subject"], member["connection"]) == ("active", "user-1", "acme"), member
    assert member["last_sign_in_at"], member


def a_disabled_member_cannot_enter_until_enabled(provider):
    desk = Desk(provider).connect()
    desk.login("--commit")
    assert _one(desk.run("members", "disable", "ana", "--json"))["state"] == "disabled"
    assert desk.login().verdict["reason"] == "member_disabled"
    result = desk.run("members", "enable", "ana")
    assert result.status == 0 and "ana (uid " in result.out and "enabled" in result.out, result
    assert desk.login().status == 0


def a_removed_member_keeps_name_and_id_and_its_home_is_told(provider):
    desk = Desk(provider).connect()
    desk.login("--commit")
    uid = desk.members()["ana"]["uid"]
    result = desk.run("members", "remove", "ana")
    assert result.status == 0 and "/home/ana" in result.out, result
    assert desk.members() == {}
    everybody = desk.run("members", "list", "--all", "--json").lines
    assert [(m["name"], m["state"], m["uid"]) for m in everybody] == [("ana", "removed", uid)], everybody
    result = desk.run("members", "invite", "ana", "--email", "other@acme.com")
    assert result.status == 1 and "(name_taken)" in result.err and result.out == "", result
    assert desk.login().verdict["reason"] == "member_removed"


def a_freed_name_can_be_given_again_with_another_id(provider):
    desk = Desk(provider).connect()
    first = _one(desk.run("--json", "members", "invite", "ana", "--email", "ana@acme.com"))
    assert desk.run("members", "remove", "ana", "--free-name").status == 0
    second = _one(desk.run("--json", "members", "invite", "ana", "--email", "other@acme.com"))
    assert second["uid"] != first["uid"], (first, second)


def an_erased_member_leaves_no_personal_data(provider):
    desk = Desk(provider).connect()
    desk.run("members", "invite", "ben", "--email", "ben@acme.com", "--full-name", "Benjamin Blue")
    result = desk.run("members", "remove", "ben", "--erase")
    assert result.status == 0 and "/home/ben" in result.out, result
    with open(f"{desk.state}/members.db", "rb") as file:
        store = file.read()
    assert b"Benjamin" not in store and b"ben@acme.com" not in store


def each_mistake_is_one_sentence_and_status_one(provider):
    desk = Desk(provider).connect()
    cases = ((["show", "nobody-here"], "not_a_member"), (["disable", "nobody-here"], "not_a_member"),
             (["remove", "nobody-here"], "not_a_member"),
             (["invite", "Ben", "--email", "a@b.c"], "name_invalid"),
             (["invite", "root", "--email", "a@b.c"], "name_reserved"),
             (["invite", "ben", "--email", "a@b.c", "--connection", "nope"], "connection_unknown"))
    for arguments, reason in cases:
        result = desk.run("members", *arguments)
        assert result.status == 1 and result.out == "", (arguments, str(result))
        assert f"({reason})" in result.err and result.err.count("\n") == 1, (arguments, str(result))
    assert desk.members() == {}


def a_wrong_command_line_is_refused_before_anything_is_touched(provider):
    desk = Desk(provider).connect()
    for arguments in (["show"], ["show", "a", "b"], ["list", "a"], ["invite", "ben"], ["invite", "ben", "--email", "x"],
                      ["disable", "ben", "--erase"], ["show", "ben", "--all"], ["list", "--email", "a@b.c"]):
        result = desk.run("members", *arguments)
        assert result.status == 2 and result.err and result.out == "", (arguments, str(result))
    assert not os.path.exists(desk.state)


def a_listing_that_nobody_can_read_is_no_success(provider):
    desk = Desk(provider).connect()
    for number in range(3):
        desk.run("members", "invite", f"m{number}", "--email", "a@b.c")
    with open(f"{desk.state}/members.db", "rb") as file:
        before = file.read()
    for redirection in (">/dev/full", ">&-", "<&- >&-", "<&- >&- 2>&-"):
        for arguments in (("list",), ("list", "--json"), ("show", "m1")):
            command = shlex.join(desk.command("members", *arguments))
            process = subprocess.run(["sh", "-c", f"{command} {redirection}"], env=ENVIRONMENT, check=False,
                                     capture_output=True)
            assert (process.returncode, process.stdout) == (1, b""), (redirection, arguments, process)
    with open(f"{desk.state}/members.db", "rb") as file:
        assert file.read() == before


def nobody_is_invited_while_the_configuration_is_broken(provider):
    desk = Desk(provider).connect()
    desk.write("frontdesk.conf", "[members]\nuid_range = 1-2\n")
    result = desk.run("members", "invite", "ben", "--email", "ben@acme.com")
    assert result.status == 1 and "(config_broken)" in result.err, result


def the_store_belongs_to_the_keepers_user_alone(provider):
    for user, owner in (("root", "frontdesk"), ("lena", "lena")):
        desk = Desk(provider, user).connect()
        desk.run("members", "invite", "ben", "--email", "ben@acme.com")
        for folder, _, names in os.walk(desk.state):
            for path in [folder] + [os.path.join(folder, name) for name in names]:
                assert os.stat(path).st_uid == USERS[owner], path
        assert os.stat(f"{desk.state}/members.db").st_mode & 0o777 == 0o600
        assert os.path.exists(f"{desk.state}/nss/members")


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
