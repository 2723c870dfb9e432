# SPDX-License-Identifier: BSD-2-Clause
"""What the module takes from its host and sends, and what it must leave alone."""
import os
import pty
import fcntl
import struct
import termios

from liar import (AUTHINFO_UNAVAIL, IGNORE, SUCCESS, Heard, ask, hello, login_fields, play, set_, show, string,
                  verdict)

CANARY = "hunter2-canary"
TTY, RHOST, RUSER = 3, 4, 8


def _login_of(bench, **how):
    result = bench.meet(hello(), verdict(), **how)
    assert result.code == SUCCESS
    return login_fields(result.heard.logins[0])


def login_tells_what_the_host_knows(bench):
    login = _login_of(bench, options=["-s", "screen", "-i", f"{TTY}=tty7", "-i", f"{RHOST}=192.0.2.7",
                                     "-i", f"{RUSER}=maria", "-e", "SSH_AUTH_INFO_0=publickey ssh-ed25519 AAAA",
                                     "-e", "FRONTDESK_SESSION=0123abc"])
    expected = {"type": 1, "version": 1, "phase": 1, "flags": 0, "columns": 0, "rows": 0, "user": "alice",
                "service": "screen", "tty": "tty7", "rhost": "192.0.2.7", "ruser": "maria", "lang": "C.UTF-8",
                "codeset": "UTF-8", "prior_auth": "publickey ssh-ed25519 AAAA", "greeter_extensions": "",
                "connection": "", "ticket": "0123abc", "timeout": 900}
    assert login == expected, login


def a_silent_call_says_so(bench):
    assert _login_of(bench, options=["-q"])["flags"] == 2
    assert _login_of(bench, options=["-q"], arguments=["password_login=allowed"])["flags"] == 3


def a_user_that_the_host_does_not_know_is_sent_empty(bench):
    assert _login_of(bench, user=None)["user"] == ""


def the_language_is_the_first_that_is_set_and_plain(bench):
    cases = (({"LC_ALL": "fr_FR.UTF-8", "LANG": "de_DE"}, "fr_FR.UTF-8"),
             ({"LC_ALL": "", "LC_MESSAGES": "sr_RS@latin", "LANG": "de_DE"}, "sr_RS@latin"),
             ({"LANG": "de_DE.ISO-8859-15"}, "de_DE.ISO-8859-15"), ({}, ""),
             ({"LANG": "../../tmp/x"}, ""), ({"LANG": "de DE"}, ""), ({"LANG": "x" * 32}, ""), ({"LANG": "%n"}, ""),
             ({"LC_ALL": "/tmp/evil", "LANG": "de_DE"}, ""))
    for environment, language in cases:
        assert _login_of(bench, environment=environment)["lang"] == language, environment


def prior_auth_is_cut_and_a_strange_ticket_is_dropped(bench):
    login = _login_of(bench, options=["-e", "SSH_AUTH_INFO_0=publickey " + "A" * 600,
                                     "-e", "FRONTDESK_SESSION=" + "a" * 257])
    assert login["prior_auth"] == ("publickey " + "A" * 600)[:256] and login["ticket"] == ""


def an_item_too_long_for_login_is_refused(bench):
    for item in (TTY, RHOST, RUSER):
        result = bench.alone(options=["-i", f"{item}=" + "x" * 257])
        assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "item_too_long")
        _login_of(bench, options=["-i", f"{item}=" + "x" * 256])


def the_size_of_the_terminal_is_told_but_not_over_ssh(bench):
    primary, secondary = pty.openpty()
    fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("4H", 50, 132, 0, 0))
    stdin = os.dup(0)
    for service, size in (("login", (132, 50)), ("sshd", (0, 0))):
        read_end, write_end = os.pipe()
        with bench.listening() as listener:
            pid = os.fork()
            if pid == 0:
                try:
                    os.dup2(secondary, 0)
                    os.dup2(write_end, 1)
                    os.execv(bench.client, bench.command(["auth"], "alice", (), ["-s", service]))
                finally:
                    os._exit(127)
            os.close(write_end)
            connection, _ = listener.accept()
            heard = Heard([], [])
            with connection:
                play(connection, (hello(), verdict()), heard)
            os.waitpid(pid, 0)
        os.close(read_end)
        login = login_fields(heard.logins[0])
        assert (login["columns"], login["rows"]) == size, (service, login)
    for fd in (primary, secondary, stdin):
        os.close(fd)


def a_typed_password_never_crosses_the_socket(bench):
    result = bench.meet(hello(), ask(), ask(), ask("code: ", 1), set_(), verdict(), options=["-a", CANARY, "-a", "",
                                                                                             "-a", "42"])
    assert result.code == SUCCESS
    assert result.heard.answers == [b"\x02\x03" + string(""), b"\x02\x02" + string(""), b"\x02\x01" + string("42")]
    assert CANARY not in str(result.heard) + str(result.logs) + str(result.environment)
    for byte in ("\0", CANARY[:4]):
        assert byte.encode() not in b"".join(result.heard.answers)[2:].replace(b"\0", b"") or byte == "\0"


def an_echoed_answer_is_bounded(bench):
    result = bench.meet(hello(), ask(echo=1), verdict(), options=["-a", "é" * 128])
    assert result.heard.answers == [b"\x02\x01" + string("é" * 128)]
    for answer in ("é" * 128 + "x", "megabyte"):
        result = bench.meet(hello(), ask(echo=1), verdict(), options=["-a", answer])
        assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "answer_too_long")
        assert result.heard.answers == []
    assert bench.meet(hello(), ask(), verdict(), options=["-a", "megabyte"]).heard.answers == [b"\x02\x03\0\0"]


def a_conversation_that_fails_is_no_sign_in(bench):
    for how in ("none", "error", "null"):
        result = bench.meet(hello(), ask(), verdict(), options=["-c", how])
        assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "conversation_failed"), (how, result.logs)
    for how in ("none", "error"):
        result = bench.meet(hello(), show(), verdict(), options=["-c", how])
        assert result.code == AUTHINFO_UNAVAIL


def the_answer_is_right_whatever_the_host_does_with_sigchld(bench):
    """That the host's signals, descriptors, environment, umask and folder stay, each test looks at."""
    for how in ("default", "ignore", "handler", "block"):
        assert bench.meet(hello(), ask(), set_(), verdict(), options=["-g", how]).code == SUCCESS
        assert bench.absent(options=["-g", how]).code == AUTHINFO_UNAVAIL


def no_failing_call_of_libc_lets_anybody_in(bench):
    """Every watched call fails in turn: sockets, lookups and memory."""
    number, hit = 0, True
    while hit:
        number += 1
        for user in ("alice", None):
            with bench.listening() as listener:
                script = (hello(), show(), set_(), ask(), verdict())
                result = _one_that_may_not_connect(bench, listener, user, script, number)
            hit = result.injected
            assert not hit or result.code not in (SUCCESS, IGNORE), (number, user, result.code, result.logs)
            assert hit or result.code == SUCCESS
    assert number > 15, "the calls were watched at all"


def _one_that_may_not_connect(bench, listener, user, script, number):
    """Serves the host if it comes; a process of its own, since it may never come."""
    pid = os.fork()
    if pid == 0:
        connection, _ = listener.accept()
        with connection:
            play(connection, script, Heard([], []))
        os._exit(0)
    try:
        return bench.run(bench.command(["auth"], user, (), ["-f", str(number)]))
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)


def a_module_that_is_loaded_and_unloaded_a_thousand_times_leaves_nothing(bench):
    result = bench.absent(options=["-r", "1000"])
    assert result.code == AUTHINFO_UNAVAIL and len(result.logs) == 1001
