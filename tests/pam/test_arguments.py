# SPDX-License-Identifier: BSD-2-Clause
"""The PAM line: what is understood, and what an argument that is not does."""
from liar import (AUTHINFO_UNAVAIL, IGNORE, PHASES, SUCCESS, USER_UNKNOWN, hello, login_fields, verdict)

FAULTS = ("nonsense", "", "debug=yes", "debugging", "DEBUG", "timeout", "timeout=", "timeout=0", "timeout=86401",
          "timeout=-1", "timeout=+5", "timeout= 5", "timeout=5s", "timeout=0x10", "timeout=99999999999999999999",
          "timeout=4294967297", "socket=", "socket=relative", "socket=/" + "x" * 108, "connection=",
          "connection=" + "x" * 257, "local_users=", "break_glass=", "password_login=", "password_login=yes",
          "password_login=Allowed", "password_login=allowed ", "local_user=maria", "=", "debug debug")
REPEATS = (("timeout=5", "timeout=5"), ("debug", "debug"), ("connection=a", "connection=b"),
           ("password_login=denied", "password_login=allowed"))


def an_argument_that_is_not_understood_refuses_every_sign_in(bench):
    for lines in [(fault,) for fault in FAULTS] + list(REPEATS):
        for user in ("alice", "maria", "ghost", None):
            result = bench.alone(user=user, arguments=[*lines])
            assert result.code == AUTHINFO_UNAVAIL, (lines, user, result.code)
            assert "argument not understood" in result.logs[0], result.logs


def an_argument_that_is_not_understood_shuts_members_out_of_sessions(bench):
    for phase in ("account", "open"):
        for user in ("alice", "ghost"):
            assert bench.alone(phase=phase, user=user, arguments=["nonsense"]).code == AUTHINFO_UNAVAIL, (phase, user)
    assert bench.alone(phase="close", arguments=["nonsense"]).code == SUCCESS


def an_argument_that_is_not_understood_changes_nothing_for_local_users_later(bench):
    for phase in ("account", "open", "close", "setcred"):
        assert bench.alone(phase=phase, user="maria", arguments=["nonsense"]).code == IGNORE, phase


def an_argument_that_is_not_understood_leaves_break_glass_open(bench):
    for arguments in (["nonsense", "break_glass=maria"], ["break_glass=maria", "timeout=x"]):
        for phase in PHASES:
            assert bench.alone(phase=phase, user="maria", arguments=arguments).code == IGNORE, (phase, arguments)


def each_argument_is_heard(bench):
    result = bench.meet(hello(), verdict(), arguments=["timeout=86400", "connection=staff", "password_login=allowed"])
    login = login_fields(result.heard.logins[0])
    assert (login["timeout"], login["connection"], login["flags"] & 1) == (86400, "staff", 1), login
    result = bench.meet(hello(), verdict(), arguments=["password_login=denied"])
    login = login_fields(result.heard.logins[0])
    assert (login["timeout"], login["connection"], login["flags"] & 1) == (900, "", 0), login


def debug_tells_why_a_local_user_was_passed_over(bench):
    assert bench.alone(phase="account", user="maria").logs == []
    logs = bench.alone(phase="account", user="maria", arguments=["debug"]).logs
    assert len(logs) == 1 and "reason=local_user" in logs[0], logs


def uid_0_is_never_a_listed_account(bench):
    for user in ("root", "toor"):
        assert bench.alone(user=user, arguments=["local_users=root,toor"]).code == USER_UNKNOWN
        assert bench.alone(phase="setcred", user=user, arguments=["local_users=root,toor"]).code == IGNORE
