# SPDX-License-Identifier: BSD-2-Clause
"""`frontdesk login` says what PAM would do: every case of policy by both, at a customers' and at a staff's service."""
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys

import desk as room
from desk import main, pam_stack, write

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oidc"))
from provider import Provider  # noqa: E402

AUDIT = "/var/log/frontdesk/audit.jsonl"
CA = "/etc/frontdesk/scripted.pem"
SERVICES = {"customers-desk": "customer", "staff-desk": "staff"}
AT_ONCE = 8  # each case waits for its polls: the provider's interval, twice
# What a module answers in auth for each verdict, where passwords are denied.
CODES = {"allow": "SUCCESS", "deny": "AUTH_ERR", "expired": "AUTH_ERR", "unknown_user": "USER_UNKNOWN",
         "unavailable": "AUTHINFO_UNAVAIL", "ignore": "AUTHINFO_UNAVAIL"}
NOBODY = {"allow_all": "no"}

# settings, claims, scenario, user; and the reason that both must give
CASES = (
    ({}, {}, "good", None, "ok"),
    ({}, {}, "good", "", "ok"),
    ({}, {}, "thin", None, "ok"),
    ({}, {}, "denied", None, "access_denied"),
    ({}, {}, "signature-broken", None, "signature"),
    ({}, {}, "discovery-html-502", None, "idp_status"),
    ({}, {}, "device-invalid-client", None, "client_refused"),
    (NOBODY, {}, "good", None, "not_allowed"),
    ({**NOBODY, "allowed_users": "somebody-else"}, {}, "good", None, "not_allowed"),
    ({**NOBODY, "allowed_users": "{user}"}, {}, "good", None, "ok"),
    ({**NOBODY, "allowed_groups": "g-1"}, {"groups": ["g-1", "g-2"]}, "good", None, "ok"),
    ({**NOBODY, "allowed_groups": "g-1"}, {"groups": ["g-2"]}, "good", None, "not_allowed"),
    ({**NOBODY, "allowed_email_domains": "acme.com"}, {}, "good", None, "ok"),
    ({**NOBODY, "allowed_email_domains": "acme.com"}, {"email_verified": False}, "good", None, "email_unverified"),
    ({**NOBODY, "allowed_email_domains": "acme.com"}, {"email_verified": None}, "good", None, "email_not_vouched"),
    ({**NOBODY, "allowed_email_domains": "acme.io"}, {}, "good", None, "not_allowed"),
    ({"required_claims": "department=desk"}, {"department": "desk"}, "good", None, "ok"),
    ({"required_claims": "department=desk"}, {"department": "bar"}, "good", None, "required_claim"),
    ({"required_acr": "mfa"}, {"acr": "mfa"}, "good", None, "ok"),
    ({"required_acr": "mfa"}, {}, "good", None, "required_acr"),
    ({"required_amr": "otp"}, {"amr": ["pwd", "otp"]}, "good", None, "ok"),
    ({"required_amr": "otp"}, {"amr": ["pwd"]}, "good", None, "required_amr"),
    ({"max_age": "60"}, {"auth_time": 1000}, "good", None, "auth_too_old"),
    ({"allowed_tenants": "t-1"}, {"tid": "t-1"}, "good", None, "ok"),
    ({"allowed_tenants": "t-1"}, {"tid": "t-2"}, "good", None, "tenant_not_allowed"),
    ({"locations": "lisbon"}, {}, "good", None, "ok"),
    ({"locations": "porto"}, {}, "good", None, "location_not_allowed"),
    ({"create_users": "no"}, {}, "good", None, "create_off"),
    ({"username_claim": "nothing"}, {}, "good", None, "username_claim_missing"),
    ({"username_regex": "^(x.*)$"}, {}, "good", None, "username_regex"),
    ({}, {"preferred_username": "Not A Name"}, "good", "", "name_invalid"),
    ({}, {"preferred_username": "root"}, "good", "", "name_reserved"),
    ({}, {}, "good", "another", "wrong_user"),
    ({"enabled": "no"}, {}, "good", None, "no_connection"),
)


# A service for each case, beside those that serve one at a time.
ROLES = SERVICES | {f"{service}-{number}": role for service, role in SERVICES.items() for number in range(len(CASES))}
MAIN = "[limits]\nsign_ins_per_host = 100\n" + "".join(
    f"[service {service}]\nrole = {role}\n" for service, role in ROLES.items()) + "[machine]\nlocation = lisbon\n"


def _file(connection):
    return f"/etc/frontdesk/connections.d/{connection}.conf"


class _Case:
    """Its own connection serves its own service, unless it has a name: corp is then written anew for it."""
    def __init__(self, provider, number, service, name=None):
        self.settings, self.claims, self.scenario, self.user, self.reason = CASES[number]
        self.service = service if name else f"{service}-{number}"
        self.name = name or f"case{number}{service[0]}"
        self.connection = "corp" if name else self.name
        self.user = self.name if self.user is None else self.user
        key = f"{self.scenario}~{self.name}"
        claims = {"sub": self.name, "preferred_username": self.name, "email": f"{self.name}@acme.com", **self.claims}
        provider.ask(f"/_control/{key}", {"claims": claims, "userinfo": claims})
        known = {"issuer": f"{provider.origin()}/{key}", "client_id": "frontdesk", "ca_file": CA,
                 "services": self.service, "allow_all": "yes", "create_users": "yes", **self.settings}
        lines = [f"{key} = {value.format(user=self.name)}\n" for key, value in known.items()]
        write(_file(self.connection), "[connection]\n" + "".join(lines))

    def __str__(self):
        return f"{self.service}: {self.settings} {self.claims} {self.scenario}"

    def by_command(self, *more):
        done = subprocess.run(["frontdesk", "login", self.connection, "--json", "--service", self.service,
                               "--user", self.user,
                               *more],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=150, check=False)
        verdict = json.loads(done.stdout.splitlines()[-1])
        return verdict["verdict"], verdict["reason"], verdict["member"] or ""

    def by_pam(self, desk, *more):
        said = desk.pam(self.service, self.user, *more, "auth")
        with open(AUDIT, encoding="utf-8") as file:
            records = [json.loads(line) for line in file if line.endswith("\n")]
        record = [record for record in records if record.get("service") == self.service][-1]
        code, = [line["code"] for line in said if "code" in line]
        assert record["event"] == "sign_in", record
        assert code == CODES[record["verdict"]], (str(self), code, record)
        assert record["role"] == ROLES[self.service], record
        return record["verdict"], record["reason"], record.get("user") or ""


def _judge(case, desk):
    tried = case.by_command()
    assert tried[1] == case.reason, (str(case), tried)
    assert case.by_pam(desk) == tried, (str(case), tried)


def _compare(desk, service):
    provider = Provider()
    cases = []
    try:
        shutil.copy(provider.ca, CA)
        os.chmod(CA, 0o644)
        os.unlink(_file("corp"))
        cases = [_Case(provider, number, service) for number in range(len(CASES))]
        for case in cases:
            pam_stack(case.service, "denied")
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(_judge, case, desk) for case in cases]:
                done.result()
    finally:
        for case in cases:
            os.unlink(_file(case.connection))
        desk.configure(main=MAIN)
        provider.close()


def the_command_and_pam_agree_on_every_case_for_customers(desk):
    _compare(desk, "customers-desk")


def the_command_and_pam_agree_on_every_case_for_staff(desk):
    _compare(desk, "staff-desk")


def the_command_and_pam_agree_about_keys_and_first_sign_ins_from_afar(desk):
    provider = Provider()
    remote = ("--rhost", "198.51.100.7"), ("rhost=198.51.100.7",)
    key = ("--key",), ("prior=publickey ssh-ed25519 AAAA",)
    none = (), ()
    try:
        shutil.copy(provider.ca, CA)
        for number, (section, given, reason) in enumerate((
                ("requires_key = yes\n", none, "key_required"), ("requires_key = yes\n", key, "ok"), ("", key, "ok"),
                ("", remote, "first_sign_in_refused"), ("first_sign_in = reconnect\n", remote, "connect_again"))):
            write("/etc/frontdesk/frontdesk.conf", MAIN.replace("role = staff\n", "role = staff\n" + section))
            case = _Case(provider, 0, "staff-desk", f"key{number}")
            tried = case.by_command(*given[0])
            assert tried[1] == reason, (section, given, tried)
            assert case.by_pam(desk, *given[1]) == tried, (section, given, tried)
    finally:
        write("/etc/frontdesk/frontdesk.conf", MAIN)
        provider.close()


def check_says_which_groups_members_get_and_which_give_power(desk):
    """Here, because local-groups stands where the NSS module has it compiled in."""
    subprocess.run("groupadd -g 3001 desk && groupadd -g 3002 lxd && groupadd -g 901 cameras", shell=True, check=True)
    write("/etc/frontdesk/local-groups", "# a comment\ndesk\nlxd\ncameras\n")
    desk.configure(main=MAIN, corp=room.CORP + "group_map = g1: desk\ngroup_map = g2: cameras\ngroup_map = g3: users\n")
    said = [json.loads(line) for line in desk.cli("check", "--json", check=False).splitlines()]
    found = [(line["state"], line["text"]) for line in said if line["fact"] == "groups"]
    assert found == [
        ("good", "group_map gives `desk` (gid 3001)"),
        ("wrong", "`cameras` is a system's group (gid 901): nobody gets it"),
        ("wrong", "`users` of group_map does not stand in /etc/frontdesk/local-groups: nobody gets it"),
        ("hint", "members may be in `lxd`: a helper that was taken over could give its power to anybody")], found
    write("/etc/frontdesk/local-groups", "desk\ncameras!\nusers!\n")
    said = [json.loads(line) for line in desk.cli("check", "--json", check=False).splitlines()]
    assert [line["state"] for line in said if line["fact"] == "groups"] == ["good"] * 3, said


def _prepare(desk):
    desk.configure(main=MAIN)
    for service in SERVICES:
        pam_stack(service, "denied")
    desk.start_services()


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__], _prepare))
