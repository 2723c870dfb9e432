# SPDX-License-Identifier: BSD-2-Clause
"""A private copy of the tree in which every condition of the rooms can be changed, and its two builds."""
import collections
import fnmatch
import json
import os
import shlex
import subprocess

import sites

ROOMS = {
    "verifier": (("helper/jose/*.c", "helper/oidc/id_token.c", "helper/oidc/userinfo.c", "helper/oidc/keys.c",
                  "helper/connection/issuer.c", "helper/json/json*.c"), ("helper/jose/signing_key.c",)),
    "policy": (("helper/members/policy.c", "helper/members/claims*.c", "helper/members/map_name.c",
                "helper/members/groups.c", "helper/members/local_users.c"), ()),
    "protocol": (("include/frontdesk/*.h", "helper/login.c", "helper/session/session_talk.c",
                  "helper/session/ask.c", "helper/keeper/sign_in.c", "helper/keeper/answers.c",
                  "helper/keeper/handover.c", "helper/keeper/verdict.c"), ()),
    "device_grant": (("helper/oidc/discovery.c", "helper/oidc/endpoint_hosts.c", "helper/oidc/device_grant.c",
                      "helper/oidc/device_answer.c", "helper/oidc/token_answer.c",
                      "helper/oidc/verification_page.c"), ()),
    "pam_module": (("pam_module/*.c",), ()),
    "nss_module": (("nss_module/*.c",), ()),
}
PER_FILE = 1024  # a file's sites are numbered from a multiple of this, so that a change of one renumbers no other
FILES_MAX = 128
COPIED = ("Makefile", "include", "helper", "pam_module", "nss_module", "tests", "packaging", "po", "tools")

Mutant = collections.namedtuple("Mutant", "number site room kind")  # kind: what it counts as, or sites.INVERTED


def room_of(path):
    for room, (wanted, but) in ROOMS.items():
        if any(fnmatch.fnmatch(path, glob) for glob in wanted) and path not in but:
            return room
    return None


def described(mutant):
    kind = "inverted" if mutant.kind == sites.INVERTED else "removed"
    return f"{mutant.site.file}:{mutant.site.line}: {mutant.site.function}: {kind}: {mutant.site.text}"


def write_if_changed(path, data, mode):
    """So that make compiles what changed, and no more."""
    try:
        with open(path, "rb") as file:
            if file.read() == data and (os.stat(path).st_mode & 0o777) == mode:
                return
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, mode)


class Tree:
    """Everything lives below `folder`: tree/ (the copy), plain/ and sanitized/ (what is built of it), now/ (the state)."""

    def __init__(self, folder, defines):
        self.folder, self.defines = folder, shlex.split(defines)
        self.copy = os.path.join(folder, "tree")
        self.plain, self.sanitized = os.path.join(folder, "plain"), os.path.join(folder, "sanitized")
        self.state = os.path.join(folder, "now", "state")
        self.mutants = []
        for part in (self.copy, self.plain, self.sanitized, os.path.dirname(self.state)):
            os.makedirs(part, exist_ok=True)

    def sources(self):
        """The files of the working tree, relative."""
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", *COPIED], check=True,
                                capture_output=True, text=True).stdout.splitlines()
        return [path for path in listed if os.path.isfile(path) and not os.path.islink(path)]

    def base_of(self, path):
        """A file keeps the number that it once got."""
        register = os.path.join(self.folder, "files.json")
        known = {}
        if os.path.exists(register):
            with open(register, encoding="utf-8") as file:
                known = json.load(file)
        if path not in known:
            known[path] = len(known)
            if len(known) > FILES_MAX:
                raise sites.Refused(f"more than {FILES_MAX} files in the rooms: remove {register}")
            with open(register, "w", encoding="utf-8") as file:
                json.dump(known, file)
        return known[path] * PER_FILE + 1  # 0 is no mutant

    def update(self):
        flags = ["-std=gnu17", *self.defines, "-D_GNU_SOURCE", "-Iinclude", "-Ihelper"]
        kept = set()
        for path in self.sources():
            with open(path, "rb") as file:
                data = file.read()
            room = room_of(path)
            if room:
                found = sites.sites_of(path, flags)
                if len(found) >= PER_FILE:
                    raise sites.Refused(f"{path}: {len(found)} conditions")
                numbered = list(enumerate(found, self.base_of(path)))
                data = sites.rewritten(data, numbered)
                self.mutants += [Mutant(number, site, room, kind) for number, site in numbered
                                 for kind in (site.removed, sites.INVERTED)]
            write_if_changed(os.path.join(self.copy, path), data, os.stat(path).st_mode & 0o777)
            kept.add(path)
        for folder, _, names in os.walk(self.copy):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), self.copy)
                if path not in kept and "__pycache__" not in path:
                    os.unlink(os.path.join(self.copy, path))

    def make(self, where, *words):
        flags = f"-include {self.copy}/tests/mutants/mutant.h -DMUTANT_STATE='\"{self.state}\"'"
        command = ["make", "-s", "-j2", f"O={where}", "WARNINGS=-w", "OPT=-O1", f"CFLAGS={flags}", *words]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        done = subprocess.run(command, cwd=self.copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
        if done.returncode != 0:
            raise sites.Refused("the mutated tree does not compile:\n" + done.stdout[-4000:])

    def build(self):
        """As make check has it: unit tests with sanitizers, the modules and what loads them without."""
        programs = ["tests/pam/client", "tests/pam/witness.so", "tests/nss/entry_points", "tests/nss/groups",
                    "tests/nss/members"]
        self.make(self.plain, "modules", *(f"{self.plain}/{program}" for program in programs))
        self.make(self.sanitized, "SAN=address,undefined", "unit")
