# SPDX-License-Identifier: BSD-2-Clause
"""Discovery documents, the device request and its answer, client authentication, PKCE, tokens."""
import base64
import hashlib
import urllib.parse

from table import ends, same

BEFORE_DEVICE = {"device": 0, "token": 0}
SHOWN_NOTHING = {"device": 1, "token": 0}

DISCOVERY = {
    "other-issuer": "issuer_mismatch", "issuer-with-slash": "issuer_mismatch", "no-issuer": "discovery_invalid",
    "issuer-number": "discovery_invalid", "no-device-endpoint": "no_device_endpoint",
    "no-token-endpoint": "discovery_invalid", "no-jwks-uri": "discovery_invalid",
    "endpoint-number": "discovery_invalid", "endpoint-userinfo": "discovery_invalid",
    "http-device-endpoint": "endpoint_not_https", "http-token-endpoint": "endpoint_not_https",
    "http-jwks-uri": "endpoint_not_https", "http-userinfo-endpoint": "endpoint_not_https",
    "http-revocation-endpoint": "endpoint_not_https", "large-discovery": "idp_too_large",
}

DEVICE = {
    "expires-absent": "device_answer_invalid", "expires-0": "device_answer_invalid",
    "expires-negative": "device_answer_invalid", "expires-word": "device_answer_invalid",
    "interval-object": "device_answer_invalid", "no-device-code": "device_answer_invalid",
    "no-user-code": "device_answer_invalid", "no-verification-uri": "device_answer_invalid",
    "user-code-number": "device_answer_invalid", "user-code-escape": "unsafe_text", "user-code-c1": "unsafe_text",
    "user-code-bidi": "unsafe_text", "user-code-newline": "unsafe_text", "user-code-long": "unsafe_text",
    "uri-javascript": "unsafe_text", "uri-http": "unsafe_text", "uri-escape": "unsafe_text",
    "uri-bidi": "unsafe_text", "uri-userinfo": "unsafe_text", "uri-idn": "unsafe_text", "uri-long": "unsafe_text",
    "uri-complete-javascript": "unsafe_text", "uri-complete-wifi": "unsafe_text",
    "device-invalid-client": "client_refused", "device-disabled": "client_refused",
}

TOKENS = {
    "no-id-token": "id_token_missing", "no-access-token": "token_answer_invalid",
    "id-token-object": "token_answer_invalid", "access-token-newline": "token_answer_invalid",
    "token-type-dpop": "token_answer_invalid", "token-type-lower": "ok", "jwe": "jwe_unsupported",
    "signature-broken": "signature", "signature-stranger": "signature", "signature-none": "alg_not_allowed",
    "signature-hs256": "alg_not_allowed", "claim-iss": "claim_iss", "claim-aud": "claim_aud",
    "claim-no-sub": "claim_sub", "claim-exp": "claim_exp", "claim-nonce": "claim_nonce", "claim-no-nonce": "ok",
    "claim-at-hash": "claim_at_hash", "alg-rs384": "ok", "alg-rs512": "ok", "alg-ps256": "ok", "alg-ps384": "ok",
    "alg-ps512": "ok", "alg-es256": "ok", "alg-es384": "ok", "alg-es512": "ok", "alg-eddsa": "ok",
}

PACES = {  # scenario: interval and lifetime as the driver took them
    "interval-0": ("1", "60"), "interval-negative": ("1", "60"), "interval-absurd": ("60", "60"),
    "interval-string": ("1", "60"), "interval-absent": ("5", "60"), "expires-absurd": ("1", "1800"),
    "expires-string": ("1", "60"),
}


def the_device_request_says_who_asks_and_for_what(driver):
    key = "good~form"
    driver.sign_in(key)
    form = driver.provider.requests(key, "device")[0]["form"]
    same("client_id", form["client_id"], "kiosk")
    same("scope", form["scope"], "openid profile email")
    same("method", form["code_challenge_method"], "S256")
    same("bytes of nonce and challenge", (len(form["nonce"]), len(form["code_challenge"])), (43, 43))


def every_sign_in_has_a_nonce_and_a_verifier_of_its_own(driver):
    forms = []
    for key in ("good~first", "good~second"):
        driver.sign_in(key)
        forms.append(driver.provider.requests(key, "device")[0]["form"])
    for name in ("nonce", "code_challenge"):
        if forms[0][name] == forms[1][name]:
            raise AssertionError(f"{name} was repeated")


def the_verifier_hashes_to_the_challenge(driver):
    key = "pkce-required~verifier"
    same("reason", driver.sign_in(key)["reason"], "ok")
    device = driver.provider.requests(key, "device")[0]["form"]
    token = driver.provider.requests(key, "token")[0]["form"]
    digest = hashlib.sha256(token["code_verifier"].encode()).digest()
    same("challenge", device["code_challenge"], base64.urlsafe_b64encode(digest).rstrip(b"=").decode())


def pkce(scenario, setting, sent):
    def test(driver):
        key = f"{scenario}~pkce-{setting}"
        same("reason", driver.sign_in(key, "--pkce", setting)["reason"], "ok")
        same("challenge sent", "code_challenge" in driver.provider.requests(key, "device")[0]["form"], sent)
        same("verifier sent", "code_verifier" in driver.provider.requests(key, "token")[0]["form"], sent)

    test.__name__ = f"pkce_{setting}_with_{scenario}_{'sends' if sent else 'omits'}_a_challenge".replace("-", "_")
    return test


def paces(scenario, interval, lifetime):
    def test(driver):
        said = driver.sign_in(f"{scenario}~pace", "--deadline", "1")
        same("reason", said["reason"], "timeout")
        same("interval, lifetime", (said["interval_s"], said["expires_in_s"]), (interval, lifetime))

    test.__name__ = f"{scenario}_means_{interval}_and_{lifetime}_seconds".replace("-", "_")
    return test


SECRET = "p:a+s%s &w=rd/é"


def client(scenario, name, *arguments):
    def test(driver):
        key = f"{scenario}~{test.__name__}"
        same("reason", driver.sign_in(key, "--client", name, *arguments)["reason"], "ok")
        for endpoint in ("device", "token", "revoke"):
            entry = driver.provider.requests(key, endpoint)[0]
            same(f"client_id to {endpoint}", entry["form"]["client_id"], name)
            secret_in_form = entry["form"].get("client_secret")
            basic = entry["headers"].get("authorization")
            same(f"secret to {endpoint}", (secret_in_form == SECRET, basic is not None),
                 (scenario == "client-post", scenario == "client-basic"))
            if basic:
                halves = base64.b64decode(basic.split()[1]).decode().split(":")
                same("Basic", [urllib.parse.unquote_plus(half) for half in halves], [name, SECRET])

    words = "_".join(word.strip("-") for word in arguments if word != SECRET and word != "--secret")
    test.__name__ = f"{scenario}_is_sent_to_every_endpoint_{words}".replace("-", "_").rstrip("_")
    return test


def a_verification_url_is_taken_for_a_verification_uri(driver):
    said = driver.sign_in("verification-url~alias")
    same("reason", said["reason"], "ok")
    same("uri", said["verification_uri"], driver.provider.origin() + "/verification-url~alias/activate")


def a_missing_complete_uri_is_never_built(driver):
    said = driver.sign_in("no-uri-complete")
    same("reason, uri", (said["reason"], said["verification_uri_complete"]), ("ok", ""))


def a_rotated_key_is_fetched_once_more(driver):
    key = "rotates~once"
    same("reason", driver.sign_in(key)["reason"], "ok")
    same("key requests", len(driver.provider.requests(key, "keys")), 2)


def every_token_is_revoked(driver):
    for scenario, hints in (("refresh-token", ["refresh_token", "access_token"]), ("good", ["access_token"])):
        key = f"{scenario}~revoked"
        driver.sign_in(key)
        forms = [entry["form"] for entry in driver.provider.requests(key, "revoke")]
        same("hints", [form["token_type_hint"] for form in forms], hints)
        same("the refresh token", [form["token"] == "refresh-1" for form in forms],
             [hint == "refresh_token" for hint in hints])
        same("the access token", driver.provider.requests(key, "revoke")[-1]["note"], "revoked")


def an_endpoint_that_fails_to_revoke_is_asked_once(driver):
    for fault in ("html-502", "silent", "not-http"):
        key = f"revoke-{fault}~once"
        driver.provider.ask(f"/_control/{key}", {"token": {"refresh_token": "refresh-1"}})
        same("reason", driver.sign_in(key)["reason"], "ok")
        same("requests", len(driver.provider.requests(key, "revoke")), 1)


def without_a_revocation_endpoint_nothing_is_sent(driver):
    same("reason", driver.sign_in("no-revocation")["reason"], "ok")
    same("requests", driver.provider.requests("no-revocation", "revoke"), [])


def a_sign_in_for_a_thin_token_asks_userinfo(driver):
    same("name", driver.sign_in("thin", "--userinfo")["name"], "Ana Gomes")


def lifetimes_of_discovery_follow_the_server(driver):
    for scenario, seconds in (("cached", "3600"), ("uncached", "0"), ("good", "600")):
        same(scenario, driver.sign_in(f"{scenario}~life", "--deadline", "1")["discovery_lifetime"], seconds)


def the_fault_of_a_document_is_named(driver):
    for scenario, field in (("no-device-endpoint", "device_authorization_endpoint"), ("other-issuer", "issuer"),
                            ("http-userinfo-endpoint", "userinfo_endpoint")):
        same(scenario, driver.sign_in(f"{scenario}~field")["field"], field)


def tests():
    for scenario, reason in DISCOVERY.items():
        yield ends(scenario, reason, requests=BEFORE_DEVICE)
    for scenario, reason in DEVICE.items():
        yield ends(scenario, reason, requests=SHOWN_NOTHING)
    for scenario, reason in TOKENS.items():
        yield ends(scenario, reason, requests={"token": 1})
    for scenario in ("userinfo-other-sub", "userinfo-no-sub", "userinfo-sub-number"):
        yield ends(scenario, "userinfo_sub", "--userinfo")
    for scenario, (interval, lifetime) in PACES.items():
        yield paces(scenario, interval, lifetime)
    for scenario, setting, sent in (("good", "auto", True), ("no-pkce", "auto", False), ("plain-pkce", "auto", False),
                                    ("no-pkce", "S256", True), ("good", "off", False)):
        yield pkce(scenario, setting, sent)
    yield ends("pkce-required", "client_refused", "--pkce", "off")
    yield client("client-none", "kiosk")
    yield client("client-basic", "kiosk: 1", "--secret", SECRET)
    yield client("client-basic", "kiosk: 1", "--secret", SECRET, "--auth", "basic")
    yield client("client-post", "kiosk", "--secret", SECRET)
    yield client("client-post", "kiosk", "--secret", SECRET, "--auth", "post")
    yield ends("client-post", "client_refused", "--secret", "wrong", requests=SHOWN_NOTHING)
    yield ends("client-jwt-only", "no_client_auth", "--secret", SECRET, requests=BEFORE_DEVICE)
    yield from (the_device_request_says_who_asks_and_for_what, every_sign_in_has_a_nonce_and_a_verifier_of_its_own,
                the_verifier_hashes_to_the_challenge, a_verification_url_is_taken_for_a_verification_uri,
                a_missing_complete_uri_is_never_built, a_rotated_key_is_fetched_once_more,
                every_token_is_revoked, an_endpoint_that_fails_to_revoke_is_asked_once, without_a_revocation_endpoint_nothing_is_sent,
                a_sign_in_for_a_thin_token_asks_userinfo, lifetimes_of_discovery_follow_the_server,
                the_fault_of_a_document_is_named)
