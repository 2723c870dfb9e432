# SPDX-License-Identifier: BSD-2-Clause
"""Visits while time goes on, and while somebody sets the clock: out after two minutes, ended after the limit, forgotten
after the retention, and no stay of less than nothing. The keeper's time of day is a number in a file."""
import os
import shutil
import struct
import sys

import room
from people import mapped
from room import ACCOUNT, OPEN_SESSION
from visits import STAGE, approve, check_ins, configure, go_on, set_stage

LIBRARY = "clock_shift.so"


def _set_clock(seconds):
    """So many seconds from now."""
    with open(STAGE["machine"].folder + "/shift", "r+b") as file:
        file.write(struct.pack("q", seconds))


def _scan(subject, name, seconds):
    _set_clock(seconds)
    reason, told = go_on(OPEN_SESSION, approve(subject, name)["FRONTDESK_SESSION"])
    assert reason == "ok", reason
    return told["FRONTDESK_CHECK_IN"]


def _stays(name):
    return [(out - came if out else None, how) for who, _, came, out, _, how in check_ins() if who == name]


def a_scan_is_already_in_for_two_minutes_and_out_after(machine):
    configure(machine)
    assert [_scan("s-1", "ann", at) for at in (0, 60, 100)] == ["in", "already", "already"]
    assert _scan("s-1", "ann", 150) == "out"
    (stay, how), = _stays("ann")
    assert 145 <= stay <= 150 + room.PATIENCE and how == "kiosk"
    record = machine.audited()[-1]
    assert (record["event"], record["check_in"], record["member"]) == ("check_out", "out", "ann")
    assert _scan("s-1", "ann", 160) == "in"


def a_clock_that_is_set_back_keeps_nobody_in(machine):
    assert _scan("s-2", "bea", 10000) == "in"
    assert _scan("s-2", "bea", 0) == "out"
    assert _stays("bea") == [(0, "kiosk")]


def a_clock_that_is_set_gives_a_press_no_more_time_and_no_less(machine):
    configure(machine, kiosk="confirm_after = 1")
    _set_clock(0)
    ticket = approve("s-3", "cleo")["FRONTDESK_SESSION"]
    _set_clock(80000)
    assert go_on(ACCOUNT, ticket)[0] == "ok"
    _set_clock(-80000)
    machine.wait_for(lambda: go_on(ACCOUNT, ticket)[0] == "session_unknown")


def a_clock_that_cannot_be_right_checks_nobody_in(machine):
    configure(machine)
    _set_clock(0)
    ticket = approve("s-6", "gus")["FRONTDESK_SESSION"]
    _set_clock(-30 * 366 * 86400)
    assert go_on(OPEN_SESSION, ticket)[0] == "clock"
    _set_clock(0)
    assert not _stays("gus")


def who_comes_back_after_the_limit_is_in_anew_and_was_out_then(machine):
    configure(machine, kiosk="check_in_limit = 1h")
    assert _scan("s-4", "dora", 0) == "in"
    assert _scan("s-4", "dora", 86400) == "in"
    assert _stays("dora") == [(3600, "limit"), (None, None)]


def what_is_older_than_it_is_kept_is_forgotten(machine):
    configure(machine, kiosk="check_in_limit = 1h\nkeep_check_ins = 10d")
    _scan("s-5", "emil", 20 * 86400)
    assert {row[0] for row in check_ins()} == {"emil"}


def _begin(machine):
    page = machine.folder + "/shift"
    with open(page, "wb") as file:
        file.write(bytes(8))
    shutil.copy(f"{os.environ['O']}/tests/faults/{LIBRARY}", machine.folder)
    mapped(machine)
    options = os.environ.get("ASAN_OPTIONS", "abort_on_error=1") + ":detect_leaks=0:verify_asan_link_order=0"
    machine.keeper = machine.start("frontdesk-keeper", "env", f"LD_PRELOAD={machine.folder}/{LIBRARY}",
                                   f"CLOCK_SHIFT={page}", f"ASAN_OPTIONS={options}")
    machine.wait_for(lambda: room.listens(machine.run + "/keeper.sock"))


if __name__ == "__main__":
    sys.exit(room.main(sys.modules["__main__"], lambda machine: set_stage(machine, _begin)))
