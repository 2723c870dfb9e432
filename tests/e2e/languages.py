# SPDX-License-Identifier: BSD-2-Clause
"""The terminal speaks the machine's language, where it can show it."""
import sys

import desk as stage
from terminal import ENVIRONMENT

WARNING = {"de": "Nur bestätigen, wenn Sie sich dort gerade selbst anmelden",
           "ar": "لا توافق إلا إذا كنت تسجّل الدخول هناك بنفسك الآن",
           "en": "Approve only if you are signing in there yourself"}
DENIED = {"de": "Die Anmeldung wurde am anderen Gerät abgelehnt",
          "ar": "رُفض تسجيل الدخول على الجهاز الآخر"}
ENTER = {"de": "Nach dem Bestätigen Enter drücken: ", "ar": "اضغط Enter بعد الموافقة: "}


def _speak(desk, language):
    desk.configure(main=f"{stage.MAIN}\n[machine]\nname = desk\nlanguage = {language}\n")


def _over_ssh(desk, language):
    _speak(desk, language)
    with desk.ssh("alice") as terminal:
        code = terminal.code()
        terminal.expect(ENTER[language])
        assert WARNING[language] in terminal.text, terminal.text
        desk.approve(code, "alice")
        terminal.type()
        terminal.expect(r"\$ ")
        assert terminal.run("id -un") == "alice"


def a_member_signs_in_over_ssh_in_german(desk):
    with desk.sign_in_on_console("alice") as console:
        console.type("exit")
        console.end()
    _over_ssh(desk, "de")


def a_member_signs_in_over_ssh_in_arabic(desk):
    _over_ssh(desk, "ar")


def _refused_on_a_console(desk, language):
    _speak(desk, language)
    with desk.login("alice") as console:
        code = console.code()
        assert WARNING[language] in console.text, console.text
        desk.approve(code, "alice", deny=True)
        console.expect(DENIED[language])


def a_refusal_is_told_in_german(desk):
    _refused_on_a_console(desk, "de")


def a_refusal_is_told_in_arabic(desk):
    _refused_on_a_console(desk, "ar")


def a_terminal_that_may_not_know_the_letters_gets_english(desk):
    _speak(desk, "ar")
    with desk.login("alice", environment=ENVIRONMENT | {"LANG": "C"}) as console:
        console.code()
        assert WARNING["en"] in console.text, console.text
        assert console.text.isascii(), console.text


def a_language_that_nobody_translated_is_english(desk):
    _speak(desk, "tlh")
    with desk.ssh("alice") as terminal:
        terminal.code()
        assert WARNING["en"] in terminal.text, terminal.text


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], stage.everything))
