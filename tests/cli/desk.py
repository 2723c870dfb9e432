# SPDX-License-Identifier: BSD-2-Clause
"""A folder of configuration and state on a private tmpfs, users of its own, and `frontdesk` run in it."""
import itertools
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "e2e"), os.path.join(HERE, "..", "oidc")]
from provider import Provider  # noqa: E402
import tap  # noqa: E402,F401

SCRATCH = "/mnt"
PROGRAM = f"{SCRATCH}/frontdesk"
USERS = {"frontdesk": 4980, "frontdesk-net": 4981, "lena": 4982}
# A sandboxed process cannot run the leak checker, which clones and traces.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "ASAN_OPTIONS": "abort_on_error=1:detect_leaks=0",
               "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1"}


def _with_users(path, names):
    """A private copy of /etc/passwd or /etc/group in which exactly these of our users stand."""
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file if line.split(":")[0] not in USERS]
    for name in names:
        number = USERS[name]
        lines.append(f"{name}:x:{number}:{number}::/:/usr/sbin/nologin\n" if path.endswith("passwd")
                     else f"{name}:x:{number}:\n")
    return "".join(lines)


def set_users(*names):
    """In place: a bind mount shows what is written into the file behind it."""
    for path in ("/etc/passwd", "/etc/group"):
        text = _with_users(path, names)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def set_up():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", SCRATCH], check=True)
    shutil.copy(os.path.join(os.environ["PROGRAMS"], "frontdesk"), PROGRAM)
    for path in ("/etc/passwd", "/etc/group"):
        copy = SCRATCH + "/" + os.path.basename(path)
        shutil.copy(path, copy)
        subprocess.run(["mount", "--bind", copy, path], check=True)
    set_users(*USERS)


class Result:
    def __init__(self, process):
        self.status, self.out, self.err = process.returncode, process.stdout, process.stderr

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def verdict(self):
        lines = self.lines
        assert [line["event"] for line in lines].index("verdict") == len(lines) - 1, self.out + self.err
        return lines[-1]

    def __str__(self):
        return f"status {self.status}\n{self.out}{self.err}"


class Desk:
    """One desk: `user` runs the command and owns the folders (root's configuration is root's)."""
    number = 0  # of the one made last
    numbers = itertools.count(1)

    def __init__(self, provider, user="root"):
        self.number = Desk.number = next(self.numbers)
        self.provider, self.user = provider, user
        self.folder = f"{SCRATCH}/desk{self.number}"
        self.config, self.state, self.runtime = (f"{self.folder}/{name}" for name in ("etc", "lib/state", "run"))
        os.makedirs(f"{self.config}/connections.d")
        self.vendor, self.audit = f"{self.folder}/vendor", f"{self.folder}/log/audit.jsonl"
        self.ca = f"{self.config}/ca.crt"
        shutil.copy(provider.ca, self.ca)
        self._own()
        self._make_log()

    def _make_log(self):
        """As an installation has it: the keeper's folder."""
        folder, owner = os.path.dirname(self.audit), USERS["frontdesk"] if self.user == "root" else self.uid
        os.mkdir(folder, 0o750)
        os.chown(folder, owner, owner)

    @property
    def uid(self):
        return 0 if self.user == "root" else USERS[self.user]

    def _own(self):
        for folder, _, names in os.walk(self.folder):
            if folder == self.state:
                break
            for path in [folder] + [os.path.join(folder, name) for name in names]:
                os.chown(path, self.uid, self.uid)

    def write(self, name, text, mode=0o644):
        path = f"{self.config}/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        os.chown(path, self.uid, self.uid)
        return path

    def issuer(self, scenario):
        return f"{self.provider.origin()}/{scenario}~desk{self.number}"

    def connect(self, scenario="good", name="acme", **settings):
        """Writes a connection that lets everybody in; a setting None is left out."""
        known = {"issuer": self.issuer(scenario), "client_id": "frontdesk", "ca_file": self.ca,
                 "services": "login sshd", "allow_all": "yes", "create_users": "yes", **settings}
        lines = [f"{key} = {value}\n" for key, value in known.items() if value is not None]
        self.write(f"connections.d/{name}.conf", "[connection]\n" + "".join(lines))
        return self

    def command(self, *arguments):
        prefix = [] if self.user == "root" else ["setpriv", f"--reuid={self.uid}", f"--regid={self.uid}",
                                                 "--clear-groups"]
        return [*prefix, PROGRAM, "--config-dir", self.config, "--vendor-dir", self.vendor, "--state-dir", self.state,
                "--runtime-dir", self.runtime, "--audit-file", self.audit, *arguments]

    def run(self, *arguments, **more):
        return Result(subprocess.run(self.command(*arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                     env=ENVIRONMENT, cwd="/", timeout=200, check=False, **more))

    def start(self, *arguments, **more):
        return subprocess.Popen(self.command(*arguments), text=True, env=ENVIRONMENT, cwd="/",
                                **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                                   "stderr": subprocess.PIPE, **more})

    def login(self, *arguments):
        return self.run("login", "--json", *arguments)

    def members(self):
        result = self.run("members", "list", "--json")
        assert result.status == 0, result
        return {member["name"]: member for member in result.lines}


def main(tests):
    set_up()
    provider = Provider()
    try:
        return tap.run(tests, provider)
    finally:
        provider.close()
