# SPDX-License-Identifier: BSD-2-Clause
"""GREETER: JSON for a display manager that offers its extension, and the one reply that counts."""
import json
import os

from liar import (AUTH_ERR, AUTHINFO_UNAVAIL, DENY, HELPER, IGNORED, KEEPER, PHASES, SUCCESS, UNAVAILABLE, ask,
                  close, greeter, hello, login_fields, offer, send_as, set_, show, string, verdict)
from test_offer import PASSWORD, PLAIN, STACKS, TURNED, TYPED

CHOICES, JSON = "org.gnome.DisplayManager.UserVerifier.ChoiceList", "org.gnome.DisplayManager.UserVerifier.CustomJSON"
NAMES = "GDM_SUPPORTED_PAM_EXTENSIONS"
OFFERED = {"LANG": "C.UTF-8", NAMES: JSON}
ALLOWED = ("password_login=allowed",)
EIDP = b"\x02\x01" + string("eidp")
PAGE = '{"authSelection":{"mechanisms":{"eidp":{"role":"eidp","code":"ABCD-EFGH"}},"priority":["eidp"]}}'
REFUSAL = '{"refusal":{"reason":"access_denied","text":"No.","retryAfter":0}}'


def _greet(bench, *script, reply=None, environment=None, options=(), **more):
    options = [*options, *(["-a", reply] if reply is not None else [])]
    return bench.meet(hello(), *script, environment=environment or OFFERED, options=options, **more)


def _sign_in(bench, *script, reply, arguments=ALLOWED, before=""):
    """Through libpam, with a module behind ours that tells which password it was left."""
    stack = STACKS["denied"].format(f"{bench.module} socket={bench.path} " + " ".join(arguments))
    with open(os.path.join(bench.folder, "greeted"), "w", encoding="ascii") as file:
        file.write(f"{before}auth {stack}\nauth required {bench.witness}\n")
    command = [*bench.host(), "-s", "greeted", "-u", "alice", "-a", reply, "auth"]
    with bench.listening():
        return bench.run(command, [(hello(), *script)], OFFERED)


def _password(text):
    return json.dumps({"authSelection": {"status": "Ok", "password": {"password": text}}})


def a_host_that_offers_the_extension_gets_the_json_and_its_choice_is_the_answer(bench):
    for user in ("alice", None):
        result = _greet(bench, greeter(PAGE), set_(), verdict(), user=user)
        assert (result.code, result.user) == (SUCCESS, "alice"), result.logs
        assert result.greeted == [("auth-mechanisms", 1, 0, PAGE)] and result.heard.answers == [EIDP]
        assert login_fields(result.heard.logins[0])["greeter_extensions"] == "json"
    assert _greet(bench, greeter(PAGE), verdict(DENY)).code == AUTH_ERR


def the_extension_is_a_whole_word_and_its_place_in_the_list_is_its_type(bench):
    for names, place in ((JSON, 0), (f"{CHOICES} {JSON}", 1), (f"{JSON} {CHOICES}", 0), (f"a b c {JSON}", 3),
                         (" ".join(["x"] * 255 + [JSON]), 255)):
        result = _greet(bench, greeter(PAGE), verdict(), environment={NAMES: names})
        assert result.code == SUCCESS and result.greeted == [("auth-mechanisms", 1, place, PAGE)], (names, result.logs)
    for names in ("", " ", CHOICES, JSON[:-1], JSON + "2", "org", "x" + JSON, JSON.lower(), f"{JSON},{CHOICES}", "\t" + JSON,
                  " ".join(["x"] * 256 + [JSON])):
        result = _greet(bench, greeter(PAGE), verdict(), environment={NAMES: names})
        assert (result.code, result.reason, result.greeted) == (AUTHINFO_UNAVAIL, "not_allowed_now", []), names
        assert login_fields(result.heard.logins[0])["greeter_extensions"] == ""


def the_pam_environment_offers_nothing(bench):
    """A user of sshd may have put something into it."""
    result = bench.meet(hello(), greeter(PAGE), verdict(), options=["-e", f"{NAMES}={JSON}"])
    assert (result.code, result.reason, result.greeted) == (AUTHINFO_UNAVAIL, "not_allowed_now", [])


def a_greeter_that_was_not_offered_is_refused_unseen(bench):
    for protocol in ("auth-mechanisms", "frontdesk"):
        result = bench.meet(hello(), greeter(PAGE, protocol), verdict())
        assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "not_allowed_now")
        assert result.greeted == result.messages == []


def a_greeter_in_another_phase_is_refused_unseen(bench):
    for phase in PHASES:
        for protocol in ("auth-mechanisms", "frontdesk"):
            if phase == "auth":
                result = bench.meet(greeter(PAGE, protocol), hello(), verdict(), environment=OFFERED)
            else:
                result = _greet(bench, greeter(PAGE, protocol), verdict(), phase=phase)
                assert login_fields(result.heard.logins[0])["greeter_extensions"] == ""
            assert (result.code, result.reason) == (UNAVAILABLE[phase], "not_allowed_now"), (phase, result.logs)
            assert result.greeted == result.messages == []


def a_greeter_of_a_bad_text_is_refused_unseen(bench):
    packets = {greeter("", "auth-mechanisms"): "packet_malformed", greeter("[]"): "packet_malformed",
               greeter("x"): "packet_malformed", greeter(" {}"): "packet_malformed",
               greeter(PAGE)[:-1]: "packet_malformed", greeter(PAGE) + b"\0": "packet_malformed",
               b"\x15" + string(PAGE): "packet_malformed", b"\x15": "packet_malformed",
               greeter("{" + "x" * 12288): "packet_malformed", greeter("{\0}"): "packet_malformed",
               greeter("{\n}"): "text_of_control_bytes", greeter("{\x1b[2J}"): "text_of_control_bytes",
               greeter(b"{\xff}"): "text_of_control_bytes", greeter("{\u202e}"): "text_of_control_bytes"}
    for protocol in ("", "auth", "auth-mechanisms2", "Auth-Mechanisms", "com.ubuntu.authd.gdm", "x" * 300, "frontdesk\0"):
        packets[greeter(PAGE, protocol)] = "packet_malformed"
    for packet, reason in packets.items():
        result = _greet(bench, (HELPER, packet), verdict())
        assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, reason), (packet[:60], result.logs)
        assert result.greeted == result.messages == []
    longest = '{"' + "x" * (12288 - 6) + '":0}'
    assert _greet(bench, greeter(longest), verdict()).greeted == [("auth-mechanisms", 1, 0, longest)]


def what_no_greeter_can_parse_is_its_own_to_refuse(bench):
    """The host says no, and nobody is let in: GDM answers so to text that is no JSON."""
    for how in ("none", "error", "null", "again", "abort", "unknown-code"):
        for protocol in ("auth-mechanisms", "frontdesk"):
            result = _greet(bench, greeter('{"authSelection":', protocol), set_(), verdict(), options=["-c", how])
            assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "conversation_failed"), (how, result.logs)
            assert result.heard.answers == [] and result.environment == {}


def a_reply_without_its_json_or_of_another_layout_is_none(bench):
    for reply in ("no-json", "no-reply", "short", "long"):
        for protocol in ("auth-mechanisms", "frontdesk"):
            result = _greet(bench, greeter(PAGE, protocol), set_(), verdict(), reply=reply)
            assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "conversation_failed"), (reply, result.logs)


def a_reply_that_is_not_the_one_is_none(bench):
    for reply in ("{}", "null", "x", "megabyte", "[" * 5000, '{"a":' * 1000,
                  '{"authSelection":{"status":"Error","eidp":{}}}', '{"authSelection":{"status":"Ok"}}',
                  '{"authSelection":{"eidp":{}}}', '{"authSelection":{"status":"Ok","passkey":{}}}',
                  '{"authSelection":{"status":"Ok","eidp":{"a":1}}}', '{"authSelection":{"status":"Ok","eidp":[]}}',
                  '{"authSelection":{"status":"Ok","status":"Ok"}}', '{"authSelection":{"eidp":{},"eidp":{}}}',
                  '{"authSelection":{"status":"Ok","status":"Ok","eidp":{}}}',
                  '{"authSelection":{"status":"Ok","eidp":{},"password":{"password":"x"}}}',
                  '{"authSelection":{"status":"Ok","eidp":{"eidp":{"eidp":{}}}}}',
                  '{"authSelection":{"status":"Ok","eidp":{}},"more":1}',
                  '{"authSelection":{"status":"Ok","eidp":{}}}x', '{"authSelection":{"status":"Ok","eidp":{}}'):
        result = _greet(bench, greeter(PAGE), set_(), verdict(), reply=reply, arguments=ALLOWED)
        assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "conversation_failed"), (reply[:60], result.logs)
        assert result.heard.answers == [] and result.environment == {}, reply


def a_password_in_the_reply_is_the_next_modules(bench):
    for text in (PASSWORD, '"\\/\b\f\n\r\t', "pässwörd", "\u20ac\U0001f511", "x" * 511):
        for escaped in (True, False):
            reply = json.dumps({"authSelection": {"password": {"password": text}, "status": "Ok"}}, ensure_ascii=escaped)
            result = _sign_in(bench, greeter(PAGE), verdict(IGNORED), reply=reply)
            assert (result.code, result.password, result.heard.answers) == (SUCCESS, text, [TYPED]), (text, result.logs)


def a_password_left_empty_is_asked_for_by_the_next_module(bench):
    before = f"auth required {bench.witness} open_sesame\n"
    result = _sign_in(bench, greeter(PAGE), verdict(IGNORED), reply=_password(""), before=before)
    assert (result.reached, result.password, result.heard.answers) == (True, None, [TYPED])


def a_password_where_passwords_are_denied_is_refused_and_forgotten(bench):
    for line in ((), ("password_login=denied",)):
        for then in (IGNORED, DENY):
            result = _sign_in(bench, greeter(PAGE), verdict(then), reply=TURNED, arguments=line)
            assert (result.reason, result.password, result.heard.answers) == ("password_not_allowed", None, [])
            assert (result.reached, result.secrets) == (True, [0, 0]), (result.reached, result.secrets)


def after_a_password_only_the_next_module_decides(bench):
    """What the helper then says is a fault, never a success; and the password still leads on."""
    for packet in (verdict(), verdict(DENY), set_(), show(), ask(), offer(), greeter(PAGE), greeter(REFUSAL, "frontdesk")):
        result = _sign_in(bench, greeter(PAGE), packet, verdict(), reply=_password(PASSWORD))
        reason = "verdict_on_a_password" if packet[:1] == b"\x17" else "not_allowed_now"
        assert (result.password, result.reason, len(result.greeted)) == (PASSWORD, reason, 1), (packet, result.logs)
        assert result.environment == {}
    result = _sign_in(bench, greeter(PAGE), close, reply=_password(PASSWORD))
    assert (result.code, result.password, result.reason) == (SUCCESS, PASSWORD, "closed")


def a_password_in_the_reply_that_pam_could_not_take_is_not_kept(bench):
    before = f"auth required {bench.witness} open_sesame\n"
    for text in ("x" * 512, "x" * 1300, "\u20ac" * 171):
        result = _sign_in(bench, greeter(PAGE), verdict(IGNORED), reply=_password(text), before=before)
        assert (result.reached, result.password, result.reason) == (True, None, "password_too_long"), result.logs
        assert result.heard.answers == []


def a_password_in_the_reply_is_in_no_packet_no_log_and_no_memory_but_pam_authtok(bench):
    for script in ((verdict(IGNORED),), (verdict(DENY),), (show(),), (close,), (set_(), verdict())):
        result = _sign_in(bench, greeter(PAGE), *script, reply=TURNED)
        assert result.secrets == [1, 0], (script, result.secrets)  # while the stack runs, and behind it
        assert PLAIN not in str(result.logs) + str(result.environment) + str(result.greeted)
        for packet in result.heard.logins + result.heard.answers:
            assert PLAIN.encode() not in packet
    result = _sign_in(bench, greeter(REFUSAL, "frontdesk"), verdict(DENY), reply=TURNED)
    assert result.secrets == [0], "a reply that nobody reads is erased, too"


def each_kind_of_greeter_comes_once_and_none_beside_an_offer(bench):
    both = (greeter(PAGE), greeter(REFUSAL, "frontdesk"))
    for script in ((both[0], both[0]), (*both, both[0]), (both[1], both[1]), (both[1], both[0], both[1]),
                   (offer(), both[0]), (both[0], offer())):
        result = _sign_in(bench, *script, verdict(), reply="")
        assert (result.reason, result.environment) == ("not_allowed_now", {}), (script, result.logs)
        assert len(result.messages) == len(script) - 1, "the last one is not shown"
    for script in (both, both[::-1], (offer(), both[1]), (show(), both[0], ask())):
        assert _sign_in(bench, *script, verdict(), reply="").code == SUCCESS, script


def what_is_told_of_a_refusal_has_no_answer(bench):
    for reply in ("{}", "nonsense", _password(PASSWORD), "megabyte"):
        result = _greet(bench, greeter(REFUSAL, "frontdesk"), verdict(DENY), reply=reply)
        assert (result.code, result.reason, result.heard.answers) == (AUTH_ERR, "ok", []), (reply[:40], result.logs)
        assert result.greeted == [("frontdesk", 1, 0, REFUSAL)]


def a_greeter_may_come_from_child_or_keeper_and_decides_nothing(bench):
    for uid in (HELPER, KEEPER):
        result = _greet(bench, lambda c, u=uid: send_as(u, c, greeter(PAGE)), verdict(DENY))
        assert (result.code, result.heard.answers) == (AUTH_ERR, [EIDP])
        result = _greet(bench, lambda c, u=uid: send_as(u, c, greeter(PAGE)), (HELPER, verdict()))
        assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "not_from_keeper")
