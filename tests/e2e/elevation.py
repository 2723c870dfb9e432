# SPDX-License-Identifier: BSD-2-Clause
"""Members and sudo, su."""
import sys

import desk as stage


def a_member_becomes_root_by_sudo_with_the_phone(desk):
    with desk.sign_in_on_console("alice") as console:
        console.type("sudo id -un")
        desk.approve(console.code(), "alice")
        console.expect(r"\nroot\n")


def sudo_takes_no_approval_of_somebody_else(desk):
    with desk.sign_in_on_console("alice") as console:
        console.type("sudo id -un")
        desk.approve(console.code(), "bob")
        console.expect("(?i)sorry|try again|incorrect|fail")
        assert "\nroot\n" not in console.text


def a_member_becomes_another_by_su_when_that_one_approves(desk):
    with desk.sign_in_on_console("bob") as console:
        console.type("exit")
        console.end()
    with desk.sign_in_on_console("alice") as console:
        console.type("su - bob -c 'id -un; echo $FRONTDESK_SESSION'")
        desk.approve(console.code(), "bob")
        console.expect(r"\nbob\n[^\s]{22,}\n")


def su_to_a_member_is_refused_when_the_caller_approves(desk):
    with desk.sign_in_on_console("alice") as console:
        console.type("su - bob -c 'id -un'")
        desk.approve(console.code(), "alice")
        console.expect("(?i)fail|denied|incorrect")
        assert "\nbob\n" not in console.text


def a_member_becomes_root_by_su_only_with_roots_password(desk):
    with desk.sign_in_on_console("alice") as console:
        console.type("su -c 'id -un'")
        console.expect("assword: ")
        console.type(stage.PASSWORD)
        console.expect(r"\nroot\n")


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], stage.everything))
