# SPDX-License-Identifier: BSD-2-Clause
"""Through a hub: a provider with the device grant that federates to one without. A person walks both on the phone."""
import json
import os
import subprocess
import sys

import vendors
from vendors import cli

sys.path.insert(0, os.path.join(vendors.HERE, "../idp"))
import phone  # noqa: E402

HUB = "https://hub.acme.example"
NAMES = ("hub.acme.example", "upstream.example")
ANA = "upstream|71-ana"


class Hub:
    """hub.mjs, as a provider of tests/cli's desk."""

    def __init__(self, folder):
        self.ca = f"{folder}/vendors.crt"
        program = os.path.abspath(os.path.join(os.environ["O"], "idp/hub.mjs"))
        self.process = subprocess.Popen(["node", program, "--cert", self.ca, "--key", f"{folder}/vendors.key", "--address",
                                         "0.0.0.0"],  # the phone knows the loopback only
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def origin(self):
        return HUB

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def _desk(hub, **settings):
    return cli.Desk(hub).connect(**{"issuer": HUB, "client_id": "frontdesk", "ca_file": None, **settings})


def _sign_in(desk, who, deny=False):
    """The verdict, and how it ended on the phone."""
    process = desk.start("login", "--json", "acme", "--service", "login", "--commit")
    prompt = json.loads(process.stdout.readline())
    assert prompt["event"] == "prompt", (prompt, process.communicate())
    outcome = phone.visit(prompt["verification_uri_complete"], who, deny, desk.provider.ca)
    out, err = process.communicate(timeout=vendors.tap.PATIENCE_S * 2)
    return {**json.loads(out.splitlines()[-1]), "told": err}, outcome


def who_walks_both_is_a_member_of_the_hubs_issuer(hub):
    desk = _desk(hub, allow_all="no", allowed_email_domains="acme.com")
    verdict, outcome = _sign_in(desk, "ana")
    assert outcome == "approved" and verdict["verdict"] == "allow", (outcome, verdict)
    assert (verdict["issuer"], verdict["subject"], verdict["member"]) == (HUB, ANA, "ana"), verdict
    member = desk.members()["ana"]
    assert (member["full_name"], member["email"]) == ("Ana Gomes", "ana@acme.com"), member


def who_refuses_at_the_upstream_is_refused_here(hub):
    desk = _desk(hub)
    verdict, outcome = _sign_in(desk, "nobody")
    assert outcome != "approved", outcome
    assert (verdict["verdict"], verdict["reason"]) == ("deny", "access_denied"), verdict
    assert desk.members() == {}


def who_refuses_at_the_hub_never_reaches_the_upstream(hub):
    verdict, outcome = _sign_in(_desk(hub), "ana", deny=True)
    assert outcome == "denied" and verdict["reason"] == "access_denied", (outcome, verdict)


def what_the_upstream_does_not_vouch_for_does_not_count(hub):
    for who, reason in (("rui", "email_unverified"), ("eva", "email_not_vouched")):
        desk = _desk(hub, allow_all="no", allowed_email_domains="acme.com")
        verdict, outcome = _sign_in(desk, who)
        assert outcome == "approved" and verdict["reason"] == reason, (who, outcome, verdict)
        assert desk.members() == {}


def who_is_not_vouched_for_may_be_named_by_the_hubs_subject(hub):
    verdict, _ = _sign_in(_desk(hub, allow_all="no", allowed_users="upstream|73-eva"), "eva")
    assert verdict["verdict"] == "allow" and verdict["member"] == "eva", verdict


def one_upstream_alone_may_be_let_in_by_the_hubs_claim(hub):
    verdict, _ = _sign_in(_desk(hub, required_claims="idp=upstream"), "ana")
    assert verdict["verdict"] == "allow", verdict
    verdict, _ = _sign_in(_desk(hub, required_claims="idp=another"), "ana")
    assert verdict["reason"] == "required_claim", verdict


if __name__ == "__main__":
    sys.exit(vendors.main(sys.modules[__name__], Hub, NAMES))
