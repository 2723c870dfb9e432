# SPDX-License-Identifier: BSD-2-Clause
"""The keeper's socket for hooks: who may speak there, what may be said, and that no check-in ever waits for it."""
import json
import os
import socket
import stat
import struct
import sys
import time

import place as stage
from place import HOOKS_UID, room
from room import ADMIT, ADMITTED, ALLOW, CLAIMS, OPEN_SESSION, Child, blob, string

NEXT, ACK, FAILED, EVENT = 1, 2, 3, 0x11
PEERS = 4


class Peer:
    """Speaks as frontdesk-hooks, or as another user who was given its group."""

    def __init__(self, place, uid=HOOKS_UID):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.sock.settimeout(room.PATIENCE)
        try:
            os.setegid(HOOKS_UID)
            os.seteuid(uid)
            self.sock.connect(f"{place.run}/hooks.sock")
        finally:
            os.seteuid(0)
            os.setegid(0)

    def say(self, kind, *fields):
        try:
            self.sock.send(struct.pack("B", kind) + b"".join(map(string, fields)))
        except (BrokenPipeError, ConnectionResetError):
            pass
        return self

    def hear(self):
        """(id, kind, JSON) of an event; None: the end."""
        try:
            reader = room.Reader(self.sock.recv(65536))
        except ConnectionResetError:
            return None
        if not reader.packet:
            return None
        assert reader.number("B") == EVENT
        event = reader.string(), reader.string(), reader.blob().decode()
        assert not reader.packet
        return event

    def next(self):
        return self.say(NEXT).hear()

    def hears_nothing(self, seconds=0.3):
        self.sock.settimeout(seconds)
        try:
            self.sock.recv(1, socket.MSG_PEEK)
            return False
        except TimeoutError:
            return True
        except ConnectionResetError:
            return False
        finally:
            self.sock.settimeout(room.PATIENCE)

    def is_sent_away(self):
        return self.hear() is None

    def close(self):
        self.sock.close()


def _kiosk(place, subject):
    """A visitor approves and confirms at the kiosk; (reason, seconds that the confirmation took)."""
    module = {"module_uid": room.OTHER_UID}
    child = Child(place, **module)
    assert child.admit(user="", service="frontdesk-kiosk")[0] == ADMITTED
    claims = {"iss": "https://idp.example/", "sub": subject, "preferred_username": subject}
    assert child.decided(CLAIMS, blob(json.dumps(claims)), blob(""), string(""), string(""))[1] == ALLOW
    ticket = child.finish()[4]["FRONTDESK_SESSION"]
    child.close()
    child, began = Child(place, **module), time.monotonic()
    reason = child.decided(ADMIT, blob(room.login(OPEN_SESSION, ticket=ticket, user="", service="frontdesk-kiosk")))[0]
    assert child.finish()[0] == ALLOW
    took = time.monotonic() - began
    child.close()
    return reason, took


def the_sockets_file_is_the_hooks_groups(place):
    status = os.stat(f"{place.run}/hooks.sock")
    assert (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid) == (0o660, room.KEEPER_UID, HOOKS_UID)


def nobody_but_the_hooks_user_is_served(place):
    for uid in (0, room.OTHER_UID, room.HELPER_UID, room.KEEPER_UID):
        peer = Peer(place, uid)
        assert peer.say(NEXT).is_sent_away(), uid
        peer.close()
    assert f"refused a connection of uid {room.OTHER_UID} to the socket for hooks" in place.logged()


def an_event_is_given_once_it_is_there_and_again_until_it_is_acknowledged(place):
    peer = Peer(place).say(NEXT)
    place.check_in("ada")
    event = peer.hear()
    assert event[1] == "check_in" and json.loads(event[2])["event"] == event[0]
    peer.close()
    peer = Peer(place)
    assert peer.next() == event, "who went told nobody"
    peer.say(FAILED, event[0], "no\x1b[2J luck")
    assert peer.next() == event and place.waiting()[0][1:] == (1, "no\\x1b[2J luck")
    peer.say(ACK, event[0])
    place.wait_for(lambda: not place.waiting())
    peer.close()


def what_failed_is_not_given_again_at_once(place):
    place.check_out("ada")
    peer = Peer(place)
    began = time.monotonic()
    for _ in range(3):
        peer.say(FAILED, peer.next()[0], "at once")
    event = peer.next()
    assert time.monotonic() - began >= 2.9, "a peer cannot make the store its own"
    peer.say(ACK, event[0])
    peer.close()
    place.wait_for(lambda: not place.waiting())


def one_peer_has_an_event_and_the_others_wait(place):
    first, second = Peer(place), Peer(place)
    place.check_in("ada")
    place.check_in("ben")
    ada = first.next()
    second.say(NEXT)
    assert second.hears_nothing()
    first.say(ACK, ada[0])
    ben = second.hear()
    assert json.loads(ben[2])["member"]["name"] == "ben"
    second.close()
    assert first.next() == ben
    first.say(ACK, ben[0]).close()
    place.wait_for(lambda: not place.waiting())


def what_is_not_due_ends_the_connection_and_changes_nothing(place):
    place.check_out("ada")
    place.check_out("ben")
    ids = [row[0] for row in place.waiting()]
    for packets in ([(ACK, ids[0])], [(FAILED, ids[0], "x")], [(9,)], [(NEXT,), (ACK, ids[1])], [(NEXT,), (NEXT,)],
                    [(NEXT,), (ACK,)], [(NEXT,), (FAILED, ids[0])], [(NEXT,), (FAILED, ids[0], "x" * 300)],
                    [(NEXT, "more")], [(NEXT,), (ACK, ids[0], "more")], [(NEXT,), (ACK, "A" * 30)]):
        peer = Peer(place)
        for packet in packets:
            peer.say(*packet)
            if packet == (NEXT,) and len(packets) > 1 and packets[1] != (NEXT,):
                assert peer.hear()[0] == ids[0]
        while peer.hear():
            pass
        peer.close()
        assert [row[:2] for row in place.waiting()] == [(i, 0) for i in ids], packets
    _drain(place)


def _drain(place):
    peer = Peer(place)
    while place.waiting():
        count = len(place.waiting())
        peer.say(ACK, peer.next()[0])
        place.wait_for(lambda count=count: len(place.waiting()) < count)
    peer.close()


def there_are_few_peers(place):
    peers = [Peer(place).say(NEXT) for _ in range(PEERS)]
    assert all(peer.hears_nothing(0.1) for peer in peers)
    assert Peer(place).say(NEXT).is_sent_away()
    peers.pop().close()
    place.wait_for(lambda: Peer(place).say(NEXT).hears_nothing(0.1))
    for peer in peers:
        peer.close()


def whoever_connects_over_and_over_does_not_fill_the_log(place):
    words = f"refused a connection of uid {room.KEEPER_UID} "
    before = place.logged().count(words)
    for _ in range(60):
        peer = Peer(place, room.KEEPER_UID)
        assert peer.say(NEXT).is_sent_away()
        peer.close()
    assert place.logged().count(words) - before <= 20, "ten in a minute"


def no_check_in_waits_for_a_program_that_hangs(place):
    place.configure()
    if place.desk("check-ins", "now"):
        place.desk("check-ins", "close", "--all")
    place.hook(place.teller(f"touch {place.work}/hangs; sleep 1000"), "hook_timeout = 1h")
    place.start_hooks()
    assert _kiosk(place, "s-1")[0] == "ok"
    place.wait_for(lambda: place.is_there("hangs"))
    for subject in ("s-2", "s-3", "s-4"):
        reason, took = _kiosk(place, subject)
        assert reason == "ok" and took < 5, took
    assert len(place.told()) == 1 and len(place.waiting()) == 4
    place.stop(place.hooks)


def no_check_in_waits_for_a_peer_that_says_nothing_or_too_much(place):
    mute = Peer(place)
    mute.next()
    noisy = [Peer(place) for _ in range(PEERS - 1)]
    for peer in noisy:
        for _ in range(50):
            peer.say(NEXT)
    reason, took = _kiosk(place, "s-5")
    assert reason == "ok" and took < 5
    for peer in [mute, *noisy]:
        peer.close()


def a_check_in_at_the_kiosk_is_given_at_once(place):
    _drain(place)
    peer = Peer(place).say(NEXT)
    assert peer.hears_nothing(0.1)
    assert _kiosk(place, "s-6")[0] == "ok"
    event = peer.hear()
    assert json.loads(event[2])["how"] == "kiosk" and json.loads(event[2])["member"]["name"] == "s-6"
    peer.say(ACK, event[0]).close()


def _begin(place):
    place.hook("/bin/true")
    place.start_keeper()
    place.invite("ada", "ben")


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules["__main__"], _begin))
