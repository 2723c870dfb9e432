#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs a command where the only name server listens and never answers.

    unshare -m -n tests/oidc/silent_dns.py FOLDER COMMAND...

To be started in a mount and a network namespace of its own; FOLDER holds its resolv.conf.
"""
import fcntl
import os
import socket
import struct
import subprocess
import sys

SIOCSIFFLAGS = 0x8914
IFF_UP = 1


def main():
    folder, command = sys.argv[1], sys.argv[2:]
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    fcntl.ioctl(server, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))
    server.bind(("127.0.0.1", 53))
    path = os.path.join(folder, f"resolv.conf.{os.getpid()}")
    with open(path, "w") as file:
        file.write("nameserver 127.0.0.1\noptions timeout:10 attempts:2\n")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    subprocess.run(["mount", "--bind", path, "/etc/resolv.conf"], check=True)
    return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main())
