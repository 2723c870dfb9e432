# SPDX-License-Identifier: BSD-2-Clause
"""A helper that is not there, not ours, stopped, full, or dies at any moment."""
import os
import signal
import socket
import time

from liar import (AUTHINFO_UNAVAIL, DENY, HELPER, KEEPER, NOBODY, PHASES, SUCCESS, UNAVAILABLE, ask, close,
                  hello, meanwhile, send_as, set_, show, verdict)

WHOLE = (hello(), show(), set_(), ask(), ask(echo=1), verdict())


def a_helper_that_is_absent_is_unavailable(bench):
    for phase in PHASES:
        assert bench.absent(phase=phase).code == UNAVAILABLE[phase]


def a_socket_that_nobody_serves_is_unavailable(bench):
    with bench.listening() as listener:
        listener.close()
        for phase in PHASES:
            result = bench.run(bench.command([phase], "alice", (), ()))
            assert (result.code, result.reason) == (UNAVAILABLE[phase], "no_helper")


def a_path_that_is_no_such_socket_is_unavailable(bench):
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stream.bind(bench.path)
    stream.listen()
    try:
        assert bench.absent().code == AUTHINFO_UNAVAIL
    finally:
        stream.close()
        os.unlink(bench.path)
    for make in (os.mkdir, os.mkfifo):
        make(bench.path)
        try:
            assert bench.absent().code == AUTHINFO_UNAVAIL
        finally:
            os.rmdir(bench.path) if os.path.isdir(bench.path) else os.unlink(bench.path)


def a_full_queue_is_unavailable_at_once(bench):
    with bench.listening(backlog=0):
        waiting = []
        try:
            while True:
                waiting.append(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK))
                waiting[-1].connect(bench.path)
        except BlockingIOError:
            pass
        for phase in PHASES:
            result = bench.run(bench.command([phase], "alice", (), ()))
            assert (result.code, result.reason) == (UNAVAILABLE[phase], "queue_full")
        for other in waiting:
            other.close()


def a_listener_of_another_user_is_refused(bench):
    for uid in (NOBODY, KEEPER, 1000, 70000):
        with bench.listening(uid=uid):
            result = bench.run(bench.command(["auth"], "alice", (), ()))
        assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "wrong_listener"), uid
    for uid in (0, HELPER):
        with bench.listening(uid=uid):
            assert bench.run(bench.command(["auth"], "alice", (), ()), [(hello(), verdict())]).code == SUCCESS


def without_the_keepers_user_nothing_is_believed(bench):
    with open("/etc/passwd", encoding="ascii") as file:
        before = file.read()
    try:
        with open("/etc/passwd", "w", encoding="ascii") as file:
            file.write("".join(line + "\n" for line in before.splitlines() if not line.startswith("frontdesk:")))
        for phase in PHASES:
            result = bench.alone(phase=phase)
            assert (result.code, result.reason) == (UNAVAILABLE[phase], "no_keeper_user")
    finally:
        with open("/etc/passwd", "w", encoding="ascii") as file:
            file.write(before)


def a_helper_that_dies_at_any_moment_is_unavailable(bench):
    for count in range(len(WHOLE)):
        for phase in ("auth", "account", "open"):
            result = bench.meet(*WHOLE[:count], close, phase=phase)
            assert (result.code, result.reason) == (UNAVAILABLE[phase], "closed"), (count, phase, result.logs)
            assert result.environment == {}
    assert bench.meet(*WHOLE).code == SUCCESS


def a_helper_that_dies_before_it_reads_login_is_unavailable(bench):
    with bench.listening() as listener:
        for phase in PHASES:
            pid = os.fork()
            if pid == 0:
                connection, _ = listener.accept()
                connection.close()
                os._exit(0)
            result = bench.run(bench.command([phase], "alice", (), ()))
            os.waitpid(pid, 0)
            assert result.code == UNAVAILABLE[phase]


def a_verdict_that_waits_behind_a_prompt_counts(bench):
    """The helper decided while the person was still looking at the prompt, and has gone."""
    for script in ((hello(), ask(), verdict(), close), (hello(), ask(echo=1), set_(), verdict(), close),
                   (hello(), ask(), ask(), verdict(), close)):
        assert bench.meet(*script).code == SUCCESS
    assert bench.meet(hello(), ask(), verdict(DENY), close).reason == "ok"


def an_answer_to_a_helper_that_has_gone_raises_no_signal(bench):
    """SIGPIPE would end the host; what the helper left behind still counts."""
    for echo in (0, 1):
        assert bench.meet(hello(), meanwhile(ask(echo=echo), verdict(), die=True)).code == SUCCESS
        result = bench.meet(hello(), meanwhile(ask(echo=echo), die=True))
        assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "closed")


def a_helper_that_says_nothing_is_given_up(bench):
    """It accepted, or not even that; only HELLO's own second can end this, for timeout= is a day."""
    with bench.listening(), bench.real_time():
        for phase in PHASES:
            result = bench.run(bench.command([phase], "alice", ["timeout=86400"], ()))
            assert (result.code, result.reason) == (UNAVAILABLE[phase], "timeout")


def a_helper_that_stops_is_given_up(bench):
    with bench.listening() as listener, bench.real_time():
        for served in ((), (hello(),), (hello(), show())):
            pid = os.fork()
            if pid == 0:
                connection, _ = listener.accept()
                for packet in served:
                    send_as(HELPER, connection, packet)
                os.kill(os.getpid(), signal.SIGSTOP)
                os._exit(0)
            for_phase = bench.run(bench.command(["auth"], "alice", ["timeout=1"], ()))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            assert (for_phase.code, for_phase.reason) == (AUTHINFO_UNAVAIL, "timeout"), served


def messages_that_never_end_do_not_outlast_the_ceiling(bench):
    def slowly(connection):
        for _ in range(20):
            send_as(HELPER, connection, show())
            time.sleep(0.1)

    with bench.real_time():
        result = bench.meet(hello(), slowly, verdict(), arguments=["timeout=1"])
    assert (result.code, result.reason) == (AUTHINFO_UNAVAIL, "timeout")


def closing_a_session_succeeds_whatever_happens(bench):
    for script in ((hello(), verdict()), (close,), (hello(), close), (hello(),), (b"rubbish",), (hello(), ask()),
                   (hello(), (NOBODY, verdict())), (hello(), verdict(user="root"))):
        with bench.real_time():
            assert bench.meet(*script, phase="close", arguments=["timeout=86400"]).code == SUCCESS, script


def closing_a_session_waits_less_than_its_second(bench):
    for script in ((), (hello(),), (hello(), set_())):
        with bench.real_time():
            waits = bench.meet(*script, phase="close", arguments=["timeout=86400"]).waits
        assert 0 < waits[0] <= 900, (script, waits)


def hello_is_waited_for_a_second_and_the_rest_for_the_ceiling(bench):
    with bench.real_time():
        assert 0 < bench.meet(phase="auth", arguments=["timeout=86400"]).waits[0] <= 1000
    assert 1000 < bench.meet(hello(), show(), verdict(), arguments=["timeout=86400"]).waits[0] <= 86400000


def the_default_socket_is_the_compiled_in_one(bench):
    os.makedirs("/run/frontdesk", exist_ok=True)
    default, bench.path = bench.path, "/run/frontdesk/helper.sock"
    try:
        with bench.listening():
            command = bench.command(["auth"], "alice", (), ())
            command.remove("socket=" + bench.path)
            assert bench.run(command, [(hello(), verdict())]).code == SUCCESS
    finally:
        bench.path = default


def each_call_is_a_connection_of_its_own(bench):
    with bench.listening():
        result = bench.run(bench.command(["auth", "setcred", "account", "open", "close"], "alice", (), ()),
                           [(hello(), verdict())] * 4)
    assert result.codes == [SUCCESS] * 5
    assert [login[3] for login in result.heard.logins] == [1, 2, 3, 4]
