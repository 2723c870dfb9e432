# SPDX-License-Identifier: BSD-2-Clause
"""A whole sign-in at one IdP as a session has it, and what it tells the keeper."""
from cases_client import made
from table import same
from tunnel import Tunnel

SECRET = ("--auth", "basic", "--secret", "p:a+s%s &w=rd/é")


def a_spelling_that_worked_is_remembered_and_used_at_once_next_time(driver):
    for scenario, first, other, requests in (("client-raw", "form", "raw", (2, 1)),
                                             ("client-spelled", "raw", "form", (2, 1)),
                                             ("client-raw-late", "form", "raw", (1, 3))):
        key = f"{scenario}~remembered"
        said = driver.session(key, "--spelling", first, *SECRET)
        same("first", (said["reason"], said["remembered"], said["remembered_count"]), ("ok", other, "1"))
        same("requests", tuple(len(driver.provider.requests(key, e)) for e in ("device", "token")), requests)
        key = f"{scenario}~known"
        said = driver.session(key, "--spelling", said["remembered"], *SECRET)
        same("second", (said["reason"], said["remembered_count"]), ("ok", "0"))
        same("requests", len(driver.provider.requests(key, "device")), 1)


def a_spelling_that_never_worked_is_not_remembered(driver):
    said = driver.session("client-raw~never", "--auth", "basic", "--secret", "not this one")
    same("answer", (said["reason"], said["remembered_count"]), ("client_refused", "0"))


def a_spelling_that_met_a_busy_server_is_not_remembered(driver):
    key = "client-raw~busy"
    driver.provider.ask(f"/_control/{key}", {"device": {"error": "slow_down"}})
    said = driver.session(key, "--spelling", "form", *SECRET)
    same("answer", (said["reason"], said["remembered_count"]), ("idp_busy", "0"))
    same("requests", len(driver.provider.requests(key, "device")), 2)


def a_spelling_that_met_only_trouble_is_not_remembered(driver):
    key = "client-raw-late~trouble"
    driver.provider.ask(f"/_control/{key}", {"polls": [], "forever": 503, "device": {"expires_in": 5}})
    said = driver.session(key, "--spelling", "form", *SECRET)
    same("answer", (said["reason"], said["remembered_count"]), ("code_expired", "0"))


def a_refusals_detail_has_code_and_description(driver):
    for scenario, detail in (("client-plain-secret", "invalid_client: AADSTS7000218: who are you??[2J"),
                             ("described-error", "invalid_grant: AADSTS70000: no??[2J"),
                             ("client-refused-late", "invalid_client"),
                             ("no-openid-scope", "scopes not granted: openid")):
        same(scenario, driver.session(f"{scenario}~detail")["detail"], detail)


def documents_are_kept_only_when_they_were_fetched(driver):
    said = driver.session("good~kept")
    same("found", (said["reason"], said["kept_discovery"], said["kept_keys"]), ("ok", "1", "1"))
    key = "discovery-status-404~kept"
    origin = f"{driver.provider.origin()}/{key}"
    said = driver.session(key, "--typed", f"device_authorization_endpoint={origin}/device", "--typed",
                          f"token_endpoint={origin}/token", "--typed", f"jwks_uri={origin}/keys")
    same("typed", (said["reason"], said["kept_discovery"], said["kept_keys"]), ("ok", "0", "1"))
    same("documents", driver.provider.requests(key, "openid-configuration"), [])


def keys_that_lack_the_one_are_fetched_anew_once(driver):
    for scenario, reason, fetched in (("rotates", "ok", 2), ("signature-stranger", "signature", 1)):
        key = f"{scenario}~session"
        same(scenario, driver.session(key)["reason"], reason)
        same("keys", len(driver.provider.requests(key, "keys")), fetched)


def a_tenants_sign_in_is_whole(driver):
    issuer = f"{driver.provider.origin()}/entra~session/organizations/v2.0"
    same("reason", driver.session_at(issuer, "--tenant", "a1b2-c3")["reason"], "ok")
    issuer = f"{driver.provider.origin()}/entra-other-tid~session/organizations/v2.0"
    same("reason", driver.session_at(issuer, "--tenant", "a1b2-c3")["reason"], "claim_iss")


def tokens_are_revoked_over_the_proxy_too(driver):
    key = "refresh-token~session"
    with Tunnel() as proxy:
        same("reason", driver.session(key, "--userinfo", "--proxy", proxy.url)["reason"], "ok")
        tunnels = len(proxy.asked)
    log = driver.provider.log(key)
    same("revocations", len(driver.provider.requests(key, "revoke")), 2)
    same("connections and tunnels", (len({entry["connection"] for entry in log}), tunnels), (2, 2))


def a_dead_revocation_endpoint_ends_soon_and_changes_nothing(driver):
    for fault in ("silent", "close", "huge"):
        key = f"revoke-{fault}~session"
        driver.provider.ask(f"/_control/{key}", {"token": {"refresh_token": "refresh-1"}})
        same(fault, driver.session(key)["reason"], "ok")


def a_confined_child_signs_assertions(driver):
    for kind, alg in (("rsa", "RS256"), ("rsa", "PS256"), ("p256", "ES256")):
        key = f"client-assertion~session-{alg}"
        private, public = made(driver, kind)
        driver.provider.ask(f"/_control/{key}", {"client": {"alg": alg, "publicKey": public}})
        same(alg, driver.session(key, "--secret", private, "--signing-alg", alg)["reason"], "ok")


def an_unusable_key_is_told_before_anything_is_asked_of_the_client(driver):
    key = "good~session-small"
    same("reason", driver.session(key, "--secret", made(driver, "small")[0])["reason"], "client_key_unusable")
    same("requests", driver.provider.requests(key, "device"), [])


def tests():
    return [a_confined_child_signs_assertions, an_unusable_key_is_told_before_anything_is_asked_of_the_client,
            a_spelling_that_worked_is_remembered_and_used_at_once_next_time,
            a_spelling_that_never_worked_is_not_remembered,
            a_spelling_that_met_a_busy_server_is_not_remembered,
            a_spelling_that_met_only_trouble_is_not_remembered, a_refusals_detail_has_code_and_description,
            documents_are_kept_only_when_they_were_fetched,
            keys_that_lack_the_one_are_fetched_anew_once, a_tenants_sign_in_is_whole,
            tokens_are_revoked_over_the_proxy_too, a_dead_revocation_endpoint_ends_soon_and_changes_nothing]
