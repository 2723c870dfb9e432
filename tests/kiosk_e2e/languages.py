# SPDX-License-Identifier: BSD-2-Clause
"""The screen speaks the machine's language: what the page says itself, and what a sign-in has to tell."""
import sys

import kiosk as stage
from kiosk import visit
from room import read, write

MAIN = "/etc/frontdesk/frontdesk.conf"

IDLE = {"de": "Mit dem Telefon einchecken", "ar": "سجّل حضورك بهاتفك"}
TOUCH = {"de": "Ihr Telefon muss diesen Code zeigen:", "ar": "يجب أن يعرض هاتفك هذا الرمز:"}
WELCOME = {"de": "Willkommen, Alice Adams", "ar": "مرحبًا، Alice Adams"}
DONE = {"de": "Sie sind eingecheckt", "ar": "حضورك مسجّل بالفعل"}
DENIED = {"de": "Die Anmeldung wurde am anderen Gerät abgelehnt", "ar": "رُفض تسجيل الدخول على الجهاز الآخر"}
DIRECTION = {"de": "ltr", "ar": "rtl"}


def _speak(kiosk, language):
    """The open page comes anew in that language."""
    kiosk.screen.remote("seen")
    lines = [line for line in read(MAIN).splitlines() if not line.startswith("language")]
    lines.insert(lines.index("[machine]") + 1, f"language = {language}")
    write(MAIN, "\n".join(lines) + "\n")
    return kiosk.screen.until("idle")


def _visits(kiosk, language, outcome):
    screen = kiosk.screen
    shown = _speak(kiosk, language)
    assert IDLE[language] in shown["text"], shown
    assert screen.remote("evaluate", script="document.documentElement.lang + document.documentElement.dir") \
        == language + DIRECTION[language]
    code = screen.touch_for_code()
    assert TOUCH[language] in code["text"], code
    assert visit(code, "alice") == "approved"
    assert WELCOME[language] in screen.until("approved")["text"]
    screen.press()
    assert DONE[language] in screen.until(outcome)["text"]
    screen.until("idle")
    assert visit(screen.touch_for_code(), "alice", deny=True) == "denied"
    told = screen.until("denied")["text"]
    assert DENIED[language] in told, told
    screen.until("idle")


def a_visitor_is_checked_in_and_another_refused_in_german(kiosk):
    _visits(kiosk, "de", "checked_in")


def likewise_in_arabic_from_right_to_left(kiosk):
    _visits(kiosk, "ar", "already")


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__]))
