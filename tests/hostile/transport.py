#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Lies below the answers: certificates, TLS, HTTP, redirects, and names that lead to this machine."""
import sys

from stage import Row, main, table

ASKED = "Ddtkr?"
ENDPOINTS = {"device": "device_authorization_endpoint", "token": "token_endpoint", "keys": "jwks_uri",
             "userinfo": "userinfo_endpoint"}
BEFORE = {"discovery": "", "device": "D", "token": "Dd", "keys": "Ddt", "userinfo": "Ddtk"}
# Tokens that came are revoked, whatever is wrong behind them.
BEHIND = {"discovery": "", "device": "", "token": "", "keys": "r?", "userinfo": "r?"}
# A request whose connection ended without a byte of an answer goes out once more.
ASKED_AT = {"discovery": "DD?", "device": "dd?", "token": "tt?", "keys": "kk?", "userinfo": "uu?"}


def _fault(endpoint, fault, life_s=60):
    return {"faults": {endpoint: fault}, "thin": endpoint == "userinfo", "device": {"expires_in": life_s}}


def _faults(reason, names, endpoint="discovery"):
    return table(reason, BEFORE[endpoint] + ASKED_AT[endpoint] + BEHIND[endpoint],
                 *[(f"{endpoint}: {name}", _fault(endpoint, name)) for name in names])


TLS = [Row(f"a certificate that is {name}", "idp_tls", listener=name, twin=False)
       for name in ("wrong-name", "cn-only", "expired", "not-yet", "sha1", "small-key", "self-signed", "other-ca")] + [
    Row(f"a server of {version}", "idp_tls", listener=version, twin=False) for version in ("tls-1.0", "tls-1.1")] + [
    Row("a server that renegotiates", "idp_unreachable", listener="renegotiating", twin=False),
    Row("a server without TLS", "idp_tls", listener="plain", twin=False),
    Row("a server that closes in the handshake", "idp_unreachable", listener="closing", twin=False),
    Row("a server that resets in the handshake", "idp_unreachable", listener="resetting", twin=False),
    Row("a server that says nothing in the handshake", "idp_timeout", listener="silent", twin=False),
    Row("a server of TLS 1.2 is taken", "ok", seen=ASKED, listener="tls-1.2")]

HTTP = (
    _faults("idp_unreachable", ["cut", "close", "not-http", "no-status-line", "status-letters", "length-long",
                                "length-negative", "header-nul", "length-word",
                                "chunk-huge", "chunk-word"]) +
    _faults("idp_bad_json", ["html-200", "gzip", "br", "cut-unsized", "length-short", "form-encoded", "truncated-json"]) +
    _faults("idp_status", ["html-502", "status-500", "status-999", "switching"]) +
    _faults("idp_busy", ["status-429"]) +
    _faults("idp_timeout", ["silent", "drip"]) +
    _faults("idp_bad_json", ["gzip", "br", "cut-unsized", "repeated-member"], "device") +
    _faults("idp_unreachable", ["cut", "close", "not-http"], "device") +
    _faults("idp_timeout", ["silent"], "device") +
    _faults("idp_bad_json", ["gzip", "br", "cut-unsized", "repeated-member"], "token") +
    _faults("keys_unavailable", ["html-502", "html-200", "gzip", "cut-unsized", "repeated-member"], "keys") +
    _faults("idp_busy", ["status-429"], "keys") +
    _faults("idp_unreachable", ["cut", "close"], "keys") +
    _faults("userinfo_failed", ["html-502", "html-200", "gzip", "cut-unsized", "status-500"], "userinfo") +
    _faults("idp_unreachable", ["cut", "close"], "userinfo") +
    table("code_expired", "Ddt{1,10}", *[(f"token: {name}, until the code expires", _fault("token", name, 10)) for name in (
        "cut", "close", "not-http", "html-502", "status-429", "silent", "drip")]))

REDIRECTS = [
    Row(f"{endpoint}: {status} to another host", "idp_redirect",
        {"answers": {endpoint: {"status": status, "headers": {"location": f"AT(plain.other.example)/{endpoint}"}}},
         "thin": endpoint == "userinfo"}, BEFORE[endpoint] + ASKED_AT[endpoint] + BEHIND[endpoint])
    for endpoint in BEFORE for status in (301, 302, 303, 307, 308)]

LOCAL = ["loop.other.example", "link.other.example", "unique.other.example", "loop6.other.example",
         "mapped.other.example",
         "any.other.example", "127.0.0.1", "[::1]", "0.0.0.0", "[::]", "169.254.66.1", "[fd66::1]",
         "[::ffff:127.0.0.1]"]


def _at(host, *endpoints):
    return {"discovery": {ENDPOINTS[name]: f"AT({host})/{name}" for name in endpoints}, "thin": "userinfo" in endpoints}


PLACES = [
    Row(f"keys at {host}", "endpoint_not_allowed", _at(host, "keys"), "Ddtr?") for host in LOCAL] + [
    Row(f"a {endpoint} endpoint on this machine", "endpoint_not_allowed", _at("loop.other.example", endpoint),
        BEFORE[endpoint] + BEHIND[endpoint]) for endpoint in ENDPOINTS] + [
    Row(f"a {endpoint} endpoint at a host that is not named", "endpoint_not_allowed",
        _at("plain.other.example", endpoint), "D",
        {"endpoint_hosts": "other.example loop.other.example"}) for endpoint in ENDPOINTS]

GOOD = [Row(text, "ok", lie, seen, *more) for text, lie, seen, *more in (
    ("one byte at a time is taken", _fault("token", "chunked"), ASKED),
    ("an answer that is said to be gzip and is not is taken", _fault("token", "gzip-said"), ASKED),
    ("an answer that comes ahead is not taken for the next", _fault("device", "answer-ahead"), ASKED),
    *[(f"a revocation that ends in {fault} changes nothing", {"faults": {"revoke": fault}}, "Ddtkr{0,2}")
      for fault in ("redirect-307", "gib", "close", "html-502", "silent", "nested")],
    ("endpoints at another host are asked", _at("plain.other.example", *ENDPOINTS), "Ddtkur?"),
    ("of several addresses the one that is not here is asked", _at("rebound.other.example", "keys"), ASKED),
    ("a named host may be on this machine", _at("loop.other.example", *ENDPOINTS), "Ddtkur?",
     {"endpoint_hosts": "LOOP.other.example"}),
    ("a named address may be of this machine", _at("[::1]", "keys"), ASKED,
     {"endpoint_hosts": "[::1]", "ca_file": "/etc/frontdesk/idp.pem"}),
    ("an endpoint that is typed may be on this machine", {}, ASKED, {"jwks_uri": "AT(loop.other.example)/keys"}),
    ("a revocation endpoint on this machine is not asked",
     {"discovery": {"revocation_endpoint": "AT(loop.other.example)/revoke"}}, "Ddtk"))]

if __name__ == "__main__":
    sys.exit(main(TLS + HTTP + REDIRECTS + PLACES + GOOD))
