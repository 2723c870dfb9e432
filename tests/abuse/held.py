# SPDX-License-Identifier: BSD-2-Clause
"""Five hundred sign-ins that wait for their people: what they cost, how they poll, and the one that is too many."""
import os
import statistics
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "e2e"), os.path.join(HERE, "..", "daemons")]
import desk as stage  # noqa: E402
from proc import has_ended  # noqa: E402
from room import read  # noqa: E402
from scene import Scene, audit  # noqa: E402
from undue import Module  # noqa: E402

PLACES = 500
AT_ONCE = 25
INTERVAL_S = 5
EACH_KB, TOTAL_KB = 2048, 700 * 1024  # 600 kB and 300 MB are usual
LIMITS = "[limits]\nstarts_per_minute = 10000\nstarts_burst = 10000\n"


def _prepare(desk):
    scene = Scene(desk, LIMITS)
    scene.connect("held", services="login")
    scene.script("held", approve="manual", device={"expires_in": 900, "interval": INTERVAL_S}, cache="max-age=600")
    desk.start_services()
    desk.modules = []


def _memory_kb(pid, field):
    try:
        text = read(f"/proc/{pid}/smaps_rollup")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith(field))


def _begin(number):
    return Module(user=f"person{number}", service="login", tty=f"tty{number % 8}")


def five_hundred_people_see_their_code(desk):
    for first in range(0, PLACES, AT_ONCE):
        batch = [_begin(first + number) for number in range(AT_ONCE)]
        for module in batch:
            module.until_shown()
        desk.modules += batch
    assert len(desk.sign_ins()) == PLACES
    assert desk.scene.requests("held").count("device") == PLACES


def the_next_one_is_refused_at_once_without_asking_the_provider(desk):
    for number in range(3):
        assert _begin(PLACES + number).until_verdict()[2] == "too_many_sign_ins"
    assert desk.scene.requests("held").count("device") == PLACES
    assert audit()[-1]["reason"] == "too_many_sign_ins"


def each_of_them_is_small_and_all_together_are_bounded(desk):
    pids = desk.sign_ins()
    private = [_memory_kb(pid, "Private_") for pid in pids]
    daemons = [desk.children[name].pid for name in ("helper", "keeper")]
    total = sum(_memory_kb(pid, "Pss:") for pid in pids + daemons)
    assert statistics.median(private) < EACH_KB and max(private) < 2 * EACH_KB, (statistics.median(private), max(private))
    assert total < TOTAL_KB, total
    print(f"# private memory of one: {statistics.median(private):.0f} kB; of all and both daemons: {total // 1024} MB")


def _polls(desk):
    """{code: when it was asked for, in seconds}"""
    found = {}
    for entry in desk.scene.provider.log("good~held"):
        if entry["path"].endswith("/token"):
            found.setdefault(entry["form"]["device_code"], []).append(entry["at_ms"] / 1000)
    return found


def they_poll_at_the_providers_interval_each(desk):
    assert stage.eventually(lambda: sum(len(times) >= 3 for times in _polls(desk).values()) == PLACES, 120)
    gaps = [later - earlier for times in _polls(desk).values() for earlier, later in zip(times, times[1:])]
    # Between two arrivals, of which the first may have been held up on its way.
    early = [gap for gap in gaps if gap < INTERVAL_S - 0.5]
    assert len(early) <= len(gaps) / 100 and min(gaps) > INTERVAL_S / 2, (len(early), len(gaps), min(gaps))


def one_who_leaves_makes_room_for_another(desk):
    desk.modules.pop().sock.close()
    assert stage.eventually(lambda: len(desk.sign_ins()) == PLACES - 1)
    desk.modules.append(_begin(PLACES))
    desk.modules[-1].until_shown()


def when_all_have_left_nothing_stays(desk):
    pids = desk.sign_ins()
    for module in desk.modules:
        module.sock.close()
    assert stage.eventually(lambda: all(has_ended(pid) for pid in pids))
    assert not desk.sign_ins()
    for name in ("keeper", "helper"):
        pid = desk.children[name].pid
        assert stage.eventually(lambda p=pid: len(os.listdir(f"/proc/{p}/fd")) < 40), name


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules["__main__"], _prepare))
