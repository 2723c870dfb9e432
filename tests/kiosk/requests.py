# SPDX-License-Identifier: BSD-2-Clause
"""Who may ask the server for what, and how long: strangers, other pages of the same browser, slow ones."""
import json
import os
import socket
import stat
import sys
import time

from page import HOST, Page, ask, raw
from place import OTHER_UID, PATIENCE, PORT, as_user, eventually, main

OURS = f"http://{HOST}"


def _is_nothing(answer):
    return answer.status == 404 and answer.body == b""


def the_page_and_its_files_are_served_and_nothing_else(place):
    for name, kind in (("", "text/html"), ("kiosk.css", "text/css"), ("kiosk.js", "text/javascript")):
        answer = ask(f"/{place.token}/{name}")
        with open(f"helper/kiosk/page/{name or 'page.html'}", "rb") as file:
            assert answer.status == 200 and answer.body == file.read(), name
        assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
    for path in ("/", "/favicon.ico", f"/{place.token}", f"/{place.token}/x", f"/{place.token}/page.html",
                 f"/{place.token}/../etc/passwd", f"/{place.token}//", f"/{place.token}/icon", f"/x/{place.token}/",
                 f"/{place.token}/?a", f"/{place.token}/kiosk.js?a=b", f"http://{HOST}/{place.token}/"):
        assert _is_nothing(ask(path)), path


def a_wrong_token_is_nothing_however_near(place):
    token = place.token
    for wrong in (token[:-1], token + "A", token[:-1] + ("A" if token[-1] != "A" else "B"), token.swapcase(),
                  "A" * len(token), "", "%00" + token, token + "%00"):
        for name in ("", "events", "kiosk.js"):
            assert _is_nothing(ask(f"/{wrong}/{name}")), wrong


def every_answer_keeps_browsers_from_keeping_framing_and_sharing(place):
    answers = [ask(path) for path in (f"/{place.token}/", f"/{place.token}/kiosk.js", "/", f"/{place.token}/icon")]
    answers += [ask(f"/{place.token}/", "POST", body=b""), ask(f"/{place.token}/act", "POST", body=b"{}")]
    with Page(place.token) as page:
        head = page.head
    for answer in answers:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        _judge_headers(headers)
    _judge_headers({name.lower(): value for name, value in (line.split(": ", 1) for line in head.split("\r\n")[1:])})


def _judge_headers(headers):
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"] == \
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " \
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    for name in ("etag", "last-modified", "expires", "set-cookie", "server"):
        assert name not in headers, name
    assert not [name for name in headers if name.startswith("access-control-")]


def another_host_name_is_nothing(place):
    for host in (None, "", "kiosk.example", f"kiosk.example:{PORT}", "127.0.0.1", "localhost", f"127.0.0.1:{PORT + 1}",
                 f"127.0.0.1.example:{PORT}", f"127.0.0.2:{PORT}", f"[::1]:{PORT}", HOST + "."):
        said = ask(f"/{place.token}/", headers={"Host": host})
        assert said.status in (400, 404), f"{host}: {said.status}"
        assert b"kiosk" not in said.body
    assert ask(f"/{place.token}/", headers={"Host": f"localhost:{PORT}"}).status == 200
    twice = f"GET /{place.token}/ HTTP/1.1\r\nHost: {HOST}\r\nHost: kiosk.example\r\n\r\n".encode()
    assert raw(twice).split()[1] in (b"400", b"404")


def another_pages_origin_is_nothing(place):
    for origin in ("null", "https://evil.example", f"https://{HOST}", f"http://localhost:{PORT}", f"{OURS}.example",
                   f"http://127.0.0.1:{PORT + 1}", ""):
        for name, method in (("", "GET"), ("events", "GET"), ("act", "POST")):
            body = b"{}" if method == "POST" else None
            assert _is_nothing(ask(f"/{place.token}/{name}", method, {"Origin": origin}, body)), (origin, name)
    assert ask(f"/{place.token}/kiosk.js", headers={"Origin": OURS}).status == 200


def another_site_gets_nothing_even_with_the_token(place):
    for site in ("cross-site", "same-site", "anything"):
        for name in ("kiosk.js", "events", "icon", "act"):
            assert _is_nothing(ask(f"/{place.token}/{name}", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}))
        for mode, destination in (("no-cors", "image"), ("navigate", "iframe"), ("cors", "document")):
            assert _is_nothing(ask(f"/{place.token}/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode,
                                                                "Sec-Fetch-Dest": destination})), (site, mode)
    start = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert ask(f"/{place.token}/", headers=start).status == 200  # the start page leads there
    assert _is_nothing(ask(f"/{place.token}/events", headers=start))
    for site in ("same-origin", "none"):
        assert ask(f"/{place.token}/kiosk.js", headers={"Sec-Fetch-Site": site}).status == 200


def no_preflight_is_answered_and_no_other_method(place):
    for method in ("OPTIONS", "PUT", "DELETE", "HEAD", "TRACE", "PATCH", "POST"):
        said = ask(f"/{place.token}/kiosk.js", method, body=b"" if method != "HEAD" else None)
        assert said.status in (405, 400), f"{method}: {said.status}"
        assert not said.body and "Access-Control-Allow-Origin" not in said.headers
    assert ask(f"/{place.token}/act").status == 405
    assert _is_nothing(ask("/", "OPTIONS", {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}))


def an_act_is_one_small_object_of_a_viewer_that_is_there(place):
    with Page(place.token) as page:
        path = f"/{place.token}/act"
        good = {"viewer": page.viewer, "action": "cancel"}
        for body, status in ((b"", 400), (b"{", 400), (b"[]", 400), (b"{}", 400), (b'{"viewer":1,"action":"start"}', 400),
                             (json.dumps({**good, "action": "open"}).encode(), 400),
                             (json.dumps({**good, "viewer": "A" * 22}).encode(), 403),
                             (json.dumps({**good, "viewer": ""}).encode(), 403),
                             (json.dumps({**good, "viewer": "A" * 23}).encode(), 400),
                             (json.dumps(good).encode() * 2, 400), (json.dumps(good).encode(), 409),
                             (json.dumps({**good, "pad": "x" * 1000}).encode(), 413)):
            assert ask(path, "POST", body=body).status == status, body[:80]
    assert place.no_sign_in()


def a_body_without_a_length_may_not_grow(place):
    head = f"POST /{place.token}/act HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b"204" not in raw(head.encode() + b"400\r\n" + b" " * 1024 + b"\r\n400\r\n" + b" " * 1024 + b"\r\n0\r\n\r\n")
    assert ask(f"/{place.token}/").status == 200


def headers_are_bounded(place):
    for headers in (f"X-Pad: {'x' * 9000}\r\n", "".join(f"X-{i}: {'x' * 200}\r\n" for i in range(60)), f"X-Pad: {'x' * 200000}\r\n"):
        said = raw(f"GET /{place.token}/ HTTP/1.1\r\nHost: {HOST}\r\n{headers}\r\n".encode(), wait=len(headers) < 100000)
        assert not said or said.split()[1] in (b"431", b"413"), said[:80]
    assert raw(f"GET /{'x' * 70000}/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())[9:12] in (b"", b"414", b"431", b"404")
    assert ask(f"/{place.token}/").status == 200


def only_todays_http_is_spoken(place):
    assert b" 404 " in raw(f"GET /{place.token}/events HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
    for bad in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
        assert b"200" not in raw(bad + b"\r\n" * 4, wait=bad[:1] != b"\x16")
    assert ask(f"/{place.token}/").status == 200


def one_who_sends_a_byte_now_and_then_is_let_go(place):
    with socket.create_connection(("127.0.0.1", PORT), timeout=PATIENCE) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        end = time.monotonic() + 4 * PATIENCE
        ended = False
        while not ended and time.monotonic() < end:
            slow.settimeout(2)
            try:
                slow.sendall(b"X")
                ended = slow.recv(1) == b""
            except socket.timeout:
                continue
            except ConnectionError:
                ended = True
    assert ended


def a_crowd_of_strangers_does_not_keep_the_page_out(place):
    crowd = [socket.create_connection(("127.0.0.1", PORT), timeout=PATIENCE) for _ in range(100)]
    try:
        for stranger in crowd[:80]:
            stranger.sendall(b"GET / HT")
        with Page(place.token) as page:
            assert page.status == 200
            assert ask(f"/{place.token}/").status == 200
    finally:
        for stranger in crowd:
            stranger.close()


def _words_of(answer):
    """All that a page is told for which there is no place."""
    assert answer.status == 503 and answer.headers["Content-Type"] == "text/event-stream", answer.status
    event, data, *rest = answer.body.decode().split("\n")
    assert event == "event: hello" and rest == ["", ""], answer.body
    return json.loads(data.removeprefix("data: "))


def the_ninth_page_is_told_that_it_is_busy(place):
    open_pages = [Page(place.token) for _ in range(8)]
    assert {page.status for page in open_pages} == {200} and len({page.viewer for page in open_pages}) == 8
    with Page(place.token) as ninth:
        assert ninth.status == 503 and ninth.ends()
    _judge_headers({name.lower(): value for name, value in (line.split(": ", 1) for line in
                                                            ninth.head.split("\r\n")[1:])})
    hello = _words_of(ask(f"/{place.token}/events"))
    told = {key: open_pages[0].hello[key] for key in hello if key != "viewer"}
    assert hello == {**told, "viewer": ""} and set(hello) == set(open_pages[0].hello), hello
    assert hello["texts"]["busy_title"] == "Very busy right now"
    assert ask(f"/{place.token}/act", "POST", {"Content-Type": "application/json"},
               b'{"viewer":"","action":"start"}').status in (400, 403), "it is nobody's viewer"
    open_pages.pop().close()

    def has_place():
        with Page(place.token) as page:
            return page.status == 200
    assert eventually(has_place)
    for page in open_pages:
        page.close()


def another_local_user_cannot_read_the_address_of_the_page(place):
    for name in ("token", "start.html"):
        path = f"{place.run}/{name}"
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        with open(path, encoding="ascii") as file:
            assert place.token in file.read()
        assert as_user(OTHER_UID, lambda path=path: open(path, "rb").read().decode()) is None
    assert as_user(OTHER_UID, lambda: os.listdir(place.run)) is None
    assert as_user(OTHER_UID, lambda: ask("/").status) == 404
    for entry in ("cmdline", "environ"):
        with open(f"/proc/{place.server.pid}/{entry}", "rb") as file:
            assert place.token.encode() not in file.read()
    assert place.token not in place.logged()


def the_token_is_random_and_stays_over_a_restart(place):
    before = place.token
    assert len(before) == 22
    place.stop()
    place.start()
    assert place.token == before
    place.stop()
    os.unlink(f"{place.run}/token")
    place.start()
    assert place.token != before and len(place.token) == 22


def no_browser_is_led_to_a_port_that_the_server_does_not_have(place):
    page = f"{place.run}/start.html"
    with open(page, encoding="ascii") as file:
        left_by_a_crash = file.read()
    place.stop()
    assert not os.path.exists(page)
    with open(page, "w", encoding="ascii") as file:
        file.write(left_by_a_crash)
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", PORT))
        stranger.listen()
        assert place.run_once() == 1
    assert not os.path.exists(page)
    place.start()
    assert os.path.exists(page)


def a_token_that_others_could_know_is_not_used(place):
    for spoil in (lambda path: os.chmod(path, 0o644), lambda path: os.chown(path, OTHER_UID, OTHER_UID),
                  lambda path: open(path, "w", encoding="ascii").write("A" * 21), lambda path: os.link(path, path + "2")):
        before = place.token
        place.stop()
        spoil(f"{place.run}/token")
        place.start()
        assert place.token != before and stat.S_IMODE(os.stat(f"{place.run}/token").st_mode) == 0o600


def the_icon_is_a_picture_that_the_administrator_alone_writes(place):
    icon = f"{place.folder}/icon.png"
    with open(icon, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + bytes(100))
    place.again(acme=f"icon = {icon}\n")
    answer = ask(f"/{place.token}/icon")
    assert answer.status == 200 and answer.headers["Content-Type"] == "image/png" and len(answer.body) == 108
    with Page(place.token) as page:
        assert page.hello["icon"] is True
    for spoil in (lambda: os.chmod(icon, 0o666), lambda: os.truncate(icon, 0),
                  lambda: open(icon, "wb").write(b"<!doctype html><script>"),
                  lambda: open(icon, "wb").write(b"\x89PNG\r\n\x1a\n" + bytes(300000))):
        os.chmod(icon, 0o644)
        spoil()
        place.again(acme=f"icon = {icon}\n")
        assert _is_nothing(ask(f"/{place.token}/icon"))
    place.again()


if __name__ == "__main__":
    sys.exit(main(sys.modules["__main__"]))
