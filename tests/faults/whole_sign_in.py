# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk login --commit`: a command, a private keeper and a child with the network, each with one system call after
the other failing or its last. No member without its record, no verdict without its member, and the same person then
signs in as the same member."""
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
os.environ["PROGRAMS"] = os.environ["O"]  # the ordinary build: a sanitizer's own system calls are nobody's concern
sys.path[:0] = [os.path.join(HERE, "..", "cli")]
import injection  # noqa: E402
from desk import ENVIRONMENT, SCRATCH, Desk, main, tap  # noqa: E402

STEP = 7
# What a program reads of itself at its start is no part of it; and no kernel refuses to mark a socket, by which a library
# then waits for ever (locks of files: see daemons.py).
CALLS = tuple(call for call in injection.FAILURES if call not in ("read", "fcntl")) + ("connect",)
injection.FAILURES["connect"] = ("ECONNREFUSED", "ENETUNREACH", "EINTR")


def _login(desk, before=()):
    return subprocess.run([*before, *desk.command("login", "--json", "--commit")], stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, env=ENVIRONMENT, cwd="/", timeout=200, check=False)


def _verdict(done):
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{") and line.endswith("}")]
    found = [line for line in lines if line.get("event") == "verdict"]
    return found[-1] if found else None


def _records(desk):
    if not os.path.exists(desk.audit):
        return []
    with open(desk.audit, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _judge(fault, provider):
    desk = Desk(provider).connect()
    try:
        done = _login(desk, injection.injected(*fault, []))
        verdict = _verdict(done)
        uid = None
        if os.path.exists(f"{desk.state}/members.db"):
            uid = desk.members().get("ana", {}).get("uid")
        if verdict and verdict["reason"] == "ok":
            assert uid, "told as signed in, and no member"
            assert [r for r in _records(desk) if r["event"] == "sign_in" and r["reason"] == "ok"], "without a record"
        assert done.returncode != 0 or (verdict and verdict["reason"] == "ok"), done
        again = _login(desk)
        assert again.returncode == 0 and _verdict(again)["reason"] == "ok", again
        members = desk.members()
        assert list(members) == ["ana"] and (uid is None or members["ana"]["uid"] == uid), (uid, members)
    except Exception as why:  # told with the fault that it was
        return f"{fault}: {type(why).__name__} {why}"
    finally:
        shutil.rmtree(desk.folder)
    return None


def somebody_becomes_a_member_wholly_or_not_at_all(provider):
    injection.prepare(SCRATCH)
    desk, log = Desk(provider).connect(), f"{SCRATCH}/login.trace"
    done = _login(desk, injection.traced(CALLS, "-o", log))
    assert done.returncode == 0, done
    made = injection.counted(log)
    assert made["fsync"] + made["fdatasync"] > 4 and made["connect"] > 0, made
    injection.PARALLEL *= 3  # most of the time they wait
    failures = injection.each(injection.faults(made, STEP), lambda fault: _judge(fault, provider))
    assert not failures, f"{len(failures)}:\n" + "\n".join(failures[:8])


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
