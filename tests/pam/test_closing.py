# SPDX-License-Identifier: BSD-2-Clause
"""The end of a session: a last word, such as where to sign out, that nobody has to be there for."""
from liar import SUCCESS, DENY, hello, meanwhile, show, verdict

LINK = "To sign out everywhere: https://idp.example/logout"
INFO = 4  # PAM_TEXT_INFO


def a_last_word_is_shown(bench):
    for kind in (1, DENY):
        result = bench.meet(hello(), show(LINK), show("again"), verdict(kind), phase="close")
        assert (result.code, result.messages) == (SUCCESS, [(INFO, LINK), (INFO, "again")])


def a_last_word_is_not_shown_to_a_silent_host(bench):
    result = bench.meet(hello(), show(LINK), verdict(), phase="close", options=["-q"])
    assert (result.code, result.messages, result.reason) == (SUCCESS, [], "ok")


def a_last_word_that_nobody_can_read_spoils_nothing(bench):
    for how in ("none", "error"):
        result = bench.meet(hello(), show(LINK), show(LINK), verdict(), phase="close", options=["-c", how])
        assert (result.code, result.reason) == (SUCCESS, "ok"), (how, result.logs)


def a_last_word_that_commands_the_terminal_is_not_shown(bench):
    result = bench.meet(hello(), show("\x1b[2J"), verdict(), phase="close")
    assert (result.code, result.reason, result.messages) == (SUCCESS, "text_of_control_bytes", [])


def last_words_without_end_do_not_outlast_the_second(bench):
    def flood(connection):
        meanwhile(*[show(LINK)] * 20)(connection)

    result = bench.meet(hello(), flood, phase="close", arguments=["timeout=86400"])
    assert (result.code, result.reason) == (SUCCESS, "timeout")
    assert max(result.waits) <= 900, result.waits
