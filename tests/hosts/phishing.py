# SPDX-License-Identifier: BSD-2-Clause
"""What stands between a person and somebody who sends them a code: what the message says, where it leads, how long it
lives, and a key that has to come first."""
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../e2e"))

import desk as stage  # noqa: E402
from room import SCRATCH, read, sh, write  # noqa: E402
from scene import Scene, code_of, words_of  # noqa: E402

SERVICES = "desk-1 quick-desk calm-desk short-desk gdm-password login su sudo sshd"
WARNING = "Approve only if you are signing in there yourself, right now."
MAIN = stage.MAIN.replace("[limits]", "[limits]\nsign_ins_per_user = 100") + """
[service quick-desk]
code_lifetime = 3
[service calm-desk]
code_lifetime = 60
[service short-desk]
code_lifetime = 60
timeout = 5
"""
LATE_S = 60  # for lives of some seconds; what a provider says is ten minutes
PAGE = os.path.join(HERE, "../../docs/ssh.md")
DEVICE = {"verification_uri": "ISSUER/activate", "verification_uri_complete": "ISSUER/activate?user_code=X",
          "expires_in": 60}
FORGED = "publickey ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"


def _prepare(desk):
    scene = Scene(desk, MAIN)
    for service in SERVICES.split():
        stage.pam_stack(service, "denied")
    _connect(desk)
    desk.start_services()
    for user in ("eva", "ida"):
        scene.person("acme", user)
        assert code_of(desk.pam("desk-1", user, "auth")) == "SUCCESS"
        sh(f"install -d -m 700 -o {user} -g {user} /home/{user}")
        _give_key(user)


def _give_key(user):
    sh(f"ssh-keygen -q -t ed25519 -N '' -f {SCRATCH}/{user}_key")
    os.makedirs(f"/home/{user}/.ssh")
    shutil.copy(f"{SCRATCH}/{user}_key.pub", f"/home/{user}/.ssh/authorized_keys")
    sh(f"chown -R {user}: /home/{user}/.ssh && chmod -R go= /home/{user}/.ssh")


def _connect(desk, **settings):
    desk.scene.connect("acme", services=SERVICES, **settings)


def _device(desk, **answer):
    """What the provider says besides its code."""
    desk.scene.script("acme", device={**DEVICE, **answer})


def _asked(desk, what):
    return desk.scene.requests("acme").count(what)


# Where the message leads

def _is_refused_unseen(desk, hosts, **device):
    _connect(desk, verification_hosts=hosts)
    _device(desk, **device)
    before, mark, members = _asked(desk, "token"), desk.log.mark(), desk.members()
    said = desk.pam("desk-1", "ida", "auth")
    assert code_of(said) == "AUTHINFO_UNAVAIL", said
    assert not re.search(r"Code:|https:|[A-Z]{4}-[A-Z]{4}", words_of(said)), said
    assert "not approved here" in words_of(said), said
    assert desk.log.wait(mark, "reason=verification_host"), desk.log.since(mark)
    assert (_asked(desk, "token"), desk.members()) == (before, members)


def a_page_at_another_host_than_the_pinned_ones_is_never_shown(desk):
    url = f"{desk.scene.issuer('acme')}/activate"
    for hosts in ("device.acme.com", "acme.com localhost.evil.example", "127.0.0.1"):
        _is_refused_unseen(desk, hosts)
    for evil in ("https://evil.example/activate", url.replace("localhost", "localhost.evil.example"),
                 url.replace("localhost", "evil-localhost"), "https://evil.example/?https://localhost/"):
        _is_refused_unseen(desk, "localhost", verification_uri=evil, verification_uri_complete=None)
        _is_refused_unseen(desk, "issuer", verification_uri=evil, verification_uri_complete=None)


def nor_is_a_complete_one_that_only_the_qr_would_show(desk):
    _is_refused_unseen(desk, "issuer", verification_uri_complete="https://evil.example/activate?user_code=ABCD")


def a_page_at_a_pinned_host_is(desk):
    for hosts in ("localhost", "issuer", "www.acme.com, LOCALHOST", None):
        _connect(desk, verification_hosts=hosts)
        _device(desk)
        said = desk.pam("desk-1", "ida", "auth")
        assert code_of(said) == "SUCCESS" and "Code: " in words_of(said), (hosts, said)


def check_tells_where_people_are_sent_and_whether_that_is_pinned(desk):
    def facts():
        done = subprocess.run(["frontdesk", "check", "acme", "--json"], capture_output=True, text=True, check=False)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def page():
        fact, = [fact for fact in facts() if fact.get("fact") == "page"]
        return fact["text"], fact.get("next")
    _connect(desk)
    text, following = page()
    assert "localhost (not pinned" in text and "`verification_hosts = localhost`" in following, (text, following)
    _connect(desk, verification_hosts="issuer")
    assert page() == ("people are sent to localhost (pinned by verification_hosts)", None)
    _connect(desk, verification_hosts="device.acme.com")
    wrong, = [fact for fact in facts() if fact.get("fact") == "client"]
    assert "verification_host: localhost" in wrong["text"] and "verification_hosts" in wrong["next"], wrong
    _connect(desk)


# How long it leads there

def _ends_by_itself(desk, service, said_so, **device):
    """Nobody approves in time; somebody does afterwards. The provider is not asked again, and nothing comes of it."""
    desk.scene.script("acme", approve="manual", decision=None)
    _device(desk, **device)
    desk.scene.person("acme", "late")
    before = desk.members()
    mark = desk.log.mark()
    said = desk.pam(service, "late", "auth")
    assert code_of(said) == "AUTH_ERR", said
    assert [line["seconds"] for line in said if "seconds" in line][0] < LATE_S, said
    assert desk.log.wait(mark, f"reason={said_so}"), desk.log.since(mark)
    asked = _asked(desk, "token")
    desk.scene.script("acme", decision="approve")
    assert stage.eventually(lambda: not desk.sign_ins())
    assert (_asked(desk, "token"), desk.members()) == (asked, before) and not desk.is_user("late")
    desk.scene.script("acme", approve=None, decision=None)
    _device(desk)
    desk.scene.person("acme", "ida")


def a_code_lives_no_longer_than_the_service_lets_it(desk):
    _ends_by_itself(desk, "quick-desk", "code_expired", expires_in=600)


def nor_than_the_providers_word_or_the_timeout_when_those_are_shorter(desk):
    _ends_by_itself(desk, "desk-1", "code_expired", expires_in=2)
    _ends_by_itself(desk, "short-desk", "timeout", expires_in=600)


def an_approval_within_its_life_lets_in(desk):
    assert code_of(desk.pam("calm-desk", "ida", "auth")) == "SUCCESS"


def over_ssh_a_code_that_has_ended_lets_nobody_in_by_enter(desk):
    write("/etc/frontdesk/frontdesk.conf", MAIN.replace("[service sshd]", "[service sshd]\ncode_lifetime = 2"))
    desk.start_sshd()
    desk.scene.script("acme", approve="manual", decision=None)
    mark = desk.log.mark()
    with desk.ssh("ida", "echo entered") as ssh:
        ssh.expect("Press Enter")
        assert stage.eventually(lambda: not desk.sign_ins())
        asked = _asked(desk, "token")
        desk.scene.script("acme", decision="approve")
        ssh.type()
        assert ssh.end() != 0 and "entered" not in ssh.text, ssh.text
        assert "has expired" in ssh.text, ssh.text
    assert desk.log.wait(mark, "reason=code_expired") and _asked(desk, "token") == asked
    desk.scene.script("acme", approve=None, decision=None)
    desk.stop("sshd")
    write("/etc/frontdesk/frontdesk.conf", MAIN)


# What it says

def _at_once(calls):
    """What each of these said; each waits for its poll."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda call: call(), calls))


def _title(said):
    line, = [line for line in words_of(said).splitlines() if " on desk (" in line]
    assert WARNING in words_of(said), said
    return line


def everywhere_it_names_machine_service_user_and_remote_host(desk):
    cases = [(service, tty, rhost) for service, tty in (("login", "tty1"), ("su", "pts/3"), ("sudo", "/dev/pts/3"),
                                                        ("gdm-password", ":0"), ("desk-1", ""))
             for rhost in ("", "203.0.113.9")]
    said = _at_once([lambda case=case: desk.pam(case[0], "ida", f"tty={case[1]}", f"rhost={case[2]}", "auth")
                     for case in cases])
    for (service, _, rhost), words in zip(cases, said):
        assert _title(words).endswith(f": ida on desk ({service})" + (f", from {rhost}" if rhost else "")), words


def who_comes_from_elsewhere_is_a_stranger_to_it_whatever_elsewhere_is_called(desk):
    """First sign-ins from afar are refused here: however local a host looks that the service names, it is afar."""
    for service, hosts in (("login", ("::1", "127.0.0.1", "localhost", "203.0.113.9")),
                           ("gdm-password", ("::ffff:127.0.0.1", "desk", ":0", "0.0.0.0"))):
        for number, rhost in enumerate(hosts):
            desk.scene.person("acme", f"far{number}")
            said = desk.pam(service, f"far{number}", f"rhost={rhost}", "auth")
            assert code_of(said) not in (None, "SUCCESS") and not desk.is_user(f"far{number}"), (rhost, said)
        near = f"near-{service[:3]}"
        desk.scene.person("acme", near)
        assert code_of(desk.pam(service, near, "rhost=", "auth")) == "SUCCESS" and desk.is_user(near)
    desk.scene.person("acme", "ida")


def where_the_page_fills_in_the_code_it_says_to_compare(desk):
    said = words_of(desk.pam("desk-1", "ida", "auth"))
    assert "Check that the code matches." in said and re.search(r"Code: \S+", said), said
    _device(desk, verification_uri_complete=None)
    assert "matches" not in words_of(desk.pam("desk-1", "ida", "auth"))
    _device(desk)


def a_hostile_name_or_host_stays_one_short_harmless_word_of_it(desk):
    cases = [items for hostile in ("x\x1b[2J\x1b]52;c;aGk=\x07", "x\u202egnp.exe", "x\u009b31m",
                                   "x\ny: root on bank (login)", "x on bank (login), from 10.0.0.1",
                                   "%n%s%n", "y" * 250)
             for items in ([hostile], ["ida", f"rhost={hostile}"], ["ida", "rhost=192.0.2.1", f"tty={hostile}"])]
    for said in _at_once([lambda items=items: desk.pam("desk-1", *items, "auth") for items in cases]):
        titles = [line for line in words_of(said).splitlines() if " on desk (" in line]
        assert len(titles) == 1 and len(titles[0]) < 200, said
        assert re.fullmatch(r"[ -~]+: \S+ on desk \(desk-1\)(, from \S+)?", titles[0]), titles
        assert all(0x20 <= ord(c) <= 0x7e or c in "\n█▀▄" for c in words_of(said)), said


# A key first, then the phone

def _of_the_page(pattern):
    """Lines that the page about ssh tells to write, as they stand there."""
    found, = re.findall(pattern, read(PAGE), re.DOTALL)
    return re.sub(r"(?m)^ +", "", found)


def _tries(desk, user, *options):
    """A try over ssh that must fail before any code is shown; nothing goes to the provider."""
    asked = _asked(desk, "device")
    with desk.ssh(user, "echo entered", options=options) as ssh:
        assert ssh.end() != 0
        assert "entered" not in ssh.text and "Code:" not in ssh.text, ssh.text
        said = ssh.text
    assert _asked(desk, "device") == asked
    return said


def with_the_recipe_nobody_without_the_key_causes_a_request(desk):
    lines = _of_the_page(r"(\[service sshd\]\n.*?)```")
    assert "requires_key = yes" in lines and "code_lifetime = " in lines, lines
    write("/etc/frontdesk/frontdesk.conf", MAIN.replace("[service sshd]", lines))
    _connect(desk, verification_hosts=_of_the_page(r"\n *verification_hosts = (\w+)\n"))
    desk.start_sshd(_of_the_page(r"<<'END'\n(.*?\n) *END\n"))
    _tries(desk, "ida")
    _tries(desk, "ida", "-o", "PreferredAuthentications=keyboard-interactive")
    _tries(desk, "ida", "-i", f"{SCRATCH}/eva_key")
    _tries(desk, "stranger", "-i", f"{SCRATCH}/eva_key")


def the_key_alone_does_not_let_in(desk):
    _tries(desk, "ida", "-i", f"{SCRATCH}/ida_key", "-o", "PreferredAuthentications=publickey")
    desk.scene.script("acme", decision="deny", approve="manual")
    with desk.ssh("ida", "echo entered", options=("-i", f"{SCRATCH}/ida_key")) as ssh:
        ssh.expect("Press Enter")
        ssh.type()
        assert ssh.end() != 0 and "entered" not in ssh.text
    desk.scene.script("acme", decision=None, approve=None)


def both_do_and_the_message_says_from_where(desk):
    with desk.ssh("ida", options=("-i", f"{SCRATCH}/ida_key")) as ssh:
        ssh.expect(r": ida on desk \(sshd\), from 127\.0\.0\.1\n")
        ssh.expect("Press Enter")
        ssh.type()
        ssh.expect(r"\$ ")
        assert ssh.run("id -un") == "ida"
    desk.stop("sshd")


def a_client_cannot_say_by_its_environment_that_there_was_a_key(desk):
    """An sshd that takes every variable and asks for no key by itself: requires_key alone stands."""
    desk.start_sshd("AcceptEnv *\nPermitUserEnvironment yes\n")
    write("/home/ida/.ssh/environment", f"SSH_AUTH_INFO_0={FORGED}\n", 0o600, "ida", "ida")
    os.environ["SSH_AUTH_INFO_0"] = FORGED
    for more in (["-o", "SendEnv=SSH_AUTH_INFO_0"], ["-o", f"SetEnv=SSH_AUTH_INFO_0='{FORGED}'"]):
        said = _tries(desk, "ida", "-o", "PreferredAuthentications=keyboard-interactive", *more)
        assert "asks for your ssh key first" in said, said
    del os.environ["SSH_AUTH_INFO_0"]
    desk.stop("sshd")


def from_a_network_that_sshd_does_not_name_nobody_causes_a_request(desk):
    lines = _of_the_page(r"```\n(Match Address .*?)```")
    desk.start_sshd(lines)
    _tries(desk, "ida")
    _tries(desk, "ida", "-o", "PreferredAuthentications=keyboard-interactive")
    desk.stop("sshd")
    desk.start_sshd(lines.replace("192.0.2.0/24", "127.0.0.0/8"))
    write("/etc/frontdesk/frontdesk.conf", MAIN)  # without requires_key
    with desk.ssh("ida") as ssh:
        ssh.expect("Press Enter")
        ssh.type()
        ssh.expect(r"\$ ")
    desk.stop("sshd")


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
