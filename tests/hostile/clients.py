#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Providers that want proof of who asks: a secret in each way that there is, a key, and PKCE. What they get is whole,
goes where it belongs, and is new each time; who wants another proof than the connection has gets nobody in."""
import base64
import hashlib
import subprocess
import sys

from stage import Row, main, table
from room import write  # behind stage, which knows where it is

ASKED = "Ddtkr?"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SECRET = "p:a+s%s &w=rd/\u00e9"
SECRET_FILE, KEY_FILE = "/etc/frontdesk/hostile.secret", "/etc/frontdesk/hostile.key"
METADATA = "code_challenge_methods_supported"


def _openssl(*words, given=""):
    return subprocess.run(["openssl", *words], input=given, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True).stdout


KEY = _openssl("genpkey", "-algorithm", "RSA")
PUBLIC = _openssl("pkey", "-pubout", given=KEY)


def _client(method, **more):
    return {"client": {"id": "kiosk: 1" if method == "basic" else "kiosk", "secret": SECRET, "method": method, **more}}


def _proves(method, **more):
    """The connection's settings."""
    return {"client_id": "kiosk: 1" if method.endswith("basic") else "kiosk", "client_auth_method": method,
            "client_secret_file": KEY_FILE if method == "private_key_jwt" else SECRET_FILE, **more}


ASSERTION = {"alg": "RS256", "publicKey": PUBLIC, "audience": "ISSUER/token"}
NO_PKCE = {"discovery": {METADATA: None}}

REFUSED = table(
    "client_refused", "Ddd?",
    ("a secret that is another one", _client("basic", secret="another"), _proves("client_secret_basic")),
    ("a secret by another way than the connection's", _client("basic"), _proves("client_secret_post", client_id="kiosk: 1")),
    ("no secret where one is wanted", _client("post")),
    ("an assertion by another key", _client("private_key_jwt", **{**ASSERTION, "publicKey": _openssl(
        "pkey", "-pubout", given=_openssl("genpkey", "-algorithm", "RSA"))}), _proves("private_key_jwt")),
    ("an assertion for another audience", _client("private_key_jwt", **{**ASSERTION, "audience": "ORIGIN/another"}),
     _proves("private_key_jwt")),
    ("PKCE where root has switched it off", {"pkce": "required"}, {"pkce": "off"}),
    ("no PKCE where root insists on it", {"pkce": "unknown"}, {"pkce": "S256"}))

GOOD = [Row(text, "ok", lie, seen, *more) for text, lie, seen, *more in (
    ("a secret by Basic arrives whole", _client("basic"), ASKED, _proves("client_secret_basic")),
    ("a secret in the form arrives whole", _client("post"), ASKED, _proves("client_secret_post")),
    ("a key signs and stays here", _client("private_key_jwt", **ASSERTION), ASKED, _proves("private_key_jwt")),
    ("a public client has no secret", _client("none"), ASKED),
    ("PKCE is there where the metadata says so", {"pkce": "required"}, ASKED),
    ("PKCE is there where root says so", {"pkce": "required", **NO_PKCE}, ASKED, {"pkce": "S256"}),
    ("PKCE is not there where nobody knows it", {"pkce": "unknown", **NO_PKCE}, ASKED))]


def _forms(stage, path):
    return [(entry["form"], entry["headers"]) for entries in stage.ask("/_log").values() for entry in entries
            if entry["path"].endswith(path)]


def the_device_grant_is_the_only_one_that_is_ever_asked_for(stage):
    grants = [form.get("grant_type") for form, _ in _forms(stage, "/token")]
    assert len(grants) >= len(GOOD) and set(grants) == {DEVICE_GRANT}, set(grants)
    scopes = {form["scope"] for form, _ in _forms(stage, "/device")}
    assert scopes == {"openid profile email"}, scopes


def every_sign_in_has_a_verifier_and_a_nonce_of_its_own(stage):
    asked = [form for form, _ in _forms(stage, "/device")]
    told = [form["code_verifier"] for form, _ in _forms(stage, "/token") if "code_verifier" in form]
    challenges = [form["code_challenge"] for form in asked if "code_challenge" in form]
    assert len(told) > 5 and len(set(told)) == len(told) and len(set(challenges)) == len(challenges), (told, challenges)
    assert all("code_verifier" not in form and form.get("code_challenge_method", "S256") == "S256" for form in asked)
    for verifier in told:
        digest = hashlib.sha256(verifier.encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") in challenges and len(verifier) >= 43, verifier
    nonces = [form["nonce"] for form in asked]
    assert len(set(nonces)) == len(nonces) and min(map(len, nonces)) >= 22, nonces


def a_secret_goes_in_one_place_and_to_the_endpoints_that_want_it(stage):
    for path in ("/device", "/token", "/revoke"):
        for form, headers in _forms(stage, path):
            assert ("client_secret" in form) + ("authorization" in headers) + ("client_assertion" in form) <= 1, form
    for path in ("/openid-configuration", "/keys"):
        assert all(not form and "authorization" not in headers for form, headers in _forms(stage, path))
    assert {headers["authorization"].split()[0] for _, headers in _forms(stage, "/userinfo")} <= {"Bearer"}


def _prepare():
    for path, text in ((SECRET_FILE, SECRET + "\n"), (KEY_FILE, KEY)):
        write(path, text, 0o640, "root", "frontdesk")


if __name__ == "__main__":
    sys.exit(main(REFUSED + GOOD, the_device_grant_is_the_only_one_that_is_ever_asked_for,
                  every_sign_in_has_a_verifier_and_a_nonce_of_its_own,
                  a_secret_goes_in_one_place_and_to_the_endpoints_that_want_it, prepare=_prepare))
