# SPDX-License-Identifier: BSD-2-Clause
"""A machine of our own inside this one: private /etc, /usr, /var, /home, /run and /dev in the namespaces that `run`
made, with frontdesk installed as `make install` does it. Nothing here reaches the machine outside."""
import os
import re
import select
import shutil
import socket
import subprocess
import threading

from tap import eventually

STAGE = os.path.join(os.environ["O"], "stage")
PROGRAMS = os.environ["PROGRAMS"]
SCRATCH = "/run/scratch"
PRIVATE = ("/etc", "/usr", "/var", "/home")
LIBEXEC = "/usr/libexec/frontdesk"
PASSWORD = "correct horse battery"
NODES = ("null", "zero", "full", "random", "urandom", "tty")


def sh(command, **more):
    return subprocess.run(command, shell=True, check=True, text=True, capture_output=True, **more).stdout


def write(path, text, mode=0o644, owner="root", group="root"):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    shutil.chown(path, owner, group)


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def overlay(folder):
    """From here on what is written there ends with the room."""
    upper, work = f"{SCRATCH}{folder}.upper", f"{SCRATCH}{folder}.work"
    os.makedirs(upper)
    os.makedirs(work)
    mount("-t", "overlay", "overlay", "-o", f"lowerdir={folder},upperdir={upper},workdir={work}", folder)


def _private_dev():
    os.mkdir(f"{SCRATCH}/dev")
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", f"{SCRATCH}/dev")
    for node in NODES:
        open(f"{SCRATCH}/dev/{node}", "w", encoding="utf-8").close()
        mount("--bind", f"/dev/{node}", f"{SCRATCH}/dev/{node}")
    for folder in ("pts", "shm"):
        os.mkdir(f"{SCRATCH}/dev/{folder}")
    mount("-t", "devpts", "-o", "newinstance,ptmxmode=0666,mode=620,gid=5", "devpts", f"{SCRATCH}/dev/pts")
    os.symlink("pts/ptmx", f"{SCRATCH}/dev/ptmx")
    os.symlink("/proc/self/fd", f"{SCRATCH}/dev/fd")
    mount("--move", f"{SCRATCH}/dev", "/dev")


class Log:
    """What reaches syslog. Whoever looks sees all that was sent before."""

    def __init__(self):
        self._lines, self._priorities, self._turn = [], [], threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("/dev/log")
        os.chmod("/dev/log", 0o666)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        """Between two looks, too: a full queue would hold up who writes."""
        while True:
            select.select([self._socket], [], [])
            self._take()

    def _take(self):
        with self._turn:
            while True:
                try:
                    line = self._socket.recv(65536, socket.MSG_DONTWAIT).decode("utf-8", "replace").rstrip("\0\n")
                except BlockingIOError:
                    return list(self._lines)
                priority, line = re.fullmatch(r"(?s)(?:<(\d+)>)?(.*)", line).groups()
                self._priorities.append(int(priority or 0))
                self._lines.append(line)

    def mark(self):
        return len(self._take())

    def since(self, mark, word=""):
        return [line for line in self._take()[mark:] if word in line]

    def priorities(self, mark, word=""):
        """(facility, level) of each of these lines."""
        lines = self._take()
        return [divmod(self._priorities[i], 8) for i in range(mark, len(lines)) if word in lines[i]]

    def wait(self, mark, word):
        """The lines with the word, once there is one; none: it never came."""
        return eventually(lambda: self.since(mark, word))

    def text(self):
        return "\n".join(self._take())


def _users():
    def append(path, line):
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")

    for name, number, shell in (("frontdesk", 980, "/usr/sbin/nologin"), ("frontdesk-net", 981, "/usr/sbin/nologin"),
                                ("frontdesk-kiosk", 982, "/usr/sbin/nologin"),
                                ("lena", 1500, "/bin/bash")):
        append("/etc/passwd", f"{name}:x:{number}:{number}::/home/{name}:{shell}")
        append("/etc/group", f"{name}:x:{number}:")
    append("/etc/group", "frontdesk-screen:x:984:")
    os.makedirs("/home/lena", exist_ok=True)
    os.chown("/home/lena", 1500, 1500)
    hashed = sh(f"openssl passwd -6 '{PASSWORD}'").strip()
    lines = [line for line in read("/etc/shadow").splitlines() if not line.startswith("root:")]
    lines += [f"root:{hashed}:19000:0:99999:7:::", f"lena:{hashed}:19000:0:99999:7:::",
              "frontdesk:!:19000::::::", "frontdesk-net:!:19000::::::",
              "frontdesk-kiosk:!:19000::::::"]
    write("/etc/shadow", "\n".join(lines) + "\n", 0o640, "root", "shadow")


def _system_files():
    write("/etc/nsswitch.conf", "passwd: files frontdesk\ngroup: files frontdesk\nshadow: files\nhosts: files dns\n")
    write("/etc/hosts", "127.0.0.1 localhost desk\n")
    write("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    write("/etc/hostname", "desk\n")
    socket.sethostname("desk")
    # Every sudo asks, whatever terminal another test has had before.
    write("/etc/sudoers", "Defaults env_reset, timestamp_timeout=0\nroot ALL=(ALL:ALL) ALL\n"
          "alice ALL=(ALL:ALL) ALL\n", 0o440)
    for service, stack in (("sshd", "denied"), ("login", "allowed"), ("su", "allowed"), ("su-l", "allowed"),
                           ("sudo", "allowed"), ("sudo-i", "allowed")):
        pam_stack(service, stack)
    os.makedirs("/run/sshd", 0o755, exist_ok=True)
    os.makedirs("/run/lock", exist_ok=True)


def pam_stack(service, which):
    """Puts the example stack passwords-WHICH in the place of a service's own."""
    write(f"/etc/pam.d/{service}", read(f"/usr/share/doc/frontdesk/examples/pam/passwords-{which}"))


def _folders():
    """What packaging/tmpfiles.d says, for a machine without systemd."""
    for line in read("/usr/lib/tmpfiles.d/frontdesk.conf").splitlines():
        if line.startswith("d"):
            _, path, mode, user, group = line.split()
            os.makedirs(path, exist_ok=True)
            os.chmod(path, int(mode, 8))
            shutil.chown(path, user, group)


def set_up_bare():
    """Makes a machine without frontdesk; returns its log."""
    sh("ip link set lo up")
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    os.mkdir(SCRATCH)
    for folder in PRIVATE:
        overlay(folder)
    _private_dev()
    return Log()


def set_up():
    """Makes the machine; returns its log."""
    log = set_up_bare()
    sh(f"cp -r --no-preserve=ownership '{STAGE}/.' /")
    for program in ("frontdesk-helper", "frontdesk-keeper"):
        shutil.copy(os.path.join(PROGRAMS, program), f"{LIBEXEC}/{program}")
    shutil.copy(os.path.join(PROGRAMS, "frontdesk"), "/usr/bin/frontdesk")
    _users()
    _system_files()
    _folders()
    return log
