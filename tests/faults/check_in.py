# SPDX-License-Identifier: BSD-2-Clause
"""The keeper while a visitor approves at the kiosk and presses, with one system call after the other failing or its
last: nobody is told to be in who is not, no check-in is without its event and its record, and the next press works."""
import concurrent.futures
import multiprocessing
import os
import shutil
import sqlite3
import sys

import injection
from keepers import Program, end, machine_of_its_own, start
import room
from room import ACCOUNT, ADMIT, ALLOW, OPEN_SESSION, Child, blob
from visits import KIOSK, STAGE, approve, check_ins, configure, go_on, login_of

STEP = 3
CALLS = tuple(call for call in injection.FAILURES if call not in ("read", "recvfrom"))


def _visit(machine):
    """What the module is told of the press; None: it does not come to that."""
    STAGE["machine"] = machine
    try:
        ticket = approve("s-1", "alice")["FRONTDESK_SESSION"]
        child = Child(machine, **KIOSK)
        child.ask(ADMIT, blob(login_of(OPEN_SESSION, ticket=ticket)))
        said = child.finish()
        child.close()
        return said
    except (OSError, AssertionError, TypeError):
        return None


def _await_start(machine):
    """It listens a moment before it has looked at what another one left."""
    STAGE["machine"] = machine
    assert go_on(ACCOUNT, "nonsense")[0] == "session_unknown"


def _events(machine):
    with sqlite3.connect(f"file:{machine.state}/members.db?mode=ro", uri=True) as store:
        return store.execute("SELECT count(*) FROM hook_event").fetchone()[0]


def _stop(machine):
    if machine.keeper.poll() is None:
        end(machine)
    else:
        machine.processes.remove(machine.keeper)
    if os.path.exists(f"{machine.run}/keeper.sock"):
        os.unlink(f"{machine.run}/keeper.sock")


def _judge(machine, number, fault):
    own = machine_of_its_own(machine, number)
    try:
        said = _visit(own) if start(own, *injection.injected(*fault, [])) else None
        _stop(own)
        assert start(own), own.logged()[-500:]
        _await_start(own)
        rows, records = check_ins(), Program(own).records()
        assert _events(own) == len(rows) <= 1, (_events(own), rows)
        if said and said[0] == ALLOW:
            assert rows and said[4]["FRONTDESK_CHECK_IN"] == "in", "told to be in, and is not"
        if rows and (fault[1] == injection.KILL or said and said[0] == ALLOW):
            assert any(r["event"] == "check_in" and r["member"] == "alice" for r in records), ("no record", records)
        assert rows or not said or said[0] != ALLOW
        if said and said[2] == "audit_failed":
            assert not rows, "refused for want of a record, and in all the same"
        kept = [r for r in records if r["event"] in ("check_in", "undelivered")]
        assert rows or not kept or kept[-1]["verdict"] != "allow", ("the records say that it stands", kept)
        reason, told = go_on(OPEN_SESSION, approve("s-1", "alice")["FRONTDESK_SESSION"])
        assert (reason, told["FRONTDESK_CHECK_IN"]) == ("ok", "already" if rows else "in")
        assert _events(own) == len(check_ins()) == 1
        own.wait_for(lambda: not os.listdir(f"{own.state}/begun"))
        assert not Program(own).left_over(), Program(own).left_over()
    except Exception as why:  # told with the fault that it was
        return f"{fault}: {type(why).__name__} {why} {own.logged()[-300:]}"
    finally:
        for process in list(own.processes):
            process.kill()
            process.wait()
        shutil.rmtree(f"{machine.folder}/{number}", ignore_errors=True)
    return None


def _count(machine, name, work, calls=CALLS, path=None):
    """How often each call is made while the keeper does this work; with a path only those on that file of its state."""
    own = machine_of_its_own(machine, name)
    log = f"{machine.folder}/{name}.trace"
    assert start(own, *injection.traced(calls, *(("-P", f"{own.state}/{path}") if path else ()), "-o", log))
    work(own)
    end(own)
    return injection.counted(log)


def a_check_in_is_there_with_its_event_and_its_record_or_not_at_all(machine):
    before = _count(machine, "idle", _await_start)
    made = _count(machine, "clean", lambda own: _visit(own)[4]["FRONTDESK_CHECK_IN"])
    faults = [fault for fault in injection.faults(made) if fault[2] > before[fault[0]]]
    faults = faults if injection.ALL else faults[::STEP]
    print(f"# {len(faults)} to try", flush=True)
    assert any(call == "fdatasync" or call == "fsync" for call, _, _ in faults)
    context = multiprocessing.get_context("fork")  # whose sockets bear another uid: each in a process of its own
    with concurrent.futures.ProcessPoolExecutor(injection.PARALLEL, mp_context=context) as pool:
        judged = [pool.submit(_judge, machine, number, fault) for number, fault in enumerate(faults)]
        failures = [injection.told(one.result()) for one in judged if one.result()]
    assert not failures, f"{len(failures)} of {len(judged)}:\n" + "\n".join(failures[:20])


def _visit_without_audit(machine, when):
    """What a press came to while these writes into the audit file failed: (answer, rows, events, records)."""
    own = machine_of_its_own(machine, f"audit-{when}")
    keeper = injection.injected("write", "error=EIO", when, [])
    assert start(own, keeper[0], "-P", own.audit, *keeper[1:]), own.logged()[-500:]
    said = _visit(own)
    _stop(own)
    return said, check_ins(), _events(own), [r for r in Program(own).records() if r["event"] != "sign_in"]


def without_its_record_nobody_is_in_and_no_hook_is_told(machine):
    """The first record is the approval's, the second one the check-in's; the third one says that it was refused."""
    for when in ("2", "2..3"):
        said, rows, events, records = _visit_without_audit(machine, when)
        assert said[0] != ALLOW and said[2] == "audit_failed", said
        assert (rows, events) == ([], 0), (rows, events)
        assert [r["verdict"] for r in records] == (["unavailable"] if when == "2" else []), records


def _approved(machine):
    STAGE["machine"] = machine
    approve("s-1", "alice")


def a_check_in_that_the_store_does_not_take_is_taken_back_in_a_second_record(machine):
    """The record is there before the transaction ends: with the first write into the database itself."""
    own = machine_of_its_own(machine, "full")
    before = _count(machine, "approved", _approved, ("pwrite64",), "members.db")["pwrite64"]
    keeper = injection.injected("pwrite64", "error=ENOSPC", str(before + 1), [])
    assert start(own, keeper[0], "-P", f"{own.state}/members.db", *keeper[1:]), own.logged()[-500:]
    said = _visit(own)
    _stop(own)
    assert said[0] != ALLOW and said[2] == "store_failed", said
    assert (check_ins(), _events(own)) == ([], 0)
    records = [r for r in Program(own).records() if r["event"] != "sign_in"]
    assert [(r["event"], r["verdict"], r["reason"], r["member"]) for r in records] == [
        ("check_in", "allow", "ok", "alice"), ("undelivered", "unavailable", "store_failed", "alice")], records
    assert "full" in records[-1].get("detail", ""), records


def _begin(machine):
    configure(machine, kiosk="on_check_in = /bin/true")
    injection.prepare(machine.folder)
    with open(machine.log, "w", encoding="utf-8"):
        pass


if __name__ == "__main__":
    sys.exit(room.main(sys.modules[__name__], _begin))
