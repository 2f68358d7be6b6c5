#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""deploy/nginx.conf lets calls and WebSockets through TLS to a server with tokens."""
import base64
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from vmariumd import PATIENCE, Vmariumd, binary, request

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIP = 77  # for ctest
NGINX = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin:/sbin")


class Nginx:
    """nginx with the example's site, its names, ports and certificate replaced."""

    def __init__(self, folder, backend):
        self.folder = pathlib.Path(folder)
        # Held, or somebody else might take the port before nginx does, for which it is free all the same.
        self.held = socket.socket()
        self.held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.held.bind(("127.0.0.1", 0))
        self.port = self.held.getsockname()[1]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/CN=vm.example", "-addext", "subjectAltName=DNS:vm.example", "-keyout", self.folder / "key",
                        "-out", self.folder / "cert"], check=True, capture_output=True)
        site = (ROOT / "deploy/nginx.conf").read_text(encoding="ascii")
        for old, new in (("127.0.0.1:7070;", f"127.0.0.1:{backend};"), ("listen 443", f"listen 127.0.0.1:{self.port}"), ("\tlisten [::]:443 ssl;\n", ""),
                         ("/etc/letsencrypt/live/vm.example/fullchain.pem", f"{folder}/cert"),
                         ("/etc/letsencrypt/live/vm.example/privkey.pem", f"{folder}/key")):
            assert old in site, old
            site = site.replace(old, new)
        temporary = "".join(f"{name}_temp_path {folder}/{name};\n"
                            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "conf").write_text(
            f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;\n"
            f"events {{ worker_connections 64; }}\nhttp {{ access_log off;\n{temporary}{site}\n}}\n", encoding="ascii")
        self.process = subprocess.Popen([NGINX, "-p", folder, "-c", self.folder / "conf"])

    def __enter__(self):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                assert time.monotonic() < end and self.process.poll() is None
                time.sleep(0.02)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.held.close()

    def exchange(self, data):
        """What comes back for these bytes, to the end of the head and its body."""
        context = ssl.create_default_context(cafile=str(self.folder / "cert"))
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as plain, \
                context.wrap_socket(plain, server_hostname="vm.example") as sock:
            sock.sendall(data)
            got = b""
            while b"\r\n\r\n" not in got:
                got += sock.recv(65536)
            head, body = got.split(b"\r\n\r\n", 1)
            length = re.search(rb"(?i)content-length: (\d+)", head)
            while length and len(body) < int(length[1]):
                body += sock.recv(65536)
            return int(head.split(b" ")[1]), body


def call(token, body):
    data = json.dumps(body).encode()
    return (f"POST /rpc HTTP/1.1\r\nHost: vm.example\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n").encode() + data


class Ending(threading.Thread):
    """A server that answers the first call, ends when the second has come, over the same connection, and is there anew."""

    def __init__(self):
        super().__init__()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE)
        self.port = self.listener.getsockname()[1]
        self.calls = []

    def hear(self, sock):
        sock.settimeout(PATIENCE)
        got = b""
        while not got.endswith(b"}"):
            got += sock.recv(65536)
        self.calls.append(json.loads(got.split(b"\r\n\r\n", 1)[1])["id"])

    def answer(self, sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    def run(self):
        with self.listener:
            with self.listener.accept()[0] as old:
                self.hear(old)
                self.answer(old)
                self.hear(old)
            with self.listener.accept()[0] as new:
                self.hear(new)
                self.answer(new)


class Site(unittest.TestCase):
    def test_a_call_that_meets_a_server_as_it_ends_goes_to_the_next(self):
        server = Ending()
        server.start()
        with tempfile.TemporaryDirectory() as folder, Nginx(folder, server.port) as nginx:
            self.assertEqual(nginx.exchange(call("token", {"id": 1}))[0], 200)
            self.assertEqual(nginx.exchange(call("token", {"id": 2}))[0], 200)
        server.join(PATIENCE)
        self.assertEqual(server.calls, [1, 2, 2])

    def test_calls_and_sockets_get_through_and_metrics_do_not(self):
        made = subprocess.run([binary(), "--new-token", "ada", "student"], capture_output=True, text=True,
                              check=True).stdout.splitlines()
        with tempfile.TemporaryDirectory() as folder:
            tokens = pathlib.Path(folder, "tokens")
            tokens.write_text(made[-1] + "\n", encoding="ascii")
            with Vmariumd("--host=vm.example", f"--tokens={tokens}") as server, \
                    Nginx(folder, server.port) as nginx:
                status, body = nginx.exchange(call(made[0], request("process.create", 1, want=[])))
                self.assertEqual(status, 200)
                self.assertIn("process", json.loads(body)["result"])
                self.assertEqual(nginx.exchange(call("wrong", request("process.create", 1)))[0], 401)
                upgrade = (b"GET /rpc HTTP/1.1\r\nHost: vm.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + base64.b64encode(bytes(16))
                           + f"\r\nSec-WebSocket-Protocol: vmarium, bearer.{made[0]}\r\n\r\n".encode())
                self.assertEqual(nginx.exchange(upgrade)[0], 101)
                # Its own page is one of https, which only nginx speaks.
                own = "https://vm.example"
                for origin, status in ((own, 200), ("http://vm.example", 403), (own + ".evil", 403)):
                    ping = f"GET /openrpc.json HTTP/1.1\r\nHost: vm.example\r\nOrigin: {origin}\r\n\r\n"
                    self.assertEqual(nginx.exchange(ping.encode())[0], status, origin)
                self.assertEqual(nginx.exchange(b"GET /metrics HTTP/1.1\r\nHost: vm.example\r\n\r\n")[0], 404)


if __name__ == "__main__":
    if not NGINX and not os.environ.get("CI"):
        raise SystemExit(SKIP)
    unittest.main()
