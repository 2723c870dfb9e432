# SPDX-License-Identifier: BSD-2-Clause
"""The strings of a puppet (puppet.h): a process in the real confinement that makes every system call it is told."""
import ctypes
import errno
import socket
import struct

PATIENCE = 30
KILLED = "killed"
_seccomp = ctypes.CDLL("libseccomp.so.2")


def number_of(name):
    """A system call's number here; None: this architecture, or this libseccomp, has none of that name."""
    found = _seccomp.seccomp_syscall_resolve_name(name.encode())
    return found if found >= 0 else None


class Gone(Exception):
    """The puppet has ended, as one does that the kernel kills."""


class Puppet:
    def __init__(self, strings):
        self.strings, self.used = strings, 0
        strings.settimeout(PATIENCE)
        self.arena, *self.facts = struct.unpack("Q4q", self._take(40))
        self.pid = self.call("getpid")

    def _take(self, size):
        taken = b""
        while len(taken) < size:
            try:
                part = self.strings.recv(size - len(taken))
            except ConnectionError:
                part = b""
            if not part:
                raise Gone
            taken += part
        return taken

    def _give(self, data):
        try:
            self.strings.sendall(data)
        except ConnectionError:
            raise Gone from None

    def put(self, data):
        """Bytes into its memory; where they lie."""
        at = self.used
        self.used += -(-len(data) // 16) * 16
        self._give(b"W" + struct.pack("II", at, len(data)) + data)
        return self.arena + at

    def look(self, address, size):
        self._give(b"R" + struct.pack("II", address - self.arena, size))
        return self._take(size)

    def call(self, name, *arguments):
        """The result; below 0: -errno. Text and bytes are put into its memory first, text with its NUL."""
        number = name if isinstance(name, int) else number_of(name)
        places = [self.put(a.encode() + b"\0" if isinstance(a, str) else a) if isinstance(a, (str, bytes)) else a
                  for a in arguments]
        words = [word & 0xffffffffffffffff for word in [number, *places] + [0] * (6 - len(places))]
        self._give(b"S" + struct.pack("7Q", *words))
        self.used = 0
        return struct.unpack("q", self._take(8))[0]

    def call_as_32_bit(self, number, argument=0):
        self._give(b"I" + struct.pack("II", number, argument))
        return struct.unpack("q", self._take(8))[0]

    # Packets

    def send(self, fd, packet):
        return self.call("sendto", fd, packet, len(packet), 0, 0, 0)

    def receive(self, fd, size=262144):
        """One packet; b"": the end."""
        got = self.call("recvfrom", fd, self.arena, size, 0, 0, 0)
        return self.look(self.arena, got) if got > 0 else b""

    def send_with_descriptors(self, fd, packet, descriptors):
        control = struct.pack("Qii", 16 + 4 * len(descriptors), socket.SOL_SOCKET, socket.SCM_RIGHTS)
        control += struct.pack(f"{len(descriptors)}i", *descriptors)
        size = len(control)
        part = self.put(struct.pack("QQ", self.put(packet), len(packet)))
        header = struct.pack("QIIQQQQi", 0, 0, 0, part, 1, self.put(control), size, 0)
        return self.call("sendmsg", fd, header, 0)

    def close(self):
        self.strings.close()


def word_of(result):
    """What an attempt came to, for a table."""
    if result == KILLED:
        return KILLED
    return "worked" if result >= 0 else errno.errorcode.get(-result, str(result))
