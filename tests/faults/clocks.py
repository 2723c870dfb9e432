# SPDX-License-Identifier: BSD-2-Clause
"""Somebody sets the clock: while a code is on the screen, just before the approval, or never since the machine was
switched on. What is paced and what runs out goes on by a clock that does not step; no token is taken at a wrong time."""
import concurrent.futures
import json
import os
import shutil
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import desk as stage  # noqa: E402
from proc import listens  # noqa: E402
from room import LIBEXEC, SCRATCH  # noqa: E402
from scene import Scene, code_of, words_of  # noqa: E402

HOUR, BEGINNING, FAR = 3600, -int(time.time()), 2208988800 - int(time.time())  # 1970, and 2040
SHIFT, PRELOADED = f"{SCRATCH}/clock.shift", f"{SCRATCH}/clock_shift.so"


def _set_clock(seconds):
    with open(SHIFT, "r+b" if os.path.exists(SHIFT) else "wb") as file:
        file.write(struct.pack("q", seconds))


def _environment():
    options = os.environ["ASAN_OPTIONS"] + ":verify_asan_link_order=0"
    return {**os.environ, "LD_PRELOAD": PRELOADED, "CLOCK_SHIFT": SHIFT, "ASAN_OPTIONS": options}


def _prepare(desk):
    Scene(desk)
    stage.pam_stack("clock-desk", "denied")
    desk.scene.connect("acme", services="clock-desk")
    shutil.copy(os.path.join(os.environ["O"], "tests/faults/clock_shift.so"), PRELOADED)
    _set_clock(0)
    for name in ("keeper", "helper"):
        desk.start(name, [f"{LIBEXEC}/frontdesk-{name}", "--listen"], lambda name=name: listens(f"/run/frontdesk/{name}.sock"),
                   env=_environment())


class _SignIn:
    """One that waits for its approval while the test goes on."""

    def __init__(self, desk, who):
        self.desk = desk
        desk.scene.person("acme", who)
        desk.scene.script("acme", approve="manual", decision=None, strict=True)
        self.before = len(self._polls())
        self._pool = concurrent.futures.ThreadPoolExecutor(1)
        self._said = self._pool.submit(desk.pam, "clock-desk", who, "auth")

    def _polls(self):
        return [entry for entry in self.desk.scene.provider.log("good~acme") if entry["path"].endswith("/token")]

    def wait_for_polls(self, more):
        """So many more than there are, and none of them too early for the provider."""
        now = len(self._polls())
        assert stage.eventually(lambda: self._said.done() or len(self._polls()) >= now + more)
        assert not self._said.done(), self._said.result()
        assert not [entry for entry in self._polls()[self.before:] if entry.get("note") == "early"]

    def approve(self):
        self.desk.scene.script("acme", decision="approve")
        return self._said.result(150)


def with_the_right_time_somebody_enters(desk):
    sign_in = _SignIn(desk, "ann")
    assert code_of(sign_in.approve()) == "SUCCESS"


def _steps_and_comes_back(desk, who, seconds):
    sign_in = _SignIn(desk, who)
    sign_in.wait_for_polls(1)
    _set_clock(seconds)
    try:
        sign_in.wait_for_polls(2)
    finally:
        _set_clock(0)
    sign_in.wait_for_polls(1)
    said = sign_in.approve()
    assert code_of(said) == "SUCCESS", said


def an_hour_on_and_back_neither_ends_the_code_nor_hurries_anybody(desk):
    _steps_and_comes_back(desk, "bea", HOUR)


def an_hour_back_and_on_holds_nobody_up(desk):
    _steps_and_comes_back(desk, "cleo", -HOUR)


def not_even_1970_or_2040_does(desk):
    _steps_and_comes_back(desk, "dora", BEGINNING)
    _steps_and_comes_back(desk, "emil", FAR)


def _is_not_taken(desk, who, seconds, *reasons):
    mark = desk.log.mark()
    sign_in = _SignIn(desk, who)
    sign_in.wait_for_polls(1)
    _set_clock(seconds)
    try:
        said = sign_in.approve()
    finally:
        _set_clock(0)
    assert code_of(said) in ("AUTH_ERR", "AUTHINFO_UNAVAIL") and "clock" in words_of(said), said
    told = desk.log.since(mark, '"event":"sign_in"')
    assert any(f'"reason":"{reason}"' in line for line in told for reason in reasons), told
    assert not desk.is_user(who) and who not in desk.members()


def a_token_that_has_run_out_by_this_machines_clock_is_not_taken(desk):
    _is_not_taken(desk, "finn", HOUR, "claim_exp", "claim_iat")


def a_token_from_the_future_is_not_taken(desk):
    _is_not_taken(desk, "gus", -HOUR, "claim_iat", "claim_nbf")


def set_to_1970_before_the_approval_the_clock_is_the_reason(desk):
    _is_not_taken(desk, "hal", BEGINNING, "clock")


def on_a_machine_that_thinks_it_is_1970_nobody_is_sent_to_their_phone(desk):
    before, mark = desk.scene.requests("acme"), desk.log.mark()
    desk.scene.connect("acme", services="clock-desk", issuer="https://localhost:1/")  # nobody is asked, so nobody is missed
    _set_clock(BEGINNING)
    try:
        said = desk.pam("clock-desk", "ida", "auth")
        told = subprocess.run(["frontdesk", "check", "--json"], env=_environment(), capture_output=True, text=True,
                              check=False)
    finally:
        _set_clock(0)
        desk.scene.connect("acme", services="clock-desk")
    assert code_of(said) == "AUTHINFO_UNAVAIL" and "clock is wrong" in words_of(said), said
    assert desk.scene.requests("acme") == before
    assert desk.log.wait(mark, '"reason":"clock"'), desk.log.since(mark)
    facts = [json.loads(line) for line in told.stdout.splitlines()]
    wrong = [fact for fact in facts if fact["fact"] == "clock" and fact["state"] == "wrong"]
    assert told.returncode != 0 and len(wrong) == 1 and "1970" in wrong[0]["text"], (told.stdout, told.stderr)


def members_with_keys_enter_all_the_same(desk):
    _set_clock(BEGINNING)
    try:
        said = desk.pam("clock-desk", "ann", "account")
    finally:
        _set_clock(0)
    assert code_of(said, "account") == "SUCCESS", said


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
