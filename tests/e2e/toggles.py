# SPDX-License-Identifier: BSD-2-Clause
"""create_users and password_login=: every cell of their table, by the two shipped stacks and pam_unix."""
import json
import os
import subprocess
import sys

import desk as stage
from room import PASSWORD, read, write
from scene import Scene, code_of, codes_of, prompts_of, words_of

RIGHT, WRONG, BY_PROVIDER = PASSWORD + "\n", "not the password\n", "\n"
DOORS = {"denied": "customers-desk", "allowed": "staff-desk"}
MAIN = stage.MAIN + "[service customers-desk]\nrole = customer\n[service staff-desk]\nrole = staff\n"
MAP = "/etc/frontdesk/acme.map"
ALL = ("auth", "account", "session")
DESK = "ask the front desk"


def _stack(service, which):
    """A shipped stack; lena may be entered by the identities that are mapped to her."""
    stage.pam_stack(service, which)
    path = f"/etc/pam.d/{service}"
    write(path, read(path).replace("pam_frontdesk.so", "pam_frontdesk.so local_users=lena"))


def _set(desk, **settings):
    desk.scene.connect("acme", **{"services": "customers-desk staff-desk sshd login", "user_map_file": MAP, **settings})


def _prepare(desk):
    Scene(desk, MAIN)
    write(MAP, "sub:lena-at-acme = lena\n")
    for passwords, service in DOORS.items():
        _stack(service, passwords)
    _stack("sshd", "denied")
    _stack("login", "allowed")
    desk.start_services()
    desk.start_sshd()
    _set(desk, create_users="no", user_map_file=None, services="customers-desk")
    desk.bare = _check(desk)
    _set(desk)
    desk.scene.person("acme", "mia")
    assert codes_of(desk.pam("customers-desk", "mia", *ALL)) == ["SUCCESS"] * 4


class _Try:
    """Somebody at a door."""

    def __init__(self, desk, passwords, user, answer, identity=None):
        scene = desk.scene
        before = len(scene.requests("acme")), desk.members()
        scene.person("acme", identity or user)
        self.said = desk.pam(DOORS[passwords], user, *ALL, answers=answer)
        self.entered = codes_of(self.said) == ["SUCCESS"] * 4
        self.asked_provider = len(scene.requests("acme")) > before[0]
        self.wrote = desk.members() != before[1] or (os.path.exists(f"/home/{user}") and not desk.is_user(user))

    def __str__(self):
        return str(self.said)


def _enters_by_provider_alone(desk, passwords, user, identity=None):
    by_provider = _Try(desk, passwords, user, BY_PROVIDER, identity)
    assert by_provider.entered and by_provider.asked_provider, str(by_provider)
    assert bool(prompts_of(by_provider.said)) == (passwords == "allowed"), str(by_provider)
    if passwords == "allowed":
        typed = _Try(desk, passwords, user, RIGHT, identity)
        assert not typed.entered and not typed.asked_provider, str(typed)


def _enters_by_provider_or_password(desk, passwords, user, identity):
    by_provider = _Try(desk, passwords, user, BY_PROVIDER, identity)
    assert by_provider.entered and by_provider.asked_provider, str(by_provider)
    by_password = _Try(desk, passwords, user, RIGHT, identity)
    assert by_password.entered and not by_password.asked_provider, str(by_password)
    mistyped = _Try(desk, passwords, user, WRONG, identity)
    assert code_of(mistyped.said) == "AUTH_ERR" and not mistyped.asked_provider, str(mistyped)
    assert len(prompts_of(by_password.said)) == 1, str(by_password)  # one prompt for both answers


def _becomes_a_member(desk, passwords, user):
    assert not desk.is_user(user)
    stranger = _Try(desk, passwords, user, BY_PROVIDER)
    assert stranger.entered and desk.is_user(user), str(stranger)


def _is_refused_and_told_to_ask(desk, passwords, user):
    stranger = _Try(desk, passwords, user, BY_PROVIDER)
    assert code_of(stranger.said) == "USER_UNKNOWN" and DESK in words_of(stranger.said), str(stranger)
    assert not stranger.wrote and not desk.is_user(user), desk.members()


def yes_and_allowed_a_member_enters_by_the_provider(desk):
    _set(desk, create_users="yes")
    _enters_by_provider_alone(desk, "allowed", "mia")


def yes_and_allowed_a_mapped_account_enters_by_either(desk):
    _enters_by_provider_or_password(desk, "allowed", "lena", "lena-at-acme")


def yes_and_allowed_an_unknown_person_becomes_a_member(desk):
    _becomes_a_member(desk, "allowed", "una")


def yes_and_denied_a_member_enters_by_the_provider(desk):
    _enters_by_provider_alone(desk, "denied", "mia")


def yes_and_denied_a_mapped_account_enters_by_the_provider(desk):
    _enters_by_provider_alone(desk, "denied", "lena", "lena-at-acme")


def yes_and_denied_an_unknown_person_becomes_a_member(desk):
    _becomes_a_member(desk, "denied", "uma")


def no_and_allowed_a_member_enters_by_the_provider(desk):
    _set(desk, create_users="no")
    _enters_by_provider_alone(desk, "allowed", "mia")


def no_and_allowed_a_mapped_account_enters_by_either(desk):
    _enters_by_provider_or_password(desk, "allowed", "lena", "lena-at-acme")


def no_and_allowed_an_unknown_person_is_refused_and_told_to_ask_the_desk(desk):
    _is_refused_and_told_to_ask(desk, "allowed", "ulf")


def no_and_allowed_an_unknown_person_has_no_password_either(desk):
    typed = _Try(desk, "allowed", "ulf", RIGHT)
    assert not typed.entered and not typed.asked_provider and not typed.wrote, str(typed)


def no_and_denied_a_member_enters_by_the_provider(desk):
    _enters_by_provider_alone(desk, "denied", "mia")


def no_and_denied_a_mapped_account_enters_by_the_provider(desk):
    _enters_by_provider_alone(desk, "denied", "lena", "lena-at-acme")


def no_and_denied_an_unknown_person_has_no_way_in(desk):
    _is_refused_and_told_to_ask(desk, "denied", "ugo")


def _check(desk):
    """What `check` says of the ways in, by service."""
    done = subprocess.run(["frontdesk", "check", "--json"], capture_output=True, text=True, check=False)
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    return {fact["text"].split()[0]: fact for fact in facts if fact["fact"] == "ways_in"}


def check_says_so_for_each_service(desk):
    facts = _check(desk)
    assert "unknown person has no way in at all" in facts["customers-desk"]["text"], facts
    assert "told to ask the desk" in facts["staff-desk"]["text"], facts
    _set(desk, create_users="yes")
    facts = _check(desk)
    assert not any("no way in" in fact["text"] for fact in facts.values()), facts


def where_nobody_was_known_check_warned_that_nobody_could_enter(desk):
    fact = desk.bare["customers-desk"]
    assert fact["state"] == "wrong" and "no way in at all" in fact["text"] and fact["next"], fact


def a_password_that_staff_may_use_is_none_for_customers(desk):
    desk.scene.person("acme", "somebody-else")
    assert code_of(desk.pam("staff-desk", "lena", "auth", answers=RIGHT)) == "SUCCESS"
    refused = desk.pam("customers-desk", "lena", "auth", answers=RIGHT)
    assert code_of(refused) == "AUTH_ERR" and not prompts_of(refused), refused


def the_same_through_the_real_login_and_sshd(desk):
    desk.scene.person("acme", "somebody-else")
    with desk.login("lena") as console:
        console.expect("Password, or Enter alone")
        console.type(PASSWORD)
        console.expect(r"\$ ")
        assert console.run("id -un") == "lena"
    with desk.ssh("lena", "echo entered") as ssh:
        ssh.expect("Press Enter")
        ssh.type(PASSWORD)
        assert ssh.end() != 0
        assert "Password, or" not in ssh.text and "entered" not in ssh.text, ssh.text


def switched_off_the_next_line_decides_and_no_packet_leaves(desk):
    _set(desk, enabled="no")
    before = len(desk.scene.requests("acme"))
    desk.scene.person("acme", "lena-at-acme")
    assert codes_of(desk.pam("staff-desk", "lena", *ALL, answers=RIGHT)) == ["SUCCESS"] * 4
    assert code_of(desk.pam("staff-desk", "lena", "auth", answers=WRONG)) == "AUTH_ERR"
    denied = desk.pam("customers-desk", "lena", "auth", answers=RIGHT)
    assert code_of(denied) == "AUTHINFO_UNAVAIL" and not prompts_of(denied), denied
    assert code_of(desk.pam("staff-desk", "mia", "account"), "account") == "PERM_DENIED"
    assert len(desk.scene.requests("acme")) == before


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
