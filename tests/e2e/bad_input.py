# SPDX-License-Identifier: BSD-2-Clause
"""Providers that are down, slow, broken or hostile, seen by a PAM host: the code of the table, a sentence for the
person, a log line with the reason, nobody made, and bounded time and memory. The scripted provider misbehaves."""
import concurrent.futures
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request

import desk as stage
from desk import Desk
from proc import ends_within
from room import SCRATCH, pam_stack, read, sh, write
from tap import PATIENCE_S, eventually, run

UNAVAIL, DENIED, SUCCESS = "AUTHINFO_UNAVAIL", "AUTH_ERR", "SUCCESS"
LIMIT_S = 120
MEMORY_MAX_KB = 160 * 1024  # of a child of the sanitizer build; a body of 100 MB does not fit beside it
MAIN = "[limits]\nsign_ins = 500\nsign_ins_per_user = 500\nsign_ins_per_host = 500\n"

# sentence: scenario, or (certificate or URL), the PAM code, reason
CASES = {
    "a provider that is down": ("https://localhost:1/good", UNAVAIL, "idp_unreachable"),
    "a port that accepts and says nothing": ("@silent", UNAVAIL, "idp_timeout"),
    "a certificate for another name": ("@wrong-name", UNAVAIL, "idp_tls"),
    "a self-signed certificate": ("@self-signed", UNAVAIL, "idp_tls"),
    "an expired certificate": ("@expired", UNAVAIL, "idp_tls"),
    "ten seconds for each answer": ("slow", SUCCESS, "ok"),
    "discovery is 502 with HTML": ("discovery-html-502", UNAVAIL, "idp_status"),
    "discovery is a page of a captive portal": ("discovery-html-200", UNAVAIL, "idp_bad_json"),
    "discovery redirects": ("discovery-redirect-302", UNAVAIL, "idp_redirect"),
    "discovery names another issuer": ("other-issuer", UNAVAIL, "issuer_mismatch"),
    "discovery has no device endpoint": ("no-device-endpoint", UNAVAIL, "no_device_endpoint"),
    "discovery names an endpoint without TLS": ("http-token-endpoint", UNAVAIL, "endpoint_not_https"),
    "discovery of 100 MB": ("discovery-huge-chunked", UNAVAIL, "idp_too_large"),
    "the device answer is 502 with HTML": ("device-html-502", UNAVAIL, "idp_status"),
    "the device answer has 100 MB": ("device-huge", UNAVAIL, "idp_too_large"),
    "the device answer is 1 MB of brackets": ("device-brackets", UNAVAIL, "idp_bad_json"),
    "the device answer is malformed": ("device-malformed", UNAVAIL, "idp_bad_json"),
    "the device answer is cut short": ("device-truncated-json", UNAVAIL, "idp_bad_json"),
    "the device answer says a member twice": ("device-repeated-member", UNAVAIL, "idp_bad_json"),
    "the user code is a number": ("user-code-number", UNAVAIL, "device_answer_invalid"),
    "the user code is missing": ("no-user-code", UNAVAIL, "device_answer_invalid"),
    "the device code is missing": ("no-device-code", UNAVAIL, "device_answer_invalid"),
    "the device answer comes in chunks": ("device-chunked", SUCCESS, "ok"),
    "the token answer comes in chunks": ("token-chunked", SUCCESS, "ok"),
    "the interval is missing": ("interval-absent", SUCCESS, "ok"),
    "the interval is zero": ("interval-0", SUCCESS, "ok"),
    "slow_down five times": ("slow-down-five", SUCCESS, "ok"),
    "a server that adds five seconds for each early poll": ("strict", SUCCESS, "ok"),
    "one 502 and one 429 among the polls": ("one-502-and-one-429", SUCCESS, "ok"),
    "a revocation that is never answered": ("revoke-silent", SUCCESS, "ok"),
    "the person says no": ("denied", DENIED, "access_denied"),
    "the code expires": ("expired", DENIED, "code_expired"),
    "the code lives three seconds": ("expires-3", DENIED, "code_expired"),
    "an escape sequence in the code": ("user-code-escape", UNAVAIL, "unsafe_text"),
    "a bidi character in the code": ("user-code-bidi", UNAVAIL, "unsafe_text"),
    "a line break in the code": ("user-code-newline", UNAVAIL, "unsafe_text"),
    "an escape sequence in the URL": ("uri-escape", UNAVAIL, "unsafe_text"),
    "a bidi character in the URL": ("uri-bidi", UNAVAIL, "unsafe_text"),
    "a javascript URL": ("uri-javascript", UNAVAIL, "unsafe_text"),
    "the token answer has no ID token": ("no-id-token", DENIED, "id_token_missing"),
    "an ID token signed by a stranger": ("signature-stranger", DENIED, "signature"),
    "an ID token that is not signed": ("signature-none", DENIED, "alg_not_allowed"),
    "an ID token for somebody else": ("claim-aud", DENIED, "claim_aud"),
    "an ID token of another sign-in": ("claim-nonce", DENIED, "claim_nonce"),
    "userinfo about another subject": ("userinfo-other-sub", DENIED, "userinfo_sub"),
}


def _service(sentence):
    return re.sub(r"[^a-z0-9]+", "-", sentence.lower())[:50].strip("-")


def _name(sentence):
    return "p" + str(list(CASES).index(sentence))


def _issuer(desk, case):
    if case.startswith("https:"):
        return case
    if case.startswith("@"):
        return f"https://localhost:{desk.ports[case[1:]]}/good"
    return f"https://localhost:{desk.ports['good']}/{case}"


def _control(desk, scenario, changes):
    url = f"https://localhost:{desk.ports['good']}/_control/{scenario}"
    request = urllib.request.Request(url, json.dumps(changes).encode(), method="POST")
    context = ssl.create_default_context(cafile=f"{SCRATCH}/certs/ca.crt")
    with urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)).open(
            request, timeout=60):
        pass


def _prepare(desk):
    root = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "idp"))
    sh(f"sh {root}/make_certs {SCRATCH}/certs")
    sh(f"install -m 644 {SCRATCH}/certs/ca.crt {stage.CA}")
    ready = f"{SCRATCH}/scripted.ready"
    desk.start("scripted", ["node", f"{root}/scripted.mjs", "--certs", f"{SCRATCH}/certs", "--ready", ready],
               lambda: os.path.exists(ready))
    desk.ports = json.loads(read(ready))["ports"]
    connections = {}
    for sentence, (case, _, reason) in CASES.items():
        service = _service(sentence)
        pam_stack(service, "denied")
        connections[service] = f"""[connection]
issuer = {_issuer(desk, case)}
client_id = kiosk
ca_file = {stage.CA}
services = {service}
allow_all = yes
create_users = yes
"""
        if reason == "ok":
            _control(desk, case, {"claims": {"preferred_username": _name(sentence)}})
    desk.configure(main=MAIN, **connections)
    desk.start_services()
    desk.peak_kb = 0
    threading.Thread(target=_watch_memory, args=(desk,), daemon=True).start()


def _watch_memory(desk):
    """Remembers the most that a child of the helper ever had resident."""
    while True:
        for pid in os.listdir("/proc"):
            try:
                status = read(f"/proc/{pid}/status") if pid.isdigit() else ""
            except OSError:
                continue
            peak = re.search(r"VmHWM:\s*(\d+)", status)  # one that has just ended has none
            if peak and "\nUid:\t981\t" in status:
                desk.peak_kb = max(desk.peak_kb, int(peak.group(1)))
        time.sleep(0.05)


def _judge(desk, sentence, said, seconds):
    _, code, reason = CASES[sentence]
    service, name = _service(sentence), _name(sentence)
    assert {"phase": "auth", "code": code} in said, said
    messages = [entry for entry in said if "style" in entry]
    if code != SUCCESS:
        assert messages and "\n" not in messages[-1]["text"].strip() and len(messages) <= 2, said
        assert not desk.is_user(name)
    assert all(ord(c) >= 32 or c == "\n" for entry in messages for c in entry["text"]), said
    lines = eventually(lambda: [line for line in desk.log.since(0, service) if reason in line])
    assert lines, desk.log.since(0, service)
    assert seconds < LIMIT_S, seconds


def _sign_in(desk, sentence):
    started = time.monotonic()
    try:
        said = desk.pam(_service(sentence), _name(sentence), "auth", seconds=LIMIT_S + 30)
    except (AssertionError, subprocess.TimeoutExpired) as why:
        said = [{"why": str(why)}]
    return said, time.monotonic() - started


def _tests(desk, futures):
    def test_of(sentence):
        def test(_):
            _judge(desk, sentence, *futures[sentence].result())
        test.__name__ = sentence
        return test
    return [test_of(sentence) for sentence in CASES]


def a_child_does_not_outlive_its_host_for_a_revocation(desk):
    sentence = "a revocation that is never answered"
    assert eventually(lambda: not desk.sign_ins()), "the others have ended"
    assert {"phase": "auth", "code": SUCCESS} in desk.pam(_service(sentence), _name(sentence), "auth")
    assert all(ends_within(pid, 2) for pid in desk.sign_ins()), "the child outlived its host"


def a_name_server_that_says_nothing_ends_as_unavailable_and_a_cancelled_sign_in_ends_at_once(desk):
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 53))
    silent.settimeout(PATIENCE_S)
    write("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n")
    pam_stack("silent-dns", "denied")
    write("/etc/frontdesk/connections.d/silent-dns.conf",
          "[connection]\nissuer = https://idp.example\nclient_id = kiosk\nservices = silent-dns\nallow_all = yes\n")

    client = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pam_client.py")
    with subprocess.Popen([sys.executable, client, "silent-dns", "somebody", "auth"], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL) as host:
        assert b"idp" in silent.recv(512)
        child = desk.only_sign_in()
        host.kill()
    assert ends_within(child, 4), "the child outlived its host"
    assert {"phase": "auth", "code": UNAVAIL} in desk.pam("silent-dns", "somebody", "auth")
    silent.close()


def no_child_of_the_helper_ever_took_much_memory(desk):
    assert 0 < desk.peak_kb < MEMORY_MAX_KB, f"{desk.peak_kb} kB"


def nobody_became_a_member_but_by_a_sign_in_that_was_allowed(desk):
    listed = set(re.findall(r"\bp\d+\b", desk.members()))
    assert listed == {_name(s) for s, (_, code, _) in CASES.items() if code == SUCCESS}, listed


def main():
    desk = Desk()
    _prepare(desk)
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        slowest_first = sorted(CASES, key=lambda s: CASES[s][0] not in ("slow-down-five", "slow", "strict"))
        futures = {sentence: pool.submit(_sign_in, desk, sentence) for sentence in slowest_first}
        return run(_tests(desk, futures) + [
            a_child_does_not_outlive_its_host_for_a_revocation, no_child_of_the_helper_ever_took_much_memory,
            nobody_became_a_member_but_by_a_sign_in_that_was_allowed,
            a_name_server_that_says_nothing_ends_as_unavailable_and_a_cancelled_sign_in_ends_at_once,
            stage.no_sanitizer_had_anything_to_say], desk, explain=desk.complaints)


if __name__ == "__main__":
    sys.exit(main())
