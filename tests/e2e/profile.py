# SPDX-License-Identifier: BSD-2-Clause
"""What the identity provider says of a person, and where it shows: getent, members show, the environment, the audit."""
import json
import sys

import desk as stage
from room import read, sh
from scene import ABOUT_TOKENS, AUDIT, Scene, audit, audit_since, code_of, codes_of, environment_of, words_of

ALL = ("auth", "account", "session")
MAIN = stage.MAIN + "[service customers-desk]\nrole = customer\n[machine]\nlocation = lisbon\n"
SERVICES = "customers-desk login sshd"
MODES = ("on_each_login", "on_first_login", "never_on_login")


def _prepare(desk):
    scene = Scene(desk, MAIN)
    for service in ("customers-desk", "login", "sshd"):
        stage.pam_stack(service, "denied")
    scene.connect("acme", services=SERVICES)
    desk.start_services()
    desk.start_sshd()


def _shown(desk, user):
    """Name and e-mail as `members show` and getent have them."""
    shown = json.loads(desk.cli("members", "show", user, "--json"))
    full_name = sh(f"getent passwd {user}").split(":")[4]
    assert full_name == (shown["full_name"] or ""), (full_name, shown)
    return shown["full_name"], shown["email"]


def _sign_in(desk, connection, user, **claims):
    desk.scene.person(connection, user, **claims)
    said = desk.pam("customers-desk", user, *ALL)
    assert codes_of(said) == ["SUCCESS"] * 4, said
    return said


def _names_before_and_after_a_wedding(desk, mode):
    user = {"on_each_login": "eva", "on_first_login": "fay", "never_on_login": "nan"}[mode]
    desk.scene.connect("acme", services=SERVICES, sync_profile=mode)
    _sign_in(desk, "acme", user, name="Ms Before", email=f"before@{user}.com")
    before = _shown(desk, user)
    _sign_in(desk, "acme", user, name="Mrs After-Żółć", email=f"after@{user}.com")
    desk.scene.connect("acme", services=SERVICES)
    return before, _shown(desk, user)


def synced_on_each_login_name_and_address_follow(desk):
    assert _names_before_and_after_a_wedding(desk, "on_each_login") == (
        ("Ms Before", "before@eva.com"), ("Mrs After-Żółć", "after@eva.com"))


def synced_on_first_login_they_stay_as_they_were(desk):
    assert _names_before_and_after_a_wedding(desk, "on_first_login") == (("Ms Before", "before@fay.com"),) * 2


def never_synced_there_is_no_name_and_the_address_stays(desk):
    before, after = _names_before_and_after_a_wedding(desk, "never_on_login")
    assert before == after == (None, "before@nan.com"), (before, after)


def an_unverified_address_does_not_replace_a_verified_one(desk):
    _sign_in(desk, "acme", "eva", name="Mrs After", email="eve@elsewhere.com", email_verified=False)
    assert _shown(desk, "eva") == ("Mrs After", "after@eva.com")


def a_name_with_a_colon_or_a_newline_breaks_no_line_of_getent(desk):
    _sign_in(desk, "acme", "eva", name="Eva:0:0:\nroot:x")
    line = sh("getent passwd eva")
    assert line.count(":") == 6 and line.count("\n") == 1 and line.split(":")[2] != "0", line


def the_person_may_enter_at_this_location_only(desk):
    for locations, outcome in (("porto", "AUTH_ERR"), ("porto, lisbon", "SUCCESS"), ("*", "SUCCESS")):
        desk.scene.connect("acme", services=SERVICES, locations=locations)
        desk.scene.person("acme", "eva")
        said = desk.pam("customers-desk", "eva", "auth")
        assert code_of(said) == outcome, (locations, said)
        assert ("does not cover this location" in words_of(said)) == (outcome != "SUCCESS"), said


def a_stranger_from_another_location_becomes_nobody(desk):
    desk.scene.connect("acme", services=SERVICES, locations="porto")
    desk.scene.person("acme", "lou")
    assert code_of(desk.pam("customers-desk", "lou", "auth")) == "AUTH_ERR"
    assert not desk.is_user("lou")
    desk.scene.connect("acme", services=SERVICES)


def the_environment_says_who_it_is(desk):
    found = environment_of(_sign_in(desk, "acme", "eva", name="Eva Żółć"))
    assert len(found.pop("FRONTDESK_SESSION")) >= 22
    assert {name: value for name, value in found.items() if name.startswith("FRONTDESK_")} == {
        "FRONTDESK_CONNECTION": "acme", "FRONTDESK_ISSUER": desk.scene.issuer("acme"), "FRONTDESK_SUBJECT": "eva",
        "FRONTDESK_EMAIL": "eva@acme.com", "FRONTDESK_NAME": "Eva Żółć", "FRONTDESK_ROLE": "customer",
        "FRONTDESK_MEMBER": "eva"}, found


def an_address_that_nobody_vouched_for_is_not_in_it(desk):
    found = environment_of(_sign_in(desk, "acme", "eva", email_verified=False))
    assert "FRONTDESK_EMAIL" not in found and found["FRONTDESK_SUBJECT"] == "eva", found


def it_is_the_same_on_a_console_and_over_ssh(desk):
    desk.scene.person("acme", "eva")
    for enter in (desk.scene.on_console, desk.scene.over_ssh):
        with enter("eva") as terminal:
            found = dict(line.split("=", 1) for line in terminal.run("env | grep ^FRONTDESK_").splitlines())
            assert found["FRONTDESK_MEMBER"] == "eva" and found["FRONTDESK_SUBJECT"] == "eva", found
            assert found["FRONTDESK_ROLE"] == "staff" and len(found["FRONTDESK_SESSION"]) >= 22, found


def what_was_decided_is_in_the_audit(desk):
    def records():
        return [record for record in audit_since(before) if record["service"] == "customers-desk"]

    before = len(audit())
    _sign_in(desk, "acme", "eva")
    desk.scene.connect("acme", services=SERVICES, allow_all="no", allowed_users="somebody-else")
    assert code_of(desk.pam("customers-desk", "eva", "auth", "session", answers="")) == "AUTH_ERR"
    desk.scene.connect("acme", services=SERVICES)
    assert [(r["event"], r["verdict"], r["reason"]) for r in records()] == [
        ("sign_in", "allow", "ok"), ("session_begin", "allow", "ok"), ("session_end", "allow", "ok"),
        ("sign_in", "deny", "not_allowed")], records()
    for record in records():
        assert record["connection"] == "acme" and record["role"] == "customer", record
        assert record["service"] == "customers-desk" and record["requested_user"] == "eva", record
        assert record["peer_uid"] == 0, record
        # Who was let in answers for it; of somebody refused there is a tag, the same each time.
        assert ("identity" in record) == ("subject" not in record) == (record["verdict"] == "deny"), record
        assert record.get("issuer", desk.scene.issuer("acme")) == desk.scene.issuer("acme"), record
    assert [record.get("user") for record in records()] == ["eva", "eva", "eva", None], records()


def no_token_and_no_ticket_is_in_the_audit_or_the_log(desk):
    ticket = environment_of(_sign_in(desk, "acme", "eva"))["FRONTDESK_SESSION"]
    kept = read(AUDIT) + desk.log.text()
    tokens = [entry["form"].get("device_code") for entry in desk.scene.provider.log("good~acme")]
    assert any(tokens) and not [token for token in tokens if token and token in kept]
    assert ticket not in kept and not [word for word in ABOUT_TOKENS if word in kept]


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
