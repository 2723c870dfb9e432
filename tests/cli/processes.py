# SPDX-License-Identifier: BSD-2-Clause
"""What `frontdesk login` starts: as whom, how it ends, and what a person at a terminal sees."""
import codecs
import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios

from desk import Desk, ENVIRONMENT, PROGRAM, USERS, main, tap
from proc import descriptors, pids, status_of

SOON_S = 30  # much less than a sign-in that nobody approves goes on


def _processes():
    """(pid, uids, groups, seccomp mode) of every process of ours that lives."""
    found = []
    for pid in pids():
        status = status_of(pid)
        if status.get("Name") == os.path.basename(PROGRAM) and not status["State"].startswith("Z"):
            found.append((pid, set(status["Uid"].split()), status["Groups"].split(), status["Seccomp"]))
    return found


def _all_three():
    """Once the two that are to be confined are so."""
    running = _processes()
    return running if len(running) == 3 and len([mode for *_, mode in running if mode == "2"]) == 2 else None


def _all_have_ended():
    return tap.eventually(lambda: not _processes(), SOON_S)


def _waiting(desk, *arguments, **more):
    """A sign-in that nobody approves, after its prompt."""
    process = desk.start("login", "--json", *arguments, **more)
    line = process.stdout.readline()
    assert json.loads(line)["event"] == "prompt", line
    return process


def by_root_no_process_stays_root_and_the_two_that_read_foreign_bytes_are_confined(provider):
    process = _waiting(Desk(provider).connect("never"))
    running = tap.eventually(_all_three)
    process.kill()
    process.communicate()
    assert running, _processes()
    net, keeper = {str(USERS["frontdesk-net"])}, {str(USERS["frontdesk"])}
    assert sorted(str(uids) for _, uids, _, _ in running) == sorted([str(net), str(net), str(keeper)]), running
    assert all(groups == [] for _, _, groups, _ in running), running
    confined = [uids for pid, uids, _, mode in running if mode == "2"]
    assert len(confined) == 2 and net in confined and keeper in confined, running
    assert _all_have_ended(), _processes()


def by_another_user_every_process_is_that_user(provider):
    process = _waiting(Desk(provider, "lena").connect("never"))
    running = tap.eventually(_all_three)
    process.kill()
    process.communicate()
    assert running and all(uids == {str(USERS["lena"])} for _, uids, _, _ in running), running
    assert _all_have_ended(), _processes()


def a_signal_ends_everything_that_was_started(provider):
    for user in ("root", "lena"):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = _waiting(Desk(provider, user).connect("never"), start_new_session=True)
            process.send_signal(number)
            out, err = process.communicate(timeout=tap.PATIENCE_S)
            assert process.returncode == 130 and out == "", (user, number, process.returncode, out, err)
            assert _all_have_ended(), (user, number, _processes())


def a_timeout_of_the_command_line_ends_it(provider):
    result = Desk(provider).connect("never").login("--timeout", "15")
    assert result.status == 1 and result.verdict["verdict"] == "expired", result
    assert _all_have_ended(), _processes()


def nothing_that_a_child_could_use_is_left_open(provider):
    process = _waiting(Desk(provider).connect("never"))
    links = {pid: descriptors(pid) for pid, _, _, mode in tap.eventually(_all_three) or () if mode == "2"}
    process.kill()
    process.communicate()
    assert len(links) == 2, links
    for names in links.values():
        assert names[0] == names[1] == "/dev/null", links
        assert not any(name.startswith("anon_inode:[signalfd]") for name in names.values()), links
    assert _all_have_ended(), _processes()


class _Terminal:
    """A person's terminal with the command in it."""

    def __init__(self, desk, *arguments):
        self.master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        self.slave, self.seen = slave, ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.process = subprocess.Popen(desk.command("login", *arguments), stdin=slave, stdout=slave, stderr=slave,
                                        env=ENVIRONMENT, cwd="/", start_new_session=True)

    def read_until(self, word, seconds=60):
        def more():
            if select.select([self.master], [], [], 0.1)[0]:
                self.seen += self._decoder.decode(os.read(self.master, 65536))
            return word in self.seen
        assert tap.eventually(more, seconds), self.seen

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        status = self.process.wait(timeout=tap.PATIENCE_S)
        after = termios.tcgetattr(self.slave)
        os.close(self.slave)
        os.close(self.master)
        assert after == self.before, "the terminal was left changed"
        return status


def a_person_at_a_terminal_sees_code_url_claims_and_verdict(provider):
    terminal = _Terminal(Desk(provider).connect("one-pending"), "acme", "--service", "login", "--show-claims")
    terminal.read_until("Verdict: allow (ok), as member ana; nothing was written")
    assert terminal.end() == 0
    assert "https://localhost" in terminal.seen and "ana@acme.com" in terminal.seen, terminal.seen


def of_several_connections_the_person_chooses_as_by_pam(provider):
    desk = Desk(provider).connect("denied", display_name="First Corp").connect(name="beta", display_name="Second Corp")
    terminal = _Terminal(desk, "--service", "login")
    terminal.read_until("Second Corp")
    terminal.type("2\n")
    terminal.read_until("Verdict: allow (ok), as member ana; nothing was written")
    assert terminal.end() == 0 and "First Corp" in terminal.seen, terminal.seen


def over_ssh_the_person_is_asked_for_enter_and_may_be_late(provider):
    desk = Desk(provider).connect("one-pending")
    desk.write("frontdesk.conf", "[service sshd]\nfirst_sign_in = reconnect\n")
    terminal = _Terminal(desk, "acme", "--service", "sshd", "--rhost", "198.51.100.7", "--user", "ana")
    terminal.read_until("Verdict: deny (connect_again)")
    assert terminal.end() == 1


def enter_too_early_just_waits_and_typed_words_are_not_shown(provider):
    terminal = _Terminal(Desk(provider).connect("manual"), "acme", "--service", "sshd", "--rhost", "198.51.100.7",
                         "--user", "ana")
    terminal.read_until("Enter")
    terminal.type("hunter2\n")
    key = "manual~desk" + str(Desk.number)
    provider.ask(f"/_control/{key}", {"decision": "approve"})
    terminal.read_until("Verdict: unknown_user (first_sign_in_refused)")
    assert terminal.end() == 1
    assert "hunter2" not in terminal.seen, terminal.seen


def an_interrupted_prompt_leaves_the_terminal_as_it_was(provider):
    terminal = _Terminal(Desk(provider).connect("never"), "acme", "--service", "sshd", "--rhost", "198.51.100.7",
                         "--user", "ana")
    terminal.read_until("Enter")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.end() == 130
    assert _all_have_ended(), _processes()


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
