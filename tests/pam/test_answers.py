# SPDX-License-Identifier: BSD-2-Clause
"""Who the user is, what the helper said, and what PAM gets to hear."""
from liar import (ALLOW, AUTH_ERR, AUTHINFO_UNAVAIL, CRED_UNAVAIL, DENY, EXPIRED, IGNORE, IGNORED, PERM_DENIED,
                  PHASES, SESSION_ERR, SUCCESS, UNAVAIL, UNAVAILABLE, UNKNOWN_USER, USER_UNKNOWN, ask, hello,
                  set_, show, verdict)

VERDICTS = {
    "auth": {ALLOW: SUCCESS, DENY: AUTH_ERR, EXPIRED: AUTH_ERR, UNKNOWN_USER: USER_UNKNOWN,
             UNAVAIL: AUTHINFO_UNAVAIL, IGNORED: AUTHINFO_UNAVAIL},
    "account": {ALLOW: SUCCESS, DENY: PERM_DENIED, EXPIRED: PERM_DENIED, UNKNOWN_USER: USER_UNKNOWN,
                UNAVAIL: AUTHINFO_UNAVAIL, IGNORED: AUTHINFO_UNAVAIL},
    "open": {ALLOW: SUCCESS, DENY: SESSION_ERR, EXPIRED: SESSION_ERR, UNKNOWN_USER: SESSION_ERR,
             UNAVAIL: SESSION_ERR, IGNORED: SESSION_ERR},
    "close": {kind: SUCCESS for kind in range(ALLOW, IGNORED + 1)},
}
TICKET = ("-e", "FRONTDESK_SESSION=ticket")
LISTS = ("local_users=kiosk,toor,root",)


def every_verdict_in_every_phase_has_its_code(bench):
    for phase, codes in VERDICTS.items():
        for kind, code in codes.items():
            result = bench.meet(hello(), verdict(kind), phase=phase)
            assert result.code == code, (phase, kind, result.code)
            assert result.reason == "ok"


def every_verdict_is_logged_once_with_its_reason(bench):
    words = {ALLOW: "allow", DENY: "deny", EXPIRED: "expired", UNKNOWN_USER: "unknown_user",
             UNAVAIL: "unavailable", IGNORED: "ignore"}
    for kind, word in words.items():
        logs = bench.meet(hello(), verdict(kind, reason="some_reason")).logs
        assert len(logs) == 1 and f"{word} user=alice reason=some_reason phase=" in logs[0], logs


def an_ignore_passes_on_to_passwords_only_where_the_line_allows_them(bench):
    for phase in PHASES:
        result = bench.meet(hello(), verdict(IGNORED), phase=phase, arguments=["password_login=allowed"])
        assert result.code == (IGNORE if phase == "auth" else UNAVAILABLE[phase]), (phase, result.code)


def without_a_helper_members_and_strangers_are_refused(bench):
    for user in ("alice", "first", "last", "ghost"):
        for phase in PHASES:
            for arguments in ((), ("password_login=allowed",)):
                result = bench.absent(phase=phase, user=user, arguments=arguments)
                assert result.code == UNAVAILABLE[phase], (user, phase, result.code)
                assert result.reason == "no_helper"


def a_local_user_never_depends_on_the_helper(bench):
    for user in ("maria", "root", "toor", "below", "above", "frontdesk", "kiosk"):
        lists = () if user == "kiosk" else LISTS
        for phase in PHASES:
            expected = USER_UNKNOWN if phase == "auth" else IGNORE
            assert bench.alone(phase=phase, user=user, arguments=lists).code == expected, (user, phase)
        allowed = bench.alone(user=user, arguments=[*lists, "password_login=allowed"])
        assert allowed.code == IGNORE, user


def a_listed_account_asks_at_sign_in_and_later_only_with_a_ticket(bench):
    for phase in PHASES:
        result = bench.meet(hello(), verdict(user="kiosk"), phase=phase, user="kiosk", arguments=LISTS,
                            options=TICKET)
        assert result.code == SUCCESS, phase
        if phase != "auth":
            assert bench.alone(phase=phase, user="kiosk", arguments=LISTS).code == IGNORE, phase
    assert bench.meet(hello(), verdict(user="kiosk"), user="kiosk", arguments=LISTS).code == SUCCESS


def a_break_glass_account_passes_every_phase_without_connecting(bench):
    for user in ("root", "maria", "alice", "ghost"):
        for phase in (*PHASES, "setcred", "prelim"):
            result = bench.alone(phase=phase, user=user, arguments=["break_glass=maria,alice,root,ghost"])
            assert result.code == IGNORE, (user, phase, result.code)
            assert result.reason == "break_glass", "it is logged"


def a_name_that_only_begins_like_a_listed_one_is_not_listed(bench):
    for names in ("mari", "mariaa", "maria ", "xmaria", "Maria", "bruno,mari,"):
        assert bench.alone(user="maria", arguments=["break_glass=" + names]).code == USER_UNKNOWN, names


def a_long_entry_is_an_entry_all_the_same(bench):
    """Its comment has 9000 bytes: more than any first buffer."""
    assert bench.meet(hello(), verdict(user="wide"), user="wide").code == SUCCESS


def setcred_succeeds_for_members_and_listed_accounts_only(bench):
    expected = {"alice": SUCCESS, "kiosk": SUCCESS, "maria": IGNORE, "root": IGNORE, "ghost": IGNORE, "toor": IGNORE}
    for user, code in expected.items():
        assert bench.alone(phase="setcred", user=user, arguments=LISTS).code == code, user


def a_member_has_no_password_to_change(bench):
    for phase in ("prelim", "update"):
        assert bench.alone(phase=phase, user="alice").code == PERM_DENIED
        assert bench.alone(phase=phase, user="maria").code == IGNORE
        assert bench.alone(phase=phase, user="kiosk", arguments=LISTS).code == IGNORE


def a_sign_in_without_a_name_takes_the_name_of_the_verdict(bench):
    for options in ((), ("-i", "2=")):  # PAM_USER unset, or empty
        result = bench.meet(hello(), verdict(user="bruno"), user=None, options=options)
        assert (result.code, result.user) == (SUCCESS, "bruno")


def a_sign_in_without_a_name_that_is_refused_sets_no_name(bench):
    for script in ((verdict(DENY),), (verdict(user="toor"),), (verdict(user="maria"),), (verdict(user=""),),
                   (verdict(user="ghost"),)):
        result = bench.meet(hello(), *script, user=None)
        assert (result.code, result.user) == (AUTH_ERR, None)


def later_phases_need_a_name(bench):
    expected = {"account": USER_UNKNOWN, "open": SESSION_ERR, "close": SUCCESS, "setcred": USER_UNKNOWN}
    for phase, code in expected.items():
        assert bench.alone(phase=phase, user=None).code == code, phase


def a_preset_name_never_changes(bench):
    assert bench.meet(hello(), verdict()).user == "alice"


def a_name_too_long_for_a_message_is_unknown(bench):
    expected = {"auth": USER_UNKNOWN, "account": USER_UNKNOWN, "open": SESSION_ERR, "close": SUCCESS}
    for length in (257, 100000):
        for phase, code in expected.items():
            assert bench.alone(phase=phase, user="a" * length, arguments=["password_login=allowed"]).code == code
    assert bench.meet(hello(), verdict(DENY), user="a" * 256).code == AUTH_ERR


def odd_names_are_logged_on_one_line(bench):
    logs = bench.absent(user="x\nAccepted publickey for root \x1b[2J é").logs
    assert len(logs) == 1 and logs[0].isascii() and logs[0].isprintable(), logs


def variables_are_set_with_an_allow_only(bench):
    wanted = {"FRONTDESK_SESSION": "0123", "FRONTDESK_ISSUER": "https://idp.example/é =", "FRONTDESK_A_B": ""}
    sets = [set_(name, value) for name, value in wanted.items()]
    assert bench.meet(hello(), *sets, verdict()).environment == wanted
    for kind in (DENY, EXPIRED, UNKNOWN_USER, UNAVAIL, IGNORED):
        assert bench.meet(hello(), *sets, verdict(kind)).environment == {}
    for lie in (verdict(user="bruno"), verdict(user=""), hello(), b"rubbish"):
        assert bench.meet(hello(), *sets, lie).environment == {}


def messages_reach_the_person_in_order_and_unchanged(bench):
    text = "\n▀▄█\nhttps://idp.example/device\nABCD-EFGH %n %s\n"
    result = bench.meet(hello(), show(text), b"\x12" + show(text)[1:], ask(text), ask(text, 1), verdict())
    assert result.code == SUCCESS
    assert result.messages == [(4, text), (3, text), (1, text), (2, text)], "PAM's numbers of the four styles"


def the_largest_text_is_shown_whole(bench):
    result = bench.meet(hello(), show("x" * 12288), verdict())
    assert result.code == SUCCESS and result.messages == [(4, "x" * 12288)]


def a_silent_sign_in_still_shows_its_code(bench):
    result = bench.meet(hello(), show(), show(), ask(), verdict(), options=["-q"])
    assert result.code == SUCCESS and [style for style, _ in result.messages] == [4, 4, 1]


def a_silent_account_phase_shows_nothing_but_still_asks(bench):
    result = bench.meet(hello(), show(), show(), ask(), verdict(), phase="account", options=["-q"])
    assert result.code == SUCCESS and [style for style, _ in result.messages] == [1]


def a_name_service_that_fails_makes_nobody_unknown(bench):
    expected = {"auth": AUTHINFO_UNAVAIL, "account": AUTHINFO_UNAVAIL, "open": SESSION_ERR, "close": SUCCESS,
                "setcred": CRED_UNAVAIL, "prelim": PERM_DENIED}
    for phase, code in expected.items():
        result = bench.alone(phase=phase, user="maria", options=["-f", "2"])  # getpwnam_r
        assert result.injected and result.code == code, (phase, result.code)
