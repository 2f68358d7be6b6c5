#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A request that repeats another is answered as one that nobody has sent before.

The server remembers heads. So each request here is also sent with a field that makes its head one of its own: that
answer is the right one.
"""
import itertools
import json
import random
import tempfile
import unittest

from vmariumd import Vmariumd, connect_unix, request

BODY = json.dumps(request("profile.list", 1)).encode()
LINE = b"POST /rpc HTTP/1.1\r\n"
HOST = b"Host: localhost\r\n"
JSON = b"Content-Type: application/json\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)

# Heads without the empty line; their bodies are BODY.
HEADS = {
    "usual": LINE + HOST + JSON + LENGTH,
    "length first": LINE + LENGTH + HOST + JSON,
    "leading zeros": LINE + HOST + b"Content-Length: 000%d\r\n" % len(BODY) + JSON,
    "white space": LINE + HOST + JSON + b"content-LENGTH:\t %d \t\r\n" % len(BODY),
    "another of our hosts": LINE + b"Host: 127.0.0.1:1\r\n" + JSON + LENGTH,
    "a foreign host": LINE + b"Host: example.org\r\n" + JSON + LENGTH,
    "no host": LINE + JSON + LENGTH,
    "its own origin": LINE + HOST + b"Origin: http://localhost\r\n" + JSON + LENGTH,
    "an allowed origin": LINE + HOST + b"Origin: https://page.example\r\n" + JSON + LENGTH,
    "a foreign origin": LINE + HOST + b"Origin: https://evil.example\r\n" + JSON + LENGTH,
    "gzip": LINE + HOST + b"Accept-Encoding: gzip\r\n" + JSON + LENGTH,
    "no gzip": LINE + HOST + b"Accept-Encoding: gzip;q=0\r\n" + JSON + LENGTH,
    "gzip for an allowed origin": LINE + HOST + b"Origin: https://page.example\r\nAccept-Encoding: gzip\r\n" + JSON + LENGTH,
    "a token nobody asked for": LINE + HOST + b"Authorization: Bearer x\r\n" + JSON + LENGTH,
    "through a proxy": LINE + HOST + b"X-Forwarded-For: 1.2.3.4\r\n" + JSON + LENGTH,
    "an id": LINE + HOST + b"X-Request-Id: one\r\n" + JSON + LENGTH,
    "a trace": LINE + HOST + b"traceparent: 00-" + b"1" * 32 + b"-" + b"2" * 16 + b"-01\r\n" + JSON + LENGTH,
    "another type": LINE + HOST + b"Content-Type: text/plain\r\n" + LENGTH,
    "a parameter": LINE + HOST + b"Content-Type: application/json; charset=utf-8\r\n" + LENGTH,
    "an expectation": LINE + HOST + b"Expect: 100-continue\r\n" + JSON + LENGTH,
    "two lengths": LINE + HOST + JSON + LENGTH + LENGTH,
    "the last one": LINE + HOST + b"Connection: close\r\n" + JSON + LENGTH,
    "HTTP/1.0": b"POST /rpc HTTP/1.0\r\n" + JSON + LENGTH,
    "HTTP/1.0, kept": b"POST /rpc HTTP/1.0\r\nConnection: keep-alive\r\n" + JSON + LENGTH,
    "another path": b"POST /rpcs HTTP/1.1\r\n" + HOST + JSON + LENGTH,
    "a query": b"POST /rpc?x HTTP/1.1\r\n" + HOST + JSON + LENGTH,
    "an absolute target": b"POST http://localhost/rpc HTTP/1.1\r\n" + HOST + JSON + LENGTH,
}


class Lines:
    """A TCP connection and one through a unix socket, opened again whenever the server has closed them."""

    def __init__(self, server, path):
        self.server, self.path, self.peers = server, path, {}

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        for peer in self.peers.values():
            peer.sock.close()

    def open(self, kind):
        if kind == "tcp":
            return self.server.connect()
        return connect_unix(self.path)

    def ask(self, kind, data):
        """What there is to compare in the answer."""
        peer = self.peers.pop(kind, None) or self.open(kind)
        answer = peer.ask(data)
        fields = {name: value for name, value in answer.fields.items() if name != "date"}
        if fields.get("connection") == "close":
            peer.sock.close()
        else:
            self.peers[kind] = peer
        return answer.version, answer.status, fields, answer.body


class Repeated(unittest.TestCase):
    def test_all_kinds_in_any_order(self):
        seed = random.randrange(1 << 32)
        print(f"seed {seed}")
        dice, unique = random.Random(seed), itertools.count()
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/socket"
            with Vmariumd("--listen", f"unix:{path}", "--loops=1", "--gzip-min=100",
                          "--allow-origin=https://page.example") as server, Lines(server, path) as lines:
                server.process.stdout.readline()
                right = {}
                for kind, name in itertools.product(("tcp", "unix"), HEADS):
                    own = b"X-Number: %d\r\n\r\n" % next(unique)
                    right[kind, name] = lines.ask(kind, HEADS[name] + own + BODY)
                self.assertEqual(right["tcp", "usual"][1], 200)
                self.assertEqual(right["tcp", "a foreign host"][1], 421)
                self.assertEqual(right["unix", "a foreign host"][1], 200)
                self.assertEqual(right["tcp", "gzip"][2]["content-encoding"], "gzip")
                for (kind, name), answer in right.items():
                    for _ in range(3):
                        self.assertEqual(lines.ask(kind, HEADS[name] + b"\r\n" + BODY), answer, (kind, name))
                for kind, name in dice.choices(list(right), k=1000):
                    self.assertEqual(lines.ask(kind, HEADS[name] + b"\r\n" + BODY), right[kind, name], (kind, name))

    def test_each_has_its_line_in_the_log(self):
        with Vmariumd("--loops=1", "--access-log", "--log-rate=0") as server:
            with server.connect() as peer:
                for _ in range(20):
                    peer.send((HEADS["usual"] + b"\r\n" + BODY) * 5)
                    self.assertEqual([peer.hear().status for _ in range(5)], [200] * 5)
        lines = [line for line in server.errors.splitlines() if "profile.list" in line]
        self.assertEqual(len(lines), 100)
        self.assertEqual(len(set(lines)), 100)  # by their ids


if __name__ == "__main__":
    unittest.main()
