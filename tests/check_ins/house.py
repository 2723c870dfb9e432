# SPDX-License-Identifier: BSD-2-Clause
"""A desk with members, and what its store and its records say."""
import json
import os
import sqlite3
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import desk as cli_desk  # noqa: E402
from desk import Desk, tap  # noqa: E402

WHO = ("root", "lena")


def house(user="root", kiosk="", people=("ada", "ben")):
    desk = Desk(_NoProvider, user).connect()
    desk.write("frontdesk.conf", f"[machine]\nname = desk-1\nlocation = Berlin\n[kiosk]\n{kiosk}\n")
    for name in people:
        result = desk.run("members", "invite", name, "--email", f"{name}@acme.com", "--full-name", f"{name.title()} Ö")
        assert result.status == 0, result
    return desk


class _NoProvider:
    ca = os.path.join(os.path.dirname(__file__), "run")

    @staticmethod
    def origin():
        return "https://idp.example"


def check_ins(desk, *arguments):
    result = desk.run("check-ins", *arguments, "--json")
    assert result.status == 0, result
    return result.lines


def _digest(fields):
    """As helper/members/store_digest.c has it."""
    digest = 0xCBF29CE484222325
    for field in fields:
        kind = 5 if field is None else 1 if isinstance(field, int) else 3
        data = struct.pack("<Q", kind)
        if kind == 1:
            data += struct.pack("<q", field)
        elif kind == 3:
            data += struct.pack("<Q", len(field.encode())) + field.encode()
        for byte in data:
            digest = (digest ^ byte) * 0x100000001B3 % 2**64
    return struct.unpack("<q", struct.pack("<Q", digest))[0]


def add_event(desk, made_at, attempts=0, failed_at=0, error=None):
    """One that waits since then."""
    with sqlite3.connect(f"{desk.state}/members.db") as store:
        store.execute("UPDATE generation SET given = given + 1, balance = balance - 1")
        number = store.execute("SELECT given FROM generation").fetchone()[0]
        fields = (number, f"event-{number}", "check_in", 65536, "{}", made_at, attempts, failed_at, failed_at, error)
        store.execute("INSERT INTO hook_event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*fields, _digest(fields)))


def records(desk):
    with open(desk.audit, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def events(desk):
    with sqlite3.connect(f"file:{desk.state}/members.db?mode=ro", uri=True) as store:
        return [json.loads(row[0]) for row in store.execute("SELECT json FROM hook_event ORDER BY number")]


def main(tests):
    cli_desk.set_up()
    return tap.run(tests)
