# SPDX-License-Identifier: BSD-2-Clause
"""Tests by name: whether they exist, and whether `make check` runs the program that they are in."""
import functools
import os
import re
import subprocess
import sys

TESTS = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def _file(room, program):
    for name in (f"{program}.py", f"{program}.c", f"{program}.mjs", program):
        path = os.path.join(TESTS, room, name)
        if os.path.isfile(path):
            return read(path)
    return ""


def _source(room, program):
    """With what it takes from its own room."""
    text = _file(room, program)
    parts = re.findall(r"(?m)^ *(?:import|from) (\w+)|^import .* from '\./(\w+)\.mjs'", text)
    return "\n".join([text] + [_file(room, python or script) for python, script in parts])


LIST = """
import importlib, sys
sys.path[:0] = sys.argv[2:]
for value in vars(importlib.import_module(sys.argv[1])).values():
    for row in value if isinstance(value, list) else ():
        print(getattr(row, "sentence", ""))
"""


@functools.cache
def _rows(room, program):
    """The sentences of tables that a program makes when it is loaded."""
    folders = [os.path.join(TESTS, room), os.path.join(TESTS, "e2e")]
    environment = dict(os.environ, O="none", PROGRAMS="none", PYTHONDONTWRITEBYTECODE="1")
    listed = subprocess.run([sys.executable, "-c", LIST, program, *folders], env=environment, check=True,
                            capture_output=True, text=True)
    return set(listed.stdout.splitlines())


def exists(room, program, test):
    """A function of that name, or a row of a table whose first word is the test's sentence."""
    text = _source(room, program)
    if " " in test:
        quoted = test.replace("'", "\\'")  # as a script has it
        written = f'"{test}"' in text or f"'{quoted}'" in text
        return written or (os.path.isfile(os.path.join(TESTS, room, f"{program}.py")) and test in _rows(room, program))
    used = room != "oidc" or len(re.findall(rf"\b{test}\b", text)) > 1  # those are listed by hand
    return used and re.search(rf"(?m)^(def {test}\(|static void {test}\(void \*\*)", text)


def is_run(room, program):
    """Unit tests and fuzz targets are found by their file names; other rooms list theirs."""
    if room in ("unit", "fuzz"):
        return os.path.isfile(os.path.join(TESTS, room, f"{program}.c"))
    runners = [os.path.join(TESTS, room, name) for name in ("tests.mk", "run")]
    return any(re.search(rf"\b{program}\b", read(path)) for path in runners if os.path.isfile(path))
