# SPDX-License-Identifier: BSD-2-Clause
"""What stands behind the screen goes away and comes back, whatever is on the screen: it says so, finds itself again
without anybody's hand, and nothing that was cut off becomes a check-in."""
import signal
import sys
import time

import kiosk as stage
from kiosk import SCRATCH, Screen, eventually, read, visit

_SCREENS = {}
RESTART = {"helper": lambda kiosk: kiosk.desk.start_helper(), "keeper": lambda kiosk: kiosk.start_keeper(),
           "kiosk": lambda kiosk: kiosk.start(), "provider": lambda kiosk: kiosk.desk.start_provider()}


def _in_each_state(kiosk):
    """One is idle, one shows a code, one greets, one has just said who is in; and who is in by now."""
    for name in ("code", "approved", "shown"):
        if name not in _SCREENS:
            _SCREENS[name] = Screen(kiosk, name)
    _SCREENS["idle"] = kiosk.screen
    for screen in _SCREENS.values():
        if screen.state() != "idle":
            screen.reload()
        screen.remote("seen")
    code = _SCREENS["code"].touch_for_code()
    _SCREENS["approved"].to_approved("bob")
    _SCREENS["shown"].to_approved("alice")
    _SCREENS["shown"].press()
    _SCREENS["shown"].until("checked_in", "already")
    return code, kiosk.check_ins()


def _restart(kiosk, name, meanwhile=lambda: None):
    kiosk.desk.stop(name)
    meanwhile()
    RESTART[name](kiosk)


def _is_approved_too_late(code):
    assert visit(code, "dave") == "approved"


def _nothing_came_of_it(kiosk, before):
    """What was approved too late leads nobody in, and what was not confirmed is not recorded. Then all is as ever."""
    assert eventually(lambda: not kiosk.desk.sign_ins())
    assert kiosk.check_ins() == before and not kiosk.desk.is_user("dave")
    kiosk.screen.check_in("carol", "already" if "carol" in [row["member"] for row in before] else "checked_in")


def a_page_that_is_loaded_anew_begins_anew_in_every_state(kiosk):
    code, before = _in_each_state(kiosk)
    for screen in _SCREENS.values():
        screen.reload()
    _is_approved_too_late(code)
    _nothing_came_of_it(kiosk, before)


def a_server_that_starts_anew_is_found_again_in_every_state(kiosk):
    code, before = _in_each_state(kiosk)
    token = kiosk.token
    _restart(kiosk, "kiosk", lambda: [screen.until("lost") for screen in _SCREENS.values()])
    for screen in _SCREENS.values():
        assert screen.until("idle")["passed"] == []
    assert kiosk.token == token
    _is_approved_too_late(code)
    _nothing_came_of_it(kiosk, before)


def while_the_helper_is_gone_nobody_can_begin_and_who_has_approved_is_not_lost(kiosk):
    _, before = _in_each_state(kiosk)

    def meanwhile():
        _SCREENS["code"].until("unreachable")
        kiosk.screen.remote("touch")
        kiosk.screen.until("unreachable")

    _restart(kiosk, "helper", meanwhile)
    _SCREENS["approved"].press()
    assert "Bob Brown" in _SCREENS["approved"].until("checked_in")["text"]
    for screen in (_SCREENS["code"], kiosk.screen):
        screen.until("code")  # by itself
    _SCREENS["shown"].until("idle")
    assert len(kiosk.check_ins()) == len(before) + 1


def a_keeper_that_starts_anew_takes_no_confirmation_of_before(kiosk):
    code, before = _in_each_state(kiosk)
    _restart(kiosk, "keeper")
    _is_approved_too_late(code)
    _SCREENS["approved"].press()
    shown = _SCREENS["approved"].until("refused")
    assert "sign in again" in shown["text"] and "Bob" not in shown["text"], shown
    _SCREENS["approved"].until("idle")
    _SCREENS["code"].until("code")  # another one, by itself
    _SCREENS["code"].press('[data-action="cancel"]')
    _nothing_came_of_it(kiosk, before)


def while_the_provider_is_gone_the_screen_says_since_when_and_comes_back_by_itself(kiosk):
    _, before = _in_each_state(kiosk)

    def meanwhile():
        first = time.time()
        kiosk.screen.remote("touch")
        shown = kiosk.screen.until("unreachable")
        minutes = {time.strftime("%-I:%M", time.localtime(at)) for at in (first, time.time())}
        assert [minute for minute in minutes if minute in shown["text"]] and "since" in shown["text"].lower(), shown

    _restart(kiosk, "provider", meanwhile)
    kiosk.screen.approve(kiosk.screen.until("code"), "erin")
    kiosk.screen.press()
    kiosk.screen.until("checked_in")
    kiosk.screen.until("idle")
    _SCREENS["approved"].press()  # approved while it was there
    _SCREENS["approved"].until("already")
    assert [row["member"] for row in kiosk.check_ins()].count("erin") == 1 and len(kiosk.check_ins()) == len(before) + 1


def a_provider_that_has_too_much_to_do_is_told_as_busy_and_asked_again(kiosk):
    provider = kiosk.desk.children["provider"]

    def turn(word):
        provider.send_signal(signal.SIGUSR2)
        assert eventually(lambda: read(f"{SCRATCH}/provider.err").rstrip().endswith(word))

    turn("busy")
    kiosk.screen.remote("touch")
    shown = kiosk.screen.until("busy")
    turn("no longer busy")
    assert "busy" in shown["text"], shown
    kiosk.screen.until("code")
    kiosk.screen.press('[data-action="cancel"]')
    kiosk.screen.until("idle")


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__]))
