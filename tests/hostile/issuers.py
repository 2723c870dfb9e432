#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Lies over more than one sign-in: keys that change, keys that never come, issuers that stand in for one another, and
people who come back as somebody else."""
import sys
import time

from stage import Row, main
from tap import eventually

NEW = {"keySet": ["new-RSA"], "signer": "new-RSA"}
UNKNOWN = {"header": {"kid": "nobody knows"}}
MANY = 25

CHANGED, MEANWHILE, TOGETHER, BACK = (Row(f"keys changed {how}") for how in ("before", "meanwhile", "together", "back"))
WARM, COLD = Row("unknown kid, warm"), Row("unknown kid, cold")
HONEST, MIXED = Row("honest issuer"), Row("mixed up issuer")
MIXED.lie = {"discovery": {name: f"ORIGIN/r7-honest-issuer/{path}" for name, path in (
    ("device_authorization_endpoint", "device"), ("token_endpoint", "token"), ("jwks_uri", "keys"),
    ("userinfo_endpoint", "userinfo"), ("revocation_endpoint", "revoke"))}}
OTHERS_KEY, BORROWED = Row("issuer of another key", lie=NEW), Row("issuer that borrows a key",
                                                                  lie={"signer": "new-RSA"})
PEOPLE = Row("issuer of people")
ADDRESSES = Row("issuer of addresses", settings={"username_claim": "email", "username_regex": "^([^@]+)@acme[.]com$"})
STALE = Row("keys that grow old", lie={"cache": "max-age=1"})
UNREACHED = Row("keys out of reach")
ROWS = [CHANGED, MEANWHILE, TOGETHER, BACK, WARM, COLD, HONEST, MIXED, OTHERS_KEY, BORROWED, PEOPLE, ADDRESSES, STALE,
        UNREACHED]


def _is(found, reasons, requests):
    assert (sorted(found[0]), found[1].rstrip("r")) == (sorted(reasons), requests), found


def keys_that_changed_between_two_sign_ins_are_fetched_once(stage):
    _is(stage.crowd(CHANGED), ["ok"], "Ddtk")
    _is(stage.crowd(CHANGED), ["ok"], "dt")
    stage.control(CHANGED, NEW)
    _is(stage.crowd(CHANGED), ["ok"], "dtk")
    _is(stage.crowd(CHANGED), ["ok"], "dt")


def keys_that_changed_between_code_and_token_are_fetched_once(stage):
    _is(stage.crowd(MEANWHILE), ["ok"], "Ddtk")
    stage.control(MEANWHILE, {"polls": ["pending"], **NEW})
    _is(stage.crowd(MEANWHILE), ["ok"], "dttk")


def keys_that_changed_are_fetched_by_one_of_many(stage):
    _is(stage.crowd(TOGETHER), ["ok"], "Ddtk")
    stage.control(TOGETHER, NEW)
    reasons, requests = stage.crowd(TOGETHER, MANY)
    assert set(reasons) <= {"ok", "timeout"} and "ok" in reasons, reasons
    assert requests.count("k") == 1, requests


def an_old_key_is_no_key_once_the_new_one_is_there(stage):
    _is(stage.crowd(BACK), ["ok"], "Ddtk")
    stage.control(BACK, NEW)
    _is(stage.crowd(BACK), ["ok"], "dtk")
    stage.control(BACK, {"signer": "own-RSA"})
    _is(stage.crowd(BACK), ["key_unknown"], "dt")


def of_many_sign_ins_with_an_unknown_kid_one_fetches_the_keys(stage):
    _is(stage.crowd(WARM), ["ok"], "Ddtk")
    stage.control(WARM, UNKNOWN)
    started = time.monotonic()
    reasons, requests = stage.crowd(WARM, MANY)
    assert set(reasons) <= {"key_unknown", "timeout"} and "key_unknown" in reasons, reasons
    requests += stage.crowd(WARM, MANY)[1]
    # One in a minute; usually all of this is done in a part of one.
    assert 1 <= requests.count("k") <= 1 + (time.monotonic() - started) // 60, requests
    stage.ask(f"/_honest/{WARM.name}", {"claims": {"preferred_username": WARM.user}})
    _is(stage.crowd(WARM), ["ok"], "dt")


def an_unknown_kid_at_the_first_sign_in_has_the_keys_fetched_twice_and_no_more(stage):
    stage.control(COLD, UNKNOWN)
    started = time.monotonic()
    _is(stage.crowd(COLD), ["key_unknown"], "Ddtkk")
    reasons, requests = stage.crowd(COLD, MANY)
    assert "ok" not in reasons and requests.count("k") <= (time.monotonic() - started) // 60, (reasons, requests)
    stage.ask(f"/_honest/{COLD.name}", {"claims": {"preferred_username": COLD.user}})
    _is(stage.crowd(COLD), ["ok"], "Ddt")


def keys_that_could_not_be_fetched_anew_are_the_reason_for_everybody(stage):
    _is(stage.crowd(UNREACHED), ["ok"], "Ddtk")
    stage.control(UNREACHED, {**NEW, "faults": {"keys": "status-500"}})
    _is(stage.crowd(UNREACHED), ["keys_unavailable"], "dtk")
    reasons, requests = stage.crowd(UNREACHED)
    assert reasons == ["keys_unavailable"], reasons
    assert requests.rstrip("r") in ("dt", "dtk"), requests  # the second when a minute went by meanwhile


def an_issuer_that_names_anothers_endpoints_gets_nobody_in(stage):
    _is(stage.crowd(HONEST), ["ok"], "Ddtk")
    before = stage.requests()[HONEST.name]
    reasons, requests = stage.crowd(MIXED)
    assert (reasons, requests) == (["claim_iss"], "D"), (reasons, requests)
    assert stage.requests()[HONEST.name][len(before):].rstrip("r") == "dtk"
    _is(stage.crowd(HONEST), ["ok"], "dt")
    assert stage.crowd(MIXED) == (["claim_iss"], "D"), "what it said was not kept"


def a_key_of_one_issuer_verifies_nothing_of_another(stage):
    _is(stage.crowd(OTHERS_KEY), ["ok"], "Ddtk")
    _is(stage.crowd(BORROWED), ["key_unknown"], "Ddtkk")
    _is(stage.crowd(OTHERS_KEY), ["ok"], "dt")


def _person(stage, **claims):
    stage.control(PEOPLE, {"claims": claims})
    return stage.crowd(PEOPLE, user=claims["preferred_username"])[0]


def a_subject_in_other_letters_is_another_person(stage):
    assert _person(stage, sub="s-ana", preferred_username="ana", email="ana@acme.com") == ["ok"]
    assert _person(stage, sub="S-ANA", preferred_username="ana", email="ana2@acme.com") == ["name_taken"]
    assert _person(stage, sub="s-ana ", preferred_username="ana", email="ana3@acme.com") == ["name_taken"]
    assert _person(stage, sub="s-ana", preferred_username="ana", email="ana@acme.com") == ["ok"]


def an_address_that_was_given_to_somebody_else_opens_nothing(stage):
    assert _person(stage, sub="s-new", preferred_username="anew", email="ana@acme.com") == ["email_taken"]
    assert not stage.desk.is_user("anew")


def a_person_with_another_address_and_name_stays_who_they_are(stage):
    assert _person(stage, sub="s-ana", preferred_username="ana", email="ana.gomes@acme.com") == ["ok"]
    stage.control(PEOPLE, {"claims": {"sub": "s-ana", "preferred_username": "root", "email": "ana.gomes@acme.com"}})
    assert stage.crowd(PEOPLE, user="ana")[0] == ["ok"]
    assert stage.crowd(PEOPLE, user="root")[0] != ["ok"]


def an_address_gives_its_name_at_its_own_domain_only(stage):
    stage.control(ADDRESSES, {"claims": {"sub": "s-eva", "preferred_username": "x", "email": "eva.b@acme.com"}})
    assert stage.crowd(ADDRESSES, user="eva.b")[0] == ["ok"]
    stage.control(ADDRESSES, {"claims": {"sub": "s-eve", "preferred_username": "eva.b", "email": "eva.b@evil.example"}})
    assert stage.crowd(ADDRESSES, user="eva.b")[0] == ["username_regex"]
    stage.control(ADDRESSES, {"claims": {"sub": "s-eve", "email": "eva.b@acme.com"}})
    assert stage.crowd(ADDRESSES, user="eva.b")[0] in (["name_taken"], ["email_taken"])


def what_has_grown_old_is_not_used_when_the_provider_has_gone(stage):
    _is(stage.crowd(STALE), ["ok"], "Ddtk")
    stage.control(STALE, {"faults": {"keys": "status-500"}})
    assert eventually(lambda: stage.crowd(STALE)[0] == ["keys_unavailable"])
    stage.control(STALE, {"faults": {"discovery": "status-500"}})
    assert eventually(lambda: stage.crowd(STALE)[0] == ["idp_status"])
    stage.control(STALE, {"faults": {"keys": "", "discovery": ""}})
    assert stage.crowd(STALE)[0] == ["ok"]


if __name__ == "__main__":
    sys.exit(main(
        ROWS, keys_that_changed_between_two_sign_ins_are_fetched_once,
        keys_that_changed_between_code_and_token_are_fetched_once, keys_that_changed_are_fetched_by_one_of_many,
        an_old_key_is_no_key_once_the_new_one_is_there, of_many_sign_ins_with_an_unknown_kid_one_fetches_the_keys,
        an_unknown_kid_at_the_first_sign_in_has_the_keys_fetched_twice_and_no_more,
        keys_that_could_not_be_fetched_anew_are_the_reason_for_everybody,
        an_issuer_that_names_anothers_endpoints_gets_nobody_in, a_key_of_one_issuer_verifies_nothing_of_another,
        a_subject_in_other_letters_is_another_person, an_address_that_was_given_to_somebody_else_opens_nothing,
        a_person_with_another_address_and_name_stays_who_they_are, an_address_gives_its_name_at_its_own_domain_only,
        what_has_grown_old_is_not_used_when_the_provider_has_gone, play=False))
