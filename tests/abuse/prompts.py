# SPDX-License-Identifier: BSD-2-Clause
"""Until somebody approves nobody learns who is a member: the same packets, in the same order, for the same requests."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "e2e"), os.path.join(HERE, "..", "daemons")]
import desk as stage  # noqa: E402
from room import pam_stack  # noqa: E402
from scene import Scene, code_of  # noqa: E402
from undue import ANSWER_OF_PROMPT, Module, daemons  # noqa: E402

# Names of one length, for texts are laid out by it.
KNOWN, INVITED, DISABLED, REMOVED, UNKNOWN, LOCAL, ROOT = "anna", "ines", "dora", "rita", "nora", "lena", "root"
ALL = (KNOWN, INVITED, DISABLED, REMOVED, UNKNOWN, LOCAL, ROOT)
MAIN = "[limits]\nsign_ins_per_host = 1000\nstarts_burst_per_host = 1000\nstarts_burst_per_user = 1000\n"


def _prepare(desk):
    scene = Scene(desk, MAIN)
    pam_stack("login", "denied")
    scene.connect("acme", services="login sshd")
    desk.start_services()
    for name in (KNOWN, DISABLED, REMOVED):
        scene.person("acme", name)
        assert code_of(desk.pam("login", name, "tty=tty1", "auth")) == "SUCCESS", name
    desk.cli("members", "disable", DISABLED)
    desk.cli("members", "remove", REMOVED)
    desk.cli("members", "invite", INVITED, "--email", f"{INVITED}@acme.com")
    scene.script("acme", approve="manual", device={"expires_in": 600, "interval": 30})


def _heard(user, say=(), **fields):
    """The packets up to the code, the name masked."""
    module, packets, say = Module(user=user, **fields), [], list(say)
    while not (packets and b"https://" in packets[-1]):
        packet, _ = daemons.packet_of(module.sock)
        assert packet, (user, "the end came before a code", packets)
        packets.append(packet.replace(user.encode(), b"NAME"))
        if packet[0] == daemons.OFFER:
            module.sock.send(say.pop(0))
    module.sock.close()
    return packets


def _are_alike(desk, **fields):
    heard, asked = {}, {}
    for user in ALL:
        before = len(desk.scene.requests("acme"))
        heard[user] = _heard(user, **fields)
        asked[user] = desk.scene.requests("acme")[before:]
    assert all(packets == heard[KNOWN] for packets in heard.values()), heard
    # A connection's first sign-in fetches what the others find in the cache.
    assert all(requests == asked[INVITED] for requests in list(asked.values())[1:]), asked
    return heard[KNOWN]


def on_a_console_everybody_sees_the_same(desk):
    packets = _are_alike(desk, service="login", tty="tty1")
    assert [packet[0] for packet in packets] == [daemons.HELLO, daemons.SHOW], packets


def over_ssh_everybody_sees_the_same(desk):
    packets = _are_alike(desk, service="sshd", tty="ssh", rhost="203.0.113.9")
    assert [packet[0] for packet in packets] == [daemons.HELLO, daemons.ASK], packets


def where_passwords_are_allowed_everybody_is_offered_the_same(desk):
    packets = _are_alike(desk, service="login", tty="tty1", flags=daemons.PASSWORDS_ALLOWED, say=[ANSWER_OF_PROMPT])
    assert [packet[0] for packet in packets] == [daemons.HELLO, daemons.OFFER, daemons.SHOW], packets


def whoever_is_turned_away_by_the_provider_reads_the_same(desk):
    desk.scene.script("acme", answers={"device": {"status": 403, "body": "{}"}})
    heard = {}
    for user in ALL:
        module, packets = Module(user=user, service="sshd", rhost="203.0.113.9"), []
        while not packets or packets[-1][0] != daemons.VERDICT:
            packet, _ = daemons.packet_of(module.sock)
            assert packet, (user, packets)
            packets.append(packet.replace(user.encode(), b"NAME"))
        heard[user] = packets
    desk.scene.script("acme", answers={"device": None})
    assert all(packets == heard[KNOWN] for packets in heard.values()), heard


def a_name_of_many_bytes_or_none_is_asked_no_less(desk):
    for user in ("x" * 200, "n\u00e4hme", "a b", "-rf", "..", "0"):
        packets = _heard(user, service="sshd", rhost="203.0.113.9")
        assert packets[-1][0] == daemons.ASK, (user, packets)


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules["__main__"], _prepare))
