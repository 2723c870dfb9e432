#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Key sets that lie: keys that are weak, broken, private, for something else, named twice, or too many. The token is
signed with just that key wherever that can be done, so that only the key is what is wrong."""
import sys

from stage import Row, main, table

ASKED = "Ddtkr?"
TWICE = "Ddtkkr?"  # a key that is not there is looked for once more


def _signed(key, **more):
    """The key alone is in the set and signs."""
    return {"keySet": [key], "signer": key, **more}


def _own(**changes):
    return {"keySet": [{"from": "own-RSA", "set": changes}]}


def _named(*names, **more):
    return {"keySet": [{"from": name, "set": {"kid": "own-RSA"}} for name in names], **more}


def _many(count):
    return {"keySet": [f"nr{i}-P-256" for i in range(count - 1)] + ["own-P-256"], "alg": "ES256",
            "header": {"kid": None}}


WEAK = table(
    "key_unfit", ASKED,
    *[(f"an RSA key: {key}", _signed(key)) for key in (
        "rsa512", "rsa1024", "rsa2047", "e-one", "e-even", "e-zero", "e-huge", "n-even", "n-16k", "n-megabit",
        "n-number")],
) + [
    Row(f"an EC key: {key}", "key_unfit", _signed(key, alg="ES256"), ASKED, alg="ES256")
    for key in ("ec-off-curve", "ec-infinity", "ec-short", "ec-other-curve")] + [
    Row(f"an Edwards key: {key}", "key_unfit", _signed(key, alg="EdDSA"), ASKED, alg="EdDSA")
    for key in ("ed-small-order-0", "ed-small-order-1", "ed448", "ed448-zero")] + [
    Row("Ed25519 and an Ed448 key", "key_unfit", _signed("ed448", alg="Ed25519", signAs="EdDSA"), ASKED, alg="EdDSA")]

UNFIT = table(
    "key_unfit", ASKED,
    ("a key for encryption", _own(use="enc")),
    ("a key for nothing that is known", _own(use="Sig")),
    ("a use that is a list", _own(use=["sig"])),
    ("a key that may encrypt", _own(key_ops=["encrypt"])),
    ("a key that may sign", _own(key_ops=["sign"])),
    ("a key that may do nothing", _own(key_ops=[])),
    ("a key_ops that is a word", _own(key_ops="verify")),
    ("a key for another alg", _own(alg="RS512")),
    ("a key for PSS", _own(alg="PS256")),
    ("a key for HS256", _own(alg="HS256")),
    ("a key for an alg of another kind", _own(alg="ES256")),
    ("an alg that is a number", _own(alg=256)),
    ("a kty of another kind", _own(kty="EC")),
    ("a kty in lower case", _own(kty="rsa")),
    ("a kty that is missing", _own(kty=None)),
    ("an RSA key that is called oct", _own(kty="oct")),
    ("a modulus that is missing", _own(n=None)),
    ("a modulus with padding", _own(n="AQAB==")),
    ("a modulus in base64", _own(n="++//")),
    ("a private key that is published", {"keySet": [{"from": "private", "set": {"kid": "own-RSA"}}]}),
    ("one private member that is published", _own(d="AQAB")),
    ("a symmetric key under the kid", _named("oct")),
    ("a symmetric key under the kid and HS256 called RS256",
     _named("oct", signature="hmac-oct", header={"alg": "RS256"})),
    ("an EC key under the kid of RS256", _named("own-P-256")),
    ("two keys of one kid", _named("own-RSA", "stranger-RSA")),
    ("two keys of one kid, the stranger first", _named("stranger-RSA", "own-RSA")),
    ("nine keys for a token without kid", _many(9)),
    ("nine times one key for a token without kid",
     {"keySet": [{"from": "own-RSA", "times": 9}], "header": {"kid": None}}))

STRANGERS = table(
    "signature", ASKED,
    ("a key set with the certificate of another key",
     {"keySet": [{"from": "own-RSA", "set": {"x5c": ["MIIB"], "x5t": "AAAA", "x5u": "ORIGIN/trap/x5u"}}],
      "signature": "stranger"}),
    ("a stranger's key under our kid and our signature", _named("stranger-RSA")))

# Whose key set lacks the key lies about the next sign-in as well, until the minute is over: see rotation.py.
MISSING = table(
    "key_unknown", TWICE,
    ("no keys at all", {"keys": {"keys": []}}),
    ("a stranger's key alone", {"keySet": ["stranger-RSA"]}),
    ("a kid that is another one", _own(kid="own-rsa")),
    ("a kid that is longer", _own(kid="own-RSA1")),
    ("a key without kid for a token with one", _own(kid=None)),
    ("keys that are no objects", {"keys": {"keys": [1, "own-RSA", None, []]}}),
    ("no key that fits a token without kid", {"keySet": ["own-P-256"], "header": {"kid": None}}),
    ("a stranger's key for a token without kid", {"keySet": ["stranger-RSA"], "header": {"kid": None}}), twin=False)

INVALID = table(
    "keys_invalid", ASKED,
    ("keys that are an object", {"keys": {"keys": {}}}),
    ("keys that are missing", {"keys": {}}),
    ("keys that are null", {"keys": {"keys": None}}),
    ("keys that are a word", {"keys": {"keys": "own-RSA"}}),
    ("65 keys", {"keySet": [{"from": "stranger-RSA", "times": 64}, "own-RSA"]}),
    ("1000 small keys", {"keySet": [{"from": "own-Ed25519", "times": 1000}, "own-RSA"]})) + table(
    "keys_unavailable", ASKED,
    ("10000 small keys", {"keySet": [{"from": "oct", "times": 9999}, "own-RSA"]}),
    ("a key set with a member twice", {"edits": {"keys": [['"e":"AQAB"', '"e":"AQAC","e":"AQAB"']]}}),
    ("a key set with a kid twice", {"edits": {"keys": [['"kid":"own-RSA"', '"kid":"x","kid":"own-RSA"']]}}),
    ("a key set with NaN", {"edits": {"keys": [['{"keys"', '{"n":NaN,"keys"']]}}),
    ("a key set with 1e999", {"edits": {"keys": [['{"keys"', '{"n":1e999,"keys"']]}}),
    ("a key set in UTF-16", {"answers": {"keys": {"encoding": "utf16le"}}}),
    ("a key set with a byte order mark", {"answers": {"keys": {"encoding": "bom"}}}),
    ("a key set that is a list", {"edits": {"keys": [['{"keys":', ""], ["]}", "]"]]}}),
    ("a key set of status 500", {"answers": {"keys": {"status": 500}}}),
    ("a key set of status 206", {"answers": {"keys": {"status": 206}}}),
    ("a key set that is empty", {"answers": {"keys": {"body": ""}}}))

GOOD = [Row(text, "ok", lie, ASKED, *more) for text, lie, *more in (
    ("one key twice under one kid is taken", {"keySet": [{"from": "own-RSA", "times": 2}]}),
    ("an EC key of the same kid does not disturb", _named("own-P-256", "own-RSA")),
    ("a key for encryption of the same kid does not disturb",
     {"keySet": [{"from": "stranger-RSA", "set": {"kid": "own-RSA", "use": "enc"}}, "own-RSA"]}),
    ("eight keys for a token without kid are tried", _many(8)),
    ("a key without kid for a token without kid is taken", {**_own(kid=None), "header": {"kid": None}}),
    ("a key without use is taken", _own(use=None)),
    ("a key with alg is taken", _own(alg="RS256")),
    ("a key with key_ops is taken", _own(key_ops=["verify"])),
    ("a key with a zero before the modulus is taken",
     {"keySet": [{"from": "n-padded", "set": {"kid": "own-RSA"}}]}),
    ("an exponent of three is taken", _signed("rsa3")),
    ("a key with members that nobody knows is taken", _own(x5c=["AAAA"], x5u="ORIGIN/trap/x5u", crv="P-256", ext=True)),
    ("64 keys are taken", {"keySet": [{"from": "stranger-RSA", "set": {"kid": "other"}, "times": 63}, "own-RSA"]}),
    ("an Ed25519 key with its own alg is taken",
     {"alg": "EdDSA", "keySet": [{"from": "own-Ed25519", "set": {"alg": "Ed25519"}}]}))]

if __name__ == "__main__":
    sys.exit(main(WEAK + UNFIT + STRANGERS + MISSING + INVALID + GOOD))
