# SPDX-License-Identifier: BSD-2-Clause
"""What the module is to hosts that lack something, have too much of it, or call it in another way than most."""
import os
import subprocess

from liar import (AUTHINFO_UNAVAIL, IGNORE, SESSION_ERR, SUCCESS, USER_UNKNOWN, ask, hello, set_, show, verdict)

PROGRAMS = os.environ.get("PROGRAMS")
LIMIT_S = 300
THREADS = 8
WHOLE = (SUCCESS, SUCCESS, SUCCESS)
NOTHING = (AUTHINFO_UNAVAIL, AUTHINFO_UNAVAIL, SESSION_ERR)
ALONE = ("setarch", "-R")  # the thread sanitizer wants its addresses where they always are; some sandboxes forbid it
LEAKS = {"ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0:exitcode=55", "LD_BIND_NOW": "1"}


def _script(login):
    """Messages of every kind; the ticket is the name, for a host that compares."""
    return hello(), show(), ask(), ask(echo=1), set_(value=login["user"]), verdict(user=login["user"])


def _run(bench, mode, number=0, program=None, module=None, environment=None, before=()):
    """Runs the host; its report as a list of (word, number), and what it wrote to its standard error."""
    with open(os.path.join(bench.folder, "odd"), "w", encoding="ascii") as stack:
        stack.writelines(f"{kind} required {module or bench.module} socket={bench.path}\n"
                         for kind in ("auth", "account", "session"))
    report = os.path.join(bench.folder, "report")
    done = subprocess.run([*before, program or f"{bench.build}/tests/hosts/odd_host", bench.folder, report,
                           module or bench.module, f"socket={bench.path}", mode, str(number)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          timeout=LIMIT_S, env=environment or {}, check=False)
    with open(report, encoding="ascii") as file:
        lines = [tuple(line.rsplit(" ", 1)) for line in file.read().splitlines()]
    os.unlink(report)
    assert done.returncode == 0, (mode, number, done.returncode, lines, done.stderr)
    assert lines[-1] == ("ended", "0"), lines
    return [(word, int(value)) for word, value in lines[:-1]], done.stderr


def _alone():
    return ALONE if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0 else ()


def _phases(report):
    return tuple(value for word, value in report if word in ("auth", "account", "open"))


def streams_that_are_closed_stay_closed_and_the_others_empty(bench):
    """All eight ways: nothing of ours lands there, nor does what the host prints and reads there meet the helper."""
    with bench.serving(_script):
        for closed in range(8):
            report, _ = _run(bench, "closed", closed)
            assert [word for word, _ in report] == ["auth", "account", "open"], (closed, report)
            assert _phases(report) == WHOLE, (closed, report)


def a_host_out_of_descriptors_is_refused_until_there_are_enough(bench):
    seen = set()
    with bench.serving(_script):
        for left in range(8):
            codes = _phases(_run(bench, "descriptors", left)[0])
            seen.add(codes)
            for code, refusal in zip(codes, NOTHING):
                assert code in (SUCCESS, refusal), (left, codes)
        assert codes == WHOLE and _phases(_run(bench, "descriptors", 0)[0]) == NOTHING, seen


def a_host_out_of_memory_is_refused_until_there_is_enough(bench):
    with bench.serving(_script):
        for pages in (0, 1, 2, 4, 8, 16, 32, 1024):
            codes = _phases(_run(bench, "address-space", pages)[0])
            assert IGNORE not in codes and USER_UNKNOWN not in codes, (pages, codes)
        assert codes == WHOLE


def a_small_stack_and_nothing_else_is_enough(bench):
    with bench.serving(_script):
        assert _phases(_run(bench, "small", 256)[0]) == WHOLE


def without_accounts_and_socket_there_is_no_sign_in(bench):
    with bench.serving(_script):
        assert _phases(_run(bench, "no-root")[0]) == NOTHING


def a_sign_in_starts_no_process_writes_no_file_and_opens_no_network_in_the_host(bench):
    """Nor does it touch signals, timers, ids, folder or umask: whoever does is killed by the host's filter."""
    with bench.serving(_script):
        assert _phases(_run(bench, "sandboxed")[0]) == WHOLE
        assert _phases(_run(bench, "without-sockets")[0]) == NOTHING


def eight_threads_at_once_get_each_their_own(bench):
    with bench.serving(_script):
        report, _ = _run(bench, "threads", THREADS)
        assert report == [("wrong", 0)] * THREADS, report


def the_thread_sanitizer_finds_nothing(bench):
    built = f"{bench.build}-tsan"
    with bench.serving(_script):
        report, said = _run(bench, "threads", THREADS, program=f"{built}/tests/hosts/odd_host",
                            module=f"{built}/pam_frontdesk.so", before=_alone(),
                            environment={"TSAN_OPTIONS": "exitcode=66:halt_on_error=1"})
    assert report == [("wrong", 0)] * THREADS and "ThreadSanitizer" not in said, said


def a_handle_may_be_made_here_and_used_in_a_child(bench):
    with bench.serving(_script):
        report, _ = _run(bench, "forked")
    assert report == [("auth", SUCCESS), ("end", SUCCESS), ("account", SUCCESS), ("setcred", SUCCESS),
                      ("open", SUCCESS), ("end", SUCCESS)], report


def phases_may_come_in_any_order_and_twice(bench):
    with bench.serving(_script):
        report, _ = _run(bench, "out-of-order")
    assert [value for _, value in report] == [SUCCESS] * 8, report
    report, _ = _run(bench, "out-of-order")  # no helper: no phase lets anybody in on the word of another
    assert dict(report) == {"account": AUTHINFO_UNAVAIL, "setcred": SUCCESS, "close": SUCCESS,
                            "auth": AUTHINFO_UNAVAIL, "end": SUCCESS}, report


def a_hosts_own_children_are_left_to_it(bench):
    """SIGCHLD by default, ignored, with SA_NOCLDWAIT, by a handler, blocked."""
    with bench.serving(_script):
        for how, child in enumerate((("child", 7), ("no child", 1), ("no child", 1), ("child", 7), ("child", 7))):
            report, _ = _run(bench, "children", how)
            assert _phases(report) == WHOLE and report[-1] == child, (how, report)


def signals_without_pause_do_not_disturb_a_sign_in(bench):
    with bench.serving(_script):
        assert _phases(_run(bench, "signals")[0]) == WHOLE
    assert _phases(_run(bench, "signals")[0]) == NOTHING


def functions_of_the_same_names_are_never_mixed_up(bench):
    """Neither does the module call the host's, nor the host the module's."""
    with bench.serving(_script):
        report, said = _run(bench, "threads", 1, program=f"{bench.build}/tests/hosts/odd_homonyms")
    assert report == [("wrong", 0), ("own", 42)] and "stolen" not in said, (report, said)


def a_thousand_sign_ins_leave_nothing_behind(bench):
    """In a host with those libraries loaded for itself that the helper uses, too."""
    with bench.serving((hello(), verdict())):
        report, _ = _run(bench, "reload", 1000)
    assert [number for word, number in report if word in ("own", "wrong")] == [1, 1, 1, 1, 0, 0], report
    counts = [entry for entry in report if entry[0] not in ("own", "wrong")]
    assert counts[:3] == counts[3:] and len(counts) == 6, counts


def and_the_leak_sanitizer_finds_no_byte(bench):
    built, environment = os.path.abspath(PROGRAMS or bench.build), LEAKS
    with bench.serving((hello(), verdict())):
        for module in (f"{built}/pam_frontdesk.so", bench.module):
            report, said = _run(bench, "reload", 1000, program=f"{built}/tests/hosts/odd_host", module=module,
                                environment=environment)
            assert ("wrong", 0) in report and "Sanitizer" not in said, said


def nor_do_a_thousand_look_ups_of_the_nss_module(bench):
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/var/lib"], check=True)
    os.makedirs("/var/lib/frontdesk/nss")
    subprocess.run([f"{bench.build}/tests/nss/write_index", "/var/lib/frontdesk/nss/members", "100"], check=True)
    os.chmod("/var/lib/frontdesk/nss/members", 0o644)
    for program, environment in ((f"{bench.build}/tests/hosts/odd_host", None),
                                 (f"{os.path.abspath(PROGRAMS or bench.build)}/tests/hosts/odd_host", LEAKS)):
        report, said = _run(bench, "nss-reload", 1000, program=program, environment=environment,
                            module=f"{bench.build}/libnss_frontdesk.so.2")
        assert report[-1] == ("wrong", 0) and "Sanitizer" not in said, (report, said)
        assert environment or report[:3] == report[3:6], report
