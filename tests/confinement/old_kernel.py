# SPDX-License-Identifier: BSD-2-Clause
"""A whole sign-in in a kernel that answers as if it had no Landlock: names are looked up, certificates are checked and
the person enters all the same, and what Landlock would have stopped is stopped by who owns the files."""
import os
import sys

from takeover import LIBEXEC, PUPPETS, e2e, listens


def a_sign_in_works_where_the_kernel_has_no_landlock(desk):
    terminal = desk.sign_in_on_console("alice")
    terminal.type("id -u")
    terminal.expect("65536")
    terminal.close()
    assert "alice" in desk.members()


def both_daemons_say_that_it_is_missing(desk):
    assert len(desk.log.since(0, "this kernel has no Landlock")) == 2


def a_childs_user_opens_none_of_our_files(desk):
    closed = ("/etc/frontdesk/corp.secret", "/var/lib/frontdesk/members.db", "/var/log/frontdesk/audit.jsonl")
    for path in closed:
        assert os.path.exists(path), path
        pid = os.fork()
        if pid == 0:
            os.setgroups([])
            os.setresgid(981, 981, 981)
            os.setresuid(981, 981, 981)
            os._exit(0 if os.access(path, os.R_OK) or os.access(path, os.W_OK) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1, path
    assert desk.members()


def _prepare(desk):
    desk.start_provider()
    for name in ("keeper", "helper"):
        desk.start(name, [f"{PUPPETS}/without_landlock", f"{LIBEXEC}/frontdesk-{name}", "--listen"],
                   lambda n=name: listens(f"/run/frontdesk/{n}.sock"))


if __name__ == "__main__":
    sys.exit(e2e.main(sys.modules["__main__"], _prepare))
