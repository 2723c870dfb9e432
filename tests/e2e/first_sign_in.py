# SPDX-License-Identifier: BSD-2-Clause
"""A stranger signs in at the console and is a member from then on."""
import os
import sys

import desk as stage
from room import sh
from terminal import Terminal, decode_qr, qr_rows

MEMBER_IDS = range(65536, 100000)


def a_stranger_at_the_console_becomes_a_member_in_one_step(desk):
    assert not desk.is_user("alice")
    with desk.sign_in_on_console("alice") as console:
        assert console.run("id -un") == "alice"
        assert int(console.run("id -u")) in MEMBER_IDS
        assert console.run("id -g") == console.run("id -u")
        assert console.run("id -gn") == "alice"
        assert console.run("pwd") == "/home/alice"
        console.type("exit")
        assert console.end() == 0
    assert "alice" in desk.members()


def nobody_but_the_member_may_look_into_the_new_home(desk):
    state = os.stat("/home/alice")
    assert state.st_mode & 0o7777 == 0o700, oct(state.st_mode)
    assert str(state.st_uid) == sh("id -u alice").strip()


def the_message_names_machine_service_and_provider_and_ends_with_url_and_code(desk):
    with desk.login("alice") as console:
        code = console.code()
        shown = console.text
        for word in ("desk", "login", "Sign in with Corp", f"{stage.ISSUER}/device"):
            assert word in shown, f"{word} is not in:\n{shown}"
        url_at, code_at = shown.rindex(f"{stage.ISSUER}/device"), shown.rindex(code)
        last_row = shown.rindex(qr_rows(shown)[-1])
        assert last_row < url_at < code_at, shown


def the_qr_on_the_console_holds_the_complete_url(desk):
    with desk.login("alice") as console:
        code = console.code()
        assert decode_qr(console.text) == f"{stage.ISSUER}/device?user_code={code}"


def a_console_too_small_for_the_qr_shows_url_and_code_alone(desk):
    with desk.login("alice", rows=12, columns=60) as console:
        console.code()
        assert not qr_rows(console.text), console.text
        assert f"{stage.ISSUER}/device" in console.text


def the_member_comes_back_with_the_same_id(desk):
    before = sh("id -u alice")
    with desk.sign_in_on_console("alice") as console:
        assert console.run("id -u") == before.strip()
        console.type("exit")
        console.end()


def the_session_carries_its_ticket(desk):
    with desk.sign_in_on_console("alice") as console:
        ticket = console.run("echo $FRONTDESK_SESSION")
        assert len(ticket) >= 22, ticket
        assert ticket not in desk.log.text()


def no_token_and_no_secret_reaches_the_log(desk):
    log = desk.log.text()
    assert "eyJ" not in log and stage.SECRET not in log and "access_token" not in log


def without_a_name_the_approval_alone_says_who_it_is(desk):
    with Terminal(["/bin/login"]) as console:
        desk.approve(console.code(), "alice")
        console.expect(r"\$ ")
        assert console.run("id -un") == "alice"


def two_strangers_get_two_ids(desk):
    with desk.sign_in_on_console("bob") as console:
        console.type("exit")
        console.end()
    assert sh("id -u alice") != sh("id -u bob")


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], stage.everything))
