# SPDX-License-Identifier: BSD-2-Clause
"""Whatever we read by a name that root wrote may be no plain file, or lie where somebody else could put another in its
place: then nobody enters, nobody waits, and the log names what it was."""
import os
import shutil
import stat
import subprocess
import sys

import takeover
from takeover import LIBEXEC, blob, string, words, write

MAIN, FOLDER = "/etc/frontdesk/frontdesk.conf", "/etc/frontdesk/connections.d"
CORP, DEEP = FOLDER + "/corp.conf", "/etc/frontdesk/more/deep"
LENA = 1500


def _link(path):
    os.rename(path, path + ".aside")
    os.symlink(path + ".aside", path)


def _in_place(make):
    def shape(path):
        os.unlink(path)
        make(path)
    return shape


def _is_lenas(path):
    os.chown(path, LENA, 0)


SHAPES = {
    "a link": _link,
    "a second name": lambda path: os.link(path, path + ".aside"),
    "a FIFO": _in_place(lambda path: os.mkfifo(path, 0o600)),
    "a folder": _in_place(lambda path: os.mkdir(path, 0o700)),
    "a device": _in_place(lambda path: os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))),
    "10 GiB of nothing": lambda path: os.truncate(path, 10 << 30),
    "a file of somebody else": _is_lenas,
    "a file that its group may write": lambda path: os.chmod(path, 0o660),
}
TURNED = {"may be written by others": lambda path: os.chmod(path, 0o777), "is lena's": _is_lenas}


class _Changed:
    """A path in another shape, and back again."""

    def __init__(self, path, shape):
        self.path, self.shape, self.keep = path, shape, "/etc/frontdesk.keep"

    def __enter__(self):
        status = os.lstat(self.path)
        self.mode, self.owner = status.st_mode & 0o7777, (status.st_uid, status.st_gid)
        self.is_file = stat.S_ISREG(status.st_mode)
        if self.is_file:
            shutil.copy(self.path, self.keep)
        self.shape(self.path)

    def __exit__(self, *_):
        if self.is_file:
            subprocess.run(["rm", "-rf", self.path, self.path + ".aside"], check=True)
            shutil.move(self.keep, self.path)
        os.chown(self.path, *self.owner)
        os.chmod(self.path, self.mode)


def _refused(machine, reason, word, service="front"):
    """By whoever asks, without a request to the provider."""
    mark = machine.desk.log.mark()
    host = machine.host(service, "lena2", "auth")
    output, errors = host.communicate("\n", timeout=takeover.PATIENCE)
    assert '"AUTHINFO_UNAVAIL"' in output and "SUCCESS" not in output, output + errors
    assert machine.desk.log.wait(mark, reason), machine.desk.log.since(mark)
    assert word in machine.desk.log.text(), word
    machine.gate.setblocking(False)
    try:
        machine.gate.accept()[0].close()
        raise AssertionError("the provider was asked")
    except BlockingIOError:
        pass


def a_user_map_that_is_not_roots_alone_lets_nobody_in(machine):
    def judged():
        sign_in = machine.begin()
        sign_in.admit()
        answer, reader = sign_in.ask(words.CLAIMS, *machine.claims("s-1", "alice"))
        assert answer == words.DECIDED
        sign_in.say(words.FINISH)
        return reader.string(), sign_in.outcome()
    os.makedirs(DEEP)
    write(DEEP + "/map", "sub:s-1 = lena\n")
    machine.connect("corp", issuer=machine.issuer, services="front", user_map_file=DEEP + "/map")
    assert judged()[0] == "ok"
    for what, shape in SHAPES.items():
        with _Changed(DEEP + "/map", shape):
            reason, codes = judged()
        assert (reason, codes) == ("user_map_broken", ["AUTHINFO_UNAVAIL"]), (what, reason, codes)
    for path in (DEEP, os.path.dirname(DEEP)):
        for shape in TURNED.values():
            with _Changed(path, shape):
                assert judged()[0] == "user_map_broken"
            assert machine.desk.log.since(0, path)
    assert judged()[0] == "ok"


def _with_the_real_helper(machine):
    machine.desk.stop("helper")
    shutil.copy(f"{os.environ['PROGRAMS']}/frontdesk-helper", f"{LIBEXEC}/frontdesk-helper")
    machine.connect("corp", issuer=machine.issuer, services="front")
    machine.desk.start_helper()


def a_configuration_that_is_not_roots_alone_lets_nobody_in(machine):
    _with_the_real_helper(machine)
    for path, reason in ((MAIN, "config_broken"), (CORP, "connection_broken")):
        for what, shape in SHAPES.items():
            with _Changed(path, shape):
                _refused(machine, f"reason={reason}", path)


def a_folder_that_others_could_write_lets_nobody_in_by_what_is_below(machine):
    for path in (FOLDER, os.path.dirname(MAIN), "/etc"):
        for shape in TURNED.values():
            with _Changed(path, shape):
                _refused(machine, "_broken", path + ": ")
                told = machine.desk.cli("check", check=False)
                assert path in told and ("may be written by others" in told or "not owned by root" in told), told


def a_client_secret_that_is_not_roots_alone_is_not_used(machine):
    secret = DEEP + "/secret"
    write(secret, "s3cret\n", 0o640, "root", "frontdesk")
    machine.connect("corp", issuer=machine.issuer, services="front", client_secret_file=secret)
    for shape in SHAPES.values():
        with _Changed(secret, shape):
            _refused(machine, "reason=secret_unreadable", secret)
    for path in (DEEP, os.path.dirname(DEEP)):
        for shape in TURNED.values():
            with _Changed(path, shape):
                _refused(machine, "reason=secret_unreadable", path)


def certificates_that_are_not_roots_alone_are_not_believed(machine):
    bundle = DEEP + "/ca.pem"
    shutil.copy(takeover.e2e.CA, bundle)
    os.chmod(bundle, 0o644)
    machine.connect("corp", issuer=machine.issuer, services="front", ca_file=bundle)
    for what, shape in SHAPES.items():
        if what in ("a link", "a second name"):  # what distributions make of theirs
            continue
        with _Changed(bundle, shape):
            _refused(machine, "reason=connection_broken", bundle)
    for path in (DEEP, os.path.dirname(DEEP)):
        for shape in TURNED.values():
            with _Changed(path, shape):
                _refused(machine, "reason=connection_broken", path)


if __name__ == "__main__":
    place = takeover.Machine("frontdesk-helper")
    place.desk.start_services()
    sys.exit(takeover.main(sys.modules["__main__"], place))
