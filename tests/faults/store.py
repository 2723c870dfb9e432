# SPDX-License-Identifier: BSD-2-Clause
"""State folders made from one another, and what is in one."""
import json
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import tap  # noqa: E402,F401

SCRATCH = "/mnt"
UID = 4982
PROGRAM = f"{SCRATCH}/frontdesk"
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
               "ASAN_OPTIONS": "abort_on_error=1:detect_leaks=0:verify_asan_link_order=0"}


def set_up():
    """The ordinary build: a sanitizer's own system calls are nobody's concern."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", SCRATCH], check=True)
    shutil.copy(os.path.join(os.environ["O"], "frontdesk"), PROGRAM)


def own(folder):
    for path, _, names in os.walk(folder):
        for one in [path] + [os.path.join(path, name) for name in names]:
            os.chown(one, UID, UID)


class Store:
    """The folders of one `frontdesk`, run by one user who owns them."""
    uid = UID

    def __init__(self, like=None):
        self.folder = tempfile.mkdtemp(dir=SCRATCH)
        os.chmod(self.folder, 0o755)
        if like:
            shutil.copytree(like.folder, self.folder, dirs_exist_ok=True)
        else:
            os.makedirs(f"{self.folder}/etc/connections.d")
            os.makedirs(f"{self.folder}/log")
            os.mkdir(f"{self.folder}/state", 0o711)
            with open(f"{self.folder}/etc/frontdesk.conf", "w", encoding="utf-8"):
                pass
        own(self.folder)
        self.state, self.audit = f"{self.folder}/state", f"{self.folder}/log/audit.jsonl"

    def command(self, *words):
        return [PROGRAM, "--config-dir", f"{self.folder}/etc", "--vendor-dir", f"{self.folder}/vendor",
                "--state-dir", self.state, "--runtime-dir", f"{self.folder}/run", "--audit-file", self.audit, *words]

    def run(self, *words, before=()):
        """`before`: what runs it; as the same user, who may write to the folder alone."""
        return subprocess.run([*before, *self.command(*words)], stdin=subprocess.DEVNULL, capture_output=True,
                              user=self.uid, group=self.uid, extra_groups=[], text=True, env=ENVIRONMENT, cwd="/",
                              timeout=300, check=False)

    def must(self, *words):
        done = self.run(*words)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def content(self):
        """{uid: what the store says}, times left out; fails where the store cannot be opened."""
        found = {}
        for line in self.must("members", "export", "--format", "json").splitlines():
            row = json.loads(line)
            found[row["uid"]] = json.dumps({key: row[key] for key in row if not key.endswith("_at")})
        return found

    def generations(self):
        """(of the store, of the index); the index's is None where there is none, the store's where half of a change is
        still to be taken back, which this is not to do."""
        base = sqlite3.connect(f"file:{self.state}/members.db?mode=ro", uri=True)
        try:
            stored = base.execute("SELECT value FROM generation").fetchone()[0]
        except sqlite3.OperationalError:
            stored = None
        finally:
            base.close()
        if not os.path.exists(f"{self.state}/nss/members"):
            return stored, None
        with open(f"{self.state}/nss/members", "rb") as file:
            return stored, struct.unpack_from("=8sIIQ", file.read())[3]

    def files(self):
        """{file or folder: (owner, mode, what is in it)} of all there is."""
        found = {}
        for folder, _, names in os.walk(self.folder):
            for path in [folder, *(os.path.join(folder, name) for name in names)]:
                about, data = os.lstat(path), None
                if path != folder:
                    with open(path, "rb") as file:
                        data = file.read()
                found[path[len(self.folder):]] = (about.st_uid, about.st_mode, data)
        return found

    def left_over(self):
        """Files that nobody asked for."""
        return sorted(name for folder in (self.state, f"{self.state}/nss") if os.path.isdir(folder)
                      for name in os.listdir(folder)
                      if not re.fullmatch(r"members(\.db(\.before-restore-\w+(-\d+)?)?)?|nss|audit\.key|begun", name))

    def records(self):
        if not os.path.exists(self.audit):
            return []
        with open(self.audit, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def remove(self):
        shutil.rmtree(self.folder)
