# SPDX-License-Identifier: BSD-2-Clause
"""Hosts whose conversation lies, and names that nobody should have."""
from liar import (AUTHINFO_UNAVAIL, DENY, IGNORE, SUCCESS, USER_UNKNOWN, ask, hello, login_fields, offer, set_, show, verdict,
                  warn)

NOT_ANSWERED = ("none", "error", "null", "again", "abort", "unknown-code", "no-text")
MIB = "x" * (1 << 20)


def an_answer_that_is_none_never_lets_anybody_in(bench):
    for how in NOT_ANSWERED:
        for question in (ask(), ask(echo=1)):
            result = bench.meet(hello(), question, set_(), verdict(), options=["-c", how])
            assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "conversation_failed"), (how, result.logs)
            assert result.heard.answers == [] and result.environment == {}, how


def nor_does_one_to_the_offer_of_a_password(bench):
    for how in NOT_ANSWERED:
        result = bench.meet(hello(), offer(), verdict(), options=["-c", how], arguments=["password_login=allowed"])
        assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "conversation_failed"), (how, result.logs)


def a_code_that_nobody_could_be_shown_is_no_sign_in(bench):
    for how in ("none", "error", "again", "abort", "unknown-code"):
        result = bench.meet(hello(), show("Code: ABCD"), set_(), verdict(), options=["-c", how])
        assert (result.code, result.environment) == (AUTHINFO_UNAVAIL, {}), how


def what_a_host_answers_to_a_message_is_not_sent(bench):
    result = bench.meet(hello(), show(), warn(), ask(), verdict(), options=["-c", "chatty"])
    assert result.code == SUCCESS and result.heard.answers == [b"\x02\x02\0\0"], result.heard


def a_silent_host_is_shown_the_code_and_nothing_behind_the_sign_in(bench):
    """Nobody can approve a code that nobody sees; what is said in later phases is no more than chatter."""
    auth = bench.meet(hello(), show("Code: ABCD"), warn("late"), verdict(DENY), options=["-q"])
    assert [text for _, text in auth.messages] == ["Code: ABCD", "late"]
    for phase in ("account", "open"):
        later = bench.meet(hello(), show(), warn(), verdict(), phase=phase, options=["-q"])
        assert (later.code, later.messages) == (SUCCESS, []), later.messages


def a_name_that_nobody_has_makes_no_line_in_the_log(bench):
    for name in ("al\nice", "alice\n", "\nalice", "alice\x1b[2J", "alice user=root reason=ok", "álice", "%n%s"):
        result = bench.meet(hello(), verdict(DENY), user=name)
        assert result.code != SUCCESS and len(result.logs) == 1, result.logs
        assert result.logs[0].count("user=") == 1 or "?user=" in result.logs[0], result.logs
        assert all(0x20 <= ord(c) <= 0x7e for c in result.logs[0]), result.logs
        assert login_fields(result.heard.logins[0])["user"] == name
        assert bench.meet(hello(), verdict(user="alice"), user=name).code != SUCCESS, name


def a_name_of_a_mebibyte_is_nobodys(bench):
    """An argument of a program holds 128 KiB: the host makes the rest itself."""
    for user, code in (("mebibyte:", USER_UNKNOWN), ("mebibyte:alice", USER_UNKNOWN)):
        result = bench.alone(user=user)
        assert (result.code, len(result.logs)) == (code, 1), result.logs
        assert len(result.logs[0]) < 300
        assert bench.alone(phase="account", user=user).code == USER_UNKNOWN


def no_name_at_all_is_nobody_until_the_keeper_says_who(bench):
    for user in (None, ""):
        assert bench.meet(hello(), verdict(), user=user).code == SUCCESS
        assert bench.meet(hello(), verdict(user=""), user=user).code not in (SUCCESS, IGNORE)
        assert bench.absent(user=user).code == AUTHINFO_UNAVAIL
        assert bench.alone(phase="account", user=user).code == USER_UNKNOWN
