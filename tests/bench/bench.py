# SPDX-License-Identifier: BSD-2-Clause
"""make bench: how long until the code is on the screen, and what that costs. One run, on one machine, beside a bare
curl that makes the same request; nothing is asserted."""
import ctypes
import json
import os
import random
import resource
import statistics
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
import desk as stage  # noqa: E402
from room import read, sh, write  # noqa: E402
from tap import eventually  # noqa: E402

RUNS = 100
PENDING = 200
FIRST_ID, LAST_ID = 65536, 99999
HOST = os.path.abspath(os.path.join(os.environ["O"], "tests/bench/pam_host"))
LIMITS = "\n[limits]\nsign_ins = 1000\nsign_ins_per_user = 1000\nsign_ins_per_host = 1000\n"
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def say(what, value, aim=""):
    print(f"{what:58} {value:>16}  {aim}", flush=True)


def prepare():
    """The provider's certificate stands at the end of the system's whole bundle; no ca_file is set."""
    desk = stage.Desk()
    with open(BUNDLE, "a", encoding="utf-8") as bundle:
        bundle.write(read(stage.CA))
    connection = stage.CORP.replace(f"ca_file = {stage.CA}\n", "").replace(
        "client_secret_file = /etc/frontdesk/corp.secret\n", "").replace("frontdesk-basic", "frontdesk-public")
    desk.configure(main=LIMITS, corp=connection)
    write("/run/bench/bench", "auth required pam_frontdesk.so\n")
    write("/run/bench/other", "auth required pam_deny.so\n")
    write("/etc/frontdesk/connections.d/corp.conf", connection.replace("services = login", "services = bench login"))
    desk.start_services()
    fill_cache(desk)
    desk.start_provider("--verbose", "--interval", "60")
    return desk


def fill_cache(desk):
    """Documents are kept for the next sign-in once a token was verified by them."""
    desk.start_provider()
    desk.sign_in_on_console("alice").close()
    desk.stop("provider")


def pids(desk):
    return desk.children["helper"].pid, desk.children["keeper"].pid


def curl_once():
    """A bare curl that makes the same request: (wall, CPU) in ms."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(["curl", "-s", "-o", "/dev/null", "-d", "client_id=frontdesk-public", "-d", "scope=openid profile email",
                    "-d", "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "-d", "code_challenge_method=S256",
                    f"{stage.ISSUER}/device/auth"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (time.monotonic() - started) * 1e3, cpu * 1e3


def time_to_code(desk):
    listener, keeper = (str(pid) for pid in pids(desk))
    ours = json.loads(subprocess.run([HOST, "/run/bench", "bench", "alice", str(RUNS), listener, keeper], check=True,
                                     capture_output=True).stdout)
    curl = [curl_once() for _ in range(RUNS)]
    curl_wall, curl_cpu = (statistics.median(values) for values in zip(*curl))
    say(f"pam_authenticate to code shown, wall, median of {ours['runs']}", f"{ours['wall_ms']:.1f} ms", "aim: 6 ms")
    say("  a bare curl, the same request", f"{curl_wall:.1f} ms", f"ratio {ours['wall_ms'] / curl_wall:.2f}")
    say("pam_authenticate to code shown, CPU of host + helper", f"{ours['cpu_ms']:.1f} ms", "aim: 4 ms")
    say("  a bare curl, the same request", f"{curl_cpu:.1f} ms", f"ratio {ours['cpu_ms'] / curl_cpu:.2f}")
    say("objects added to the host process", ours["objects_after"] - ours["objects_before"], "aim: 1")
    say("resident memory added to the host process", f"{ours['rss_kb_after'] - ours['rss_kb_before']} kB", "aim: 100 kB")


def requests_to_code(desk):
    log = f"{stage.SCRATCH}/provider.err"
    before = len(read(log))
    listener, keeper = (str(pid) for pid in pids(desk))
    subprocess.run([HOST, "/run/bench", "bench", "alice", "1", listener, keeper], check=True, capture_output=True)
    lines = read(log)[before:].splitlines()
    say("connections to the provider, warm cache", lines.count("connection"), "aim: 1")
    say("requests to the provider, warm cache", sum(line.startswith("request") for line in lines), "aim: 1")


def private_kb(pid):
    fields = dict(line.split()[:2] for line in read(f"/proc/{pid}/smaps_rollup").splitlines()[1:])
    return int(fields["Private_Clean:"]) + int(fields["Private_Dirty:"])


def memory_of_pending_sign_ins(desk):
    listener = pids(desk)[0]
    with subprocess.Popen([HOST, "hold", "/run/bench", "bench", "alice", str(PENDING)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout.readline() == "held\n"
        children = read(f"/proc/{listener}/task/{listener}/children").split()
        sizes = [private_kb(pid) for pid in children]
        say(f"private memory of a pending sign-in, mean of {len(sizes)}", f"{statistics.mean(sizes):.0f} kB", "aim: 800 kB")
        pending = sh(f"ps -o pid= --ppid {host.pid}").split()
        host.stdin.close()
        for pid in pending:
            os.kill(int(pid), 9)
    assert eventually(lambda: not read(f"/proc/{listener}/task/{listener}/children").split(), 30)


def full_index():
    """include/frontdesk/member_index.h, with a member for every id of the range."""
    ids = range(FIRST_ID, LAST_ID + 1)
    names = [f"member-{number:05d}" for number in ids]
    records, strings = [], b""
    for number, name in zip(ids, names):
        full_name, home, shell = b"A Member", f"/home/{name}".encode(), b"/bin/bash"
        records.append(struct.pack("=QII32sHHHH", len(strings), number, 0, name.encode(), len(full_name), len(home),
                                   len(shell), 0))
        strings += full_name + home + shell
    by_name = [struct.pack("=32sI", name.encode(), index) for index, name in enumerate(names)]
    records_at = 56
    names_at = records_at + 56 * len(records)
    strings_at = names_at + 36 * len(by_name)
    header = struct.pack("=8sIIQQQQQ", b"fdindex2", 0x01020304, len(records), 1, records_at, names_at, strings_at,
                         strings_at + len(strings))
    return header + b"".join(records) + b"".join(by_name) + strings, names


def lookups():
    index, names = full_index()
    path = "/var/lib/frontdesk/nss/members"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(index)
    module = ctypes.CDLL("libnss_frontdesk.so.2")
    entry, buffer, error = ctypes.create_string_buffer(64), ctypes.create_string_buffer(2048), ctypes.c_int()
    random.seed(1)
    for what, call, keys in (
            ("name", module._nss_frontdesk_getpwnam_r, [n.encode() for n in random.sample(names, 5000)]),
            ("id", module._nss_frontdesk_getpwuid_r, random.sample(range(FIRST_ID, LAST_ID + 1), 5000))):
        started = time.perf_counter()
        found = sum(call(key, entry, buffer, 2048, ctypes.byref(error)) == 1 for key in keys)
        took = (time.perf_counter() - started) / len(keys) * 1e6
        assert found == len(keys), f"{found} of {len(keys)} found"
        say(f"NSS lookup by {what} among {len(names)} members", f"{took:.1f} us", "aim: 20 us")


def main():
    desk = prepare()
    print(f"{sh('uname -sr').strip()}, {os.cpu_count()} cores, {len(read(BUNDLE).split('BEGIN CERT')) - 1} certificates in the bundle")
    try:
        time_to_code(desk)
        requests_to_code(desk)
        memory_of_pending_sign_ins(desk)
    except (AssertionError, subprocess.CalledProcessError) as why:
        print(f"{why}\n{desk.complaints()}", file=sys.stderr)
        return 1
    desk.stop_services()
    lookups()
    return 0


if __name__ == "__main__":
    sys.exit(main())
