# SPDX-License-Identifier: BSD-2-Clause
"""A first sign-in through PAM whose keeper is killed at one call after the other on the way from claims to verdict: the
person is refused or is a member, and when the keeper is back, is one; name and id are nobody else's."""
import json
import os
import signal
import subprocess
import sys

os.environ["PROGRAMS"] = os.environ["O"]  # the ordinary build: a sanitizer's own system calls are nobody's concern
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import desk as stage  # noqa: E402
import injection  # noqa: E402
from proc import listens  # noqa: E402
from room import LIBEXEC, SCRATCH, sh  # noqa: E402
from scene import Scene, audit, code_of, codes_of  # noqa: E402

STATE, SOCKET = "/var/lib/frontdesk", "/run/frontdesk/keeper.sock"
CALLS = ("pwrite64", "fdatasync", "fsync", "rename", "renameat", "renameat2", "write", "sendto", "sendmsg")
STEP = 6  # of what would be killed, in make check
REFUSED = ("AUTHINFO_UNAVAIL", "AUTH_ERR")


def _prepare(desk):
    Scene(desk)
    stage.pam_stack("first-desk", "denied")
    desk.scene.connect("acme", services="first-desk")
    desk.start_services()


def _begin_with_nothing(desk, before):
    """A keeper under strace that has no store."""
    desk.stop("keeper")
    sh(f"rm -rf {STATE}/* /var/log/frontdesk/*")
    sh(f"install -d -m 755 -o frontdesk -g frontdesk {STATE}/nss")
    desk.scene.person("acme", "s-1", preferred_username="alice")
    return desk.start("keeper", [*before, f"{LIBEXEC}/frontdesk-keeper", "--listen"], lambda: listens(SOCKET))


def _end(desk):
    """strace passes no signal on."""
    process = desk.children.pop("keeper")
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    process.stdin.close()
    process.wait(stage.PATIENCE_S)
    if os.path.exists(SOCKET):
        os.unlink(SOCKET)


def _sign_in(desk):
    return code_of(desk.pam("first-desk", "alice", "auth"))


def _uid():
    done = subprocess.run(["getent", "passwd", "alice"], capture_output=True, text=True, check=False)
    return done.stdout.split(":")[2] if done.stdout else None


def _count(desk):
    """{call: (how often before anybody came, how often in all)}"""
    log = f"{SCRATCH}/first.trace"
    _begin_with_nothing(desk, injection.traced(CALLS, "-o", log))
    assert stage.eventually(lambda: os.path.exists(f"{STATE}/nss/members"))  # it listens a moment before
    idle = injection.counted(log)
    assert _sign_in(desk) == "SUCCESS"
    _end(desk)
    made = injection.counted(log)
    return {call: (idle[call], made[call]) for call in made if made[call] > idle[call]}


def _judge(desk, call, when):
    _begin_with_nothing(desk, injection.injected(call, injection.KILL, when, []))
    code = _sign_in(desk)
    was_killed = desk.children["keeper"].poll() is not None
    uid = _uid()
    _end(desk)
    desk.start_keeper()
    assert code == "SUCCESS" or code in REFUSED, code
    if code == "SUCCESS":
        assert stage.eventually(_uid), "told to have entered, and is no member"
        assert any(record["event"] == "sign_in" and record["reason"] == "ok" for record in audit()), "no record"
    desk.scene.person("acme", "s-2", preferred_username="alice", email="other@acme.com")
    if uid:
        assert _sign_in(desk) in REFUSED and _uid() == uid
    desk.scene.person("acme", "s-1", preferred_username="alice")
    said = desk.pam("first-desk", "alice", "auth", "account", "session")
    assert codes_of(said) == ["SUCCESS"] * 4 and _uid() == (uid or _uid()), said
    members = [json.loads(line) for line in desk.cli("members", "list", "--json").splitlines()]
    assert [member["name"] for member in members] == ["alice"] and str(members[0]["uid"]) == _uid(), members
    assert set(os.listdir(STATE)) - {"members.db-wal", "members.db-shm"} <= {"members.db", "nss", "begun", "audit.key"}, \
        os.listdir(STATE)
    assert os.listdir(f"{STATE}/nss") == ["members"] and not os.listdir(f"{STATE}/begun")
    return was_killed


def killed_at_any_call_of_it_a_keeper_leaves_a_member_or_nobody(desk):
    counts = _count(desk)
    faults = [(call, when) for call, (idle, made) in sorted(counts.items()) for when in range(idle + 1, made + 1)]
    assert len(faults) > 10, counts
    chosen = faults if injection.ALL else faults[::STEP]
    print(f"# {len(chosen)} to try", flush=True)
    killed = 0
    for fault in chosen:
        try:
            killed += _judge(desk, *fault)
        except AssertionError as why:
            raise AssertionError(f"{fault}: {why}") from why
    assert killed * 2 > len(chosen), f"{killed} of {len(chosen)} were killed at all"


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
