# SPDX-License-Identifier: BSD-2-Clause
"""What comes before a code and what comes after: a key first, where that is asked for; tokens revoked; where to sign
out at the end of a session."""
import contextlib
import os
import shutil
import signal
import subprocess
import sys

import desk as stage
from room import SCRATCH, sh
from scene import Scene, code_of, codes_of, words_of
from terminal import decode_qr, qr_rows

ALL = ("auth", "account", "session")
SERVICES = "end-desk key-desk login sshd"
MAIN = stage.MAIN + "requires_key = {key}\n[service key-desk]\nrequires_key = yes\n[service login]\nlog_out = {log_out}\n"
KEY = f"{SCRATCH}/eva_key"
BOTH = "AuthenticationMethods publickey,keyboard-interactive\n"
SIGN_OUT = "To sign out at the sign-in service as well, open: "
NEEDS_KEY = "asks for your ssh key first"


def _prepare(desk):
    scene = Scene(desk)
    for service in SERVICES.split():
        stage.pam_stack(service, "denied")
    scene.connect("acme", services=SERVICES)
    scene.script("acme", cache="no-store", discovery={"end_session_endpoint": "ISSUER/log-out"})
    desk.start_services()
    scene.person("acme", "eva")
    assert code_of(desk.pam("end-desk", "eva", *ALL)) == "SUCCESS"
    sh(f"ssh-keygen -q -t ed25519 -N '' -f {KEY}")
    os.makedirs("/home/eva/.ssh")
    shutil.copy(f"{KEY}.pub", "/home/eva/.ssh/authorized_keys")
    sh("chown -R eva: /home/eva/.ssh && chmod -R go= /home/eva/.ssh")
    _set(desk)


def _set(desk, key="no", log_out="none"):
    desk.configure(main=MAIN.format(key=key, log_out=log_out), corp="")
    desk.scene.disconnect("corp")


# A key first

def a_host_that_has_seen_no_key_asks_the_provider_nothing(desk):
    before = desk.scene.requests("acme")
    for proof in ([], ["prior=password"], ["prior=hostbased ssh-ed25519 AAAA"], ["prior=publickeys x"]):
        said = desk.pam("key-desk", "eva", *proof, "auth")
        assert code_of(said) == "AUTH_ERR" and NEEDS_KEY in words_of(said), said
    assert desk.scene.requests("acme") == before


def a_host_that_has_seen_one_goes_on(desk):
    said = desk.pam("key-desk", "eva", "prior=publickey ssh-ed25519 AAAA", *ALL)
    assert codes_of(said) == ["SUCCESS"] * 4, said


def over_ssh_a_key_and_then_the_phone_let_the_member_in(desk):
    _set(desk, key="yes")
    desk.start_sshd(BOTH)
    before = len(desk.scene.requests("acme"))
    with desk.ssh("eva", options=("-i", KEY)) as ssh:
        ssh.expect("Press Enter")
        ssh.type()
        ssh.expect(r"\$ ")
        assert ssh.run("id -un") == "eva"
    assert len(desk.scene.requests("acme")) > before  # the key alone was not enough


def over_ssh_without_the_key_there_is_no_code(desk):
    desk.stop("sshd")
    desk.start_sshd()
    before, mark = desk.scene.requests("acme"), desk.log.mark()
    with desk.ssh("eva", "echo entered", options=("-o", "PreferredAuthentications=keyboard-interactive")) as ssh:
        assert ssh.end() != 0
        assert "entered" not in ssh.text and "Code:" not in ssh.text and NEEDS_KEY in ssh.text, ssh.text
    assert desk.log.wait(mark, "reason=key_required"), desk.log.since(mark)
    assert desk.scene.requests("acme") == before
    _set(desk)


# Where to sign out

def _url(desk):
    return f"{desk.scene.issuer('acme')}/log-out?client_id=frontdesk"


def _end_of_a_session(desk):
    with desk.scene.on_console("eva") as console:
        before = len(console.text)
        console.type("exit")
        assert console.end() == 0
        return console.text[before:]


def a_service_that_wants_no_link_shows_none(desk):
    assert "log-out" not in _end_of_a_session(desk)


def a_session_on_a_console_ends_with_the_link(desk):
    _set(desk, log_out="link")
    shown = _end_of_a_session(desk)
    assert SIGN_OUT + _url(desk) in shown and not qr_rows(shown), shown


def or_with_a_picture_of_it(desk):
    _set(desk, log_out="qr")
    shown = _end_of_a_session(desk)
    assert SIGN_OUT + _url(desk) in shown, shown
    assert decode_qr(shown) == _url(desk)


def nobody_but_the_person_opens_it(desk):
    assert not [path for path in desk.scene.requests("acme") if path.startswith("log-out")]


def a_link_that_is_no_safe_address_is_not_shown(desk):
    for found in ("javascript:alert(1)", "http://localhost/log-out", "https://localhost/\x1b[2J"):
        desk.scene.script("acme", discovery={"end_session_endpoint": found})
        shown = _end_of_a_session(desk)
        assert "sign out" not in shown and "log-out" not in shown and "alert" not in shown, shown
    desk.scene.script("acme", discovery={"end_session_endpoint": "ISSUER/log-out"})


# Tokens

def _revocations(desk):
    return [entry for entry in desk.scene.provider.log("good~acme") if entry["path"].endswith("/revoke")]


def tokens_are_revoked(desk):
    before = len(_revocations(desk))
    desk.pam("end-desk", "eva", "auth")
    assert stage.eventually(lambda: len(_revocations(desk)) > before)
    assert _revocations(desk)[before]["note"] == "revoked"


def tokens_of_a_sign_in_that_was_given_up_are_revoked_too(desk):
    desk.scene.connect("acme", services=SERVICES, userinfo="always")
    desk.scene.script("acme", faults={"userinfo": "silent"})
    before = len(_revocations(desk))
    client = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pam_client.py")
    with subprocess.Popen([sys.executable, client, "end-desk", "eva", "auth"], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL) as host:
        assert stage.eventually(lambda: "userinfo" in desk.scene.requests("acme"))
        host.kill()
    assert stage.eventually(lambda: len(_revocations(desk)) > before)
    desk.scene.script("acme", faults={"userinfo": None})
    desk.scene.connect("acme", services=SERVICES)


def the_verdict_is_out_before_anything_is_revoked(desk):
    desk.scene.script("acme", approve="manual", faults={"revoke": "silent"})
    before = len(_revocations(desk))
    with desk.login("eva") as console:
        console.expect("Code: ")
        child = desk.only_sign_in()
        desk.scene.script("acme", decision="approve")
        assert stage.eventually(lambda: len(_revocations(desk)) > before)
        with contextlib.suppress(ProcessLookupError):  # it has given up already
            os.kill(child, signal.SIGSTOP)
        try:  # whatever it would have said from here on is never said
            console.expect(r"\$ ")
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGCONT)
    desk.scene.script("acme", approve=None, decision=None)


def a_revocation_that_is_never_answered_holds_up_no_session(desk):
    desk.scene.script("acme", faults={"revoke": "silent"})
    before = len(_revocations(desk))
    with desk.scene.on_console("eva") as console:
        assert stage.eventually(lambda: len(_revocations(desk)) > before)
        assert console.run("id -un") == "eva"
    for fault in ("close", "not-http", "endless-headers"):
        desk.scene.script("acme", faults={"revoke": fault})
        assert codes_of(desk.pam("end-desk", "eva", *ALL)) == ["SUCCESS"] * 4
    assert stage.eventually(lambda: not desk.sign_ins())


def a_revocation_endpoint_that_is_not_there_holds_up_no_session(desk):
    gone = f"https://localhost:{desk.scene.provider.ports['silent']}/revoke"
    desk.scene.connect("acme", services=SERVICES, revocation_endpoint=gone)
    assert codes_of(desk.pam("end-desk", "eva", *ALL)) == ["SUCCESS"] * 4
    assert stage.eventually(lambda: not desk.sign_ins())


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
