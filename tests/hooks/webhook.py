# SPDX-License-Identifier: BSD-2-Clause
"""frontdesk-webhook against a server that fails, stalls, repeats, redirects and answers nonsense."""
import hashlib
import hmac
import os
import sys
import time

import place as stage
import server as servers
from server import event, run, secret, settings

SECRET = "correct horse 12 battery"
STAGE = {}


def _set(place, **keys):
    place.secret = secret(place, "webhook.secret", SECRET + "\n")
    return settings(place, "webhook", **{"url": STAGE["server"].url("/hook?x=1"), "secret_file": place.secret,
                                         "ca_file": STAGE["server"].ca, **keys})


def _answers(*answers):
    """These, and then the last one for ever."""
    left = list(answers)
    STAGE["server"].answer = lambda request: left.pop(0) if len(left) > 1 else left[0]
    return STAGE["server"]


def _is_signed(request):
    signed = request.headers["X-Frontdesk-Timestamp"].encode() + b"." + request.body
    wanted = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(request.headers["X-Frontdesk-Signature"], f"sha256={wanted}")


def an_event_is_posted_as_it_came_and_signed(place):
    _set(place)
    server, before = _answers((204, "")), int(time.time())
    assert run(place, "webhook", event()) == (0, "")
    (request,) = server.take()
    assert (request.method, request.path, request.query) == ("POST", "/hook", {"x": "1"})
    assert request.body.decode() == event() and request.headers["Content-Type"] == "application/json"
    assert request.headers["X-Frontdesk-Event"] == servers.EVENT["event"]
    assert before <= int(request.headers["X-Frontdesk-Timestamp"]) <= time.time()
    assert _is_signed(request)
    assert not _is_signed(type("Forged", (), {"headers": request.headers, "body": request.body + b" "}))


def each_status_is_told_apart(place):
    _set(place)
    for wanted, statuses in ((0, (200, 201, 202)), (65, (400, 410, 422)),
                             (75, (401, 403, 404, 408, 425, 429, 500, 502, 503))):
        for status in statuses:
            server = _answers((status, "nonsense"))
            assert run(place, "webhook", event())[0] == wanted, status
            assert len(server.take()) == 1, "one try each"


def a_redirect_is_not_followed(place):
    _set(place)
    for status in (301, 302, 307, 308):
        server = _answers((status, "", {"Location": STAGE["server"].url("/elsewhere")}))
        assert run(place, "webhook", event())[0] == 75
        assert [request.path for request in server.take()] == ["/hook"], status


def a_server_that_stalls_closes_or_talks_nonsense_is_tried_later(place):
    _set(place, timeout="1 s")
    for answer in (None, b"", b"HTTP/1.1 nonsense\r\n\r\n", b"\x00" * 70000, b"SSH-2.0-x\r\n",
                   b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 2000000):
        server, began = _answers(answer), time.monotonic()
        assert run(place, "webhook", event())[0] == 75, answer and answer[:40]
        assert time.monotonic() - began < 15
        server.let_go()
        assert len(server.take()) == 1


def a_server_that_nobody_vouches_for_hears_nothing(place):
    _set(place)
    server = _answers((200, ""))
    for name in ("other-ca", "wrong-name", "expired", "self-signed"):
        server.present(name)
        assert run(place, "webhook", event())[0] == 75, name
    server.present("good")
    assert not server.take()
    _set(place, ca_file=None)
    assert run(place, "webhook", event())[0] == 75 and not server.take()


def what_is_no_event_is_not_posted(place):
    _set(place)
    server = _answers((200, ""))
    for said in ("", "x", "[]", "{}", '{"version":2}', event(version=2), event(event="a b"), event(event="x\r\nY: z"),
                 event(kind="nonsense"), event(time="now"), event() + "{}", "x" * 100000):
        status, out = run(place, "webhook", said)
        assert status == 65 and "no event" in out, said[:40]
    assert not server.take()


def faults_of_the_settings_are_told_and_nothing_is_posted(place):
    server = _answers((200, ""))
    for keys, words in (({"url": None}, "`url` is missing"), ({"secret_file": None}, "`secret_file` is missing"),
                        ({"url": "http://localhost/"}, "https://"), ({"ulr": "x"}, "did you mean `url`"),
                        ({"timeout": "soon"}, "timeout"), ({"mode": 0o666}, "written by others"),
                        ({"owner": stage.HOOKS_UID}, "owned by neither root"), ({"ca_file": "/nowhere"}, "/nowhere"),
                        ({"secret_file": "/nowhere"}, "/nowhere"), ({"secret_file": "credential"}, "LoadCredential")):
        _set(place, **keys)
        status, out = run(place, "webhook", event())
        assert status == 78 and words in out, (keys, status, out)
    os.unlink(f"{place.programs}/webhook.conf")
    status, out = run(place, "webhook", event())
    assert status == 78 and "webhook.conf: there is no such file" in out
    assert not server.take()


def a_secret_that_others_could_read_or_change_is_refused(place):
    _set(place)
    server = _answers((200, ""))
    for mode, owner in ((0o444, (0, 0)), (0o460, (0, stage.HOOKS_UID)), (0o440, (0, stage.room.OTHER_UID)),
                        (0o400, (stage.room.OTHER_UID, 0)), (0o600, (0, 0))):
        secret(place, "webhook.secret", SECRET, mode, owner)
        status, out = run(place, "webhook", event())
        assert status == 78 and "webhook.secret" in out, (mode, owner, out)
    for text in ("", "\n", "two\nlines\n", "x" * 2000):
        secret(place, "webhook.secret", text)
        assert run(place, "webhook", event())[0] == 78
    assert not server.take()


def a_systemd_credential_is_a_secret_too(place):
    folder = f"{place.folder}/credentials"
    os.makedirs(folder)
    os.rename(secret(place, "credential", SECRET), f"{folder}/credential")
    _set(place, secret_file="credential")
    server = _answers((200, ""))
    assert run(place, "webhook", event(), env={"CREDENTIALS_DIRECTORY": folder})[0] == 0
    assert _is_signed(server.take()[0])


def the_secret_is_in_no_argument_variable_or_line(place):
    _set(place, timeout="20 s")
    server = _answers(None)
    process = servers.start(place, "webhook", env={"https_proxy": "http://127.0.0.1:9", "SSLKEYLOGFILE":
                                                   f"{place.work}/keys", "HOME": place.work})
    process.stdin.write(event() + "\n")
    process.stdin.close()
    place.wait_for(lambda: server.requests)
    for name in ("cmdline", "environ"):
        with open(f"/proc/{process.pid}/{name}", "rb") as file:
            assert SECRET.encode() not in file.read(), name
    assert stage.room.status_of(process.pid)["Seccomp"] == "2", "it is in a sandbox by now"
    server.let_go()
    assert process.wait(stage.room.PATIENCE) == 75
    assert SECRET not in process.stdout.read() and not place.is_there("keys")
    assert len(server.take()) == 1


def a_server_that_fails_for_a_while_gets_the_same_event_until_it_takes_it(place):
    _set(place)
    server = _answers((500, ""), (503, "later"), (200, ""))
    place.program(f"#!/bin/sh\nexport ASAN_OPTIONS=detect_leaks=0\n"
                  f"exec {place.folder}/frontdesk-webhook --config={place.programs}/webhook.conf\n")
    place.hook(f"{place.programs}/hook")
    place.start_keeper()
    place.invite("ada")
    place.check_in("ada")
    place.check_out("ada")
    place.start_hooks()
    place.wait_for(lambda: not place.waiting())
    requests = server.take()
    assert [request.json["kind"] for request in requests] == ["check_in"] * 3 + ["check_out"]
    assert len({request.headers["X-Frontdesk-Event"] for request in requests}) == 2
    assert all(_is_signed(request) for request in requests)
    assert "the answer has status 503" in place.logged() and SECRET not in place.logged()


def _begin(place):
    STAGE["server"] = servers.Server(place)


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules["__main__"], _begin))
