# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk connection import` and `export`: Auth0's bodies become connections that work, and come back."""
import json
import os
import stat
import subprocess
import sys

from desk import Desk, ENVIRONMENT, USERS, main, tap

WHO = ("root", "lena")
SECRET = "c4nary-s3cret"
LET_IN = ("--service", "login", "--allow-all", "yes", "--create-users", "yes")


def _body(**options):
    return {"strategy": "oidc", "name": "Acme", "options": {"client_id": "frontdesk", "scopes": "openid profile", **options}}


def _import(desk, body, *arguments, name=()):
    text = body if isinstance(body, str) else json.dumps(body)
    return subprocess.run(desk.command("connection", "import", *name, "-", "--ca-file", desk.ca, *arguments), input=text,
                          env=ENVIRONMENT, capture_output=True, text=True, cwd="/", timeout=200, check=False)


def _text(desk, path="connections.d/acme.conf"):
    with open(f"{desk.config}/{path}", encoding="utf-8") as file:
        return file.read()


def _settings(desk, name="acme"):
    shown = desk.run("connection", "show", name, "--json")
    assert shown.status == 0, shown
    return {key: entry["value"] for key, entry in shown.lines[0]["settings"].items()}


def _names(desk):
    return sorted(os.path.relpath(os.path.join(folder, name), desk.config)
                  for folder, _, names in os.walk(desk.config) for name in names)


def front_channel_with_discovery_works_by_the_device_grant(provider):
    for user in WHO:
        desk = Desk(provider, user)
        url = desk.issuer("good") + "/.well-known/openid-configuration"
        process = _import(desk, _body(type="front_channel", discovery_url=url), *LET_IN)
        assert process.returncode == 0, process.stdout + process.stderr
        assert "lost       options.type" in process.stderr and "gateway" in process.stderr, process.stderr
        assert f"issuer = {url}\nclient_id = frontdesk\n" in _text(desk), _text(desk)
        assert desk.login("acme", "--service", "login").verdict["verdict"] == "allow"


def back_channel_with_discovery_keeps_its_secret_to_itself(provider):
    for user in WHO:
        desk = Desk(provider, user)
        process = _import(desk, _body(type="back_channel", discovery_url=desk.issuer("good"), client_secret=SECRET), *LET_IN)
        assert process.returncode == 0, process.stdout + process.stderr
        status = os.stat(f"{desk.config}/secrets/acme")
        owner = (0, USERS["frontdesk"], 0o640) if user == "root" else (desk.uid, desk.uid, 0o600)
        assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == owner
        assert _text(desk, "secrets/acme") == SECRET and SECRET not in _text(desk)
        assert SECRET not in process.stdout + process.stderr
        assert desk.login("acme", "--service", "login").verdict["verdict"] == "allow"


def issuer_settings_without_a_device_endpoint_are_written_disabled(provider):
    for shape, missing in (({"type": "back_channel"}, "device_authorization_endpoint, token_endpoint."),
                           ({"type": "front_channel", "client_secret": SECRET}, "device_authorization_endpoint.")):
        desk = Desk(provider)
        issuer = desk.issuer("good")
        more = {} if "token_endpoint" in missing else {"token_endpoint": f"{issuer}/token"}
        body = _body(issuer=issuer, authorization_endpoint=f"{issuer}/authorize", jwks_uri=f"{issuer}/keys", **shape, **more)
        process = _import(desk, body, *LET_IN)
        assert f"INCOMPLETE: the body's endpoints lack {missing}" in process.stderr, process.stderr
        assert "not needed options.authorization_endpoint" in process.stderr, process.stderr
        assert _settings(desk)["enabled"] == "no" and _settings(desk)["jwks_uri"] == f"{issuer}/keys"
        assert desk.login("acme", "--service", "login").verdict["reason"] == "no_connection"
        assert desk.run("connection", "enable", "acme").status == 0
        assert desk.login("acme", "--service", "login").verdict["verdict"] == "allow", "discovery says the rest"


def settings_of_the_command_line_go_before_the_body(provider):
    desk = Desk(provider)
    process = _import(desk, _body(discovery_url="https://idp.example"), "--issuer", desk.issuer("good"), *LET_IN)
    assert process.returncode == 0, process.stdout + process.stderr
    assert _settings(desk)["issuer"] == desk.issuer("good")


def without_a_service_it_serves_none_and_says_so(provider):
    desk = Desk(provider)
    process = _import(desk, _body(discovery_url=desk.issuer("good")), "--no-check")
    assert process.returncode == 0 and "name PAM services with --service" in process.stderr, process.stderr
    assert "services =\n" in _text(desk)


def names_come_from_the_body_or_the_command_line(provider):
    desk = Desk(provider)
    body = _body(discovery_url=desk.issuer("good"))
    assert _import(desk, body, "--no-check", name=("other",)).returncode == 0
    assert _import(desk, {**body, "name": "ACME Corp.de"}, "--no-check").returncode == 0
    assert _names(desk) == ["ca.crt", "connections.d/acme-corp-de.conf", "connections.d/other.conf"]
    process = _import(desk, {**body, "name": "é"}, "--no-check")
    assert process.returncode == 1 and "no name for the file" in process.stderr, process.stderr
    assert _import(desk, body, "--no-check", name=("Acme",)).returncode == 2


def fields_are_told_as_json_for_scripts(provider):
    desk = Desk(provider)
    body = {**_body(discovery_url=desk.issuer("good"), icon_url="https://x/y.png", dreams=7), "enabled_clients": ["a"]}
    process = _import(desk, body, "--no-check", "--json")
    lines = [json.loads(line) for line in process.stdout.splitlines()]
    fates = {line["field"]: line["fate"] for line in lines if line["event"] == "field"}
    assert fates["options.icon_url"] == fates["enabled_clients"] == fates["services"] == "lost", fates
    assert fates["options.dreams"] == "unknown" and fates["options.client_id"] == "kept", fates
    assert lines[-1] == {"event": "connection_import", "name": "acme", "file": f"{desk.config}/connections.d/acme.conf",
                         "secret_file": None}, lines[-1]


def a_dry_run_writes_nothing(provider):
    desk = Desk(provider)
    process = _import(desk, _body(discovery_url=desk.issuer("good"), client_secret=SECRET), "--dry-run")
    assert process.returncode == 0 and "[connection]\nissuer = " in process.stdout, process.stderr
    assert _names(desk) == ["ca.crt"] and SECRET not in process.stdout + process.stderr


def hostile_bodies_are_refused_and_nothing_is_written(provider):
    desk = Desk(provider)
    good = json.dumps(_body(discovery_url=desk.issuer("good")))
    bodies = ("", "null", "[]", good[:-1], good[:-1] + ',"name":"twice"}', '{"strategy":"oidc","options":' + "[" * 5000,
              json.dumps(_body(client_id=5)), json.dumps({**_body(), "options": "x"}), '{"strategy":"oidc"}' + " " * 300000,
              json.dumps(_body(client_secret=["a"])), json.dumps(_body(client_secret="a\nb")), '{"strategy":"saml"}',
              good.replace("openid", "open\\u0000id"), good + good)
    for body in bodies:
        process = _import(desk, body, "--no-check")
        assert process.returncode == 1, (body[:60], process.stdout)
        assert process.stderr.startswith("frontdesk: -: ") and len(process.stderr.splitlines()) == 1, process.stderr
    assert _names(desk) == ["ca.crt"]
    result = desk.run("connection", "import", "/no/such/file")
    assert result.status == 2 and "No such file" in result.err, result


def a_value_brings_no_second_setting_along(provider):
    desk = Desk(provider)
    body = {**_body(discovery_url=desk.issuer("good")), "display_name": "x\nallow_all = yes\n"}
    process = _import(desk, body, "--no-check")
    assert process.returncode == 0 and "control character" in process.stderr, process.stderr
    assert "allow_all" not in _text(desk)


def a_method_that_needs_a_secret_gets_one_or_is_refused(provider):
    desk = Desk(provider)
    body = _body(discovery_url=desk.issuer("good"), token_endpoint_auth_method="client_secret_post")
    process = _import(desk, body, "--no-check")
    assert process.returncode == 1 and "client_secret_post needs one" in process.stderr, process.stderr
    assert _names(desk) == ["ca.crt"]
    assert _import(desk, body, "--no-check", "--client-secret-file", "/run/secret").returncode == 0
    body["options"]["client_secret"] = SECRET
    assert _import(desk, body, "--no-check", "--client-secret-file", "/run/secret", name=("both",)).returncode == 0
    assert "secrets/both" not in _names(desk) and _settings(desk, "both")["client_secret_file"] == "/run/secret"
    key = _body(discovery_url=desk.issuer("good"), token_endpoint_auth_method="private_key_jwt", client_secret="no key")
    process = _import(desk, key, "--no-check", name=("other",))
    assert process.returncode == 1 and "private key" in process.stderr, process.stderr


def what_is_exported_can_be_imported_again(provider):
    desk = Desk(provider).connect(scopes="openid,email", pkce="off", display_name="Вход \"Acme\"", username_claim="nick.name",
                                  sync_profile="never_on_login", domain_aliases="acme.com acme.io", signing_algs="ES256 RS256",
                                  extra_params="audience=api ui_locales=de", token_endpoint="https://idp.example/t",
                                  revocation_endpoint="https://idp.example/r", client_secret_file="/run/secret", enabled="no")
    exported = desk.run("connection", "export", "acme")
    assert exported.status == 0 and "secret" not in exported.out, exported
    for key in ("client_secret_file", "services", "allow_all", "create_users", "ca_file"):
        assert f"lost       {key} " in exported.err, (key, exported.err)
    process = _import(desk, exported.out, "--no-check", name=("again",))
    assert process.returncode == 0, process.stderr
    before, after = _settings(desk), _settings(desk, "again")
    lost = {"client_secret_file", "services", "allow_all", "create_users"}
    normal = {key: " ".join((value or "").replace(",", " ").split()) for key, value in before.items()}
    assert {key: value or "" for key, value in after.items() if key not in lost} == \
        {key: value for key, value in normal.items() if key not in lost}
    assert desk.run("connection", "export", "again").out == exported.out.replace('"name":"acme"', '"name":"again"')


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
