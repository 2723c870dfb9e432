# SPDX-License-Identifier: BSD-2-Clause
"""The tests that mutants must survive: what each runs, and what its result depends on."""
import ast
import collections
import functools
import glob
import hashlib
import os
import sys

Test = collections.namedtuple("Test", "name command environment key")

NSS_HELPERS = ("run", "getent", "write_index", "change_index", "confirm", "add_to_etc", "mount", "prepare", "main")


@functools.cache
def file_hash(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def key_of(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def unit_tests(tree):
    data = [file_hash(path) for path in sorted(glob.glob(f"{tree.copy}/tests/data/**", recursive=True))
            if os.path.isfile(path)]
    for program in sorted(glob.glob(f"{tree.copy}/tests/unit/*_test.c")):
        name = os.path.basename(program)[:-2]
        binary = f"{tree.sanitized}/tests/unit/{name}"
        yield Test(f"unit/{name}", [binary], {}, key_of(file_hash(binary), *data))


def nss_tests(tree):
    module, members = f"{tree.plain}/libnss_frontdesk.so.2", f"{tree.plain}/tests/nss/members"
    for name in ("entry_points", "groups"):
        program = f"{tree.plain}/tests/nss/{name}"
        yield Test(f"nss/{name}", [program, module, members], {}, key_of(file_hash(program), file_hash(module)))
    script, writer = f"{tree.copy}/tests/nss/getent", f"{tree.plain}/tests/nss/write_index"
    for name, text in functions_of(script):
        if name not in NSS_HELPERS:
            yield Test(f"nss/{name}", [sys.executable, script, name], {"O": tree.plain},
                       key_of(text, file_hash(module), file_hash(writer)))


def functions_of(path):
    """Each test of a file with the text that its result depends on: its own and what is no test."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    tests = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]
    lines = text.splitlines()
    shared = [line for number, line in enumerate(lines, 1)
              if not any(test.lineno <= number <= test.end_lineno for test in tests)]
    for test in tests:
        yield test.name, "\n".join(shared + lines[test.lineno - 1:test.end_lineno])


def pam_tests(tree):
    folder = f"{tree.copy}/tests/pam"
    common = [file_hash(f"{tree.plain}/{name}") for name in
              ("pam_frontdesk.so", "tests/pam/client", "tests/pam/witness.so")]
    common += [file_hash(path) for path in (f"{folder}/run", f"{tree.copy}/tests/e2e/tap.py")]
    common += [file_hash(path) for path in sorted(glob.glob(f"{folder}/*.py")) if "/test_" not in path]
    for path in sorted(glob.glob(f"{folder}/test_*.py")):
        for name, text in functions_of(path):
            yield Test(f"pam/{name}", [sys.executable, f"{folder}/run", name], {"O": tree.plain}, key_of(text, *common))


def all_tests(tree):
    return [*unit_tests(tree), *nss_tests(tree), *pam_tests(tree)]
