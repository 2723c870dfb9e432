# SPDX-License-Identifier: BSD-2-Clause
"""Keepers of their own, each in a folder of its own, so that several of them can be made to fail at once."""
import contextlib
import copy
import os
import sys

os.environ["PROGRAMS"] = os.environ["O"]  # the ordinary build: a sanitizer's own system calls are nobody's concern
HERE = os.path.dirname(os.path.abspath(__file__))
FRONTDESK = os.path.abspath(os.path.join(os.environ["O"], "frontdesk"))  # others run it, and not from this folder
sys.path[:0] = [os.path.join(HERE, "..", "daemons"), os.path.join(HERE, "..", "e2e")]
import room  # noqa: E402
from store import Store  # noqa: E402


def machine_of_its_own(machine, number):
    own = copy.copy(machine)
    own.processes = []
    folder = f"{machine.folder}/{number}"
    os.mkdir(folder)
    own.state, own.run, own.log = f"{folder}/state", f"{folder}/run", f"{folder}/log"
    own.audit = f"{folder}/audit/audit.jsonl"
    return own


def start(machine, *before):
    """False: it ended at once."""
    machine.keeper = machine.start("frontdesk-keeper", *before)
    return machine.wait_for(lambda: room.listens(f"{machine.run}/keeper.sock") or machine.keeper.poll() is not None) \
        and machine.keeper.poll() is None


def end(machine):
    """strace passes no signal on: its program is its only child."""
    with open(f"/proc/{machine.keeper.pid}/task/{machine.keeper.pid}/children", encoding="ascii") as file:
        for pid in file.read().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), 15)
    machine.keeper.wait(room.PATIENCE)
    machine.processes.remove(machine.keeper)


class Program(Store):
    """`frontdesk` run by the keeper's user on this keeper's folder."""
    uid = room.KEEPER_UID

    def __init__(self, machine):
        self.state, self.audit, self.config = machine.state, machine.audit, machine.config

    def command(self, *words):
        return [FRONTDESK, "--config-dir", self.config, "--vendor-dir", "/nowhere", "--state-dir", self.state,
                "--runtime-dir", "/tmp/none", "--audit-file", self.audit, *words]
