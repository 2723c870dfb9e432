#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""ID tokens that lie: what they say of themselves (header), how they are signed, how they are written, and what they
claim. Each good twin of a lie is a row as well: a token that is unusual, and right."""
import sys

from stage import Row, main, table

ASKED = "Ddtkr?"  # discovery, device, token, keys; and what came of it is revoked
TRAP = "ORIGIN/trap"
LEEWAY_S = 60


def _claims(**claims):
    return {"claims": claims}


def _payload(before, after):
    return {"payloadEdits": [[before, after]]}


def _header(before, after):
    return {"headerEdits": [[before, after]]}


ALGS = "id_token_signing_alg_values_supported"
ANY_ALG = {ALGS: ["RS256", "RS384", "PS256"]}
SUB = '"sub":"user-1"'
ALG = '"alg":"RS256"'

ISSUERS = table(
    "claim_iss", ASKED,
    ("iss with a character more", _claims(iss="ISSUER1")),
    ("iss with a slash more", _claims(iss="ISSUER/")),
    ("iss in upper case", _payload("https://localhost", "https://LOCALHOST")),
    ("iss without TLS", _payload('"iss":"https:', '"iss":"http:')),
    ("iss missing", _claims(iss=None)),
    ("iss with percent signs", _payload("https://localhost", "https://%6cocalhost")),
    ("iss with a host in punycode", _payload("https://localhost", "https://xn--lcalhost-55a")),
    ("iss with a host of other letters", _payload("https://localhost", "https://lоcalhost")),
    ("iss with a space behind", _claims(iss="ISSUER ")),
    ("iss that is a number", _claims(iss=1)),
    ("iss that is a list", _claims(iss=["ISSUER"])),
    ("iss that is null", _payload('"iss":', '"iss":null,"issuer":')),
    ("iss of another issuer here", _claims(iss="ORIGIN/another")),
    ("iss that is empty", _claims(iss="")))

SUBJECTS = table(
    "claim_sub", ASKED,
    ("sub missing", _claims(sub=None)),
    ("sub that is empty", _claims(sub="")),
    ("sub that is null", _payload(SUB, '"sub":null')),
    ("sub that is a number", _claims(sub=1)),
    ("sub that is true", _claims(sub=True)),
    ("sub that is a list", _claims(sub=["user-1"])),
    ("sub that is an object", _claims(sub={"a": 1})),
    ("sub of 256 characters", _claims(sub="a" * 256)),
    ("sub of 10000 characters", _claims(sub="a" * 10000)),
    ("sub with a line break", _claims(sub="user-1\nroot")),
    ("sub with an escape", _claims(sub="user\u001b[2J")),
    ("sub with a letter that is not ASCII", _claims(sub="usér"))) + table(
    "claims_malformed", ASKED,
    ("sub with a NUL", _payload(SUB, '"sub":"user-1\\u0000x"')),
    ("sub twice", _payload(SUB, '"sub":"user-2","sub":"user-1"')),
    ("sub twice, once spelt with escapes", _payload(SUB, '"s\\u0075b":"user-2","sub":"user-1"')),
    ("sub with half a surrogate", _payload(SUB, '"sub":"user\\ud800"')),
    ("claims that are no object", _payload("{", "[{")),
    ("claims with something behind", {"payloadEdits": [["{", '{}{"x":']]}),
    ("claims with a comment", _payload("{", "{/**/")),
    ("claims with NaN", _payload(SUB, f'{SUB},"n":NaN')),
    ("claims with an exp beyond 64 bits", _payload('"exp":', '"exp":99999999999999999999,"x":')),
    ("claims in UTF-16", {"payloadEncoding": "utf16le"}),
    ("claims with a byte order mark", {"payloadEncoding": "bom"}),
    ("claims in Latin-1", {"payloadEncoding": "latin1", "claims": {"name": "José"}}),
    ("claims 100 levels deep", _payload(SUB, f'{SUB},"n":{"[" * 100}{"]" * 100}')))

AUDIENCES = table(
    "claim_aud", ASKED,
    ("aud with a character more", _claims(aud="kiosk1")),
    ("aud of somebody else", _claims(aud=["x"])),
    ("aud missing", _claims(aud=None)),
    ("aud that is an empty list", _claims(aud=[])),
    ("aud that is an object", _claims(aud={"kiosk": 1})),
    ("aud that is a number", _claims(aud=1)),
    ("aud in upper case", _claims(aud="KIOSK")),
    ("aud with somebody else beside us", _claims(aud=["kiosk", "other"])),
    ("aud with somebody else beside us and azp", _claims(aud=["kiosk", "other"], azp="kiosk")),
    ("aud with a list in the list", _claims(aud=[["kiosk"]])),
    ("aud with a number in the list", _claims(aud=["kiosk", 1], azp="kiosk"))) + table(
    "claim_azp", ASKED,
    ("azp of somebody else", _claims(azp="evil")),
    ("azp that is a list", _claims(azp=["kiosk"])),
    ("two trusted audiences and no azp", _claims(aud=["kiosk", "other"]), {"extra_audiences": "other"}))

TIMES = table(
    "claim_exp", ASKED,
    ("exp long over", _claims(exp="NOW-3600")),
    ("exp over for longer than the leeway", _claims(exp=f"NOW-{LEEWAY_S + 1}")),
    ("exp missing", _claims(exp=None)),
    ("exp that is a string", _payload('"exp":', '"exp":"1999999999","x":')),
    ("exp that is 1e300", _payload('"exp":', '"exp":1e300,"x":')),
    ("exp with a fraction", _payload('"exp":', '"exp":1999999999.5,"x":')),
    ("exp that is negative", _claims(exp=-1)),
    ("exp that is true", _claims(exp=True))) + table(
    "claim_iat", ASKED,
    ("iat missing", _claims(iat=None)),
    ("iat that is a string", _claims(iat="now")),
    ("iat that is negative", _claims(iat=-1)),
    ("iat in the future", _claims(iat="NOW+120")),
    ("iat a week old", _claims(iat="NOW-604800")),
    ("iat of before this sign-in", _claims(iat="NOW-1200")),
    ("iat in milliseconds", _payload('"iat":', '"iat":1790000000000,"x":'))) + table(
    "claim_nbf", ASKED,
    ("nbf in the future", _claims(nbf="NOW+120")),
    ("nbf that is a string", _claims(nbf="0"))) + table(
    "claim_nonce", ASKED,
    ("nonce of another sign-in", _claims(nonce="of another sign-in")),
    ("nonce that is empty", _claims(nonce="")),
    ("nonce that is a list", _claims(nonce=["x"])),
    ("no nonce where one is required", _claims(nonce=None), {"require_nonce": "yes"}),
    ("nonce with a character more", _payload('","at_hash', '1","at_hash'))) + table(
    "claim_at_hash", ASKED,
    ("at_hash of another token", _claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA")),
    ("at_hash that is a number", _claims(at_hash=1)),
    ("at_hash that is empty", _claims(at_hash="")),
    ("at_hash of half its length", _payload('"at_hash":"', '"at_hash":"A'))) + table(
    "jws_type", ASKED,
    ("a logout token", _claims(events={"http://schemas.openid.net/event/backchannel-logout": {}})),
    ("a logout token of an event only", _claims(events=[])))

# Evidence that the connection asks for.
EVIDENCE = table(
    "required_acr", ASKED,
    ("acr missing", {}, {"required_acr": "phr"}),
    ("acr of another level", _claims(acr="pwd"), {"required_acr": "phr"}),
    ("acr that is a list", _claims(acr=["phr"]), {"required_acr": "phr"}), twin=False) + table(
    "required_amr", ASKED,
    ("amr missing", {}, {"required_amr": "hwk"}),
    ("amr that lacks one", _claims(amr=["pwd"]), {"required_amr": "hwk"}), twin=False) + table(
    "auth_too_old", ASKED,
    ("auth_time an hour ago", _claims(auth_time="NOW-3600"), {"max_age": "300"}),
    ("auth_time missing", {}, {"max_age": "300"}),
    ("auth_time that is a string", _payload(SUB, f'{SUB},"auth_time":"1999999999"'), {"max_age": "300"}),
    ("auth_time in the future", _claims(auth_time="NOW+3600"), {"max_age": "300"}), twin=False) + table(
    "email_unverified", ASKED,
    ("an address that is not verified", _claims(email_verified=False),
     {"allow_all": "no", "allowed_email_domains": "acme.com"}),
    ("an address verified by the word false", _claims(email_verified="false"),
     {"allow_all": "no", "allowed_email_domains": "acme.com"}),
    ("an address verified by a number", _claims(email_verified=1),
     {"allow_all": "no", "allowed_email_domains": "acme.com"}))

ALGORITHMS = table(
    "alg_not_allowed", ASKED,
    *[(f"alg {word!r} and no signature", {"signature": "empty", "header": {"alg": word}})
      for word in ("none", "None", "NONE", "nOnE", "")],
    ("alg none with a signature", {"header": {"alg": "none"}}),
    ("alg in lower case", {"header": {"alg": "rs256"}}),
    ("alg with a space", {"header": {"alg": "RS256 "}}),
    ("alg RS1", {"header": {"alg": "RS1"}}),
    ("alg RSA1_5", {"header": {"alg": "RSA1_5"}}),
    ("alg ES256K", {"header": {"alg": "ES256K"}, "signer": "ec-secp256k1", "keySet": ["ec-secp256k1"]}),
    ("alg RS384 that is not configured", {"alg": "RS384", "discovery": ANY_ALG}),
    ("alg PS256 where RS256 is configured", {"alg": "PS256", "discovery": ANY_ALG}, {"signing_algs": "RS256"}),
    ("alg ES256 where the metadata lists RS256", {"alg": "ES256", "discovery": {ALGS: ["RS256"]}}),
    *[(f"HS256 keyed with {word}", {"signature": f"hmac-{word}"})
      for word in ("pem", "pem-bare", "pem-pkcs1", "der", "n", "jwk", "empty")],
    ("HS256 keyed with the client secret", {"signature": "hs256"}),
    ("HS256 keyed with an oct key of the set",
     {"signature": "hmac-oct", "keySet": ["oct", "own-RSA"], "header": {"kid": "oct"}}),
    ) + table(
    "jws_header", ASKED,
    ("alg that is a list", _header('"RS256"', '["RS256"]')),
    ("alg that is null", _header(ALG, '"alg":null')),
    ("alg missing", {"header": {"alg": None}}),
    ("alg with a NUL", _header('"RS256"', '"RS256\\u0000"')),
    ("alg twice", _header(ALG, f'"alg":"none",{ALG}')),
    ("kid twice", _header('"kid":', '"kid":"x","kid":')),
    ("kid that is a number", {"header": {"kid": 1}}),
    ("kid with a NUL", _header("own-RSA", "own-RSA\\u0000")),
    ("kid of 20 KiB", {"header": {"kid": "k" * 20480}}),
    ("kid of 300 bytes", {"header": {"kid": "k" * 300}}),
    ("kid with an escape", {"header": {"kid": "own-RSA\u001b[2J"}}),
    ("typ that is a number", {"header": {"typ": 1}}),
    ("header in UTF-16", {"headerEncoding": "utf16le"}),
    ("header with a byte order mark", {"headerEncoding": "bom"}),
    ("header with overlong UTF-8",
     {"headerEncoding": "latin1", "headerEdits": [['"typ":"JWT"', '"typ":"JWT","x":"\u00c0\u00af"']]}),
    ("header with half a surrogate", _header('"typ":"JWT"', '"typ":"JWT","x":"\\ud800"')),
    ("header that is a list", _header("{", "[{"))) + table(
    "jws_crit", ASKED,
    ("crit exp", {"header": {"crit": ["exp"]}}),
    ("crit that is empty", {"header": {"crit": []}}),
    ("crit that is a string", {"header": {"crit": "b64"}}),
    ("crit that is null", _header(ALG, f'{ALG},"crit":null')),
    ("b64 false with crit", {"header": {"crit": ["b64"], "b64": False}}),
    ("b64 false alone", {"header": {"b64": False}}),
    ("b64 true", {"header": {"b64": True}}),
    ("the crit of RFC 7515 appendix E", {"header": {"crit": ["http://example.invalid/UNDEFINED"],
                                                   "http://example.invalid/UNDEFINED": True}})) + table(
    "jws_type", ASKED,
    *[(f"typ {word}", {"header": {"typ": word}})
      for word in ("at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt", "entity-statement+jwt", "secevent+jwt",
                   "")],
    ("cty JWT", {"header": {"cty": "JWT"}}),
    ("cty application/jwt", {"header": {"cty": "application/jwt"}})) + table(
    "key_unknown", "Ddtkkr?",
    ("a kid that is a path", {"header": {"kid": "../../../etc/passwd"}}),
    ("a kid that is SQL", {"header": {"kid": "' OR 1=1 --"}}),
    ("a kid that is empty", {"header": {"kid": ""}}))

# Whatever a header brings along to verify it with is not looked at: nobody is asked, no key is taken.
BROUGHT = {"jku": f"{TRAP}/jku", "x5u": f"{TRAP}/x5u", "x5c": ["MIIB"], "x5t": "AAAA", "x5t#S256": "AAAA",
           "jwk": {"kty": "oct", "k": "AAAA"}}
SIGNATURES = table(
    "signature", ASKED,
    ("a signature with one bit wrong", {"signature": "broken"}),
    ("a signature of zeros", {"shape": "signature-zero"}),
    ("a signature by a stranger under our kid", {"signature": "stranger"}),
    ("a signature of nothing", {"shape": "no-signature"}),
    ("a signature that is short", {"shape": "signature-short"}),
    ("a signature that is long", {"shape": "signature-long"}),
    ("a signature turned over in the middle", {"shape": "signature-flipped"}),
    ("a payload turned over in the middle", {"shape": "payload-flipped"}),
    ("a header with a letter of another case", {"shape": "header-recased"}),
    ("a MAC that is called RS256", {"signature": "hmac-pem", "header": {"alg": "RS256"}}),
    *[(f"a stranger's signature and a header with {name}", {"signature": "stranger", "header": {name: value}})
      for name, value in BROUGHT.items()],
) + [
    Row(f"{alg} with one bit wrong", "signature", {"alg": alg, "signature": "broken"}, ASKED, {"signing_algs": alg},
        alg=alg)
    for alg in ("ES256", "ES384", "ES512", "EdDSA", "PS256", "PS384", "RS512")] + [
    Row(f"{alg} {text}", "signature", {"alg": alg, **lie}, ASKED, {"signing_algs": alg}, alg=alg)
    for alg, text, lie in (("PS256", "without a salt", {"signature": "no-salt"}),
                           ("PS256", "with a salt that is too long", {"signature": "long-salt"}),
                           ("ES256", "written in DER", {"signature": "der"}),
                           ("ES256", "of zeros", {"shape": "signature-zero"}),
                           ("ES512", "cut short", {"shape": "signature-short"}))]

SHAPES = table(
    "jws_malformed", ASKED,
    *[(f"a token of the shape {shape}", {"shape": shape}) for shape in (
        "two-parts", "four-parts", "six-parts", "no-dots", "few-dots", "flattened", "general", "padded", "base64",
        "huge", "dots")],
    ("a kid of 64 KiB", {"header": {"kid": "k" * 65536}})) + table(
    "jws_header", ASKED, ("a token without a header", {"shape": "no-header"})) + table(
    "signature", ASKED, ("a token without a payload", {"shape": "no-payload"})) + table(
    "jwe_unsupported", ASKED,
    ("a token of five parts", {"shape": "five-parts"}),
    ("a JWE by RSA1_5", {"shape": "five-parts", "header": {"alg": "RSA1_5", "enc": "A128CBC-HS256", "zip": "DEF"}})) + table(
    "token_answer_invalid", "Ddt",
    ("a token with a line break", {"shape": "line-break"}),
    ("a token with a space inside", {"shape": "space-inside"}))

GOOD = [Row(text, "ok", lie, ASKED, *more) for text, lie, *more in (
    ("aud as a list of one is taken", _claims(aud=["kiosk"])),
    ("azp that is us is taken", _claims(azp="kiosk")),
    ("a trusted second audience is taken", _claims(aud=["kiosk", "other"], azp="kiosk"), {"extra_audiences": "other"}),
    ("exp within the leeway is taken", _claims(exp="NOW-30")),
    ("iat five minutes back, as some servers write it, is taken", _claims(iat="NOW-300", nbf="NOW-300")),
    ("iat and nbf within the leeway are taken", _claims(iat="NOW+30", nbf="NOW+30")),
    ("members of null are taken for missing ones", _payload(SUB, f'{SUB},"azp":null,"nbf":null')),
    ("a token without nonce is taken", _claims(nonce=None)),
    ("a token with nonce is taken where one is required", {}, {"require_nonce": "yes"}),
    ("a token without at_hash is taken", _claims(at_hash=None)),
    ("a sub of 255 characters is taken", _claims(sub="a" * 255)),
    ("typ absent is taken", {"header": {"typ": None}}),
    ("typ jwt is taken", {"header": {"typ": "jwt"}}),
    ("typ application/jwt is taken", {"header": {"typ": "application/JWT"}}),
    ("kid absent with one key is taken", {"header": {"kid": None}}),
    ("a header that brings keys along is taken for what it is", {"header": BROUGHT}),
    ("PS256 is taken", {"alg": "PS256"}),
    ("ES256 is taken", {"alg": "ES256"}),
    ("EdDSA is taken", {"alg": "EdDSA"}),
    ("Ed25519 is taken for EdDSA", {"alg": "Ed25519"}),
    *[(f"{alg} is taken where it is configured", {"alg": alg}, {"signing_algs": alg})
      for alg in ("RS384", "RS512", "PS384", "PS512", "ES384", "ES512")],
    ("acr, amr and auth_time that suffice are taken", _claims(acr="phr", amr=["pwd", "hwk"], auth_time="NOW-60"),
     {"required_acr": "phr", "required_amr": "hwk", "max_age": "300"}),
    ("claims that nobody knows are taken", _claims(_claim_names={"x": "a"}, _claim_sources={"a": {
        "endpoint": f"{TRAP}/claims", "access_token": "x"}}, z=None)))]

if __name__ == "__main__":
    sys.exit(main(ISSUERS + SUBJECTS + AUDIENCES + TIMES + EVIDENCE + ALGORITHMS + SIGNATURES + SHAPES + GOOD))
