# SPDX-License-Identifier: BSD-2-Clause
"""A configuration that is not whole lets nobody in, says why in the log, and counts again the moment it is mended."""
import os
import sys

import desk as stage
from room import pam_stack, sh, write

CORP = "/etc/frontdesk/connections.d/corp.conf"
MAIN = "/etc/frontdesk/frontdesk.conf"


def _prepare(desk):
    stage.everything(desk)
    pam_stack("closed-door", "denied")
    desk.configure(corp=stage.CORP.replace("services = ", "services = closed-door "))
    desk.keep = stage.read(CORP)


def _is_unavailable(desk, reason):
    """The table's code, one sentence for the person, a log line with the reason, and nobody new."""
    mark = desk.log.mark()
    said = desk.pam("closed-door", "alice", "auth")
    assert {"phase": "auth", "code": "AUTHINFO_UNAVAIL"} in said, said
    sentences = [entry["text"] for entry in said if "style" in entry]
    assert len(sentences) == 1 and "\n" not in sentences[0].strip(), said
    assert desk.log.wait(mark, reason), desk.log.since(mark)
    assert not desk.is_user("alice")


def _mend(desk):
    desk.configure(corp=desk.keep)


def _broken_connection(desk, text, reason="connection_broken"):
    write(CORP, text)
    try:
        _is_unavailable(desk, reason)
    finally:
        _mend(desk)


def no_configuration_at_all_lets_nobody_in(desk):
    sh(f"rm {MAIN} {CORP}")
    _is_unavailable(desk, "config_broken")
    _mend(desk)


def no_configuration_folder_lets_nobody_in(desk):
    sh("mv /etc/frontdesk /etc/frontdesk.away")
    _is_unavailable(desk, "config_broken")
    sh("mv /etc/frontdesk.away /etc/frontdesk")


def an_unknown_key_in_the_main_file_lets_nobody_in(desk):
    write(MAIN, "[limits]\nsign_inz = 3\n")
    _is_unavailable(desk, "config_broken")
    assert desk.log.wait(0, "frontdesk.conf:2"), "the log does not say where"
    _mend(desk)


def an_unknown_key_breaks_the_connection(desk):
    _broken_connection(desk, desk.keep + "alow_all = yes\n")
    assert desk.log.wait(0, "allow_all"), "the log does not name the nearest known key"


def a_repeated_key_breaks_the_connection(desk):
    _broken_connection(desk, desk.keep + "allow_all = no\n")


def a_missing_issuer_breaks_the_connection(desk):
    _broken_connection(desk, "\n".join(line for line in desk.keep.splitlines() if not line.startswith("issuer")) + "\n")


def a_symlink_in_the_place_of_a_connection_breaks_it(desk):
    sh(f"mv {CORP} /etc/frontdesk/elsewhere && ln -s /etc/frontdesk/elsewhere {CORP}")
    _is_unavailable(desk, "connection_broken")
    os.unlink(CORP)
    _mend(desk)


def a_connection_that_others_may_write_is_broken(desk):
    os.chmod(CORP, 0o666)
    _is_unavailable(desk, "connection_broken")
    _mend(desk)


def a_secret_that_everybody_may_read_is_not_used(desk):
    os.chmod("/etc/frontdesk/corp.secret", 0o644)
    _is_unavailable(desk, "secret_unreadable")
    _mend(desk)


def a_symlink_in_the_place_of_the_secret_is_not_followed(desk):
    sh("cd /etc/frontdesk && mv corp.secret other.secret && ln -s other.secret corp.secret")
    _is_unavailable(desk, "secret_unreadable")
    sh("rm /etc/frontdesk/corp.secret")
    _mend(desk)


def a_missing_secret_is_said(desk):
    os.unlink("/etc/frontdesk/corp.secret")
    _is_unavailable(desk, "secret_unreadable")
    _mend(desk)


def nobody_enters_by_a_connection_without_a_rule_who_may(desk):
    write(CORP, desk.keep.replace("allow_all = yes\n", ""))
    with desk.login("alice") as console:
        desk.approve(console.code(), "alice")
        console.expect("(?i)incorrect|denied|not allowed")
    assert not desk.is_user("alice")
    _mend(desk)


def without_create_users_a_stranger_becomes_nobody(desk):
    write(CORP, desk.keep.replace("create_users = yes", "create_users = no"))
    with desk.login("alice") as console:
        desk.approve(console.code(), "alice")
        console.expect("(?i)incorrect|denied|desk")
    assert not desk.is_user("alice")
    _mend(desk)


def the_mended_configuration_counts_without_a_restart(desk):
    with desk.sign_in_on_console("alice") as console:
        assert console.run("id -un") == "alice"


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
