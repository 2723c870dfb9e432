# SPDX-License-Identifier: BSD-2-Clause
"""The PAM application of one sign-in, through libpam and our module, with a helper that the test plays: what the
server is told, and that nothing is recorded without a confirmation."""
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", room) for room in ("pam", "e2e")]
import liar  # noqa: E402
from liar import DENY, UNAVAIL, UNKNOWN_USER, greeter, hello, login_fields, set_, verdict, warn  # noqa: E402
from memory import found_in  # noqa: E402
from page import Page  # noqa: E402
from place import KIOSK_UID, PATIENCE, eventually, has_ended, main  # noqa: E402
from proc import status_of  # noqa: E402

AUTH, ACCOUNT, OPEN, CLOSE = 1, 2, 3, 4
PAGE = json.dumps({"authSelection": {"mechanisms": {"eidp": {
    "name": "Acme", "role": "eidp", "linkPrompt": "Scan.", "uri": "https://idp.example/device?user_code=ABCD-EFGH",
    "uriPlain": "https://idp.example/device", "code": "ABCD-EFGH", "timeout": 110, "lifetime": 120}}, "priority": ["eidp"]}})
EIDP = b"\x02\x01" + liar.string("eidp")
ALLOW = verdict(user="")
CONFIRM = b'{"action":"confirm"}'


class Helper:
    """The socket of a helper; each phase is a connection of its own."""

    def __init__(self, place):
        self.path = f"{place.folder}/helper.sock"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(self.path)
        os.chmod(self.path, 0o666)
        self.listener.listen(16)
        self.listener.settimeout(PATIENCE)

    def take(self, phase):
        """The connection of the next phase, after its LOGIN, with HELLO said."""
        connection = self.listener.accept()[0]
        connection.settimeout(PATIENCE)
        login = login_fields(connection.recv(65536))
        assert (login["phase"], login["service"], login["user"]) == (phase, "frontdesk-kiosk", ""), login
        _say(connection, hello())
        return connection, login

    def is_asked(self):
        return bool(select.select([self.listener], [], [], 0)[0])

    def close(self):
        self.listener.close()


def _say(connection, *packets):
    for packet in packets:
        liar.send_as(liar.sender_of(packet), connection, packet)


class SignIn:
    """The process, and the server's end of its socket."""

    def __init__(self, place, confirm_after=15):
        self.sock, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.sock.settimeout(PATIENCE)
        self.process = subprocess.Popen(
            [place.program, "--sign-in", f"--confirm-after={confirm_after}", "--log=stderr", "--debug"],
            preexec_fn=lambda: _become_a_worker(theirs.fileno()), stdin=subprocess.DEVNULL, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=open(place.log, "a", encoding="utf-8"),
            env={"PATH": "/usr/bin:/bin", "LANG": "de_DE.UTF-8"})
        theirs.close()

    def hear(self):
        """None: it has ended."""
        packet = self.sock.recv(65536)
        return json.loads(packet) if packet else None

    def status(self):
        return self.process.wait(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()
        self.process.kill()
        self.process.wait()


def _become_a_worker(fd):
    os.dup2(fd, 3)
    os.setgroups([])
    os.setresgid(KIOSK_UID, KIOSK_UID, KIOSK_UID)
    os.setresuid(KIOSK_UID, KIOSK_UID, KIOSK_UID)


def _authenticate(helper, sign_in, name="Ada Lovelace"):
    """Up to the greeting; the connection of auth is closed."""
    connection, login = helper.take(AUTH)
    with connection:
        assert login["greeter_extensions"] == "json" and login["lang"] == ""
        _say(connection, greeter(PAGE))
        shown = sign_in.hear()
        assert connection.recv(4096) == EIDP
        _say(connection, set_("FRONTDESK_SESSION", "the-ticket"), set_("FRONTDESK_NAME", name), ALLOW)
    connection, login = helper.take(ACCOUNT)
    with connection:
        assert login["ticket"] == "the-ticket"
        _say(connection, ALLOW)
    assert sign_in.hear() == {"state": "approved", "name": name}
    return shown


def the_server_is_given_code_addresses_and_qr(place):
    with _scene(place) as (helper, sign_in):
        shown = _authenticate(helper, sign_in)
        rows = shown.pop("qr")
        assert shown == {"state": "code", "code": "ABCD-EFGH", "uri": "https://idp.example/device",
                         "uri_complete": "https://idp.example/device?user_code=ABCD-EFGH", "lifetime": 120}
        assert len(rows) >= 21 and {len(row) for row in rows} == {len(rows)}
        assert _scanned(place, rows) == "https://idp.example/device?user_code=ABCD-EFGH"


def _scanned(place, rows):
    """What a phone reads off it."""
    scale, margin = 8, 4
    side = (len(rows) + 2 * margin) * scale
    pixels = bytearray(b"\xff" * side * side)
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            for dy in range(scale if module == "1" else 0):
                at = ((y + margin) * scale + dy) * side + (x + margin) * scale
                pixels[at:at + scale] = bytes(scale)
    path = f"{place.folder}/qr.pgm"
    with open(path, "wb") as file:
        file.write(b"P5 %d %d 255\n" % (side, side) + pixels)
    return subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True, text=True, check=True).stdout.strip()


def a_confirmation_opens_the_session_and_tells_what_was_recorded(place):
    for recorded, state in (("in", "checked_in"), ("out", "checked_out"), ("already", "already")):
        with _scene(place) as (helper, sign_in):
            _authenticate(helper, sign_in)
            assert not helper.is_asked()
            sign_in.sock.send(CONFIRM)
            connection, login = helper.take(OPEN)
            with connection:
                assert login["ticket"] == "the-ticket"
                _say(connection, set_("FRONTDESK_CHECK_IN", recorded), set_("FRONTDESK_CHECK_IN_SINCE", "1700000000"), ALLOW)
            assert sign_in.hear() == {"state": state, "name": "Ada Lovelace", "since": 1700000000}
            connection, login = helper.take(CLOSE)
            with connection:
                assert login["ticket"] == "the-ticket"
                _say(connection, ALLOW)
            assert sign_in.hear() is None and sign_in.status() == 0


def without_a_confirmation_no_session_is_opened(place):
    for words in ((), (b'{"action":"start"}',), (b"confirm",), (b'["confirm"]',), (b"{" * 60,)):
        with _scene(place, confirm_after=1) as (helper, sign_in):
            _authenticate(helper, sign_in)
            for word in words:
                sign_in.sock.send(word)
            told = sign_in.hear()
            assert (told["state"], told["reason"]) == ("refused", "timeout"), told
            assert sign_in.hear() is None and sign_in.status() == 0 and not helper.is_asked()


def a_server_that_closes_has_not_confirmed(place):
    with _scene(place) as (helper, sign_in):
        _authenticate(helper, sign_in)
        sign_in.sock.shutdown(socket.SHUT_RDWR)
        sign_in.status()
        assert not helper.is_asked()


def a_refusal_is_told_in_the_helpers_words(place):
    refusal = json.dumps({"refusal": {"reason": "not_allowed", "text": "Bitte fragen Sie am Empfang. ☎", "retryAfter": 7}})
    with _scene(place) as (helper, sign_in):
        connection, _ = helper.take(AUTH)
        with connection:
            _say(connection, greeter(PAGE))
            sign_in.hear()
            connection.recv(4096)
            _say(connection, greeter(refusal, "frontdesk"), verdict(DENY, reason="not_allowed"))
            assert sign_in.hear() == {"state": "refused", "reason": "not_allowed", "text": "Bitte fragen Sie am Empfang. ☎",
                                      "retry_after": 7}
        assert sign_in.status() == 1 and not helper.is_asked()


def what_nobody_explained_has_a_reason_all_the_same(place):
    for kind, reason in ((DENY, "not_allowed"), (UNKNOWN_USER, "not_a_member"), (UNAVAIL, "internal")):
        with _scene(place) as (helper, sign_in):
            connection, _ = helper.take(AUTH)
            with connection:
                _say(connection, warn("Sorry."), verdict(kind, reason="made_up"))
                assert sign_in.hear() == {"state": "refused", "reason": reason, "text": "Sorry."}


def without_a_helper_it_says_so_at_once(place):
    with SignIn(place) as sign_in:
        assert sign_in.hear()["reason"] == "internal" and sign_in.hear() is None


def an_account_that_was_closed_meanwhile_is_not_greeted(place):
    with _scene(place) as (helper, sign_in):
        connection, _ = helper.take(AUTH)
        with connection:
            _say(connection, set_("FRONTDESK_SESSION", "t"), ALLOW)
        connection, _ = helper.take(ACCOUNT)
        with connection:
            _say(connection, verdict(DENY, reason="member_disabled"))
        assert sign_in.hear()["state"] == "refused" and not helper.is_asked()


def a_check_in_that_cannot_be_recorded_is_none(place):
    for packets in ([verdict(DENY, reason="session_unknown")], [ALLOW], [set_("FRONTDESK_CHECK_IN", "maybe"), ALLOW]):
        with _scene(place) as (helper, sign_in):
            _authenticate(helper, sign_in)
            sign_in.sock.send(CONFIRM)
            connection, _ = helper.take(OPEN)
            with connection:
                _say(connection, *packets)
            if packets[-1] == ALLOW:
                helper.take(CLOSE)[0].close()
            told = sign_in.hear()
            assert told is None or told["state"] == "refused", told


def what_cannot_be_drawn_ends_the_sign_in(place):
    for page in ('{"authSelection":{}}', '{"a":1}', PAGE.replace('"uri":', '"url":'), PAGE.replace('"code":', '"kode":'),
                 PAGE.replace("ABCD-EFGH\"", "x" * 600 + "\"", 1)):
        with _scene(place) as (helper, sign_in):
            connection, _ = helper.take(AUTH)
            with connection:
                _say(connection, greeter(page))
                assert sign_in.hear()["state"] == "refused"
                assert connection.recv(4096) == b""


def no_module_can_ask_for_something_to_be_typed(place):
    for packet in (liar.ask("User: ", 1), liar.ask("Code: ", 0)):
        with _scene(place) as (helper, sign_in):
            connection, _ = helper.take(AUTH)
            with connection:
                _say(connection, packet)
                assert sign_in.hear()["state"] == "refused" and connection.recv(4096) == b""


def it_ends_with_its_server_however_that_ends(place):
    """Its parent dies while it waits for the helper, and nobody is left to kill it."""
    place.stop()
    place.start(worker=place.program)
    helper = Helper(place)
    try:
        with Page(place.token) as page:
            page.act("start")
            connection, _ = helper.take(AUTH)
            pid = int(subprocess.run(["pgrep", "-P", str(place.server.pid)], capture_output=True, text=True,
                                     check=True).stdout)
            assert status_of(pid)["Uid"].split()[0] == str(KIOSK_UID) and status_of(pid)["NoNewPrivs"] == "1"
            assert not os.path.exists(f"/proc/{pid}/fd/4") or not _is_of_the_server(pid)
            place.server.send_signal(signal.SIGKILL)
            place.server.wait()
            place.server = None
            assert eventually(lambda: has_ended(pid))
            assert connection.recv(4096) == b""
    finally:
        helper.close()
    place.start()


def _is_of_the_server(pid):
    """Does it hold a socket that listens?"""
    held = subprocess.run(["ss", "-Hltnxp"], capture_output=True, text=True, check=False).stdout
    return f"pid={pid}," in held


def the_served_page_walks_through_a_real_sign_in(place):
    place.stop()
    place.start(worker="/proc/self/exe")
    helper = Helper(place)
    try:
        with Page(place.token) as page:
            page.act("start")
            connection, _ = helper.take(AUTH)
            with connection:
                _say(connection, greeter(PAGE))
                assert page.state("code")["uri"] == "https://idp.example/device"
                connection.recv(4096)
                _say(connection, set_("FRONTDESK_SESSION", "t"), set_("FRONTDESK_NAME", "Ada-Canary"), ALLOW)
            connection, _ = helper.take(ACCOUNT)
            with connection:
                _say(connection, ALLOW)
            assert page.state("approved")["name"] == "Ada-Canary"
            page.act("confirm")
            connection, _ = helper.take(OPEN)
            with connection:
                _say(connection, set_("FRONTDESK_CHECK_IN", "in"), set_("FRONTDESK_CHECK_IN_SINCE", "1700000000"), ALLOW)
            assert page.state("checked_in")["since"] == 1700000000
            connection, login = helper.take(CLOSE)  # the server lets it end in its own time
            with connection:
                assert login["ticket"] == "t"
                _say(connection, ALLOW)
        with Page(place.token) as page:
            page.state("idle")
        assert not found_in(place.server.pid, "Ada-Canary", "the-ticket")
    finally:
        helper.close()


def a_helper_that_goes_and_comes_again_is_waited_for(place):
    with Page(place.token) as page:
        page.act("start")
        since = page.state("unreachable")["since"]
        helper = Helper(place)
        connection, _ = helper.take(AUTH)
        _say(connection, greeter(PAGE))
        page.state("code")
        connection.close()  # it dies in the middle of a sign-in, and another takes its place
        helper.close()
        assert page.state("unreachable")["since"] >= since
        helper = Helper(place)
        connection, _ = helper.take(AUTH)
        with connection:
            _say(connection, greeter(PAGE))
            assert page.state("code")["code"] == "ABCD-EFGH"
        helper.close()


@contextlib.contextmanager
def _scene(place, confirm_after=15):
    helper = Helper(place)
    try:
        with SignIn(place, confirm_after) as sign_in:
            yield helper, sign_in
    finally:
        helper.close()


def _prepare(place):
    """The service's stack, and the two users whom the module believes."""
    pam = f"{place.folder}/pam.d"
    shutil.copytree("/etc/pam.d", pam)
    module = os.path.abspath(f"{os.environ['O']}/pam_frontdesk.so")
    shutil.copy(module, f"{place.folder}/pam_frontdesk.so")
    with open(f"{pam}/frontdesk-kiosk", "w", encoding="ascii") as file:
        for kind in ("auth", "account", "session"):
            file.write(f"{kind} required {place.folder}/pam_frontdesk.so socket={place.folder}/helper.sock\n")
    subprocess.run(["mount", "--bind", pam, "/etc/pam.d"], check=True)
    for name, uid in (("frontdesk", liar.KEEPER), ("frontdesk-net", liar.HELPER)):
        with open("/etc/passwd", "a", encoding="ascii") as file:
            file.write(f"{name}:x:{uid}:{uid}::/:/bin/false\n")


if __name__ == "__main__":
    sys.exit(main(sys.modules["__main__"], _prepare))
