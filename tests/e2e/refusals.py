# SPDX-License-Identifier: BSD-2-Clause
"""What must not work, seen from the console."""
import os
import sys

import desk as stage
from terminal import Terminal

INCORRECT = "(?i)incorrect|denied|failure"


def _prepare(desk):
    stage.everything(desk)
    with desk.sign_in_on_console("alice") as console:
        console.type("exit")
        console.end()


def the_approval_of_somebody_else_is_refused(desk):
    with desk.login("alice") as console:
        desk.approve(console.code(), "bob")
        console.expect(INCORRECT)
    assert not desk.is_user("bob")


def a_person_who_says_no_is_not_signed_in(desk):
    mark = desk.log.mark()
    with desk.login("alice") as console:
        desk.approve(console.code(), "alice", deny=True)
        console.expect(INCORRECT)
    assert desk.log.wait(mark, "access_denied"), desk.log.since(mark)


def a_disabled_member_is_refused_and_comes_back_when_enabled(desk):
    desk.cli("members", "disable", "alice")
    with desk.login("alice") as console:
        desk.approve(console.code(), "alice")
        console.expect(INCORRECT)
    desk.cli("members", "enable", "alice")
    with desk.sign_in_on_console("alice") as console:
        console.type("exit")
        console.end()


def an_identity_whose_name_is_a_system_name_becomes_nobody(desk):
    before, mark = desk.members(), desk.log.mark()
    with Terminal(["/bin/login"]) as console:
        desk.approve(console.code(), "root")
        console.expect(INCORRECT)
    assert desk.log.wait(mark, "reason=name_"), desk.log.since(mark)
    assert desk.members() == before


def a_recycled_address_does_not_reach_the_old_member(desk):
    before = desk.members()
    with desk.login("alice") as console:
        desk.approve(console.code(), "mallory")
        console.expect(INCORRECT)
    assert desk.members() == before


def root_never_signs_in_through_a_provider(desk):
    said = desk.pam("login", "root", "auth", answers="wrong password\n")
    assert {"phase": "auth", "code": "AUTH_ERR"} in said, said
    assert not any("device" in entry.get("text", "") for entry in said), said


def a_service_that_no_connection_serves_falls_through_to_passwords(desk):
    stage.write("/etc/pam.d/other-door", stage.read("/etc/pam.d/login"))
    said = desk.pam("other-door", "lena", "auth", answers=stage.PASSWORD + "\n")
    assert {"phase": "auth", "code": "SUCCESS"} in said, said


def a_removed_member_is_refused_and_the_name_stays_taken(desk):
    with desk.sign_in_on_console("erin") as console:
        console.type("exit")
        console.end()
    desk.cli("members", "remove", "erin")
    with desk.login("erin") as console:
        desk.approve(console.code(), "erin")
        console.expect(INCORRECT)
    assert not desk.is_user("erin")
    assert os.path.isdir("/home/erin")


def closing_the_terminal_ends_the_sign_in_at_the_helper(desk):
    with desk.login("alice") as console:
        console.code()
        assert desk.sign_ins()
    assert stage.eventually(lambda: not desk.sign_ins()), desk.sign_ins()


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
