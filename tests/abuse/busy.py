# SPDX-License-Identifier: BSD-2-Clause
"""A provider that turns people away (429): what the person reads, and that it is left alone for a while."""
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "e2e"), os.path.join(HERE, "..", "daemons")]
import desk as stage  # noqa: E402
from room import pam_stack  # noqa: E402
from scene import MAIN, Scene, audit, audit_since, code_of, words_of  # noqa: E402
from undue import ANSWER_OF_PROMPT, UNDUE, Module  # noqa: E402

SENTENCE = "The sign-in service is busy: please wait a minute, then try again."
HTML = "<html><h1>Too many requests</h1></html>"


def _prepare(desk):
    scene = Scene(desk)
    for service in ("login", "su"):
        pam_stack(service, "denied")
    desk.start_services()
    scene.connect("other", services="su")
    scene.person("other", "olga")


def _connect(desk, name, userinfo=None, **script):
    """A connection of its own, alone at its service, whose provider says so."""
    for file in os.listdir("/etc/frontdesk/connections.d"):
        if file != "other.conf":
            os.unlink(f"/etc/frontdesk/connections.d/{file}")
    desk.scene.connect(name, services="login", userinfo=userinfo)
    desk.scene.person(name, name)
    desk.scene.script(name, cache="no-store", **script)


def _busy(endpoint, headers=None):
    return {"answers": {endpoint: {"status": 429, "body": HTML, "headers": headers or {}}}}


def _reason():
    record = [r for r in audit() if r["event"] == "sign_in"][-1]
    return record["reason"], record.get("detail", "")


def wherever_it_is_busy_the_person_is_told_and_the_log_has_the_number(desk):
    for endpoint, headers in (("discovery", None), ("device", None), ("keys", None), ("userinfo", None),
                              ("discovery", {"retry-after": "7"}), ("device", {"retry-after": "7"})):
        name = f"busy-{endpoint}{len(headers or {})}"
        _connect(desk, name, userinfo="always", **_busy(endpoint, headers))
        said = desk.pam("login", "mia", "auth")
        assert code_of(said) == "AUTHINFO_UNAVAIL" and SENTENCE in words_of(said), (endpoint, said)
        reason, detail = _reason()
        assert reason == "idp_busy" and detail.startswith("HTTP 429"), (endpoint, reason, detail)


def other_troubles_have_their_number_in_the_log_too(desk):
    for endpoint, status in (("discovery", 503), ("device", 500), ("device", 404)):
        _connect(desk, f"trouble-{status}", answers={endpoint: {"status": status, "body": HTML}})
        assert code_of(desk.pam("login", "mia", "auth")) == "AUTHINFO_UNAVAIL"
        reason, detail = _reason()
        assert reason == "idp_status" and detail.startswith(f"HTTP {status}"), (endpoint, reason, detail)
    assert desk.log.since(0, "HTTP 503")


def while_it_is_left_alone_no_sign_in_asks_it_and_other_issuers_are_asked(desk):
    _connect(desk, "alone", **_busy("device", {"retry-after": "60"}))
    assert code_of(desk.pam("login", "mia", "auth")) == "AUTHINFO_UNAVAIL"
    asked = desk.scene.requests("alone")
    for _ in range(5):
        said = desk.pam("login", "mia", "auth")
        assert code_of(said) == "AUTHINFO_UNAVAIL" and SENTENCE in words_of(said), said
    assert desk.scene.requests("alone") == asked, "it was left alone"
    assert code_of(desk.pam("su", "olga", "auth")) == "SUCCESS"
    reason, detail = _reason_of_last_refusal()
    assert reason == "idp_busy" and "HTTP 429 was answered" in detail, (reason, detail)


def _reason_of_last_refusal():
    record = [r for r in audit() if r["event"] == "sign_in" and r["verdict"] != "allow"][-1]
    return record["reason"], record.get("detail", "")


def when_its_time_is_over_people_sign_in_again(desk):
    for number, headers in enumerate(({"retry-after": "1"}, {}, {"retry-after": "soon"}, {"retry-after": "-5"})):
        name = f"again{number}"
        _connect(desk, name, **_busy("device", headers))
        assert code_of(desk.pam("login", "mia", "auth")) == "AUTHINFO_UNAVAIL"
        desk.scene.script(name, answers={"device": None})
        assert stage.eventually(lambda n=name: code_of(desk.pam("login", n, "auth")) == "SUCCESS"), headers


def no_word_of_its_stops_sign_ins_for_longer_than_a_minute(desk):
    for number, value in enumerate(("99999999999999999999", "86400", "Fri, 31 Dec 9999 23:59:59 GMT")):
        name = f"clamped{number}"
        _connect(desk, name, **_busy("device", {"retry-after": value}))
        mark = desk.log.mark()
        assert code_of(desk.pam("login", "mia", "auth")) == "AUTHINFO_UNAVAIL"
        assert desk.log.wait(mark, "no sign-in begins there for 60 s"), desk.log.since(mark)


def who_comes_while_a_poll_is_turned_away_asks_nothing(desk):
    _connect(desk, "polled", device={"interval": 1, "expires_in": 120},
             answers={"token": {"status": 429, "body": HTML, "headers": {"retry-after": "60"}}})
    module = Module(user="polled", service="login")
    assert stage.eventually(lambda: "token" in desk.scene.requests("polled"))
    asked = desk.scene.requests("polled")
    assert SENTENCE in words_of(desk.pam("login", "mia", "auth"))
    assert desk.scene.requests("polled") == asked
    module.sock.close()


def a_poll_that_is_turned_away_waits_as_long_as_it_is_told_and_then_succeeds(desk):
    _connect(desk, "polls", polls=["pending"], device={"interval": 1, "expires_in": 120},
             answers={"token": {"status": 429, "body": HTML, "headers": {"retry-after": "4"}}})
    module = Module(user="polls", service="login")
    assert stage.eventually(lambda: "token" in desk.scene.requests("polls"))
    desk.scene.script("polls", answers={"token": None})
    assert module.until_verdict()[2] == "ok"
    asked = [entry["at_ms"] for entry in desk.scene.provider.log("good~polls") if entry["path"].endswith("/token")]
    assert asked[1] - asked[0] >= 4000, asked


def a_poll_that_came_too_soon_is_about_that_code_and_turns_nobody_else_away(desk):
    _connect(desk, "soon", polls=["pending"], device={"interval": 1, "expires_in": 120},
             answers={"token": {"status": 429, "body": '{"error":"slow_down"}', "headers": {"retry-after": "1"}}})
    mark = desk.log.mark()
    module = Module(user="soon", service="login")
    assert stage.eventually(lambda: "token" in desk.scene.requests("soon"))
    desk.scene.script("soon", answers={"token": None})
    assert module.until_verdict()[2] == "ok"
    assert desk.log.wait(mark, '"reason":"ok"') and not desk.log.since(mark, "no sign-in begins there"), \
        desk.log.since(mark)


def a_code_whose_polls_were_turned_away_to_the_end_ends_with_that_word(desk):
    _connect(desk, "to-the-end", device={"interval": 1, "expires_in": 12},
             answers={"token": {"status": 429, "body": HTML, "headers": {"retry-after": "1000000"}}})
    said = desk.pam("login", "mia", "auth")
    assert code_of(said) == "AUTHINFO_UNAVAIL" and SENTENCE in words_of(said), said
    assert _reason()[0] == "idp_busy"
    assert desk.scene.requests("to-the-end").count("token") <= 6


def what_nobody_asked_for_ends_a_sign_in_between_its_polls(desk):
    _connect(desk, "undue", forever="pending", device={"interval": 30, "expires_in": 600})
    for what, packet in UNDUE.items():
        module = Module(user="mia", service="login")
        module.until_shown()
        started = time.monotonic()
        module.sock.send(packet)
        assert module.until_verdict()[2] == "protocol", what
        assert time.monotonic() - started < 25, "noticed at the next poll only"


def an_answer_too_many_ends_a_sign_in_between_its_polls(desk):
    module = Module(user="mia", service="login", rhost="203.0.113.5")
    module.until_shown()
    module.sock.send(ANSWER_OF_PROMPT)
    module.sock.send(ANSWER_OF_PROMPT)
    assert module.until_verdict()[2] == "protocol"


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules["__main__"], _prepare))
