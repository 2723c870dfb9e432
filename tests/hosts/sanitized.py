# SPDX-License-Identifier: BSD-2-Clause
"""The module's sanitizer build inside the real su, login and sshd, run by root."""
import glob
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../e2e"))

import desk as stage  # noqa: E402
from room import PROGRAMS, SCRATCH, read, sh  # noqa: E402
from scene import Scene, code_of  # noqa: E402
from tap import Skip  # noqa: E402
from terminal import ENVIRONMENT, Terminal  # noqa: E402

SERVICES = "su su-l login sshd plain-desk"
BUILT = os.path.join(PROGRAMS, "pam_frontdesk.so")
REPORTS = f"{SCRATCH}/sanitizer"


def _is_sanitized(path):
    return os.path.exists(path) and b"__asan_init" in open(path, "rb").read()


def _prepare(desk):
    scene = Scene(desk)
    for service in SERVICES.split():
        stage.pam_stack(service, "denied")
    scene.connect("acme", services=SERVICES)
    scene.person("acme", "mia")
    desk.start_services()
    assert code_of(desk.pam("plain-desk", "mia", "auth")) == "SUCCESS"
    sh("install -d -m 700 -o mia -g mia /home/mia")
    runtime = sh("gcc -print-file-name=libasan.so").strip()
    desk.sanitized = ENVIRONMENT | {"LD_PRELOAD": os.path.realpath(runtime),
                                    "ASAN_OPTIONS": f"detect_leaks=0:abort_on_error=1:log_path={REPORTS}"}
    if _is_sanitized(BUILT):
        installed, = glob.glob("/usr/lib/*/security/pam_frontdesk.so")
        shutil.copy(BUILT, installed)


def _needs_the_build():
    if not _is_sanitized(BUILT):
        raise Skip("the programs are no sanitizer build")


def _nothing_reported():
    reports = [read(path) for path in glob.glob(f"{REPORTS}*")]
    assert not reports, reports


def in_su_it_has_nothing_to_say(desk):
    _needs_the_build()
    for user, said in (("mia", "mia"), ("nobody-knows", None)):
        with Terminal(["su", "-", user, "-c", "id -un"], environment=desk.sanitized) as su:
            if said:
                su.expect("Code: ")
                su.expect(f"\n{said}\n")
            su.end()
    _nothing_reported()


def in_login_it_has_nothing_to_say(desk):
    _needs_the_build()
    with Terminal(["/bin/login", "mia"], environment=desk.sanitized) as login:
        login.expect("Code: ")
        login.expect(r"\$ ")
        assert login.run("id -un") == "mia"
        login.type("exit")
        login.end()
    _nothing_reported()


def _start_sshd(desk, more=""):
    os.environ.update(desk.sanitized)
    try:
        desk.start_sshd(more)
    finally:
        for name in ("LD_PRELOAD", "ASAN_OPTIONS"):
            os.environ.pop(name)


def in_sshd_it_has_nothing_to_say(desk):
    _needs_the_build()
    _start_sshd(desk)
    with desk.ssh("mia") as ssh:
        ssh.expect("Press Enter")
        ssh.type()
        ssh.expect(r"\$ ")
        assert ssh.run("id -un") == "mia"
    _nothing_reported()


def when_the_grace_time_ends_in_mid_conversation_so_does_the_sign_in(desk):
    """sshd's alarm comes while the module waits for the person: nothing is left, and no approval helps any more."""
    _needs_the_build()
    desk.stop("sshd")
    _start_sshd(desk, "LoginGraceTime 2\n")
    desk.scene.script("acme", approve="manual")
    for _ in range(2):
        with desk.ssh("mia", "echo entered") as ssh:
            ssh.expect("Press Enter")
            assert stage.eventually(lambda: not desk.sign_ins())
            asked = desk.scene.requests("acme").count("token")
            desk.scene.script("acme", decision="approve")
            ssh.type()  # the client looks at its connection when it has an answer
            assert ssh.end() != 0 and "entered" not in ssh.text
        assert desk.scene.requests("acme").count("token") == asked
        desk.scene.script("acme", decision=None)
    _nothing_reported()


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
