# SPDX-License-Identifier: BSD-2-Clause
"""The port of the page when systemd holds it: the server starts anew, crashes or is stopped, and nobody else ever has it.
The test is systemd: it makes the sockets as frontdesk-kiosk.socket says, and hands them to each server."""
import concurrent.futures
import contextlib
import errno
import itertools
import os
import signal
import socket
import sys

from page import HOST, Page
from place import OTHER_UID, PATIENCE, PORT, as_user, listener, main, port_held, tap

FOUR, SIX = ("127.0.0.1", PORT), ("::1", PORT)
LOCALHOST = f"localhost:{PORT}"
FREE = PORT + 1


def _family(address):
    return socket.AF_INET6 if ":" in address[0] else socket.AF_INET


def _needs_both(place):
    if len(place.passed) < 2:
        raise tap.Skip("this machine has no ::1")


def _open(address, path, host):
    """A connection that has asked, and was not answered yet."""
    sock = socket.create_connection(address, timeout=PATIENCE)
    sock.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    return sock


def _answer(sock):
    with sock, sock.makefile("rb") as reader:
        return reader.read()


def _status(address, path, host):
    return int(_answer(_open(address, path, host)).split()[1])


def _takes(address, options, only_six):
    """Whether this user can have the address, beside whoever has it."""
    with socket.socket(_family(address)) as sock:
        for option in options:
            sock.setsockopt(socket.SOL_SOCKET, option, 1)
        if _family(address) == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only_six)
        try:
            sock.bind(address)
            sock.listen()
            return True
        except OSError as error:
            assert error.errno == errno.EADDRINUSE, error
            return False


def _taken_by_a_stranger(place, port=PORT):
    """Every way in which another user could have the port."""
    hosts = ["127.0.0.1", "0.0.0.0"]
    if len(place.passed) > 1:
        hosts += ["::1", "::", "::ffff:127.0.0.1", "::ffff:0.0.0.0"]
    both = (socket.SO_REUSEADDR, socket.SO_REUSEPORT)
    return as_user(OTHER_UID, lambda: [
        (host, *options) for options in ((), both[:1], both[1:], both) for host, only_six in itertools.product(hosts, (0, 1))
        if (":" in host or not only_six) and not (only_six and "ffff" in host) and _takes((host, port), options, only_six)])


def _end(place, by):
    if by == signal.SIGKILL:
        place.server.kill()
        place.server.wait()
        place.server = None
    else:
        place.stop()


def with_the_first_socket_alone_nobody_is_behind_the_other_address(place):
    """First, while no connection of before lingers there."""
    _needs_both(place)
    place.stop()
    place.passed.pop().close()
    place.start()
    assert _taken_by_a_stranger(place) == [], "the server has it"
    with Page(place.token) as page:
        assert page.hello["names"] == [HOST, LOCALHOST]
    place.stop()
    place.passed.append(listener(*SIX))
    place.start()


def the_page_is_served_on_the_sockets_that_are_handed_over(place):
    assert _status(FOUR, f"/{place.token}/", HOST) == 200 and _status(FOUR, f"/{place.token}/", LOCALHOST) == 200
    with Page(place.token) as page:
        assert page.status == 200 and page.hello["names"] == [HOST, LOCALHOST]
    assert "is not ours alone" not in place.logged()


def whoever_comes_by_the_other_address_of_localhost_is_judged_alike(place):
    _needs_both(place)
    assert _status(SIX, f"/{place.token}/", LOCALHOST) == 200
    for path, host in (("/", LOCALHOST), (f"/{place.token[:-1]}/", LOCALHOST), (f"/{place.token}/", f"[::1]:{PORT}"),
                       (f"/{place.token}/", "kiosk.example")):
        assert _status(SIX, path, host) == 404, (path, host)


def a_crowd_at_the_other_address_keeps_nobody_out(place):
    _needs_both(place)
    with contextlib.ExitStack() as crowd:
        for address in [SIX] * 100 + [FOUR] * 30:
            crowd.enter_context(socket.create_connection(address, timeout=PATIENCE)).sendall(b"GET / HT")
        for address in (FOUR, SIX):
            assert _status(address, f"/{place.token}/", LOCALHOST) == 200
        with Page(place.token) as page:
            assert page.status == 200


def nobody_else_has_the_port_while_the_server_is_stopped_or_has_crashed(place):
    assert len(_taken_by_a_stranger(place, FREE)) >= 8, "the search finds what is free"
    for by in (signal.SIGTERM, signal.SIGKILL):
        assert _taken_by_a_stranger(place) == []
        _end(place, by)
        assert _taken_by_a_stranger(place) == [], by
        place.start()


def who_asks_meanwhile_is_answered_by_the_next_server(place):
    for by in (signal.SIGTERM, signal.SIGKILL):
        token = place.token
        _end(place, by)
        waiting = [_open(sock.getsockname()[:2], f"/{token}/", LOCALHOST) for sock in place.passed]
        place.start()
        assert [_answer(sock).split()[1] for sock in waiting] == [b"200"] * len(place.passed), by
        assert place.token == token


def a_page_that_asks_for_its_events_meanwhile_is_greeted_by_the_next_server(place):
    token = place.token
    place.stop()
    with concurrent.futures.ThreadPoolExecutor() as browser:
        opened = browser.submit(Page, token)
        place.start()
        with opened.result(PATIENCE) as page:
            assert page.status == 200 and page.hello["names"] == [HOST, LOCALHOST]


def a_server_that_ends_leaves_the_sockets_listening(place):
    place.stop()
    assert [sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) for sock in place.passed] == [1] * len(place.passed)
    place.start()


def the_page_may_be_at_the_other_address_too(place):
    _needs_both(place)
    place.stop()
    place.configure()
    place.write("frontdesk.conf", f"[kiosk]\nlisten = [::1]:{PORT}\n")
    place.start()
    for address in (FOUR, SIX):
        assert _status(address, f"/{place.token}/", f"[::1]:{PORT}") == _status(address, f"/{place.token}/", LOCALHOST) == 200
        assert _status(address, f"/{place.token}/", HOST) == 404
    place.again()


def _wrong():
    """Sockets that are not those of `listen`, and what the log says of each."""
    unbound, silent = socket.socket(), socket.socket()
    silent.bind(("127.0.0.1", FREE + 1))
    datagrams, local = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_UNIX)
    datagrams.bind(FOUR)
    local.bind("\0frontdesk-kiosk-test")
    local.listen()
    there, _here = socket.socketpair()
    kinds = [(sock, "no listening TCP socket") for sock in (unbound, silent, datagrams, local, there)]
    return kinds + [(listener(host, port), f"a socket of {host}:{port}, and [kiosk] listen is {HOST}")
                    for host, port in (("127.0.0.1", FREE), ("127.0.0.2", PORT))]


def a_socket_of_another_address_port_or_kind_is_refused_with_a_reason(place):
    place.stop()
    held = place.passed
    for sock, reason in _wrong():
        for passed in ([sock], [*held, sock], [sock, *held]):
            before, place.passed = len(place.logged()), passed
            assert place.run_once() == 1, reason
            said = place.logged()[before:].splitlines()
            assert len(said) == 1 and reason in said[0] and "frontdesk-kiosk.socket" in said[0], said
            assert not os.path.exists(f"{place.run}/start.html")
        sock.close()
    place.passed = held
    place.start()


def nor_is_the_second_socket_taken_without_the_first_or_one_of_all_addresses(place):
    place.stop()
    held = place.passed
    for sock in held:
        sock.close()
    for host in ("0.0.0.0", "::")[:len(held)]:
        place.passed = [listener(host, PORT)]
        before = len(place.logged())
        assert place.run_once() == 1
        assert f"{PORT}, and [kiosk] listen is {HOST}" in place.logged()[before:]
        place.passed.pop().close()
    place.passed = port_held()
    held = place.passed
    if len(held) > 1:
        place.passed = held[1:]
        assert place.run_once() == 1 and f"no socket of {HOST}" in place.logged()
    place.passed = held
    place.start()


def a_server_that_is_handed_nothing_has_nothing_that_others_hold(place):
    place.stop()
    held, place.passed = place.passed, ()
    before = len(place.logged())
    assert place.run_once() == 1 and f"cannot listen on {HOST}" in place.logged()[before:]
    place.passed = held
    place.start()


if __name__ == "__main__":
    sys.exit(main(sys.modules["__main__"], lambda place: place.passed.extend(port_held())))
