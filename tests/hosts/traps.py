# SPDX-License-Identifier: BSD-2-Clause
"""Files that nobody may open and a proxy that nobody may use, with a note of whoever did: what a hostile environment
points a program at."""
import ctypes
import os
import socket
import struct
import subprocess
import threading

from tap import eventually

IN_ACCESS, IN_MODIFY, IN_OPEN, IN_CREATE, IN_MOVED_TO = 0x1, 0x2, 0x20, 0x100, 0x80
WATCHED = IN_ACCESS | IN_MODIFY | IN_OPEN | IN_CREATE | IN_MOVED_TO
IN_ISDIR = 0x40000000
EVENT = struct.Struct("iIII")
libc = ctypes.CDLL(None, use_errno=True)

FILES = ("ca.pem", "openssl.cnf", "netrc", "hosts", "preload.so", "audit.so",
         "locale/C.UTF-8/LC_MESSAGES/SYS_LC_MESSAGES", "gconv/gconv-modules", "modules/legacy.so", "nls/frontdesk.cat",
         "zone", "zones/zone", "certs/00000000.0",
         "home/.netrc", "home/.curlrc", "home/.config/curlrc", "language/LC_MESSAGES/frontdesk.mo",
         "language/LC_MESSAGES/Linux-PAM.mo", "terminfo/h/hostile", "pam/home", "sqlite/tmp", "keys")


class Traps:
    """A folder in which each opened or new file is noted, and a port of loopback that notes each connection."""

    def __init__(self, folder):
        self.folder, self._names, self.connections = folder, {}, 0
        for name in FILES:
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="ascii") as file:
                file.write("#\n")
        self._fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        for place, _, _ in os.walk(folder):
            os.chmod(place, 0o755)
            self._watch(place)
        os.makedirs(os.path.join(folder, "roots"), 0o700)
        self._watch(os.path.join(folder, "roots"))
        self.touched()
        self._proxy = socket.create_server(("127.0.0.1", 0))
        self.port = self._proxy.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _watch(self, place):
        number = libc.inotify_add_watch(self._fd, place.encode(), WATCHED)
        assert number >= 0, place
        self._names[number] = place

    def _serve(self):
        while True:
            connection, _ = self._proxy.accept()
            self.connections += 1
            connection.close()

    def touched(self):
        """What was opened, made or written since somebody last asked. Folders by themselves do not count."""
        found = set()
        while True:
            try:
                data = os.read(self._fd, 65536)
            except BlockingIOError:
                return found
            at = 0
            while at < len(data):
                number, mask, _, length = EVENT.unpack_from(data, at)
                name = data[at + EVENT.size:at + EVENT.size + length].rstrip(b"\0").decode()
                if name and not mask & IN_ISDIR:
                    found.add(os.path.join(self._names[number], name))
                at += EVENT.size + length

    def path(self, name):
        return os.path.join(self.folder, name)

    def environment(self):
        """All that programs on the way are known to look at, pointed here."""
        proxy = f"http://127.0.0.1:{self.port}"
        up = "../" * 12 + self.folder.lstrip("/")
        names = {"SSLKEYLOGFILE": self.path("roots/keylog"), "SSL_CERT_FILE": self.path("ca.pem"),
                 "SSL_CERT_DIR": self.path("certs"), "CURL_CA_BUNDLE": self.path("ca.pem"),
                 "OPENSSL_CONF": self.path("openssl.cnf"), "OPENSSL_MODULES": self.path("modules"),
                 "OPENSSL_ENGINES": self.path("modules"), "NETRC": self.path("netrc"), "HOME": self.path("home"),
                 "CURL_HOME": self.path("home"), "XDG_CONFIG_HOME": self.path("home/.config"),
                 "HOSTALIASES": self.path("hosts"), "LD_PRELOAD": self.path("preload.so"),
                 "LD_LIBRARY_PATH": self.folder, "LD_AUDIT": self.path("audit.so"),
                 "LD_DEBUG_OUTPUT": self.path("debug"),
                 "LD_PROFILE": "libc.so.6", "LD_PROFILE_OUTPUT": self.folder,
                 "GCONV_PATH": self.path("gconv"), "LOCPATH": self.path("locale"), "NLSPATH": self.path("nls/%N.cat"),
                 "LANGUAGE": f"{up}/language", "LC_ALL": f"{up}/locale/C.UTF-8", "LC_MESSAGES": f"{up}/locale/C.UTF-8",
                 "LANG": f"{up}/locale/C.UTF-8", "TZ": f":{self.path('zone')}", "TZDIR": self.path("zones"),
                 "TMPDIR": self.path("roots"), "TMP": self.path("roots"), "SQLITE_TMPDIR": self.path("sqlite"),
                 "SQLITE_HISTORY": self.path("sqlite/tmp"), "MALLOC_TRACE": self.path("roots/mtrace"),
                 "MALLOC_CHECK_": "3", "MALLOC_PERTURB_": "165", "MALLOC_ARENA_MAX": "1",
                 "GLIBC_TUNABLES": "glibc.malloc.check=3:glibc.malloc.tcache_count=0", "RES_OPTIONS": "debug ndots:15",
                 "LOCALDOMAIN": "evil.example", "RESOLV_HOST_CONF": self.path("hosts"), "GETCONF_DIR": self.folder,
                 "TERM": "hostile", "TERMINFO": self.path("terminfo"), "TERMCAP": self.path("terminfo/h/hostile"),
                 "COLUMNS": "1000000", "LINES": "-1", "JSON_C_DEBUG": "9", "G_MESSAGES_DEBUG": "all",
                 "ASAN_OPTIONS": f"log_path={self.path('roots/asan')}", "KRB5_CONFIG": self.path("keys"),
                 "PAM_USER": "root", "FRONTDESK_SESSION": "0" * 32, "SSH_AUTH_INFO_0": "publickey x",
                 "NOTIFY_SOCKET": self.path("notify"), "LISTEN_FDS": "9", "LISTEN_PID": "1",
                 "SYSTEMD_LOG_LEVEL": "debug",
                 "FD_CANARY_OF_A_USER": "c4n4ry"}
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "ftp_proxy"):
            names[name] = proxy
        names["no_proxy"] = names["NO_PROXY"] = "-"
        return names

    def was_used(self):
        """What was touched, and how often the proxy was; nothing: neither."""
        return sorted(self.touched()) + ["proxy"] * self.connections

    def springs(self, command, environment):
        """Does a program that believes its environment step in? Without that, silence would prove nothing."""
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
        return eventually(lambda: self.was_used())
