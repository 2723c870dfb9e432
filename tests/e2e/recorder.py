# SPDX-License-Identifier: BSD-2-Clause
"""Stands between module and helper, passes every packet on as it came, and keeps a copy. A module believes a verdict
only from the keeper's user as the kernel tells it, so each packet goes on in its sender's name, which root may do."""
import fcntl
import os
import select
import socket
import struct
import threading

from tap import eventually

PACKET_MAX = 65536
CREDENTIALS = struct.Struct("3i")  # pid, uid, gid
UNREAD = 0x5411  # SIOCOUTQ: what the other side has not taken yet


class Recorder:
    """Listens at `path` for modules and hands them to the helper at `helper`."""

    def __init__(self, path, helper="/run/frontdesk/helper.sock"):
        self.to_helper, self.to_module, self._helper, self._open = [], [], helper, []
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(path)
        os.chmod(path, 0o666)
        self._listener.listen(16)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            module = self._listener.accept()[0]
            threading.Thread(target=self._relay, args=(module,), daemon=True).start()

    def _relay(self, module):
        helper = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        helper.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        helper.connect(self._helper)
        self._open.append(helper)
        sides = {module: (helper, self.to_helper), helper: (module, self.to_module)}
        while all(self._pass_on(side, *sides[side]) for side in select.select(list(sides), [], [])[0]):
            pass
        for side in sides:
            side.close()

    @staticmethod
    def _pass_on(source, target, record):
        try:
            packet, control, _, _ = source.recvmsg(PACKET_MAX, socket.CMSG_SPACE(CREDENTIALS.size))
            if not packet:
                return False
            record.append(packet)
            sender = [(level, kind, CREDENTIALS.pack(os.getpid(), *CREDENTIALS.unpack(data)[1:]))
                      for level, kind, data in control if kind == socket.SCM_CREDENTIALS]
            target.sendmsg([packet], sender)
        except OSError:  # one of the two has gone
            return False
        return True

    def helper_took_everything(self):
        def unread(side):
            return side.fileno() >= 0 and struct.unpack("i", fcntl.ioctl(side, UNREAD, bytes(4)))[0]
        return eventually(lambda: not any(unread(side) for side in self._open))
