# SPDX-License-Identifier: BSD-2-Clause
"""Tests by name: whether they exist, and whether `make check` runs the program that they are in."""
import os
import re

TESTS = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def _source(room, program):
    for name in (f"{program}.py", f"{program}.c", program):
        path = os.path.join(TESTS, room, name)
        if os.path.isfile(path):
            return read(path)
    return ""


def exists(room, program, test):
    """A function of that name, or a row of a table whose first word is the test's sentence."""
    text = _source(room, program)
    if " " in test:
        return f'"{test}"' in text
    used = room != "oidc" or len(re.findall(rf"\b{test}\b", text)) > 1  # those are listed by hand
    return used and re.search(rf"(?m)^(def {test}\(|static void {test}\(void \*\*)", text)


def is_run(room, program):
    """Unit tests are found by their file names; other rooms list theirs."""
    if room == "unit":
        return os.path.isfile(os.path.join(TESTS, room, f"{program}.c"))
    runners = [os.path.join(TESTS, room, name) for name in ("tests.mk", "run")]
    return any(re.search(rf"\b{program}\b", read(path)) for path in runners if os.path.isfile(path))
