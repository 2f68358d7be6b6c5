# SPDX-License-Identifier: MIT
"""A vmariumd of its own for a test, and clients that speak to it in bytes."""
import contextlib
import hashlib
import json
import os
import re
import signal
import socket
import subprocess

PATIENCE = 60  # seconds; sanitizers are slow, and machines are shared
HOST = b"Host: localhost\r\n"


def environment(**changes):
    """Ours without what is the tests' alone, of which the server would warn."""
    return {name: value for name, value in os.environ.items()
            if name not in ("VMARIUM_BIN", "VMARIUM_BODIES")} | changes


def binary():
    return os.path.join(os.environ["VMARIUM_BIN"], "vmariumd")


class Vmariumd:
    """A server on a free port, ended with the `with` block."""

    def __init__(self, *args, **env):
        self.process = subprocess.Popen(
            [binary(), "--listen", "127.0.0.1:0", *args],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=environment(**env))
        line = self.process.stdout.readline()
        found = re.fullmatch(r"listening on (http://127\.0\.0\.1:(\d+))\n",
                             line)
        if not found:
            self.process.kill()
            raise AssertionError(f"{line!r} {self.process.communicate()}")
        self.url, self.port = found[1], int(found[2])

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=PATIENCE)
        self.errors = err
        if exc[0] is None:
            assert self.process.returncode == 0, \
                (self.process.returncode, out, err)
            assert out == "", out

    def signal(self, number):
        self.process.send_signal(number)

    def connect(self):
        return Peer(socket.create_connection(("127.0.0.1", self.port),
                                             timeout=PATIENCE))


class Answer:
    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.version, status, *self.reason = lines[0].split(" ", 2)
        self.status = int(status)
        self.fields = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.fields[name.lower()] = value.strip()
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def key(self):
        return self.json["error"]["key"]


class Peer:
    """One connection."""

    def __init__(self, sock):
        self.sock = sock
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def more(self):
        data = self.sock.recv(65536)
        self.rest += data
        return data

    def hear(self, without_body=False):
        """The next answer, or None if the server hangs up before it."""
        while b"\r\n\r\n" not in self.rest:
            if not self.more():
                assert not self.rest, self.rest
                return None
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        answer = Answer(head, b"")
        length = int(answer.fields.get("content-length", 0))
        if without_body:
            return answer
        while len(self.rest) < length:
            assert self.more(), "cut in the middle of an answer"
        answer.body, self.rest = self.rest[:length], self.rest[length:]
        return answer

    def ask(self, data, **how):
        self.send(data)
        return self.hear(**how)

    def is_at_end(self):
        with contextlib.suppress(ConnectionResetError):
            return not self.rest and not self.more()
        return True

    def post(self, body):
        self.send(post(body))

    def call(self, method, **params):
        """The result of one call."""
        self.post(request(method, 1, **params))
        answer = self.hear()
        assert answer.status == 200, answer.status
        return answer.json["result"]


def request(method, ident=None, **params):
    call = {"jsonrpc": "2.0", "method": method, "params": params}
    if ident is not None:
        call["id"] = ident
    return call


def keep(body):
    """If wanted, a body is kept as a line of fuzz_rpc's corpus: see tests/proto/rpc_bodies.h."""
    folder = os.environ.get("VMARIUM_BODIES")
    if not folder or len(body) > 2048:
        return
    line = re.sub(rb"[a-z2-7]{32}", b"@", body.replace(b"\n", b" ")) + b"\n"
    name = hashlib.sha256(line).hexdigest()[:16]
    with open(os.path.join(folder, name), "wb") as file:
        file.write(line)


def post(body, fields=b""):
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    keep(body)
    return (b"POST /rpc HTTP/1.1\r\n" + HOST + fields +
            b"Content-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body) + body)


def get(path, fields=b""):
    return b"GET " + path.encode() + b" HTTP/1.1\r\n" + HOST + fields + b"\r\n"
