# SPDX-License-Identifier: BSD-2-Clause
"""A server on this machine's loopback, with TLS by the tests' own authority, that answers as a test says; and the
ready-made programs run against it, as the user that they would have."""
import http.server
import json
import os
import ssl
import subprocess
import threading
from urllib.parse import parse_qs, urlsplit

from place import ENVIRONMENT, HOOKS_UID, room

EVENT = {"version": 1, "event": "QWxsIGV2ZW50cyBhcmUgMQ", "kind": "check_in", "time": "2026-03-01T08:00:00Z",
         "location": "Berlin", "machine": "desk-1", "how": "kiosk", "check_in": 7,
         "checked_in_at": "2026-03-01T08:00:00Z", "connection": "corp",
         "member": {"name": "ada", "uid": 70001, "issuer": "https://idp.example/", "subject": "s-1",
                    "full_name": "Ada \u00d6", "email": "ada@acme.com", "email_verified": True}}


def event(**changes):
    member = {**EVENT["member"], **changes.pop("member", {})}
    return json.dumps({**EVENT, **changes, "member": member}, separators=(",", ":"))


class Request:
    def __init__(self, handler):
        length = int(handler.headers.get("Content-Length") or 0)
        self.method, self.headers = handler.command, handler.headers
        self.body = handler.rfile.read(length)
        parts = urlsplit(handler.path)
        self.path, self.query = parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()}

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def form(self):
        return {k: v[0] for k, v in parse_qs(self.body.decode()).items()}


class Server:
    """answer(request) gives (status, body) or (status, body, headers); None: it says nothing until let_go()."""

    def __init__(self, place):
        certs = f"{place.folder}/certs"
        if not os.path.exists(certs):
            subprocess.run(["tests/idp/make_certs", certs], check=True)
        self.ca, self.certs, self.requests = f"{certs}/ca.crt", certs, []
        os.chmod(certs, 0o755)
        self.answer = lambda request: (200, "{}")
        self._gone = threading.Event()
        self._serve()

    def _serve(self):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):  # pylint: disable=invalid-name
                request = Request(self)
                server.requests.append(request)
                answer = server.answer(request)
                if answer is None:
                    server._gone.wait(room.PATIENCE)  # pylint: disable=protected-access
                    self.close_connection = True
                elif isinstance(answer, bytes):
                    self.wfile.write(answer)
                    self.close_connection = True
                else:
                    status, body, *headers = answer
                    self.send_response(status)
                    for name, value in (headers[0] if headers else {}).items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(body.encode())))
                    self.end_headers()
                    self.wfile.write(body.encode())

            do_POST = do_PUT = do_DELETE = do_PATCH = do_GET

            def log_message(self, *_):
                pass

        class Listener(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """A client that goes in the middle is part of the play."""

        self._listener = Listener(("127.0.0.1", 0), Handler)
        self.present("good")
        self.port = self._listener.server_address[1]
        threading.Thread(target=self._listener.serve_forever, daemon=True).start()

    def present(self, name):
        """From now on this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.certs}/{name}.crt", f"{self.certs}/{name}.key")
        if not hasattr(self, "_plain"):
            self._plain = self._listener.socket
        self._listener.socket = context.wrap_socket(self._plain.dup(), server_side=True, do_handshake_on_connect=False)

    def url(self, path=""):
        return f"https://localhost:{self.port}{path}"

    def take(self):
        """The requests since the last look."""
        taken, self.requests = self.requests, []
        return taken

    def let_go(self):
        self._gone.set()
        self._gone = threading.Event()


def secret(place, name, text, mode=0o440, owner=(0, HOOKS_UID)):
    path = f"{place.folder}/{name}"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chown(path, *owner)
    os.chmod(path, mode)
    return path


def settings(place, name, mode=0o644, owner=0, **keys):
    """/etc/frontdesk/hooks/NAME.conf; a key None is left out."""
    path = f"{place.programs}/{name}.conf"
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items() if value is not None))
    os.chmod(path, mode)
    os.chown(path, owner, owner)
    return path


def start(place, name, **more):
    environment = {**ENVIRONMENT, **more.pop("env", {})}
    return subprocess.Popen([f"{place.folder}/frontdesk-{name}", f"--config={place.programs}/{name}.conf"],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            user=HOOKS_UID, group=HOOKS_UID, extra_groups=[], cwd="/", env=environment, **more)


def run(place, name, said, **more):
    """(exit status, what it printed)"""
    process = start(place, name, **more)
    try:
        out, _ = process.communicate(said + "\n", timeout=2 * room.PATIENCE)
    except BrokenPipeError:
        out = process.stdout.read()
    return process.wait(), out
