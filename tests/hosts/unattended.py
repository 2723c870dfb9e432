# SPDX-License-Identifier: BSD-2-Clause
"""Services with nobody in front of them, and providers that are gone: no request, no code, an end in bounded time, and
the local ways in stay open."""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../e2e"))

import desk as stage  # noqa: E402
from room import PASSWORD, SCRATCH, read, sh, write  # noqa: E402
from scene import Scene, code_of, codes_of, words_of  # noqa: E402

SERVICES = "sshd sudo cron atd plain-desk lock-desk"
BATCH = ("-o", "BatchMode=yes")
BOUND_S = 40  # a sign-in at a provider that never answers: its own limit is 15 s for each request
# As a distribution writes it where failures are counted, with ours in front as in the shipped stack.
FAILLOCK = """auth [success=done ignore=ignore default=die] pam_frontdesk.so break_glass=root,lena
auth requisite pam_faillock.so preauth dir=/run/faillock deny=2
auth [success=1 default=ignore] pam_unix.so
auth [default=die] pam_faillock.so authfail dir=/run/faillock deny=2
auth required pam_permit.so
account required pam_frontdesk.so break_glass=root
account required pam_unix.so
"""


def _prepare(desk):
    scene = Scene(desk)
    for service in SERVICES.split():
        stage.pam_stack(service, "denied")
    write("/etc/pam.d/lock-desk", FAILLOCK)
    write("/etc/sudoers", "Defaults env_reset, timestamp_timeout=0\nmia ALL=(ALL:ALL) ALL\n", 0o440)
    scene.connect("acme", services=SERVICES)
    scene.person("acme", "mia")
    desk.start_services()
    desk.start_sshd()
    assert code_of(desk.pam("plain-desk", "mia", "auth")) == "SUCCESS"
    sh("install -d -m 700 -o mia -g mia /home/mia /home/mia/.ssh")
    sh(f"ssh-keygen -q -t ed25519 -N '' -f {SCRATCH}/mia_key")
    shutil.copy(f"{SCRATCH}/mia_key.pub", "/home/mia/.ssh/authorized_keys")
    sh("chown mia: /home/mia/.ssh/authorized_keys")


def _run(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)


def _asks_nobody(desk, run):
    """What it came to; the provider was asked for no code by it, and no sign-in is left."""
    asked = desk.scene.requests("acme").count("device")
    done = run()
    assert stage.eventually(lambda: not desk.sign_ins())
    assert desk.scene.requests("acme").count("device") == asked
    return done


# Nobody in front

def sudo_n_fails_at_once_and_asks_nobody(desk):
    number = sh("id -u mia").strip()
    done = _asks_nobody(desk, lambda: _run("setpriv", f"--reuid={number}", f"--regid={number}", "--clear-groups",
                                           "sudo", "-n", "id", "-un"))
    assert done.returncode != 0 and done.stdout == "" and "password is required" in done.stderr, done


def ssh_and_scp_in_batch_fail_at_once_and_ask_nobody(desk):
    for command in (["ssh", *BATCH, "mia@localhost", "id"], ["scp", *BATCH, "/etc/hostname", "mia@localhost:"],
                    ["ssh", *BATCH, "stranger@localhost", "id"]):
        done = _asks_nobody(desk, lambda: _run(*command))
        assert done.returncode == 255 and "Permission denied" in done.stderr or "Connection closed" in done.stderr, done
    assert not os.path.exists("/home/mia/hostname")


def with_a_key_they_work_and_ask_nobody(desk):
    key = ("-i", f"{SCRATCH}/mia_key")
    done = _asks_nobody(desk, lambda: _run("ssh", *BATCH, *key, "mia@localhost", "id", "-un"))
    assert (done.returncode, done.stdout) == (0, "mia\n"), done
    done = _asks_nobody(desk, lambda: _run("scp", "-O", *BATCH, *key, "/etc/hostname", "mia@localhost:"))
    assert done.returncode == 0 and read("/home/mia/hostname") == "desk\n", done


def cron_and_at_jobs_of_members_and_others_start_without_a_request(desk):
    """They ask PAM about the account and for a session, never for a proof."""
    for service in ("cron", "atd"):
        for user in ("mia", "lena", "root"):
            said = _asks_nobody(desk, lambda: desk.pam(service, user, "account", "session", answers=""))
            assert codes_of(said) == ["SUCCESS"] * 3, said
            assert "Code" not in words_of(said), said
    desk.cli("members", "disable", "mia")
    said = _asks_nobody(desk, lambda: desk.pam("cron", "mia", "account", answers=""))
    assert codes_of(said) == ["PERM_DENIED"], said
    desk.cli("members", "enable", "mia")


def jobs_of_local_users_do_not_wait_for_our_programs(desk):
    desk.stop_services()
    for user in ("lena", "root"):
        assert codes_of(desk.pam("cron", user, "account", "session", answers="")) == ["SUCCESS"] * 3
    desk.start_services()


def a_local_user_gets_no_code_anywhere(desk):
    said = _asks_nobody(desk, lambda: desk.pam("plain-desk", "lena", "auth", answers=""))
    assert codes_of(said) == ["USER_UNKNOWN"], said


# Counted failures

def refusals_of_the_phone_are_not_counted_as_wrong_passwords(desk):
    """Who refuses, or lets expire, codes that others ask for in one's name, is locked out of nothing by it."""
    os.makedirs("/run/faillock", exist_ok=True)
    desk.scene.script("acme", approve="manual", decision="deny")
    for user in ("mia", "mia", "mia", "stranger"):
        assert code_of(desk.pam("lock-desk", user, "auth", "rhost=203.0.113.9")) != "SUCCESS"
    desk.scene.script("acme", approve=None, decision=None)
    assert not os.path.exists("/run/faillock/mia") or os.path.getsize("/run/faillock/mia") == 0
    assert code_of(desk.pam("lock-desk", "mia", "auth")) == "SUCCESS"


def wrong_passwords_of_break_glass_are(desk):
    """The counting works in this stack, or the test above would prove nothing."""
    for _ in range(2):
        assert code_of(desk.pam("lock-desk", "lena", "auth", answers="wrong\n")) != "SUCCESS"
    assert os.path.getsize("/run/faillock/lena") > 0
    assert code_of(desk.pam("lock-desk", "lena", "auth", answers=PASSWORD + "\n")) != "SUCCESS"
    os.unlink("/run/faillock/lena")


# Providers that are gone

def _bounded(desk, reasons):
    mark = desk.log.mark()
    said = desk.pam("plain-desk", "mia", "auth")
    assert code_of(said) == "AUTHINFO_UNAVAIL" and "Code:" not in words_of(said), said
    seconds, = [line["seconds"] for line in said if "seconds" in line]
    assert seconds < BOUND_S, said
    line = desk.log.wait(mark, "pam_frontdesk(plain-desk:auth)")[0]
    assert re.search(r"reason=(\S+)", line).group(1) in reasons, line
    said = desk.pam("plain-desk", "root", "auth", "account", answers=PASSWORD + "\n")
    assert codes_of(said) == ["SUCCESS"] * 2, said
    said = desk.pam("plain-desk", "root", "auth", answers="wrong\n")
    assert code_of(said) != "SUCCESS", said


def a_provider_that_is_down_leaves_roots_password(desk):
    port = socket.create_server(("127.0.0.1", 0))
    gone = port.getsockname()[1]
    port.close()
    desk.scene.connect("acme", services=SERVICES, issuer=f"https://localhost:{gone}/x")
    _bounded(desk, ["idp_unreachable"])


def so_does_a_captive_portal(desk):
    """It answers everything with a page of its own: with the status 200, or without TLS at all."""
    desk.scene.connect("acme", services=SERVICES, issuer=f"{desk.scene.provider.origin()}/discovery-html-200~portal")
    _bounded(desk, ["idp_bad_json", "discovery_invalid"])
    plain = desk.scene.provider.ports["plain"]
    desk.scene.connect("acme", services=SERVICES, issuer=f"https://localhost:{plain}/x")
    _bounded(desk, ["idp_tls", "idp_unreachable"])


def and_a_name_server_that_never_answers(desk):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    heard = threading.Event()
    threading.Thread(target=lambda: server.recv(512) and heard.set(), daemon=True).start()
    write("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n")
    desk.scene.connect("acme", services=SERVICES, issuer="https://id.acme.example/x")
    _bounded(desk, ["idp_timeout", "idp_unreachable"])
    assert heard.is_set()


def when_it_is_back_so_is_the_sign_in(desk):
    desk.scene.connect("acme", services=SERVICES)
    assert code_of(desk.pam("plain-desk", "mia", "auth")) == "SUCCESS"
    assert json.loads(desk.cli("members", "show", "mia", "--json"))["state"] == "active"


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
