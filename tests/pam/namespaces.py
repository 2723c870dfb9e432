# SPDX-License-Identifier: BSD-2-Clause
"""Namespaces in which the users of liar.py exist, and nothing else of /run."""
import os
import subprocess
import sys
import tempfile

import liar
import tap

MARK = "FRONTDESK_PAM_TESTS_INSIDE"


def enter_namespaces():
    """Comes back inside them, in another process."""
    if MARK in os.environ:
        return
    if os.geteuid() != 0:
        print("1..1\nnot ok 1 - runs as root, who alone can make namespaces with users in them")
        sys.exit(1)
    command = ["unshare", "-m", "-n", "-p", "-f", "-u", "-i", "--mount-proc", "--kill-child", sys.executable]
    os.execvpe(command[0], command + sys.argv, dict(os.environ, **{MARK: "1"}))


def _mount_over(folder, target, text):
    path = os.path.join(folder, os.path.basename(target))
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    subprocess.run(["mount", "--bind", path, target], check=True)


def _make_users(folder):
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    comments = {"wide": "x" * 9000}
    _mount_over(folder, "/etc/passwd", "".join(f"{name}:*:{uid}:{uid}:{comments.get(name, '')}:/nowhere:/bin/sh\n"
                                               for name, uid in liar.USERS.items()))
    _mount_over(folder, "/etc/group", "root:x:0:\n")
    _mount_over(folder, "/etc/nsswitch.conf", "passwd: files\ngroup: files\n")


def run(*modules):
    """All tests of these, or those named on the command line; the exit status."""
    tests = [test for module in modules for test in tap.tests_of(module)
             if not sys.argv[1:] or test.__name__ in sys.argv[1:]]
    with tempfile.TemporaryDirectory(prefix="frontdesk-pam-") as folder:
        os.chmod(folder, 0o755)
        _make_users(folder)
        return tap.run(tests, liar.Bench(folder, os.environ.get("O", "build")))
