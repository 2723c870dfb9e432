# SPDX-License-Identifier: BSD-2-Clause
"""Follows pages of docs/ word by word: docs_walk.py VENDOR... From `make install` on, in a room of its own, every
command is typed as it stands there, to an ssh sign-in at the vendor's scripted dialect. Nothing of a page is changed:
the names it has as examples are the ones that are served here, and the certificate is one that the system trusts."""
import os
import re
import shutil
import socket
import sys

import vendors
from page import Step, steps_of
from room import PRIVATE, SCRATCH, overlay, set_up_bare, sh, write
from tap import run
from terminal import ENVIRONMENT, Terminal

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.abspath(os.environ["O"])
PATIENCE_S = 90
BUILD_S = 600  # a build may be among the commands, though it is an old one as a rule


def _machine():
    """One as anybody has it: sshd and sudo run, nobody has heard of frontdesk."""
    log = set_up_bare()
    if not BUILD.startswith(tuple(f"{folder}/" for folder in PRIVATE)):
        overlay(BUILD)
    socket.sethostname("desk")
    write("/etc/hosts", "127.0.0.1 localhost desk\n")
    write("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    write("/etc/sudoers", 'Defaults env_reset, env_keep += "O"\nroot ALL=(ALL:ALL) ALL\n', 0o440)
    os.makedirs("/run/sshd", 0o755)
    os.makedirs("/run/lock")
    shutil.copy(os.path.join(HERE, "systemctl"), "/usr/local/bin/systemctl")
    sh("rm -rf /etc/frontdesk && ssh-keygen -A && cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub | sed 's/^/desk /'"
       " >/etc/ssh/ssh_known_hosts")
    vendors.lay_out(SCRATCH)
    sh("/usr/sbin/sshd")
    return log


def _type(dialects, vendor, step):
    """Runs one block as a person does; what the screen showed."""
    with Terminal(["bash", "-e", "-c", step.command], environment={**ENVIRONMENT, "O": BUILD}) as terminal:
        for question, answer in step.answers:
            if question == "phone":
                code = terminal.expect(r"(?i)code: (\S+)", PATIENCE_S).group(1)
                dialects.ask("decide", vendor, {"user_code": code, "decision": answer})
            else:
                terminal.expect(re.escape(question), PATIENCE_S)
                terminal.type(answer)
        status = terminal.end(BUILD_S)
        assert status == 0, f"ended with {status}\n{step}\n--- the screen:\n{terminal.text}"
        return terminal.text


def _forget():
    """The next page begins with a machine that is installed and knows nobody."""
    sh("frontdesk members remove ana --free-name && rm -rf /etc/frontdesk/connections.d/* /etc/frontdesk/secrets"
       " /etc/frontdesk/frontdesk.conf* /home/ana")


def _test_of(vendor, is_first):
    def test(dialects, _):
        steps = [step for step in steps_of(f"{vendor}.md") if is_first or step.page != "install.md"]
        if not is_first:
            _forget()
        dialects.set(vendor, decision="wait", polls=0)
        screens = [_type(dialects, vendor, step) for step in steps]
        assert steps[-1].command.startswith("ssh ana@"), steps[-1]
        assert "(ana)" in screens[-1], screens[-1]
        assert "uid=6" in screens[-1] or "uid=7" in screens[-1], screens[-1]
    test.__name__ = f"docs_{vendor}_leads_to_an_ssh_sign_in"
    return test


def a_command_that_fails_ends_the_walk(dialects, _):
    """The walk itself can fail."""
    try:
        _type(dialects, "okta", Step("none.md", "false\ntrue"))
    except AssertionError:
        return
    raise AssertionError("it went on")


def main(names):
    log = _machine()
    dialects = vendors.Dialects(SCRATCH)
    tests = [_test_of(name, i == 0) for i, name in enumerate(names)] + [a_command_that_fails_ends_the_walk]
    return run(tests, dialects, log, explain=lambda: "\n".join(log.since(max(0, log.mark() - 40))))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
