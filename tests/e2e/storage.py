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
    """A stranger's sign-in, approved; ends in AUTHINFO_UNAVAIL and writes nothing."""
    mark = desk.log.mark()
    with desk.login(name) as console:
        desk.approve(console.code(), name)
        console.expect("(?i)incorrect|denied|unavailable|failure|try")
    assert stage.eventually(lambda: desk.log.since(mark, "store_failed") or desk.log.since(mark, "publish_failed"), 5), \
        desk.log.since(mark)
    assert not desk.is_user(name)
    assert not os.path.exists(f"/home/{name}")
    return mark


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
    sh(f"mount -o remount,ro {STATE}")
    _refused(desk, "carol")
    sh(f"mount -o remount,rw {STATE}")


def writable_again_it_goes_on(desk):
    with desk.sign_in_on_console("carol") as console:
        assert console.run("id -un") == "carol"


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
