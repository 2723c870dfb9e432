# SPDX-License-Identifier: BSD-2-Clause
"""With the state folder full or read-only nobody becomes half a member."""
import os
import sys

import desk as stage
from room import mount, pam_stack, sh

STATE = "/var/lib/frontdesk"


def _prepare(desk):
    mount("-t", "tmpfs", "-o", "size=512k,mode=711,uid=980,gid=980", "tmpfs", STATE)
    sh(f"install -d -m 755 -o frontdesk -g frontdesk {STATE}/nss")
    stage.everything(desk)
    pam_stack("closed-door", "denied")
    desk.configure(corp=stage.CORP.replace("services = ", "services = closed-door "))
    with desk.sign_in_on_console("alice") as console:
        console.type("exit")
        console.end()
    desk.before = desk.members()


def _refused(desk, name):
    """A stranger's sign-in, approved: unavailable, and nothing written."""
    mark = desk.log.mark()
    with desk.login(name) as console:
        desk.approve(console.code(), name)
        console.expect("could not be recorded on this machine")
    assert stage.eventually(lambda: desk.log.since(mark, "store_failed") or desk.log.since(mark, "publish_failed")), \
        desk.log.since(mark)
    assert desk.log.wait(mark, "unavailable"), desk.log.since(mark)
    assert not desk.is_user(name)
    assert not os.path.exists(f"/home/{name}")


def with_the_folder_full_a_stranger_is_refused_and_nothing_is_written(desk):
    sh(f"dd if=/dev/zero of={STATE}/filler bs=4096 2>/dev/null || true")
    _refused(desk, "bob")
    assert desk.members() == desk.before


def the_old_index_still_answers_while_the_folder_is_full(desk):
    assert desk.is_user("alice")


def with_room_again_the_stranger_becomes_a_member(desk):
    os.unlink(f"{STATE}/filler")
    with desk.sign_in_on_console("bob") as console:
        assert console.run("id -un") == "bob"


def with_the_folder_read_only_a_stranger_is_refused(desk):
    desk.stop("keeper")
    sh(f"mount -o remount,ro {STATE}")
    desk.start_keeper()
    _refused(desk, "carol")


def with_the_folder_read_only_the_members_are_still_known(desk):
    assert desk.is_user("alice") and desk.is_user("bob")


def writable_again_it_goes_on(desk):
    desk.stop("keeper")
    sh(f"mount -o remount,rw {STATE}")
    desk.start_keeper()
    with desk.sign_in_on_console("carol") as console:
        assert console.run("id -un") == "carol"


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
