# SPDX-License-Identifier: BSD-2-Clause
"""A module that we play on a whole machine, and what a module may not say while a sign-in goes on."""
import os
import socket
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "daemons"))
_FOUND = sys.modules.pop("room", None)  # the end-to-end tests have a room of the same name
import room as daemons  # noqa: E402
if _FOUND:
    sys.modules["room"] = _FOUND

ANSWER_OF_PROMPT = struct.pack(">BBH", daemons.ANSWER, daemons.ANSWER_EMPTY, 0)
UNDUE = {
    "an answer that nobody asked for": ANSWER_OF_PROMPT,
    "a text that nobody asked for": struct.pack(">BB", daemons.ANSWER, daemons.ANSWER_TEXT) + daemons.string("alice"),
    "LOGIN a second time": daemons.login(),
    "LOGIN as somebody else": daemons.login(user="root"),
    "a message that there is not": b"\x7f",
    "a packet that is too large": b"\x02" * 15000,
}


class Module:
    """Begins a sign-in at the machine's own helper."""

    def __init__(self, **fields):
        self.sock = daemons.seqpacket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.sock.connect("/run/frontdesk/helper.sock")
        self.sock.send(daemons.login(**fields))

    def until(self, *kinds):
        """The rest of the first packet of these kinds; None: the end came first."""
        while True:
            packet, _ = daemons.packet_of(self.sock)
            reader = daemons.Reader(packet)
            if not packet:
                return None
            if reader.number("B") in kinds:
                return reader

    def until_shown(self):
        assert self.until(daemons.SHOW, daemons.ASK), "no code was shown"

    def until_verdict(self):
        """(verdict, user, reason)"""
        reader = self.until(daemons.VERDICT)
        assert reader, "the end came before a verdict"
        self.sock.settimeout(daemons.PATIENCE)
        return reader.number("B"), reader.string(), reader.string()
