# SPDX-License-Identifier: BSD-2-Clause
"""One prompt takes a local password or an empty answer that starts the sign-in, and the password stays in the host."""
import json
import os
import signal
import sys

import desk as stage
from memory import found_in
from recorder import Recorder
from room import PASSWORD, SCRATCH, read, sh, write
from scene import AUDIT, Scene, code_of, prompts_of
from terminal import Terminal

CANARY = "Xq7-canary-Vb2-typed-Lw9"
STRANGER = "name-of-a-stranger"
LABEL = "Enter by Canary Works"
OFFER = f'Password, or Enter alone for "{LABEL}": '
SOCKET = f"{SCRATCH}/recorder.sock"
ANSWER_TYPED, ANSWER_EMPTY = b"\x02\x03", b"\x02\x02"
CLIENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pam_client.py")


def _recorded(service, which):
    stage.pam_stack(service, which)
    path = f"/etc/pam.d/{service}"
    write(path, read(path).replace("pam_frontdesk.so", f"pam_frontdesk.so socket={SOCKET} local_users=lena"))


def _prepare(desk):
    scene = Scene(desk)
    write("/etc/frontdesk/acme.map", "sub:lena-at-acme = lena\n")
    scene.connect("acme", services="offer-desk login sshd closed-desk", display_name=LABEL,
                  user_map_file="/etc/frontdesk/acme.map")
    for service in ("offer-desk", "login", "sshd"):
        _recorded(service, "allowed")
    _recorded("closed-desk", "denied")
    sh(f"usermod -p '{sh(f'openssl passwd -6 {CANARY}').strip()}' lena")
    desk.start_services()
    desk.start_sshd()
    desk.recorder = Recorder(SOCKET)
    scene.person("acme", "mia")
    assert code_of(desk.pam("offer-desk", "mia", "auth")) == "SUCCESS"


def _count(desk, answer):
    return sum(packet.startswith(answer) for packet in desk.recorder.to_helper)


def _nothing_got_out(desk):
    packets = desk.recorder.to_helper + desk.recorder.to_module
    assert any(b"lena" in packet for packet in packets)
    assert not [packet for packet in packets if CANARY.encode() in packet or CANARY.encode().hex().encode() in packet]
    asked = json.dumps(desk.scene.provider.log("good~acme"))
    assert "device_code" in asked and CANARY not in asked
    assert CANARY not in desk.log.text()
    assert "mia" in read(AUDIT) and CANARY not in read(AUDIT)


def on_a_console_the_same_prompt_takes_a_password(desk):
    typed = _count(desk, ANSWER_TYPED)
    with desk.login("lena") as console:
        console.expect(OFFER)
        console.type(CANARY)
        console.expect(r"\$ ")
        assert console.run("id -un") == "lena"
        assert "assword:" not in console.text  # and nobody asked again
    assert _count(desk, ANSWER_TYPED) == typed + 1


def on_a_console_an_empty_answer_starts_the_sign_in(desk):
    empty = _count(desk, ANSWER_EMPTY)
    desk.scene.person("acme", "mia")
    with desk.login("mia") as console:
        console.expect(OFFER)
        console.type()
        console.expect("Code: ")
        console.expect(r"\$ ")
        assert console.run("id -un") == "mia"
    assert _count(desk, ANSWER_EMPTY) == empty + 1


def over_ssh_the_same_prompt_takes_a_password(desk):
    with desk.ssh("lena") as ssh:
        ssh.expect(OFFER)
        ssh.type(CANARY)
        ssh.expect(r"\$ ")
        assert ssh.run("id -un") == "lena"
        assert "assword:" not in ssh.text and "Code:" not in ssh.text


def over_ssh_an_empty_answer_starts_the_sign_in(desk):
    desk.scene.person("acme", "mia")
    with desk.ssh("mia") as ssh:
        ssh.expect(OFFER)
        ssh.type()
        ssh.expect("Press Enter")
        ssh.type()
        ssh.expect(r"\$ ")
        assert ssh.run("id -un") == "mia"


def a_wrong_password_and_a_members_are_refused_by_pam_unix(desk):
    for user, password in (("lena", PASSWORD), ("mia", CANARY), (STRANGER, CANARY)):
        said = desk.pam("offer-desk", user, "auth", answers=password + "\n")
        assert code_of(said) not in (None, "SUCCESS"), said
        assert prompts_of(said) == [OFFER], said
        assert not [line for line in said if line.get("style") == "info"], said


def member_invited_disabled_and_stranger_meet_the_same_offer(desk):
    desk.cli("members", "invite", "ina", "--email", "ina@acme.com")
    desk.cli("members", "disable", "mia")
    met = {user: prompts_of(desk.pam("offer-desk", user, "auth")) for user in ("mia", "ina", "lena", STRANGER)}
    desk.cli("members", "enable", "mia")
    met["enabled"] = prompts_of(desk.pam("offer-desk", "mia", "auth"))
    assert set(map(tuple, met.values())) == {(OFFER,)}, met


def a_line_that_denies_passwords_gets_no_offer(desk):
    for user in ("mia", "lena", STRANGER):
        assert prompts_of(desk.pam("closed-desk", user, "auth")) == []


def the_password_is_in_no_packet_and_in_no_log(desk):
    _nothing_got_out(desk)


def a_password_typed_where_enter_was_asked_for_stays_in_the_host_too(desk):
    desk.scene.person("acme", "mia")
    typed = _count(desk, ANSWER_TYPED)
    with desk.ssh("mia") as ssh:
        ssh.expect(OFFER)
        ssh.type()
        ssh.expect("Press Enter")
        ssh.type(CANARY)
        ssh.expect(r"\$ ")
    assert _count(desk, ANSWER_TYPED) == typed + 1
    _nothing_got_out(desk)


def _ours(desk):
    return {"helper": desk.children["helper"].pid, "keeper": desk.children["keeper"].pid}


def the_password_is_in_the_memory_of_no_process_of_ours(desk):
    ours, typed = _ours(desk), _count(desk, ANSWER_TYPED)
    with Terminal([sys.executable, CLIENT, "offer-desk", STRANGER, "auth"]) as host:
        host.expect("Password, or Enter alone")
        child = desk.only_sign_in()
        # The keeper is held, so that the child, which asks it for the verdict, is there when it has read the answer.
        os.kill(ours["keeper"], signal.SIGSTOP)
        try:
            host.type(CANARY)
            assert stage.eventually(lambda: _count(desk, ANSWER_TYPED) == typed + 1)
            assert desk.recorder.helper_took_everything()
            for pid in (child, *ours.values()):
                assert found_in(pid, CANARY, LABEL) == {LABEL}
            for pid in (child, ours["keeper"]):
                assert found_in(pid, CANARY, STRANGER) == {STRANGER}
            assert found_in(host.pid, CANARY) == {CANARY}  # where it may be, it would be found
        finally:
            os.kill(ours["keeper"], signal.SIGCONT)
        host.expect('"phase": "auth"')
        for pid in ours.values():
            assert found_in(pid, CANARY, LABEL) == {LABEL}
    assert stage.eventually(lambda: not desk.sign_ins())


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
