# SPDX-License-Identifier: BSD-2-Clause
"""A front desk with a check-in screen: the room of tests/e2e, the kiosk's server as its own user, real browsers before
it, and visitors whose phones follow what the screen shows."""
import atexit
import functools
import json
import os
import shutil
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "e2e"), os.path.join(HERE, "..", "kiosk")]
import desk as stage  # noqa: E402
import phone  # noqa: E402
from place import PORT, as_user, hand_over, port_held  # noqa: E402,F401
from proc import listens  # noqa: E402
from room import LIBEXEC, PROGRAMS, SCRATCH, read, write  # noqa: E402
from scene import audit  # noqa: E402,F401
from tap import eventually  # noqa: E402,F401

PATIENCE_S = 90  # for what must come: a test waits this long only when it fails
LONG = "600 s"  # what must not run out while a slow machine works
HOST = f"127.0.0.1:{PORT}"
RUN = "/run/frontdesk-kiosk"
SERVICE = "frontdesk-kiosk"
PEOPLE = {"alice": "Alice Adams", "bob": "Bob Brown", "carol": "Carol Clark", "dave": "Dave Diaz", "erin": "Erin Evans"}
SHIFT, PRELOADED = f"{SCRATCH}/clock.shift", f"{SCRATCH}/clock_shift.so"
CORP = stage.CORP.replace("login sshd su su-l sudo", SERVICE)


class Remote:
    """Does in the browsers what the test wishes, one after the other."""

    def __init__(self):
        folder = f"{SCRATCH}/browsers"
        os.mkdir(folder)
        self.process = subprocess.Popen(
            ["node", os.path.join(HERE, "remote.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "TMPDIR": folder, "O": os.path.abspath(os.environ["O"])})
        atexit.register(self.close)

    def __call__(self, wish, **more):
        self.process.stdin.write(json.dumps({"wish": wish, **more}) + "\n")
        self.process.stdin.flush()
        came = json.loads(self.process.stdout.readline())
        if "error" in came:
            raise AssertionError(f"{wish} {more}: {came['error']}")
        return came["result"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Screen:
    """A tab of a browser that shows the kiosk's page."""

    def __init__(self, kiosk, name, browser="one"):
        self.kiosk, self.name = kiosk, name
        self.remote("tab", browser=browser)
        self.remote("go", url=f"file://{RUN}/start.html")
        self.until("idle" if kiosk.waits_for_touch else "code")

    def remote(self, wish, **more):
        return self.kiosk.remote(wish, tab=self.name, **more)

    def until(self, *names):
        return self.remote("until", names=names, seconds=PATIENCE_S)

    def press(self, selector="button.main"):
        self.remote("press", selector=selector)

    def touch_for_code(self):
        self.remote("touch")
        return self.until("code")

    def address(self):
        """What somebody else's decoder reads from a photograph of the screen."""
        file = f"{SCRATCH}/screen.png"
        self.remote("photograph", file=file)
        return subprocess.run(["zbarimg", "-q", "--nodbus", "--raw", "-Sdisable", "-Sqrcode.enable", file],
                              capture_output=True, text=True, check=True).stdout.strip()

    def approve(self, code, who):
        """The visitor's phone, once the code is on the screen; then the screen greets."""
        assert visit(code, who) == "approved"
        shown = self.until("approved")
        assert f"Welcome, {PEOPLE[who]}" in shown["text"], shown
        return shown

    def to_approved(self, who):
        return self.approve(self.touch_for_code(), who)

    def check_in(self, who, outcome="checked_in"):
        """From idle to idle; what the screen said last."""
        self.to_approved(who)
        self.press()
        shown = self.until(outcome)
        self.until("idle")
        return shown

    def state(self):
        return self.remote("evaluate", script="document.body.dataset.state")

    def reload(self):
        self.remote("seen")
        self.remote("reload")
        return self.until("idle" if self.kiosk.waits_for_touch else "code")

    def text(self):
        return self.remote("evaluate", script="document.documentElement.outerHTML")

    def close(self):
        self.remote("close")


def visit(code, who, deny=False):
    """A phone that was told the address in words."""
    return phone.visit(f"{code['uri']}?user_code={code['code']}", who, deny, stage.CA)


class Kiosk:
    def __init__(self, desk):
        self.desk = desk
        shutil.copy(os.path.join(PROGRAMS, "frontdesk-kiosk"), f"{LIBEXEC}/frontdesk-kiosk")
        shutil.copy(os.path.join(os.environ["O"], "tests/faults/clock_shift.so"), PRELOADED)
        write(f"/etc/pam.d/{SERVICE}", read(f"/usr/share/doc/frontdesk/examples/pam/{SERVICE}"))
        self.set_clock(0)
        self.configure()
        desk.start_provider()
        self.start_keeper()
        desk.start_helper()
        self.sockets = port_held()
        self.start()
        self.remote = Remote()
        self.profile = self.remote("launch", browser="one")["folder"]
        self.screen = Screen(self, "first")

    # Configuration

    def configure(self, kiosk="", service="", main="", create_users="yes"):
        """Long times, so that nothing runs out by itself; what `kiosk` says counts instead."""
        self.waits_for_touch = "always" not in kiosk
        times = "".join(f"{name} = {value}\n" for name, value in (("confirm_after", LONG), ("reset_after", "1 s"))
                        if name not in kiosk)
        self.desk.configure(main=f"[kiosk]\nlisten = {HOST}\n{times}{kiosk}\n[machine]\nname = desk-7\n"
                            f"location = Berlin\n[service {SERVICE}]\n{service or 'code_lifetime = ' + LONG}\n"
                            f"[limits]\nsign_ins_per_host = 100\n{main}",
                            corp=CORP.replace("create_users = yes", f"create_users = {create_users}"))

    def reconfigure(self, **settings):
        """The open page, which nobody uses, comes anew with these settings; what it shows then."""
        self.screen.remote("evaluate", script="void (window.is_old = true)")
        self.screen.remote("seen")
        self.configure(**settings)
        shown = self.screen.until("idle" if self.waits_for_touch else "code")
        assert not self.screen.remote("evaluate", script="!!window.is_old")
        return shown

    # Processes

    def start(self):
        """As its unit does, by sockets that stay when it ends."""
        command, fds = hand_over([f"{LIBEXEC}/frontdesk-kiosk"], self.sockets)
        return self.desk.start("kiosk", command, lambda: listens(f"{RUN}/screen.sock"), pass_fds=fds)

    def start_keeper(self):
        """With a clock that can be set."""
        options = os.environ["ASAN_OPTIONS"] + ":verify_asan_link_order=0"
        return self.desk.start(
            "keeper", [f"{LIBEXEC}/frontdesk-keeper", "--listen"], lambda: listens("/run/frontdesk/keeper.sock"),
            env={**os.environ, "LD_PRELOAD": PRELOADED, "CLOCK_SHIFT": SHIFT, "ASAN_OPTIONS": options})

    @staticmethod
    def set_clock(seconds):
        """The keeper's time of day is off by so much."""
        with open(SHIFT, "r+b" if os.path.exists(SHIFT) else "wb") as file:
            file.write(struct.pack("q", seconds))

    @property
    def pid(self):
        return self.desk.children["kiosk"].pid

    @property
    def token(self):
        return read(f"{RUN}/token")

    # Facts

    def check_ins(self):
        return [json.loads(line) for line in self.desk.cli("check-ins", "list", "--json").splitlines()]

    def said(self):
        """What the kiosk's own processes wrote to the log."""
        return [line for line in self.desk.log.since(0) if "frontdesk-kiosk" in line.split(": ")[0]]


def the_browser_complained_about_nothing_and_loaded_nothing_that_is_not_the_pages_own(kiosk):
    names = ("", "kiosk.css", "kiosk.js", "icon", "events", "act")
    known = {f"asked for http://{host}/{kiosk.token}/{name}" for name in names for host in (HOST, f"localhost:{PORT}")}
    known |= {f"asked for file://{RUN}/start.html"}
    complaints = [said for said in kiosk.remote("heard", browser="one")
                  if said not in known and "Permissions-Policy header: Unrecognized feature" not in said]
    assert not complaints, complaints


def no_sanitizer_had_anything_to_say(kiosk):
    kiosk.desk.stop("kiosk")
    stage.no_sanitizer_had_anything_to_say(kiosk.desk)
    reports = [line for line in read(f"{SCRATCH}/kiosk.err").splitlines()]
    assert not reports, reports


def _from_idle(test):
    """What one test left on the screen does not touch the next."""
    @functools.wraps(test)
    def begin(kiosk):
        if kiosk.screen.state() != "idle":
            kiosk.screen.reload()
        kiosk.screen.remote("seen")
        test(kiosk)
    return begin


def main(module, between=_from_idle):
    """Makes the desk and its screen and runs a test file on them; the exit status."""
    desk = stage.Desk()
    try:
        kiosk = Kiosk(desk)
    except AssertionError:
        print(desk.complaints(), file=sys.stderr)
        raise
    tests = [between(test) for test in stage.tests_of(module)]
    last = [the_browser_complained_about_nothing_and_loaded_nothing_that_is_not_the_pages_own,
            no_sanitizer_had_anything_to_say]
    return stage.run(tests + last, kiosk, explain=desk.complaints)
