# SPDX-License-Identifier: BSD-2-Clause
"""Members enter over real sshd; strangers do not, or are asked to connect again."""
import json
import os
import shutil
import sys

import desk as stage
from room import SCRATCH, sh, write
from terminal import decode_qr

RECONNECT = stage.MAIN + "first_sign_in = reconnect\n"


def _prepare(desk):
    stage.everything(desk)
    with desk.sign_in_on_console("alice") as console:
        console.type("exit")
        console.end()


def _give_key(user):
    """Puts a public key into a member's home; the private key's path."""
    key = f"{SCRATCH}/{user}_key"
    sh(f"ssh-keygen -q -t ed25519 -N '' -f {key}")
    folder = f"/home/{user}/.ssh"
    os.makedirs(folder, exist_ok=True)
    shutil.copy(f"{key}.pub", f"{folder}/authorized_keys")
    sh(f"chown -R {user}: {folder} && chmod -R go= {folder}")
    return key


def a_member_enters_over_ssh(desk):
    with desk.ssh("alice") as ssh:
        desk.approve(ssh.code(), "alice")
        ssh.expect("Press Enter")
        ssh.type()
        ssh.expect(r"\$ ")
        assert 65536 <= int(ssh.run("id -u")) <= 99999
        assert ssh.run("id -un") == "alice"
        assert len(ssh.run("echo $FRONTDESK_SESSION")) >= 22
        ssh.type("exit")
        assert ssh.end() == 0


def the_prompt_arrives_in_one_piece_with_a_qr_that_holds_the_complete_url(desk):
    with desk.ssh("alice") as ssh:
        code = ssh.code()
        ssh.expect("Press Enter")
        # The client writes its prefix and then the server's text, which begins with a newline.
        assert "(alice@localhost) \nSign in" in ssh.text, repr(ssh.text[:80])
        assert decode_qr(ssh.text) == f"{stage.ISSUER}/device?user_code={code}"
        assert f"{stage.ISSUER}/device" in ssh.text and "\\342" not in ssh.text and "\\033" not in ssh.text


def enter_too_early_just_waits(desk):
    with desk.ssh("alice") as ssh:
        code = ssh.code()
        ssh.expect("Press Enter")
        ssh.type()
        desk.approve(code, "alice")
        ssh.expect(r"\$ ")


def a_password_typed_at_the_prompt_reaches_neither_the_log_nor_the_helper(desk):
    with desk.ssh("alice") as ssh:
        code = ssh.code()
        ssh.expect("Press Enter")
        ssh.type("my secret password")
        desk.approve(code, "alice")
        ssh.expect(r"\$ ")
        assert "my secret password" not in ssh.text
    assert "my secret password" not in desk.log.text()


def an_invited_member_enters_over_ssh_at_once(desk):
    desk.cli("members", "invite", "carol", "--email", "carol@example.org")
    with desk.ssh("carol") as ssh:
        desk.approve(ssh.code(), "carol")
        ssh.type()
        ssh.expect(r"\$ ")
        assert ssh.run("id -un") == "carol"


def nobody_else_takes_an_invitation(desk):
    desk.cli("members", "invite", "erin", "--email", "erin@example.org")
    with desk.ssh("erin") as ssh:
        desk.approve(ssh.code(), "mallory")
        ssh.type()
        assert ssh.end() != 0
    assert not os.path.exists("/home/erin")


def an_address_that_nobody_vouched_for_takes_no_invitation(desk):
    desk.cli("members", "invite", "mallory", "--email", "alice@example.org")
    with desk.ssh("mallory") as ssh:
        desk.approve(ssh.code(), "mallory")  # whose address is alice's, unverified
        ssh.type()
        assert ssh.end() != 0
    assert json.loads(desk.cli("members", "show", "mallory", "--json"))["state"] == "invited"
    assert not os.path.exists("/home/mallory")


def a_stranger_over_ssh_sees_the_same_prompt_and_is_refused_after_it(desk):
    with desk.ssh("dave") as ssh:
        desk.approve(ssh.code(), "dave")
        ssh.expect("Press Enter")
        ssh.type()
        assert ssh.end() != 0
    assert not desk.is_user("dave")
    assert not os.path.exists("/home/dave")


def with_reconnect_a_stranger_becomes_a_member_and_connects_again(desk):
    desk.configure(main=RECONNECT)
    with desk.ssh("dave") as ssh:
        desk.approve(ssh.code(), "dave")
        ssh.expect("Press Enter")
        ssh.type()
        ssh.expect("(?i)connect again")
        assert ssh.end() != 0
    assert desk.is_user("dave")
    with desk.ssh("dave") as ssh:
        desk.approve(ssh.code(), "dave")
        ssh.type()
        ssh.expect(r"\$ ")
        assert ssh.run("id -un") == "dave"
    desk.configure()


def a_member_enters_with_a_public_key_and_without_a_prompt(desk):
    key = _give_key("alice")
    with desk.ssh("alice", "id -un", options=("-i", key)) as ssh:
        assert ssh.end() == 0, ssh.text
        assert ssh.text.startswith("alice\n"), ssh.text


def a_disabled_member_is_refused_with_a_public_key_too(desk):
    desk.cli("members", "disable", "alice")
    mark = desk.log.mark()
    with desk.ssh("alice", "id -un", options=("-i", f"{SCRATCH}/alice_key", "-o", "PreferredAuthentications=publickey")) as ssh:
        assert ssh.end() != 0
        assert "alice\n" not in ssh.text
    assert desk.log.wait(mark, "pam_frontdesk(sshd:account): deny user=alice reason=member_disabled"), \
        desk.log.since(mark)
    desk.cli("members", "enable", "alice")


def a_disabled_member_is_refused_after_the_same_prompt(desk):
    desk.cli("members", "disable", "alice")
    with desk.ssh("alice") as ssh:
        desk.approve(ssh.code(), "alice")
        ssh.expect("Press Enter")
        ssh.type()
        assert ssh.end() != 0
    desk.cli("members", "enable", "alice")


def an_invitation_alone_does_not_let_a_planted_key_in(desk):
    desk.cli("members", "invite", "frank", "--email", "frank@example.org")
    sh("install -d -m 700 -o frank -g frank /home/frank")
    key = _give_key("frank")
    with desk.ssh("frank", "id -un", options=("-i", key, "-o", "PreferredAuthentications=publickey")) as ssh:
        assert ssh.end() != 0
        assert "frank\n" not in ssh.text


def a_connection_that_is_switched_off_shuts_out_keys_at_once(desk):
    write("/etc/frontdesk/connections.d/corp.conf", stage.CORP + "enabled = no\n")
    with desk.ssh("alice", "id -un", options=("-i", f"{SCRATCH}/alice_key", "-o", "PreferredAuthentications=publickey")) as ssh:
        assert ssh.end() != 0
    desk.configure()


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
