# SPDX-License-Identifier: BSD-2-Clause
"""A desk with members, and what its store and its records say."""
import json
import os
import sqlite3
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


def change(desk, sql, *values):
    """Behind the program's back: its own digests are of its own making, so only what they do not cover."""
    with sqlite3.connect(f"{desk.state}/members.db") as store:
        store.execute(sql, values)


def records(desk):
    with open(desk.audit, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def events(desk):
    with sqlite3.connect(f"file:{desk.state}/members.db?mode=ro", uri=True) as store:
        return [json.loads(row[0]) for row in store.execute("SELECT json FROM hook_event ORDER BY number")]


def main(tests):
    cli_desk.set_up()
    return tap.run(tests)
