# SPDX-License-Identifier: BSD-2-Clause
"""Many PAM hosts at the same time, each a process of its own as sshd and login are, and each with one sign-in: forked
from here, for starting that many interpreters would take longer than the sign-ins do."""
import contextlib
import json
import os
import select
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
import pam_client  # noqa: E402

ANSWERS = "\n" * 8
LIMIT_S = 300


class Host:
    """One sign-in that has begun. `service`, `user`: as PAM is asked."""

    def __init__(self, service, user):
        self.said, self.seconds, self.text, self._started = [], None, b"", time.monotonic()
        self.fd, other = os.pipe()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.fd)
            self._be(service, user, other)
        os.close(other)

    @staticmethod
    def _be(service, user, out):
        status = 1
        with contextlib.suppress(BaseException):
            answers, into = os.pipe()
            os.write(into, ANSWERS.encode())
            os.dup2(answers, 0)
            os.dup2(out, 1)
            sys.stdin, sys.stdout = os.fdopen(0, "r", closefd=False), os.fdopen(1, "w", closefd=False)
            sys.argv = ["pam_client.py", service, user, "auth"]
            pam_client.main()
            sys.stdout.flush()
            status = 0
        os._exit(status)

    def read(self):
        """False: it has ended, and all it said is in `said`."""
        got = os.read(self.fd, 65536)
        self.text += got
        if not got:
            self.end()
        return bool(got)

    def end(self, kill=False):
        if kill:
            os.kill(self.pid, signal.SIGKILL)
        os.close(self.fd)
        os.waitpid(self.pid, 0)
        self.seconds = time.monotonic() - self._started
        self.said = [json.loads(line) for line in self.text.splitlines()]


def sign_in_all(pairs, at_once=40, beginning=5):
    """pairs: (service, user). What each host said, and how long it took, in their order. `beginning`: so many wait for
    a first word at a time, for a module takes a helper that says nothing for a second for a dead one."""
    left, hosts, running = list(pairs), [], {}
    end = time.monotonic() + LIMIT_S
    while left or running:
        while left and len(running) < at_once and sum(not host.text for host in running.values()) < beginning:
            host = Host(*left.pop(0))
            hosts.append(host)
            running[host.fd] = host
        for fd in select.select(list(running), [], [], 1)[0]:
            if not running[fd].read():
                del running[fd]
        if time.monotonic() > end:
            for host in running.values():
                host.end(kill=True)
            running, left = {}, []
    return hosts
