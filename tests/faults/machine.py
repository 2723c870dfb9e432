# SPDX-License-Identifier: BSD-2-Clause
"""Through PAM: a store that is spoiled and restored, an index that is, a log folder that is full, and accounts that root
adds later. Whoever is refused reads why, the log and `frontdesk check` say it, and mending it is enough."""
import json
import os
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import desk as stage  # noqa: E402
from room import SCRATCH, mount, sh, write  # noqa: E402
from scene import Scene, audit, code_of, codes_of, words_of  # noqa: E402

STORE, INDEX, LOGS = "/var/lib/frontdesk/members.db", "/var/lib/frontdesk/nss/members", "/var/log/frontdesk"
BACKUP = f"{SCRATCH}/members.backup"


def _prepare(desk):
    Scene(desk)
    stage.pam_stack("faults-desk", "denied")
    desk.scene.connect("acme", services="faults-desk")
    mount("-t", "tmpfs", "-o", "size=512k,mode=2750,uid=980,gid=4", "tmpfs", LOGS)
    desk.start_services()
    desk.scene.person("acme", "mary")
    assert codes_of(_whole(desk)) == ["SUCCESS"] * 4
    desk.cli("members", "backup", BACKUP)


def _whole(desk, user="mary"):
    return desk.pam("faults-desk", user, "auth", "account", "session")


def _bytes(path):
    with open(path, "rb") as file:
        return file.read()


def _put(path, data):
    """In place, as a disk would: no other file takes the name."""
    with open(path, "r+b") as file:
        file.truncate(0)
        file.write(data)


def _facts(desk, name):
    """What `frontdesk check` finds wrong of this kind."""
    lines = [json.loads(line) for line in desk.cli("check", "--json", check=False).splitlines()]
    return [f"{line['text']} -> {line['next']}" for line in lines if line["fact"] == name and line["state"] == "wrong"]


def _is_refused(desk, words, reason, code="AUTHINFO_UNAVAIL", phases=("auth", "account")):
    """Both phases are, before any request, and the log says why; what was logged."""
    mark, before = desk.log.mark(), desk.scene.requests("acme")
    for phase in phases:
        said = desk.pam("faults-desk", "mary", phase)
        assert code_of(said, phase) == (code[phase] if isinstance(code, dict) else code), said
        assert phase != "auth" or words in words_of(said), said
    logged = desk.log.wait(mark, f'"reason":"{reason}"')
    assert logged, desk.log.since(mark)
    return desk.scene.requests("acme")[len(before):], "\n".join(logged)


def _spoiled(data, what=b"mary@acme.com"):
    """With a bit flipped in each place where `what` stands."""
    assert what in data
    return data.replace(what, bytes([what[0] ^ 1]) + what[1:])


def a_damaged_store_refuses_everybody_before_they_take_out_a_phone(desk):
    desk.good, index = _bytes(STORE), _bytes(INDEX)
    for damaged in (desk.good[:4096], b"\0" * len(desk.good), b"garbage" * 999, b""):
        _put(STORE, damaged)
        asked, logged = _is_refused(desk, "list of members is damaged", "store_corrupt")
        assert not asked and "detail" in logged, (asked, logged)
        assert _bytes(STORE) == damaged and _bytes(INDEX) == index
        assert desk.is_user("mary")
        facts = _facts(desk, "store")
        assert len(facts) == 1 and "frontdesk members restore FILE" in facts[0], facts


def a_keeper_that_starts_with_it_says_so_and_waits(desk):
    desk.stop("keeper")
    _put(STORE, _spoiled(desk.good))
    mark = desk.log.mark()
    desk.start_keeper()
    assert desk.log.wait(mark, "nobody can sign in"), desk.log.since(mark)
    _is_refused(desk, "list of members is damaged", "store_corrupt")


def a_damaged_backup_is_refused_and_the_right_one_needs_no_restart(desk):
    damaged = f"{SCRATCH}/damaged"
    with open(damaged, "wb") as file:
        file.write(_spoiled(_bytes(BACKUP)))
    said = subprocess.run(["frontdesk", "members", "restore", damaged], capture_output=True, text=True, check=False)
    assert said.returncode == 1 and "nothing was restored" in said.stderr, said
    desk.cli("members", "restore", BACKUP)
    assert codes_of(_whole(desk)) == ["SUCCESS"] * 4
    assert not _facts(desk, "store") and os.stat(STORE).st_mode & 0o777 == 0o600
    told = [record for record in audit() if record["event"] == "members_restore"]
    assert [record["reason"] for record in told] == ["ok"], told


def a_restoration_over_a_working_store_counts_at_once(desk):
    desk.cli("members", "disable", "mary")
    assert code_of(desk.pam("faults-desk", "mary", "account"), "account") == "PERM_DENIED"
    desk.cli("members", "restore", BACKUP)
    assert codes_of(_whole(desk)) == ["SUCCESS"] * 4


def a_backup_is_its_makers_alone_and_replaces_nothing_unasked(desk):
    assert os.stat(BACKUP).st_mode & 0o777 == 0o600 and os.stat(BACKUP).st_uid == 0
    before = _bytes(BACKUP)
    said = subprocess.run(["frontdesk", "members", "backup", BACKUP], capture_output=True, text=True, check=False)
    assert said.returncode != 0 and "--force" in said.stderr and _bytes(BACKUP) == before, said
    said = json.loads(desk.cli("members", "backup", BACKUP, "--force", "--json"))
    assert said["members"] == 1 and said["bytes"] == os.stat(BACKUP).st_size, said


def an_index_that_is_gone_or_garbage_is_nobodys_answer_and_is_made_again(desk):
    good = _bytes(INDEX)
    for damaged in (None, b"", good[:40], b"\0" * len(good), b"garbage" * 99, good[:-1], good + b"x"):
        if damaged is None:
            os.unlink(INDEX)
        else:
            _put(INDEX, damaged)
        asked = subprocess.run(["getent", "passwd", "mary"], capture_output=True, text=True, check=False)
        assert asked.returncode == 2 and not asked.stdout, (damaged, asked)
        assert code_of(desk.pam("faults-desk", "mary", "auth")) == "SUCCESS", damaged
        assert desk.is_user("mary") and codes_of(_whole(desk)) == ["SUCCESS"] * 4


def a_starting_keeper_makes_the_index_again(desk):
    os.unlink(INDEX)
    desk.stop("keeper")
    desk.start_keeper()
    assert stage.eventually(lambda: desk.is_user("mary"))  # it listens a moment before


def _with_line(desk, path, line, judge):
    before = _bytes(path)
    _put(path, before + line.encode())
    try:
        judge(desk)
    finally:
        _put(path, before)
    assert codes_of(_whole(desk)) == ["SUCCESS"] * 4


def _is_shut_out(desk):
    _, logged = _is_refused(desk, "belongs to somebody else", "name_taken", {"auth": "AUTH_ERR", "account": "PERM_DENIED"})
    assert "65536" in logged, logged
    facts = _facts(desk, "conflict")
    assert len(facts) == 1 and "mary" in facts[0] and "usermod" in facts[0], facts


def a_later_account_of_the_members_name_and_id_is_not_entered_by_the_member(desk):
    _with_line(desk, "/etc/passwd", "mary:x:65536:65536::/root:/bin/bash\n", _is_shut_out)


def a_later_account_of_the_members_id_shuts_it_out(desk):
    _with_line(desk, "/etc/passwd", "eve:x:65536:100::/root:/bin/bash\n", _is_shut_out)


def a_later_group_of_the_members_name_or_id_shuts_it_out(desk):
    for line in ("mary:x:4711:\n", "crew:x:65536:lena\n"):
        _with_line(desk, "/etc/group", line, _is_shut_out)


def a_later_account_of_the_members_name_is_a_local_account_and_no_approval_opens_it(desk):
    def judge(desk):
        said = desk.pam("faults-desk", "mary", "auth")
        assert code_of(said) == "USER_UNKNOWN" and not words_of(said), said
        said = desk.pam("faults-desk", "", "auth")  # named by the approval alone
        assert code_of(said) == "AUTH_ERR" and "belongs to somebody else" in words_of(said), said
        assert _facts(desk, "conflict")
    _with_line(desk, "/etc/passwd", "mary:x:1777:100::/root:/bin/bash\n", judge)


def a_later_user_or_group_of_a_directory_shuts_the_member_out(desk):
    """While the keeper runs; before our own source or behind it; with an id among the members'."""
    libraries = os.path.dirname(sh("find /usr/lib* -name libnss_frontdesk.so.2").split()[0])
    shutil.copy(os.path.join(os.environ["O"], "tests/faults/libnss_elsewhere.so.2"), libraries)
    mount("-t", "tmpfs", "tmpfs", "/mnt")
    before = _bytes("/etc/nsswitch.conf")
    cases = (("mary:x:65540:65540::/root:/bin/bash\n", "", "files frontdesk elsewhere"),
             ("eve:x:65536:100::/root:/bin/bash\n", "", "files elsewhere frontdesk"),
             ("", "mary:x:65540:\n", "files elsewhere frontdesk"))
    for users, groups, sources in cases:
        write("/mnt/passwd", users)
        write("/mnt/group", groups)
        write("/etc/nsswitch.conf", f"passwd: {sources}\ngroup: {sources}\nshadow: files\nhosts: files dns\n")
        _is_shut_out(desk)
        write("/mnt/passwd", "")
        write("/mnt/group", "")
        assert codes_of(_whole(desk)) == ["SUCCESS"] * 4
    _put("/etc/nsswitch.conf", before)


def a_directory_that_takes_its_time_does_not_lock_the_store(desk):
    before = _bytes("/etc/nsswitch.conf")
    os.unlink("/mnt/passwd")
    os.mkfifo("/mnt/passwd")
    write("/etc/nsswitch.conf", "passwd: files elsewhere\ngroup: files\nhosts: files dns\n")
    with subprocess.Popen(["frontdesk", "check", "--json"], stdout=subprocess.PIPE, text=True) as check:
        with stage.eventually(_is_being_read):
            store = sqlite3.connect(STORE, timeout=0, isolation_level=None)
            store.execute("BEGIN EXCLUSIVE")
            store.execute("ROLLBACK")
            store.close()
            os.unlink("/mnt/passwd")
            write("/mnt/passwd", "")
        said = [json.loads(line) for line in check.communicate(timeout=stage.PATIENCE_S)[0].splitlines()]
    assert [fact["state"] for fact in said if fact["fact"] == "store"] == ["good"], said
    assert not [fact for fact in said if fact["fact"] == "conflict"], said
    _put("/etc/nsswitch.conf", before)


def _is_being_read():
    try:
        return open(os.open("/mnt/passwd", os.O_WRONLY | os.O_NONBLOCK), "w", encoding="utf-8")
    except OSError:
        return None


def with_the_log_folder_full_nobody_enters_unrecorded(desk):
    os.unlink(f"{LOGS}/audit.jsonl")  # what its last page still holds is not written to
    sh(f"dd if=/dev/zero of={LOGS}/filler bs=4096 2>/dev/null || true")
    mark = desk.log.mark()
    said = desk.pam("faults-desk", "mary", "auth")
    assert code_of(said) == "AUTHINFO_UNAVAIL" and "could not be recorded" in words_of(said), said
    assert desk.log.wait(mark, "No space left on device"), desk.log.since(mark)
    assert desk.log.wait(mark, '"reason":"audit_failed"'), desk.log.since(mark)
    assert any(LOGS in fact and "make room" in fact for fact in _facts(desk, "disk")), _facts(desk, "disk")


def with_the_log_folder_full_nobody_becomes_a_member_unrecorded(desk):
    desk.scene.person("acme", "nina")
    said = desk.pam("faults-desk", "nina", "auth")
    assert code_of(said) == "AUTHINFO_UNAVAIL" and "could not be recorded" in words_of(said), said
    assert not desk.is_user("nina") and "nina" not in desk.cli("members", "list")
    desk.scene.person("acme", "mary")


def with_room_again_it_goes_on(desk):
    os.unlink(f"{LOGS}/filler")
    assert codes_of(_whole(desk)) == ["SUCCESS"] * 4


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules[__name__], _prepare))
