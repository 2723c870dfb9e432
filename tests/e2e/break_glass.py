# SPDX-License-Identifier: BSD-2-Clause
"""The account behind the glass gets in whatever else has gone, by the stack that denies passwords, and is logged."""
import sys

import desk as stage
from room import PASSWORD, sh, write
from scene import code_of, codes_of, prompts_of

RIGHT, WRONG = PASSWORD + "\n", "not the password\n"
ALL = ("auth", "account", "session")


def _prepare(desk):
    stage.everything(desk)
    for service in ("closed-door", "login"):
        stage.pam_stack(service, "denied")
    write("/etc/frontdesk/connections.d/corp.conf", stage.CORP.replace("login", "login closed-door"))
    with desk.sign_in_on_console("alice") as console:
        console.type("exit")
        console.end()


def _is_logged(desk, mark, service, phase):
    def lines():
        return [line for line in desk.log.since(mark, f"pam_frontdesk({service}:{phase}): ")
                if " user=root reason=break_glass phase=" in line]
    assert stage.eventually(lines), (service, phase, desk.log.since(mark))


def _only_break_glass_enters(desk, others=("lena", "alice", "nobody-knows")):
    mark = desk.log.mark()
    said = desk.pam("closed-door", "root", *ALL, answers=RIGHT)
    assert codes_of(said) == ["SUCCESS"] * 4, said
    for phase in ALL:
        _is_logged(desk, mark, "closed-door", phase)
    assert code_of(desk.pam("closed-door", "root", "auth", answers=WRONG)) == "AUTH_ERR"
    for user in others:
        said = desk.pam("closed-door", user, "auth", answers=RIGHT)
        assert code_of(said) in ("USER_UNKNOWN", "AUTHINFO_UNAVAIL") and not prompts_of(said), said


def _root_enters_by_the_real_login_and_sshd(desk):
    mark = desk.log.mark()
    with desk.login("root") as console:
        console.expect("assword: ")
        console.type(PASSWORD)
        console.expect("# ")
        assert console.run("id -un") == "root"
    with desk.ssh("root") as ssh:
        ssh.expect("assword: ")
        ssh.type(PASSWORD)
        ssh.expect("# ")
        assert ssh.run("id -un") == "root"
    for service in ("login", "sshd"):
        _is_logged(desk, mark, service, "auth")


def _lena_does_not(desk):
    with desk.ssh("lena", "echo entered") as ssh:
        assert ssh.end() != 0
        assert "assword" not in ssh.text and "entered" not in ssh.text, ssh.text


def with_everything_working_it_needs_nothing_of_it(desk):
    assert stage.eventually(lambda: not desk.sign_ins())  # of which the keeper may still write
    asked = len(desk.log.since(0, "frontdesk-keeper"))
    said = desk.pam("closed-door", "root", *ALL, answers=RIGHT)
    assert codes_of(said) == ["SUCCESS"] * 4, said
    assert len(desk.log.since(0, "frontdesk-keeper")) == asked


def a_local_account_that_is_not_listed_never_enters_by_its_password(desk):
    said = desk.pam("closed-door", "lena", "auth", answers=RIGHT)
    assert code_of(said) == "USER_UNKNOWN" and not prompts_of(said), said
    _lena_does_not(desk)


def with_the_provider_gone_it_enters_and_nobody_else_does(desk):
    desk.stop("provider")
    _only_break_glass_enters(desk)
    _root_enters_by_the_real_login_and_sshd(desk)


def with_the_network_cut_it_enters_and_nobody_else_does(desk):
    sh("ip link set lo down")
    try:
        _only_break_glass_enters(desk, ("lena", "alice"))
    finally:
        sh("ip link set lo up")


def with_the_keeper_dead_it_enters_and_nobody_else_does(desk):
    desk.stop("keeper")
    _only_break_glass_enters(desk)


def with_the_helper_dead_it_enters_and_nobody_else_does(desk):
    desk.stop("helper")
    _only_break_glass_enters(desk)
    _root_enters_by_the_real_login_and_sshd(desk)
    _lena_does_not(desk)


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
