# SPDX-License-Identifier: BSD-2-Clause
"""One worker: the first process of namespaces of its own, in which it runs tests with one mutant chosen.

Each line of standard input is a task, each line of standard output its result, both JSON. What a test leaves behind,
files in /tmp and /dev/shm and processes, ends with it.
"""
import contextlib
import ctypes
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

MEMORY_MAX = 1500 << 20  # a loop without an end that allocates
OUTPUT_MAX = 64 << 20
STATE_HEADER = 8
MS_BIND, MS_REC = 4096, 16384

LIBC = ctypes.CDLL(None, use_errno=True)


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


class Worker:
    """Holds the state file that programs see, and /tmp."""

    def __init__(self, folder, number, sites_max):
        if os.getpid() != 1:
            sys.exit("a worker is the first process of its namespace")
        self.folder, self.sites_max = folder, sites_max
        own = os.path.join(folder, f"worker-{number}")
        os.makedirs(own, exist_ok=True)
        self.state = os.path.join(own, "state")
        with open(self.state, "wb") as file:
            file.truncate(STATE_HEADER + sites_max)
        os.chmod(self.state, 0o666)
        mount("--bind", own, os.path.join(folder, "now"))
        self.hide_tmp()
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)

    def hide_tmp(self):
        """A /tmp and a /dev/shm of its own; the folder with all programs, where it lies there, shows through."""
        held = os.open(self.folder, os.O_PATH | os.O_DIRECTORY)
        mount("-t", "tmpfs", "-o", "size=512m,mode=1777", "tmpfs", "/tmp")
        if os.path.isdir("/dev/shm"):
            mount("-t", "tmpfs", "-o", "size=512m,mode=1777", "tmpfs", "/dev/shm")
        if self.folder.startswith("/tmp/"):
            os.makedirs(self.folder)
            if LIBC.mount(f"/proc/self/fd/{held}".encode(), self.folder.encode(), None, MS_BIND | MS_REC, None) != 0:
                raise OSError(ctypes.get_errno(), "the folder does not show through")
        os.close(held)

    def choose(self, number, kind):
        with open(self.state, "r+b") as file:
            file.write(number.to_bytes(4, sys.byteorder) + kind.to_bytes(4, sys.byteorder))
            file.write(bytes(self.sites_max))

    def reached(self):
        with open(self.state, "rb") as file:
            flags = file.read()[STATE_HEADER:]
        return [number for number, flag in enumerate(flags) if flag]

    def clean(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)  # everything in this namespace but this process
        while True:
            try:
                os.waitpid(-1, 0)
            except ChildProcessError:
                break
        keep = "/".join(self.folder.split("/")[:3])
        for path in [os.path.join(place, name) for place in ("/tmp", "/dev/shm") if os.path.isdir(place)
                     for name in os.listdir(place)]:
            if path == keep:
                continue
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                os.unlink(path)

    def run(self, test, cpu_limit, limit):
        """The verdict (passed, failed, late), and the seconds it took, waiting and computing."""
        environment = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", PYTHONDONTWRITEBYTECODE="1",
                           ASAN_OPTIONS="abort_on_error=1:detect_leaks=1", UBSAN_OPTIONS="halt_on_error=1",
                           **test["environment"])

        def limits():
            resource.setrlimit(resource.RLIMIT_CPU, (cpu_limit, cpu_limit + 1))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        started, used = time.monotonic(), computed()
        log = os.path.join("/tmp", ".output")
        with open(log, "wb") as output:
            process = subprocess.Popen(test["command"], stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=subprocess.STDOUT, env=environment, cwd=os.path.join(self.folder, "tree"),
                                       start_new_session=True, preexec_fn=limits)
            verdict = None
            while verdict is None:
                try:
                    verdict = "passed" if process.wait(0.25) == 0 else "failed"
                except subprocess.TimeoutExpired:
                    if time.monotonic() - started > limit or is_too_big() or output_size(log) > OUTPUT_MAX:
                        verdict = "late"
        if verdict != "late" and process.returncode == -signal.SIGXCPU:
            verdict = "late"
        if process.returncode is None:
            process.kill()
            process.wait()
        with open(log, "rb") as file:
            text = file.read(1 << 20)
        if verdict == "passed" and (re.search(rb"^not ok", text, re.MULTILINE) or not re.search(rb"^ok", text, re.M)):
            verdict = "failed"
        took = time.monotonic() - started, computed() - used
        self.clean()
        return verdict, took


def computed():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def output_size(path):
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def is_too_big():
    page = resource.getpagesize()
    for name in os.listdir("/proc"):
        if name.isdigit() and name != "1":
            try:
                with open(f"/proc/{name}/statm", encoding="ascii") as file:
                    if int(file.read().split()[1]) * page > MEMORY_MAX:
                        return True
            except (OSError, IndexError):
                continue
    return False


def main():
    worker = Worker(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    for line in sys.stdin:
        task = json.loads(line)
        worker.choose(task["number"], task["kind"])
        ran = []
        for test in task["tests"]:
            verdict, took = worker.run(test, test["cpu_limit"], test["limit"])
            if verdict != "passed" and test["is_long"]:  # it has to fail again: not the machine, but the mutant
                verdict, took = worker.run(test, test["cpu_limit"], test["limit"])
            ran.append({"name": test["name"], "verdict": verdict, "took": took})
            if verdict != "passed":
                break
        print(json.dumps({"ran": ran, "reached": worker.reached() if task["number"] == 0 else []}), flush=True)


if __name__ == "__main__":
    main()
