# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk login`: the verdicts, what a script reads, what is written, and what is refused before anything is."""
import os
import subprocess
import sys

from desk import Desk, SCRATCH, USERS, main, set_users, tap

WHO = ("root", "lena")


def everybody_sees_the_prompt_and_then_an_allow(provider):
    for user in WHO:
        desk = Desk(provider, user).connect("one-pending")
        result = desk.login("acme", "--service", "login", "--user", "ana", "--show-claims")
        assert result.status == 0, result
        prompt, *_, verdict = result.lines
        assert [line["event"] for line in result.lines[1:-1]][-2:] == ["rule", "profile"], result
        assert list(prompt) == ["event", "user_code", "verification_uri", "verification_uri_complete", "expires_in"]
        assert prompt["event"] == "prompt" and prompt["verification_uri"].startswith("https://localhost"), prompt
        assert prompt["user_code"] and prompt["expires_in"] > 0, prompt
        assert list(verdict) == ["event", "verdict", "reason", "member", "issuer", "subject", "claims"]
        assert (verdict["verdict"], verdict["reason"], verdict["member"]) == ("allow", "ok", "ana"), verdict
        assert verdict["issuer"] == desk.issuer("one-pending") == verdict["claims"]["iss"], verdict
        assert verdict["subject"] == "user-1" and verdict["claims"]["email"] == "ana@acme.com", verdict


def a_server_without_a_complete_uri_gives_null(provider):
    prompt = Desk(provider).connect("no-uri-complete").login().lines[0]
    assert prompt["verification_uri_complete"] is None, prompt


def no_token_is_ever_printed(provider):
    desk = Desk(provider).connect("refresh-token", userinfo="always")
    for result in (desk.login(), desk.run("login")):
        assert result.status == 0, result
        for text in (result.out, result.err):
            assert "eyJ" not in text and "refresh-1" not in text and "device_code" not in text, result


def claims_of_userinfo_are_merged_into_those_of_the_id_token(provider):
    verdict = Desk(provider).connect("thin").login("--show-claims").verdict
    assert verdict["verdict"] == "allow" and verdict["claims"]["preferred_username"] == "ana", verdict
    assert verdict["claims"]["iss"] and verdict["claims"]["name"] == "Ana Gomes", verdict


def claims_that_only_bind_a_token_are_left_out_and_all_others_stay(provider):
    desk = Desk(provider).connect()
    extra = {"c_hash": "c", "s_hash": "s", "jti": "1", "sid": "2", "x\"y\\z\n": ["é\u2028", {"": 1.5}]}
    provider.ask(f"/_control/good~desk{Desk.number}", {"claims": extra})
    result = desk.login("--show-claims")
    claims = result.verdict["claims"]
    assert not {"nonce", "at_hash", "c_hash", "s_hash"} & set(claims), claims
    del extra["c_hash"], extra["s_hash"]
    assert extra.items() <= claims.items() and claims["aud"] == "frontdesk", claims
    assert "nonce" not in desk.run("login").out


def without_commit_no_member_is_written(provider):
    for user in WHO:
        desk = Desk(provider, user).connect()
        assert desk.login().verdict["member"] == "ana"
        assert desk.members() == {}


def with_commit_the_member_stays_and_is_found_again(provider):
    for user in WHO:
        desk = Desk(provider, user).connect()
        assert desk.login("--commit").status == 0
        assert list(desk.members()) == ["ana"]
        desk.connect(create_users="no")
        result = desk.login("--user", "ana")
        assert result.status == 0, result
        assert len(desk.members()) == 1


def each_verdict_has_its_reason_and_only_allow_ends_with_zero(provider):
    cases = (
        ({}, (), "denied", "deny", "access_denied"),
        ({}, (), "expires-3", "expired", "code_expired"),
        ({}, (), "signature-broken", "deny", "signature"),
        ({}, (), "discovery-html-502", "unavailable", "idp_status"),
        ({}, ("--user", "bob"), "good", "deny", "wrong_user"),
        ({"allow_all": "no"}, (), "good", "deny", "not_allowed"),
        ({"create_users": "no"}, (), "good", "unknown_user", "create_off"),
        ({}, ("--service", "sudo"), "good", "ignore", "no_connection"),
        ({"enabled": "no"}, (), "good", "ignore", "no_connection"),
        ({"issuer": "https://localhost:1"}, (), "good", "unavailable", "idp_unreachable"),
        ({"ca_file": None}, (), "good", "unavailable", "idp_tls"),
    )
    for settings, arguments, scenario, verdict, reason in cases:
        result = Desk(provider).connect(scenario, **settings).login(*arguments)
        found = result.verdict
        assert (found["verdict"], found["reason"]) == (verdict, reason), (scenario, settings, str(result))
        assert result.status == 1 and found["member"] is None, (scenario, str(result))
        told = [line for line in result.err.splitlines() if "nobody may enter: set" not in line]
        assert sum(f'"verdict":"{verdict}","reason":"{reason}",' in line for line in told) == 1, (scenario, str(result))
        assert len(told) == (1 if verdict == "ignore" else 2), (scenario, str(result))


def an_identity_that_is_refused_is_told(provider):
    verdict = Desk(provider).connect(allow_all="no").login().verdict
    assert verdict["subject"] == "user-1" and verdict["claims"]["email_verified"] is True, verdict
    verdict = Desk(provider).connect("denied").login().verdict
    assert verdict["issuer"] is None and verdict["subject"] is None and verdict["claims"] == {}, verdict


def a_stranger_over_ssh_is_refused_or_told_to_connect_again(provider):
    desk = Desk(provider).connect()
    verdict = desk.login("--service", "sshd", "--user", "ana", "--rhost", "198.51.100.7").verdict
    assert (verdict["verdict"], verdict["reason"]) == ("unknown_user", "first_sign_in_refused"), verdict
    desk.write("frontdesk.conf", "[service sshd]\nfirst_sign_in = reconnect\n")
    verdict = desk.login("--service", "sshd", "--user", "ana", "--rhost", "198.51.100.7", "--commit").verdict
    assert (verdict["verdict"], verdict["reason"]) == ("deny", "connect_again"), verdict
    verdict = desk.login("--service", "sshd", "--user", "ana", "--rhost", "198.51.100.7").verdict
    assert verdict["verdict"] == "allow", verdict


def a_broken_configuration_is_unavailable_and_says_where(provider):
    for user in WHO:
        desk = Desk(provider, user).connect()
        desk.write("frontdesk.conf", "[limits]\nsign_ins = many\n")
        result = desk.login()
        assert result.verdict["reason"] == "config_broken" and result.status == 1, result
        assert "/frontdesk.conf:2: sign_ins: " in result.err, result


def a_broken_connection_is_unavailable_and_says_where(provider):
    cases = ({"create_user": "yes"}, {"client_id": None}, {"allow_all": "maybe"})
    for settings in cases:
        result = Desk(provider).connect(**settings).login("acme")
        assert result.verdict["reason"] == "connection_broken" and result.status == 1, result
        assert "/connections.d/acme.conf" in result.err, result


def a_missing_configuration_is_unavailable(provider):
    result = Desk(provider).login()
    assert result.verdict["reason"] == "config_broken" and "holds neither" in result.err, result


def a_configuration_that_others_can_write_is_refused(provider):
    desk = Desk(provider, "lena").connect()
    os.chmod(f"{desk.config}/connections.d/acme.conf", 0o666)
    result = desk.login()
    assert result.verdict["reason"] == "connection_broken" and "written by others" in result.err, result


def a_secret_that_others_can_read_is_unavailable(provider):
    for user in WHO:
        desk = Desk(provider, user)
        secret = desk.write("secret", "s3cret\n", 0o644)
        result = desk.connect(client_secret_file=secret).login()
        assert result.verdict["reason"] == "secret_unreadable" and "open to everybody" in result.err, result


def a_private_secret_is_used(provider):
    for user, mode, group in (("lena", 0o600, USERS["lena"]), ("root", 0o640, USERS["frontdesk"])):
        desk = Desk(provider, user)
        secret = desk.write("secret", "p:a+s%s &w=rd/é\n", mode)
        os.chown(secret, desk.uid, group)
        result = desk.connect("client-post", client_id="kiosk", client_secret_file=secret).login()
        assert result.status == 0, result


def missing_folders_are_made_for_their_owner_alone(provider):
    for user, owner in (("root", "frontdesk"), ("lena", "lena")):
        desk = Desk(provider, user).connect()
        assert desk.login().status == 0
        for path in (desk.state, desk.runtime):
            status = os.stat(path)
            assert (status.st_mode & 0o7777, status.st_uid) == (0o700, USERS[owner]), (path, status)


def missing_users_are_said_with_the_command_that_makes_them(provider):
    desk = Desk(provider).connect()
    set_users("lena")
    try:
        result = desk.login("acme")
        set_users("lena", "frontdesk-net")
        one = desk.login("acme")
    finally:
        set_users(*USERS)
    assert result.status == 2 and result.out == "" and result.err.count("\n") == 1, result
    assert "frontdesk and frontdesk-net are missing" in result.err and "useradd" in result.err, result
    assert one.status == 2 and "the user frontdesk is missing" in one.err, one
    assert not os.path.exists(desk.state) and not os.path.exists(desk.runtime)


def a_folder_that_the_users_cannot_enter_is_said_with_the_command_that_opens_it(provider):
    desk = Desk(provider).connect()
    os.chmod(desk.folder, 0o700)
    result = desk.login("acme")
    assert result.status == 2 and result.out == "" and result.err.count("\n") == 1, result
    assert f"`chmod o+x {desk.folder}`" in result.err, result
    assert not os.path.exists(desk.state) and not os.path.exists(desk.runtime)
    subprocess.run(["chmod", "o+x", desk.folder], check=True)
    assert desk.login("acme").status == 0


def a_state_folder_of_somebody_else_is_said_with_the_command_that_mends_it(provider):
    desk = Desk(provider).connect()
    os.makedirs(desk.state)
    result = desk.login("acme")
    assert result.status == 2 and f"chown frontdesk: {desk.state}" in result.err, result
    assert os.listdir(desk.state) == []
    desk = Desk(provider, "lena").connect()
    os.makedirs(desk.state)
    result = desk.login("acme")
    assert result.status == 2 and f"chown {desk.uid}: {desk.state}" in result.err, result


def a_folder_that_cannot_be_made_or_is_none_leaves_the_others_unmade(provider):
    for user in WHO:
        desk = Desk(provider, user).connect()
        with open(desk.runtime, "w", encoding="utf-8"):
            pass
        result = desk.login("acme")
        assert result.status == 2 and result.err == f"frontdesk: {desk.runtime} is no folder: choose another one\n", result
        assert not os.path.exists(desk.state)
        os.makedirs(os.path.dirname(desk.state))
        os.rename(desk.runtime, desk.state)
        result = desk.login("acme")
        assert result.status == 2 and result.err == f"frontdesk: {desk.state} is no folder: choose another one\n", result
        assert not os.path.exists(desk.runtime)
    desk = Desk(provider, "lena").connect()
    os.makedirs(desk.state)
    for folder in (desk.state, os.path.dirname(desk.state)):
        os.chown(folder, desk.uid, desk.uid)
    os.rmdir(desk.state)
    os.chown(desk.folder, 0, 0)
    result = desk.login("acme")
    assert result.status == 2 and f"cannot make the folder {desk.runtime}: Permission denied" in result.err, result
    assert not os.path.exists(desk.state)


def connections_that_the_users_cannot_list_are_said_with_the_command_that_opens_them(provider):
    desk = Desk(provider).connect()
    os.chmod(f"{desk.config}/connections.d", 0o700)
    result = desk.login("acme")
    assert result.status == 2 and f"`chmod o+rx {desk.config}/connections.d`" in result.err, result
    assert not os.path.exists(desk.state)


def a_read_only_state_folder_is_unavailable(provider):
    for user, owner in (("root", "frontdesk"), ("lena", "lena")):
        desk = Desk(provider, user).connect()
        os.makedirs(desk.state)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"ro,uid={USERS[owner]},mode=700", "tmpfs", desk.state], check=True)
        for arguments in ((), ("--commit",)):
            result = desk.login(*arguments)
            assert (result.status, result.verdict["reason"]) == (1, "store_failed"), result
            assert "Read-only file system" in result.err, result
            assert result.err.count('"verdict":"unavailable","reason":"store_failed"') == 1, result
        subprocess.run(["umount", desk.state], check=True)


def a_state_folder_that_cannot_be_written_is_unavailable(provider):
    desk = Desk(provider).connect()
    os.makedirs(desk.state)
    os.chown(desk.state, USERS["frontdesk"], USERS["frontdesk"])
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=4k,uid={USERS['frontdesk']},mode=700", "tmpfs", desk.state],
                   check=True)
    with open(f"{desk.state}/fill", "wb") as file:
        file.write(b"x" * 4096)
    result = desk.login("--commit")
    assert result.verdict["verdict"] == "unavailable", result
    assert result.verdict["reason"] in ("store_failed", "publish_failed") and result.err, result
    subprocess.run(["umount", desk.state], check=True)


def a_full_or_wrong_command_line_is_refused_before_anything_is_touched(provider):
    desk = Desk(provider).connect().connect(name="beta")
    for arguments in (["login", "--json"], ["login", "nobody"], ["login", "a", "b"], ["login", "acme", "--nonsense"],
                      ["login", "acme", "--timeout", "0"], ["login", "acme", "--timeout", "1x"],
                      ["login", "acme", "--user", "x" * 300], ["--state-dir", "", "login", "acme"], ["nonsense"], [], ["members"], ["members", "make"]):
        result = desk.run(*arguments)
        assert result.status == 2 and result.out == "" and result.err, (arguments, str(result))
        assert "chown" not in result.err, (arguments, str(result))
    assert not os.path.exists(desk.state)


def relative_folders_are_those_below_the_working_folder(provider):
    desk = Desk(provider).connect()
    relative = {name: os.path.relpath(getattr(desk, name), SCRATCH) for name in ("config", "state", "runtime")}
    command = ["./frontdesk", "--config-dir", relative["config"], "--state-dir", relative["state"], "--runtime-dir",
               relative["runtime"], "login", "--json"]
    process = subprocess.run(command, cwd=SCRATCH, capture_output=True, text=True, check=False,
                             env={"ASAN_OPTIONS": "detect_leaks=0"})
    assert process.returncode == 0, process
    assert os.path.isdir(desk.state)


if __name__ == "__main__":
    sys.exit(main(tap.tests_of(sys.modules[__name__])))
