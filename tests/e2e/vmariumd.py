# SPDX-License-Identifier: MIT
"""A vmariumd of its own for a test, and clients that speak to it in bytes."""
import contextlib
import fcntl
import hashlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import termios
import time

PATIENCE = 60  # seconds; sanitizers are slow, and machines are shared
# What ends by the clock ends where a test says so, and nowhere else, however slow the machine is.
PATIENT = {f"VMARIUM_{what}": "10m" for what in
           ("HEADER_TIMEOUT", "BODY_TIMEOUT", "IDLE_TIMEOUT", "WRITE_TIMEOUT", "PING_INTERVAL")}
PATIENT |= {"VMARIUM_SCRIPT_TIME": "60s"}
HOST = b"Host: localhost\r\n"
SYN_RECV = "03"  # as /proc/net/tcp has it


def environment(**changes):
    """Ours without what is the tests' alone, of which the server would warn; patient unless changed."""
    return PATIENT | {name: value for name, value in os.environ.items()
                      if name not in ("VMARIUM_BIN", "VMARIUM_BODIES")} | changes


@contextlib.contextmanager
def nobody_listens():
    """A URL at which there is no server, nor will one begin meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def unread(near, far):
    """Bytes that wait at the end of a TCP connection, for whose ports are @near and @far; None: it has no such end."""
    with open("/proc/net/tcp", encoding="ascii") as file:
        rows = [line.split() for line in file][1:]
    ends = [row for row in rows if tuple(int(end.rpartition(":")[2], 16) for end in row[1:3]) == (near, far)]
    return max((int(row[4].rpartition(":")[2], 16) if row[3] != SYN_RECV else 1 for row in ends), default=None)


def binary():
    return os.path.join(os.environ["VMARIUM_BIN"], "vmariumd")


def unacknowledged(sock):
    """Bytes that are not yet where the connection's other end can read them."""
    return int.from_bytes(fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)), "little")


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
        self.errors = ""

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        try:
            out, err = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, self.errors = self.process.communicate()
            raise
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

    def settle(self):
        """Until the server has read all that was sent to it over TCP, or has closed its end: the kernel knows."""
        near, far = self.sock.getsockname()[1], self.sock.getpeername()[1]
        end = time.monotonic() + PATIENCE
        while unacknowledged(self.sock) or unread(far, near):
            assert time.monotonic() < end, "the server does not read"
            time.sleep(0.001)

    def is_readable(self):
        """Has something come, or the end?"""
        return bool(self.rest or select.select([self.sock], [], [], 0)[0])

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


def connect_unix(path):
    """A connection to a unix socket; where many come at once, it waits for its turn."""
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(path)
    sock.settimeout(PATIENCE)
    return Peer(sock)


def maps(areas):
    """Of a process to be made, with so many areas that are not merged; mmap after mmap would take long."""
    return [f"{0x100000000 + i * 8192:x}-{0x100000000 + i * 8192 + 4096:x} rw-p 0" for i in range(areas)]


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
