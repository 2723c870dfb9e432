# SPDX-License-Identifier: BSD-2-Clause
"""What a browser's page would be to the server: requests, and a stream of events."""
import http.client
import json
import socket

from place import PATIENCE, PORT

HOST = f"127.0.0.1:{PORT}"


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()


def ask(path, method="GET", headers=None, body=None):
    """One request, on a connection of its own, with exactly these headers besides Host."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        given = {"Host": HOST, **(headers or {})}
        if body is not None:
            given.setdefault("Content-Length", str(len(body)))
        for name, value in given.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def raw(data, wait=True):
    """What comes back for these bytes, until the end."""
    with socket.create_connection(("127.0.0.1", PORT), timeout=PATIENCE) as sock:
        sock.sendall(data)
        received = b""
        while wait:
            try:
                chunk = sock.recv(65536)
            except ConnectionResetError:
                break
            if not chunk:
                break
            received += chunk
        return received


class Page:
    """An open page. `hello` and every other event are in `events`, as (name, data)."""

    def __init__(self, token, headers=""):
        self.token, self.events, self.left = token, [], b""
        self.sock = socket.create_connection(("127.0.0.1", PORT), timeout=PATIENCE)
        self.sock.sendall(f"GET /{token}/events HTTP/1.1\r\nHost: {HOST}\r\n{headers}\r\n".encode())
        self.head, self.beats, self.is_over = None, 0, False
        self.read(lambda: self.head is not None)
        self.status = int(self.head.split()[1])
        if self.status == 200:
            self.hello = self.until("hello")
            self.viewer = self.hello["viewer"]

    def read(self, condition):
        while not condition() and not self.is_over:
            chunk = self.sock.recv(65536)
            self.is_over = not chunk
            self.left += chunk
            if self.head is None and b"\r\n\r\n" in self.left:
                head, self.left = self.left.split(b"\r\n\r\n", 1)
                self.head = head.decode()
            self._take_chunks()

    def _take_chunks(self):
        """Out of the chunks the events; each chunk is `size\\r\\nbytes\\r\\n`."""
        self.text = getattr(self, "text", b"")
        while self.head is not None and b"\r\n" in self.left:
            size, rest = self.left.split(b"\r\n", 1)
            if not size or len(rest) < int(size, 16) + 2:
                break
            self.is_over |= int(size, 16) == 0
            self.text += rest[:int(size, 16)]
            self.left = rest[int(size, 16) + 2:]
        *blocks, self.text = self.text.split(b"\n\n")
        for block in blocks:
            fields = dict(line.split(": ", 1) for line in block.decode().splitlines() if ": " in line)
            if block == b":":
                self.beats += 1
            elif "event" in fields:
                self.events.append((fields["event"], json.loads(fields["data"])))

    def until(self, name, state=None):
        """The data of the next such event that was not yet asked for; all before it are passed over."""
        while True:
            def found():
                return [i for i, (event, data) in enumerate(self.events)
                        if event == name and (state is None or data.get("state") == state)]
            self.read(found)
            if not found():
                raise AssertionError(f"no {name} {state} came: {self.events}")
            at = found()[0]
            data = self.events[at][1]
            del self.events[:at + 1]
            return data

    def state(self, name):
        return self.until("state", name)

    def act(self, action):
        body = json.dumps({"viewer": self.viewer, "action": action}).encode()
        return ask(f"/{self.token}/act", "POST", {"Content-Type": "application/json"}, body).status

    def ends(self):
        """Reads on; true once the server has ended it."""
        self.read(lambda: False)
        return self.is_over

    def close(self):
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


