# SPDX-License-Identifier: BSD-2-Clause
"""Each event is told at least once, in order and under one id, whoever is killed in between."""
import os
import sys

import place as stage
from proc import has_ended


def _names(place):
    return [(event["kind"], event["member"]["name"]) for event in place.told()]


def _hang(place):
    """A program that was told, says its pid, and waits for a word."""
    more = f"echo $$ >{place.work}/pid.new; mv {place.work}/pid.new {place.work}/pid; " \
           f"while [ ! -e {place.work}/go ]; do sleep 0.05; done; rm -f {place.work}/pid"
    for name in ("pid", "go"):
        if place.is_there(name):
            os.unlink(f"{place.work}/{name}")
    place.teller(more)


def _running(place):
    place.wait_for(lambda: place.is_there("pid"))
    with open(f"{place.work}/pid", encoding="ascii") as file:
        pid = int(file.read())
    os.unlink(f"{place.work}/pid")
    return pid


def _go_on(place):
    with open(f"{place.work}/go", "w", encoding="ascii"):
        pass


def an_event_is_told_and_waits_no_more(place):
    place.check_in("ada")
    place.wait_for(lambda: _names(place) == [("check_in", "ada")] and not place.waiting())
    (event,) = place.told()
    assert (event["version"], event["location"], event["machine"], event["how"]) == (1, "Berlin", "desk-1", "desk")
    assert len(event["event"]) == 22


def events_are_told_in_the_order_in_which_they_were_made(place):
    place.forget()
    place.stop(place.hooks)
    for name in ("ada", "ben"):
        place.check_in(name)
    place.check_out("ada")
    place.check_in("ada")
    ids = [row[0] for row in place.waiting()]
    place.start_hooks()
    place.wait_for(lambda: not place.waiting())
    assert _names(place) == [("check_in", "ada"), ("check_in", "ben"), ("check_out", "ada"), ("check_in", "ada")]
    assert [event["event"] for event in place.told()] == ids


def a_runner_that_is_killed_tells_the_same_event_again_and_leaves_no_program(place):
    place.forget()
    _hang(place)
    place.check_in("ada")
    place.check_in("ben")
    pid = _running(place)
    place.kill(place.hooks)
    place.wait_for(lambda: has_ended(pid))
    assert len(place.waiting()) == 2, "what was not acknowledged waits"
    _go_on(place)
    place.start_hooks()
    place.wait_for(lambda: not place.waiting())
    first, again, other = place.told()
    assert first == again and first["event"] != other["event"]
    assert [e["member"]["name"] for e in (first, again, other)] == ["ada", "ada", "ben"]


def a_program_that_is_killed_is_told_the_same_event_again(place):
    place.forget()
    _hang(place)
    place.check_in("ada")
    place.check_in("ben")
    os.kill(_running(place), 9)
    place.wait_for(lambda: place.waiting()[0][1] == 1)
    assert "signal 9" in place.waiting()[0][2]
    _go_on(place)
    place.wait_for(lambda: not place.waiting())
    first, again, other = place.told()
    assert first == again and other["member"]["name"] == "ben"


def a_keeper_that_is_killed_while_a_program_runs_loses_nothing(place):
    place.forget()
    _hang(place)
    place.check_in("ada")
    place.check_in("ben")
    _running(place)
    place.kill(place.keeper)
    _go_on(place)
    place.start_keeper()
    place.wait_for(lambda: not place.waiting())
    assert _names(place) == [("check_in", "ada"), ("check_in", "ben")], "what was told is only acknowledged again"


def a_keeper_that_is_killed_before_anything_is_due_loses_nothing(place):
    place.forget()
    place.kill(place.keeper)
    place.check_in("ada")
    place.start_keeper()
    place.wait_for(lambda: not place.waiting())
    assert _names(place) == [("check_in", "ada")]


def both_killed_at_once_lose_nothing(place):
    place.forget()
    _hang(place)
    place.check_in("ada")
    _running(place)
    place.kill(place.keeper)
    place.kill(place.hooks)
    _go_on(place)
    place.start_keeper()
    place.start_hooks()
    place.wait_for(lambda: not place.waiting())
    first, again = place.told()
    assert first == again


def a_runner_that_ends_kills_its_program_and_the_event_waits(place):
    place.forget()
    _hang(place)
    place.check_in("ada")
    pid = _running(place)
    assert place.stop(place.hooks) == 0
    assert has_ended(pid) and len(place.waiting()) == 1
    _go_on(place)
    place.start_hooks()
    place.wait_for(lambda: not place.waiting())


def an_erased_member_is_not_told_of(place):
    place.forget()
    place.invite("cleo")
    place.stop(place.hooks)
    place.check_in("cleo")
    place.check_in("ada")
    place.desk("members", "remove", "cleo", "--erase")
    place.start_hooks()
    place.wait_for(lambda: not place.waiting())
    assert _names(place) == [("check_in", "ada")]


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules["__main__"], stage.begin))
