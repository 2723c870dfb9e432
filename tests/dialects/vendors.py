# SPDX-License-Identifier: BSD-2-Clause
"""The vendors as connections, their scripted dialects at their own host names, and desks that know no other trick than
the shipped preset: neither ca_file nor an endpoint is ever typed."""
import json
import os
import ssl
import subprocess
import sys
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "cli"), os.path.join(HERE, "..", "e2e")]
import desk as cli  # noqa: E402
import tap  # noqa: E402

PROGRAM = os.path.join(HERE, "../idp/dialects.mjs")
ADDRESS = "10.66.0.2"  # on the loopback interface, and none of those that a stranger's word must not lead to
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
TENANT = "8d3e7c52-1f0b-4a86-9b55-0c6f2f1d7e01"
STAFF_GUID = "3f2b8c1e-0d4a-4c52-9f16-5a7e2b9d4c80"
CUT = "^([^@]+)@acme[.]com$"
GOOGLE_SECRET, DEX_SECRET = "GOCSPX-an_example-secret", "ZXhhbXBsZS1hcHAtc2VjcmV0"
KEYCLOAK_SECRET = "tq3VnExampleSecretOf32Characters"

# What an administrator types, besides services and who may enter. `secret` goes to a file.
TYPED = {
    "auth0": {"preset": "auth0", "issuer": "https://acme.eu.auth0.com", "client_id": "frontdesk", "username_regex": CUT},
    "okta": {"preset": "okta", "okta_domain": "acme.okta.com", "client_id": "0oa1exampleCLIENT5d7", "username_regex": CUT},
    "okta-default": {"preset": "okta", "okta_domain": "acme.okta.com", "okta_auth_server": "default",
                     "client_id": "0oa1exampleCLIENT5d7", "username_regex": CUT},
    "okta-custom": {"preset": "okta", "okta_domain": "login.acme.com", "okta_auth_server": "aus1exampleSERVER5d7",
                    "client_id": "0oa1exampleCLIENT5d7", "username_regex": CUT},
    "entra": {"preset": "entra", "issuer": f"https://login.microsoftonline.com/{TENANT}/v2.0",
              "client_id": "5a1f0c9e-7d42-4c11-8e7b-3d2b9f60aa10", "username_regex": CUT},
    "entra-organizations": {"preset": "entra", "issuer": "https://login.microsoftonline.com/organizations/v2.0",
                            "allowed_tenants": TENANT, "client_id": "5a1f0c9e-7d42-4c11-8e7b-3d2b9f60aa10",
                            "username_regex": CUT},
    "google": {"preset": "google", "client_id": "407408718192-example.apps.googleusercontent.com",
               "secret": GOOGLE_SECRET, "username_regex": CUT},
    "keycloak": {"preset": "keycloak", "issuer": "https://sso.acme.example/realms/acme", "client_id": "frontdesk",
                 "secret": KEYCLOAK_SECRET},
    "dex": {"preset": "dex", "issuer": "https://dex.acme.example/dex", "client_id": "frontdesk", "secret": DEX_SECRET},
    "authentik": {"preset": "authentik", "issuer": "https://authentik.acme.example/application/o/frontdesk",
                  "client_id": "frontdesk"},
    "authelia": {"preset": "authelia", "issuer": "https://auth.acme.example", "client_id": "frontdesk"},
    "zitadel": {"preset": "zitadel", "issuer": "https://acme.zitadel.cloud", "client_id": "280934512345678901",
                "extra_audiences": "280934234234234234"},
}
VENDORS = list(TYPED)


def _names():
    done = subprocess.run(["node", PROGRAM, "--names"], capture_output=True, text=True, check=True)
    return done.stdout.split()


def lay_out(folder, names=None):
    """Certificates in `folder`; the names lead to ADDRESS and the system trusts them. Network, hosts file and bundle are
    the caller's own."""
    subprocess.run(["ip", "addr", "add", f"{ADDRESS}/32", "dev", "lo"], check=True)
    names = names or _names()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                    f"{folder}/vendors.key", "-out", f"{folder}/vendors.crt", "-days", "2", "-subj", "/CN=vendors",
                    "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)],
                   check=True, capture_output=True)
    with open("/etc/hosts", "a", encoding="utf-8") as file:
        file.write(f"{ADDRESS} " + " ".join(names) + "\n")
    with open(f"{folder}/vendors.crt", encoding="utf-8") as file, open(BUNDLE, "a", encoding="utf-8") as trusted:
        trusted.write(file.read())


class Dialects:
    """The program, and what tests tell it and ask it."""

    def __init__(self, folder):
        self.process = subprocess.Popen(["node", PROGRAM, "--cert", f"{folder}/vendors.crt", "--key",
                                         f"{folder}/vendors.key", "--address", ADDRESS], stdout=subprocess.PIPE, text=True)
        self.ca = f"{folder}/vendors.crt"
        assert self.process.stdout.readline() == "ready\n"

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, verb, vendor, body=None):
        data = None if body is None else json.dumps(body).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(
            context=ssl.create_default_context(cafile=self.ca)))
        with opener.open(f"https://acme.okta.com/_{verb}/{vendor}", data, timeout=60) as answer:
            return json.load(answer)

    def set(self, vendor, **settings):
        """As it was at first, but for codes that are polled each second, and for these settings."""
        self.ask("reset", vendor, {})
        device = {"interval": 1, **settings.pop("device", {})}
        self.ask("control", vendor, {"device": device, **settings})

    def requests(self, vendor, method):
        return [entry for entry in self.ask("log", vendor)["requests"] if entry["method"] == method]


class VendorDesk(cli.Desk):
    """allow: who may enter; `typed` replaces what TYPED says (None: left out)."""

    _numbering = threading.Lock()

    def __init__(self, dialects, vendor, allow=None, **typed):
        with self._numbering:
            super().__init__(dialects)
        self.dialects, self.vendor = dialects, vendor
        settings = {**TYPED[vendor], "services": "login sshd", "create_users": "yes", **(allow or {"allow_all": "yes"}),
                    **typed}
        secret = settings.pop("secret", None)
        if secret:
            path = self.write("secret", secret + "\n", 0o640)
            os.chown(path, 0, cli.USERS["frontdesk"])
            settings["client_secret_file"] = path
        lines = [f"{key} = {value}\n" for key, value in settings.items() if value is not None]
        self.write("connections.d/acme.conf", "[connection]\n" + "".join(lines))

    def sign_in(self, *arguments):
        return self.login("acme", "--service", "login", *arguments)


def each(vendors, act):
    """act(vendor) for all of them at the same time, for they mostly wait; what failed is said of each."""
    with ThreadPoolExecutor(len(VENDORS)) as pool:
        futures = {vendor: pool.submit(act, vendor) for vendor in vendors}
    wrong = {vendor: future.exception() for vendor, future in futures.items() if future.exception()}
    assert not wrong, "\n".join(f"{vendor}: {type(why).__name__}: {why}" for vendor, why in wrong.items())


def of(vendor):
    """Marks a test that needs one vendor alone: it runs beside those of others, for they mostly wait."""
    def mark(test):
        test.vendor = vendor
        return test
    return mark


def _side_by_side(tests, provider):
    """Tests for tap.run: the marked ones begin all together when it is the turn of the first, one by one for each
    vendor."""
    marked = [test for test in tests if hasattr(test, "vendor")]
    pools = {test.vendor: ThreadPoolExecutor(1) for test in marked}
    results = {}

    def wait_for(test):
        def waiting(_):
            if not results:
                results.update({each: pools[each.vendor].submit(each, provider) for each in marked})
            results[test].result()
        waiting.__name__ = test.__name__
        return waiting
    return [test for test in tests if test not in marked] + [wait_for(test) for test in marked]


def _private(path):
    copy = f"{cli.SCRATCH}/{os.path.basename(path)}"
    subprocess.run(["cp", path, copy], check=True)
    subprocess.run(["mount", "--bind", copy, path], check=True)


def _have_hosts():
    """A minimal machine has no hosts file, and nothing can be mounted over what is not there. Before anything else is
    mounted below /etc, which an overlay would hide."""
    if os.path.exists("/etc/hosts"):
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/media"], check=True)
    for folder in ("upper", "work"):
        os.mkdir(f"/media/{folder}", 0o755)
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o",
                    "lowerdir=/etc,upperdir=/media/upper,workdir=/media/work", "/etc"], check=True)
    with open("/etc/hosts", "w", encoding="utf-8") as file:
        file.write("127.0.0.1 localhost\n")


def main(module, start=Dialects, names=None):
    """Runs a test file against what `start` starts, in a folder that has vendors.crt for `names`."""
    _have_hosts()
    cli.set_up()
    for path in ("/etc/hosts", BUNDLE):
        _private(path)
    lay_out(cli.SCRATCH, names)
    provider = start(cli.SCRATCH)
    try:
        return tap.run(_side_by_side(tap.tests_of(module), provider), provider)
    finally:
        provider.close()
