# SPDX-License-Identifier: BSD-2-Clause
"""With the helper gone, each of the two example stacks still does what it promises."""
import os
import signal
import sys

import desk as stage

WRONG = "not the password\n"
RIGHT = stage.PASSWORD + "\n"


def _prepare(desk):
    stage.everything(desk)
    with desk.sign_in_on_console("alice") as console:
        console.type("exit")
        console.end()
    stage.pam_stack("open-door", "allowed")
    stage.pam_stack("closed-door", "denied")
    desk.stop_services()


def _code(said, phase="auth"):
    return [entry["code"] for entry in said if entry.get("phase") == phase][0]


def where_passwords_are_allowed_a_local_user_enters_with_the_password(desk):
    assert _code(desk.pam("open-door", "lena", "auth", "account", answers=RIGHT), "account") == "SUCCESS"
    assert _code(desk.pam("open-door", "lena", "auth", answers=WRONG)) == "AUTH_ERR"


def where_passwords_are_allowed_root_enters_with_the_password(desk):
    assert _code(desk.pam("open-door", "root", "auth", "account", answers=RIGHT), "account") == "SUCCESS"
    assert _code(desk.pam("open-door", "root", "auth", answers=WRONG)) == "AUTH_ERR"


def where_passwords_are_allowed_a_member_waits_for_the_helper(desk):
    for answer in (RIGHT, WRONG, "\n"):
        assert _code(desk.pam("open-door", "alice", "auth", answers=answer)) != "SUCCESS"


def where_passwords_are_denied_only_break_glass_enters_with_the_password(desk):
    assert _code(desk.pam("closed-door", "root", "auth", "account", answers=RIGHT), "account") == "SUCCESS"
    assert _code(desk.pam("closed-door", "root", "auth", answers=WRONG)) == "AUTH_ERR"
    assert _code(desk.pam("closed-door", "lena", "auth", answers=RIGHT)) == "USER_UNKNOWN"


def where_passwords_are_denied_a_member_gets_no_password_prompt(desk):
    said = desk.pam("closed-door", "alice", "auth", answers=RIGHT)
    assert _code(said) == "AUTHINFO_UNAVAIL", said
    assert not [entry for entry in said if "prompt" in str(entry.get("style"))], said


def where_passwords_are_denied_a_stranger_is_refused(desk):
    assert _code(desk.pam("closed-door", "nobody-knows", "auth", answers=RIGHT)) != "SUCCESS"


def in_the_account_phase_a_member_is_refused_and_a_local_user_is_not(desk):
    for door in ("open-door", "closed-door"):
        assert _code(desk.pam(door, "alice", "account"), "account") == "AUTHINFO_UNAVAIL"
        assert _code(desk.pam(door, "lena", "account"), "account") == "SUCCESS"


def the_break_glass_account_is_named_in_the_log(desk):
    mark = desk.log.mark()
    desk.pam("closed-door", "root", "auth", answers=RIGHT)
    assert stage.eventually(lambda: [line for line in desk.log.since(mark, "pam_frontdesk") if "root" in line]), \
        desk.log.since(mark)


def the_real_login_lets_a_local_user_in(desk):
    with desk.login("lena") as console:
        console.expect("assword: ")
        console.type(stage.PASSWORD)
        console.expect(r"\$ ")
        assert console.run("id -un") == "lena"


def the_real_sshd_lets_break_glass_in_and_no_member(desk):
    with desk.ssh("root") as ssh:
        ssh.expect("assword: ")
        ssh.type(stage.PASSWORD)
        ssh.expect("# ")
        assert ssh.run("id -un") == "root"
    with desk.ssh("alice") as ssh:
        assert ssh.end() != 0
        assert "assword" not in ssh.text


def a_helper_that_stopped_answering_is_given_up_within_a_few_seconds(desk):
    desk.start_services()
    helper = desk.children["helper"]
    os.kill(helper.pid, signal.SIGSTOP)
    try:
        said = desk.pam("closed-door", "alice", "auth")
    finally:
        os.kill(helper.pid, signal.SIGCONT)
    assert _code(said) == "AUTHINFO_UNAVAIL", said
    assert [entry["seconds"] for entry in said if "seconds" in entry][0] < 15, said


def with_the_keeper_gone_a_member_is_refused_and_told_so(desk):
    desk.stop("keeper")
    said = desk.pam("closed-door", "alice", "auth")
    assert _code(said) == "AUTHINFO_UNAVAIL", said


def when_both_are_back_the_member_enters_again(desk):
    desk.start_keeper()
    with desk.sign_in_on_console("alice") as console:
        assert console.run("id -un") == "alice"


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
