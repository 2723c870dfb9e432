# SPDX-License-Identifier: BSD-2-Clause
"""Greeters that draw: a display manager's service and the kiosk's get JSON, all others the text they have always got."""
import sys

import desk as stage
from room import PASSWORD, read, write
from scene import Scene, code_of, codes_of, environment_of, prompts_of, words_of

ALL = ("auth", "account", "session")
GDM, KIOSK = "gdm-switchable-auth", "frontdesk-kiosk"
KIOSK_UID = "uid=982"
LABEL = "Enter by Acme"
EIDP = '{"authSelection":{"status":"Ok","eidp":{}}}\n'
DONE = EIDP * 4


def _typed(password):
    return f'{{"authSelection":{{"status":"Ok","password":{{"password":"{password}"}}}}}}\n'


def _stack(service, which):
    stage.pam_stack(service, which)
    path = f"/etc/pam.d/{service}"
    write(path, read(path).replace("pam_frontdesk.so", "pam_frontdesk.so local_users=lena"))


def _prepare(desk):
    scene = Scene(desk)
    write("/etc/frontdesk/acme.map", "sub:lena-at-acme = lena\n")
    scene.connect("acme", services=f"{GDM} {KIOSK} gdm-allowed plain-desk", display_name=LABEL,
                  user_map_file="/etc/frontdesk/acme.map")
    for service in (GDM, "plain-desk"):
        _stack(service, "denied")
    write(f"/etc/pam.d/{KIOSK}", read(f"/usr/share/doc/frontdesk/examples/pam/{KIOSK}"))
    scene.person("acme", "mia")
    desk.start_services()


def _greet(desk, service, user, *words, answers=DONE):
    return desk.pam(service, user, "greeter=yes", *words, answers=answers)


def _greeted(said):
    return [(line["protocol"], line["version"], line["text"]) for line in said if line.get("style") == "greeter"]


def _styles(said):
    return [line["style"] for line in said if "style" in line]


def _selection(said):
    """What the greeter draws."""
    (protocol, version, text), = _greeted(said)
    assert (protocol, version, list(text)) == ("auth-mechanisms", 1, ["authSelection"]), said
    return text["authSelection"]


def _requests(desk):
    return len(desk.scene.requests("acme"))


def a_display_manager_gets_the_code_as_json_and_nothing_else(desk):
    said = _greet(desk, GDM, "mia", *ALL)
    assert codes_of(said) == ["SUCCESS"] * 4 and said[-2]["user"] == "mia", said
    selection = _selection(said)
    eidp = selection["mechanisms"]["eidp"]
    assert _styles(said)[0] == "greeter" and "Code:" not in words_of(said[1:]), "pam_mkhomedir may speak, we do not"
    assert selection["priority"] == list(selection["mechanisms"]) == ["eidp"], said
    assert sorted(eidp) == ["code", "linkPrompt", "name", "role", "timeout", "uri"], eidp
    assert (eidp["name"], eidp["role"]) == (LABEL, "eidp") and 0 < eidp["timeout"] <= 50
    assert eidp["uri"].startswith("https://") and eidp["uri"].endswith(f"/activate?user_code={eidp['code']}"), eidp
    assert "right now" in eidp["linkPrompt"]


def who_offers_nothing_or_is_another_service_gets_text(desk):
    for said in (desk.pam(GDM, "mia", *ALL), _greet(desk, "plain-desk", "mia", *ALL)):
        assert codes_of(said) == ["SUCCESS"] * 4 and _styles(said) == ["info"], said
        assert "Code: " in said[0]["text"]


def where_passwords_are_allowed_one_is_beside_the_code(desk):
    _stack(GDM, "allowed")
    said = _greet(desk, GDM, "mia", *ALL)
    selection = _selection(said)
    assert codes_of(said) == ["SUCCESS"] * 4 and _styles(said) == ["greeter"], said
    assert selection["priority"] == ["eidp", "password"]
    assert selection["mechanisms"]["password"] == {"name": "Password", "role": "password", "prompt": "Password"}


def a_password_ends_the_polling_and_is_judged_by_pam_unix(desk):
    desk.scene.script("acme", polls=["pending"] * 90)
    try:
        mark = desk.log.mark()
        for password, code in ((PASSWORD, "SUCCESS"), ("wrong", "AUTH_ERR")):
            said = _greet(desk, GDM, "lena", "auth", answers=_typed(password))
            assert code_of(said) == code and prompts_of(said) == [], said
            assert stage.eventually(lambda: not desk.sign_ins()), "the child still polls"
        assert len(desk.log.since(mark, "reason=password_typed")) >= 2
        assert PASSWORD not in "\n".join(desk.log.since(mark))
    finally:
        desk.scene.script("acme", polls=[])
        _stack(GDM, "denied")


def a_password_where_passwords_are_denied_lets_nobody_in(desk):
    said = _greet(desk, GDM, "lena", "auth", answers=_typed(PASSWORD))
    assert code_of(said) == "AUTHINFO_UNAVAIL" and list(_selection(said)["mechanisms"]) == ["eidp"], said


def a_refusal_is_an_error_behind_the_json(desk):
    desk.scene.script("acme", polls=["denied"])
    try:
        said = _greet(desk, GDM, "mia", "auth")
    finally:
        desk.scene.script("acme", polls=[])
    assert code_of(said) == "AUTH_ERR" and _styles(said) == ["greeter", "error"], said


def several_connections_are_refused_and_nothing_is_asked(desk):
    desk.scene.connect("zeta", services=f"{GDM} plain-desk", display_name="Enter by Zeta", enabled="yes")
    try:
        mark, before = desk.log.mark(), _requests(desk)
        for answers in (DONE, "1\n" + DONE):
            said = _greet(desk, GDM, "mia", "auth", answers=answers)
            assert code_of(said) == "AUTHINFO_UNAVAIL" and _styles(said) == ["error"], said
        assert desk.log.since(mark, "reason=connection_undecided") and _requests(desk) == before
        assert len(prompts_of(_greet(desk, "plain-desk", "mia", "auth", answers="1\n"))) == 1, "others still ask"
    finally:
        desk.scene.disconnect("zeta")


def the_kiosk_gets_its_code_with_more_to_draw_and_nobody_to_become(desk):
    said = _greet(desk, KIOSK, "", KIOSK_UID, *ALL)
    assert codes_of(said) == ["SUCCESS"] * 4 and said[-2]["user"] == "", said
    eidp = _selection(said)["mechanisms"]["eidp"]
    assert sorted(eidp) == ["code", "lifetime", "linkPrompt", "name", "role", "timeout", "uri", "uriPlain"], eidp
    assert eidp["uri"] == f"{eidp['uriPlain']}?user_code={eidp['code']}" and 0 < eidp["lifetime"] <= 60, eidp
    environment = environment_of(said)
    assert environment["FRONTDESK_NAME"] == "Mia" and environment["FRONTDESK_MEMBER"] == "mia"
    assert environment["FRONTDESK_CHECK_IN"] == "in"


def the_kiosk_hears_as_json_why_it_was_refused(desk):
    desk.scene.script("acme", polls=["denied"])
    try:
        said = _greet(desk, KIOSK, "", KIOSK_UID, "auth")
    finally:
        desk.scene.script("acme", polls=[])
    assert code_of(said) == "AUTH_ERR" and _styles(said) == ["greeter", "greeter"], said
    protocol, version, text = _greeted(said)[1]
    assert (protocol, version) == ("frontdesk", 1)
    assert text == {"refusal": {"reason": "access_denied", "retryAfter": 0, "text":
                                "The sign-in was refused on the other device: start again if you want to approve it."}}


def no_kiosk_is_ever_asked_anything(desk):
    desk.scene.connect("zeta", services=KIOSK, display_name="Enter by Zeta")
    path = f"/etc/pam.d/{KIOSK}"
    line = read(path)
    try:
        for words in ((KIOSK_UID,), ()):
            for stack in (line, line.replace("pam_frontdesk.so", "pam_frontdesk.so password_login=allowed")):
                write(path, stack)
                for said in (_greet(desk, KIOSK, "", *words, "auth"), desk.pam(KIOSK, "", *words, "auth")):
                    assert code_of(said) == "AUTHINFO_UNAVAIL" and prompts_of(said) == [], said
        said = _greet(desk, KIOSK, "", KIOSK_UID, "auth")
        assert [text["refusal"]["reason"] for _, _, text in _greeted(said)] == ["connection_undecided"], said
    finally:
        write(path, line)
        desk.scene.disconnect("zeta")


def an_address_too_long_for_its_qr_is_the_plain_one(desk):
    origin = desk.scene.issuer("acme")
    desk.scene.script("acme", device={"verification_uri_complete": f"{origin}/activate?user_code=X&" + "x" * 60})
    assert _selection(_greet(desk, GDM, "mia", "auth"))["mechanisms"]["eidp"]["uri"] == f"{origin}/activate"


def a_code_at_the_kiosk_lives_two_minutes_unless_the_service_says_more(desk):
    desk.scene.script("acme", device={"expires_in": 600})
    main = read("/etc/frontdesk/frontdesk.conf")
    try:
        eidp = _selection(_greet(desk, KIOSK, "", KIOSK_UID, "auth"))["mechanisms"]["eidp"]
        assert 60 < eidp["lifetime"] <= 120 and eidp["timeout"] < eidp["lifetime"], eidp
        assert _selection(_greet(desk, GDM, "mia", "auth"))["mechanisms"]["eidp"]["timeout"] > 120
        write("/etc/frontdesk/frontdesk.conf", main + f"[service {KIOSK}]\ncode_lifetime = 300\n")
        eidp = _selection(_greet(desk, KIOSK, "", KIOSK_UID, "auth"))["mechanisms"]["eidp"]
        assert 120 < eidp["lifetime"] <= 300, eidp
    finally:
        write("/etc/frontdesk/frontdesk.conf", main)


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
