# SPDX-License-Identifier: BSD-2-Clause
""""Test the connection": what `frontdesk login` shows of claims, rules and the one it would be."""
import os
import sys

from desk import Desk, main, tap


def _control(provider, scenario, **settings):
    provider.ask(f"/_control/{scenario}~desk{Desk.number}", settings)


def _rules(result):
    return {line["rule"]: (line["kind"], line["state"], line["reason"])
            for line in result.lines if line["event"] == "rule"}


def _profile(result):
    profile, = [line for line in result.lines if line["event"] == "profile"]
    return profile


PRIVATE = {"phone_number": "+351 912 345 678", "address": {"street_address": "Rua Augusta 1"},
           "birthdate": "1990-01-02", "picture": "https://pictures.example/ana.jpg",
           "https://acme.com/passport": "P1234567", "nickname": "Aninhas"}


def private_claims_are_named_and_hidden_unless_asked_for(provider):
    desk = Desk(provider).connect()
    _control(provider, "good", claims={**PRIVATE, "groups": ["g-1"], "acr": "mfa"})
    for arguments in (("--json",), ()):
        result = desk.run("login", *arguments)
        assert result.status == 0, result
        for value in ("912 345", "Augusta", "1990-01", "ana.jpg", "P1234", "Aninhas", "Ana Gomes", "ana@acme"):
            assert value not in result.out, (value, str(result))
        for name in (*PRIVATE, "email", "name"):
            assert name in result.out, (name, str(result))
        for value in ("g-1", "mfa", "@acme.com"):
            assert value in result.out, (value, str(result))
    shown = desk.login("--show-claims").verdict["claims"]
    assert PRIVATE.items() <= shown.items() and shown["email"] == "ana@acme.com", shown


def each_rule_has_its_verdict(provider):
    desk = Desk(provider).connect(allow_all=None, allowed_groups="g-1", allowed_email_domains="other.example",
                                  required_acr="mfa", create_users="yes")
    _control(provider, "good", claims={"groups": ["g-1"]})
    result = desk.login()
    rules = _rules(result)
    assert rules["allowed_groups"] == ("allows", "holds", None), rules
    assert rules["allowed_email_domains"] == ("allows", "fails", "not_allowed"), rules
    assert rules["required_acr"] == ("requires", "fails", "required_acr"), rules
    assert rules["allowed_users"] == ("allows", "not_set", None), rules
    assert result.verdict["reason"] == "required_acr", result
    out = desk.run("login").out
    assert "✔ allowed_groups" in out and "✘ required_acr" in out and "(required_acr)" in out, out
    assert "allowed_users" not in out, out


def who_it_would_be_is_told_with_groups_and_the_services_role(provider):
    desk = Desk(provider).connect(username_claim="email", username_regex="^([^@]+)@acme[.]com$", group_map="g-1: desk")
    _control(provider, "good", claims={"groups": ["g-1", "g-2"]})
    profile = _profile(desk.login())
    assert (profile["name"], profile["groups"], profile["local_groups"]) == ("ana", ["g-1", "g-2"], "desk"), profile
    assert profile["email"] == "verified" and profile["subject"] == "user-1", profile
    assert "Service: login (staff)" in desk.run("login").out
    desk.write("frontdesk.conf", "[service login]\nrole = customer\n")
    assert "Service: login (customer)" in desk.run("login").out


def a_name_that_cannot_be_is_told_with_its_reason(provider):
    desk = Desk(provider).connect(username_regex="^(x.*)$")
    result = desk.login()
    profile = _profile(result)
    assert (profile["name"], profile["name_reason"]) == (None, "username_regex"), profile
    assert result.verdict["reason"] == "username_regex", result


def scopes_that_were_not_granted_are_told(provider):
    desk = Desk(provider).connect("fewer-scopes")
    result = desk.login()
    assert [line for line in result.lines if line["event"] == "scopes"] == [{"event": "scopes", "lost": "profile"}], result
    assert result.verdict["verdict"] == "allow" and "scopes not granted: profile" in result.err, result
    assert "\nScopes that were asked for and not granted: profile\n" in desk.run("login").out
    desk = Desk(provider).connect("same-scopes")
    assert not [line for line in desk.login().lines if line["event"] == "scopes"]
    assert "not granted" not in desk.run("login").out


def a_trial_writes_no_record_and_a_committed_one_does(provider):
    desk = Desk(provider).connect()
    desk.login()
    assert not os.path.exists(desk.audit)
    desk.login("--commit")
    with open(desk.audit, encoding="utf-8") as file:
        assert '"sign_in"' in file.read()


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
