# SPDX-License-Identifier: BSD-2-Clause
"""A flood from one host, by PAM: how much of it reaches the provider, and who signs in meanwhile."""
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
import desk as stage  # noqa: E402
from scene import Scene, audit_since, code_of, words_of  # noqa: E402
from room import pam_stack  # noqa: E402

ATTEMPTS = 200
UNDECIDED = 8  # at a time, for a module takes a helper that says nothing for a second for a dead one
BURST, PER_MINUTE = 12, 6
MAIN = f"""[limits]
sign_ins_per_host = 1000
starts_burst_per_host = {BURST}
starts_per_minute_per_host = {PER_MINUTE}
[service sshd]
timeout = 300
"""
FLOODER, OTHER, ANOTHER = "203.0.113.66", "198.51.100.7", "2001:db8::7"


def _prepare(desk):
    scene = Scene(desk, MAIN)
    for service in ("sshd", "login"):
        pam_stack(service, "denied")
    scene.connect("held", services="sshd")
    scene.script("held", approve="manual", device={"expires_in": 600, "interval": 5})
    scene.connect("acme", services="login")
    scene.person("acme", "mia")
    desk.start_services()
    assert code_of(desk.pam("login", "mia", "tty=tty1", "auth")) == "SUCCESS"  # a member from here on


def _attempt(user, host):
    client = os.path.join(HERE, "..", "e2e", "pam_client.py")
    # The flood is theirs: who else runs on this machine is not to wait for so many interpreters.
    process = subprocess.Popen(["nice", "-n", "19", "/usr/bin/python3", client, "sshd", user, f"rhost={host}",
                                "tty=ssh", "auth"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write("\n" * 4)
    process.stdin.flush()
    return process


def _asked(desk):
    return desk.scene.requests("held").count("device")


def _alive(processes):
    return sum(process.poll() is None for process in processes)


def _most(started):
    """So many may have been let in meanwhile."""
    return BURST + PER_MINUTE * ((time.monotonic() - started) / 60 + 1)


def _said(process):
    return [json.loads(line) for line in process.stdout.read().splitlines()]


def _end(processes):
    for process in processes:
        process.kill()
        process.stdin.close()
        process.stdout.close()
        process.wait()


def of_a_flood_from_one_host_few_requests_reach_the_provider_and_others_sign_in_meanwhile(desk):
    started, processes, records = time.monotonic(), [], len(audit_since(0))
    try:
        for number in range(ATTEMPTS):
            assert stage.eventually(lambda: _alive(processes) < _most(started) + UNDECIDED, 120)
            processes.append(_attempt(f"guess{number}", FLOODER))
            if number == ATTEMPTS // 2:
                for host in (OTHER, ANOTHER, ""):
                    said = desk.pam("login", "mia", *([f"rhost={host}"] if host else ["tty=tty1"]), "auth", "account")
                    assert code_of(said, "account") == "SUCCESS", (host, said)
        # Those that were let in wait for their approval; all others have ended.
        assert stage.eventually(lambda: _alive(processes) <= _most(started), 120)
        asked = _asked(desk)
        assert BURST <= asked <= _most(started), (asked, _most(started))
        refused = [_said(process) for process in processes if process.poll() is not None]
        assert {code_of(said) for said in refused} == {"AUTHINFO_UNAVAIL"}, refused
        told = [said for said in refused if "Too many sign-ins were started from your network" in words_of(said)]
        # A module that gave a slow helper up has nothing to say.
        assert len(told) > len(refused) / 2, refused
        assert not [said for said in refused if said not in told and words_of(said)], refused
        assert not [said for said in refused if "Code:" in words_of(said)]
    finally:
        _end(processes)
    kept = [record for record in audit_since(records) if record["reason"] == "too_often_for_host"]
    assert 1 <= len(kept) <= 30, len(kept)


def refusals_take_no_time(desk):
    """A second is what is promised; a busy machine may need more now and then, and meanwhile lets one more in."""
    seconds = []
    for number in range(40):
        before, process = _asked(desk), _attempt(f"late{number}", FLOODER)
        assert stage.eventually(lambda: process.poll() is not None or _asked(desk) > before, 120)
        if process.poll() is not None:
            said = _said(process)
            assert code_of(said) == "AUTHINFO_UNAVAIL" and _asked(desk) == before, said
            seconds += [line["seconds"] for line in said if "seconds" in line]
        _end([process])
        if len(seconds) >= 5 and min(seconds) < 1:
            return
    raise AssertionError(seconds)


def the_log_says_how_many_there_were_and_not_each(desk):
    lines = [line for line in desk.log.since(0, "too_often_for_host") if "frontdesk-keeper" in line]
    assert 1 <= len(lines) <= 40, len(lines)


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules["__main__"], _prepare))
