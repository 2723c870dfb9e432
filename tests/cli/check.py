# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk check`: each fault has its line, its next step and its exit status."""
import os
import sys

from desk import Desk, USERS, main, set_users, tap

WHO = ("root", "lena")


def _facts(result):
    for line in result.lines:
        assert list(line) == ["connection", "fact", "state", "text", "next"], line
        assert line["next"] or line["state"] != "wrong", line
    return result.lines


def _wrong(result):
    return [(line["fact"], line["text"]) for line in _facts(result) if line["state"] == "wrong"]


def a_connection_that_works_is_all_good(provider):
    for user in WHO:
        desk = Desk(provider, user).connect()
        result = desk.run("check", "acme", "--json")
        assert result.status == 0 and _wrong(result) == [], result
        good = {line["fact"]: line["text"] for line in _facts(result) if line["state"] == "good"}
        issuer = desk.issuer("good")
        assert good["discovery"] == f"discovery FOUND: {issuer}/.well-known/openid-configuration", good
        assert issuer in good["device"] and "usable key" in good["keys"], good
        assert not os.path.exists(desk.state), "check writes nothing"


def the_screen_shows_marks_and_next_steps(provider):
    out = Desk(provider).connect(allow_all="no").run("check").out
    assert "✔ acme: discovery FOUND: https://localhost" in out, out
    assert "✘ acme: nobody may enter: no rule allows anybody -> set allowed_users" in out, out


def what_is_wrong_is_said_once(provider):
    out = Desk(provider).connect(allow_all="no", services="", username_claim="email").run("check").out
    for words in ("nobody may enter", "is an e-mail", "serves no"):
        assert out.count(words) == 1, (words, out)


def a_fault_in_a_drop_in_of_the_connection_that_was_asked_for_is_told(provider):
    desk = Desk(provider).connect()
    os.mkdir(f"{desk.config}/connections.d/acme.conf.d")
    desk.write("connections.d/acme.conf.d/1.conf", "[connection]\npkce = maybe\n")
    for only in ((), ("acme",)):
        assert "acme.conf.d/1.conf:2: pkce" in desk.run("check", *only).out, only
    desk.connect(name="ac")
    assert "1.conf" not in desk.run("check", "ac").out


def a_preset_tells_its_limits(provider):
    out = Desk(provider).connect(preset="keycloak").run("check").out
    assert "Keycloak: the client needs OAuth 2.0 Device Authorization Grant switched on" in out, out


def without_any_connection_nobody_can_sign_in(provider):
    desk = Desk(provider)
    desk.write("frontdesk.conf", "")
    result = desk.run("check", "--json")
    assert result.status == 1 and _wrong(result) == [
        ("connections", "there is no connection: nobody can sign in")], result


def with_all_connections_off_nobody_can_sign_in(provider):
    result = Desk(provider).connect(enabled="no").run("check", "--json")
    told = [(line["state"], line["text"]) for line in _facts(result) if line["fact"] == "connections"]
    assert told == [("hint", "all connections are switched off: nobody can sign in")], result


def a_rule_that_lets_nobody_in_is_wrong(provider):
    result = Desk(provider).connect(allow_all="no").run("check", "--json")
    assert result.status == 1 and [fact for fact, _ in _wrong(result)] == ["rules"], result


def an_email_as_name_needs_a_regex(provider):
    for settings in ({"username_claim": "email"}, {"preset": "entra"}):
        result = Desk(provider).connect(**settings).run("check", "--json")
        assert result.status == 1 and [fact for fact, _ in _wrong(result)] == ["username"], result
    assert Desk(provider).connect(username_claim="email", username_regex="^([^@]+)@acme[.]com$").run("check").status == 0


def discovery_that_is_not_there_is_missing(provider):
    cases = (("no-such-scenario", "status 404"), ("discovery-html-502", "status 502"),
             ("discovery-html-200", "no JSON object"))
    for scenario, words in cases:
        result = Desk(provider).connect(scenario).run("check", "--json")
        (fact, text), = _wrong(result)
        assert result.status == 4 and fact == "discovery" and "discovery MISSING: https://" in text, result
        assert words in text, (scenario, str(result))
    result = Desk(provider).connect(issuer="https://localhost:1").run("check", "--json")
    assert result.status == 4 and "idp_unreachable" in _wrong(result)[0][1], result


def discovery_that_lacks_fields_is_incomplete_and_names_them(provider):
    for scenario, field in (("no-device-endpoint", "device_authorization_endpoint"), ("no-jwks-uri", "jwks_uri"),
                            ("http-token-endpoint", "token_endpoint")):
        result = Desk(provider).connect(scenario).run("check", "--json")
        (fact, text), = _wrong(result)
        assert result.status == 5 and fact == "discovery", (scenario, str(result))
        assert f"discovery INCOMPLETE: {field}" in text, (scenario, str(result))


def another_issuer_is_a_mismatch_with_the_line_to_paste(provider):
    desk = Desk(provider).connect("issuer-with-slash")
    result = desk.run("check", "--json")
    (fact, _), = _wrong(result)
    next_step = [line["next"] for line in result.lines if line["fact"] == "discovery"][0]
    assert result.status == 6 and fact == "discovery", result
    assert f"`issuer = {desk.issuer('issuer-with-slash')}/`" in next_step, result
    desk.connect(issuer=desk.issuer("issuer-with-slash") + "/")
    assert desk.run("check").status == 0


def keys_that_cannot_be_fetched_are_wrong(provider):
    result = Desk(provider).connect("keys-html-502").run("check", "--json")
    assert result.status == 1 and [fact for fact, _ in _wrong(result)] == ["keys"], result


def _fact(result, name):
    return [line for line in _facts(result) if line["fact"] == name]


def a_client_that_is_refused_has_its_own_status_and_the_providers_words(provider):
    for user in WHO:
        desk = Desk(provider, user).connect("device-invalid-client")
        result = desk.run("check", "--json")
        line, = _fact(result, "client")
        assert result.status == 7 and line["state"] == "wrong", result
        assert "invalid_client: AADSTS7000218: who are you?" in line["text"], line
        assert "Allow public client flows" in line["next"] and "\033" not in line["text"], line


def the_refusals_that_administrators_meet_say_what_to_do(provider):
    for error, description, words in (
            ("invalid_client", "AADSTS700025: Client is public", "take client_secret_file out"),
            ("unauthorized_client", "Grant type not allowed", "Device Code"),
            ("unauthorized_client", "Client not allowed for OAuth 2.0 Device Authorization Grant", "Keycloak"),
            ("access_denied", "Policy evaluation failed for this request", "Okta"),
            ("invalid_scope", "no such scope", "`scopes`"), ("slow_down", "", "wait some minutes")):
        desk = Desk(provider).connect()
        provider.ask(f"/_control/good~desk{Desk.number}",
                     {"device": {"error": error, "error_description": description}})
        result = desk.run("check", "--json")
        line, = _fact(result, "client")
        assert result.status in (1, 7) and line["state"] == "wrong", (error, str(result))
        assert line["next"] and words in line["next"], (error, description, line)


def a_secret_reaches_the_provider_whole_and_nobody_else(provider):
    for scenario in ("client-basic", "client-post", "client-raw"):
        desk = Desk(provider)
        secret = desk.write("secret", "p:a+s%s &w=rd/é\n", 0o640)
        os.chown(secret, 0, USERS["frontdesk"])
        desk.connect(scenario, client_id="kiosk: 1" if scenario == "client-basic" else "kiosk", client_secret_file=secret)
        result = desk.run("check", "--json")
        line, = _fact(result, "client")
        assert result.status == 0 and line["state"] == "good", (scenario, str(result))
        assert ("not form-encoded" in line["text"]) == (scenario == "client-raw"), line
        assert "rd/" not in result.out + result.err, result


def typed_endpoints_stand_in_place_of_discovered_ones(provider):
    desk = Desk(provider)
    issuer = desk.issuer("good")
    desk.connect(userinfo_endpoint=f"{issuer}/userinfo?typed", issuer=issuer)
    texts = [line["text"] for line in _fact(desk.run("check", "--json"), "endpoint")]
    assert f"userinfo_endpoint {issuer}/userinfo?typed (typed, in place of {issuer}/userinfo)" in texts, texts
    assert f"token_endpoint {issuer}/token (discovered)" in texts, texts


def with_every_endpoint_typed_no_discovery_is_needed(provider):
    desk = Desk(provider)
    issuer = desk.issuer("good")
    desk.connect(device_authorization_endpoint=f"{issuer}/device", token_endpoint=f"{issuer}/token",
                 jwks_uri=f"{issuer}/keys")
    result = desk.run("check", "--json")
    assert result.status == 0 and "not needed" in _fact(result, "discovery")[0]["text"], result
    asked = [entry["path"] for entry in provider.log(issuer.rsplit("/", 1)[1])]
    assert asked and not any("well-known" in path for path in asked), asked


def what_is_typed_is_not_missing_from_discovery(provider):
    desk = Desk(provider)
    issuer = desk.issuer("no-device-endpoint")
    desk.connect("no-device-endpoint", device_authorization_endpoint=f"{issuer}/device")
    result = desk.run("check", "--json")
    assert result.status == 0, result
    assert _fact(result, "device")[0]["text"].endswith("(typed, discovery has none)"), result


def a_code_that_dies_before_the_service_gives_up_is_said(provider):
    desk = Desk(provider).connect(services="sshd")
    texts = [line["text"] for line in _fact(desk.run("check", "--json"), "code")]
    assert texts == ["a code lives 60 s only", "a code lives 60 s, less than the timeout of sshd, 110 s"], texts


def the_clock_is_held_against_the_providers(provider):
    line, = _fact(Desk(provider).connect().run("check", "--json"), "clock")
    assert line["state"] == "good", line


def what_each_scope_gives_is_told(provider):
    line = _fact(Desk(provider).connect(scopes="openid email offline_access").run("check", "--json"), "scopes")[0]
    assert "email (their e-mail address)" in line["text"] and "not needed here" in line["text"], line


def a_regex_without_a_domain_is_a_hint(provider):
    line, = _fact(Desk(provider).connect(username_claim="email", username_regex="^([^@]+)@").run("check", "--json"),
                  "username")
    assert line["state"] == "hint" and "names no domain" in line["text"], line


def a_broken_configuration_has_its_own_status_and_says_where(provider):
    for user in WHO:
        desk = Desk(provider, user).connect(create_user="yes")
        result = desk.run("check", "--json")
        (fact, text), = _wrong(result)
        assert result.status == 3 and fact == "fault", result
        assert text.endswith("acme.conf:8: unknown key `create_user`; did you mean `create_users`?"), result


def a_fault_of_another_connection_is_not_this_ones(provider):
    desk = Desk(provider).connect().connect(name="beta", enabled="maybe")
    assert desk.run("check", "acme").status == 0
    assert desk.run("check", "beta").status == 3
    assert desk.run("check").status == 3
    assert desk.run("check", "gamma").status == 2


def a_secret_is_judged_as_the_keeper_would(provider):
    desk = Desk(provider)
    secret = desk.write("secret", "s3cret\n", 0o600)
    desk.connect(client_secret_file=secret)
    result = desk.run("check", "--json")
    assert result.status == 1 and "cannot be read by this user" in dict(_wrong(result))["secret"], result
    os.chown(secret, 0, USERS["frontdesk"])
    os.chmod(secret, 0o644)
    result = desk.run("check", "--json")
    assert result.status == 1 and "open to everybody" in dict(_wrong(result))["secret"], result
    os.chmod(secret, 0o640)
    assert desk.run("check").status == 0


def a_systemd_credential_is_not_ours_to_look_at(provider):
    result = Desk(provider).connect(client_secret_file="acme.secret").run("check", "--json")
    line, = [line for line in _facts(result) if line["fact"] == "secret"]
    assert result.status == 0 and line["state"] == "hint" and "`acme.secret`" in line["text"], result
    assert not [line for line in result.lines if line["fact"] == "client"], result


def a_service_that_chooses_what_is_not_enabled_for_it_is_wrong(provider):
    desk = Desk(provider).connect(services="login")
    for section in ("[service sshd]", "[kiosk]"):
        desk.write("frontdesk.conf", f"{section}\nconnection = acme\n")
        result = desk.run("check", "--json")
        assert result.status == 1 and _wrong(result) == [
            ("service", f"{section} chooses the connection `acme`, which is not enabled for it")], result


def _ids(desk):
    return [(line["state"], line["text"]) for line in _facts(desk.run("check", "--json")) if line["fact"] == "ids"]


def a_range_that_is_nearly_given_away_is_said(provider):
    for user in WHO:
        desk = Desk(provider, user).connect()
        desk.write("frontdesk.conf", "[members]\nuid_range = 70000-70004\n")
        for number, state in enumerate(("good", "good", "good", "good", "hint")):
            assert _ids(desk) == [(state, f"{number} of 5 ids for members are given")]
            result = desk.run("members", "invite", f"guest{number}", "--email", f"guest{number}@example.org")
            assert result.status == 0, result
        desk.run("members", "remove", "guest0", "--free-name")
        assert _ids(desk) == [("hint", "5 of 5 ids for members are given")], "an id is never given twice"


def an_account_of_another_source_within_the_range_is_said(provider):
    desk = Desk(provider).connect()
    entries = {"/etc/passwd": "somebody:x:65999:4982::/:/bin/sh\n", "/etc/group": "somegroup:x:66000:\n"}
    before = {}
    for path, entry in entries.items():
        with open(path, "r+", encoding="utf-8") as file:
            before[path] = file.read()
            file.write(entry)
    try:
        said = _ids(desk)
    finally:
        for path, text in before.items():
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    assert said[1:] == [("hint", "the user somebody has an id of uid_range: 65999"),
                        ("hint", "the group somegroup has an id of uid_range: 66000")], said


def a_disabled_connection_is_asked_only_by_name(provider):
    desk = Desk(provider).connect("no-such-scenario", enabled="no")
    assert desk.run("check").status == 0
    assert desk.run("check", "acme").status == 4


def missing_users_are_said_and_the_network_is_left_alone(provider):
    desk = Desk(provider).connect()
    set_users("lena")
    try:
        result = desk.run("check", "--json")
    finally:
        set_users(*USERS)
    assert result.status == 2 and "useradd" in result.err, result
    assert provider.log(desk.issuer("good").rsplit("/", 1)[1]) == []


def help_lists_every_setting_with_its_default(provider):
    out = Desk(provider).run("check", "--help").out
    for words in ("[connection]", "issuer (or authority, ", "[service NAME]",
                  "uid_range [65536-99999]", "one of: auto utf8 ascii none"):
        assert words in out, out


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
