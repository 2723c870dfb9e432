# SPDX-License-Identifier: BSD-2-Clause
"""A terminal with a program on it and a person in front: reads, waits for words, types."""
import codecs
import fcntl
import io
import os
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time

PATIENCE_S = 60  # for what must come: a test waits this long only when it fails
CODE = re.compile(r"\b([A-Z]{4}-[A-Z]{4})\b")
OFFER = "Password, or Enter alone|Passwort, oder nur Enter|كلمة المرور، أو Enter وحده"
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "TERM": "dumb", "LANG": "C.UTF-8", "HOME": "/root"}
BLOCKS = "█▀▄"


class Terminal:
    def __init__(self, command, rows=50, columns=100, environment=ENVIRONMENT, echo=None):
        self.text, self.status, self._seen, self._echo = "", None, 0, echo
        # A read may end within a character, or between the two bytes that end a line.
        self._decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")("replace"), translate=False)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.clear()
            for number in (signal.SIGINT, signal.SIGWINCH):
                signal.signal(number, signal.SIG_DFL)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            try:
                os.execvpe(command[0], command, environment)
            except OSError as why:
                os.write(2, f"{command[0]}: {why}".encode())
            os._exit(127)

    def _read(self, seconds):
        """Takes what the program wrote; False when it has ended."""
        if not select.select([self.fd], [], [], max(seconds, 0))[0]:
            return True
        try:
            got = os.read(self.fd, 65536)
        except OSError:
            got = b""
        new = self._decoder.decode(got, final=not got).replace("\r\n", "\n")
        self.text += new
        if self._echo and new:
            self._echo(new)
        return bool(got)

    def expect(self, pattern, seconds=PATIENCE_S):
        """Waits for a regular expression behind what was matched before; the match."""
        end = time.monotonic() + seconds
        while True:
            match = re.compile(pattern).search(self.text, self._seen)
            if match:
                self._seen = match.end()
                return match
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s for {pattern!r}, but saw:\n{self.text[self._seen:]}")
            if not self._read(min(0.5, end - time.monotonic())):
                match = re.compile(pattern).search(self.text, self._seen)
                if match:
                    self._seen = match.end()
                    return match
                raise AssertionError(f"the program ended before {pattern!r}; it wrote:\n{self.text[self._seen:]}")

    def type(self, line=""):
        os.write(self.fd, line.encode() + b"\n")

    def code(self, seconds=PATIENCE_S):
        """The code shown; what came before it is in self.text. Where a password is offered, Enter alone leads to it."""
        match = self.expect(OFFER + "|" + CODE.pattern, seconds)
        if not match.group(1):
            self.type()
            match = self.expect(CODE.pattern, seconds)
        return match.group(1)

    def run(self, command):
        """Runs a shell command behind the sign-in; what it printed."""
        self.type(f"{command}; echo done=$((40+2))=$?")
        # The line may be echoed twice: by the terminal, and by the shell when it was not ready yet.
        match = self.expect(r"(?s)\$\?\n((?:(?!\$\?\n).)*?)done=42=(\d+)")
        return match.group(1).strip()

    def end(self, seconds=PATIENCE_S):
        """Waits for the end of the program; its exit status."""
        stop = time.monotonic() + seconds
        while self.status is None:
            alive = self._read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                while select.select([self.fd], [], [], 0)[0] and self._read(0):
                    pass
            elif time.monotonic() > stop:
                raise AssertionError(f"still running after {seconds} s:\n{self.text[self._seen:]}")
            elif not alive:
                time.sleep(0.02)
        return self.status

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.status = -signal.SIGKILL
        os.close(self.fd)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def qr_rows(text):
    """The rows of half blocks in a text."""
    return [row for row in text.split("\n") if row.strip() and all(c in BLOCKS + " " for c in row.rstrip("\r"))
            and any(c in BLOCKS for c in row)]


def decode_qr(text, scale=8):
    """What an independent decoder reads from the QR of half blocks in a text; light modules are the drawn ones."""
    rows = qr_rows(text)
    assert rows, f"no QR in:\n{text}"
    width = max(len(row) for row in rows)
    lines = []
    for row in rows:
        row = row.ljust(width)
        for lit in ("█▀", "█▄"):
            lines.append(b"".join((b"\xff" if c in lit else b"\0") * scale for c in row))
    picture = b"P5 %d %d 255\n" % (width * scale, len(lines) * scale) + b"".join(line * scale for line in lines)
    with tempfile.NamedTemporaryFile(suffix=".pgm") as file:
        file.write(picture)
        file.flush()
        found = subprocess.run(["zbarimg", "--quiet", "--raw", file.name], capture_output=True, check=False)
    return found.stdout.decode().strip()
