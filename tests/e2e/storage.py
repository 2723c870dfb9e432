# SPDX-License-Identifier: BSD-2-Clause
"""With the state folder full or read-only nobody becomes half a member; what is in it is private whatever the umask."""
import os
import stat
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


def _modes(folder):
    """What of each file and folder below others than its owner may do."""
    found = {}
    for place, _, names in os.walk(folder):
        for path in [place, *(os.path.join(place, name) for name in names)]:
            found[path] = stat.S_IMODE(os.lstat(path).st_mode) & 0o077
    return found


def started_with_no_umask_at_all_nobody_else_gets_to_see_or_change_more(desk):
    desk.stop("keeper")
    before = os.umask(0)
    desk.start_keeper()
    os.umask(before)
    with desk.sign_in_on_console("dave") as console:
        assert console.run("id -un") == "dave"
    public = {STATE: 0o011, f"{STATE}/nss": 0o055, f"{STATE}/nss/members": 0o044}
    modes = _modes(STATE)
    assert f"{STATE}/members.db" in modes and set(public) <= set(modes), modes
    assert {path: mode for path, mode in modes.items() if mode & ~public.get(path, 0)} == {}, modes
    logs = _modes("/var/log/frontdesk")
    assert len(logs) > 1 and not [path for path, mode in logs.items() if mode & 0o027], logs


def a_link_in_the_indexs_place_is_replaced_and_not_written_through(desk):
    target = "/etc/frontdesk/target"
    for name in ("alice", "carol"):
        with open(target, "w", encoding="ascii") as file:
            file.write("untouched")
        os.chmod(target, 0o666)
        os.unlink(f"{STATE}/nss/members")
        os.symlink(target, f"{STATE}/nss/members")
        with desk.sign_in_on_console(name) as console:
            assert console.run("id -un") == name
        assert stat.S_ISREG(os.lstat(f"{STATE}/nss/members").st_mode)
        with open(target, encoding="ascii") as file:
            assert file.read() == "untouched"
    os.unlink(target)


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
