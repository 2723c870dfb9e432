# SPDX-License-Identifier: BSD-2-Clause
"""Okta's shorthand: a domain, with or without https://, an authorization server, and the issuer that they make."""
import sys

import vendors
from vendors import VendorDesk


def _issuer(dialects, vendor, **typed):
    desk = VendorDesk(dialects, vendor, **typed)
    dialects.set(vendor, polls=0)
    result = desk.sign_in("--user", "ana")
    assert result.verdict["reason"] == "ok", result
    return result.verdict["issuer"], result.verdict["subject"]


def a_domain_and_the_issuer_it_makes_are_the_same(dialects):
    by_issuer = {"okta_domain": None, "okta_auth_server": None}
    for vendor, issuer in (("okta", "https://acme.okta.com"), ("okta-default", "https://acme.okta.com/oauth2/default"),
                           ("okta-custom", "https://login.acme.com/oauth2/aus1exampleSERVER5d7")):
        by_domain = _issuer(dialects, vendor)
        assert by_domain[0] == issuer, by_domain
        assert _issuer(dialects, vendor, issuer=issuer, **by_issuer) == by_domain
        document = f"{issuer}/.well-known/openid-configuration"
        assert _issuer(dialects, vendor, issuer=document, **by_issuer) == by_domain


def a_typed_https_is_cut_off_with_a_notice(dialects):
    for typed in ("https://acme.okta.com", "https://acme.okta.com/"):
        assert _issuer(dialects, "okta", okta_domain=typed)[0] == "https://acme.okta.com"
        result = VendorDesk(dialects, "okta", okta_domain=typed).run("check", "acme", "--json")
        notices = [line["text"] for line in result.lines if line["state"] == "hint" and "okta_domain" in line["text"]]
        assert len(notices) == 1 and "is taken as `acme.okta.com`" in notices[0], result


def a_domain_where_another_server_lives_is_reported(dialects):
    desk = VendorDesk(dialects, "okta", okta_domain="login.acme.com")
    result = desk.run("check", "acme", "--json")
    fact, = [line for line in result.lines if line["fact"] == "discovery" and line["state"] == "wrong"]
    assert result.status == 4 and "https://login.acme.com/.well-known/openid-configuration" in fact["text"], result


if __name__ == "__main__":
    sys.exit(vendors.main(sys.modules[__name__]))
