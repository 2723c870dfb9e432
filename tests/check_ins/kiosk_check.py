# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk check` on what the kiosk needs: its user, one connection, and what a screen that never rests costs."""
import os
import sys

from house import house, main, tap

import desk as cli_desk

KIOSK = "frontdesk-kiosk"


def _facts(desk, main_file, *users, **connections):
    cli_desk.set_users("frontdesk", "frontdesk-net", "lena", *users)
    desk.write("frontdesk.conf", main_file)
    for name in os.listdir(f"{desk.config}/connections.d"):
        os.unlink(f"{desk.config}/connections.d/{name}")
    for name, settings in connections.items():
        desk.connect(name=name, issuer="https://127.0.0.1:1/" + name, **settings)
    result = desk.run("check", "--json")
    facts = [(line["state"], line["text"]) for line in result.lines if line["fact"] == "kiosk"]
    assert result.status != 0 or all(state != "wrong" for state, _ in facts), result
    return facts


def nothing_is_said_where_no_connection_serves_it():
    assert _facts(house(people=()), "", acme={"services": "login"}) == []
    assert _facts(house(people=()), "", acme={"services": KIOSK, "enabled": "no"}) == []


def its_user_has_to_be_there_and_to_be_its_own():
    desk = house(people=())
    acme = {"services": KIOSK}
    assert _facts(desk, "", acme=acme) == [("wrong", f"[kiosk] user {KIOSK} is no user of this machine")]
    assert _facts(desk, "[kiosk]\nuser = lena\n", acme=acme) == [("good", "the kiosk runs as lena")]
    (fact,) = _facts(desk, "[kiosk]\nuser = frontdesk-net\n", acme=acme)
    assert fact[0] == "wrong" and "a service's" in fact[1]
    added = "toor:x:0:0::/:/bin/sh\nmole:x:70001:70001::/:/bin/sh\n"
    for user, words in (("toor", "is root"), ("mole", "is a member")):
        desk.write("frontdesk.conf", f"[kiosk]\nuser = {user}\n")
        with open("/etc/passwd", "a", encoding="utf-8") as file:
            file.write(added)
        lines = [line for line in desk.run("check", "--json").lines if line["fact"] == "kiosk"]
        assert [line["state"] for line in lines] == ["wrong"] and words in lines[0]["text"], lines


def of_several_connections_one_has_to_be_chosen():
    desk = house(people=())
    two = {"acme": {"services": KIOSK}, "other": {"services": f"login {KIOSK}"}}
    facts = _facts(desk, "[kiosk]\nuser = lena\n", **two)
    assert ("wrong", f"2 connections are enabled for {KIOSK}, and none is chosen") in facts, facts
    for chosen in ("[kiosk]\nuser = lena\nconnection = other\n",
                   f"[kiosk]\nuser = lena\n[service {KIOSK}]\nconnection = acme\n"):
        assert _facts(desk, chosen, **two) == [("good", "the kiosk runs as lena")], chosen


def a_code_at_all_times_is_warned_of_where_the_provider_counts():
    desk = house(people=())
    always = "[kiosk]\nuser = lena\nidle = always\n"
    facts = _facts(desk, always, acme={"services": KIOSK, "preset": "auth0"})
    assert [fact for fact in facts if fact[0] == "hint" and "720 codes a day" in fact[1] and "Auth0" in fact[1]], facts
    facts = _facts(desk, always, acme={"services": KIOSK, "preset": "authentik"})
    assert any("20 codes an hour" in text for _, text in facts), facts
    assert len(_facts(desk, always.replace("always", "touch"), acme={"services": KIOSK, "preset": "auth0"})) == 1
    assert len(_facts(desk, always, acme={"services": KIOSK})) == 1
    longer = always + f"[service {KIOSK}]\ncode_lifetime = 600\n"
    facts = _facts(desk, longer, acme={"services": KIOSK, "preset": "auth0"})
    assert any("144 codes a day" in text for _, text in facts), facts


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules["__main__"])))
