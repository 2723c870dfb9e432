# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk check` on how a machine is wired: stacks, break-glass, groups, local accounts, domains, truth table."""
import os
import shutil
import subprocess
import sys

from desk import Desk, SCRATCH, USERS, main, tap

ALLOWED = "auth [success=done ignore=ignore authinfo_unavail=ignore default=die] pam_frontdesk.so password_login=allowed"
DENIED = "auth [success=done ignore=ignore default=die] pam_frontdesk.so"
UNIX = "\nauth required pam_unix.so\n"
REST = ("account required pam_frontdesk.so {0}\naccount required pam_unix.so\nsession required pam_frontdesk.so {0}\n"
        "session required pam_mkhomedir.so umask=0077\nsession required pam_unix.so\n")


def _own_files():
    """Private copies of what the tests write into; once, for mounts end with the namespace."""
    if os.path.exists(f"{SCRATCH}/pam.d"):
        return
    shutil.copytree("/etc/pam.d", f"{SCRATCH}/pam.d")
    subprocess.run(["mount", "--bind", f"{SCRATCH}/pam.d", "/etc/pam.d"], check=True)
    for name in ("shadow", "nsswitch.conf"):
        shutil.copy(f"/etc/{name}", f"{SCRATCH}/{name}")
        subprocess.run(["mount", "--bind", f"{SCRATCH}/{name}", f"/etc/{name}"], check=True)


def _write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _stack(auth, arguments="", service="login", rest=REST):
    _own_files()
    _write(f"/etc/pam.d/{service}", f"{auth} {arguments}{UNIX}{rest.format(arguments)}")


def _password(word):
    """lena's, as /etc/shadow has it; None: no line."""
    with open("/etc/shadow", encoding="utf-8") as file:
        others = "".join(line for line in file if not line.startswith("lena:"))
    _write("/etc/shadow", others + (f"lena:{word}:20000:0:99999:7:::\n" if word is not None else ""))


def _facts(desk, *names):
    result = desk.run("check", "--json")
    found = [(line["fact"], line["state"], line["text"]) for line in result.lines if line["fact"] in names]
    return result.status, found


def the_two_shipped_stacks_are_told_apart_by_service_and_role(provider):
    desk = Desk(provider).connect(services="login su")
    desk.write("frontdesk.conf", "[service login]\nrole = customer\n")
    _stack(ALLOWED)
    _stack(DENIED, "break_glass=lena", "su")
    _password("$y$j9T$abc$def")
    status, found = _facts(desk, "passwords", "account", "arguments", "refusals")
    assert status == 0, found
    assert found == [("passwords", "good", "login (customer): passwords allowed: local accounts enter by pam_unix.so, too"),
                     ("passwords", "good", "su (staff): passwords denied, but for the break-glass lena")], found


def a_check_in_needs_its_session_line_and_neither_home_nor_break_glass(provider):
    desk = Desk(provider).connect(services="frontdesk-kiosk")
    lines = [f"{kind} required pam_frontdesk.so\n" for kind in ("auth", "account", "session")]
    _own_files()
    _write("/etc/pam.d/frontdesk-kiosk", "".join(lines))
    _, found = _facts(desk, "passwords", "account", "session", "home")
    assert found == [("passwords", "good", "frontdesk-kiosk (staff): passwords denied")], found
    _write("/etc/pam.d/frontdesk-kiosk", "".join(lines[:2]))
    status, found = _facts(desk, "session")
    assert status == 1 and [(fact, state) for fact, state, _ in found] == [("session", "wrong")], found
    assert "nobody is ever checked in" in found[0][2], found


def a_password_that_gets_past_a_denied_stack_is_wrong(provider):
    desk = Desk(provider).connect(services="login")
    _stack("auth sufficient pam_frontdesk.so")
    status, found = _facts(desk, "passwords", "refusals")
    assert status == 1 and [(fact, state) for fact, state, _ in found] == [
        ("passwords", "wrong"), ("refusals", "wrong")], found
    assert "by pam_unix.so" in found[0][2] and "refused can still get in" in found[1][2], found
    _stack("auth [success=done ignore=ignore authinfo_unavail=ignore default=die] pam_frontdesk.so")
    status, found = _facts(desk, "passwords", "refusals")
    assert status == 1 and [(fact, state) for fact, state, _ in found] == [("passwords", "wrong")], found
    assert "while the identity provider or the helper is gone" in found[0][2], found


def a_module_that_nobody_knows_is_named_beside_denied_passwords(provider):
    desk = Desk(provider).connect(services="login")
    _stack("auth sufficient pam_radius_auth.so\n" + DENIED, "break_glass=lena")
    _, found = _facts(desk, "passwords", "other_modules")
    assert [(fact, state) for fact, state, _ in found] == [("passwords", "good"), ("other_modules", "hint")], found
    assert "is not known" in found[0][2] and found[1][2].endswith(": pam_radius_auth.so"), found


def a_missing_account_line_is_wrong(provider):
    desk = Desk(provider).connect(services="login")
    _stack(DENIED, rest="account required pam_unix.so\nsession required pam_unix.so\n")
    status, found = _facts(desk, "account", "session", "home")
    assert status == 1 and [(fact, state) for fact, state, _ in found] == [
        ("account", "wrong"), ("session", "hint"), ("home", "hint")], found
    assert "unjudged" in found[0][2], found


def what_stands_behind_the_module_is_judged_as_the_module_does(provider):
    desk = Desk(provider).connect(services="login")
    for argument, words in (("pasword_login=allowed", "does not know `pasword_login=allowed`"),
                            ("timeout=0", "does not know `timeout=0`"), ("socket=run", "does not know `socket=run`"),
                            ("local_users=", "does not know `local_users=`")):
        _stack(DENIED, argument)
        status, found = _facts(desk, "arguments")
        assert status == 1 and any(words in text for _, _, text in found), (argument, found)
    _stack(DENIED, "break_glass=root", rest=REST.replace("{0}", ""))
    status, found = _facts(desk, "arguments")
    assert status == 1 and "break_glass= differs" in found[0][2], found


def a_stack_that_leads_in_a_circle_is_wrong(provider):
    desk = Desk(provider).connect(services="login")
    _own_files()
    _write("/etc/pam.d/login", "@include login\n")
    status, found = _facts(desk, "pam")
    assert status == 1 and found[0][1] == "wrong" and "circle" in found[0][2], found


def a_break_glass_account_must_be_there_with_a_password(provider):
    desk = Desk(provider).connect(services="login")
    for name, password, state, words in (("nobody-here", None, "wrong", "no user of this machine"),
                                         ("lena", "!", "wrong", "no password"), ("lena", "", "wrong", "no password"),
                                         ("lena", "$y$j9T$abc$def", "good", "has a password")):
        _stack(DENIED, f"break_glass={name}")
        _password(password)
        status, found = _facts(desk, "break_glass")
        assert (status != 0) == (state == "wrong"), found
        assert found[0][1] == state and words in found[0][2], (name, password, found)


def the_truth_table_is_told_for_each_cell(provider):
    for create, stack, words, state in (
            ("yes", ALLOWED, "local accounts also by their password; an unknown person becomes a member", "good"),
            ("yes", DENIED, "local accounts not at all; an unknown person becomes a member", "good"),
            ("no", ALLOWED, "an unknown person is refused and told to ask the desk", "good"),
            ("no", DENIED, "no way in at all: create_users = no, passwords denied", "wrong")):
        desk = Desk(provider).connect(services="login", create_users=create)
        _stack(stack)
        status, found = _facts(desk, "ways_in")
        assert len(found) == 1 and found[0][1] == state and words in found[0][2], found
        assert (status != 0) == (state == "wrong"), found
    desk.run("members", "invite", "ana", "--email", "ana@acme.com")
    _, found = _facts(desk, "ways_in")
    assert found[0][1] == "hint" and "an unknown person has no way in at all" in found[0][2], found


def a_line_that_chooses_what_is_not_enabled_for_it_is_wrong(provider):
    desk = Desk(provider).connect(services="login").connect(name="beta", services="su")
    _stack(DENIED, "connection=beta")
    status, found = _facts(desk, "service")
    assert status == 1 and "chooses the connection `beta`" in found[0][2], found


def local_accounts_need_the_line_and_an_account_that_may_be_entered(provider):
    desk = Desk(provider)
    users = desk.write("users", "sub:user-1 = lena\nemail:ana@acme.com = daemon lena\n")
    desk.connect(services="login", user_map_file=users)
    _stack(DENIED, "local_users=lena")
    status, found = _facts(desk, "local_users", "user_map_file")
    assert status == 1, found
    assert [(state, text.split("`")[1] if "`" in text else text) for _, state, text in found if "user_map" in text] == [
        ("good", "lena"), ("wrong", "daemon")], found
    _stack(DENIED)
    _, found = _facts(desk, "local_users")
    assert ("local_users", "hint") in [(fact, state) for fact, state, _ in found], found
    desk.write("users", "sub:user-1 lena\n")
    status, found = _facts(desk, "user_map_file")
    assert status == 1 and "users:1:" in found[0][2], found


def a_group_counts_only_where_both_files_name_it(provider):
    desk = Desk(provider).connect(services="login", group_map="g-1: no-such-group")
    status, found = _facts(desk, "groups")
    assert status == 1 and "no group of this machine" in found[0][2], found
    desk.connect(services="login", group_map="g-1: lena")
    status, found = _facts(desk, "groups")
    assert status == 1 and "nobody gets it" in found[0][2], found


def a_domain_that_leads_to_two_connections_is_wrong(provider):
    desk = Desk(provider).connect(services="login", domain_aliases="acme.com, acme.io")
    desk.connect(name="beta", services="login sshd", domain_aliases="acme.io")
    status, found = _facts(desk, "routing")
    assert status == 1 and [text for _, _, text in found] == [
        "the domain acme.io leads to `acme` and to `beta` at login"], found
    desk.connect(name="beta", services="sshd", domain_aliases="acme.io")
    assert _facts(desk, "routing") == (0, [])


def a_connection_for_another_place_lets_nobody_in_here(provider):
    desk = Desk(provider).connect(services="login", locations="lisbon")
    _own_files()
    status, found = _facts(desk, "locations")
    assert status == 1 and "names places" in found[0][2], found
    desk.write("frontdesk.conf", "[machine]\nlocation = porto\n")
    assert _facts(desk, "locations")[0] == 1
    desk.write("frontdesk.conf", "[machine]\nlocation = lisbon\n")
    assert _facts(desk, "locations") == (0, [])


def ours_before_the_machines_own_names_is_wrong(provider):
    desk = Desk(provider).connect(services="su")
    _own_files()
    _write("/etc/nsswitch.conf", "passwd: frontdesk files\ngroup: files frontdesk\n")
    status, found = _facts(desk, "nss")
    assert status == 1 and [state for _, state, _ in found] == ["wrong", "good"], found
    _write("/etc/nsswitch.conf", "passwd: files sss frontdesk\ngroup: compat [NOTFOUND=continue] frontdesk sss\n")
    status, found = _facts(desk, "nss")
    assert status == 0 and [state for _, state, _ in found] == ["good", "hint"], found
    assert "asks frontdesk before sss for group" in found[1][2], found
    _write("/etc/nsswitch.conf", "passwd: files\ngroup: files\ninitgroups: files\n")
    assert [state for _, state, _ in _facts(desk, "nss")[1]] == ["hint"] * 3


def names_of_hosts_in_the_place_of_addresses_are_told(provider):
    desk = Desk(provider).connect(services="sshd")
    sshd = f"{SCRATCH}/sshd"
    real = next(path for path in ("/usr/sbin/sshd", "/usr/bin/sshd") if os.path.exists(path))
    answers = "usepam yes\nkbdinteractiveauthentication yes\npasswordauthentication no\n"
    _write(sshd, f"#!/bin/sh\ncat {SCRATCH}/sshd-answers\n")
    os.chmod(sshd, 0o755)
    subprocess.run(["mount", "--bind", sshd, real], check=True)
    _write(f"{SCRATCH}/sshd-answers", answers + "usedns no\n")
    _, found = _facts(desk, "sshd")
    assert [state for _, state, _ in found] == ["good"], found
    _write(f"{SCRATCH}/sshd-answers", answers + "usedns yes\n")
    status, found = _facts(desk, "sshd")
    subprocess.run(["umount", real], check=True)
    assert [state for _, state, _ in found] == ["good", "hint"] and "UseDNS" in found[1][2], (status, found)


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
