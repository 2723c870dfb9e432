# SPDX-License-Identifier: BSD-2-Clause
"""What the PAM module writes to the log by itself, as a syslog daemon gets it: nobody else was asked."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import desk as stage  # noqa: E402
from room import pam_stack  # noqa: E402
from scene import audit, code_of  # noqa: E402

AUTHPRIV, WARNING, NOTICE = 10, 4, 5
LINE_MAX = 600  # bytes
PHASES = ("auth", "account", "session")
WORDS = {"auth": "auth", "account": "account", "session": "open_session"}
SECRET = "typed-by-mistake-0815"


def _prepare(desk):
    for service in ("desk-a", "desk-b"):
        pam_stack(service, "denied")


def _lines(desk, mark, word="pam_frontdesk("):
    assert desk.log.wait(mark, word), desk.log.since(mark)
    return [line[line.index("pam_frontdesk("):] for line in desk.log.since(mark, word)]


def each_phase_is_one_line_with_who_where_and_why(desk):
    for phase in PHASES:
        mark = desk.log.mark()
        desk.pam("desk-b", "alice", "rhost=198.51.100.7", phase)
        line, = _lines(desk, mark)
        wanted = f"unavailable user=alice reason=no_helper phase={WORDS[phase]} service=desk-b rhost=198.51.100.7"
        assert line == f"pam_frontdesk(desk-b:{phase}): {wanted}", line
        assert desk.log.priorities(mark, "pam_frontdesk(") == [(AUTHPRIV, WARNING)]


def break_glass_is_told_in_every_phase(desk):
    mark = desk.log.mark()
    said = desk.pam("desk-a", "root", *PHASES, answers=stage.PASSWORD + "\n")
    assert code_of(said) == "SUCCESS", said
    lines = _lines(desk, mark)
    for phase in (*(WORDS[phase] for phase in PHASES), "close_session"):
        assert any(f"passed on user=root reason=break_glass phase={phase} service=desk-a" in line for line in lines), lines
    assert set(desk.log.priorities(mark, "pam_frontdesk(")) == {(AUTHPRIV, NOTICE)}


def foreign_words_stay_within_their_field_and_their_line(desk):
    for word in ("x\nAccepted publickey for root", "a user=root reason=ok", "\x1b[2J\x9b", "%s%n%n", "\u202e"):
        mark = desk.log.mark()
        desk.pam("desk-b", word, f"rhost={word}", "auth")
        line, = _lines(desk, mark)
        assert all(0x20 < ord(c) < 0x7f for c in line.replace(" ", "")), line
        fields = [field.split("=", 1)[0] for field in line.split(" ")[1:]]
        assert fields == ["unavailable", "user", "reason", "phase", "service", "rhost"], line


def a_long_word_is_cut_visibly(desk):
    mark = desk.log.mark()
    desk.pam("desk-b", "u" * 200, "rhost=" + "h" * 250, "auth")
    line, = _lines(desk, mark)
    assert len(line) < LINE_MAX and f" user={'u' * 64}... " in line and line.endswith(f" rhost={'h' * 64}..."), line


def what_a_command_changes_is_told_as_it_is_recorded(desk):
    mark = desk.log.mark()
    desk.cli("members", "invite", "zed", "--email", "zed@acme.com")
    desk.cli("members", "disable", "zed")
    desk.cli("connection", "disable", "corp")
    desk.cli("connection", "enable", "corp")
    lines = [json.loads(line[line.index("{"):]) for line in _told(desk, mark, 4)]
    kept = [{name: value for name, value in record.items() if value is not None} for record in audit()[-4:]]
    assert lines == kept, (lines, kept)
    assert [line["event"] for line in lines] == ["members_invite", "members_disable", "connection_disable", "connection_enable"]
    assert desk.log.priorities(mark, '"event":') == [(AUTHPRIV, NOTICE)] * 4


def a_change_with_long_words_is_still_a_line_of_json(desk):
    mark = desk.log.mark()
    subject = "s" * 200
    desk.cli("members", "rebind", "zed", "--issuer", f"{stage.ISSUER}/" + "i" * 400, "--subject", subject, "--connection", "corp",
             check=False)
    desk.cli("members", "rename", "zed", "zoe")
    for line in _told(desk, mark, 1):
        assert len(line) < 1100 and json.loads(line[line.index("{"):])["peer_uid"] == 0, line


def _told(desk, mark, count):
    assert stage.eventually(lambda: len(desk.log.since(mark, '"event":')) >= count), desk.log.since(mark)
    return desk.log.since(mark, '"event":')


def nothing_that_was_typed_is_in_the_log(desk):
    mark = desk.log.mark()
    for service, user in (("desk-a", "root"), ("desk-b", "alice"), ("login", "lena"), ("login", "alice")):
        desk.pam(service, user, "auth", answers=(SECRET + "\n") * 4)
    assert _lines(desk, mark) and SECRET not in desk.log.text()


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
