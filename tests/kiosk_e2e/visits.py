# SPDX-License-Identifier: BSD-2-Clause
"""From idle to idle at a real screen, with a phone that follows the QR: in, already in, out, and everything that ends
otherwise, which records nothing."""
import sys

import kiosk as stage
from kiosk import PEOPLE, Screen, audit, visit
from phone import visit as follow
from desk import CA


def a_visitor_touches_the_screen_follows_the_qr_confirms_and_is_checked_in(kiosk):
    screen, mark = kiosk.screen, len(audit())
    code = screen.touch_for_code()
    assert code["uri"] == "https://localhost:8443/device" and set(code["passed"]) <= {"starting"}, code
    address = screen.address()
    assert address == f"{code['uri']}?user_code={code['code']}", (address, code)
    assert follow(address, "alice", ca_file=CA) == "approved"
    assert "Welcome, Alice Adams" in screen.until("approved")["text"]
    assert kiosk.check_ins() == [] and not [r for r in audit()[mark:] if r["event"] == "check_in"]
    screen.press()
    shown = screen.until("checked_in")
    assert "Alice Adams" in shown["text"] and shown["passed"] == [], shown
    (row,) = kiosk.check_ins()
    assert (row["member"], row["full_name"], row["location"], row["how_in"], row["out_at"]) == (
        "alice", "Alice Adams", "Berlin", "kiosk", None), row
    screen.until("idle")


def what_was_recorded_is_in_the_audit_with_whose_kiosk_it_was(kiosk):
    (record,) = [r for r in audit() if r["event"] == "check_in"]
    assert (record["member"], record["check_in"], record["location"], record["connection"], record["peer_uid"]) == (
        "alice", "in", "Berlin", "corp", 982), record
    assert record["check_in_id"] == kiosk.check_ins()[0]["check_in"]
    assert not [r for r in audit() if r.get("user")], "nobody has entered this machine"


def a_second_scan_soon_says_already_in_and_changes_nothing(kiosk):
    rows = kiosk.check_ins()
    assert "Alice Adams" in kiosk.screen.check_in("alice", "already")["text"]
    assert kiosk.check_ins() == rows
    assert [r["check_in"] for r in audit() if r["event"] == "check_in"] == ["in", "already"]


def one_more_than_two_minutes_later_checks_out_and_the_next_in_again(kiosk):
    kiosk.set_clock(125)
    try:
        assert "Alice Adams" in kiosk.screen.check_in("alice", "checked_out")["text"]
        (row,) = kiosk.check_ins()
        assert row["how_out"] == "kiosk" and row["out_at"] > row["in_at"], row
        kiosk.screen.check_in("alice", "checked_in")
    finally:
        kiosk.set_clock(0)
    assert [row["out_at"] is None for row in kiosk.check_ins()] == [False, True]


def two_kiosks_never_mix(kiosk):
    kiosk.remote("launch", browser="two")
    one, two = kiosk.screen, Screen(kiosk, "second", "two")
    first, second = one.touch_for_code(), two.touch_for_code()
    assert first["code"] != second["code"]
    two.approve(second, "bob")
    assert one.remote("seen") == [] and "Bob" not in one.text()
    one.approve(first, "carol")
    assert two.remote("seen") == []
    for screen, (own, other) in ((one, ("Carol", "Bob")), (two, ("Bob", "Carol"))):
        assert own in screen.text() and other not in screen.text(), own
    two.press('[data-action="cancel"]')
    two.until("idle")
    assert one.remote("seen") == []
    one.press()
    assert "Carol Clark" in one.until("checked_in")["text"]
    one.until("idle")
    assert two.remote("seen") == []
    assert sorted(row["member"] for row in kiosk.check_ins()) == ["alice", "alice", "carol"]
    kiosk.remote("quit", browser="two")


def a_visitor_who_says_no_is_told_so_and_nothing_is_recorded(kiosk):
    code = kiosk.screen.touch_for_code()
    assert visit(code, "bob", deny=True) == "denied"
    shown = kiosk.screen.until("denied")
    assert "refused on the other device" in shown["text"], shown
    kiosk.screen.until("idle")
    _nothing_of(kiosk, "bob")


def _nothing_of(kiosk, who):
    assert who not in [row["member"] for row in kiosk.check_ins()]
    assert who not in [r.get("member") for r in audit() if r["event"] == "check_in"]


def who_walks_away_without_confirming_is_dropped_and_forgotten(kiosk):
    kiosk.reconfigure(kiosk="confirm_after = 1 s\n")
    kiosk.screen.to_approved("bob")
    assert kiosk.screen.until("idle")["passed"] in ([], ["blank"])
    assert PEOPLE["bob"] not in kiosk.screen.text()
    _nothing_of(kiosk, "bob")


def a_code_that_nobody_followed_expires(kiosk):
    kiosk.reconfigure(service="code_lifetime = 1 s")
    kiosk.screen.remote("touch")
    shown = kiosk.screen.until("expired")
    assert set(shown["passed"]) <= {"starting", "code"} and "start again" in shown["text"], shown
    kiosk.screen.until("idle")


def a_stranger_is_sent_to_the_desk(kiosk):
    kiosk.reconfigure(create_users="no")
    assert visit(kiosk.screen.touch_for_code(), "dave") == "approved"
    shown = kiosk.screen.until("not_member")
    assert "desk" in shown["text"] and PEOPLE["dave"] not in shown["text"], shown
    kiosk.screen.until("idle")
    assert "dave" not in kiosk.desk.members()
    _nothing_of(kiosk, "dave")
    kiosk.screen.check_in("alice", "already")


def where_a_code_is_always_shown_there_is_another_after_each_visit(kiosk):
    screen = kiosk.screen
    first = kiosk.reconfigure(kiosk="idle = always\n")
    screen.approve(first, "erin")
    screen.press()
    screen.until("checked_in")
    assert screen.until("code")["code"] != first["code"]


def and_one_that_has_expired_makes_room_for_a_fresh_one_without_a_word(kiosk):
    kiosk.configure(kiosk="idle = always\n", service="code_lifetime = 1 s")
    codes = [kiosk.screen.reload()]
    codes += [kiosk.screen.until("code") for _ in range(2)]
    assert len({code["code"] for code in codes}) == 3, codes
    assert not [state for code in codes[1:] for state in code["passed"] if state not in ("starting", "code")], codes


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__]))
