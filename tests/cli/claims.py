# SPDX-License-Identifier: BSD-2-Clause
"""Where claims come from, and what is said when the one that gives the name does not come."""
import json
import sys

from desk import Desk, main, tap


def _asked_userinfo(provider, scenario):
    return len(provider.requests(f"{scenario}~desk{Desk.number}", "userinfo"))


def _login(provider, scenario, **settings):
    """What came of it, and how often userinfo was asked."""
    desk = Desk(provider).connect(scenario, **settings)
    result = desk.login("--commit")
    return result.verdict["reason"], _asked_userinfo(provider, scenario)


def with_never_the_claims_of_the_id_token_are_all(provider):
    assert _login(provider, "good", userinfo="never") == ("ok", 0)
    assert _login(provider, "thin", userinfo="never") == ("username_claim_missing", 0)
    assert _login(provider, "thin", userinfo="never", username_claim="sub", username_regex="^(user)-1$") == ("ok", 0)


def with_auto_userinfo_is_asked_for_what_is_missing_only(provider):
    assert _login(provider, "good") == ("ok", 0)
    assert _login(provider, "thin") == ("ok", 1)


def with_always_userinfo_is_asked(provider):
    assert _login(provider, "good", userinfo="always") == ("ok", 1)


def a_claim_that_did_not_come_is_named_with_what_to_do(provider):
    for settings, advice in (({}, "or set username_claim to one that came"),
                             ({"userinfo": "never"}, "or set `userinfo = auto`")):
        desk = Desk(provider).connect(username_claim="upn", **settings)
        result = desk.run("login", "--commit")
        assert result.status == 1 and "none (username_claim_missing)" in result.out, result
        assert "no claim `upn` came: a scope or a mapper at the identity provider adds it" in result.out, result
        assert advice in result.out, result
        assert '"detail":"username_claim upn"' in result.err, result
        assert "no name that can be used here: please ask the front desk" in result.err, result
        with open(desk.audit, encoding="utf-8") as file:
            record = json.loads(file.readlines()[-1])
        assert (record["reason"], record["detail"]) == ("username_claim_missing", "username_claim upn"), record


def a_name_that_cannot_be_names_its_claim(provider):
    for settings, reason in (({"username_regex": "^(x.*)$"}, "username_regex"),
                             ({"username_claim": "name"}, "name_invalid")):
        desk = Desk(provider).connect(**settings)
        result = desk.run("login")
        claim = settings.get("username_claim", "preferred_username")
        assert f'"reason":"{reason}",' in result.err and f'"detail":"username_claim {claim}"' in result.err, result
        assert "no claim" not in result.out, result


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
