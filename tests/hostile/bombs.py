#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Answers that are meant to fill memory or never to end, at every endpoint, all at the same time. The programs are the
ordinary ones: what a sanitizer adds to memory would hide what is measured here."""
import sys

from stage import Row, main, table

MEMORY_MAX_KB = 64 * 1024
SECONDS_MAX = 120  # a request may take 15 s; many run at once, and machines may be slow
BEFORE = {"discovery": "", "device": "D", "token": "Dd", "keys": "Ddt", "userinfo": "Ddtk"}
HERE = {"discovery": "D", "device": "d", "token": "t", "keys": "k", "userinfo": "u"}
# How each endpoint's reader calls what is no JSON.
NO_JSON = {"discovery": "idp_bad_json", "device": "idp_bad_json", "token": "idp_bad_json", "keys": "keys_unavailable",
           "userinfo": "userinfo_failed"}
FLOODS = ["million-members", "gib", "huge-chunked", "small-chunks", "million-headers", "endless-headers", "big-header",
          "endless-interim"]
TANGLES = ["brackets", "nested"]


def _row(endpoint, bomb, reason):
    lie = {"faults": {endpoint: bomb}, "thin": endpoint == "userinfo"}
    return Row(f"{endpoint}: {bomb}", reason, lie, f"{BEFORE[endpoint]}{HERE[endpoint]}r?")


BOMBS = [_row(endpoint, bomb, reason) for endpoint in BEFORE
         for bomb, reason in [(flood, "idp_too_large") for flood in FLOODS] +
         [(tangle, NO_JSON[endpoint]) for tangle in TANGLES]]
BOMBS += [_row("device", "many-members", "device_answer_invalid"),
          _row("token", "many-members", "token_answer_invalid"),
          _row("keys", "many-members", "keys_invalid"), _row("discovery", "many-members", "idp_too_large"),
          _row("userinfo", "many-members", "userinfo_failed")]
KEYS = table(
    "key_unfit", "Ddtkr?",
    ("keys: a modulus of a megabit", {"keySet": ["n-megabit"], "signer": "n-megabit"}),
    ("keys: a modulus of 16384 bits", {"keySet": ["n-16k"], "signer": "n-16k"}),
    ("keys: an exponent as long as the modulus", {"keySet": ["e-huge"], "signer": "e-huge"})) + table(
    "keys_unavailable", "Ddtkr?",
    ("keys: ten thousand", {"keySet": [{"from": "oct", "times": 9999}, "own-RSA"]}))


def no_child_took_much_memory(stage):
    assert 0 < stage.peak_kb < MEMORY_MAX_KB, f"{stage.peak_kb} kB"


def every_bomb_ended_soon(stage):
    slow = {row.sentence: round(row.result.seconds) for row in stage.rows if row.result.seconds > SECONDS_MAX}
    assert not slow, slow


if __name__ == "__main__":
    sys.exit(main(BOMBS + KEYS, no_child_took_much_memory, every_bomb_ended_soon))
