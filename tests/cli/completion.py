# SPDX-License-Identifier: BSD-2-Clause
"""The shell completion offers what the program has: its commands, verbs, options, connections and members."""
import os
import re
import shlex
import subprocess
import sys

from desk import Desk, ENVIRONMENT, HERE, SCRATCH, main, tap

COMPLETION = os.path.join(HERE, "..", "..", "packaging", "completions", "frontdesk")


def _complete(desk, *words):
    """What bash offers for the last word; the program is the desk's, which is root's."""
    program = " ".join(shlex.quote(word) for word in desk.command())
    script = f"""frontdesk() {{ {program} "$@"; }}
. {shlex.quote(COMPLETION)}
COMP_WORDS=(frontdesk {' '.join(shlex.quote(word) for word in words)}) COMP_CWORD={len(words)}
complete -p frontdesk >/dev/null && _frontdesk && printf '%s\\n' "${{COMPREPLY[@]}}" """
    done = subprocess.run(["bash", "--norc", "-c", script], env=ENVIRONMENT, capture_output=True, text=True, cwd=SCRATCH,
                          stdin=subprocess.DEVNULL, timeout=200, check=False)
    assert done.stderr == "", done.stderr
    return [word for word in done.stdout.split("\n") if word]


def _commands(desk):
    """The table, as --help prints it."""
    return re.findall(r"^  ([a-z][a-z-]*)  ", desk.run("--help").out, re.MULTILINE)


def commands_are_those_of_the_table(provider):
    desk = Desk(provider)
    commands = _commands(desk)
    assert {"check", "login", "connection", "members"} <= set(commands), commands
    assert sorted(_complete(desk, "")) == sorted(commands)
    assert _complete(desk, "--json", "--config-dir", "/x", "conn") == ["connection"]
    for command in commands:
        assert desk.run(command, "--help").status == 0, command


def options_are_those_of_each_help(provider):
    desk = Desk(provider)
    for command in ((), *((command,) for command in _commands(desk))):
        known = set(re.findall(r"--[a-z][a-z-]+", desk.run(*command, "--help").out))
        assert "--help" in known or "--json" in known, (command, known)
        assert set(_complete(desk, *command, "--")) == known, command
    assert _complete(desk, "connection", "add", "acme", "--okta-d") == ["--okta-domain"]


def every_verb_is_offered_and_known(provider):
    desk = Desk(provider)
    for command, verbs in (("connection", ("add", "disable", "enable", "export", "import", "list", "show")),
                           ("members", ("disable", "enable", "invite", "list", "remove", "show"))):
        offered = _complete(desk, command, "")
        assert set(verbs) <= set(offered), (command, offered)
        for verb in offered:
            assert "there is no verb" not in desk.run(command, verb, "--no-such-option").err, verb


def names_of_connections_and_members_are_offered(provider):
    desk = Desk(provider).connect().connect(name="beta")
    assert desk.run("members", "invite", "ana", "--email", "ana@acme.com").status == 0
    for words in (("check", ""), ("login", ""), ("connection", "show", ""), ("members", "invite", "x", "--connection", "")):
        assert _complete(desk, *words) == ["acme", "beta"], words
    assert _complete(desk, "connection", "disable", "b") == ["beta"]
    assert _complete(desk, "members", "disable", "") == ["ana"]


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
