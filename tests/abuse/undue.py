# SPDX-License-Identifier: BSD-2-Clause
"""What a module may not say while a sign-in goes on."""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "daemons"))
import room  # noqa: E402

UNDUE = {
    "an answer that nobody asked for": struct.pack(">BBH", room.ANSWER, room.ANSWER_EMPTY, 0),
    "a text that nobody asked for": struct.pack(">BB", room.ANSWER, room.ANSWER_TEXT) + room.string("alice"),
    "LOGIN a second time": room.login(),
    "LOGIN as somebody else": room.login(user="root"),
    "a message that there is not": b"\x7f",
    "a packet that is too large": b"\x02" * 15000,
}
