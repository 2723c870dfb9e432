# SPDX-License-Identifier: BSD-2-Clause
"""Who is not the visitor: another page in the same browser, another user of the machine, another display, and whoever
looks at the screen afterwards. A visitor stands before it, greeted by name, while each of them tries."""
import json
import os
import select
import socket
import socketserver
import subprocess
import sys
import threading

import kiosk as stage
from kiosk import HERE, HOST, PORT, RUN, SERVICE, as_user, eventually, write
from memory import found_in
from page import ask
from proc import pids
from room import read
from scene import code_of

KIOSK_UID, LENA, READER, SCREEN_GID = 982, 1500, 1501, 984
NAME, EMAIL, SUBJECT = CANARIES = ("Alice Adams", "alice@example.org", "2f6d8a10-alice")
WRONG_TOKEN = "d3JvbmctdG9rZW4taGVyZQ"
OPAQUE, CLOSED = ["opaque", 0, False, "", []], [0, None, "SecurityError"]
NOTHING = {"cors": ("TypeError",), "no-cors": (OPAQUE, "TypeError"), "post": ("TypeError",), "blind": (OPAQUE, "TypeError"),
           "beacon": (True,), "form": (CLOSED,), "frame": (CLOSED,), "events": ("failed",), "socket": ("failed",),
           "script": ("failed",), "style": ("failed",), "image": ("failed",), "module": ("TypeError",)}
ORIGINS = ("http://127.0.0.1:18081", "http://evil.example:18081")


class _Elsewhere(socketserver.BaseRequestHandler):
    """A server of somebody else's, with a page as empty as it looks. Once its name leads to the kiosk (`is_rebound`),
    it is what the network does then, and passes everything on."""
    is_rebound = False

    def handle(self):
        asked = self.request.recv(65536)  # a browser connects before it knows what for
        if not self.is_rebound:
            self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n"
                                 b"Connection: close\r\n\r\n<!doctype html>")
            return
        with socket.create_connection(("127.0.0.1", PORT)) as kiosk:
            kiosk.sendall(asked)
            ways = {self.request: kiosk, kiosk: self.request}
            while True:
                for source in select.select(list(ways), [], [])[0]:
                    data = source.recv(65536)
                    if not data:
                        return
                    ways[source].sendall(data)


def _serve_elsewhere():
    for address in (("127.0.0.1", 18081), ("127.0.0.2", PORT)):
        server = socketserver.ThreadingTCPServer(address, _Elsewhere)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()


def _begin(kiosk):
    write("/etc/hosts", read("/etc/hosts") + "127.0.0.1 evil.example\n127.0.0.2 rebound.example\n")
    _serve_elsewhere()
    kiosk.remote("tab", browser="one", tab="hostile", states=False)
    out = open(f"{stage.SCRATCH}/watched", "w", encoding="utf-8")
    kiosk.watcher = subprocess.Popen(["frontdesk", "kiosk", "--watch", "--json"], stdout=out, user=READER, group=READER,
                                     extra_groups=[SCREEN_GID])
    assert eventually(_watched)


def _watched():
    """What another display was told until now."""
    return [json.loads(line) for line in read(f"{stage.SCRATCH}/watched").splitlines()]


def _learns(kiosk, token):
    """What the hostile page gets out of all that it tries."""
    with open(os.path.join(HERE, "stranger.mjs"), encoding="utf-8") as file:
        script = file.read()
    base, viewer = json.dumps(f"http://{HOST}/{token}/"), json.dumps(kiosk.screen.remote("viewer"))
    return kiosk.remote("evaluate", tab="hostile", script=f"{script}; attempts({base}, {viewer})")


def _command_lines():
    """{process: what everybody sees of how it was started}; one may go meanwhile."""
    found = {}
    for pid in pids():
        try:
            found[pid] = read(f"/proc/{pid}/cmdline")
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def _is_still_greeted(kiosk):
    """Nothing has come of it: the visitor's screen is as it was."""
    assert kiosk.screen.remote("seen") == [] and NAME in kiosk.screen.text() and kiosk.check_ins() == []


def another_page_in_the_browser_learns_nothing_and_does_nothing_though_it_knows_every_secret(kiosk):
    _begin(kiosk)
    kiosk.screen.to_approved("alice")
    for origin in ORIGINS:
        kiosk.remote("go", tab="hostile", url=f"{origin}/")
        learnt = _learns(kiosk, kiosk.token)
        for name, what in learnt.items():
            assert name == "sizes" or what in NOTHING[name.split()[0]], (origin, name, what)
        assert not [size for size in learnt["sizes"] if any(size)], learnt["sizes"]
        kiosk.remote("go", tab="hostile", url=f"{origin}/")
        assert _learns(kiosk, WRONG_TOKEN) == learnt, "so it cannot even find out whether a token is the right one"
    _is_still_greeted(kiosk)


def a_name_that_is_made_to_lead_here_is_not_answered(kiosk):
    """DNS rebinding: the page's own origin, all of a sudden, is the kiosk's server."""
    kiosk.remote("go", tab="hostile", url=f"http://rebound.example:{PORT}/")
    _Elsewhere.is_rebound = True
    body = json.dumps({"viewer": kiosk.screen.remote("viewer"), "action": "confirm"})
    script = ("(async (paths, body) => Promise.all(paths.map(async (path) => {"
              " const answer = await fetch(path, path.endsWith('act') ? {method: 'POST', body} : {});"
              " return [answer.status, await answer.text()]; })))(%s, %s)")
    paths = [f"/{token}/{name}" for token in (kiosk.token, WRONG_TOKEN) for name in ("", "events", "kiosk.js", "act")]
    learnt = kiosk.remote("evaluate", tab="hostile", script=script % (json.dumps([*paths, "/"]), json.dumps(body)))
    assert learnt == [[404, ""]] * (len(paths) + 1), learnt
    _is_still_greeted(kiosk)
    kiosk.remote("close", tab="hostile")
    kiosk.remote("heard", browser="one")  # what was refused to it


def _asks(path, method="GET"):
    answer = ask(path, method)
    return answer.status, answer.body.decode(), sorted(f"{k}: {v}" for k, v in answer.headers.items() if k != "Date")


def another_user_who_finds_the_port_cannot_tell_what_is_behind_it(kiosk):
    paths = ("/", *(f"/{WRONG_TOKEN}/{name}" for name in ("", "events", "act")), "/favicon.ico", f"/{kiosk.token[:-1]}/")
    answers = as_user(LENA, lambda: [_asks(path, method) for method in ("GET", "POST") for path in paths])
    assert answers and answers[0][:2] == [404, ""] and all(answer == answers[0] for answer in answers), answers
    _is_still_greeted(kiosk)


def another_user_reads_no_token_no_socket_and_no_process(kiosk):
    def connect():
        with socket.socket(socket.AF_UNIX) as display:
            display.connect(f"{RUN}/screen.sock")
        return True

    for path in (f"{RUN}/token", f"{RUN}/start.html"):
        assert as_user(KIOSK_UID, lambda path=path: len(open(path, "rb").read())) > 0
        assert as_user(LENA, lambda path=path: len(open(path, "rb").read())) is None, path
    assert as_user(LENA, lambda: os.listdir(RUN)) is None
    assert as_user(LENA, connect) is None and as_user(READER, connect, groups=[SCREEN_GID]) is True
    own = [pid for pid, line in _command_lines().items() if SERVICE in line]
    assert len(own) == 2, "the server, and the visitor's sign-in"
    for pid in own:
        for file in ("environ", "maps", "mem"):
            assert as_user(LENA, lambda path=f"/proc/{pid}/{file}": len(open(path, "rb").read(1))) is None, file
        assert as_user(LENA, lambda pid=pid: os.listdir(f"/proc/{pid}/fd")) is None
        assert as_user(LENA, lambda pid=pid: os.kill(pid, 9)) is None
    lines = as_user(LENA, lambda: list(_command_lines().values()))
    secrets = (kiosk.token, kiosk.screen.remote("viewer"), *CANARIES)
    assert len(lines) > 5 and not [line for line in lines if any(secret in line for secret in secrets)], lines
    _is_still_greeted(kiosk)


def another_user_is_given_no_code_in_the_kiosks_name(kiosk):
    before = len(kiosk.desk.sign_ins())
    said = kiosk.desk.pam(SERVICE, "", f"uid={LENA}", "greeter=yes", "auth")
    assert code_of(said) == "AUTH_ERR" and "localhost:8443" not in json.dumps(said), said
    assert eventually(lambda: len(kiosk.desk.sign_ins()) == before)


def the_screen_never_knows_more_of_a_visitor_than_the_name(kiosk):
    assert found_in(kiosk.pid, EMAIL, SUBJECT, kiosk.token) == {kiosk.token}, "the search finds what is there"
    page = kiosk.screen.text()
    assert NAME in page and EMAIL not in page and SUBJECT not in page


def _files_with(word, *folders):
    return subprocess.run(["grep", "-rlaF", "-e", word, *folders], capture_output=True, text=True, check=False).stdout


def after_the_visit_nothing_of_the_visitor_is_left(kiosk):
    kiosk.screen.press()
    kiosk.screen.until("checked_in")
    kiosk.screen.until("idle")
    assert [row["member"] for row in kiosk.check_ins()] == ["alice"]
    left = {"page": kiosk.screen.text(), "history": json.dumps(kiosk.screen.remote("history")),
            "log": "\n".join(kiosk.said()), "errors": read(f"{stage.SCRATCH}/kiosk.err")}
    assert not [(place, word) for place, text in left.items() for word in CANARIES if word in text]
    assert "serving" in left["log"]
    for word in (*CANARIES, NAME.replace(" ", "%20")):
        assert _files_with(word, RUN, kiosk.profile) == "", (word, _files_with(word, RUN, kiosk.profile))
    assert _files_with(kiosk.token, RUN), "the search finds what is there"
    assert eventually(lambda: not found_in(kiosk.pid, *CANARIES))


def another_display_was_told_what_the_screen_showed_and_nobodys_name(kiosk):
    assert eventually(lambda: "gone" in [line["state"] for line in _watched()])
    lines = _watched()
    own = [line for line in lines if line["viewer"] == lines[0]["viewer"]]
    assert lines[:len(own)] == own, "no other page was open while the visitor was there"
    states = [line["state"] for line in own]
    states = [state for state in states if state != "starting"]
    assert states == ["idle", "code", "approved", "checked_in", "gone"], states
    for line in lines:
        more = {"code", "uri", "uri_complete", "expires_at"} if line["state"] == "code" else set()
        assert set(line) == {"version", "viewer", "state"} | more, line
    text = json.dumps(lines)
    assert not [word for word in (*CANARIES, kiosk.token, "Alice", "alice") if word in text]
    kiosk.desk.stop("kiosk")
    assert kiosk.watcher.wait(stage.PATIENCE_S) == 1, "it ends with the kiosk"
    kiosk.start()
    kiosk.screen.until("lost")
    kiosk.screen.until("idle")


def nor_does_the_browser_write_anything_of_the_visitor_as_it_ends(kiosk):
    kiosk.remote("end", browser="one")
    assert os.path.exists(f"{kiosk.profile}/profile/Default") and _files_with("kiosk", kiosk.profile)
    for word in (*CANARIES, NAME.replace(" ", "%20"), "alice"):
        assert _files_with(word, kiosk.profile) == "", (word, _files_with(word, kiosk.profile))


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], between=lambda test: test))
