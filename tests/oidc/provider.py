# SPDX-License-Identifier: BSD-2-Clause
"""The scripted provider of tests/idp, and the driver run against it."""
import json
import os
import shutil
import ssl
import subprocess
import tempfile
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Provider:
    """Started with certificates of its own in a temporary folder; both go with close()."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="frontdesk-oidc-")
        subprocess.run([os.path.join(ROOT, "tests/idp/make_certs"), self.folder], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen(["node", os.path.join(ROOT, "tests/idp/scripted.mjs"), "--certs", self.folder],
                                        stdout=subprocess.PIPE, text=True)
        self.ports = json.loads(self.process.stdout.readline())["ports"]
        self.ca = os.path.join(self.folder, "ca.crt")
        self.tls = ssl.create_default_context(cafile=self.ca)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder)

    def origin(self, listener="good"):
        return f"https://localhost:{self.ports[listener]}"

    def ask(self, path, settings=None):
        data = None if settings is None else json.dumps(settings).encode()
        # By number: a bare system may not know "localhost", which is still what the provider calls itself.
        request = urllib.request.Request(f"https://127.0.0.1:{self.ports['good']}{path}", data,
                                         {"Host": f"localhost:{self.ports['good']}"})
        with urllib.request.urlopen(request, context=self.tls, timeout=60) as answer:
            return json.load(answer)

    def log(self, key):
        return self.ask(f"/_log/{key}")

    def requests(self, key, endpoint):
        return [entry for entry in self.log(key) if entry["path"].endswith("/" + endpoint)]


class Driver:
    def __init__(self, program, provider):
        self.program = program
        self.provider = provider

    def run(self, *arguments, environment=None, wrapper=(), program=None):
        """What the driver printed, as a dictionary. Repeated keys keep the last value."""
        process = subprocess.run([*wrapper, program or self.program, "--ca", self.provider.ca, *arguments], text=True,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env={**os.environ, **(environment or {})}, timeout=200)
        if process.returncode != 0:
            raise AssertionError(f"the driver ended with {process.returncode}: {process.stdout}{process.stderr}")
        return dict(line.split("=", 1) for line in process.stdout.splitlines() if "=" in line)

    def sign_in(self, key, *arguments, listener="good", **more):
        return self.run(*arguments, f"{self.provider.origin(listener)}/{key}", **more)

    def session_at(self, issuer, *arguments):
        return self.run(*arguments, issuer, program=os.path.join(os.path.dirname(self.program), "session_driver"))

    def session(self, key, *arguments):
        return self.session_at(f"{self.provider.origin()}/{key}", *arguments)
