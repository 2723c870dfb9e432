# SPDX-License-Identifier: BSD-2-Clause
"""Programs that do not run as root, such as screen lockers, ask about their own user, where a service lets them."""
import json
import os
import sys

import desk as stage
from room import read, sh, write
from scene import Scene, audit, audit_since, code_of, environment_of, words_of

MAIN = stage.MAIN + "[service locker]\nunprivileged = yes\n"
SERVICES = "locker plain-desk"
MAP = "/etc/frontdesk/acme.map"
NOBODY_KNOWN = 1777  # no account has this id
MAY_NOT = "may not ask"


def _prepare(desk):
    scene = Scene(desk, MAIN)
    write(MAP, "sub:lena-at-acme = lena\n")
    for service in SERVICES.split():
        stage.pam_stack(service, "denied")
        path = f"/etc/pam.d/{service}"
        write(path, read(path).replace("pam_frontdesk.so", "pam_frontdesk.so local_users=lena"))
    scene.connect("acme", services=SERVICES, user_map_file=MAP)
    desk.start_services()
    for user in ("mia", "nia"):
        scene.person("acme", user)
        assert code_of(desk.pam("plain-desk", user, "auth")) == "SUCCESS"


def _as(desk, who, service, user, *words):
    number = who if isinstance(who, int) else int(sh(f"id -u {who}"))
    return desk.pam(service, user, f"uid={number}", *words, "auth")


def _is_refused(desk, who, service, user):
    before = desk.scene.requests("acme"), desk.members()
    said = _as(desk, who, service, user)
    assert code_of(said) not in (None, "SUCCESS") and MAY_NOT in words_of(said), said
    assert (desk.scene.requests("acme"), desk.members()) == before


def a_members_locker_opens_for_the_member(desk):
    desk.scene.person("acme", "mia")
    assert code_of(_as(desk, "mia", "locker", "mia")) == "SUCCESS"


def somebody_elses_approval_does_not_open_it(desk):
    desk.scene.person("acme", "nia")
    assert code_of(_as(desk, "mia", "locker", "mia")) == "AUTH_ERR"


def a_local_accounts_locker_opens_for_whom_the_map_says(desk):
    desk.scene.person("acme", "lena-at-acme")
    assert code_of(_as(desk, "lena", "locker", "lena")) == "SUCCESS"
    desk.scene.person("acme", "mia")
    assert code_of(_as(desk, "lena", "locker", "lena")) != "SUCCESS"


def about_somebody_else_nothing_is_answered(desk):
    desk.scene.person("acme", "nia")
    for who, about in (("mia", "nia"), ("mia", "lena"), ("lena", "mia"), ("mia", "nobody-knows")):
        _is_refused(desk, who, "locker", about)


def about_nobody_in_particular_neither(desk):
    _is_refused(desk, "mia", "locker", "")


def a_service_that_is_not_meant_for_it_answers_root_only(desk):
    desk.scene.person("acme", "mia")
    _is_refused(desk, "mia", "plain-desk", "mia")
    assert code_of(desk.pam("plain-desk", "mia", "auth")) == "SUCCESS"


def an_id_without_an_account_makes_no_member(desk):
    desk.scene.person("acme", "zoe")
    _is_refused(desk, NOBODY_KNOWN, "locker", "zoe")
    assert not desk.is_user("zoe")


def no_profile_follows_and_no_session_begins(desk):
    desk.scene.person("acme", "mia", name="Somebody New")
    said = _as(desk, "mia", "locker", "mia")
    assert code_of(said) == "SUCCESS" and "FRONTDESK_SESSION" not in environment_of(said), said
    assert json.loads(desk.cli("members", "show", "mia", "--json"))["full_name"] == "Mia"


def a_claimed_remote_host_and_key_are_not_believed(desk):
    before = len(audit())
    assert code_of(_as(desk, "mia", "locker", "mia", "rhost=198.51.100.7", "prior=publickey x")) == "SUCCESS"
    record, = audit_since(before)
    assert "rhost" not in record and record["peer_uid"] == int(sh("id -u mia")), record
    assert (record["event"], record["verdict"], record["service"]) == ("sign_in", "allow", "locker"), record


def refusals_that_anybody_may_cause_fill_no_audit(desk):
    before = len(audit())
    for _ in range(3):
        _is_refused(desk, "mia", "locker", "nia")
    assert not audit_since(before)
    assert os.stat("/var/log/frontdesk/audit.jsonl").st_mode & 0o7 == 0


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
