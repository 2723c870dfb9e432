# SPDX-License-Identifier: BSD-2-Clause
"""Runs the functions of a test file in their order and prints TAP. A function's name is its sentence."""
import inspect
import sys
import time
import traceback


PATIENCE_S = 30  # for what must come: a test waits this long only when it fails


class Skip(Exception):
    """Raised by a test that cannot run here; its text says why."""


def sentence(function):
    return function.__name__.replace("_", " ")


def eventually(condition, seconds=PATIENCE_S):
    """Waits until condition() is true; its last value. A test waits for an effect, never for a time."""
    end = time.monotonic() + seconds
    while True:
        late = time.monotonic() > end  # asked before, so that the last look is one behind the end
        value = condition()
        if value or late:
            return value
        time.sleep(0.02)


def tests_of(module):
    """Every public function that a module itself defines, in their order."""
    return [f for name, f in vars(module).items()
            if inspect.isfunction(f) and f.__module__ == module.__name__ and not name.startswith("_")]


def run(tests, *arguments, explain=None):
    """Calls each test with `arguments`; the exit status. explain() says more about the machine after a failure."""
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        try:
            test(*arguments)
            print(f"ok {number} - {sentence(test)}", flush=True)
        except Skip as why:
            print(f"ok {number} - {sentence(test)} # SKIP {why}", flush=True)
        except Exception:  # a test may fail in any way
            failed += 1
            print(f"not ok {number} - {sentence(test)}")
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
            sys.stdout.flush()
            if explain:
                for line in explain().splitlines():
                    print(f"# {line}")
    return 1 if failed else 0
