# SPDX-License-Identifier: BSD-2-Clause
"""A proxy that knows CONNECT and nothing else, and counts."""
import socket
import threading

HEADER_MAX = 65536


def copy(source, target):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        pass
    finally:
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Tunnel:
    """Every name leads to 127.0.0.1: what the proxy was asked for stands in `asked`, the request in `heads`."""

    def __init__(self, status=200):
        self.status = status
        self.asked, self.heads = [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def serve(self):
        try:
            while True:
                threading.Thread(target=self.carry, args=(self.listener.accept()[0],), daemon=True).start()
        except OSError:
            pass

    def carry(self, client):
        head = b""
        while b"\r\n\r\n" not in head and len(head) < HEADER_MAX:
            piece = client.recv(4096)
            if not piece:
                return client.close()
            head += piece
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        self.asked.append(f"{method} {target}")
        self.heads.append(head.decode().lower())
        if method != "CONNECT" or self.status != 200:
            client.sendall(f"HTTP/1.1 {self.status} No\r\nContent-Length: 0\r\nX-A: b\r\n\r\n".encode())
            return client.close()
        server = socket.create_connection(("127.0.0.1", int(target.rsplit(":", 1)[1])))
        client.sendall(b"HTTP/1.1 200 Connection established\r\nCache-Control: max-age=7\r\n\r\n")
        threading.Thread(target=copy, args=(server, client), daemon=True).start()
        return copy(client, server)
