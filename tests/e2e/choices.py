# SPDX-License-Identifier: BSD-2-Clause
"""Several connections serve one place: which of them it is to be, and who somebody is who comes by more than one."""
import json
import sys
from concurrent.futures import ThreadPoolExecutor

import desk as stage
from room import write
from scene import Scene, code_of, codes_of, environment_of, prompts_of, words_of

ALL = ("auth", "account", "session")
SERVICES = "choice-desk login sshd"
LONG = "Anmelden mit dem Firmenkonto der Vereinigten Werkstätten für Glas und Keramik 80"
FOREIGN = "企業アカウントでサインイン · Είσοδος · Вход через компанию"
QUESTION = f"How do you want to sign in?\n  1  {LONG}\n  2  {FOREIGN}\nNumber: "
EMAIL = "E-mail address (or Enter for a list): "
# Sorted by their names: that is the order of the list.
ACME = {"services": SERVICES, "display_name": LONG}
ZETA = {"services": SERVICES, "display_name": FOREIGN}


def _prepare(desk):
    assert len(LONG) == 80
    Scene(desk)
    for service in SERVICES.split():
        stage.pam_stack(service, "denied")
    desk.start_services()
    desk.start_sshd()
    _both(desk)
    desk.scene.person("acme", "eva")
    desk.scene.person("zeta", "zoe")


def _both(desk, acme=(), zeta=()):
    desk.scene.connect("acme", **ACME, **dict(acme))
    desk.scene.connect("zeta", **ZETA, **dict(zeta))


def _by(said):
    return environment_of(said)["FRONTDESK_CONNECTION"]


def _enters(desk, user, answers, *words):
    said = desk.pam("choice-desk", user, *words, *ALL, answers=answers)
    assert codes_of(said) == ["SUCCESS"] * 4, said
    return said


def a_list_shows_both_labels_whole_and_the_number_decides(desk):
    for user, number, connection, label in (("eva", "1", "acme", LONG), ("zoe", "2", "zeta", FOREIGN)):
        said = _enters(desk, user, f"{number}\n")
        assert prompts_of(said) == [QUESTION] and _by(said) == connection, said
        assert f"{label}: {user} on desk (choice-desk)" in words_of(said), said


def nothing_is_asked_of_the_provider_that_was_not_chosen(desk):
    before = desk.scene.requests("acme")
    _enters(desk, "zoe", "2\n")
    assert desk.scene.requests("acme") == before


def the_list_is_shown_over_ssh_and_on_a_console(desk):
    with desk.ssh("zoe") as ssh:
        ssh.expect("Number: ")
        assert f"1  {LONG}" in ssh.text and f"2  {FOREIGN}" in ssh.text, ssh.text
        ssh.type("2")
        ssh.expect("Press Enter")
        ssh.type()
        ssh.expect(r"\$ ")
        assert ssh.run("echo $FRONTDESK_CONNECTION") == "zeta"
    with desk.login("eva") as console:
        console.expect("Number: ")
        assert f"1  {LONG}" in console.text, console.text
        console.type("1")
        console.expect(r"\$ ")
        assert console.run("echo $FRONTDESK_CONNECTION") == "acme"


def a_number_that_is_not_there_leads_nowhere(desk):
    before = desk.scene.requests("acme"), desk.scene.requests("zeta")
    said = desk.pam("choice-desk", "eva", "auth", answers="0\n3\nacme\n-1\n99999999999\n")
    assert code_of(said) not in (None, "SUCCESS") and "was cancelled" in words_of(said), said
    assert prompts_of(said) == [QUESTION] * 3, said
    assert (desk.scene.requests("acme"), desk.scene.requests("zeta")) == before


def where_no_name_was_typed_the_address_leads_the_way(desk):
    _both(desk, {"domain_aliases": "acme.com acme.org"}, {"domain_aliases": "zeta.com"})
    for address, connection, user in (("zoe@zeta.com", "zeta", "zoe"), ("Whoever@ACME.ORG", "acme", "eva")):
        said = _enters(desk, "", f"{address}\n")
        assert prompts_of(said) == [EMAIL] and _by(said) == connection, said
        assert {"user": user} in said, said


def an_address_that_leads_nowhere_or_none_at_all_leads_to_the_list(desk):
    def lead(address):
        said = _enters(desk, "", f"{address}\n2\n")
        assert prompts_of(said) == [EMAIL, QUESTION] and _by(said) == "zeta", said

    with ThreadPoolExecutor() as people:
        list(people.map(lead, ("", "zoe@elsewhere.com", "zoe", "@zeta.com", "zoe@sub.zeta.com")))


def an_address_that_two_claim_leads_to_the_list(desk):
    _both(desk, {"domain_aliases": "acme.com"}, {"domain_aliases": "acme.com"})
    assert prompts_of(_enters(desk, "", "eva@acme.com\n1\n")) == [EMAIL, QUESTION]


def whoever_typed_a_name_is_asked_for_no_address(desk):
    _both(desk, {"domain_aliases": "acme.com"}, {"domain_aliases": "zeta.com"})
    assert prompts_of(_enters(desk, "zoe", "2\n")) == [QUESTION]


def an_address_typed_as_a_name_is_refused_with_the_members_name(desk):
    desk.scene.connect("zeta", **ZETA, enabled="no")
    said = desk.pam("choice-desk", "eva@acme.com", "auth")
    assert code_of(said) == "AUTH_ERR" and "Your name here is eva: sign in again as eva." in words_of(said), said
    mark = desk.log.mark()
    with desk.ssh("eva@acme.com") as ssh:
        ssh.expect("Press Enter")
        ssh.type()
        assert ssh.end() != 0
        assert "Your name here is eva: sign in again as eva." in ssh.text, ssh.text[-400:]
    assert desk.log.wait(mark, "reason=wrong_user"), desk.log.since(mark)


def one_that_is_left_leads_straight_to_the_code(desk):
    for change in ({"enabled": "no"}, {"services": "another-desk"}):
        desk.scene.connect("zeta", **{**ZETA, **change})
        said = _enters(desk, "eva", "")
        assert not prompts_of(said) and _by(said) == "acme", said
        assert not prompts_of(_enters(desk, "", "")), said


def the_service_or_the_line_may_choose(desk):
    _both(desk)
    desk.configure(main=stage.MAIN + "[service choice-desk]\nconnection = zeta\n", corp="")
    desk.scene.disconnect("corp")
    assert not prompts_of(_enters(desk, "zoe", ""))
    desk.configure(corp="")
    desk.scene.disconnect("corp")
    stack = stage.read("/etc/pam.d/choice-desk")
    write("/etc/pam.d/choice-desk", stack.replace("pam_frontdesk.so", "pam_frontdesk.so connection=acme"))
    assert _by(_enters(desk, "eva", "")) == "acme"
    write("/etc/pam.d/choice-desk", stack)


def the_same_person_by_two_connections_is_two_identities(desk):
    _both(desk)
    desk.scene.person("zeta", "eva")  # the same subject, name and verified address, and another issuer
    members = desk.members()
    said = desk.pam("choice-desk", "eva", "auth", answers="2\n")
    assert code_of(said) == "AUTH_ERR" and "belongs to somebody else" in words_of(said), said
    assert desk.members() == members


def with_a_name_of_its_own_the_second_is_a_second_member(desk):
    _both(desk, zeta={"username_claim": "nickname"})
    desk.scene.person("zeta", "eva", nickname="eva-zeta", email="eva@zeta.com")
    first, second = _enters(desk, "eva", "1\n"), _enters(desk, "eva-zeta", "2\n")
    assert environment_of(first)["FRONTDESK_MEMBER"] == "eva"
    assert environment_of(second)["FRONTDESK_MEMBER"] == "eva-zeta"
    shown = [json.loads(desk.cli("members", "show", name, "--json")) for name in ("eva", "eva-zeta")]
    assert shown[0]["subject"] == shown[1]["subject"] == "eva", shown
    assert shown[0]["issuer"] != shown[1]["issuer"] and shown[0]["uid"] != shown[1]["uid"], shown
    said = desk.pam("choice-desk", "eva", "auth", answers="2\n")
    assert code_of(said) == "AUTH_ERR" and "Your name here is eva-zeta" in words_of(said), said


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
