# SPDX-License-Identifier: BSD-2-Clause
"""The check-in screen's demonstration: its page waits for visitors, who approve in a second browser window or by `make
demo-approve`. With AUTO set the visitor and the phone are played here: in, already in, and out."""
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading

import desk as stage
from demo import AUTO, FOLDER, NAMES, headline, leave_note
from proc import listens
from room import LIBEXEC, SCRATCH, read, write

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "kiosk"))
import page  # noqa: E402

PORT = int(os.environ.get("FRONTDESK_KIOSK_PORT") or page.PORT)
RUN = "/run/frontdesk-kiosk"
HOOK, TOLD = "/etc/frontdesk/hooks/demo", "/run/demo-hook/told"
HOOK_PROGRAM = f"""#!/bin/sh
# A program after a check-in: it gets one event on standard input.
{{ cat; echo; }} >>{TOLD}
"""
SHIFT, PRELOADED = f"{SCRATCH}/clock.shift", f"{SCRATCH}/clock_shift.so"
TWO_MINUTES = 121
MAIN = f"""[machine]
name = front-desk
location = Berlin
[kiosk]
listen = 127.0.0.1:{PORT}
reset_after = {"2 s" if AUTO else "8 s"}
on_check_in = {HOOK}
on_check_out = {HOOK}
[limits]
sign_ins_per_host = 100
"""
CORP = stage.CORP.replace("services = login sshd su su-l sudo", "services = frontdesk-kiosk") \
                 .replace("Sign in with Corp", "Corp members")
WORDS = """  now      who is in          list     every check-in
  status   how it all is      hooks    what the program after a check-in was told
  later    two minutes pass   quit     ends the demo
"""


def hire_hooks():
    """The user who runs programs after a check-in, and a program for it."""
    for path, line in (("/etc/passwd", "frontdesk-hooks:x:983:983::/:/usr/sbin/nologin"),
                       ("/etc/group", "frontdesk-hooks:x:983:")):
        if not re.search("^frontdesk-hooks:", read(path), re.MULTILINE):
            write(path, read(path).rstrip("\n") + f"\n{line}\n")
    write(HOOK, HOOK_PROGRAM, 0o755)
    write(TOLD, "")
    for path in (os.path.dirname(TOLD), TOLD):
        shutil.chown(path, "frontdesk-hooks", "frontdesk-hooks")


class Kiosk:
    """The desk with its screen, and a clock that can be set."""

    def __init__(self, desk):
        self.desk, self.later = desk, 0
        write("/etc/pam.d/frontdesk-kiosk", read("/usr/share/doc/frontdesk/examples/pam/frontdesk-kiosk"))
        shutil.copy(os.path.join(os.environ["PROGRAMS"], "tests/faults/clock_shift.so"), PRELOADED)
        with open(SHIFT, "wb") as file:
            file.write(struct.pack("q", 0))
        hire_hooks()
        desk.configure(main=MAIN, corp=CORP)
        desk.start("keeper", [f"{LIBEXEC}/frontdesk-keeper", "--listen"], lambda: listens("/run/frontdesk/keeper.sock"),
                   env={**os.environ, "LD_PRELOAD": PRELOADED, "CLOCK_SHIFT": SHIFT})
        desk.start_helper()
        desk.start("hooks", [f"{LIBEXEC}/frontdesk-hooks"], lambda: listens("/run/frontdesk/hooks.sock"))
        desk.start("kiosk", [f"{LIBEXEC}/frontdesk-kiosk"], lambda: os.path.exists(f"{RUN}/start.html"))

    @property
    def address(self):
        return f"http://127.0.0.1:{PORT}/{read(f'{RUN}/token')}/"

    def let_two_minutes_pass(self):
        """A second scan within them says “already in”. Nobody is made to wait: the keeper's clock is set on."""
        self.later += TWO_MINUTES
        with open(SHIFT, "r+b") as file:
            file.write(struct.pack("q", self.later))

    @staticmethod
    def told():
        """The events that the program was given, one a line."""
        return [line for line in read(TOLD).splitlines() if line]

    def tell_hooks(self):
        print("# what on_check_in and on_check_out were told")
        print("\n".join(self.told()) + "\n", flush=True)

    def ask(self, *words):
        """Prints what the administrator's command says."""
        print(f"# frontdesk {' '.join(words)}")
        print(self.desk.cli(*words, check=False), flush=True)


def told(line):
    """A state as other displays hear it, in words: with the address that the phone opens."""
    return "  ".join(filter(None, [line["state"], line.get("code"), line.get("uri_complete")]))


# With people in front

def watch(after):
    """Prints each state of the screen as it comes, and notes each code for `make demo-approve`."""
    with socket.socket(socket.AF_UNIX) as screen:
        screen.connect(f"{RUN}/screen.sock")
        for line in map(json.loads, screen.makefile(encoding="utf-8")):
            if line["state"] == "code":  # before it is seen: whoever sees it may approve
                leave_note("url", line["uri_complete"])
            print(f"  screen {line['viewer']}: {told(line)}", flush=True)
            if line["state"] in ("checked_in", "checked_out", "already"):
                after()


def obey(kiosk):
    """What is typed at the demo's terminal, until it is to end. Without one it goes on until it is told to."""
    for line in sys.stdin:
        word = line.strip()
        if word in ("now", "list"):
            kiosk.ask("check-ins", word)
        elif word == "status":
            kiosk.ask("status")
        elif word == "hooks":
            kiosk.tell_hooks()
        elif word == "later":
            kiosk.let_two_minutes_pass()
            print("  (two minutes have passed: another scan checks out)", flush=True)
        elif word == "quit":
            return
        elif word:
            print(WORDS, end="", flush=True)
    if not sys.stdin.isatty():
        signal.pause()


def by_hand(kiosk):
    leave_note("who", "alice")
    with subprocess.Popen(["node", "tools/demo-relay.mjs", f"{FOLDER}/kiosk.sock={PORT}"], stdin=subprocess.PIPE) as relay:
        stage.eventually(lambda: os.path.exists(f"{FOLDER}/kiosk.sock"))
        print(f"""This is a front desk with a check-in screen, in namespaces of its own. Its identity provider knows
{NAMES}; none of them is a member here yet.

  The screen:  {kiosk.address}

  * Open it in a browser of this machine, if it has not opened by itself, and touch it: it shows a code.
  * Be the visitor's phone in a second browser window: open the address that stands below with the code (its
    certificate is made for this demo: accept it). Or run `make demo-approve WHO=bob` in a second terminal.
  * Then press the button on the screen. A second scan says “already in” for two minutes, and checks out after them.
  * A browser of another computer gets here by ssh -L {PORT}:127.0.0.1:{PORT} -L {stage.PORT}:127.0.0.1:{stage.PORT}

Words for this terminal, Ctrl-C ends it:
{WORDS}""", flush=True)
        with open(f"{FOLDER}/page", "w", encoding="utf-8") as browser:
            browser.write(kiosk.address + "\n")
        threading.Thread(target=watch, args=[lambda: kiosk.ask("check-ins", "now")], daemon=True).start()
        obey(kiosk)
        relay.terminate()
    return 0


# Alone

def visit(kiosk, who):
    """A visitor from the first touch until the screen has forgotten them; what the screen said last of them."""
    shown, last = {}, ""
    with page.Page(read(f"{RUN}/token")) as screen:
        while shown.get("state") != "idle":
            shown = screen.until("state")
        screen.act("start")
        while last not in ("checked_in", "checked_out", "already"):
            shown = screen.until("state")
            last = shown["state"]
            more = [shown.get(key) for key in ("code", "uri", "text") if shown.get(key)]
            print("  ".join(["  screen:", last, *more, *([shown["name"]] if shown.get("name") else [])]), flush=True)
            if last == "code":
                print(f"  [{who}'s phone: opens {shown['uri']}?user_code={shown['code']} and approves]", flush=True)
                kiosk.desk.approve(shown["code"], who)
            elif last == "approved":
                print(f"  [{who} presses the button]", flush=True)
                screen.act("confirm")
            elif last not in ("starting", "checked_in", "checked_out", "already"):
                raise AssertionError(f"the screen shows {shown}")
        screen.until("reset")
        print("  screen: reset: it forgets everything and is idle again", flush=True)
    return last


def alone(kiosk):
    print("Visitor and phone are played here; what the screen shows is what its page was told.", flush=True)
    acts = (("alice touches the screen; nobody here knows her yet", "checked_in"),
            ("She scans again at once: within two minutes nothing changes", "already"),
            ("Two minutes later (nobody has to wait: the keeper's clock is set on), she leaves", "checked_out"))
    for number, (words, wanted) in enumerate(acts, 1):
        headline(f"{number}. {words}")
        if wanted == "checked_out":
            kiosk.let_two_minutes_pass()
        came = visit(kiosk, "alice")
        if came != wanted:
            raise AssertionError(f"the screen said {came}, not {wanted}")
        kiosk.ask("check-ins", "now")
    headline(f"{len(acts) + 1}. What the desk knows")
    kiosk.ask("check-ins", "list")
    if not stage.eventually(lambda: len(kiosk.told()) == 2):
        raise AssertionError(f"the hook was told {kiosk.told()}")
    kiosk.tell_hooks()
    kiosk.ask("status")
    return 0


def main():
    desk = stage.Desk()
    desk.start_provider(sock=os.path.join(FOLDER, "idp.sock"))
    shutil.copy(stage.CA, os.path.join(FOLDER, "ca.pem"))
    os.chmod(FOLDER, 0o755)
    try:
        kiosk = Kiosk(desk)
        return alone(kiosk) if AUTO else by_hand(kiosk)
    except (AssertionError, OSError) as why:
        print(f"\n{why}\n{desk.complaints()}", file=sys.stderr)
        return 1
    finally:
        desk.stop("kiosk")
        desk.stop("hooks")
        desk.stop_services()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts its background with it ignored
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
