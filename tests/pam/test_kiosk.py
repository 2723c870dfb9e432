# SPDX-License-Identifier: BSD-2-Clause
"""The kiosk: not root, its own service, no user; its allow is an identity and never somebody to become."""
from liar import (AUTH_ERR, AUTHINFO_UNAVAIL, DENY, PERM_DENIED, PHASES, REFUSED, SESSION_ERR, SUCCESS, UNAVAIL,
                  UNAVAILABLE, USER_UNKNOWN, ask, close, greeter, hello, login_fields, set_, verdict)
from test_greeter import EIDP, OFFERED, PAGE, REFUSAL

KIOSK = ("-k", "1500", "-s", "frontdesk-kiosk")
NOBODY_IN_ONE = verdict(user="")


def an_allow_for_nobody_checks_in_at_the_kiosk(bench):
    for phase, user in ((phase, user) for phase in PHASES for user in (None, "")):
        result = bench.meet(hello(), set_(), NOBODY_IN_ONE, user=user, phase=phase, options=KIOSK)
        assert (result.code, result.user, result.reason) == (SUCCESS, user, "ok"), (phase, result.logs)
        assert result.environment == ({} if phase == "close" else {"FRONTDESK_SESSION": "abc"})
        login = login_fields(result.heard.logins[0])
        assert (login["user"], login["service"]) == ("", "frontdesk-kiosk")


def nobody_is_named_at_the_kiosk_whatever_the_helper_says(bench):
    for user in ("alice", "first", "kiosk", "root", "maria", "ghost"):
        for phase in PHASES:
            result = bench.meet(hello(), set_(), verdict(user=user), user=None, phase=phase, options=KIOSK,
                                arguments=["local_users=kiosk,maria"])
            assert (result.code, result.user, result.environment) == (REFUSED[phase], None, {}), (user, phase)
            assert phase == "close" or result.reason == "allow_with_user"


def an_allow_for_nobody_is_refused_everywhere_else(bench):
    """Root, another service, a user that is set: these are sign-ins of somebody."""
    for options, user in ((("-s", "frontdesk-kiosk"), None), (("-k", "1500"), None), (("-k", "1500", "-s", "sshd"), None),
                          (("-k", "1500", "-s", "frontdesk-kiosk2"), None), (KIOSK, "alice"), (KIOSK, "ghost"),
                          (("-k", "1500", "-s", "frontdesk"), None), (("-s", "frontdesk-kiosk"), "alice")):
        for phase in ("auth", "account", "open") if user else ("auth",):
            result = bench.meet(hello(), set_(), NOBODY_IN_ONE, user=user, phase=phase, options=options)
            assert (result.code, result.environment) == (REFUSED[phase], {}), (options, user, phase)
            assert result.reason == "allow_without_user"


def without_a_user_nobody_else_gets_beyond_auth(bench):
    for options in (("-s", "frontdesk-kiosk"), ("-k", "1500"), ("-k", "1500", "-s", "sshd")):
        assert bench.alone(phase="account", user=None, options=options).code == USER_UNKNOWN
        assert bench.alone(phase="open", user=None, options=options).code == SESSION_ERR
        assert bench.alone(phase="setcred", user=None, options=options).code == USER_UNKNOWN


def root_may_sign_somebody_in_by_the_kiosks_service(bench):
    result = bench.meet(hello(), verdict(), user=None, options=["-s", "frontdesk-kiosk"])
    assert (result.code, result.user) == (SUCCESS, "alice")


def a_name_that_comes_up_during_the_check_in_is_refused(bench):
    result = bench.meet(hello(), ask(), NOBODY_IN_ONE, user=None, options=[*KIOSK, "-c", "rename"])
    assert (result.code, result.reason) == (AUTH_ERR, "user_changed")


def the_kiosk_has_credentials_without_a_helper_and_no_password_to_change(bench):
    assert bench.alone(phase="setcred", user=None, options=KIOSK).code == SUCCESS
    for phase in ("prelim", "update"):
        assert bench.alone(phase=phase, user=None, options=KIOSK).code == PERM_DENIED


def a_kiosk_without_a_helper_lets_nobody_in(bench):
    for phase in PHASES:
        result = bench.absent(phase=phase, user=None, options=KIOSK)
        assert (result.code, result.reason) == (UNAVAILABLE[phase], "no_helper")
        for script in ((close,), (hello(), close), (hello(), verdict(UNAVAIL))):
            assert bench.meet(*script, user=None, phase=phase, options=KIOSK).code == UNAVAILABLE[phase]


def a_refusal_is_told_as_json_and_a_code_too(bench):
    result = bench.meet(hello(), greeter(PAGE), greeter(REFUSAL, "frontdesk"), verdict(DENY), user=None, options=KIOSK,
                        environment=OFFERED)
    assert (result.code, result.heard.answers, result.messages[0][0]) == (AUTH_ERR, [EIDP], 7)
    assert result.greeted == [("auth-mechanisms", 1, 0, PAGE), ("frontdesk", 1, 0, REFUSAL)]


def a_broken_line_checks_nobody_in(bench):
    for phase, code in (("auth", AUTHINFO_UNAVAIL), ("account", AUTHINFO_UNAVAIL), ("close", SUCCESS)):
        result = bench.alone(phase=phase, user=None, options=KIOSK, arguments=["pasword_login=denied"])
        assert result.code == code, phase
