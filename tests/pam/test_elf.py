# SPDX-License-Identifier: BSD-2-Clause
"""What the linker made of the module: the libraries it needs, what it exports, and what it cannot do."""
import re
import subprocess

EXPORTS = {"pam_sm_authenticate", "pam_sm_setcred", "pam_sm_acct_mgmt", "pam_sm_open_session",
           "pam_sm_close_session", "pam_sm_chauthtok"}
FORBIDDEN = re.compile(r"^(v?fork|clone.*|posix_spawn.*|exec.*|system|popen|pthread_.*|thrd_.*|dlopen|signal|sigaction"
                       r"|sigprocmask|alarm|.*itimer|umask|f?chdir|(un)?setenv|putenv|clearenv|setlocale|atexit"
                       r"|sete?[ug]id|setre.*|getaddrinfo|gethostby.*|pam_get_user|pam_get_authtok|f?open(64)?"
                       r"|openlog|closelog|exit|abort|waitpid|wait4?|daemon|f?printf|puts|mmap)(@|$)")


def _output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def it_needs_libpam_and_libc_only(bench):
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", _output("readelf", "-dW", bench.module))
    assert sorted(needed) == ["libc.so.6", "libpam.so.0"], needed


def it_exports_the_six_entry_points_only(bench):
    names = {line.split()[-1].split("@")[0] for line in _output("nm", "-D", "--defined-only", bench.module).splitlines()}
    assert names == EXPORTS, names


def it_cannot_fork_nor_thread_nor_touch_the_hosts_state(bench):
    names = [line.split()[-1] for line in _output("nm", "-D", "--undefined-only", bench.module).splitlines()]
    assert [name for name in names if FORBIDDEN.match(name)] == []
    assert any(name.startswith("recvmsg") for name in names)


def it_has_no_mutable_globals(bench):
    sections = re.findall(r"^\s*\[\s*\d+\]\s+(\S+)\s+\S+\s+\S+\s+\S+\s+([0-9a-f]+)", _output("readelf", "-SW", bench.module),
                          re.MULTILINE)
    sizes = {name: int(size, 16) for name, size in sections}
    # What the compiler's own start files bring: one flag and one pointer.
    assert sizes.get(".data", 0) <= 8 and sizes.get(".bss", 0) <= 8, sizes
    assert ".tdata" not in sizes and ".tbss" not in sizes


def it_has_no_constructors_of_its_own(bench):
    names = [line.split()[-1] for line in _output("nm", bench.module).splitlines() if re.search(r" t ", line)]
    found = re.findall(r"\(INIT_ARRAYSZ\)\s+(\d+)", _output("readelf", "-dW", bench.module))
    assert found == ["8"] and "frame_dummy" in names, "the start files' own one"


def it_is_hardened(bench):
    dynamic, headers = _output("readelf", "-dW", bench.module), _output("readelf", "-lW", bench.module)
    assert "BIND_NOW" in dynamic and "GNU_RELRO" in headers and "TEXTREL" not in dynamic
    assert re.search(r"GNU_STACK.*RW ", headers)
