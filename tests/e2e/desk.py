# SPDX-License-Identifier: BSD-2-Clause
"""What runs in the room: provider, keeper, helper and sshd, each started and stopped by a test."""
import json
import os
import pwd
import signal
import subprocess
import sys

from proc import listens, pids, status_of
from room import LIBEXEC, PASSWORD, SCRATCH, pam_stack, read, set_up, sh, write  # noqa: F401
from tap import PATIENCE_S, eventually, run, tests_of
from terminal import ENVIRONMENT, Terminal  # noqa: F401

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "idp"))
import phone  # noqa: E402

PORT = int(os.environ.get("FRONTDESK_IDP_PORT", "8443"))
ISSUER = f"https://localhost:{PORT}"
CA = "/etc/frontdesk/idp.pem"
SECRET = "basic:needs %encoding& so it does"
SANITIZER = ("AddressSanitizer", "UndefinedBehaviorSanitizer", "runtime error:")

START_S = 120  # a provider makes its keys first

SSHD_LISTENS = "0100007F:0016 00000000:0000 0A"  # and not a connection of one before it
CONSOLE = ["/sbin/agetty", "--noclear", "--noissue", "-", "dumb"]

MAIN = """
[limits]
sign_ins_per_host = 100
[service sshd]
timeout = 60
"""

CORP = f"""[connection]
issuer = {ISSUER}
client_id = frontdesk-basic
client_secret_file = /etc/frontdesk/corp.secret
ca_file = {CA}
display_name = Sign in with Corp
services = login sshd su su-l sudo
allow_all = yes
create_users = yes
"""


def make_certificate():
    sh(f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {SCRATCH}/idp.key -out {CA} "
       "-days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 "
       "-addext basicConstraints=critical,CA:FALSE")
    os.chmod(CA, 0o644)


os.environ["ASAN_OPTIONS"] = "abort_on_error=1:detect_leaks=0"  # looking for leaks needs ptrace, which the sandbox forbids
os.environ["UBSAN_OPTIONS"] = "print_stacktrace=1:halt_on_error=1"


class Desk:
    def __init__(self):
        self.log = set_up()
        self.children = {}
        make_certificate()
        self.configure()

    # Configuration

    def configure(self, main=MAIN, **connections):
        write("/etc/frontdesk/frontdesk.conf", main)
        write("/etc/frontdesk/corp.secret", SECRET + "\n", 0o640, "root", "frontdesk")
        for name, text in ({"corp": CORP} | connections).items():
            write(f"/etc/frontdesk/connections.d/{name}.conf", text)

    # Processes

    def start(self, name, command, ready, **more):
        error = open(f"{SCRATCH}/{name}.err", "ab")
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=error, stderr=error, start_new_session=True,
                                   **more)
        self.children[name] = process
        if not eventually(lambda: ready() or process.poll() is not None, START_S) or process.poll() is not None:
            raise AssertionError(f"{name} did not start:\n{read(f'{SCRATCH}/{name}.err')}\n{self.log.text()}")
        return process

    def stop(self, name):
        """Ends one of our processes; its exit status, or None when it was not running."""
        process = self.children.pop(name, None)
        if not process:
            return None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.stdin.close()
        try:
            status = process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        if os.path.exists(f"/run/frontdesk/{name}.sock"):
            os.unlink(f"/run/frontdesk/{name}.sock")
        return status

    def start_keeper(self):
        return self.start("keeper", [f"{LIBEXEC}/frontdesk-keeper", "--listen"],
                          lambda: listens("/run/frontdesk/keeper.sock"))

    def start_helper(self):
        return self.start("helper", [f"{LIBEXEC}/frontdesk-helper", "--listen"],
                          lambda: listens("/run/frontdesk/helper.sock"))

    def start_services(self):
        self.start_keeper()
        self.start_helper()

    def stop_services(self):
        self.stop("helper")
        self.stop("keeper")

    def start_provider(self, *options, sock=None):
        where = ["--socket", sock] if sock else []
        path = f"{SCRATCH}/provider.err"
        write(path, "")
        return self.start("provider", [
            "node", os.path.abspath(os.path.join(os.environ["O"], "idp/provider.mjs")), "--port", str(PORT), "--cert", CA,
            "--key", f"{SCRATCH}/idp.key", *where, *options], lambda: "ready" in read(path))

    def start_sshd(self, more=""):
        """`more`: lines of sshd_config besides the usual ones."""
        config = f"{SCRATCH}/sshd_config"
        if not os.path.exists(f"{SCRATCH}/host_key"):
            sh(f"ssh-keygen -q -t ed25519 -N '' -f {SCRATCH}/host_key")
            write("/etc/ssh/ssh_known_hosts", "localhost " + read(f"{SCRATCH}/host_key.pub"))
        write(config, f"""ListenAddress 127.0.0.1
HostKey {SCRATCH}/host_key
UsePAM yes
KbdInteractiveAuthentication yes
PasswordAuthentication no
PermitRootLogin yes
PidFile none
PrintMotd no
PrintLastLog no
UseDNS no
{more}""")
        return self.start("sshd", ["/usr/sbin/sshd", "-D", "-f", config],
                          lambda: SSHD_LISTENS in read("/proc/net/tcp"))

    # People

    def ssh_command(self, user, *command, options=()):
        return ["ssh", "-t", "-o", "NumberOfPasswordPrompts=1", *options, f"{user}@localhost", *command]

    def ssh(self, user, *command, options=(), **more):
        return Terminal(self.ssh_command(user, *command, options=options), **more)

    def login(self, user, **more):
        """A console: getty asks for the name and starts login."""
        terminal = Terminal(CONSOLE, **more)
        terminal.expect("desk login: ")
        terminal.type(user)
        return terminal

    def approve(self, code, account, deny=False):
        outcome = phone.visit(f"{ISSUER}/device?user_code={code}", account, deny, CA)
        assert outcome == ("denied" if deny else "approved"), outcome

    def sign_in_on_console(self, user, account=None):
        terminal = self.login(user)
        self.approve(terminal.code(), account or user)
        terminal.expect(r"\$ ")
        return terminal

    def pam(self, service, user, *words, answers="\n" * 8, seconds=150):
        """A PAM host of our own: what it said, as pam_client.py's JSON objects."""
        client = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pam_client.py")
        done = subprocess.run([sys.executable, client, service, user, *words], input=answers, text=True,
                              capture_output=True, timeout=seconds, check=False)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    # Facts

    def sign_ins(self):
        """The helper's children that have not ended."""
        uid, helper = str(pwd.getpwnam("frontdesk-net").pw_uid), self.children["helper"].pid
        found = {pid: status_of(pid) for pid in pids() if pid != helper}
        return [pid for pid, status in found.items()
                if status.get("Uid", "").startswith(f"{uid}\t") and not status["State"].startswith("Z")]

    def only_sign_in(self):
        """The child that is left when those of earlier sign-ins have ended."""
        assert eventually(lambda: len(self.sign_ins()) == 1), self.sign_ins()
        return self.sign_ins()[0]

    def cli(self, *arguments, check=True):
        done = subprocess.run(["frontdesk", *arguments], capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"frontdesk {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def members(self):
        return self.cli("members", "list")

    def is_user(self, name):
        return subprocess.run(["getent", "passwd", name], capture_output=True, check=False).returncode == 0

    def complaints(self):
        """What our processes wrote to standard error, and the last lines of the log."""
        said = [f"--- {name}\n{read(f'{SCRATCH}/{name}.err')}" for name in ("keeper", "helper", "provider")
                if os.path.exists(f"{SCRATCH}/{name}.err")]
        return "\n".join(said + ["--- log", *self.log.since(max(0, self.log.mark() - 40))])



def no_sanitizer_had_anything_to_say(desk):
    desk.stop_services()
    reports = [line for name in ("keeper", "helper") if os.path.exists(f"{SCRATCH}/{name}.err")
               for line in read(f"{SCRATCH}/{name}.err").splitlines() if any(word in line for word in SANITIZER)]
    assert not reports, reports


def main(module, prepare=None):
    """Makes the desk and runs a test file on it; the exit status."""
    desk = Desk()
    if prepare:
        prepare(desk)
    return run(tests_of(module) + [no_sanitizer_had_anything_to_say], desk, explain=desk.complaints)


def everything(desk):
    """The usual preparation: all that a sign-in needs is running."""
    desk.start_provider()
    desk.start_services()
    desk.start_sshd()
