# SPDX-License-Identifier: BSD-2-Clause
"""The demonstration: a stranger signs in at the console, becomes a member and enters over ssh. With AUTO set the phone
is played here; else by the person, with a browser or `make demo-approve`."""
import fcntl
import os
import select
import shutil
import signal
import struct
import sys
import termios
import tty

import desk as stage
from terminal import CODE, Terminal

FOLDER = os.environ["FRONTDESK_DEMO"]
AUTO = bool(os.environ.get("AUTO"))
NAMES = "alice, bob, carol, dave or erin"


def headline(text):
    print(f"\n\033[1m── {text} ──\033[0m\n" if sys.stdout.isatty() else f"\n── {text} ──\n", flush=True)


def leave_note(name, text):
    """For `make demo-approve`, outside."""
    path = os.path.join(FOLDER, name)
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path + ".new", 0o644)
    os.rename(path + ".new", path)


def print_verdicts(desk, mark):
    lines = desk.log.wait(mark, "pam_frontdesk") or desk.log.since(mark, "frontdesk")
    for line in lines:
        print(f"  log: {line}", flush=True)


# With a person in front

def copy_between(terminal, user):
    """Joins this terminal and the program's until the program ends; notes each new code for demo-approve."""
    old = termios.tcgetattr(0)
    shown = ""
    tty.setraw(0)
    try:
        while True:
            ready = select.select([0, terminal.fd], [], [])[0]
            if 0 in ready:
                os.write(terminal.fd, os.read(0, 4096))
            if terminal.fd in ready:
                try:
                    got = os.read(terminal.fd, 65536)
                except OSError:
                    got = b""
                if not got:
                    return
                shown = (shown + got.decode("utf-8", "replace"))[-20000:]
                codes = CODE.findall(shown)
                if codes:  # before it is seen: whoever sees it may approve
                    leave_note("who", user)
                    leave_note("url", f"{stage.ISSUER}/device?user_code={codes[-1]}")
                os.write(1, got)
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, old)


def sit_down(command, user):
    """A person uses a program on this terminal; its exit status."""
    rows, columns = struct.unpack("HHHH", fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8))[:2]
    with Terminal(command, rows=rows or 50, columns=columns or 100,
                  environment={**stage.ENVIRONMENT, "TERM": os.environ.get("TERM", "xterm")}) as terminal:
        signal.signal(signal.SIGWINCH, lambda *_: fcntl.ioctl(
            terminal.fd, termios.TIOCSWINSZ, fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8)))
        try:
            copy_between(terminal, user)
            return terminal.end()
        finally:
            signal.signal(signal.SIGWINCH, signal.SIG_DFL)


def by_hand(desk):
    print(f"""This is a desk with a console, in namespaces of its own. Its identity provider knows {NAMES};
none of them is a user here yet. Be one of them:

  * scan the QR or open the URL in a browser of this machine (its certificate is made for this demo: accept it),
  * or run `make demo-approve` in a second terminal.

Leave a shell with `exit`; Ctrl-C at a prompt ends the demo.""")
    headline("1. A stranger at the console")
    user = input("Your name? ").strip() or "alice"
    if sit_down(["/bin/login", user], user) != 0:
        return 1
    headline(f"2. {user} is a member now, and enters over ssh")
    if sit_down(desk.ssh_command(user), user) != 0:
        return 1
    headline("3. What the desk knows")
    print(desk.members(), end="")
    return 0


# Alone

def watch(text):
    print(text.replace("\r", ""), end="", flush=True)


def play(desk, terminal, user, press_enter):
    """The part of the person: approves on the phone, looks around in the shell, leaves."""
    code = terminal.code()
    if press_enter:
        terminal.expect("Press Enter")
    print(f"\n  [{user}'s phone: opens {stage.ISSUER}/device?user_code={code} and approves]", flush=True)
    desk.approve(code, user)
    if press_enter:
        terminal.type()
    terminal.expect(r"\$ ")
    terminal.type("id")
    terminal.expect(r"uid=\d+.*\n")
    terminal.expect(r"\$ ")
    terminal.type("exit")
    return terminal.end()


def alone(desk):
    headline("1. A stranger at the console: alice has no account here")
    mark = desk.log.mark()
    with desk.login("alice", echo=watch) as console:
        status = play(desk, console, "alice", press_enter=False)
    print_verdicts(desk, mark)
    headline("2. The same person enters over ssh")
    mark = desk.log.mark()
    print("$ ssh alice@localhost", flush=True)
    with desk.ssh("alice", echo=watch) as ssh:
        status = play(desk, ssh, "alice", press_enter=True) or status
    print_verdicts(desk, mark)
    headline("3. What the desk knows")
    print("# frontdesk members list")
    print(desk.members(), end="", flush=True)
    return status


def main():
    desk = stage.Desk()
    desk.start_provider(sock=os.path.join(FOLDER, "idp.sock"))
    shutil.copy(stage.CA, os.path.join(FOLDER, "ca.pem"))
    os.chmod(FOLDER, 0o755)
    desk.start_services()
    desk.start_sshd()
    try:
        return alone(desk) if AUTO else by_hand(desk)
    except (AssertionError, OSError) as why:
        print(f"\n{why}\n{desk.complaints()}", file=sys.stderr)
        return 1
    finally:
        desk.stop_services()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts its background with it ignored
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
