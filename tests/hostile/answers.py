#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Answers that lie: discovery, device authorization, token endpoint, userinfo and group claims. What is refused before
the code is shown asks for nothing more; what ends a sign-in is the last request but the revocation of what it brought."""
import sys

from stage import Row, main, table

ASKED = "Ddtkr?"
TRAP = "ORIGIN/trap"
SPOOF = "\u202e"


def _found(**members):
    return {"discovery": members}


def _edited(endpoint, before, after):
    return {"edits": {endpoint: [[before, after]]}}


def _device(**members):
    return {"device": members}


def _token(**members):
    return {"token": members}


def _user(**members):
    """What userinfo says beside a token that says nothing but sub."""
    return {"thin": True, "userinfo": members}


def _answer(endpoint, **how):
    return {"answers": {endpoint: how}}


def _written(endpoint):
    """The same answer in ways that no JSON is written."""
    return [(f"{endpoint}: {text}", lie) for text, lie in (
        ("UTF-16", _answer(endpoint, encoding="utf16le")), ("a byte order mark", _answer(endpoint, encoding="bom")),
        ("Latin-1", _answer(endpoint, encoding="latin1", body='{"é":1}')), ("a list", _answer(endpoint, body="[]")),
        ("a word", _answer(endpoint, body='"ok"')), ("nothing", _answer(endpoint, body="")),
        ("null", _answer(endpoint, body="null")), ("two objects", _answer(endpoint, body="{}{}")),
        ("NaN", _edited(endpoint, "{", '{"x":NaN,')), ("1e999", _edited(endpoint, "{", '{"x":1e999,')),
        ("a comment", _edited(endpoint, "{", "{/* */")), ("single quotes", _edited(endpoint, "{", "{'x':1,")),
        ("a trailing comma", _edited(endpoint, "}", ",}")),
        ("a NUL in a name", _edited(endpoint, "{", '{"x\\u0000":1,')),
        ("a member twice", _edited(endpoint, "{", '{"x":1,"x":1,')))]


DISCOVERY = table(
    "issuer_mismatch", "D",
    ("discovery of an issuer with a character more", _found(issuer="ISSUER1")),
    ("discovery of an issuer with a slash more", _found(issuer="ISSUER/")),
    ("discovery of another issuer", _found(issuer="ORIGIN/another")),
    ("discovery of an issuer in upper case",
     _edited("discovery", '"issuer":"https://localhost', '"issuer":"https://LOCALHOST')),
    ("discovery of an issuer without TLS", _edited("discovery", '"issuer":"https', '"issuer":"http')),
    ("discovery of an issuer with percent signs", _edited("discovery", '"issuer":"https://l', '"issuer":"https://%6c')),
    ("discovery of a tenant's issuer", _found(issuer="ISSUER/{tenantid}"))) + table(
    "discovery_invalid", "D",
    ("discovery without issuer", _found(issuer=None)),
    ("discovery of an issuer that is a list", _found(issuer=["ISSUER"])),
    ("discovery without token endpoint", _found(token_endpoint=None)),
    ("discovery without jwks_uri", _found(jwks_uri=None)),
    ("discovery of an endpoint that is a number", _found(token_endpoint=7)),
    ("discovery of an endpoint with a user", _found(token_endpoint="https://localhost@evil.example/token")),
    ("discovery of an endpoint with a space", _found(jwks_uri="ISSUER/keys x")),
    ("discovery of an endpoint with an escape", _found(jwks_uri="ISSUER/keys\u001b[2J")),
    ("discovery of an endpoint with a line break", _found(jwks_uri="ISSUER/keys\r\nx: y")),
    ("discovery of an endpoint of other letters", _found(device_authorization_endpoint="https://lоcalhost/device")),
    ("discovery of an endpoint of 600 bytes", _found(token_endpoint="ISSUER/" + "t" * 600)),
    ("discovery of algorithms that are a word", _found(id_token_signing_alg_values_supported="RS256")),
    ("discovery of methods that are a word", _found(token_endpoint_auth_methods_supported="none"))) + table(
    "endpoint_not_https", "D",
    *[(f"discovery of a {name} that begins {scheme}", _found(**{name: f"{scheme}//localhost/x"}))
      for name, scheme in (("device_authorization_endpoint", "http:"), ("token_endpoint", "http:"), ("jwks_uri", "http:"),
                           ("userinfo_endpoint", "http:"), ("revocation_endpoint", "http:"), ("jwks_uri", "file:"),
                           ("token_endpoint", "ftp:"), ("userinfo_endpoint", "gopher:"))]) + table(
    "no_device_endpoint", "D", ("discovery without device endpoint", _found(device_authorization_endpoint=None))) + table(
    "no_signing_alg", "D",
    ("discovery of HS256 alone", _found(id_token_signing_alg_values_supported=["HS256"])),
    ("discovery of none alone", _found(id_token_signing_alg_values_supported=["none"])),
    ("discovery of no algorithm", _found(id_token_signing_alg_values_supported=[]))) + table(
    "idp_bad_json", "D", *_written("discovery"),
    ("a page instead of discovery", {"faults": {"discovery": "html-200"}})) + table(
    "idp_status", "D",
    *[(f"discovery with status {status}", _answer("discovery", status=status))
      for status in (201, 204, 206, 401, 403, 500)]) + table(
    "idp_status", "DO", ("discovery that is not there", _answer("discovery", status=404))) + table(
    "idp_too_large", "D", ("discovery of 130 KiB", _found(padding="x" * 130 * 1024)))

BAD_URIS = {
    "with javascript": "javascript:alert(1)", "without TLS": "http://localhost/activate",
    "with a user": "https://google.com@evil.example/",
    "with a user and a port": "https://google.com:443@evil.example/", "of other letters": "https://ex\u0430mple.com/",
    "with a space": "https://localhost/a b", "with an escape": "https://localhost/\u001b[2J",
    "with C1": "https://localhost/\u009b2J",
    "with a line break": "https://localhost/\nroot", f"with {SPOOF!a}": f"https://localhost/{SPOOF}moc",
    "of 600 bytes": "https://localhost/" + "a" * 600,
    "of a wifi": "WIFI:S:free;T:nopass;;", "of a call": "tel:+351900000000", "of an intent": "intent://x#Intent;end",
    "with a backslash": "https:\\\\localhost", "with a fragment for a host": "https://localhost#evil.example",
    "with a percent sign for a host": "https://local%68ost/", "with a tab": "https://local\thost/",
    "in upper case": "HTTPS://localhost/",
    "of a number": "https://2130706433/", "with zero width": "https://localhost/\u200b",
    "that is empty behind https": "https:///x"}
BAD_CODES = {"with an escape": "AB\u001b]0;x\u0007CD", "with C1": "AB\u009b31mCD", f"with {SPOOF!a}": f"AB{SPOOF}CD",
             "with a line break": "ABCD\nroot",
             "with a tab": "AB\tCD", "of 33 characters": "A" * 33, "of other letters": "ABCЕ",
             "with a space in front": " ABCD",
             "with a byte order mark": "\ufeffABCD", "with DEL": "AB\u007fCD",
             "with an OSC 52": "\u001b]52;c;eA==\u0007"}

DEVICE = table(
    "device_answer_invalid", "Dd",
    *[(f"a device answer without {name}", _device(**{name: None}))
      for name in ("device_code", "user_code", "verification_uri", "expires_in")],
    *[(f"a device answer with a {name} that is {what}", _device(**{name: value}))
      for name in ("device_code", "user_code", "verification_uri", "verification_uri_complete")
      for what, value in (("a number", 12345678), ("a list", ["x"]), ("true", True))],
    ("a device_code that is empty", _device(device_code="")),
    ("a user_code that is empty", _device(user_code="")),
    *[(f"expires_in {value!r}", _device(expires_in=value)) for value in (0, -1, "soon", "", 1.5, "-5", True, [60])],
    ("expires_in 1e99", _edited("device", '"expires_in":60', '"expires_in":1e99')),
    ("expires_in 0x60", _device(expires_in="0x60")),
    *[(f"interval {value!r}", _device(interval=value)) for value in ({}, "often", 1.5, [5], True)],
    ("interval 1e99", _edited("device", '"interval":1', '"interval":1e99'))) + table(
    "unsafe_text", "Dd",
    *[(f"a user_code {text}", _device(user_code=code)) for text, code in BAD_CODES.items()],
    *[(f"a verification_uri {text}", _device(verification_uri=uri)) for text, uri in BAD_URIS.items()],
    *[(f"a complete uri {text}", _device(verification_uri_complete=uri)) for text, uri in BAD_URIS.items()]) + table(
    "idp_bad_json", "Dd", *_written("device"),
    ("a page instead of a code", {"faults": {"device": "html-200"}})) + table(
    "idp_status", "Dd",
    *[(f"a device answer with status {status}", _answer("device", status=status)) for status in (201, 204, 500)]) + table(
    "idp_busy", "Dd",
    ("a device endpoint that is busy", _answer("device", status=429)),
    ("a device endpoint that says slow_down", _device(error="slow_down"))) + table(
    "client_refused", "Dd",
    ("a device answer with an error beside the code", _device(error="unauthorized_client")),
    ("an error_description for the log",
     _device(error="invalid_scope", error_description="\n\u001b[2JAccepted publickey for root %n%s")))


def _refused(error, **more):
    return {"polls": [{"error": error, **more}]}


TOKEN = table(
    "id_token_missing", "Ddtr?",
    ("a token answer without ID token", _token(id_token=None)),
    ("a token answer with an empty ID token", _token(id_token=""))) + table(
    "token_answer_invalid", "Ddt",
    ("a token answer without access token", _token(access_token=None)),
    ("an ID token that is an object", _token(id_token={})),
    ("an ID token that is a list", _token(id_token=["x"])),
    ("an access token with a line break", _token(access_token="a\r\nx-injected: yes")),
    ("an access token that is a number", _token(access_token=1)),
    ("a refresh token that is an object", _token(refresh_token={})),
    ("a token_type of DPoP", _token(token_type="DPoP")),
    ("a token_type of MAC", _token(token_type="mac")),
    ("a token_type that is a list", _token(token_type=["Bearer"]))) + table(
    "idp_bad_json", "Ddt", *_written("token"), ("a page instead of tokens", {"faults": {"token": "html-200"}})) + table(
    "idp_status", "Ddt",
    *[(f"tokens with status {status}", _answer("token", status=status)) for status in (201, 204, 206, 403, 404)],
    ("400 without a body", _answer("token", status=400, body=""))) + table(
    "client_refused", "Ddt",
    ("tokens with status 401", _answer("token", status=401, body="")),
    ("invalid_client among the polls", _refused("invalid_client", status=401))) + table(
    "token_error", "Ddt",
    ("an error of an unknown kind", _refused("admin_policy_enforced")),
    ("an error with an escape", _refused("\u001b[2J\nAccepted publickey for root")),
    ("an error that is an object", _refused({"code": 1})),
    ("an error with status 200", _refused("server_is_odd", status=200)),
    ("an error beside tokens", _token(error="server_is_odd")),
    ("an error_description with a line break",
     _refused("invalid_grant", error_description="x\n\u001b[2Jroot\u202e %n" * 50)),
    ("a code that is called as what hides it in the log",
     {**_refused("invalid_grant", error_description="[hidden] [hidden]"), **_device(device_code="[hidden]")})) + table(
    "access_denied", "Ddt",
    ("a refusal with tokens", _token(error="access_denied")),
    ("a refusal with status 200", _refused("access_denied", status=200))) + table(
    "code_expired", "Ddt",
    ("an expired code with tokens", _token(error="expired_token"))) + table(
    "code_expired", "Ddt{2,12}",
    ("pending with tokens, until the code expires", {"forever": {
        "error": "authorization_pending", "status": 200, "access_token": "x", "id_token": "x"},
        **_device(expires_in=12)}),
    ("pending for ever", {"forever": "pending", **_device(expires_in=12)}),
    ("a storm of slow_down", {"forever": "slow_down", **_device(expires_in=20)}),
    ("server errors with tokens, until the code expires",
     {**_answer("token", status=503), **_device(expires_in=12)})) + table(
    "code_expired", "Dd",
    ("an interval of a year", {**_device(interval=1e9, expires_in=6), "forever": "pending"})) + table(
    "code_expired", "Ddt", ("a slow_down of a year", {
        "polls": [{"error": "slow_down", "status": 400, "interval": 31536000}], **_device(expires_in=12)}))

ALL_FROM_USERINFO = "Ddtkur?"
USERINFO = table(
    "userinfo_sub", ALL_FROM_USERINFO,
    ("userinfo of another sub", _user(sub="user-2")),
    ("userinfo of a sub in upper case", _user(sub="USER-1")),
    ("userinfo without sub", _user(sub=None)),
    ("userinfo with a sub that is a number", _user(sub=1)),
    ("userinfo with a sub that is a list", _user(sub=["user-1"])),
    ("userinfo with a sub that goes on", _user(sub="user-1 "))) + table(
    "userinfo_failed", ALL_FROM_USERINFO,
    *[(text, {"thin": True, **lie}) for text, lie in _written("userinfo")],
    ("a signed userinfo", {"thin": True, **_answer("userinfo", headers={"content-type": "application/jwt"},
                                                   body="eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyLTEifQ.")}),
    ("userinfo with status 401", {"thin": True, **_answer("userinfo", status=401)}),
    ("userinfo of 70 KiB", _user(padding="x" * 70 * 1024))) + table(
    "username_claim_missing", ALL_FROM_USERINFO,
    ("no username anywhere",
     {"thin": True, "userinfo": {"preferred_username": None}, "claims": {"preferred_username": None}}),
    ("a username that is a number",
     {"thin": True, "userinfo": {"preferred_username": 1}, "claims": {"preferred_username": None}}))

GROUPS = {"allow_all": "no", "allowed_groups": "desk"}
NOT_ALLOWED = table(
    "not_allowed", ASKED,
    ("groups beyond 200", {"claims": {"groups": ["desk"] + [f"g{i}" for i in range(200)]}}, GROUPS),
    ("groups that are elsewhere (overage)",
     {"claims": {"groups": ["desk"], "_claim_names": {"groups": "src1"}, "_claim_sources": {
        "src1": {"endpoint": f"{TRAP}/groups"}}}}, GROUPS),
    ("groups of other types", {"claims": {"groups": [1, True, {"desk": 1}, ["desk"]]}}, GROUPS),
    ("groups that are a number", {"claims": {"groups": 7}}, GROUPS),
    ("a group that is in upper case", {"claims": {"groups": ["DESK"]}}, GROUPS),
    ("a group with a space behind", {"claims": {"groups": ["desk "]}}, GROUPS), twin=False) + table(
    "wrong_user", ASKED,
    ("somebody else who approves", {"claims": {"preferred_username": "anybody"}})) + table(
    "name_invalid", ASKED,
    ("a name with a slash", {"claims": {"preferred_username": "../../etc"}}),
    ("a name with a line break", {"claims": {"preferred_username": "u1\nroot"}}),
    ("a name of digits", {"claims": {"preferred_username": "0"}}),
    *[(f"a name {text}", {"claims": {"preferred_username": name}}) for text, name in (
        ("in upper case", "Ana"), ("with a colon", "u:x"), ("with a space behind", "ana "), ("of dots", ".."),
        ("with a dot in front", ".ana"), ("with a dash in front", "-rf"),
        ("with a long s", "a\u017fa"), ("with a sign for Kelvin", "\u212aim"), ("of other letters", "\u0430na"),
        ("with a comma", "u,sudo"), ("with a percent sign", "%n%n"), ("with a bracket", "x]"),
        ("with a sign in front", "+0"), ("of 33 characters", "a" * 33), ("that is an id", "4294967295"))])

BY_ADDRESS = {"username_claim": "email", "username_regex": "^([^@]+)@acme[.]com$"}
ADDRESSES = table(
    "username_regex", ASKED,
    *[(f"an address {text}", {"claims": {"email": address}}, BY_ADDRESS) for text, address in (
        ("of another domain", "ana@evil.example"), ("of a domain that ends alike", "ana@evilacme.com"),
        ("of a domain that goes on", "ana@acme.com.evil.example"), ("with two domains", "ana@evil.example@acme.com"),
        ("with a line break", "ana@acme.com\nroot@acme.com"), ("with a dot that is none", "ana@acmeXcom"),
        ("in upper case", "ana@ACME.COM"))], twin=False)
RESERVED = table(
    "name_reserved", ASKED,
    *[(f"the name {name}", {"claims": {"preferred_username": name}}) for name in (
        "root", "daemon", "frontdesk", "frontdesk-net", "nobody", "sudo")])

GOOD = [Row(text, "ok", lie, seen, *more) for text, lie, seen, *more in (
    ("discovery with members that nobody knows is taken",
     _found(issuer_x=1, mtls_endpoint_aliases={"token_endpoint": f"{TRAP}/token"}), ASKED),
    ("discovery with unusable pages is taken", _found(end_session_endpoint="javascript:alert(1)", op_policy_uri=7),
     ASKED),
    ("token_type bearer is taken", _token(token_type="bearer"), ASKED),
    ("no token_type is taken", _token(token_type=None), ASKED),
    ("no scope in the answer is taken", _token(scope=None), ASKED),
    ("a refresh token is revoked, not kept", _token(refresh_token="refresh-1"), "Ddtkr{0,2}"),
    ("numbers as strings are taken", _device(expires_in="60", interval="1"), ASKED),
    ("an interval below nothing means a second", _device(interval=-5), ASKED),
    ("an interval of nothing means a second", _device(interval=0), ASKED),
    ("a life of years means half an hour", _device(expires_in=1_000_000_000), ASKED),
    ("no complete uri is taken", _device(verification_uri_complete=None), ASKED),
    ("a user_code of 32 characters is taken", _device(user_code="A" * 32), ASKED),
    ("pending with status 200 is pending", {"polls": ["pending-200"]}, "Ddttkr?"),
    ("slow_down is waited for", {"polls": ["slow_down"]}, "Ddttkr?"),
    ("JSON of another content type is taken", _answer("token", headers={"content-type": "text/plain; charset=utf-16"}),
     ASKED),
    ("userinfo is taken where the token is thin", {"thin": True, "claims": {"preferred_username": None}},
     ALL_FROM_USERINFO),
    ("a group that may enter does", {"claims": {"groups": ["desk", 7]}}, ASKED, GROUPS))]

if __name__ == "__main__":
    sys.exit(main(DISCOVERY + DEVICE + TOKEN + USERINFO + NOT_ALLOWED + ADDRESSES + RESERVED + GOOD))
