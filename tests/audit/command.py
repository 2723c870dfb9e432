# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk audit`: what it finds in the records, by whom it may be asked, and what it makes of broken ones."""
import datetime
import json
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from desk import Desk, ENVIRONMENT, USERS, main, tap  # noqa: E402

ADM = 4983
DAY = "2026-11-21"
COMPLETION = "packaging/completions/frontdesk"


def _record(hour, **more):
    return {"time": f"{DAY}T{hour:02}:00:00.000Z", "event": "sign_in", "verdict": "allow", "reason": "ok",
            "user": "ana", "connection": "acme", "service": "sshd", "rhost": "198.51.100.7", **more}


RECORDS = [
    _record(1),
    _record(2, user="kiosk", issuer="https://idp.example/", subject="s-9", service="login", rhost="tty9"),
    {"time": f"{DAY}T03:00:00.000Z", "event": "sign_in", "verdict": "deny", "reason": "not_allowed",
     "requested_user": "ana", "connection": "acme", "service": "su", "identity": "T" * 22},
    {"time": f"{DAY}T04:00:00.000Z", "event": "members_remove", "reason": "ok", "member": "ana", "uid": 65536, "peer_uid": 0},
    _record(5, connection="beta"),
    _record(6, event="session_end", member="ana"),
]


def _lines(records):
    return "".join(json.dumps(record) + "\n" for record in records)


def _desk(provider, *files, user="root"):
    """A desk with the records in so many files, the oldest first."""
    desk = Desk(provider, user)
    for number, text in enumerate(reversed(files)):
        path = desk.audit + (f".{number}" if number else "")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chown(path, USERS["frontdesk"], ADM)
        os.chmod(path, 0o640)
    os.chmod(os.path.dirname(desk.audit), 0o755)
    return desk


def _hours(result):
    assert result.status == 0 and result.err == "", result
    return [int(record["time"][11:13]) for record in result.lines]


def all_records_come_oldest_first_from_all_files(provider):
    desk = _desk(provider, _lines(RECORDS[:2]), _lines(RECORDS[2:3]), _lines(RECORDS[3:]))
    result = desk.run("audit", "--json")
    assert result.lines == RECORDS and result.status == 0 and result.err == "", result


def each_filter_finds_its_own(provider):
    desk = _desk(provider, _lines(RECORDS))
    for words, hours in ((("--user", "ana"), [1, 3, 5, 6]), (("--member", "ana"), [4, 6]), (("--connection", "beta"), [5]),
                         (("--service", "login"), [2]), (("--verdict", "deny"), [3]), (("--reason", "not_allowed"), [3]),
                         (("--host", "198.51.100.7"), [1, 5, 6]), (("--event", "members_remove"), [4]),
                         (("--since", f"{DAY}T05:00:00Z"), [5, 6]), (("--until", f"{DAY}T04:30:00+02:00"), [1, 2]),
                         (("--since", f"{DAY}T02:00:00Z", "--until", f"{DAY}T03:00:00Z"), [2]), (("-n", "2"), [5, 6]),
                         (("--last", "1", "--user", "ana", "--verdict", "allow", "--event", "sign_in"), [5]),
                         (("-n", "0"), []), (("-n", "99"), [1, 2, 3, 4, 5, 6]), (("--user", "an"), [])):
        assert _hours(desk.run("audit", "--json", *words)) == hours, words


def since_so_long_ago_counts_from_now(provider):
    now = datetime.datetime.now(datetime.timezone.utc)
    records = [{"time": (now - datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000Z"), "event": "x", "hours": hours}
               for hours in (100, 30, 1)]
    desk = _desk(provider, _lines(records))
    for ago, hours in (("2h", [1]), ("3d", [30, 1]), ("1w", [100, 30, 1])):
        assert [record["hours"] for record in desk.run("audit", "--json", "--since", ago).lines] == hours, ago


def a_refused_person_is_found_by_the_tag_that_only_root_can_make(provider):
    desk = Desk(provider).connect(allow_all="no", allowed_users="somebody-else")
    assert desk.login("--commit").status == 1
    with open(desk.audit, encoding="utf-8") as file:
        record = json.loads(file.read())
    assert record["reason"] == "not_allowed" and len(record["identity"]) == 22 and "user-1" not in json.dumps(record)
    issuer = desk.issuer("good")
    for subject, found in (("user-1", [record]), ("user-2", [])):
        assert desk.run("audit", "--json", "--identity", issuer, subject).lines == found
    desk.user = "lena"
    os.chmod(desk.audit, 0o644)
    os.chmod(os.path.dirname(desk.audit), 0o755)
    result = desk.run("audit", "--json", "--identity", issuer, "user-1")
    assert result.out == "" and result.status == 0 and "audit.key: Permission denied" in result.err, result


def somebody_let_in_is_found_in_clear(provider):
    desk = _desk(provider, _lines(RECORDS))
    result = desk.run("audit", "--json", "--identity", "https://idp.example/", "s-9")
    assert [record["user"] for record in result.lines] == ["kiosk"], result
    assert "refusals of this person cannot be found" in result.err, result


def broken_lines_are_counted_and_told(provider):
    torn = _lines(RECORDS[:1]) + '{"time":"2026\n' + "\0\xff not json\n" + "[]\n" + "{" * 100000 + "\n" + _lines(RECORDS[1:2])
    desk = _desk(provider, torn + '{"time', _lines(RECORDS[2:]) + '{"time":"2026-')
    for words in ((), ("-n", "6")):
        result = desk.run("audit", "--json", *words)
        assert result.lines == RECORDS and result.status == 0, result
        assert "6 lines of the records could not be read" in result.err, result


def the_table_cannot_harm_the_terminal(provider):
    desk = _desk(provider, _lines([_record(1, rhost="\x1b[2J\x9b31m", user="a\u202eb", detail="x\ny")]))
    result = desk.run("audit")
    assert result.status == 0 and len(result.out.splitlines()) == 2, result
    assert all(c == "\n" or c.isprintable() for c in result.out) and "\u202e" not in result.out, result
    assert result.out.splitlines()[1].startswith(f"{DAY} 01:00:00"), result


def only_who_may_read_the_file_reads_it(provider):
    desk = _desk(provider, _lines(RECORDS), user="lena")
    result = desk.run("audit")
    assert result.status == 1 and "root may read it, and the group adm" in result.err and "ana" not in result.out, result
    command = desk.command("audit", "--json")
    done = subprocess.run([word.replace(f"--regid={USERS['lena']}", f"--regid={ADM}") for word in command],
                          capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == len(RECORDS), done


def no_file_and_no_sense_are_told(provider):
    assert "No such file" in Desk(provider).run("audit").err
    desk = _desk(provider, _lines(RECORDS))
    for words in (("--since", "soon"), ("-n", "x"), ("-n", "-1"), ("--identity", "https://idp.example/"), ("--colour",), ("x",)):
        result = desk.run("audit", *words)
        assert result.status == 2 and result.out == "" and result.err, (words, result)


def follow_shows_what_comes_also_behind_a_rotation(provider):
    desk = _desk(provider, _lines(RECORDS[:2]))
    with desk.start("audit", "--json", "--follow", "-n", "1") as process:
        try:
            assert json.loads(process.stdout.readline()) == RECORDS[1]
            with open(desk.audit, "a", encoding="utf-8") as file:
                file.write(_lines(RECORDS[2:3]))
            assert json.loads(process.stdout.readline()) == RECORDS[2]
            with open(desk.audit, "a", encoding="utf-8") as file:
                file.write(_lines(RECORDS[3:4]))
            os.rename(desk.audit, desk.audit + ".1")
            with open(desk.audit + ".new", "w", encoding="utf-8") as file:
                file.write(_lines(RECORDS[4:5]))
            os.rename(desk.audit + ".1", desk.audit + ".2")
            os.rename(desk.audit + ".new", desk.audit + ".1")
            with open(desk.audit, "w", encoding="utf-8") as file:
                file.write(_lines(RECORDS[5:]))
            assert [json.loads(process.stdout.readline()) for _ in range(3)] == RECORDS[3:]
        finally:
            process.terminate()
        assert process.wait(tap.PATIENCE_S) == -signal.SIGTERM


def by_root_it_gives_its_power_up(provider):
    desk = _desk(provider, _lines(RECORDS))
    with desk.start("audit", "--json", "--follow") as process:
        process.stdout.readline()
        with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
            status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
        process.kill()
    assert status["Uid"].split() == [str(USERS["frontdesk"])] * 4 and status["CapEff"] == "0" * 16, status


def the_shell_completes_its_options(provider):
    program = Desk(provider).command("audit", "--help")
    help_text = subprocess.run(program, capture_output=True, text=True, env=ENVIRONMENT, check=True).stdout
    script = f"""frontdesk() {{ if [ "$1" = audit ]; then printf '%s' "$HELP"; else printf '  audit  x\\n'; fi; }}
. {COMPLETION}
COMP_WORDS=(frontdesk audit "$@") COMP_CWORD=$(($# + 1))
_frontdesk && printf '%s\\n' "${{COMPREPLY[@]}}" """

    def offered(*words):
        done = subprocess.run(["bash", "--norc", "-c", script, "-", *words], env={**ENVIRONMENT, "HELP": help_text},
                              capture_output=True, text=True, check=False)
        return done.stdout.split()

    assert {"--since", "--identity", "--follow", "--verdict"} <= set(offered("--"))
    assert offered("--verdict", "un") == ["unknown_user", "unavailable"]
    assert "session_begin" in offered("--event", "")


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
