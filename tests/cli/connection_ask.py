# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk connection add` at a terminal: what it asks, what it never shows, and how it ends."""
import codecs
import os
import pty
import select
import signal
import subprocess
import sys
import termios

from desk import Desk, ENVIRONMENT, main, tap

SECRET = "c4nary-s3cret"


class _Terminal:
    """A person's terminal with the command in it."""

    def __init__(self, desk, *arguments):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.seen, self.all, self._decoder = "", "", codecs.getincrementaldecoder("utf-8")("replace")
        self.process = subprocess.Popen(desk.command("connection", "add", *arguments), stdin=self.slave, stdout=self.slave,
                                        stderr=self.slave, env=ENVIRONMENT, cwd="/", start_new_session=True)

    def read_until(self, words):
        def more():
            if select.select([self.master], [], [], 0.1)[0]:
                text = self._decoder.decode(os.read(self.master, 65536))
                self.seen += text
                self.all += text
            return words in self.seen
        assert tap.eventually(more, 60), self.seen
        self.seen = self.seen[self.seen.index(words) + len(words):]

    def _echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def answer(self, question, text, echo=True):
        self.read_until(question)
        assert tap.eventually(lambda: self._echoes() == echo), "the terminal shows what is typed, or hides it"
        os.write(self.master, text.encode() + b"\n")

    def end(self):
        def ended():
            if select.select([self.master], [], [], 0.05)[0]:
                self.seen += self._decoder.decode(os.read(self.master, 65536))
            return self.process.poll() is not None
        assert tap.eventually(ended, 200), self.seen
        while select.select([self.master], [], [], 0.05)[0]:
            self.seen += self._decoder.decode(os.read(self.master, 65536))
        after = termios.tcgetattr(self.slave)
        os.close(self.slave)
        os.close(self.master)
        assert after == self.before, "the terminal was left changed"
        return self.process.returncode


def _exists(desk):
    return os.path.exists(f"{desk.config}/connections.d/acme.conf")


def the_questions_lead_to_a_connection_that_works(provider):
    for user in ("root", "lena"):
        desk = Desk(provider, user)
        terminal = _Terminal(desk, "acme", "--ca-file", desk.ca)
        terminal.answer("Product (", "")
        terminal.answer("Issuer URL: ", "not a URL")
        terminal.answer("Issuer URL: ", desk.issuer("good"))
        terminal.answer("Client id: ", "frontdesk")
        terminal.answer("Client secret", SECRET, echo=False)
        terminal.answer("PAM services", "login")
        terminal.answer("Who may enter", "all")
        terminal.answer("become members", "yes")
        terminal.read_until("acme.conf was written")
        assert terminal.end() == 0, terminal.seen
        assert "discovery FOUND" in terminal.seen and SECRET not in terminal.seen, terminal.seen
        with open(f"{desk.config}/secrets/acme", encoding="utf-8") as file:
            assert file.read() == SECRET
        assert desk.login("acme", "--service", "login").verdict["verdict"] == "allow"


def a_preset_asks_for_its_own_words(provider):
    desk = Desk(provider)
    terminal = _Terminal(desk, "acme", "--no-check", "--client-secret-file", "/run/secret")
    terminal.answer("Product (", "okta")
    terminal.answer("Okta domain", "https://acme.okta.com/")
    terminal.answer("Client id: ", "x")
    terminal.answer("PAM services", "")
    terminal.answer("Whose domain is cut off", "@acme.com")
    terminal.answer("Whose domain is cut off", "acme.com|evil.com")
    terminal.answer("Whose domain is cut off", "acme.com")
    terminal.answer("Who may enter", "acme.com acme.io")
    terminal.answer("become members", "")
    assert terminal.end() == 0, terminal.seen
    with open(f"{desk.config}/connections.d/acme.conf", encoding="utf-8") as file:
        text = file.read()
    assert text.startswith("[connection]\npreset = okta\nokta_domain = https://acme.okta.com/\nclient_id = x\n"
                           "client_secret_file = /run/secret\n"), text
    assert "\nservices =\nusername_regex = ^([^@]+)@acme[.]com$\nallowed_email_domains = acme.com acme.io\n" in text, text


def a_secret_is_not_asked_for_where_none_is_sent(provider):
    desk = Desk(provider)
    for arguments in (("--preset", "auth0"), ("--client-auth-method", "none")):
        terminal = _Terminal(desk, "acme", "--dry-run", "--issuer", "https://idp.example", *arguments)
        terminal.answer("Client id: ", "x")
        terminal.read_until("PAM services")
        assert "Client secret" not in terminal.all, terminal.all
        os.write(terminal.master, b"\x04")
        assert terminal.end() == 2, terminal.seen


def nobody_stops_it_while_the_terminal_hides(provider):
    desk = Desk(provider)
    terminal = _Terminal(desk, "acme", "--dry-run", "--issuer", "https://idp.example", "--client-id", "x")
    terminal.read_until("Client secret")
    with open(f"/proc/{terminal.process.pid}/status", encoding="utf-8") as file:
        blocked = next(int(line.split()[1], 16) for line in file if line.startswith("SigBlk:"))
    assert blocked & 1 << signal.SIGTSTP - 1, hex(blocked)
    os.write(terminal.master, SECRET.encode() + b"\n")
    terminal.read_until("PAM services")
    os.write(terminal.master, b"\x04")
    assert terminal.end() == 2, terminal.seen


def nothing_is_asked_when_the_options_say_enough(provider):
    desk = Desk(provider)
    terminal = _Terminal(desk, "acme", "--no-check", "--issuer", "https://idp.example", "--client-id", "x", "--service", "login")
    assert terminal.end() == 0 and ": \n" not in terminal.seen, terminal.seen
    assert _exists(desk)


def a_signal_or_the_end_leaves_nothing_and_the_terminal_as_it_was(provider):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        desk = Desk(provider)
        terminal = _Terminal(desk, "acme", "--issuer", "https://idp.example", "--client-id", "x")
        terminal.read_until("Client secret")
        terminal.process.send_signal(number)
        assert terminal.end() == 130 and not _exists(desk), terminal.seen
        assert not os.path.exists(f"{desk.config}/secrets")
    desk = Desk(provider)
    terminal = _Terminal(desk, "acme")
    terminal.read_until("Product (")
    os.write(terminal.master, b"\x04")
    assert terminal.end() == 2 and not _exists(desk), terminal.seen


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
