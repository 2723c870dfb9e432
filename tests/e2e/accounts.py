# SPDX-License-Identifier: BSD-2-Clause
"""Accounts that were there before: one that many share, and those that a map opens to some."""
import sys

import desk as stage
from room import read, write
from scene import Scene, audit, audit_since, code_of, codes_of, environment_of, prompts_of, words_of
from terminal import Terminal

ALL = ("auth", "account", "session")
LOCAL = {"kiosk": 1601, "bar": 1602, "stock": 1603, "cellar": 1604}
LISTED = "kiosk,bar,stock,games"
SERVICES = "accounts-desk login sshd"
MAP = "/etc/frontdesk/acme.map"
LINKS = "sub:ann = bar stock\nsub:ben = bar cellar\nemail:cy@acme.com = stock\nsub:gil = games\n"


def _prepare(desk):
    Scene(desk)
    for name, number in LOCAL.items():
        for path, line in (("/etc/passwd", f"{name}:x:{number}:{number}::/tmp:/bin/bash"), ("/etc/group", f"{name}:x:{number}:"),
                           ("/etc/shadow", f"{name}:!:19000:0:99999:7:::")):
            with open(path, "a", encoding="utf-8") as file:
                file.write(line + "\n")
    for service in SERVICES.split():
        stage.pam_stack(service, "denied")
        path = f"/etc/pam.d/{service}"
        write(path, read(path).replace("pam_frontdesk.so", f"pam_frontdesk.so local_users={LISTED}"))
    write(MAP, LINKS)
    desk.start_services()
    desk.start_sshd()
    _share(desk)


def _share(desk, account="kiosk"):
    desk.scene.connect("acme", services=SERVICES, shared_account=account, create_users=None)


def _map(desk, **settings):
    desk.scene.connect("acme", **{"services": SERVICES, "user_map_file": MAP, "create_users": "no", **settings})


def _enters(desk, subject, asked, became=None, answers="\n" * 4, **claims):
    """What the host said of somebody who got in."""
    desk.scene.person("acme", subject, **claims)
    said = desk.pam("accounts-desk", asked, *ALL, answers=answers)
    assert codes_of(said) == ["SUCCESS"] * 4, said
    assert said[-2]["user"] == (became or asked), said
    return said


def _is_refused(desk, subject, asked, sentence, code="AUTH_ERR", **claims):
    members = desk.members()
    desk.scene.person("acme", subject, **claims)
    said = desk.pam("accounts-desk", asked, "auth")
    assert code_of(said) == code and sentence in words_of(said), said
    assert desk.members() == members


def two_people_enter_the_shared_account_and_it_is_known_who(desk):
    for subject in ("ann", "ben"):
        before, found = len(audit()), environment_of(_enters(desk, subject, "kiosk"))
        assert (found["FRONTDESK_SUBJECT"], found["FRONTDESK_EMAIL"]) == (subject, f"{subject}@acme.com"), found
        assert found["FRONTDESK_NAME"] == subject.title() and "FRONTDESK_MEMBER" not in found, found
        told = [(r["event"], r["user"], r["subject"]) for r in audit_since(before)]
        assert told == [(event, "kiosk", subject) for event in ("sign_in", "session_begin", "session_end")], told


def they_do_so_over_ssh_and_on_a_console(desk):
    desk.scene.person("acme", "ann")
    with desk.scene.over_ssh("kiosk") as ssh:
        assert ssh.run("echo $(id -un) $FRONTDESK_SUBJECT") == "kiosk ann"
    desk.scene.person("acme", "ben")
    with desk.scene.on_console("kiosk") as console:
        assert console.run("echo $(id -un) $FRONTDESK_SUBJECT") == "kiosk ben"


def nobody_becomes_a_member_by_it(desk):
    assert "ann" not in desk.members() and not desk.is_user("ben")


def who_asks_for_another_name_is_told_the_accounts(desk):
    for asked in ("ann", "bar"):
        _is_refused(desk, "ann", asked, "Your name here is kiosk: sign in again as kiosk.")


def who_asks_for_none_enters_the_shared_account(desk):
    _enters(desk, "ann", "", became="kiosk")


def an_account_that_the_line_does_not_list_is_never_entered(desk):
    _share(desk, "cellar")
    said = desk.pam("accounts-desk", "cellar", "auth")
    assert code_of(said) == "USER_UNKNOWN" and not words_of(said), said
    said = desk.pam("accounts-desk", "", "auth")  # the helper says cellar, and the module does not take it
    assert code_of(said) == "AUTH_ERR", said
    assert desk.log.since(0, "reason=allow_outside_range"), desk.log.text()


def a_map_opens_several_accounts_to_one_and_one_to_several(desk):
    _map(desk)
    for subject, asked in (("ann", "bar"), ("ann", "stock"), ("ben", "bar"), ("cy", "stock")):
        assert environment_of(_enters(desk, subject, asked))["FRONTDESK_SUBJECT"] == subject


def an_account_that_is_not_opened_to_this_person_is_refused(desk):
    _is_refused(desk, "ben", "stock", "Your name here is bar: sign in again as bar.")
    _is_refused(desk, "cy", "bar", "Your name here is stock: sign in again as stock.")
    _is_refused(desk, "dan", "bar", "ask the front desk", code="USER_UNKNOWN")


def an_address_opens_only_when_it_is_verified(desk):
    _is_refused(desk, "somebody", "stock", "", code="USER_UNKNOWN", email="cy@acme.com", email_verified=False)
    _enters(desk, "somebody", "stock", email="CY@acme.com")


def an_account_of_the_system_is_not_entered_though_all_name_it(desk):
    _is_refused(desk, "gil", "games", "")


def who_asks_for_none_and_has_several_is_asked_for_a_number(desk):
    said = _enters(desk, "ann", "", became="stock", answers="2\n")
    assert prompts_of(said) == ["Which account?\n  1  bar\n  2  stock\nNumber: "], said


def the_question_is_put_on_a_console_that_asked_for_no_name(desk):
    desk.scene.person("acme", "ann")
    with Terminal(["/bin/login"]) as console:
        console.expect("Code: ")
        console.expect(r"1  bar\s+2  stock\s+Number: ")
        console.type("1")
        console.expect(r"\$ ")
        assert console.run("id -un") == "bar"


def other_answers_than_those_numbers_let_nobody_in(desk):
    desk.scene.person("acme", "ann")
    said = desk.pam("accounts-desk", "", "auth", answers="3\nstock\n0\n1\n")
    assert code_of(said) not in (None, "SUCCESS") and "was cancelled" in words_of(said), said
    assert len(prompts_of(said)) == 3, said


def who_asks_for_none_and_has_one_is_asked_nothing(desk):
    assert not prompts_of(_enters(desk, "cy", "", became="stock"))


def a_member_may_choose_between_the_membership_and_the_accounts(desk):
    _map(desk, create_users="yes")
    _enters(desk, "ann", "ann")
    said = _enters(desk, "ann", "", became="ann", answers="3\n")
    assert "  3  ann\n" in prompts_of(said)[0], said
    assert environment_of(_enters(desk, "ann", "bar"))["FRONTDESK_MEMBER"] == "ann"


def an_account_that_root_let_expire_stays_shut_whatever_was_approved(desk):
    """The stack's account phase is not ours alone: pam_unix has its say about who was approved."""
    shadow = read("/etc/shadow")
    desk.scene.person("acme", "ann")
    write("/etc/shadow", shadow.replace("bar:!:19000:0:99999:7:::", "bar:!:19000:0:99999:7::1:"))
    said = desk.pam("accounts-desk", "bar", "auth", "account")
    write("/etc/shadow", shadow)
    assert (code_of(said), code_of(said, "account")) == ("SUCCESS", "ACCT_EXPIRED"), said
    _enters(desk, "ann", "bar")


def a_line_of_the_map_that_is_wrong_opens_nothing_to_anybody(desk):
    write(MAP, LINKS + "sub:eve = root\n")
    _is_refused(desk, "ann", "bar", "not set up correctly", code="AUTHINFO_UNAVAIL")
    write(MAP, LINKS)
    _enters(desk, "ann", "bar")


def who_loses_the_line_loses_the_account_at_once(desk):
    _map(desk)
    write(MAP, LINKS.replace("sub:ben = bar cellar", "sub:ben = stock"))
    _is_refused(desk, "ben", "bar", "Your name here is stock")


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
