# SPDX-License-Identifier: BSD-2-Clause
"""The two stacks, as they are shipped, through libpam: who still gets in while the helper is absent."""
import os
import re

from liar import (AUTH_ERR, AUTHINFO_UNAVAIL, DENY, IGNORED, PERM_DENIED, SESSION_ERR, SUCCESS, UNAVAIL, USER_UNKNOWN,
                  hello, verdict)

SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../packaging/pam")
DESIGNED = {
    "passwords-allowed": """
auth [success=done ignore=ignore authinfo_unavail=ignore default=die] pam_frontdesk.so password_login=allowed
auth required pam_unix.so
account required pam_frontdesk.so
account required pam_unix.so
session required pam_frontdesk.so
session required pam_unix.so
""",
    "passwords-denied": """
auth [success=done ignore=ignore default=die] pam_frontdesk.so break_glass=root
auth required pam_unix.so
account required pam_frontdesk.so break_glass=root
account required pam_unix.so
session required pam_frontdesk.so break_glass=root
session required pam_unix.so
""",
}


def _write(bench, name, text):
    """In place of the system's password module stands one that always agrees: its success tells it was reached."""
    text = re.sub(r"pam_frontdesk\.so(.*)", rf"{bench.module} socket={bench.path}\1", text)
    text = re.sub(r"pam_(unix|mkhomedir)\.so.*", "pam_permit.so", text)
    text = re.sub(r"(?m)^@include.*$", "", text)
    with open(os.path.join(bench.folder, name), "w", encoding="ascii") as file:
        file.write(text)


def _stacks(bench, name):
    """Both the shipped file and the words of the design; they must behave alike."""
    with open(os.path.join(SHIPPED, name), encoding="ascii") as file:
        texts = [DESIGNED[name], file.read()]
    for text in texts:
        _write(bench, "stack", text)
        yield text


def _run(bench, user, *phases, script=None):
    command = [*bench.host(), "-s", "stack", "-u", user, *phases]
    if script is None:
        return bench.run(command).codes
    with bench.listening():
        return bench.run(command, [script]).codes


def _expect(bench, name, expected, phases, script=None):
    for text in _stacks(bench, name):
        for user, codes in expected.items():
            found = _run(bench, user, *phases, script=script)
            assert found == codes, (user, phases, found, text)


def without_a_helper_passwords_work_where_they_are_allowed(bench):
    _expect(bench, "passwords-allowed", {"maria": [SUCCESS], "root": [SUCCESS]}, ["auth"])
    _expect(bench, "passwords-allowed", {"maria": [SUCCESS] * 3}, ["account", "open", "close"])


def without_a_helper_passwords_count_for_break_glass_only_where_they_are_denied(bench):
    _expect(bench, "passwords-denied", {"root": [SUCCESS]}, ["auth"])
    _expect(bench, "passwords-denied", {"maria": [USER_UNKNOWN], "alice": [AUTHINFO_UNAVAIL],
                                        "ghost": [AUTHINFO_UNAVAIL]}, ["auth"])
    _expect(bench, "passwords-denied", {"root": [SUCCESS] * 3, "maria": [SUCCESS] * 3}, ["account", "open", "close"])


def without_a_helper_a_key_lets_no_member_in(bench):
    for name in DESIGNED:
        _expect(bench, name, {"alice": [AUTHINFO_UNAVAIL], "ghost": [AUTHINFO_UNAVAIL]}, ["account"])
        _expect(bench, name, {"alice": [SESSION_ERR]}, ["open"])


def a_refusal_never_leads_on_to_a_password(bench):
    for name in DESIGNED:
        _expect(bench, name, {"alice": [AUTH_ERR]}, ["auth"], script=(hello(), verdict(DENY)))
        _expect(bench, name, {"alice": [AUTH_ERR]}, ["auth"], script=(hello(), verdict(user="bruno")))
        _expect(bench, name, {"alice": [PERM_DENIED]}, ["account"], script=(hello(), verdict(DENY)))


def a_service_without_a_connection_leads_on_only_where_passwords_are_allowed(bench):
    for kind in (IGNORED, UNAVAIL):
        _expect(bench, "passwords-allowed", {"alice": [SUCCESS]}, ["auth"], script=(hello(), verdict(kind)))
        _expect(bench, "passwords-denied", {"alice": [AUTHINFO_UNAVAIL]}, ["auth"], script=(hello(), verdict(kind)))


def an_allow_is_enough_in_both(bench):
    for name in DESIGNED:
        _expect(bench, name, {"alice": [SUCCESS, SUCCESS]}, ["auth", "setcred"], script=(hello(), verdict()))


def the_module_is_named_in_the_log(bench):
    for _ in _stacks(bench, "passwords-denied"):
        command = [*bench.host(), "-s", "stack", "-u", "alice", "auth"]
        logs = bench.run(command).logs
        assert logs == ["pam_frontdesk(stack:auth): unavailable user=alice reason=no_helper phase=auth service=stack rhost="], logs
