# SPDX-License-Identifier: BSD-2-Clause
"""How a client proves itself: both spellings of a secret, signed assertions, and what is sent besides."""
import os
import subprocess

from table import same

SECRET = "p:a+s%s &w=rd/é"
SECRET_ARGUMENTS = ("--secret", SECRET)
KEYS = {"rsa": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
        "p256": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
        "small": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"),
        "p384": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"),
        "ed25519": ("-algorithm", "ED25519")}


def counts(driver, key):
    return {endpoint: len(driver.provider.requests(key, endpoint)) for endpoint in ("device", "token", "revoke")}


def spelled(scenario, spelling, wanted, **requests):
    """A secret in this spelling first; what came out, and how often each endpoint was asked."""
    def test(driver):
        key = f"{scenario}~from-{spelling}"
        said = driver.sign_in(key, "--spelling", spelling, "--auth", "basic", *SECRET_ARGUMENTS)
        same("reason, spelling, trial", (said["reason"], said["spelling"], said["trial"]), wanted)
        same("requests", counts(driver, key), {"revoke": 1, **requests})

    test.__name__ = f"a_secret_spelled_{spelling}_at_{scenario}_ends_{wanted[0]}".replace("-", "_")
    return test


def a_secret_that_both_spellings_write_alike_is_tried_once(driver):
    key = "client-plain-secret~alike"
    said = driver.sign_in(key, "--auth", "basic", "--secret", "wrong-one")
    same("reason, trial", (said["reason"], said["trial"]), ("client_refused", "0"))
    same("requests", counts(driver, key), {"device": 1, "token": 0, "revoke": 0})


def a_wrong_secret_is_tried_in_two_spellings_and_no_more(driver):
    key = "client-raw~wrong"
    said = driver.sign_in(key, "--auth", "basic", "--secret", "not this one")
    same("reason, spelling, trial", (said["reason"], said["spelling"], said["trial"]), ("client_refused", "form", "3"))
    same("requests", counts(driver, key), {"device": 2, "token": 0, "revoke": 0})


def a_client_with_a_colon_has_one_spelling(driver):
    key = "client-raw~colon"
    said = driver.sign_in(key, "--client", "ki:osk", "--auth", "basic", *SECRET_ARGUMENTS)
    same("reason, trial", (said["reason"], said["trial"]), ("client_refused", "0"))
    same("requests", counts(driver, key)["device"], 1)


def what_a_server_says_of_a_refusal_is_kept_harmless(driver):
    said = driver.sign_in("client-plain-secret~said", "--auth", "basic", "--secret", "wrong-one")
    same("error", (said["error"], said["description"]), ("invalid_client", "AADSTS7000218: who are you??[2J"))
    said = driver.sign_in("described-error~said")
    same("error", (said["error"], said["description"]), ("invalid_grant", "AADSTS70000: no??[2J"))


def made(driver, kind):
    """A private key of this kind: PEM of both halves."""
    path = os.path.join(driver.provider.folder, f"client-{kind}-{os.urandom(4).hex()}.key")
    subprocess.run(["openssl", "genpkey", *KEYS[kind], "-out", path], check=True, stderr=subprocess.DEVNULL)
    public = subprocess.run(["openssl", "pkey", "-in", path, "-pubout"], check=True, stdout=subprocess.PIPE).stdout
    with open(path, encoding="ascii") as file:
        return file.read(), public.decode()


def asserted(kind, alg, *arguments, more=None, discovery=None):
    """Every assertion is verified by the provider: signature, iss, sub, aud, times, and a jti never seen before."""
    def test(driver):
        key = f"client-assertion~{test.__name__}"
        private, public = made(driver, kind)
        driver.provider.ask(f"/_control/{key}", {"client": {"alg": alg, "publicKey": public, **(more or {})},
                                                 "discovery": discovery or {}})
        same("reason", driver.sign_in(key, "--secret", private, *arguments)["reason"], "ok")
        same("requests", counts(driver, key), {"device": 1, "token": 3, "revoke": 1})
        for entry in driver.provider.log(key):
            same("the key", "PRIVATE" in entry["body"] or "authorization" in entry["headers"], False)

    words = "_".join(word.strip("-") for word in arguments)
    listed = "_listed" if discovery else ""
    test.__name__ = f"assertions_of_{kind}_by_{alg}_{words}{listed}_are_verified".lower()
    test.__name__ = test.__name__.replace("-", "_").replace("__", "_")
    return test


def a_server_in_trouble_is_not_asked_in_another_spelling(driver):
    key = "client-raw~trouble"
    driver.provider.ask(f"/_control/{key}", {"client": {"id": "kiosk", "secret": SECRET, "method": "basic",
                                                        "spelling": "raw", "status": 503}})
    same("reason", driver.sign_in(key, "--auth", "basic", *SECRET_ARGUMENTS)["reason"], "idp_status")
    same("requests", counts(driver, key)["device"], 1)


def another_key_is_refused(driver):
    key = "client-assertion~stranger"
    driver.provider.ask(f"/_control/{key}", {"client": {"alg": "ES256", "publicKey": made(driver, "p256")[1]}})
    said = driver.sign_in(key, "--secret", made(driver, "p256")[0])
    same("reason", said["reason"], "client_refused")
    same("note", driver.provider.requests(key, "device")[0]["note"], "client refused: signature")


def unusable(kind, *arguments):
    def test(driver):
        key = f"good~{test.__name__}"
        said = driver.sign_in(key, "--secret", made(driver, kind)[0] if kind in KEYS else kind, *arguments)
        same("reason", said["reason"], "client_key_unusable")
        same("requests", counts(driver, key), {"device": 0, "token": 0, "revoke": 0})

    words = "_".join(word.strip("-") for word in arguments)
    test.__name__ = f"a_{kind}_key_with_{words or 'auto'}_is_unusable".replace("-", "_").lower()
    return test


def extra_parameters_are_sent_as_they_are(driver):
    key = "good~extra"
    value = "urn:a b&c=é"
    same("reason", driver.sign_in(key, "--param", f"audience={value}", "--param", "acr_values=mfa")["reason"], "ok")
    request, token = (driver.provider.requests(key, endpoint)[0] for endpoint in ("device", "token"))
    same("parameters", (request["form"]["audience"], request["form"]["acr_values"]), (value, "mfa"))
    same("of the token request", "audience" in token["form"], False)
    for name in ("idp", "idp_id", "connection", "ui_locales", "login_hint", "prompt"):
        same(name, name in request["form"], False)


def the_id_of_an_upstream_provider_is_never_sent(driver):
    key = "good~idp-id"
    same("reason", driver.sign_in(key, "--userinfo", "--param", "audience=x")["reason"], "ok")
    for entry in driver.provider.log(key):
        same(entry["path"], "upstream-7" in entry["path"] + entry["body"] + str(entry["headers"]), False)


def mkt_goes_into_the_query_string(driver):
    key = "good~mkt"
    same("reason", driver.sign_in(key, "--param", "mkt=pt-PT")["reason"], "ok")
    request = [entry for entry in driver.provider.log(key) if "/device" in entry["path"]][0]
    same("request", (request["path"].rsplit("/", 1)[1], "mkt" in request["form"]), ("device?mkt=pt-PT", False))


def pkce_that_the_server_does_not_know_is_left_out_once(driver):
    key = "pkce-unknown~auto"
    same("reason", driver.sign_in(key)["reason"], "ok")
    requests = driver.provider.requests(key, "device")
    same("challenges", ["code_challenge" in entry["form"] for entry in requests], [True, False])
    same("verifier", "code_verifier" in driver.provider.requests(key, "token")[0]["form"], False)


def pkce_that_the_administrator_wants_is_never_left_out(driver):
    key = "pkce-unknown~s256"
    same("reason", driver.sign_in(key, "--pkce", "S256")["reason"], "client_refused")
    same("challenges", ["code_challenge" in e["form"] for e in driver.provider.requests(key, "device")], [True])


def a_server_that_wants_pkce_says_so_to_the_administrator(driver):
    said = driver.sign_in("pkce-required~said", "--pkce", "off")
    same("answer", (said["reason"], said["error"], said["description"]),
         ("client_refused", "invalid_request", "Missing parameter: code_challenge_method"))


def fewer_scopes_are_told_and_not_refused(driver):
    for scenario, lost in (("fewer-scopes", "profile"), ("same-scopes", ""), ("good", "")):
        said = driver.sign_in(f"{scenario}~scopes")
        same(scenario, (said["reason"], said["lost_scopes"]), ("ok", lost))
    said = driver.sign_in("no-openid-scope~scopes")
    same("without openid", (said["reason"], said["lost_scopes"]), ("id_token_missing", "openid"))


def tests():
    for scenario in ("client-raw", "client-raw-400", "client-raw-bare"):
        yield spelled(scenario, "form", ("ok", "raw", "2"), device=2, token=1)
    yield spelled("client-raw", "raw", ("ok", "raw", "0"), device=1, token=1)
    yield spelled("client-spelled", "raw", ("ok", "form", "2"), device=2, token=1)
    yield spelled("client-spelled", "form", ("ok", "form", "0"), device=1, token=1)
    yield spelled("client-raw-late", "form", ("ok", "raw", "2"), device=1, token=3)
    yield spelled("client-raw-late", "raw", ("ok", "raw", "0"), device=1, token=2)
    yield asserted("rsa", "RS256")
    yield asserted("rsa", "PS256", "--signing-alg", "PS256", "--auth", "private_key_jwt")
    yield asserted("rsa", "PS256", discovery={"token_endpoint_auth_signing_alg_values_supported": ["PS256", "ES256"]})
    yield asserted("rsa", "RS256", discovery={"token_endpoint_auth_signing_alg_values_supported": ["PS256", "RS256"]})
    yield asserted("p256", "ES256")
    yield asserted("p256", "ES256", "--key-id", "desk-1", more={"kid": "desk-1"})
    yield asserted("p256", "ES256", "--assertion-audience", "issuer", more={"audience": "ISSUER"})
    for kind, arguments in (("small", ()), ("p384", ()), ("ed25519", ()), ("rsa", ("--signing-alg", "ES256")),
                            ("p256", ("--signing-alg", "RS256")), ("rsa", ("--auth", "basic")),
                            ("p256", ("--auth", "post")), ("password", ("--auth", "private_key_jwt"))):
        yield unusable(kind, *arguments)
    yield from (a_secret_that_both_spellings_write_alike_is_tried_once,
                a_wrong_secret_is_tried_in_two_spellings_and_no_more, a_client_with_a_colon_has_one_spelling,
                a_server_in_trouble_is_not_asked_in_another_spelling,
                what_a_server_says_of_a_refusal_is_kept_harmless, another_key_is_refused,
                extra_parameters_are_sent_as_they_are, the_id_of_an_upstream_provider_is_never_sent,
                mkt_goes_into_the_query_string,
                pkce_that_the_server_does_not_know_is_left_out_once,
                pkce_that_the_administrator_wants_is_never_left_out,
                a_server_that_wants_pkce_says_so_to_the_administrator, fewer_scopes_are_told_and_not_refused)
