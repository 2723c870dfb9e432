# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk connection`: what add writes and with which modes, what show tells, and what enable and disable change."""
import json
import os
import stat
import subprocess
import sys

from desk import Desk, ENVIRONMENT, USERS, main, tap

WHO = ("root", "lena")
SECRET = "c4nary-s3cret"


def _files(desk):
    """Every file and folder of the configuration, with owner, group, mode and text."""
    found = {}
    for folder, folders, names in os.walk(desk.config):
        for name in folders + names:
            path = os.path.join(folder, name)
            status = os.stat(path)
            text = None
            if name in names:
                with open(path, encoding="utf-8") as file:
                    text = file.read()
            found[os.path.relpath(path, desk.config)] = (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode), text)
    return found


def _text(desk, path):
    with open(f"{desk.config}/{path}", encoding="utf-8") as file:
        return file.read()


def _records(desk):
    if not os.path.exists(desk.audit):
        return []
    with open(desk.audit, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _add(desk, *arguments, name="acme", scenario="good", secret=None):
    """A connection that lets everybody in, as flags say it."""
    flags = ("--issuer", desk.issuer(scenario), "--client-id", "frontdesk", "--ca-file", desk.ca, "--allow-all", "yes",
             "--set", "create_users=yes", "--service", "login", "--service", "sshd")
    process = subprocess.run(desk.command("connection", "add", name, *flags, *arguments), input=secret or "", env=ENVIRONMENT,
                             capture_output=True, text=True, cwd="/", timeout=200, check=False)
    return process


def what_add_writes_works_at_once(provider):
    for user in WHO:
        desk = Desk(provider, user)
        process = _add(desk, "--client-secret-stdin", secret=SECRET + "\n")
        assert process.returncode == 0, process.stdout + process.stderr
        assert "discovery FOUND" in process.stdout, process.stdout
        assert SECRET not in process.stdout + process.stderr
        result = desk.login("acme", "--service", "login")
        assert result.verdict["verdict"] == "allow" and result.verdict["member"] == "ana", result


def files_have_their_owners_and_modes(provider):
    keeper = USERS["frontdesk"]
    for user in WHO:
        desk = Desk(provider, user)
        before = _files(desk)
        assert _add(desk, "--no-check", "--client-secret-stdin", secret=SECRET).returncode == 0
        files = _files(desk)
        own = (desk.uid, desk.uid)
        folder, secret = (((0, keeper, 0o750), (0, keeper, 0o640)) if user == "root" else
                          ((*own, 0o700), (*own, 0o600)))
        assert files["secrets"][:3] == folder and files["secrets/acme"] == (*secret, SECRET), files
        assert files["connections.d/acme.conf"][:3] == (*own, 0o644), files
        assert set(files) - set(before) == {"secrets", "secrets/acme", "connections.d/acme.conf"}, files
        assert f"client_secret_file = {desk.config}/secrets/acme\n" in files["connections.d/acme.conf"][3]


def every_change_is_recorded_and_no_secret_is(provider):
    for user in WHO:
        desk = Desk(provider, user)
        assert _add(desk, "--no-check", "--client-secret-stdin", secret=SECRET).returncode == 0
        assert desk.run("connection", "disable", "acme").status == 0
        assert desk.run("connection", "enable", "acme").status == 0
        records = _records(desk)
        assert [(r["event"], r["connection"], r["peer_uid"]) for r in records] == [
            (f"connection_{event}", "acme", desk.uid) for event in ("add", "disable", "enable")], records
        assert SECRET not in json.dumps(records)
        assert os.stat(desk.audit).st_uid == (USERS["frontdesk"] if user == "root" else desk.uid)


def what_is_wrong_is_told_by_the_status_of_check(provider):
    desk = Desk(provider)
    assert _add(desk, scenario="no-such-scenario").returncode == 4
    assert os.path.exists(f"{desk.config}/connections.d/acme.conf")


def what_the_parser_refuses_is_never_written(provider):
    cases = (("--scopes", "profile"), ("--set", "isuer=x"), ("--set", "enabled"), ("--pkce", "sometimes"),
             ("--display-name", "a\nallow_all = yes"), ("--okta-domain", "acme.okta.com"), ("--enabled", "yes", "--enabled", "no"),
             ("--client-auth-method", "client_secret_post"), ("--no-such-option",), ("another",))
    desk = Desk(provider)
    before = _files(desk)
    for case in cases:
        process = _add(desk, *case)
        assert process.returncode in (1, 2) and process.stderr, (case, process.stderr)
        assert _files(desk) == before, case
    assert "did you mean `issuer`" in _add(desk, "--set", "isuer=x").stderr
    assert _records(desk) == []


def required_settings_that_nobody_gave_are_named(provider):
    result = Desk(provider).run("connection", "add", "acme", "--client-id", "x", "--no-check")
    assert result.status == 1 and "`issuer` is missing" in result.err, result


def names_are_checked_and_given_once(provider):
    desk = Desk(provider)
    for name in ("Acme", "-a", "_a", "a.b", "a/b", "../a", "a" * 64, ""):
        result = desk.run("connection", "add", "--", name)
        assert result.status == 2 and "name" in result.err, (name, str(result))
    assert _add(desk, "--no-check", name="a_b-9").returncode == 0
    before = _files(desk)
    process = _add(desk, "--no-check", "--client-secret-stdin", name="a_b-9", secret="x")
    assert process.returncode == 1 and "there is a connection `a_b-9` already" in process.stderr, process.stderr
    assert _files(desk) == before
    desk.write("connections.d/broken.conf", "[connection]\nisuer = x\n")
    assert "already" in _add(desk, "--no-check", name="broken").stderr
    os.mkdir(f"{desk.config}/connections.d/old.conf.d")
    assert "left of another" in _add(desk, "--no-check", name="old").stderr


def there_is_no_rename_and_it_is_said(provider):
    desk = Desk(provider)
    result = desk.run("connection", "rename", "a", "b")
    assert result.status == 2 and "cannot be renamed" in result.err, result
    assert "cannot be renamed" in desk.run("connection", "--help").out


def nothing_is_left_when_half_of_it_fails(provider):
    desk = Desk(provider, "lena")
    os.chmod(f"{desk.config}/connections.d", 0o555)
    before = _files(desk)
    process = _add(desk, "--no-check", "--client-secret-stdin", secret=SECRET)
    assert process.returncode == 1 and "nothing was written" in process.stderr, process.stderr
    assert _files(desk) == before
    os.chmod(f"{desk.config}/connections.d", 0o755)
    os.makedirs(f"{desk.config}/secrets/acme")
    os.chown(f"{desk.config}/secrets", desk.uid, desk.uid)
    os.rmdir(f"{desk.config}/connections.d")
    before = _files(desk)
    process = _add(desk, "--no-check", "--client-secret-stdin", secret=SECRET)
    assert process.returncode == 1 and "left of another connection" in process.stderr, process.stderr
    assert _files(desk) == before


def folders_that_others_may_write_are_refused(provider):
    for path in ("", "connections.d", "secrets"):
        desk = Desk(provider)
        os.makedirs(f"{desk.config}/secrets", exist_ok=True)
        os.chmod(f"{desk.config}/{path}", 0o777)
        before = _files(desk)
        process = _add(desk, "--no-check", "--client-secret-stdin", secret=SECRET)
        assert process.returncode != 0 and "written by others" in process.stderr, (path, process.stderr)
        assert _files(desk) == before, path


def a_dry_run_prints_the_file_and_writes_nothing(provider):
    desk = Desk(provider)
    before = _files(desk)
    process = _add(desk, "--dry-run", "--client-secret-stdin", secret=SECRET)
    assert process.returncode == 0 and _files(desk) == before and _records(desk) == [], process.stderr
    assert f"[connection]\nissuer = {desk.issuer('good')}\nclient_id = frontdesk\n" in process.stdout, process.stdout
    assert SECRET not in process.stdout + process.stderr
    process = _add(desk, "--dry-run", "--json", "--client-secret-stdin", secret=SECRET)
    assert "client_id = frontdesk\n" in json.loads(process.stdout)["text"] and SECRET not in process.stdout, process.stdout


def a_secret_that_is_none_is_refused(provider):
    desk = Desk(provider)
    for secret in ("", "\n", "a\nb\n", "a\r\n", "x" * 20000):
        process = _add(desk, "--no-check", "--client-secret-stdin", secret=secret)
        assert process.returncode == 2 and "no client secret" in process.stderr, (secret[:9], process.stderr)
    assert _add(desk, "--client-secret-stdin", "--client-secret-file", "/x").returncode == 2
    assert not os.path.exists(f"{desk.config}/connections.d/acme.conf")


def list_has_every_connection_and_the_broken_ones(provider):
    desk = Desk(provider).connect(services="login sshd").connect(name="beta", enabled="no", services="",
                                                               display_name="Вход \"Бета\"")
    desk.write("connections.d/broken.conf", "[connection]\nisuer = x\n")
    rows = desk.run("connection", "list", "--json").lines
    assert [(row["name"], row["state"], row["enabled"], row["label"], row["issuer"], row["services"]) for row in rows] == [
        ("acme", "enabled", True, "Sign in with Corporate Account", desk.issuer("good"), ["login", "sshd"]),
        ("beta", "disabled", False, "Вход \"Бета\"", desk.issuer("good"), []), ("broken", "broken", False, None, None, [])], rows
    out = desk.run("connection", "list").out
    assert len(out.splitlines()) == 4 and "Вход" in out, out


def show_tells_each_setting_and_where_it_comes_from(provider):
    desk = Desk(provider)
    secret = desk.write("secret", SECRET, 0o600)
    desk.write("connections.d/acme.conf", "[connection]\n# a\npreset = okta\nokta_domain = https://acme.okta.com\n"
               f"application_id = id\nservices = login\nclient_secret_file = {secret}\nscope = openid\n"
               "group_map = a : b\ngroup_map = c : d\n")
    os.mkdir(f"{desk.config}/connections.d/acme.conf.d")
    desk.write("connections.d/acme.conf.d/10-x.conf", "[connection]\n\nservices = sshd\n")
    result = desk.run("connection", "show", "acme", "--json")
    shown, = result.lines
    settings = shown["settings"]
    file = f"{desk.config}/connections.d/acme.conf"
    assert settings["issuer"] == {"value": "https://acme.okta.com", "from": "made of okta_domain"}, settings
    assert settings["okta_domain"]["value"] == "acme.okta.com"
    assert settings["client_id"] == {"value": "id", "from": f"{file}:5", "file": file, "line": 5}, settings
    assert settings["services"]["value"] == "sshd" and settings["services"]["file"] == f"{file}.d/10-x.conf"
    assert settings["scopes"] == {"value": "openid", "from": f"{file}:8", "file": file, "line": 8}
    assert settings["userinfo"]["from"] == "preset okta" and settings["enabled"] == {"value": "yes", "from": "default"}
    assert settings["group_map"]["value"] == "a : b\nc : d" and settings["icon"] == {"value": None, "from": ""}
    assert any("another name of `client_id`" in notice for notice in shown["notices"]), shown["notices"]
    assert "cannot be read by this user" in shown["secret"], shown["secret"]
    os.chown(secret, 0, USERS["frontdesk"])
    os.chmod(secret, 0o640)
    assert desk.run("connection", "show", "acme", "--json").lines[0]["secret"] == "it can be read, by nobody else"
    out = desk.run("connection", "show", "acme").out
    assert f"{file}:5\n" in out and SECRET not in out + result.out, out


def every_setting_of_the_table_is_shown_and_is_an_option(provider):
    desk = Desk(provider).connect()
    shown = desk.run("connection", "show", "acme", "--json").lines[0]["settings"]
    options = [line.strip() for line in desk.run("connection", "--help").out.splitlines() if line.startswith("  --")]
    assert len(shown) > 40 and set(shown) >= {"issuer", "locations", "required_acr", "group_map"}
    assert {f"--{key.replace('_', '-')}" for key in shown} <= set(options), options
    for key in shown:
        assert f"\n  {key}" in desk.run("check", "--help").out, key


def the_words_of_the_guides_are_options_and_written_under_their_names(provider):
    desk = Desk(provider)
    result = desk.run("connection", "add", "acme", "--authority", desk.issuer("good"), "--client-id", "x", "--services=login",
                      "--sign-in-button-label", "Enter", "--set", "log_out_url=https://idp.example/out", "--dry-run")
    assert result.status == 0, result
    for line in (f"issuer = {desk.issuer('good')}", "display_name = Enter", "end_session_endpoint = https://idp.example/out"):
        assert line in result.out.splitlines(), result
    twice = desk.run("connection", "add", "acme", "--authority", desk.issuer("good"), "--issuer", desk.issuer("good"))
    assert twice.status == 2 and "`issuer` was given already" in twice.err, twice


def a_mistyped_option_gets_its_neighbour(provider):
    desk = Desk(provider)
    for words, answer in ((["--isuer", "x"], "no option `--isuer`; did you mean `--issuer`?"),
                          (["--client-secrt-file=x"], "did you mean `--client-secret-file`?"),
                          (["--nothing-like-it"], "no option `--nothing-like-it` (see"),
                          (["-x"], "no option `-x` (see"), (["--issuer"], "`--issuer` needs a value")):
        result = desk.run("connection", "add", "acme", *words)
        assert result.status == 2 and answer in result.err and result.err.count("\n") == 1, result


def enable_and_disable_change_one_word(provider):
    for user in WHO:
        desk = Desk(provider, user)
        text = f"# ours\n\n [connection] \nissuer={desk.issuer('good')}\n\tenabled =  yes \n; enabled = yes\nclient_id = x\nservices = \n"
        desk.write("connections.d/acme.conf", text)
        path = f"{desk.config}/connections.d/acme.conf"
        os.chmod(path, 0o600 if user == "lena" else 0o640)
        if user == "root":
            os.chown(path, 0, USERS["frontdesk"])
            os.chmod(path, 0o644)
        before = os.stat(path)
        assert desk.run("connection", "disable", "acme").status == 0
        after = os.stat(path)
        assert _text(desk, "connections.d/acme.conf") == text.replace("=  yes \n;", "=  no \n;")
        assert (before.st_mode, before.st_uid, before.st_gid) == (after.st_mode, after.st_uid, after.st_gid)
        assert before.st_ino != after.st_ino, "a reader meets the old file or the new one"
        assert desk.run("connection", "list", "--json").lines[0]["enabled"] is False
        assert desk.run("connection", "enable", "acme").status == 0
        assert _text(desk, "connections.d/acme.conf") == text
        assert os.listdir(f"{desk.config}/connections.d") == ["acme.conf"]


def a_missing_line_is_added(provider):
    desk = Desk(provider).connect()
    assert desk.run("connection", "disable", "acme").status == 0
    assert _text(desk, "connections.d/acme.conf").startswith("[connection]\nenabled = no\nissuer = ")
    assert desk.login("acme").verdict["reason"] == "no_connection"


def what_is_so_already_is_left_alone(provider):
    desk = Desk(provider).connect()
    before = os.stat(f"{desk.config}/connections.d/acme.conf").st_ino
    result = desk.run("connection", "enable", "acme", "--json")
    assert result.status == 0 and result.lines == [{"name": "acme", "enabled": True, "changed": False}], result
    assert os.stat(f"{desk.config}/connections.d/acme.conf").st_ino == before and _records(desk) == []


def a_vendors_file_is_switched_by_a_drop_in(provider):
    desk = Desk(provider)
    os.makedirs(f"{desk.vendor}/connections.d")
    with open(f"{desk.vendor}/connections.d/acme.conf", "w", encoding="utf-8") as file:
        file.write(f"[connection]\nissuer = {desk.issuer('good')}\nclient_id = x\nservices = login\nenabled = yes\n")
    for verb, word in (("disable", "no"), ("enable", "yes")):
        result = desk.run("connection", verb, "acme")
        assert result.status == 0, result
        assert _text(desk, "connections.d/acme.conf.d/50-enabled.conf") == f"[connection]\nenabled = {word}\n"
        assert desk.run("connection", "list", "--json").lines[0]["enabled"] is (word == "yes")


def the_drop_in_that_decides_is_the_one_that_changes(provider):
    desk = Desk(provider).connect()
    os.mkdir(f"{desk.config}/connections.d/acme.conf.d")
    desk.write("connections.d/acme.conf.d/90-off.conf", "[connection]\nenabled = no\n")
    before = _text(desk, "connections.d/acme.conf")
    assert desk.run("connection", "enable", "acme").status == 0
    assert _text(desk, "connections.d/acme.conf.d/90-off.conf") == "[connection]\nenabled = yes\n"
    assert _text(desk, "connections.d/acme.conf") == before


def a_switch_that_another_drop_in_outdoes_is_told(provider):
    desk = Desk(provider)
    os.makedirs(f"{desk.vendor}/connections.d/acme.conf.d")
    for path, text in (("acme.conf", f"issuer = {desk.issuer('good')}\nclient_id = x\nservices = login\n"),
                       ("acme.conf.d/90-off.conf", "enabled = no\n")):
        with open(f"{desk.vendor}/connections.d/{path}", "w", encoding="utf-8") as file:
            file.write("[connection]\n" + text)
    result = desk.run("connection", "enable", "acme")
    assert result.status == 1 and "50-enabled.conf was written, but another drop-in goes before it" in result.err, result


def what_is_not_there_or_broken_is_refused(provider):
    desk = Desk(provider)
    desk.write("connections.d/broken.conf", "[connection]\nisuer = x\n")
    desk.write("frontdesk.conf", "")
    for verb in ("show", "enable", "disable", "export"):
        result = desk.run("connection", verb, "gamma")
        assert result.status == 1 and "there is no connection" in result.err, result
        result = desk.run("connection", verb, "broken")
        assert result.status == 1 and "broken" in result.err, result
        assert desk.run("connection", verb).status == 2
    assert desk.run("connection").status == 2 and desk.run("connection", "frobnicate").status == 2


def a_broken_configuration_is_said_and_its_connections_are_shown(provider):
    desk = Desk(provider).connect()
    desk.write("frontdesk.conf", "[limits]\nsign_ins = many\n")
    result = desk.run("connection", "list", "--json")
    assert result.status == 1 and "the configuration is broken" in result.err, result
    assert [row["name"] for row in result.lines] == ["acme"], result
    os.chmod(f"{desk.config}/connections.d", 0o777)
    result = desk.run("connection", "show", "acme")
    assert result.status == 1 and "the configuration is broken" in result.err, result


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
