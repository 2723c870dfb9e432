# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk members ...` while one system call after the other fails or is its last: the store is as before or as
after, never between; what was told to be done is done; nothing is left over; names and ids stay whose they were."""
import os
import re
import sys

import injection
from store import SCRATCH, Store, set_up, tap

LIST = "name,email\r\n" + "".join(f"new{n},new{n}@acme.com\r\n" for n in range(3))
STEP = 29  # of the faults one in so many is tried, where not all are


def _template():
    store = Store()
    for name in ("ada", "ben", "cy"):
        store.must("members", "invite", name, "--email", f"{name}@acme.com")
    store.must("members", "backup", f"{store.folder}/backup")
    store.must("members", "remove", "cy")
    store.must("members", "invite", "dan", "--email", "dan@acme.com")
    with open(f"{store.folder}/list", "w", encoding="utf-8") as file:
        file.write(LIST)
    return store


def _heals(store, words, before, after, is_done):
    """The same again, where it was not done, comes to the same; the next change brings the index up to date."""
    if not is_done:
        store.must(*words)
        assert set(store.content()) == set(after), "another id, or none, was given at the second try"
    known = set(after)
    store.must("members", "invite", "zed", "--email", "zed@acme.com")
    given = set(store.content()) - known
    assert len(given) == 1 and not given & (set(before) | set(after)), f"{given} was somebody's"
    stored, published = store.generations()
    assert stored == published, f"store {stored}, index {published}"
    assert not store.left_over(), store.left_over()


def _judge(template, words_of, event, before, after):
    def judge(fault):
        store = Store(template)
        words, unused = words_of(store), store.files()
        try:
            done = store.run(*words, before=injection.injected(*fault, []))
            if store.files() == unused:
                assert done.returncode != 0, "told as done, and nothing was"
                return None  # what becomes of it is what became of the template
            now = store.content()
            assert now in (before, after), f"neither as before nor as after: {now}"
            if done.returncode == 0:
                stored, published = store.generations()
                assert now == after and stored == published, f"told as done: store {stored}, index {published}"
            if now == after:
                assert [r for r in store.records() if r["event"] == event and r["reason"] == "ok"], "without a record"
            _heals(store, words, before, after, now == after)
        except Exception as why:  # told with the fault that it was
            return f"{words[1]} {fault}: {why}"
        finally:
            store.remove()
        return None
    return judge


def _try_all(template, words_of, event, step=STEP):
    store = Store(template)
    before = store.content()
    made, done = injection.count(lambda tracer: store.run(*words_of(store), before=tracer), f"{store.folder}/trace")
    assert done.returncode == 0, done.stderr
    after = store.content()
    untouched = Store(template)
    _heals(untouched, words_of(untouched), before, after, False)
    assert before != after and made["fsync"] + made["fdatasync"] > 2, made
    renames = [(call, injection.KILL, when) for call in ("renameat", "renameat2") for when in range(1, made[call] + 1)]
    faults = injection.faults(made, step)
    faults += [fault for fault in renames if fault not in faults]
    failures = injection.each(faults, _judge(template, words_of, event, before, after))
    assert not failures, f"{len(failures)}:\n" + "\n".join(failures[:10])


def _steps(store, *words):
    """What a run does to files, in order: (call, the name that it is done to)."""
    log = f"{store.folder}/steps"
    calls = ("pwrite64", "write", "fsync", "fdatasync", "unlink", "renameat", "renameat2")
    done = store.run(*words, before=[*injection.traced(calls, "-y"), "-o", log])
    assert done.returncode == 0, done.stderr
    with open(log, encoding="utf-8", errors="replace") as file:
        for line in file:
            call, rest = line.split(maxsplit=1)[1].split("(", 1)
            path = re.search(re.escape(store.folder) + r"[^>\"]*", rest)
            if path:
                yield call.replace("fdatasync", "fsync"), path.group()[len(store.folder):]


def _in_order(found, *wanted):
    """Each of them, behind the one before."""
    rest = iter(found)
    for step in wanted:
        assert step in rest, f"{step} does not follow in {found}"


def each_step_is_on_the_disk_before_the_next_needs_it(template):
    store = Store(template)
    database, index = "/state/members.db", "/state/nss/members.new"
    _in_order(list(_steps(store, "members", "invite", "eve", "--email", "eve@acme.com")),
              ("write", "/log/audit.jsonl"),
              ("pwrite64", f"{database}-journal"), ("fsync", f"{database}-journal"), ("fsync", "/state"),
              ("pwrite64", database), ("fsync", database), ("unlink", f"{database}-journal"), ("fsync", "/state"),
              ("write", index), ("fsync", index), ("renameat", "/state/nss"), ("fsync", "/state/nss"))
    found = list(_steps(store, "members", "restore", f"{store.folder}/backup"))
    _in_order(found, ("write", f"{database}.restoring"), ("fsync", f"{database}.restoring"),
              ("renameat2", "/state"), ("fsync", "/state"), ("renameat", "/state/nss"), ("fsync", "/state/nss"))
    found = list(_steps(store, "members", "backup", f"{store.folder}/copy"))
    _in_order(found, ("write", "/copy.partial"), ("fsync", "/copy.partial"), ("renameat2", "/copy.partial"), ("fsync", ""))
    store.remove()


def an_invitation_is_made_or_not(template):
    _try_all(template, lambda store: ["members", "invite", "eve", "--email", "eve@acme.com"], "members_invite")


def an_import_is_made_wholly_or_not(template):
    _try_all(template, lambda store: ["members", "import", f"{store.folder}/list", "--format", "csv", "--yes"],
             "members_import")


def a_name_is_changed_or_not(template):
    _try_all(template, lambda store: ["members", "rename", "ben", "benny"], "members_rename")


def somebody_is_removed_or_not(template):
    _try_all(template, lambda store: ["members", "remove", "ada"], "members_remove")


def a_backup_is_restored_or_not(template):
    _try_all(template, lambda store: ["members", "restore", f"{store.folder}/backup"], "members_restore", STEP * 2)


def a_backup_is_made_wholly_or_not_at_all(template):
    def judge(fault):
        store = Store(template)
        path, unused = f"{store.folder}/copy", store.files()
        try:
            done = store.run("members", "backup", path, before=injection.injected(*fault, []))
            if store.files() == unused:
                assert done.returncode != 0, "told as done, and nothing was"
                return None
            assert done.returncode != 0 or os.path.exists(path), "told as done, and not done"
            if os.path.exists(path):
                store.must("members", "restore", "--dry-run", path)
                os.unlink(path)
            store.must("members", "backup", path)
            assert not [name for name in os.listdir(store.folder) if "partial" in name]
        except Exception as why:  # told with the fault that it was
            return f"backup {fault}: {why}"
        finally:
            store.remove()
        return None

    store = Store(template)
    made, done = injection.count(lambda tracer: store.run("members", "backup", f"{store.folder}/copy", before=tracer),
                                 f"{store.folder}/trace")
    assert done.returncode == 0, done.stderr
    failures = injection.each(injection.faults(made, STEP * 2), judge)
    assert not failures, f"{len(failures)}:\n" + "\n".join(failures[:10])


def a_backup_is_never_put_into_the_folder_of_the_store(template):
    store = Store(template)
    before = store.content()
    os.symlink("state", f"{store.folder}/way")
    for path in ("state/members.db", "state/copy", "state/nss/members", "way/members.db"):
        done = store.run("members", "backup", f"{store.folder}/{path}", "--force")
        assert done.returncode != 0 and "folder of the store" in done.stderr, (path, done)
    assert store.content() == before and not store.left_over(), store.left_over()
    store.must("members", "backup", f"{store.folder}/copy", "--force")
    store.remove()


if __name__ == "__main__":
    set_up()
    injection.prepare(SCRATCH)
    sys.exit(tap.run(tap.tests_of(sys.modules[__name__]), _template()))
