# SPDX-License-Identifier: BSD-2-Clause
"""The profile for pam-auth-update, enabled by the real one in an /etc of our own, with the system's own pam_unix."""
import contextlib
import crypt
import glob
import os
import shutil
import subprocess

from liar import (AUTH_ERR, AUTHINFO_UNAVAIL, DENY, IGNORED, SESSION_ERR, SUCCESS, UNAVAIL, hello, offer, show,
                  verdict)

PROFILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../packaging/pam-configs/frontdesk")
SERVICE = "@include common-auth\n@include common-account\n@include common-session\n"
OURS = "auth\t[success=2 ignore=ignore authinfo_unavail=ignore default=die]\tpam_frontdesk.so password_login=allowed"
PASSWORD = "open sesame"
ECHO_OFF, ECHO_ON, INFO = 1, 2, 4


def _mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def _copy_over(bench, path):
    """The folder, as it is, but ours to change until it is unmounted."""
    copy = os.path.join(bench.folder, "machine" + path)
    subprocess.run(["mkdir", "-p", os.path.dirname(copy)], check=True)
    subprocess.run(["cp", "-a", path, copy], check=True)
    _mount("--bind", copy, path)


def _give_password(user, homes):
    with open("/etc/passwd", encoding="ascii") as file:
        lines = [line.replace("/nowhere", f"{homes}/{line.split(':')[0]}") for line in file]
    crypted = crypt.crypt(PASSWORD, crypt.mksalt(crypt.METHOD_SHA512, rounds=1000))
    with open("/etc/passwd", "w", encoding="ascii") as file:
        file.writelines(line.replace(f"{user}:*:", f"{user}:{crypted}:") for line in lines)


def _update(*arguments):
    subprocess.run(["pam-auth-update", *arguments], check=True, capture_output=True,
                   env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"))


@contextlib.contextmanager
def _machine(bench):
    """Debian's own stacks, with our module and profile installed but not enabled."""
    modules = os.path.dirname(glob.glob("/usr/lib/*/security/pam_unix.so")[0])
    folders = ["/etc", "/var/lib/pam", "/var/cache/debconf", "/usr/share/pam-configs", modules]
    default, bench.path = bench.path, "/run/frontdesk/helper.sock"
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, os.path.join(bench.folder, "machine"))
        stack.callback(setattr, bench, "path", default)
        for folder in folders:
            _copy_over(bench, folder)
            stack.callback(subprocess.run, ["umount", folder], check=True)
        homes = os.path.join(bench.folder, "homes")
        os.makedirs(homes)
        stack.callback(shutil.rmtree, homes)
        _give_password("maria", homes)
        os.makedirs("/run/frontdesk", exist_ok=True)
        shutil.copy(bench.module, modules)
        shutil.copy(PROFILE, "/usr/share/pam-configs/frontdesk")
        with open("/etc/pam.d/desk", "w", encoding="ascii") as file:
            file.write(SERVICE)
        yield homes


@contextlib.contextmanager
def _enabled(bench):
    with _machine(bench) as homes:
        _update("--enable", "frontdesk")
        yield homes


def _stacks():
    texts = {}
    for path in glob.glob("/etc/pam.d/common-*"):
        with open(path, encoding="utf-8") as file:
            texts[path] = file.read()
    return texts


def _modules_of(stack):
    return [line for line in _stacks()["/etc/pam.d/" + stack].splitlines() if line and line[0] not in "#@"]


def _call(bench, user, *phases, script=None, typed=()):
    command = [*bench.host()[:-2], "-d", "/etc/pam.d", "-s", "desk", *(["-u", user] if user else [])]
    for answer in typed:
        command += ["-a", answer]
    command += phases
    if script is None:
        return bench.run(command, others_change=["action_flags"])  # pam_mkhomedir's, of SIGCHLD
    with bench.listening():
        scripts = script if isinstance(script, list) else [script]
        return bench.run(command, scripts, others_change=["action_flags"])


def it_stands_first_once_it_is_enabled_and_goes_without_a_trace(bench):
    with _machine(bench):
        before = _stacks()
        _update("--package")
        assert "pam_frontdesk" not in str(_stacks()), "it is not enabled by itself"
        _update("--enable", "frontdesk")
        assert _modules_of("common-auth")[0] == OURS, _modules_of("common-auth")
        assert "pam_unix.so" in _modules_of("common-auth")[1] and "try_first_pass" in _modules_of("common-auth")[1]
        for stack in ("common-account", "common-session"):
            assert sum("pam_frontdesk.so" in line for line in _modules_of(stack)) == 1, stack
        for stack in ("common-password", "common-session-noninteractive"):
            assert _stacks()["/etc/pam.d/" + stack] == before["/etc/pam.d/" + stack], stack
        _update("--disable", "frontdesk")
        assert _stacks() == before


def local_users_enter_by_their_password_whatever_the_helper_does(bench):
    with _enabled(bench):
        for typed, code in ((PASSWORD, SUCCESS), ("wrong", AUTH_ERR)):
            result = _call(bench, "maria", "auth", typed=[typed])
            assert (result.code, len(result.messages)) == (code, 1), result.logs
        assert _call(bench, "maria", "auth", "setcred", "account", "open", "close", typed=[PASSWORD]).codes == [SUCCESS] * 5


def a_password_typed_at_the_offer_is_not_asked_for_twice(bench):
    with _enabled(bench):
        for typed, code in ((PASSWORD, SUCCESS), ("wrong", AUTH_ERR)):
            result = _call(bench, None, "auth", script=(hello(), offer("Password or Enter: "), verdict(IGNORED)),
                           typed=[typed, "maria"])
            assert [style for style, _ in result.messages] == [ECHO_OFF, ECHO_ON], result.messages
            assert (result.code, result.user) == (code, "maria")


def after_an_empty_answer_the_password_is_asked_for_anew(bench):
    with _enabled(bench):
        for kind in (IGNORED, UNAVAIL):
            result = _call(bench, None, "auth", script=(hello(), offer(), show(), verdict(kind)),
                           typed=["", "maria", PASSWORD])
            assert (result.code, [style for style, _ in result.messages]) == (SUCCESS, [ECHO_OFF, INFO, ECHO_ON, ECHO_OFF])


def a_member_enters_by_a_verdict_alone(bench):
    with _enabled(bench) as homes:
        result = _call(bench, "alice", "auth", "setcred", "account", "open", "close",
                       script=[(hello(), verdict())] * 4)
        assert result.codes == [SUCCESS] * 5, result.logs
        assert [style for style, _ in result.messages] == [INFO], "of pam_mkhomedir: nothing was asked"
        assert os.stat(os.path.join(homes, "alice")).st_mode & 0o7777 == 0o700, "the home was made"
        refused = _call(bench, "alice", "auth", script=(hello(), verdict(DENY)), typed=[PASSWORD])
        assert (refused.code, refused.messages) == (AUTH_ERR, []), "no password is asked for after a refusal"


def a_member_without_a_helper_is_shut_out_with_any_password_or_key(bench):
    with _enabled(bench):
        for typed in ("", PASSWORD, "*"):
            assert _call(bench, "alice", "auth", typed=[typed]).code == AUTH_ERR
        assert _call(bench, "alice", "account").code == AUTHINFO_UNAVAIL
        assert _call(bench, "alice", "open").code == SESSION_ERR
