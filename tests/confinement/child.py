# SPDX-License-Identifier: BSD-2-Clause
"""A child that was taken over says what it likes, to the real keeper and to the real module: it may claim to be
somebody of its own connection's, and that is all."""
import errno
import os
import socket
import struct
import sys

import takeover
from takeover import SECRET, blob, set_, string, verdict, words

ADMIT, CHOOSE, KEEP, CLAIMS, REFUSE, FINISH, REMEMBER, PICK = (
    words.ADMIT, words.CHOOSE, words.KEEP, words.CLAIMS, words.REFUSE, words.FINISH, words.REMEMBER, words.PICK)
ADMITTED, DECIDED, ALLOW, DENY = words.ADMITTED, words.DECIDED, words.ALLOW, words.DENY
REFUSED = (["AUTHINFO_UNAVAIL"], ["AUTH_ERR"])
DOCUMENT = struct.pack(">BI", 1, 600) + blob('{"issuer":"https://evil.example"}')


def _nothing_came_of(machine, lie, user="", service="front"):
    """lie(sign_in) is told; the host is refused, and everything stands as it stood."""
    before, sign_in = machine.facts(), machine.begin(service, user)
    try:
        lie(sign_in)
    except takeover.Gone:
        pass
    codes = sign_in.outcome()
    assert codes in REFUSED, f"{codes} {sign_in.said}"
    assert machine.facts() == before
    return sign_in


def what_a_child_may_say_lets_its_person_in(machine):
    sign_in = machine.begin()
    answer, reader = sign_in.admit()
    assert (answer, reader.string(), reader.blob()) == (ADMITTED, "corp", b"")
    answer, reader = sign_in.ask(CLAIMS, *machine.claims("s-1", "alice"))
    assert (answer, reader.string()) == (DECIDED, "ok")
    sign_in.say(FINISH)
    assert sign_in.outcome() == ["SUCCESS"] and {"user": "alice"} in sign_in.said
    assert machine.desk.is_user("alice")


def a_child_makes_no_verdict_and_sets_nothing(machine):
    for kind in range(1, 7):
        given = verdict(kind, "alice" if kind == ALLOW else "")
        for packets in ((given,), (set_(), given), (set_(),)):
            for admitted in (False, True):
                def lie(sign_in, packets=packets, admitted=admitted):
                    if admitted:
                        sign_in.admit()
                    for packet in packets:
                        sign_in.to_module(packet)
                    sign_in.host.wait(takeover.PATIENCE)
                mark = machine.desk.log.mark()
                sign_in = _nothing_came_of(machine, lie, user="alice")
                assert sign_in.environment() == []
                assert machine.desk.log.wait(mark, "reason=not_from_keeper")


def nothing_out_of_order_lets_anybody_in(machine):
    claims, refuse = machine.claims("s-1", "alice"), (string("timeout"), string(""))
    lies = {
        "FINISH at once": [(FINISH,)],
        "claims before LOGIN": [(CLAIMS, *claims), (FINISH,)],
        "a choice before LOGIN": [(CHOOSE, string("corp")), (FINISH,)],
        "a pick before LOGIN": [(PICK, string("alice")), (FINISH,)],
        "a refusal before LOGIN": [(REFUSE, *refuse), (FINISH,)],
        "a hand-over of its own": [(words.HANDOVER, b"\0" * 8), (FINISH,)],
        "FINISH before claims": ["admit", (FINISH,)],
        "LOGIN twice": ["admit", "admit", (CLAIMS, *claims), (FINISH,)],
        "a choice that was not asked for": ["admit", (CHOOSE, string("corp")), (CLAIMS, *claims), (FINISH,)],
        "another connection chosen": ["admit", (CHOOSE, string("partner")), (CLAIMS, *claims), (FINISH,)],
        "a pick that was not asked for": ["admit", (PICK, string("alice")), (FINISH,)],
        "a refusal that allows": ["admit", (REFUSE, string("ok"), string("")), (FINISH,)],
        "a refusal that passes on": ["admit", (REFUSE, string("no_connection"), string("")), (FINISH,)],
        "a refusal that is a password": ["admit", (REFUSE, string("password_typed"), string("")), (FINISH,)],
        "claims behind a refusal": ["admit", (REFUSE, *refuse), (CLAIMS, *claims), (FINISH,)],
        "an answer of the keeper's": ["admit", (DECIDED, string("ok"), b"\1", string("alice"), string("")), (FINISH,)],
        "a question that there is not": ["admit", (0x77,), (FINISH,)],
        "a hand-over behind LOGIN": ["admit", (words.HANDOVER, b"\0" * 8), (CLAIMS, *claims), (FINISH,)],
        "keys that it fetches again and again": ["admit", *[(10,)] * 200, (CLAIMS, *claims), (FINISH,)],
        "an empty packet": ["admit", b"", (CLAIMS, *claims), (FINISH,)],
        "more documents than there are": ["admit", *[(KEEP, DOCUMENT)] * 20, (CLAIMS, *claims), (FINISH,)],
        "a byte too many": ["admit", (CLAIMS, *claims, b"x"), (FINISH,)],
        "claims that are too large": ["admit", (CLAIMS, blob(b"x" * 65537), *claims[1:]), (FINISH,)],
        "the largest packet": ["admit", b"\5" + b"\xff" * 150000, (FINISH,)],
    }
    whole = b"".join(claims)
    for length in (0, 1, 3, 4, 5, 40, len(whole) - 3, len(whole) - 1):
        lies[f"claims cut at {length}"] = ["admit", (CLAIMS, whole[:length]), (FINISH,)]
    for what, steps in lies.items():
        def lie(sign_in, steps=steps):
            for step in steps:
                if step == "admit":
                    sign_in.admit()
                elif isinstance(step, bytes):
                    sign_in.puppet.send(sign_in.keeper, step)
                else:
                    sign_in.say(*step)
        assert _nothing_came_of(machine, lie, user="alice"), what


def who_asks_for_what_is_not_the_childs_to_say(machine):
    made_up = {"another service": {"service": "back"}, "another connection": {"connection": "partner"},
               "another user": {"user": "bob"}, "another host": {"rhost": "203.0.113.9"},
               "another phase": {"phase": words.ACCOUNT}, "passwords": {"flags": words.PASSWORDS_ALLOWED},
               "somebody's session": {"phase": words.OPEN_SESSION, "ticket": "A" * 22},
               "a key that nobody has shown": {"prior_auth": "publickey ssh-ed25519 AAAA"}}
    for what, fields in made_up.items():
        def lie(sign_in, fields=fields):
            assert sign_in.admit(words.login(**{"user": "alice", "service": "front", **fields})) == (None, None)
        assert _nothing_came_of(machine, lie, user="alice"), what


def a_login_that_the_child_took_away_counts_no_more(machine):
    def lie(sign_in):
        assert sign_in.puppet.receive(sign_in.module) == sign_in.login
        assert sign_in.admit() == (None, None)
    _nothing_came_of(machine, lie, user="alice")


def the_login_of_another_sign_in_counts_only_there(machine):
    other = machine.begin("back", "alice")

    def lie(sign_in):
        assert sign_in.admit(other.login) == (None, None)
    _nothing_came_of(machine, lie, user="alice")
    answer, reader = other.admit()
    assert (answer, reader.string(), reader.blob()) == (ADMITTED, "partner", SECRET.encode())
    other.outcome()


def a_child_never_holds_another_connections_secret_or_documents(machine):
    poison = blob('{"issuer":"https://evil.example","jwks_uri":"https://evil.example/keys"}')

    for kind in (0, 3, 255):
        def lie(sign_in, kind=kind):
            answer, reader = sign_in.admit()
            assert answer == ADMITTED and SECRET.encode() not in reader.packet
            assert sign_in.ask(KEEP, struct.pack(">BI", kind, 600), poison) == (None, None)
        _nothing_came_of(machine, lie)
    sign_in = machine.begin()
    sign_in.admit()
    for kind in (1, 2):
        sign_in.say(KEEP, struct.pack(">BI", kind, 600), poison)
    sign_in.outcome()
    partner = machine.begin("back")
    answer, reader = partner.admit()
    assert (reader.string(), reader.blob(), reader.number("B")) == ("partner", SECRET.encode(), 0)
    assert (reader.blob(), reader.blob()) == (b"", b"")
    partner.outcome()


def claims_bind_nobody_elses_member_and_no_local_account(machine):
    def claims(**more):
        return lambda s: (s.admit(), s.ask(CLAIMS, *machine.claims("s-9", "alice", **more)), s.say(FINISH))
    lies = {"the name of a member": claims(), "another issuer": claims(iss="https://partner.example"),
            "no issuer": claims(iss=None), "a subject of another kind": claims(sub=["s-1"]),
            "no subject": claims(sub=""), "a number for a subject": claims(sub=1),
            "root by name": claims(preferred_username="root"), "a local account": claims(preferred_username="lena"),
            "our own user": claims(preferred_username="frontdesk"),
            "an id": claims(uid=0, gid=0, preferred_username="0"),
            "a line of its own": claims(preferred_username="eve:x:0:0::/:/bin/sh\n"),
            "two subjects": lambda s: (s.admit(), s.ask(CLAIMS, blob(
                '{"iss":"%s","sub":"s-9","sub":"s-1","preferred_username":"alice"}' % machine.issuer),
                blob(""), string(""), string("")), s.say(FINISH)),
            "a subject that userinfo names": lambda s: (s.admit(), s.ask(
                CLAIMS, machine.claims("s-9", "eve")[0], machine.claims("s-1", "alice")[0], string(""), string("")),
                s.say(FINISH))}
    for what, lie in lies.items():
        for user in ("", "alice"):
            assert _nothing_came_of(machine, lie, user=user), what


def claims_of_one_member_let_in_nobody_else(machine):
    newcomer = machine.begin()
    newcomer.admit()
    newcomer.ask(CLAIMS, *machine.claims("s-2", "bob"))
    newcomer.say(FINISH)
    assert newcomer.outcome() == ["SUCCESS"]
    before = machine.facts()[0]
    sign_in = machine.begin(user="alice")
    sign_in.admit()
    answer, reader = sign_in.ask(CLAIMS, *machine.claims("s-2", "bob"))
    assert (answer, reader.string(), reader.number("B")) == (DECIDED, "wrong_user", DENY)
    sign_in.say(FINISH)
    assert sign_in.outcome() == ["AUTH_ERR"] and machine.facts()[0] == before


def what_the_keeper_decided_the_child_cannot_turn(machine):
    def lie(sign_in):
        sign_in.admit()
        sign_in.ask(REFUSE, string("timeout"), string(""))
        sign_in.to_module(set_())
        sign_in.say(FINISH)
    _nothing_came_of(machine, lie, user="alice")

    def in_another_name(sign_in):
        sign_in.admit()
        sign_in.ask(CLAIMS, *machine.claims("s-2", "bob"))
        sign_in.to_module(verdict(ALLOW, "alice"))
        sign_in.say(FINISH)
    before, sign_in = machine.facts()[0], machine.begin(user="alice")
    in_another_name(sign_in)
    assert sign_in.outcome() in REFUSED and machine.facts()[0] == before


def descriptors_that_ride_along_reach_nobody(machine):
    def fds(pid):
        return sorted(os.listdir(f"/proc/{pid}/fd"))
    keeper = machine.desk.children["keeper"].pid
    machine.begin().outcome()
    takeover.e2e.eventually(lambda: not machine.desk.sign_ins())
    before = fds(keeper)

    def to_keeper(sign_in):
        sign_in.admit()
        for kind in (CLAIMS, KEEP, REFUSE):
            sign_in.puppet.send_with_descriptors(sign_in.keeper, bytes([kind]), [sign_in.keeper, sign_in.module])
    _nothing_came_of(machine, to_keeper)

    def to_module(sign_in):
        sign_in.puppet.send_with_descriptors(sign_in.module, b"\x11\0\1x", [sign_in.keeper] * 4)
    _nothing_came_of(machine, to_module)
    assert takeover.e2e.eventually(lambda: fds(keeper) == before), (before, fds(keeper))


def a_child_has_no_way_to_another_sign_in(machine):
    victim, sign_in = machine.begin(user="alice"), machine.begin(user="bob")
    victim.admit()
    puppet = sign_in.puppet
    numbers = set(range(3, 70)) - {sign_in.keeper, sign_in.module}
    sockets = {fd for fd in numbers if puppet.call("getsockname", fd, puppet.arena, struct.pack("I", 128)) >= 0}
    assert len(sockets) <= 2, "more than its strings and the log"
    for path in (f"/proc/{victim.puppet.pid}/fd/{victim.keeper}", "/run/frontdesk/keeper.sock"):
        assert puppet.call("openat", -100, path, os.O_RDWR) == -errno.EACCES
    assert puppet.call("socket", socket.AF_UNIX, socket.SOCK_SEQPACKET, 0) == -errno.EACCES
    sign_in.outcome()
    answer, reader = victim.ask(CLAIMS, *machine.claims("s-1", "alice"))
    assert (answer, reader.string()) == (DECIDED, "ok")
    victim.say(FINISH)
    assert victim.outcome() == ["SUCCESS"]


def a_child_does_not_outlive_its_sign_in_for_long(machine):
    sign_in = machine.begin(user="alice")
    sign_in.admit()
    sign_in.host.kill()
    sign_in.host.communicate()
    try:
        sign_in.puppet.call("poll", 0, 0, -1)  # for ever
    except takeover.Gone:
        pass
    assert takeover.e2e.eventually(lambda: sign_in.puppet.pid not in machine.desk.sign_ins())
    sign_in.puppet.close()


def a_flood_and_a_silence_hold_nobody_else_up(machine):
    flood, silence = machine.begin(user="alice"), machine.begin(user="bob")
    flood.admit()
    silence.admit()
    for fd, packet in ((flood.keeper, b"\4" + DOCUMENT), (flood.module, b"\x11\0\1x")):
        for _ in range(500):
            if flood.puppet.call("sendto", fd, packet, len(packet), socket.MSG_DONTWAIT, 0, 0) < 0:
                break
    what_a_child_may_say_lets_its_person_in(machine)
    assert flood.outcome() in REFUSED and silence.outcome() in REFUSED


if __name__ == "__main__":
    place = takeover.Machine("frontdesk-helper")
    place.desk.start_services()
    sys.exit(takeover.main(sys.modules["__main__"], place))
