# SPDX-License-Identifier: BSD-2-Clause
"""A helper that was taken over: everything it may claim, and that none of it is believed."""
import array
import os
import socket
import struct

from liar import (ALLOW, AUTH_ERR, AUTHINFO_UNAVAIL, DENY, HELPER, KEEPER, NOBODY, PHASES, REFUSED, SUCCESS,
                  UNAVAILABLE, ask, close, greeter, hello, meanwhile, offer, send_as, set_, show, string, verdict, warn)

LISTED = ("local_users=kiosk,toor,root,ghost",)
TALK = {"SHOW": show(), "WARN": warn(), "ASK": ask(), "ASK with echo": ask(echo=1), "SET": set_(),
        "VERDICT": verdict()}
GOOD = {"HELLO": (hello(),), **{name: (hello(), packet) for name, packet in TALK.items()}}


def _refused(bench, *script, reason, phase="auth", **more):
    """The conversation ends there and then: no code but "unavailable", and the word in the log."""
    result = bench.meet(*script, phase=phase, **more)
    assert result.code == UNAVAILABLE[phase], (phase, script, result.code)
    assert result.reason == reason, (script, result.logs)
    assert result.environment == {} and len(result.logs) == 1
    return result


def an_allow_for_another_user_is_refused(bench):
    for user in ("bruno", "Alice", "alice ", "alic", "alicea", "root", "maria"):
        for phase in PHASES:
            result = bench.meet(hello(), set_(), verdict(user=user), phase=phase)
            assert (result.code, result.user) == (REFUSED[phase], "alice"), (user, phase, result.code)
            assert result.environment == {}
            if phase != "close":
                assert result.reason == "allow_for_another_user", result.logs


def an_allow_without_a_user_is_refused(bench):
    for user in ("alice", None):
        result = bench.meet(hello(), verdict(user=""), user=user)
        assert (result.code, result.reason) == (AUTH_ERR, "allow_without_user")


def an_allow_for_uid_0_is_refused(bench):
    for user in ("root", "toor"):
        for arguments in ((), LISTED):
            result = bench.meet(hello(), verdict(user=user), user=None, arguments=arguments)
            assert (result.code, result.user, result.reason) == (AUTH_ERR, None, "allow_for_uid_0")


def an_allow_for_an_id_outside_the_range_is_refused_unless_listed(bench):
    for user in ("maria", "nobody", "below", "above", "frontdesk", "frontdesk-net", "other", "kiosk"):
        result = bench.meet(hello(), verdict(user=user), user=None, arguments=() if user == "kiosk" else LISTED)
        assert (result.code, result.user, result.reason) == (AUTH_ERR, None, "allow_outside_range"), user
    for user in ("first", "last", "alice", "kiosk"):
        result = bench.meet(hello(), verdict(user=user), user=None, arguments=LISTED)
        assert (result.code, result.user) == (SUCCESS, user)


def an_allow_for_a_name_that_nobody_has_is_refused(bench):
    for user in ("ghost", None):
        for phase in ("auth", "account", "open"):
            if user or phase == "auth":
                result = bench.meet(hello(), verdict(user="ghost"), user=user, phase=phase, arguments=LISTED)
                assert (result.code, result.reason) == (REFUSED[phase], "allow_for_nobody")


def a_name_that_changes_during_the_conversation_is_refused(bench):
    for user, allowed in (("alice", "alice"), ("alice", "bruno"), (None, "alice"), (None, "bruno")):
        result = bench.meet(hello(), ask(), verdict(user=allowed), user=user, options=["-c", "rename"])
        assert result.code == AUTH_ERR, (user, allowed)


def verdict_and_set_count_from_the_keeper_alone(bench):
    for uid in (0, HELPER, NOBODY, 70000):
        for phase in PHASES:
            _refused(bench, hello(), (uid, verdict()), phase=phase, reason="not_from_keeper")
            _refused(bench, hello(), (uid, set_()), verdict(), phase=phase, reason="not_from_keeper")
        for kind in range(ALLOW, 7):
            _refused(bench, hello(), (uid, verdict(kind)), reason="not_from_keeper",
                    arguments=["password_login=allowed"])


def a_forged_sender_does_not_help_who_is_not_root(bench):
    claim = [(socket.SOL_SOCKET, socket.SCM_CREDENTIALS, struct.pack("3i", os.getpid(), KEEPER, KEEPER))]
    _refused(bench, hello(), lambda c: send_as(HELPER, c, verdict(), claim), close, reason="closed")


def a_set_of_another_name_is_refused(bench):
    for name in ("LD_PRELOAD", "PATH", "FRONTDESK", "FRONTDESK_", "frontdesk_SESSION", "FRONTDESK_a", "FRONTDESK_A1",
                 "FRONTDESK_A=B", "FRONTDESK_A B", "XFRONTDESK_A", "FRONTDESK_A\n", "FRONTDESK_É", ""):
        _refused(bench, hello(), set_(name), verdict(), reason="set_of_foreign_name")


def a_set_with_control_bytes_is_refused(bench):
    for byte in (*range(1, 32), 127):
        _refused(bench, hello(), set_(value="a" + chr(byte)), verdict(), reason="set_of_control_bytes")


def a_text_that_commands_the_terminal_is_refused(bench):
    escapes = [bytes([byte]) for byte in (*range(1, 10), *range(11, 32), 0x7f, 0x9b, 0xff)]
    escapes += [b"\xc2\x9b", b"\xc2\x80", b"\xc0\x8a", b"\xe0\x80\x9b", b"\xed\xa0\x80", b"\xf0\x80\x80\x9b", b"\xf5\x80",
                b"\xe2\x96", b"\xc3", b"\xf4\x90\x80\x80"]
    escapes += [chr(turning).encode() for turning in (0xad, 0x61c, 0x180e, 0x200b, 0x200e, 0x202e, 0x2028, 0x2066,
                                                        0xe000, 0xfdd0, 0xfeff, 0xfff9, 0xffff, 0xe0041, 0x10fffd)]
    for escape in escapes:
        for packet in (show, warn, ask):
            result = _refused(bench, hello(), packet(b"A" + escape), verdict(), reason="text_of_control_bytes")
            assert result.messages == []
    harmless = "\n é \u00a0 ▀ \ud7ff\uf900 \U0001f600 \u0627\u0641\u062a\u062d ~"
    assert bench.meet(hello(), show(harmless), verdict()).messages == [(4, harmless)]


def a_set_that_is_repeated_or_one_too_many_is_refused(bench):
    _refused(bench, hello(), set_(), set_(value="other"), verdict(), reason="set_twice")
    sets = [set_("FRONTDESK_" + "A" * n) for n in range(1, 18)]
    assert bench.meet(hello(), *sets[:16], verdict()).code == SUCCESS
    _refused(bench, hello(), *sets, verdict(), reason="too_many_sets")


def nothing_counts_before_hello(bench):
    for packet in TALK.values():
        for phase in PHASES:
            _refused(bench, packet, phase=phase, reason="not_allowed_now")


def hello_counts_once(bench):
    _refused(bench, hello(), hello(), verdict(), reason="not_allowed_now")
    _refused(bench, hello(), ask(), hello(), verdict(), reason="not_allowed_now")


def another_version_is_refused(bench):
    for version in (0, 2, 256, 65535):
        _refused(bench, hello(version), verdict(), reason="wrong_version")


def greeters_are_refused(bench):
    for line in ((), ("password_login=allowed",)):
        result = _refused(bench, hello(), greeter(), verdict(), reason="not_allowed_now", arguments=line)
        assert result.messages == []


def unknown_types_and_our_own_are_refused(bench):
    for kind in range(256):
        if not 0x10 <= kind <= 0x17:
            _refused(bench, hello(), (KEEPER, bytes([kind]) + string("x")), reason="not_allowed_now")


def nobody_is_asked_while_a_session_closes(bench):
    for packet in (warn(), ask(), ask(echo=1), offer(), greeter()):
        result = _refused(bench, hello(), packet, verdict(), phase="close", reason="not_allowed_now")
        assert result.messages == []


def nothing_counts_after_the_verdict(bench):
    for second in (verdict(), verdict(DENY), show(), set_(), hello(), b"x"):
        result = bench.meet(hello(), meanwhile(verdict(), second))
        assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "message_after_verdict"), result.logs


def a_packet_cut_at_any_byte_is_refused(bench):
    for name, (*before, packet) in GOOD.items():
        for length in range(1, len(packet)):
            _refused(bench, *before, (KEEPER, packet[:length]), reason="packet_malformed"), name


def an_empty_packet_is_the_end(bench):
    for before in ((), (hello(),), (hello(), show())):
        _refused(bench, *before, (KEEPER, b""), reason="closed")


def a_packet_with_a_byte_too_many_is_refused(bench):
    for *before, packet in GOOD.values():
        for more in (b"\0", b"x", packet):
            _refused(bench, *before, (KEEPER, packet + more), reason="packet_malformed")


def a_packet_larger_than_any_is_refused(bench):
    for packet in (hello(), show(), verdict()):
        for size in (16385, 100000):
            before = () if packet == hello() else (hello(),)
            _refused(bench, *before, (KEEPER, packet + b"x" * (size - len(packet))), reason="packet_too_large")
    _refused(bench, hello(), (KEEPER, verdict() + b"x" * (16384 - len(verdict()))), reason="packet_malformed")


def fields_that_are_too_long_are_refused(bench):
    for packet in (show("x" * 12289), ask("x" * 12289), set_(value="x" * 257), set_("FRONTDESK_" + "A" * 247),
                   verdict(user="a" * 257), verdict(reason="r" * 65), show("x" * 12289, ), warn("x" * 16000)):
        _refused(bench, hello(), packet, reason="packet_malformed")


def a_nul_inside_a_string_is_refused(bench):
    for packet in (show("a\0b"), ask("a\0"), warn("\0"), set_("FRONTDESK_A\0"), set_(value="a\0b"),
                   verdict(user="alice\0"), verdict(user="alice\0x"), verdict(reason="ok\0")):
        _refused(bench, hello(), packet, verdict(), reason="packet_malformed")


def a_verdict_that_is_none_is_refused(bench):
    for kind in (0, 7, 8, 128, 255):
        _refused(bench, hello(), (KEEPER, struct.pack(">BB", 0x17, kind) + string("") + string("ok")),
                reason="packet_malformed")
    for reason in ("", "OK", "o k", "ok\n", "é", "a-b"):
        _refused(bench, hello(), verdict(reason=reason), reason="packet_malformed")
    for kind in range(DENY, 7):
        _refused(bench, hello(), (KEEPER, struct.pack(">BB", 0x17, kind) + string("alice") + string("ok")),
                reason="packet_malformed")


def an_echo_that_is_neither_on_nor_off_is_refused(bench):
    for echo in (2, 3, 255):
        assert _refused(bench, hello(), ask(echo=echo), reason="packet_malformed").messages == []


def a_flood_of_messages_is_refused(bench):
    assert bench.meet(hello(), *[show()] * 62, verdict()).code == SUCCESS
    _refused(bench, hello(), *[show()] * 63, verdict(), reason="too_many_messages")


def descriptors_that_ride_along_are_refused_and_closed(bench):
    with open("/dev/null", "rb") as null:
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [null.fileno()] * 5))]
        for before, packet in (((), hello()), ((hello(),), show()), ((hello(),), verdict())):
            _refused(bench, *before, lambda c, p=packet: send_as(KEEPER, c, p, rights),
                    reason="packet_with_descriptors")
