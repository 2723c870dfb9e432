# SPDX-License-Identifier: BSD-2-Clause
"""Groups at the identity provider become local groups where root says so, and for as long as they are had there."""
import json
import os
import sys

import desk as stage
from room import sh, write
from scene import Scene, codes_of

ALL = ("auth", "account", "session")
ALLOWED = "/etc/frontdesk/local-groups"
LOCAL = {"artists": 3001, "printers": 3002, "keyholders": 3003, "lowbar": 444}
SERVICES = "groups-desk login sshd su"
MAP = ["g-art : artists", "g-print : printers", "g-key : keyholders", "g-low : lowbar", "Team: A, B : printers",
       "g-root : root", "g-ghost : no-such-group"]


def _prepare(desk):
    scene = Scene(desk)
    with open("/etc/group", "a", encoding="utf-8") as file:
        file.writelines(f"{name}:x:{number}:\n" for name, number in LOCAL.items())
    for service in SERVICES.split():
        stage.pam_stack(service, "denied")
    scene.connect("acme", services=SERVICES, group_map=MAP)
    _let("artists", "printers")
    desk.start_services()
    desk.start_sshd()


def _let(*names):
    write(ALLOWED, "".join(f"{name}\n" for name in names))


def _sign_in(desk, user, *groups):
    desk.scene.person("acme", user, groups=list(groups))
    said = desk.pam("groups-desk", user, *ALL)
    assert codes_of(said) == ["SUCCESS"] * 4, said


def _local_groups(user):
    """By name and number, beside the private one."""
    names, numbers = sh(f"id -Gn {user}").split(), sh(f"id -G {user}").split()
    return {name: int(number) for name, number in zip(names, numbers) if name != user}


def _of(*names):
    return {name: LOCAL[name] for name in names}


def a_mapped_group_that_root_names_is_had_with_its_local_number(desk):
    _sign_in(desk, "gus", "g-art", "unknown-group")
    assert _local_groups("gus") == _of("artists")
    assert json.loads(desk.cli("members", "show", "gus", "--json"))["groups"] == ["artists"]


def a_group_whose_name_holds_colons_and_commas_is_mapped(desk):
    _sign_in(desk, "gus", "Team: A, B")
    assert _local_groups("gus") == _of("printers")


def a_session_over_ssh_on_a_console_and_by_su_has_them(desk):
    desk.scene.person("acme", "gus", groups=["g-art", "g-print"])
    for enter in (desk.scene.on_console, desk.scene.over_ssh):
        with enter("gus") as terminal:
            assert terminal.run("id -Gn").split() == ["gus", "artists", "printers"]
            assert terminal.run("id -G").split()[1:] == ["3001", "3002"]
    with desk.scene.on_console("gus") as terminal:
        terminal.type("su gus -c 'echo now: $(id -Gn)'")
        terminal.expect("now: gus artists printers")


def a_group_lost_at_the_provider_is_gone_at_the_next_sign_in(desk):
    _sign_in(desk, "gus", "g-art", "g-print")
    assert _local_groups("gus") == _of("artists", "printers")
    _sign_in(desk, "gus", "g-print")
    assert _local_groups("gus") == _of("printers")
    desk.scene.person("acme", "gus")  # nothing is said of groups at all
    assert codes_of(desk.pam("groups-desk", "gus", *ALL)) == ["SUCCESS"] * 4
    assert _local_groups("gus") == {}


def a_session_that_began_without_a_group_has_lost_it(desk):
    _sign_in(desk, "gus", "g-art")
    desk.scene.person("acme", "gus", groups=[])
    with desk.scene.over_ssh("gus") as ssh:
        assert ssh.run("id -Gn") == "gus"


def a_group_that_root_does_not_name_is_not_had(desk):
    _sign_in(desk, "gus", "g-art", "g-key")
    assert _local_groups("gus") == _of("artists")
    _let("artists", "keyholders")  # counts at once
    assert _local_groups("gus") == _of("artists", "keyholders")
    _let("artists", "printers")


def a_low_group_needs_its_exclamation_mark(desk):
    _sign_in(desk, "gus", "g-low")
    _let("lowbar")
    assert _local_groups("gus") == {}
    _let("lowbar!")
    assert _local_groups("gus") == _of("lowbar")


def the_group_root_is_nobodys_whatever_is_written(desk):
    _let("root!", "artists")
    _sign_in(desk, "gus", "g-root", "g-art")
    assert _local_groups("gus") == _of("artists")


def a_group_that_this_machine_does_not_have_is_not_had(desk):
    _let("no-such-group", "artists")
    _sign_in(desk, "gus", "g-ghost", "g-art")
    assert _local_groups("gus") == _of("artists")


def without_roots_list_or_with_one_that_others_may_write_there_are_none(desk):
    _let("artists")
    _sign_in(desk, "gus", "g-art")
    assert _local_groups("gus") == _of("artists")
    os.chmod(ALLOWED, 0o666)
    assert _local_groups("gus") == {}
    os.unlink(ALLOWED)
    assert _local_groups("gus") == {}


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
