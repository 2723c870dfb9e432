# SPDX-License-Identifier: BSD-2-Clause
"""Scripted providers in the room: an issuer for each connection, and everybody who comes approves at once, as whoever
the test says. For what a person may be called and be at an identity provider, which a real one cannot be told."""
import atexit
import json
import os
import shutil
import sys
import tempfile

from desk import MAIN
from room import SCRATCH, read, write

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oidc"))
from provider import Provider  # noqa: E402

AUDIT = "/var/log/frontdesk/audit.jsonl"
CA = "/etc/frontdesk/scripted.pem"
CONNECTIONS = "/etc/frontdesk/connections.d"
ABOUT_TOKENS = ("eyJ", "access_token", "id_token", "refresh_token", "device_code")


class Scene:
    def __init__(self, desk, main=MAIN):
        tempfile.tempdir = SCRATCH
        self.desk, self.provider = desk, Provider()
        atexit.register(self.provider.close)
        shutil.copy(self.provider.ca, CA)
        os.chmod(CA, 0o644)
        desk.configure(main=main)
        os.unlink(f"{CONNECTIONS}/corp.conf")
        desk.scene = self

    def connect(self, name, /, **settings):
        """Writes a connection; a setting of None is left out."""
        known = {"issuer": self.issuer(name), "client_id": "frontdesk", "ca_file": CA, "allow_all": "yes",
                 "create_users": "yes", **settings}
        lines = [f"{key} = {value}\n" for key, values in known.items() if values is not None
                 for value in (values if isinstance(values, list) else [values])]
        write(f"{CONNECTIONS}/{name}.conf", "[connection]\n" + "".join(lines))

    def disconnect(self, *names):
        for name in names:
            os.unlink(f"{CONNECTIONS}/{name}.conf")

    def issuer(self, name):
        return f"{self.provider.origin()}/good~{name}"

    def script(self, name, /, **settings):
        self.provider.ask(f"/_control/good~{name}", settings)

    def person(self, name, subject, /, **claims):
        """Who approves at a connection from now on. A claim of None is not sent."""
        said = {"sub": subject, "preferred_username": subject, "name": subject.title(), "groups": None,
                "email": f"{subject}@acme.com", "email_verified": True, **claims}
        self.script(name, claims=said, userinfo=said)

    def on_console(self, user):
        """A console with a shell of that user's, where passwords are denied."""
        terminal = self.desk.login(user)
        terminal.expect(r"\$ ")
        return terminal

    def over_ssh(self, user, options=()):
        terminal = self.desk.ssh(user, options=options)
        terminal.expect("Press Enter")
        terminal.type()
        terminal.expect(r"\$ ")
        return terminal

    def requests(self, name):
        """What reached this connection's issuer, as the paths' last parts."""
        return [entry["path"].rsplit("/", 1)[1] for entry in self.provider.log(f"good~{name}")]


def code_of(said, phase="auth"):
    """What the last try of a phase came to; None: it never came so far."""
    codes = [line["code"] for line in said if line.get("phase") == phase]
    return codes[-1] if codes else None


def codes_of(said):
    return [line["code"] for line in said if "code" in line]


def prompts_of(said):
    return [line["text"] for line in said if str(line.get("style")).startswith("prompt")]


def words_of(said):
    """All that the person read."""
    return "\n".join(line["text"] for line in said if "style" in line)


def environment_of(said):
    found, = [line["environment"] for line in said if "environment" in line]
    return dict(entry.split("=", 1) for entry in found)


def audit():
    return [json.loads(line) for line in read(AUDIT).splitlines()] if os.path.exists(AUDIT) else []


def audit_since(count):
    return audit()[count:]
