# SPDX-License-Identifier: BSD-2-Clause
"""A page's way from idle to idle, with sign-ins that the test plays: what is shown, what is due, and what ends what."""
import sys

from page import Page
from place import main


def _to_code(place, page, **fields):
    assert page.act("start") == 204
    page.state("starting")
    sign_in = place.sign_in()
    sign_in.say_code(**fields)
    page.state("code")
    return sign_in


def _to_approved(place, page, name="Ada Lovelace"):
    sign_in = _to_code(place, page).say(state="approved", name=name)
    assert page.state("approved")["name"] == name
    return sign_in


def a_page_is_told_what_it_is_and_that_nobody_is_there(place):
    place.again(kiosk="reset_after = 1 s", machine="location = Hall <2>", acme="display_name = Acme & Söhne\n")
    with Page(place.token) as page:
        hello = page.hello
        assert len(hello["viewer"]) == 22 and hello["idle"] == "touch" and hello["icon"] is False
        assert (hello["label"], hello["machine"], hello["location"]) == ("Acme & Söhne", "desk-7", "Hall <2>")
        assert hello["language"] == "en" and hello["direction"] == "ltr" and hello["texts"]["cancel"] == "Cancel"
        assert page.state("idle") == {"state": "idle"}
    assert place.no_sign_in()


def a_visitor_checks_in_and_the_page_forgets(place):
    with Page(place.token) as page:
        assert page.act("start") == 204
        page.state("starting")
        sign_in = place.sign_in()
        assert sign_in.arguments[:2] == ["--sign-in", "--confirm-after=15"], sign_in.arguments
        sign_in.say_code()
        assert page.state("code") == {"state": "code", "code": "ABCD-EFGH", "uri": "https://idp.example/device",
                                      "qr": ["101", "010", "111"], "expires_in": 120, "lifetime": 120}
        sign_in.say(state="approved", name="Zoë \"Q\" O'Neil")
        assert page.state("approved") == {"state": "approved", "name": "Zoë \"Q\" O'Neil", "seconds": 15}
        assert page.act("confirm") == 204 and sign_in.hear() == {"action": "confirm"}
        sign_in.say(state="checked_in", name="Zoë", since=1700000000)
        assert page.state("checked_in") == {"state": "checked_in", "name": "Zoë", "since": 1700000000, "seconds": 1}
        assert page.until("reset") == {} and page.ends() and sign_in.is_over()


def what_was_recorded_is_what_is_shown(place):
    for state in ("checked_in", "checked_out", "already"):
        with Page(place.token) as page:
            sign_in = _to_approved(place, page)
            page.act("confirm")
            sign_in.say(state=state, since=1700000000)
            assert "name" not in page.state(state)


def each_refusal_has_a_look_of_its_own(place):
    for reason, state in (("access_denied", "denied"), ("code_expired", "expired"), ("timeout", "expired"),
                          ("create_off", "not_member"), ("not_a_member", "not_member"), ("not_allowed", "not_member"),
                          ("member_disabled", "not_member"), ("location_not_allowed", "not_member"),
                          ("too_many_sign_ins", "busy"), ("too_often", "busy"), ("idp_busy", "busy"),
                          ("signature", "refused"), ("email_unverified", "refused"), ("name_taken", "refused"),
                          ("idp_unreachable", "unreachable"), ("internal", "unreachable"), ("made_up", "unreachable"),
                          ("config_broken", "out_of_order"), ("store_failed", "out_of_order"),
                          ("no_connection", "out_of_order"), ("client_refused", "out_of_order")):
        with Page(place.token) as page:
            assert page.act("start") == 204
            place.sign_in().say(state="refused", reason=reason, text=f"Because of {reason}.")
            shown = page.state(state)
            assert shown["text"] == f"Because of {reason}.", (reason, shown)
            assert (shown.get("seconds") is None) == (state in ("unreachable", "out_of_order")), shown
            assert (shown.get("since", 0) > 1700000000) == (state == "unreachable"), shown


def a_busy_screen_waits_as_long_as_it_was_told(place):
    for told, seconds in ((42, 42), (0, 5), (-7, 5), (10 ** 6, 5)):
        with Page(place.token) as page:
            page.act("start")
            place.sign_in().say(state="refused", reason="idp_busy", text="Busy.", retry_after=told)
            assert page.state("busy")["seconds"] == seconds, told


def a_refusal_without_words_gets_the_products_own(place):
    for text in ({}, {"text": ""}, {"text": "a\x1b[2Jb"}, {"text": "x" * 2000}, {"text": "turn \u202e around"}):
        with Page(place.token) as page:
            page.act("start")
            place.sign_in().say(state="refused", reason="access_denied", **text)
            assert page.state("denied")["text"] == \
                "The sign-in was refused on the other device: start again if you want to approve it."


def a_visitor_who_was_refused_after_approving_is_forgotten_too(place):
    with Page(place.token) as page:
        _to_code(place, page).say(state="refused", reason="not_allowed", text="No, Ada.")
        page.state("not_member")
        assert page.until("reset") == {} and page.ends()


def only_what_is_due_counts(place):
    with Page(place.token) as page:
        assert page.act("confirm") == page.act("cancel") == 409
        assert page.act("start") == 204
        assert page.act("start") == page.act("confirm") == 409
        sign_in = place.sign_in().say_code()
        page.state("code")
        assert page.act("start") == page.act("confirm") == 409
        sign_in.say(state="approved", name="Ada")
        page.state("approved")
        assert page.act("start") == 409
        assert page.act("confirm") == 204
        assert page.act("confirm") == page.act("cancel") == page.act("start") == 409
        assert sign_in.hear() == {"action": "confirm"}
        sign_in.say(state="already", since=1700000000)
        page.state("already")
        assert page.act("confirm") == 409
    assert place.no_sign_in()


def a_cancelled_sign_in_ends_at_once(place):
    with Page(place.token) as page:
        sign_in = _to_code(place, page)
        assert page.act("cancel") == 204
        page.state("idle")
        assert sign_in.is_over() and sign_in.hear() is None
        sign_in = _to_approved(place, page)
        assert page.act("cancel") == 204
        assert page.until("reset") == {} and sign_in.is_over() and sign_in.hear() is None


def a_page_that_is_left_ends_its_sign_in(place):
    for reach in (_to_code, _to_approved):
        with Page(place.token) as page:
            sign_in = reach(place, page)
        assert sign_in.is_over() and sign_in.hear() is None
    with Page(place.token) as page:
        assert page.act("start") == 204
        sign_in = place.sign_in()
    assert sign_in.is_over()


def a_confirmation_that_comes_too_late_is_none(place):
    place.again(kiosk="confirm_after = 1 s\nreset_after = 1 s")
    with Page(place.token) as page:
        sign_in = _to_approved(place, page)
        assert page.until("reset") == {}
        assert page.act("confirm") == 403  # the viewer is gone
        assert sign_in.is_over() and sign_in.hear() is None
    place.again(kiosk="reset_after = 1 s")


def two_pages_never_mix(place):
    with Page(place.token) as one, Page(place.token) as other:
        first = _to_code(place, one, code="FIRS-TTTT")
        second = _to_code(place, other, code="SECO-NDDD")
        second.say(state="approved", name="Bruno")
        other.state("approved")
        assert one.act("confirm") == 409  # nobody has approved there
        first.say(state="approved", name="Alice")
        assert one.state("approved")["name"] == "Alice"
        assert one.act("cancel") == 204 and first.is_over()
        assert other.act("confirm") == 204 and second.hear() == {"action": "confirm"}
        second.say(state="checked_in", name="Bruno", since=1700000000)
        assert other.state("checked_in")["name"] == "Bruno"
        one.ends()
        assert "Bruno" not in str(one.events) and "Alice" not in str(other.events)


def a_sign_in_that_speaks_out_of_turn_is_ended(place):
    for words in ([{"state": "approved", "name": "Mallory"}], [{"state": "checked_in", "since": 1}], [{"state": "made_up"}],
                  [{"no": 1}], [{"state": "code", "code": "A", "uri": "https://idp.example/"}],
                  [{"state": "code", "code": "A\x07", "uri": "https://idp.example/", "lifetime": 9}],
                  [{"state": "code", "code": "A", "uri": "https://idp.example/", "lifetime": 9, "qr": ["11", "1"]}],
                  [{"state": "code", "code": "A", "uri": "https://idp.example/", "lifetime": 99999}]):
        with Page(place.token) as page:
            page.act("start")
            sign_in = place.sign_in()
            for word in words:
                sign_in.say(**word)
            assert "approved" not in str(page.state("unreachable"))
            assert sign_in.is_over()
    with Page(place.token) as page:
        sign_in = _to_code(place, page)
        sign_in.say(state="checked_in", name="Mallory", since=1)
        page.state("unreachable")
        assert "Mallory" not in str(page.events) and sign_in.is_over()


def what_does_not_work_is_tried_again_by_itself(place):
    with Page(place.token) as page:
        page.act("start")
        place.sign_in().end()
        since = page.state("unreachable")["since"]
        assert page.act("start") == 409
        place.sign_in().say(state="refused", reason="idp_unreachable", text="Not yet.")
        assert page.state("unreachable") == {"state": "unreachable", "since": since, "text": "Not yet."}
        assert page.act("cancel") == 204
        page.state("idle")


def a_page_that_always_shows_a_code_gets_another_one_after_each(place):
    place.again(kiosk="idle = always\nreset_after = 1 s")
    with Page(place.token) as page:
        assert page.hello["idle"] == "always"
        first = place.sign_in().say_code()
        page.state("code")
        first.say(state="refused", reason="code_expired", text="Expired.")
        second = place.sign_in().say_code(code="NEXT-ONEE")
        assert page.state("code")["code"] == "NEXT-ONEE" and first.is_over()
        second.say(state="approved", name="Ada")
        page.state("approved")
        assert page.act("cancel") == 204
        assert page.until("reset") == {} and page.ends()
    assert place.no_sign_in()  # none for a page that is going
    place.again(kiosk="reset_after = 1 s")


def changed_settings_reach_an_open_page_when_nobody_is_in_the_middle(place):
    place.again(kiosk="reset_after = 1 s")
    with Page(place.token) as idle, Page(place.token) as busy:
        sign_in = _to_code(place, busy)
        place.configure(kiosk="reset_after = 1 s", machine="location = Cellar")
        assert idle.until("reset") == {} and idle.ends()
        sign_in.say(state="approved", name="Ada")
        busy.state("approved")
        assert busy.act("cancel") == 204 and busy.until("reset") == {}
    with Page(place.token) as page:
        assert page.hello["location"] == "Cellar"


def a_quiet_stream_is_heard_to_be_alive(place):
    with Page(place.token) as page:
        page.state("idle")
        page.read(lambda: page.beats > 0)
        assert page.beats > 0


def the_servers_end_ends_every_sign_in(place):
    with Page(place.token) as page:
        sign_in = _to_code(place, page)
        place.stop()
        assert page.ends() and sign_in.is_over()
    place.start()


if __name__ == "__main__":
    sys.exit(main(sys.modules["__main__"]))
