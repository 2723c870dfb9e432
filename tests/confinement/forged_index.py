# SPDX-License-Identifier: BSD-2-Clause
"""An index of whatever (include/frontdesk/member_index.h), as one may write it who has the keeper's user."""
import struct


class Person:
    def __init__(self, name="alice", number=70000, **texts):
        self.name, self.number = name.encode(), number & 0xffffffff
        self.texts = [value if isinstance(value, bytes) else value.encode() for value in (
            texts.get("full_name", "Somebody"), texts.get("home", f"/home/{name}"), texts.get("shell", "/bin/bash"),
            texts.get("groups", ""))]


def index_of(*people, generation=9):
    people = sorted(people, key=lambda person: person.number)
    records, names, strings = b"", [], b""
    for number, person in enumerate(people):
        records += struct.pack("=QII32s4H", len(strings), person.number, 0, person.name, *map(len, person.texts))
        names.append((person.name, number))
        strings += b"".join(person.texts)
    table = b"".join(struct.pack("=32sI", name, number) for name, number in sorted(names))
    at = 56 + len(records), 56 + len(records) + len(table)
    return struct.pack("=8sIIQQQQQ", b"fdindex2", 0x01020304, len(people), generation, 56, *at,
                       at[1] + len(strings)) + records + table + strings
