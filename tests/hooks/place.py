# SPDX-License-Identifier: BSD-2-Clause
"""A machine with a keeper, frontdesk-hooks and hook programs; check-ins are made by the admin's command."""
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "daemons"))
import room  # noqa: E402
from room import tap  # noqa: E402,F401

HOOKS_UID = 64984
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1"}
# A program that appends what it is told to a file, a line each, and then does what `more` says.
TELLER = """#!/bin/sh
said=$(cat)
printf '%s\\n' "$said" >>{told}
{more}
"""


class Place(room.Machine):
    def prepare(self):
        super().prepare()
        for name, line in (("passwd", f"frontdesk-hooks:x:{HOOKS_UID}:{HOOKS_UID}::/:/bin/sh\n"),
                           ("group", f"frontdesk-hooks:x:{HOOKS_UID}:\n")):
            with open(f"/etc/{name}", "a", encoding="utf-8") as file:
                file.write(line)
        for program in ("frontdesk", "frontdesk-hooks", "frontdesk-webhook", "frontdesk-nexudus"):
            shutil.copy(os.path.join(os.environ["PROGRAMS"], program), self.folder)
        self.work, self.programs = f"{self.folder}/work", f"{self.folder}/programs"
        os.mkdir(self.programs)
        os.mkdir(self.work)
        os.chown(self.work, HOOKS_UID, HOOKS_UID)
        os.makedirs(os.path.dirname(self.audit))
        os.chown(os.path.dirname(self.audit), room.KEEPER_UID, room.KEEPER_UID)
        self.told_file = f"{self.work}/told"
        with open(self.log, "w", encoding="utf-8"):
            pass
        self.hooks = self.keeper = None

    def start_keeper(self):
        self.keeper = self.start("frontdesk-keeper")
        self.wait_for(lambda: room.listens(f"{self.run}/hooks.sock"))

    def start_hooks(self):
        folders = [f"--config-dir={self.config}", f"--vendor-dir={self.folder}/vendor", f"--runtime-dir={self.run}"]
        with open(self.log, "a", encoding="utf-8") as log:
            self.hooks = subprocess.Popen([f"{self.folder}/frontdesk-hooks", "--log=stderr", "--debug", *folders],
                                          stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=ENVIRONMENT)
        self.processes.append(self.hooks)

    def kill(self, process):
        """Without a word, as a machine that loses its power."""
        process.kill()
        process.wait(room.PATIENCE)
        self.processes.remove(process)

    def restart_hooks(self):
        if self.hooks in self.processes:
            self.stop(self.hooks)
        self.start_hooks()

    def program(self, text, name="hook", mode=0o755, owner=0):
        path = f"{self.programs}/{name}"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chown(path, owner, owner)
        os.chmod(path, mode)
        return path

    def teller(self, more="exit 0", name="hook"):
        return self.program(TELLER.format(told=self.told_file, more=more), name)

    def hook(self, program, more=""):
        """Told of check-ins and check-outs; `more` settings of [kiosk]."""
        self.configure(f"[machine]\nname = desk-1\nlocation = Berlin\n[kiosk]\nuser = lena\non_check_in = {program}\n"
                       f"on_check_out = {program}\n{more}\n", corp={"services": "login frontdesk-kiosk"})

    def check(self):
        """What `frontdesk check` finds."""
        return self.desk("check")

    def desk(self, *arguments):
        """The admin's command; its lines of JSON."""
        done = subprocess.run([f"{self.folder}/frontdesk", "--config-dir", self.config, "--vendor-dir",
                               f"{self.folder}/vendor", "--state-dir", self.state, "--runtime-dir", self.run,
                               "--audit-file", self.audit, *arguments, "--json"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, env=ENVIRONMENT, cwd="/", check=False)
        assert done.returncode == 0 or arguments[0] in ("status", "check"), done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def invite(self, *names):
        for name in names:
            self.desk("members", "invite", name, "--email", f"{name}@acme.com", "--full-name", name.title())

    def check_in(self, name):
        self.desk("check-ins", "add", name)

    def check_out(self, name):
        self.desk("check-ins", "close", name)

    def waiting(self):
        """(event id, attempts, last error) of what waits in the store, in order."""
        with sqlite3.connect(f"file:{self.state}/members.db?mode=ro", uri=True) as store:
            return store.execute("SELECT event_id, attempts, last_error FROM hook_event ORDER BY number").fetchall()

    def told(self):
        """What the teller was told so far."""
        with contextlib.suppress(FileNotFoundError):
            with open(self.told_file, encoding="utf-8") as file:
                return [json.loads(line) for line in file.read().split("\n")[:-1]]
        return []

    def forget(self):
        """A clean place: nobody is checked in, nothing waits, nothing was told."""
        self.wait_for(lambda: not self.waiting())
        self.configure()
        if self.desk("check-ins", "now"):
            self.desk("check-ins", "close", "--all")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.told_file)
        self.teller()
        self.hook(f"{self.programs}/hook")
        if self.hooks not in self.processes:
            self.start_hooks()

    def is_there(self, name):
        return os.path.exists(f"{self.work}/{name}")


def main(module, start):
    """Runs the tests of the module on one machine; the exit status."""
    place = Place()
    try:
        place.prepare()
        start(place)
        return tap.run(tap.tests_of(module), place, explain=lambda: place.logged()[-2500:])
    finally:
        place.remove()


def begin(place):
    place.start_keeper()
    place.invite("ada", "ben")
    place.teller()
    place.hook(f"{place.programs}/hook")
    place.start_hooks()
