# SPDX-License-Identifier: BSD-2-Clause
"""su, sudo and a setuid program of our own, run by an ordinary user whose environment is hostile: the sign-in works as
without it, and nothing that it points at is opened, made or spoken to, by host, child or keeper."""
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../e2e"))

import desk as stage  # noqa: E402
from proc import pids, status_of  # noqa: E402
from room import SCRATCH, sh, write  # noqa: E402
from scene import Scene, code_of, words_of  # noqa: E402
from terminal import ENVIRONMENT, Terminal  # noqa: E402
from traps import Traps  # noqa: E402

SERVICES = "su su-l sudo sudo-i trap-desk login gdm-switchable-auth"
HOST = "/usr/local/bin/setuid-host"


def _prepare(desk):
    scene = Scene(desk)
    for service in SERVICES.split():
        stage.pam_stack(service, "denied")
    write("/etc/sudoers", "Defaults env_reset, timestamp_timeout=0\nmia ALL=(ALL:ALL) ALL\n", 0o440)
    scene.connect("acme", services=SERVICES)
    scene.person("acme", "mia")
    desk.start_services()
    assert code_of(desk.pam("trap-desk", "mia", "auth")) == "SUCCESS"
    sh("install -d -m 700 -o mia -g mia /home/mia")
    shutil.copy(os.path.join(os.environ["O"], "tests/hosts/setuid_host"), HOST)
    os.chmod(HOST, 0o4755)
    desk.traps = Traps(f"{SCRATCH}/traps")
    desk.hostile = {"PATH": ENVIRONMENT["PATH"], **desk.traps.environment()}


def _as_mia(desk, *command, environment=None):
    """A terminal on which mia, with that environment, has started the command."""
    number = int(sh("id -u mia"))
    names = desk.hostile if environment is None else environment
    exact = [f"{name}={value}" for name, value in names.items()]
    # The way there believes nothing: only what mia starts has her environment.
    return Terminal(["setpriv", f"--reuid={number}", f"--regid={number}", "--clear-groups", "env", "-i", *exact,
                     *command], environment=ENVIRONMENT)


def the_traps_spring_for_a_program_that_believes_its_environment(desk):
    url = f"{desk.scene.issuer('acme')}/.well-known/openid-configuration"
    names = {**desk.hostile, "LD_PRELOAD": "", "LD_AUDIT": "", "LD_LIBRARY_PATH": ""}
    assert "proxy" in desk.traps.springs(["curl", "-s", url], names)
    del names["https_proxy"], names["all_proxy"], names["ALL_PROXY"], names["HTTPS_PROXY"], names["SSL_CERT_FILE"]
    names["SSL_CERT_DIR"] = "/nowhere"
    found = desk.traps.springs(["curl", "-s", "--cacert", "/etc/frontdesk/scripted.pem", url], names)
    assert f"{SCRATCH}/traps/roots/keylog" in found and os.path.exists(f"{SCRATCH}/traps/roots/keylog"), found
    os.unlink(f"{SCRATCH}/traps/roots/keylog")
    names = {"PATH": ENVIRONMENT["PATH"], "TZ": f":{SCRATCH}/traps/zone"}
    assert f"{SCRATCH}/traps/zone" in desk.traps.springs(["date"], names)
    desk.traps.connections = 0


def _unharmed(desk):
    used = desk.traps.was_used()
    made = os.listdir(desk.traps.path("roots"))
    assert not used and not made, (used, made)


def _signs_in(desk, before, *command, expected):
    """The hostile way and the plain one: both must work, and reach the provider alike."""
    counts = []
    for environment in (None, ENVIRONMENT | {"HOME": "/home/mia"}):
        desk.traps.touched()
        asked = len(desk.scene.requests("acme"))
        with _as_mia(desk, *before, *command, environment=environment) as terminal:
            terminal.expect("Code: ")
            terminal.expect(expected)
            terminal.end()
            assert "mia on desk" in terminal.text, terminal.text
        counts.append(len([path for path in desk.scene.requests("acme")[asked:] if path == "device"]))
        if environment is None:
            _unharmed(desk)
    assert counts[0] == counts[1] > 0, (counts, desk.scene.requests("acme"))


def a_setuid_program_signs_in_and_springs_none(desk):
    _signs_in(desk, [], HOST, "trap-desk", "mia", expected="code 0\n")


def a_setuid_program_offers_no_greeter_whatever_its_caller_says(desk):
    """It would be handed pointers where it expects text: this one prints what it gets."""
    extension = "org.gnome.DisplayManager.UserVerifier.CustomJSON"
    names = {**ENVIRONMENT, "HOME": "/home/mia", "GDM_SUPPORTED_PAM_EXTENSIONS": extension}
    with _as_mia(desk, HOST, "gdm-switchable-auth", "mia", environment=names) as terminal:
        terminal.expect("Code: ")
        terminal.expect("code 0\n")


def su_signs_in_and_springs_none(desk):
    """`su -`: what the shell behind it opens, with an environment of its own, is no longer su's."""
    _signs_in(desk, [], "su", "-", "mia", "-c", "echo entered as $(id -un)", expected="\nentered as mia\n")


def sudo_signs_in_and_springs_none(desk):
    _signs_in(desk, [], "sudo", "/bin/echo", "entered", expected="\nentered\n")


def what_is_typed_beside_it_reaches_no_other_process(desk):
    """Helper, keeper and the child that serves are nobody's to give an environment to."""
    desk.scene.script("acme", approve="manual")
    with _as_mia(desk, HOST, "trap-desk", "mia") as terminal:
        terminal.expect("Code: ")
        ours = desk.sign_ins() + [desk.children[name].pid for name in ("helper", "keeper")]
        assert len(ours) >= 3, ours
        for pid in ours:
            with open(f"/proc/{pid}/environ", "rb") as file:
                assert b"c4n4ry" not in file.read(), status_of(pid)
        host, = [pid for pid in pids() if status_of(pid).get("Name") == "setuid_host"[:15] or
                 status_of(pid).get("Name") == os.path.basename(HOST)]
        with open(f"/proc/{host}/environ", "rb") as file:
            assert b"c4n4ry" in file.read(), "the canary is where it was put"
        desk.scene.script("acme", decision="approve")
        terminal.expect("code 0\n")
    desk.scene.script("acme", approve=None, decision=None)
    _unharmed(desk)


def a_ticket_and_a_key_from_the_environment_are_not_believed(desk):
    """PAM's environment is not the process's: what a user exports is no word of sshd's, and opens no session."""
    write("/etc/frontdesk/frontdesk.conf", stage.MAIN + "[service trap-desk]\nrequires_key = yes\n")
    asked = desk.scene.requests("acme").count("device")
    with _as_mia(desk, HOST, "trap-desk", "mia") as terminal:
        terminal.expect("asks for your ssh key first")
        terminal.expect("code 7\n")
    assert desk.scene.requests("acme").count("device") == asked
    write("/etc/frontdesk/frontdesk.conf", stage.MAIN)


def refusals_spring_none_either(desk):
    desk.stop_services()
    for command in ([HOST, "trap-desk", "mia"], ["su", "-", "mia", "-c", "echo entered"],
                    ["sudo", "-k", "echo", "entered"]):
        desk.traps.touched()
        with _as_mia(desk, *command) as terminal:
            terminal.end()
            assert "entered" not in terminal.text, terminal.text
        _unharmed(desk)
    desk.start_services()


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
