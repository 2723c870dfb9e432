# SPDX-License-Identifier: BSD-2-Clause
"""The keeper while it makes a member, begins a session and publishes, with one system call after the other failing or its
last: nobody is told to have entered who has not, and the next sign-in of the same identity completes what was begun."""
import concurrent.futures
import json
import multiprocessing
import os
import shutil
import sys

import injection
from keepers import Program, end, machine_of_its_own, start
import room
from people import ask_phase, claims_of, enter
from room import ACCOUNT, ADMITTED, ALLOW, CLAIMS, Child

STEP = 7
CALLS = tuple(call for call in injection.FAILURES if call not in ("read", "recvfrom"))


def _try_to_enter(machine, subject, name):
    """The verdict as the module has it; None: there was none."""
    try:
        child = Child(machine)
        answer, _ = child.admit(user=name)
        if answer == ADMITTED:
            child.ask(CLAIMS, *claims_of(subject, name))
        said = child.finish()
        child.close()
        return said
    except OSError:
        return None


def _rows(machine):
    return {uid: json.loads(row)["name"] for uid, row in Program(machine).content().items()}


def _judge(machine, number, fault):
    own = machine_of_its_own(machine, number)
    try:
        entered = None
        if start(own, *injection.injected(*fault, [])):
            entered = _try_to_enter(own, "s-1", "alice")
        if own.keeper.poll() is None:
            end(own)
        else:
            own.processes.remove(own.keeper)
        if os.path.exists(f"{own.run}/keeper.sock"):
            os.unlink(f"{own.run}/keeper.sock")
        assert start(own), own.logged()[-500:]
        uid = None
        if os.path.exists(f"{own.state}/nss/members"):
            own.wait_for(lambda: len(set(Program(own).generations())) == 1)  # it listens a moment before
            uid = next(iter(_rows(own)), None)
        if entered and entered[0] == ALLOW:
            assert uid, "told to have entered, and is no member"
            assert any(r["event"] == "sign_in" and r["reason"] == "ok" for r in Program(own).records()), "no record"
            assert ask_phase(own, ACCOUNT, "alice")[:2] == ("ok", ALLOW)
        enter(own, "s-1", "alice", name="alice")
        enter(own, "s-2", "bert", name="bert")
        rows = _rows(own)
        assert sorted(rows.values()) == ["alice", "bert"] and (uid is None or rows[uid] == "alice"), (uid, rows)
        stored, published = Program(own).generations()
        assert stored == published, f"store {stored}, index {published}"
        assert not Program(own).left_over(), Program(own).left_over()
    except Exception as why:  # told with the fault that it was
        return f"{fault}: {type(why).__name__} {why} {own.logged()[-300:]}"
    finally:
        for process in list(own.processes):
            process.kill()
            process.wait()
        shutil.rmtree(f"{machine.folder}/{number}", ignore_errors=True)
    return None


def _count(machine):
    own = machine_of_its_own(machine, "clean")
    log = f"{machine.folder}/keeper.trace"
    assert start(own, *injection.traced(CALLS, "-o", log))
    assert _try_to_enter(own, "s-1", "alice")[0] == ALLOW
    end(own)
    return injection.counted(log)


def a_member_is_made_wholly_or_not_at_all_and_nobody_enters_by_a_fault(machine):
    made = _count(machine)
    assert made["fsync"] + made["fdatasync"] > 4 and made["sendto"] > 0, made
    print(f"# {len(injection.faults(made, STEP))} to try", flush=True)
    context = multiprocessing.get_context("fork")  # whose sockets bear another uid: each in a process of its own
    with concurrent.futures.ProcessPoolExecutor(injection.PARALLEL, mp_context=context) as pool:
        judged = [pool.submit(_judge, machine, number, fault)
                  for number, fault in enumerate(injection.faults(made, STEP))]
        failures = [injection.told(one.result()) for one in judged if one.result()]
    assert not failures, f"{len(failures)} of {len(judged)}:\n" + "\n".join(failures[:20])


def _begin(machine):
    machine.configure(corp={"more": ""})
    injection.prepare(machine.folder)
    with open(machine.log, "w", encoding="utf-8"):
        pass


if __name__ == "__main__":
    sys.exit(room.main(sys.modules[__name__], _begin))
