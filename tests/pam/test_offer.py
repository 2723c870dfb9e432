# SPDX-License-Identifier: BSD-2-Clause
"""OFFER: one prompt that takes a local password for the next module, or an empty answer that starts the sign-in."""
import codecs
import os

from liar import (ALLOW, AUTH_ERR, AUTHINFO_UNAVAIL, DENY, EXPIRED, HELPER, IGNORED, KEEPER, NOBODY, PHASES, SUCCESS,
                  UNAVAIL, UNAVAILABLE, UNKNOWN_USER, ask, close, greeter, hello, meanwhile, offer, send_as, set_, show,
                  string, verdict, warn)

PASSWORD = "open sesame"
PLAIN = "nobodyelsehasthis"
TURNED = "turned:" + codecs.encode(PLAIN, "rot13")  # the host's memory must not have it from its own arguments
TYPED, EMPTY = b"\x02\x03" + string(""), b"\x02\x02" + string("")
ALLOWED = ("password_login=allowed",)
STACKS = {"allowed": "[success=done ignore=ignore authinfo_unavail=ignore default=die] {} password_login=allowed",
          "denied": "[success=done ignore=ignore authinfo_unavail=ignore default=die] {}"}


def _sign_in(bench, *script, typed, stack="allowed", options=(), before="", user="alice"):
    """Through libpam, with a module behind ours that tells which password it was left."""
    with open(os.path.join(bench.folder, "offer"), "w", encoding="ascii") as file:
        file.write(before + "auth " + STACKS[stack].format(f"{bench.module} socket={bench.path}") + "\n"
                   f"auth required {bench.witness}\n")
    command = [*bench.host(), "-s", "offer", *(["-u", user] if user else []), *options]
    for answer in typed:
        command += ["-a", answer]
    with bench.listening():
        return bench.run([*command, "auth"], [script])


def a_typed_password_is_the_next_modules(bench):
    for user in ("alice", "ghost", None):
        result = _sign_in(bench, hello(), offer("Password: "), verdict(IGNORED), typed=[PASSWORD], user=user)
        assert (result.code, result.password) == (SUCCESS, PASSWORD), (user, result.logs)
        assert result.messages == [(1, "Password: ")] and result.heard.answers == [TYPED]
        assert result.user in (user, None) and result.environment == {}


def an_empty_answer_starts_the_sign_in(bench):
    result = _sign_in(bench, hello(), offer(), show(), ask(), set_(), verdict(), typed=["", ""])
    assert result.code == SUCCESS and not result.reached and result.heard.answers == [EMPTY, EMPTY]
    assert result.environment == {"FRONTDESK_SESSION": "abc"}
    for kind in (DENY, EXPIRED):
        result = _sign_in(bench, hello(), offer(), verdict(kind), typed=[""])
        assert result.code == AUTH_ERR and not result.reached


def after_an_empty_answer_the_next_module_has_no_password(bench):
    """Not even one that a module before ours was given."""
    before = f"auth required {bench.witness} open_sesame\n"
    for kind in (IGNORED, UNAVAIL):
        result = _sign_in(bench, hello(), offer(), verdict(kind), typed=[""], before=before)
        assert (result.code, result.reached, result.password) == (SUCCESS, True, None)
    result = _sign_in(bench, hello(), show(), verdict(IGNORED), typed=[], before=before)
    assert result.password == "open_sesame", "without an offer it is left alone"


def an_answer_with_any_character_is_a_password(bench):
    for typed in (" ", "\n", "é", "x" * 511):
        result = _sign_in(bench, hello(), offer(), verdict(IGNORED), typed=[typed])
        assert (result.code, result.password, result.heard.answers) == (SUCCESS, typed, [TYPED])


def a_password_longer_than_pam_allows_is_not_kept(bench):
    for typed in ("x" * 512, "megabyte"):
        result = _sign_in(bench, hello(), offer(), verdict(IGNORED), typed=[typed])
        assert (result.reached, result.password, result.reason) == (True, None, "password_too_long")
        assert result.heard.answers == []


def after_a_password_only_ignore_counts(bench):
    """All else is a fault, never a success; and the password still leads on to the next module."""
    for kind in (ALLOW, DENY, UNKNOWN_USER, UNAVAIL, EXPIRED):
        result = _sign_in(bench, hello(), offer(), verdict(kind), typed=[PASSWORD])
        assert (result.password, result.reason) == (PASSWORD, "verdict_on_a_password"), (kind, result.logs)
        direct = bench.meet(hello(), offer(), verdict(kind), arguments=ALLOWED, options=["-a", PASSWORD])
        assert direct.code == AUTHINFO_UNAVAIL
    for packet in (show(), warn(), ask(), ask(echo=1), set_(), hello(), offer(), greeter(), b"\x01x"):
        result = _sign_in(bench, hello(), offer(), packet, verdict(), typed=[PASSWORD, PASSWORD])
        assert (result.password, result.reason) == (PASSWORD, "not_allowed_now"), (packet, result.logs)
        assert len(result.messages) == 1 and result.environment == {}
    for uid in (0, HELPER, NOBODY):
        result = _sign_in(bench, hello(), offer(), (uid, verdict(IGNORED)), typed=[PASSWORD])
        assert (result.password, result.reason) == (PASSWORD, "not_from_keeper")


def a_helper_that_dies_or_stops_after_a_password_locks_nobody_out(bench):
    for script in ((offer(), close), (meanwhile(offer(), die=True),)):
        result = _sign_in(bench, hello(), *script, typed=[PASSWORD])
        assert (result.code, result.password, result.reason) == (SUCCESS, PASSWORD, "closed")
    slow = STACKS["allowed"]
    STACKS["slow"] = slow + " timeout=1"
    try:
        result = _sign_in(bench, hello(), offer(), typed=[PASSWORD], stack="slow")
        assert (result.code, result.password, result.reason) == (SUCCESS, PASSWORD, "timeout")
    finally:
        del STACKS["slow"]


def a_verdict_that_came_while_the_prompt_stood_does_not_take_the_password_away(bench):
    """The sign-in ran out while the person still typed."""
    for kind in (EXPIRED, DENY, UNAVAIL, IGNORED):
        result = _sign_in(bench, hello(), meanwhile(offer(), verdict(kind), die=True), typed=[PASSWORD])
        assert (result.code, result.password) == (SUCCESS, PASSWORD)


def an_offer_where_passwords_are_denied_is_refused_unseen(bench):
    for stack in ((), ("password_login=denied",)):
        result = bench.meet(hello(), offer(), verdict(), arguments=stack, options=["-a", PASSWORD])
        assert (result.code, result.reason, result.messages) == (AUTHINFO_UNAVAIL, "not_allowed_now", [])
    result = _sign_in(bench, hello(), offer(), verdict(IGNORED), typed=[PASSWORD], stack="denied")
    assert (result.messages, result.password) == ([], None)


def an_offer_at_any_other_time_is_refused_unseen(bench):
    for phase in PHASES:
        for before in ((), (hello(),)):
            if phase == "auth" and before:
                continue
            result = bench.meet(*before, offer(), verdict(), phase=phase, arguments=ALLOWED)
            assert (result.code, result.reason, result.messages) == (UNAVAILABLE[phase], "not_allowed_now", [])


def an_offer_is_made_once(bench):
    for between in ((), (show(),), (ask(),)):
        result = _sign_in(bench, hello(), offer(), *between, offer(), verdict(), typed=["", "", PASSWORD])
        assert (result.reason, result.password) == ("not_allowed_now", None)
        assert not any(text == PASSWORD for _, text in result.messages)
    assert _sign_in(bench, hello(), show(), ask(), offer(), verdict(), typed=["", ""]).code == SUCCESS


def an_offer_that_does_not_decode_or_commands_the_terminal_is_refused(bench):
    for packet in (offer()[:-1], offer() + b"\0", b"\x14", offer("x" * 12289), offer("a\0b")):
        result = bench.meet(hello(), (HELPER, packet), verdict(), arguments=ALLOWED)
        assert (result.code, result.reason, result.messages) == (AUTHINFO_UNAVAIL, "packet_malformed", [])
    result = bench.meet(hello(), offer("\x1b[2J"), verdict(), arguments=ALLOWED)
    assert (result.reason, result.messages) == ("text_of_control_bytes", [])


def an_offer_may_come_from_child_or_keeper_and_a_failed_prompt_is_unavailable(bench):
    for uid in (HELPER, KEEPER):
        result = _sign_in(bench, hello(), lambda c, u=uid: send_as(u, c, offer()), verdict(IGNORED), typed=[PASSWORD])
        assert result.password == PASSWORD
    for how in ("none", "error", "null"):
        result = bench.meet(hello(), offer(), verdict(), arguments=ALLOWED, options=["-c", how])
        assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "conversation_failed"), (how, result.logs)


def a_typed_password_is_in_no_packet_no_log_and_no_memory_but_pam_authtok(bench):
    for script in ((verdict(IGNORED),), (verdict(DENY),), (show(),), (close,), (set_(), verdict())):
        result = _sign_in(bench, hello(), offer(), *script, typed=[TURNED])
        assert result.password == PLAIN
        assert result.secrets == [1, 0], (script, result.secrets)  # while the stack runs, and behind it
        assert PLAIN not in str(result.logs) + str(result.environment) + str(result.messages)
        for packet in result.heard.logins + result.heard.answers:
            assert PLAIN.encode() not in packet
    result = _sign_in(bench, hello(), ask(), verdict(IGNORED), typed=[TURNED])
    assert (result.password, result.secrets) == (None, [0, 0]), "typed by mistake: nobody keeps it"
