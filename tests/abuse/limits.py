# SPDX-License-Identifier: BSD-2-Clause
"""How often sign-ins may begin, asked of the keeper: who is held up by whom, and what a flood leaves behind."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "daemons"))
import room  # noqa: E402
from people import enter  # noqa: E402
from room import ACCOUNT, ADMIT, ADMITTED, ALLOW, CLOSE_SESSION, OPEN_SESSION, UNAVAILABLE, Child, blob  # noqa: E402

RATES = "starts_per_minute_per_host = 1\nstarts_burst_per_host = 5\n"
WIDE = "[limits]\nsign_ins = 2048\nsign_ins_per_user = 10000\nsign_ins_per_host = 10000\nunprivileged = 200\n"
FLOOD = 300


def _ask(machine, module_uid=0, **fields):
    """What a sign-in that leaves at once comes to: "admitted", or the reason of the refusal."""
    child = Child(machine, module_uid=module_uid)
    answer, reader = child.ask(ADMIT, blob(room.login(**fields)))
    child.close()
    return "admitted" if answer == ADMITTED else reader.string()


def _ask_often(machine, times, name="guess{}", **fields):
    """{outcome: how often}"""
    found = {}
    for number in range(times):
        outcome = _ask(machine, user=name.format(number), **fields)
        found[outcome] = found.get(outcome, 0) + 1
    return found


def _is_out(machine, **fields):
    """A minute brings one back: of two at once one is refused."""
    return "too_often_for_host" in [_ask(machine, user="guess", **fields) for _ in range(2)]


def a_host_may_begin_so_many_at_once_and_then_no_more(machine):
    machine.configure(WIDE + RATES, corp={})
    started = time.monotonic()
    found = _ask_often(machine, FLOOD, rhost="203.0.113.1")
    assert 5 <= found["admitted"] <= 6 + (time.monotonic() - started) / 60, found
    assert set(found) == {"admitted", "too_often_for_host"}, found


def another_host_signs_in_meanwhile(machine):
    assert _is_out(machine, rhost="203.0.113.1")
    assert _ask(machine, user="guess", rhost="203.0.113.2") == "admitted"


def this_machine_signs_in_meanwhile(machine):
    assert _ask(machine, user="alice", tty="/dev/tty1") == "admitted"
    assert _ask(machine, user="alice", ruser="root", tty="/dev/tty1", service="login") == "admitted"
    assert _ask(machine, user="alice") == "admitted"


def a_host_is_one_however_it_is_written(machine):
    for first, *others in (("203.0.113.10", "::ffff:203.0.113.10", "::FFFF:CB00:710A"),
                           ("2001:db8:1:2::1", "2001:db8:1:2:ffff::99", "2001:DB8:1:2::"),
                           ("desk.example.org", "DESK.Example.ORG.")):
        _ask_often(machine, 8, rhost=first)
        for other in others:
            assert _is_out(machine, rhost=other), other
    assert _ask(machine, user="guess", rhost="2001:db8:1:3::1") == "admitted"


def invented_hosts_give_nobody_a_bucket_back(machine):
    _ask_often(machine, 8, rhost="203.0.113.20")
    started = time.monotonic()
    for number in range(FLOOD):
        assert _ask(machine, user="guess", rhost=f"invented-{number}.example") == "admitted", number
    found = _ask_often(machine, 10, rhost="203.0.113.20")
    assert found.get("admitted", 0) <= min(4, 1 + (time.monotonic() - started) / 60), found


def a_name_is_limited_where_it_is_asked_for_and_free_elsewhere(machine):
    machine.configure(WIDE + "starts_per_minute_per_user = 1\nstarts_burst_per_user = 3\n", corp={})
    found = _ask_often(machine, 20, name="victim", rhost="203.0.113.30")
    assert found["too_often_for_user"] >= 16, found
    assert _ask(machine, user="another", rhost="203.0.113.30") == "admitted"
    assert _ask(machine, user="victim", rhost="203.0.113.31") == "admitted", "a stranger shuts nobody out"
    assert _ask(machine, user="victim", tty="/dev/tty1") == "admitted"


def sign_ins_held_in_somebodys_name_elsewhere_take_none_of_that_persons(machine):
    machine.configure("[limits]\nsign_ins_per_user = 2\n", corp={})
    held = [Child(machine) for _ in range(2)]
    for child in held:
        assert child.admit(user="victim", rhost="203.0.113.40")[0] == ADMITTED
    assert _ask(machine, user="victim", rhost="203.0.113.40") == "too_many_for_user"
    assert _ask(machine, user="victim", rhost="203.0.113.41") == "admitted"
    for child in held:
        child.close()


def names_of_members_and_of_nobody_run_out_alike(machine):
    machine.configure(WIDE + RATES, corp={})
    enter(machine, "s-7", "", "mia")
    outcomes = {name: [_ask(machine, user=name, rhost=host) for _ in range(7)]
                for name, host in (("mia", "203.0.113.50"), ("nobody.here", "203.0.113.51"), ("root", "203.0.113.52"))}
    assert outcomes["mia"] == ["admitted"] * 5 + ["too_often_for_host"] * 2, outcomes
    assert outcomes["mia"] == outcomes["nobody.here"] == outcomes["root"], outcomes


def a_local_user_holds_up_itself_alone(machine):
    machine.configure(WIDE + "starts_per_minute_per_peer = 1\nstarts_burst_per_peer = 5\n", corp={})
    found = _ask_often(machine, 30, ruser="mallory")
    assert found["too_often_for_peer"] >= 23, found
    for fields in ({"ruser": "lena"}, {"ruser": "root"}, {"tty": "/dev/tty1"}, {"rhost": "203.0.113.60"}):
        assert _ask(machine, user="alice", **fields) == "admitted", fields


def a_process_of_a_user_is_counted_by_its_uid_whatever_it_says(machine):
    machine.configure(WIDE + "starts_per_minute_per_peer = 1\nstarts_burst_per_peer = 3\n[service locker]\n"
                      "unprivileged = yes\n", corp={"services": "login locker"})
    outcomes = [_ask(machine, module_uid=room.OTHER_UID, user="lena", service="locker", rhost=f"h{n}", ruser=f"r{n}",
                     tty=f"t{n}") for n in range(8)]
    assert outcomes[:3] == ["admitted"] * 3 and set(outcomes[5:]) == {"too_often_for_peer"}, outcomes
    account = Child(machine, module_uid=room.OTHER_UID)
    login = room.login(phase=ACCOUNT, user="lena", service="locker")
    assert account.decided(ADMIT, blob(login))[0] != "too_often_for_peer", "phases without an IdP count apart"


def all_together_are_limited_and_leave_this_machine_free(machine):
    machine.configure(WIDE + "starts_per_minute = 1\nstarts_burst = 10\n", corp={})
    found = {}
    for number in range(40):
        outcome = _ask(machine, user="guess", rhost=f"198.51.100.{number}")
        found[outcome] = found.get(outcome, 0) + 1
    assert set(found) <= {"admitted", "too_often"} and found["too_often"] >= 28, found
    for fields in ({"tty": "/dev/tty1"}, {"ruser": "lena"}, {}):
        assert _ask(machine, user="alice", **fields) == "admitted", fields


def what_one_host_is_refused_costs_all_nothing(machine):
    machine.configure(WIDE + RATES + "starts_per_minute = 2\nstarts_burst = 2000\n", corp={})
    _ask_often(machine, FLOOD, rhost="203.0.113.70")
    assert _ask(machine, user="guess", rhost="203.0.113.71") == "admitted"


def people_who_are_in_go_on_while_nobody_may_begin(machine):
    machine.configure("[limits]\nstarts_per_minute = 1\nstarts_burst = 1\nsign_ins = 1\n", corp={})
    _ask_often(machine, 5, rhost="203.0.113.80")
    for phase in (ACCOUNT, OPEN_SESSION, CLOSE_SESSION):
        for _ in range(50):
            child = Child(machine)
            reason = child.decided(ADMIT, blob(room.login(phase=phase, user="alice", rhost="203.0.113.80")))[0]
            child.close()
            assert reason in ("ok", "not_a_member"), reason


def when_other_hosts_have_taken_all_places_the_console_has_its_own(machine):
    machine.configure("[limits]\nsign_ins = 20\nsign_ins_per_host = 1000\n", corp={})
    held = [Child(machine) for _ in range(20)]
    for number, child in enumerate(held):
        assert child.admit(user=f"guess{number}", rhost=f"198.51.100.{number % 2 + 1}")[0] == ADMITTED
    assert _ask(machine, user="guess", rhost="198.51.100.3") == "too_many_sign_ins"
    held += [Child(machine), Child(machine)]
    assert [child.admit(user=f"u{n}", tty="/dev/tty1")[0] for n, child in enumerate(held[20:])] == [ADMITTED] * 2
    assert _ask(machine, user="one.more", tty="/dev/tty1") == "too_many_sign_ins"
    for child in held:
        child.close()


def a_refusal_is_unavailable_and_not_a_lie_about_the_person(machine):
    machine.configure(WIDE + RATES, corp={})
    _ask_often(machine, 8, rhost="203.0.113.90")
    child = Child(machine)
    assert child.decided(ADMIT, blob(room.login(rhost="203.0.113.90"))) == ("too_often_for_host", UNAVAILABLE, "")
    assert child.finish()[:3] == (UNAVAILABLE, "", "too_often_for_host")


def a_flood_fills_neither_the_log_nor_the_audit_file(machine):
    log, records = len(machine.logged().splitlines()), len(machine.audited())
    _ask_often(machine, FLOOD, rhost='203.0.113.91" reason=ok')
    told = [line for line in machine.logged().splitlines()[log:] if "too_often_for_host" in line]
    kept = [record for record in machine.audited()[records:] if record["reason"] == "too_often_for_host"]
    assert 1 <= len(told) <= 40, len(told)
    assert 1 <= len(kept) <= 20, len(kept)


def _account_refusals(machine, **fields):
    """How many of a flood of them have a record."""
    records = len(machine.audited())
    for _ in range(FLOOD):
        child = Child(machine)
        assert child.decided(ADMIT, blob(room.login(phase=ACCOUNT, user="alice", **fields)))[0] == "not_a_member"
        child.close()
    return len([record for record in machine.audited()[records:] if record["reason"] == "not_a_member"])


def nor_does_a_key_of_somebody_who_is_shut_out(machine):
    machine.configure(WIDE, corp={})
    assert 1 <= _account_refusals(machine, rhost="203.0.113.92") <= 20
    assert 1 <= _account_refusals(machine, ruser="mallory") <= 20
    assert _account_refusals(machine, service="cron") == FLOOD, "what nobody outside can cause is told each time"


def users_who_may_not_ask_fill_the_log_no_more(machine):
    before = len(machine.logged().splitlines())
    for _ in range(FLOOD):
        assert _ask(machine, module_uid=room.OTHER_UID, user="lena") == "peer_not_allowed"
    assert len(machine.logged().splitlines()) - before < 60


def the_session_phases_of_members_are_not_counted_as_starts(machine):
    machine.configure(WIDE + RATES, corp={})
    for _ in range(30):
        child = Child(machine)
        decision = child.decided(ADMIT, blob(room.login(phase=CLOSE_SESSION, user="alice", rhost="203.0.113.95")))
        assert decision[1] == ALLOW, decision
        child.close()
    assert _ask(machine, user="guess", rhost="203.0.113.95") == "admitted"


def _start(machine):
    machine.configure(WIDE, corp={})
    machine.keeper = machine.start("frontdesk-keeper")
    machine.wait_for(lambda: room.listens(machine.run + "/keeper.sock"))


if __name__ == "__main__":
    sys.exit(room.main(sys.modules["__main__"], _start))
