# SPDX-License-Identifier: BSD-2-Clause
"""How a sign-in fails at each vendor's dialect: refused, expired, too fast, with the wrong kind of client."""
import sys

import vendors
from vendors import DEX_SECRET, KEYCLOAK_SECRET, VENDORS, VendorDesk, each, of

SILENT = {"dex", "authentik"}  # a refusal is never told
LIFE_S = 3


def _refused_at(dialects, vendor, reason, words, **typed):
    """A sign-in ends for this reason, nobody is a member, and the admin reads these words."""
    desk = VendorDesk(dialects, vendor, **typed)
    result = desk.sign_in("--commit")
    assert result.verdict["verdict"] != "allow" and result.verdict["reason"] == reason, result
    for word in words:
        assert word in result.err, (word, str(result))
    assert desk.members() == {}, vendor
    return desk


def _check_says(desk, *words):
    result = desk.run("check", "acme", "--json")
    facts = [line for line in result.lines if line["fact"] == "client"]
    text = " ".join(f"{fact['text']} {fact.get('next')}" for fact in facts)
    for word in words:
        assert word in text, (word, str(result))


def a_refusal_on_the_phone_is_a_refusal_where_the_vendor_tells_it(dialects):
    telling = [vendor for vendor in VENDORS if vendor not in SILENT]
    desks = {vendor: VendorDesk(dialects, vendor) for vendor in telling}

    def act(vendor):
        dialects.set(vendor, decision="deny")
        result = desks[vendor].sign_in("--commit")
        assert (result.verdict["verdict"], result.verdict["reason"]) == ("deny", "access_denied"), result
        assert result.verdict["subject"] is None and desks[vendor].members() == {}, result
    each(telling, act)


def where_it_is_never_told_the_code_runs_out(dialects):
    desks = {vendor: VendorDesk(dialects, vendor) for vendor in SILENT}

    def act(vendor):
        dialects.set(vendor, decision="deny", device={"expires_in": LIFE_S})
        result = desks[vendor].sign_in()
        assert (result.verdict["verdict"], result.verdict["reason"]) == ("expired", "code_expired"), result
    each(SILENT, act)


def a_code_that_nobody_approves_expires_in_every_dialect(dialects):
    desks = {vendor: VendorDesk(dialects, vendor) for vendor in VENDORS}

    def act(vendor):
        dialects.set(vendor, decision="wait", device={"expires_in": LIFE_S})
        result = desks[vendor].sign_in()
        assert (result.verdict["verdict"], result.verdict["reason"]) == ("expired", "code_expired"), result
    each(VENDORS, act)


def the_vendors_own_word_for_an_expired_code_is_understood(dialects):
    """The server's clock runs ahead: its word comes before our own deadline."""
    saying = [vendor for vendor in VENDORS if vendor not in ("google", "authentik")]  # they say invalid_grant
    desks = {vendor: VendorDesk(dialects, vendor) for vendor in saying}

    def act(vendor):
        dialects.set(vendor, decision="wait", expires_early_s=30, device={"expires_in": 32})
        result = desks[vendor].sign_in()
        assert (result.verdict["verdict"], result.verdict["reason"]) == ("expired", "code_expired"), result
    each(saying, act)


def an_unknown_code_ends_the_sign_in(dialects):
    words = {"auth0": "invalid_grant", "entra": "bad_verification_code", "google": "invalid_grant",
             "keycloak": "Device code not valid", "dex": "invalid_request", "zitadel": "access_denied"}
    desks = {vendor: VendorDesk(dialects, vendor) for vendor in words}

    def act(vendor):
        dialects.set(vendor, forgets=True)
        result = desks[vendor].sign_in()
        assert result.verdict["verdict"] in ("deny", "expired"), result
        assert words[vendor] in result.err, (vendor, str(result))
        assert len(dialects.requests(vendor, "token")) == 1, "an ended sign-in went on"
    each(words, act)


def who_is_told_to_slow_down_waits_and_still_signs_in(dialects):
    throttling = ("auth0", "google", "okta", "keycloak", "dex")
    desks = {vendor: VendorDesk(dialects, vendor) for vendor in throttling}

    def act(vendor):
        dialects.set(vendor, polls=0, slow_downs=1)
        result = desks[vendor].sign_in()
        assert result.verdict["reason"] == "ok", result
        first, second = [entry["at_ms"] for entry in dialects.requests(vendor, "token")]
        assert second - first >= 5900, f"{vendor}: {second - first} ms after slow_down"
    each(throttling, act)


@of("authentik")
def authentik_serves_twenty_codes_and_then_the_admin_is_told(dialects):
    desk = VendorDesk(dialects, "authentik")
    dialects.set("authentik", polls=0, throttle=1)
    assert desk.sign_in().verdict["reason"] == "ok"
    result = desk.sign_in()
    assert (result.verdict["verdict"], result.verdict["reason"]) == ("unavailable", "idp_busy"), result
    assert "slow_down" in result.err, result
    _check_says(desk, "slow_down", "authentik")


@of("authentik")
def authentiks_short_code_is_a_hint_of_check(dialects):
    dialects.set("authentik")
    _check_says_life(VendorDesk(dialects, "authentik"), "60 s")


def _check_says_life(desk, word):
    lines = desk.run("check", "acme", "--json").lines
    assert any(line["fact"] == "code" and word in line["text"] for line in lines), lines


@of("authentik")
def authentik_without_a_signing_key_has_no_algorithm_for_us(dialects):
    dialects.set("authentik", policy="no-key")
    _refused_at(dialects, "authentik", "no_signing_alg", ())


@of("authentik")
def authentik_without_a_device_flow_is_unavailable(dialects):
    dialects.set("authentik", policy="no-flow")
    _refused_at(dialects, "authentik", "idp_status", ())


@of("auth0")
def auth0_refuses_a_web_application(dialects):
    dialects.set("auth0", client={"kind": "web"})
    desk = _refused_at(dialects, "auth0", "client_refused", ("unauthorized_client", "Grant type"))
    _check_says(desk, "Device Code")


def _sends_no_secret(dialects, vendor):
    """The preset says so: one that was typed stays here, and the admin is told."""
    dialects.set(vendor, polls=0)
    result = VendorDesk(dialects, vendor, secret="left over").sign_in()
    assert result.verdict["reason"] == "ok" and "client_secret_file is not used" in result.err, result
    asked = dialects.requests(vendor, "device") + dialects.requests(vendor, "token")
    assert asked and not any("client_secret" in entry["form"] or "authorization" in entry["headers"] for entry in asked)


@of("auth0")
def auth0_gets_no_secret(dialects):
    _sends_no_secret(dialects, "auth0")


@of("entra")
def entra_gets_no_secret(dialects):
    _sends_no_secret(dialects, "entra")


@of("okta")
def okta_refuses_a_web_application_and_a_rule_that_lacks_the_grant(dialects):
    dialects.set("okta", client={"kind": "web"})
    desk = _refused_at(dialects, "okta", "client_refused", ("unauthorized_client",))
    _check_says(desk, "Device Authorization")
    dialects.set("okta-default", policy="no-rule")
    _refused_at(dialects, "okta-default", "access_denied", ("Policy evaluation failed",))


def a_wrong_client_id_is_said_by_everybody_who_looks(dialects):
    looking = [vendor for vendor in VENDORS if vendor != "dex"]
    words = {"entra": "AADSTS700016", "entra-organizations": "AADSTS700016"}
    desks = {vendor: VendorDesk(dialects, vendor, client_id="nobody") for vendor in looking}

    def act(vendor):
        dialects.set(vendor)
        result = desks[vendor].sign_in()
        assert result.verdict["reason"] == "client_refused", result
        assert words.get(vendor, "client") in result.err, result
    each(looking, act)


@of("entra")
def entra_wants_public_client_flows_and_says_so_by_number(dialects):
    for kind in ("confidential", "confidential-at-once"):
        dialects.set("entra", client={"kind": kind})
        desk = _refused_at(dialects, "entra", "client_refused", ("AADSTS7000218",))
    _check_says(desk, "Allow public client flows")


@of("entra")
def a_secret_for_entras_public_client_is_refused_by_number(dialects):
    dialects.set("entra")
    desk = _refused_at(dialects, "entra", "client_refused", ("AADSTS700025",), secret="left over",
                       client_auth_method="client_secret_post")
    _check_says(desk, "client_secret_file")


@of("google")
def google_without_its_secret_is_a_broken_connection(dialects):
    dialects.set("google")
    _refused_at(dialects, "google", "connection_broken", ("client_secret_file",), secret=None)


@of("google")
def google_refuses_a_wrong_secret_and_a_web_client(dialects):
    dialects.set("google", polls=0)
    _refused_at(dialects, "google", "client_refused", ("secret",), secret="another one")
    dialects.set("google", client={"kind": "web"})
    _refused_at(dialects, "google", "client_refused", ("Invalid client type",))


@of("google")
def googles_internal_apps_refuse_strangers_by_name(dialects):
    dialects.set("google", policy="internal")
    _refused_at(dialects, "google", "token_error", ("org_internal",))


@of("keycloak")
def keycloak_says_that_the_grant_is_off(dialects):
    dialects.set("keycloak", policy="grant-off")
    desk = _refused_at(dialects, "keycloak", "client_refused", ("Device Authorization Grant",))
    _check_says(desk, "OAuth 2.0 Device Authorization Grant")


@of("keycloak")
def keycloak_refuses_a_wrong_secret(dialects):
    dialects.set("keycloak")
    _refused_at(dialects, "keycloak", "client_refused", ("credentials",), secret=KEYCLOAK_SECRET + "x")


@of("dex")
def dex_never_tells_that_the_secret_is_wrong(dialects):
    dialects.set("dex", polls=0, device={"expires_in": LIFE_S})
    for typed in ({"secret": DEX_SECRET + "x"}, {"client_auth_method": "client_secret_basic"}):
        _refused_at(dialects, "dex", "code_expired", (), **typed)


@of("authelia")
def authelia_takes_a_secret_in_the_one_way_that_is_registered(dialects):
    dialects.set("authelia", polls=0, client={"method": "post", "secret": "an authelia secret"})
    _refused_at(dialects, "authelia", "client_refused", ("invalid_client",), secret="an authelia secret")
    desk = VendorDesk(dialects, "authelia", secret="an authelia secret", client_auth_method="client_secret_post")
    result = desk.sign_in()
    assert result.verdict["reason"] == "ok", result


@of("zitadel")
def zitadels_other_audiences_must_be_named(dialects):
    dialects.set("zitadel", polls=0)
    _refused_at(dialects, "zitadel", "claim_aud", (), extra_audiences=None)


if __name__ == "__main__":
    sys.exit(vendors.main(sys.modules[__name__]))
