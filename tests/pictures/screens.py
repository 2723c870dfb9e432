# SPDX-License-Identifier: BSD-2-Clause
"""Photographs every state of the check-in screen, each brought about as a visitor or a machine really does, into the
folder PICTURES."""
import os
import shutil
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "kiosk_e2e")]
import kiosk as stage  # noqa: E402
from kiosk import PEOPLE, SCRATCH, Screen, visit, write  # noqa: E402

PICTURES = os.environ["PICTURES"]
LOGO = "/etc/frontdesk/corner-house.svg"
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f5f5b"/>
<path d="M6 26V12l10-6 10 6v14h-7v-8h-6v8z" fill="#fff"/></svg>"""
CORP = stage.CORP.replace("Sign in with Corp", "The Corner House") + f"icon = {LOGO}\n"
TIMES = "confirm_after = 15 s\nreset_after = 8 s\n"  # the defaults
LIFETIME = "code_lifetime = 120"
LANDSCAPE, PORTRAIT = (1280, 800), (800, 1280)
SCALE = 0.75


class Photographer:
    def __init__(self):
        write(LOGO, DRAWING)
        stage.CORP = CORP
        self.desk = stage.stage.Desk()
        self.kiosk = stage.Kiosk(self.desk)
        self.screen = self.kiosk.screen
        self.stand()
        self.prepare()

    def stand(self, size=LANDSCAPE, scheme="light"):
        self.screen.remote("stand", width=size[0], height=size[1], scheme=scheme, scale=SCALE)

    def prepare(self, **more):
        self.kiosk.reconfigure(**{"kiosk": TIMES, "service": LIFETIME, **more})

    def take(self, name):
        file = f"{SCRATCH}/{name}.png"
        self.screen.remote("photograph", file=file, optimizeForSpeed=False)
        subprocess.run(["node", os.path.join(HERE, "png.mjs"), file, f"{file}.small"], check=True)
        shutil.copyfile(f"{file}.small", f"{PICTURES}/{name}.png")
        print(f"  {name}.png", flush=True)

    def take_when(self, state):
        self.screen.until(state)
        self.take(f"kiosk-{state}")

    # Visits

    def starting(self):
        """A provider that takes its time."""
        provider = self.desk.children["provider"]
        provider.send_signal(signal.SIGSTOP)
        try:
            self.screen.remote("touch")
            self.take_when("starting")
        finally:
            provider.send_signal(signal.SIGCONT)
        self.screen.until("code")
        self.cancel()

    def cancel(self):
        self.screen.press('[data-action="cancel"]')
        self.screen.until("idle")

    def code(self, name, **how):
        self.stand(**how)
        self.screen.touch_for_code()
        self.take(name)
        self.cancel()
        self.stand()

    def check_in(self, state):
        assert visit(self.screen.touch_for_code(), "alice") == "approved"
        self.screen.until("approved")
        if state == "checked_in":
            self.take("kiosk-approved")
        self.screen.press()
        self.take_when(state)
        self.screen.until("idle")

    def refused(self, state, who, deny=False):
        visit(self.screen.touch_for_code(), who, deny)
        self.take_when(state)
        self.screen.until("idle")

    def touch_and_take(self, state):
        self.screen.remote("touch")
        self.take_when(state)

    # What the machine does to them

    def busy(self):
        self.prepare(main="sign_ins = 1\n")
        other = Screen(self.kiosk, "other")
        other.touch_for_code()
        self.touch_and_take("busy")
        other.press('[data-action="cancel"]')
        other.close()
        self.screen.until("code")
        self.cancel()

    def unreachable(self):
        self.prepare()
        self.desk.stop("provider")
        self.touch_and_take("unreachable")
        self.cancel()
        self.desk.start_provider()

    def out_of_order(self):
        self.prepare()
        write("/etc/frontdesk/corp.secret", "not the client's secret\n", 0o640, "root", "frontdesk")
        self.touch_and_take("out_of_order")

    def lost(self):
        self.desk.stop("kiosk")
        self.take_when("lost")


def main():
    PEOPLE["root"] = "Robert Ott"  # nobody may be called that on a Linux machine
    camera = Photographer()
    camera.take("kiosk-idle")
    camera.starting()
    camera.code("kiosk-code")
    camera.code("kiosk-code-dark", scheme="dark")
    camera.code("kiosk-code-portrait", size=PORTRAIT)
    camera.check_in("checked_in")
    camera.check_in("already")
    camera.kiosk.set_clock(125)
    camera.check_in("checked_out")
    camera.refused("denied", "bob", deny=True)
    camera.refused("refused", "root")
    camera.prepare(service="code_lifetime = 1 s")
    camera.touch_and_take("expired")
    camera.screen.until("idle")
    stage.CORP = CORP.replace("create_users = yes", "create_users = no")
    camera.prepare()
    camera.refused("not_member", "dave")
    stage.CORP = CORP
    for name, language in (("german", "de"), ("arabic", "ar")):
        write("/etc/frontdesk/frontdesk.conf.d/language.conf", f"[machine]\nlanguage = {language}\n")
        camera.prepare()
        camera.code(f"kiosk-code-{name}")
    os.unlink("/etc/frontdesk/frontdesk.conf.d/language.conf")
    camera.busy()
    camera.unreachable()
    camera.out_of_order()
    camera.lost()


if __name__ == "__main__":
    sys.exit(main())
