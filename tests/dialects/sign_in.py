# SPDX-License-Identifier: BSD-2-Clause
"""Each vendor's preset alone signs somebody in at that vendor's dialect, and what it announces is kept to."""
import json
import sys

import vendors
from vendors import STAFF_GUID, TENANT, VENDORS, VendorDesk, each, of

ANNOUNCED_S = {"auth0": 900, "okta": 600, "okta-default": 600, "okta-custom": 600, "entra": 900,
               "entra-organizations": 900, "google": 1800, "keycloak": 600, "dex": 300, "authentik": 60, "authelia": 600,
               "zitadel": 300}
# Where groups have a claim, the words that let the staff in.
STAFF = {vendor: {"allowed_groups": "staff"} for vendor in VENDORS if vendor != "google"}
STAFF["auth0"] = {"allowed_groups": "staff", "groups_claim": "https://acme.com/groups"}
STAFF["entra"] = STAFF["entra-organizations"] = {"allowed_groups": STAFF_GUID}
WITH_COMPLETE_URI = set(VENDORS) - {"entra", "entra-organizations", "google"}


def _groups_of(vendor):
    return {"claims": {"https://acme.com/groups": ["staff"]}} if vendor == "auth0" else {}


def the_preset_alone_signs_somebody_in(dialects):
    desks = {vendor: VendorDesk(dialects, vendor) for vendor in VENDORS}

    def act(vendor):
        dialects.set(vendor)
        result = desks[vendor].sign_in("--user", "ana", "--commit")
        verdict = result.verdict
        assert (verdict["verdict"], verdict["reason"], verdict["member"]) == ("allow", "ok", "ana"), result
        member = desks[vendor].members()["ana"]
        assert (member["full_name"], member["email"]) == ("Ana Gomes", "ana@acme.com"), member
    each(VENDORS, act)


def the_announced_interval_and_life_are_kept_to(dialects):
    desks = {vendor: VendorDesk(dialects, vendor) for vendor in VENDORS}
    running = {}
    for vendor in VENDORS:
        dialects.ask("reset", vendor, {})
        dialects.ask("control", vendor, {"polls": 0})
        running[vendor] = desks[vendor].start("login", "--json", "acme", "--service", "login")
    for vendor, process in running.items():
        out, err = process.communicate(timeout=vendors.tap.PATIENCE_S * 4)
        prompt, *_, verdict = (json.loads(line) for line in out.splitlines())
        assert prompt["expires_in"] == ANNOUNCED_S[vendor], (vendor, prompt)
        assert verdict["verdict"] == "allow", (vendor, verdict, err)
        polls = dialects.requests(vendor, "token")
        assert [poll["note"] for poll in polls] == [""], (vendor, polls)


def the_complete_url_is_taken_where_there_is_one_and_never_made_up(dialects):
    desks = {vendor: VendorDesk(dialects, vendor) for vendor in VENDORS}

    def act(vendor):
        dialects.set(vendor, polls=0)
        prompt = desks[vendor].sign_in().lines[0]
        complete = prompt["verification_uri_complete"]
        assert prompt["verification_uri"].startswith("https://"), prompt
        assert (complete is not None) == (vendor in WITH_COMPLETE_URI), prompt
        assert complete is None or prompt["user_code"] in complete, prompt
    each(VENDORS, act)


def groups_let_in_and_keep_out(dialects):
    inside = {vendor: VendorDesk(dialects, vendor, STAFF[vendor]) for vendor in STAFF}
    outside = {vendor: VendorDesk(dialects, vendor, {**STAFF[vendor], "allowed_groups": "board"}) for vendor in STAFF}

    def act(vendor):
        dialects.set(vendor, polls=0, **_groups_of(vendor))
        result = inside[vendor].sign_in()
        assert result.verdict["reason"] == "ok", result
        result = outside[vendor].sign_in()
        assert (result.verdict["verdict"], result.verdict["reason"]) == ("deny", "not_allowed"), result
    each(STAFF, act)


@of("okta")
def a_thin_token_of_oktas_is_completed_by_userinfo(dialects):
    desk = VendorDesk(dialects, "okta", {"allowed_groups": "staff"})
    dialects.set("okta", polls=0, policy="thin")
    result = desk.sign_in("--user", "ana")
    assert result.verdict["reason"] == "ok" and len(dialects.requests("okta", "info")) == 1, result
    desk = VendorDesk(dialects, "okta", {"allowed_groups": "staff"}, userinfo="never")
    result = desk.sign_in()
    assert result.verdict["verdict"] == "deny" and len(dialects.requests("okta", "info")) == 1, result


@of("authelia")
def a_minimal_token_of_authelias_is_completed_by_userinfo(dialects):
    desk = VendorDesk(dialects, "authelia", {"allowed_email_domains": "acme.com"})
    dialects.set("authelia", polls=0)
    assert desk.sign_in("--user", "ana").verdict["reason"] == "ok"
    assert len(dialects.requests("authelia", "info")) == 1


def _second_factor(dialects, vendor):
    desk = VendorDesk(dialects, vendor, required_amr="mfa")
    dialects.set(vendor, polls=0)
    assert desk.sign_in().verdict["reason"] == "ok"
    dialects.set(vendor, polls=0, claims={"amr": ["pwd"]})
    assert desk.sign_in().verdict["reason"] == "required_amr"


@of("okta")
def okta_says_whether_there_was_a_second_factor(dialects):
    _second_factor(dialects, "okta")


@of("authelia")
def authelia_says_whether_there_was_a_second_factor(dialects):
    _second_factor(dialects, "authelia")


@of("google")
def googles_hosted_domain_is_a_required_claim(dialects):
    desk = VendorDesk(dialects, "google", {"allow_all": "yes", "required_claims": "hd=acme.com"})
    dialects.set("google", polls=0)
    assert desk.sign_in().verdict["reason"] == "ok"
    dialects.set("google", polls=0, person={"hosted_domain": "other.example"})
    assert desk.sign_in().verdict["reason"] == "required_claim"


@of("google")
def googles_public_accounts_lack_the_claim(dialects):
    desk = VendorDesk(dialects, "google", {"allow_all": "yes", "required_claims": "hd=acme.com"})
    dialects.set("google", polls=0, claims={"hd": None})
    assert desk.sign_in().verdict["reason"] == "required_claim"


@of("keycloak")
def keycloaks_realm_roles_are_reached_by_their_path(dialects):
    desk = VendorDesk(dialects, "keycloak", {"allowed_groups": "staff"}, groups_claim="realm_access.roles")
    dialects.set("keycloak", polls=0, policy="roles")
    assert desk.sign_in().verdict["reason"] == "ok"


@of("keycloak")
def keycloaks_nonce_must_be_ours(dialects):
    desk = VendorDesk(dialects, "keycloak")
    dialects.set("keycloak", polls=0, claims={"nonce": "another one"})
    assert desk.sign_in().verdict["reason"] == "claim_nonce"


@of("keycloak")
def keycloak_takes_the_secret_either_way_and_a_policy_may_want_pkce(dialects):
    for method in ("client_secret_basic", "client_secret_post"):
        desk = VendorDesk(dialects, "keycloak", client_auth_method=method)
        dialects.set("keycloak", polls=0, policy="pkce")
        assert desk.sign_in().verdict["reason"] == "ok", method
    desk = VendorDesk(dialects, "keycloak", pkce="off")
    result = desk.sign_in()
    assert result.verdict["reason"] == "client_refused" and "code_challenge_method" in result.err, result


@of("entra-organizations")
def entras_organizations_are_those_that_were_named(dialects):
    desk = VendorDesk(dialects, "entra-organizations")
    other = "00000000-1111-2222-3333-444444444444"
    dialects.set("entra-organizations", polls=0, person={"tenant": other})
    assert desk.sign_in().verdict["reason"] == "tenant_not_allowed"
    dialects.set("entra-organizations", polls=0, claims={"tid": TENANT, "iss": f"https://login.microsoftonline.com/{other}/v2.0"})
    assert desk.sign_in().verdict["reason"] == "claim_iss"


@of("entra")
def entra_vouches_for_no_address(dialects):
    desk = VendorDesk(dialects, "entra", {"allowed_email_domains": "acme.com"})
    dialects.set("entra", polls=0)
    assert desk.sign_in().verdict["reason"] == "email_not_vouched"


@of("entra")
def the_language_of_entras_page_goes_into_the_query(dialects):
    desk = VendorDesk(dialects, "entra", extra_params="mkt=pt-PT")
    dialects.set("entra", polls=0)
    assert desk.sign_in().verdict["reason"] == "ok"
    asked = dialects.requests("entra", "device")[0]
    assert asked["query"] == "?mkt=pt-PT" and "mkt" not in asked["form"], asked


@of("auth0")
def an_auth0_issuer_is_found_with_its_slash_and_without(dialects):
    for issuer in ("https://acme.eu.auth0.com", "https://acme.eu.auth0.com/",
                   "https://acme.eu.auth0.com/.well-known/openid-configuration"):
        desk = VendorDesk(dialects, "auth0", issuer=issuer)
        dialects.set("auth0", polls=0)
        result = desk.sign_in()
        assert result.verdict["issuer"] == "https://acme.eu.auth0.com/", (issuer, str(result))


def tokens_are_revoked_where_the_vendor_can(dialects):
    can = [vendor for vendor in VENDORS if vendor not in ("entra", "entra-organizations", "dex")]
    desks = {vendor: VendorDesk(dialects, vendor) for vendor in can}

    def act(vendor):
        dialects.set(vendor, polls=0)
        assert desks[vendor].sign_in().verdict["reason"] == "ok"
        assert vendors.tap.eventually(lambda: "access" in dialects.ask("log", vendor)["revoked"]), vendor
    each(can, act)


def check_finds_each_vendor_accepts_the_client(dialects):
    desks = {vendor: VendorDesk(dialects, vendor) for vendor in VENDORS}

    def act(vendor):
        dialects.set(vendor)
        result = desks[vendor].run("check", "acme", "--json")
        facts = {line["fact"]: line for line in result.lines if line.get("connection") == "acme"}
        assert facts["client"]["state"] == "good" and facts["discovery"]["state"] != "wrong", result
    each(VENDORS, act)


if __name__ == "__main__":
    sys.exit(vendors.main(sys.modules[__name__]))
