#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Clients are known by tokens: who may what, and what a changed file changes."""
import base64
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from tokens import call, make_token
from vmariumd import HOST, PATIENCE, Vmariumd, binary, get, maps, request

LOOPS = "--loops=3"


class Tokens(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name, "tokens")
        self.ada, self.ada_line = make_token("ada", "student")
        self.bob, self.bob_line = make_token("bob", "teacher")
        self.eve, self.eve_line = make_token("eve", "operator")
        self.write(self.ada_line + " processes=2", self.bob_line, self.eve_line)

    def write(self, *lines):
        self.file.write_text("".join(line + "\n" for line in lines), encoding="ascii")

    def server(self, *args):
        return Vmariumd("--tokens", str(self.file), LOOPS, *args)

    def ask(self, server, token, *calls):
        """The answer to a request over a connection of its own."""
        with server.connect() as peer:
            peer.send(call(token, *calls))
            return peer.hear()

    def create(self, server, token):
        return self.ask(server, token, request("process.create", 1, want=[])).json["result"]["process"]

    def reload(self, server, until):
        """SIGHUP, and wait for what it is to bring."""
        server.signal(signal.SIGHUP)
        end = time.monotonic() + PATIENCE
        while not until():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)

    def test_lines_of_the_log_name_the_client_and_no_token(self):
        with self.server("--access-log", "--log-format", "json", "--slow-call", "1ms") as server:
            for token in (self.ada, None, self.bob):
                self.ask(server, token, request("process.create", 1))
            self.ask(server, self.ada, request("process.create", 1, want=[], maps=maps(5000)))
        lines = [json.loads(line) for line in server.errors.splitlines()]
        self.assertEqual([line.get("client") for line in lines if line["msg"] == "request"],
                         ["ada", None, "bob", "ada"])
        self.assertIn("ada", [line.get("client") for line in lines if line["msg"] == "slow"])
        for token in (self.ada, self.bob):
            self.assertNotIn(token, server.errors)

    def test_lines_of_the_log_name_nobody_for_the_one_before(self):
        """As behind a proxy that sends many clients' requests through one connection."""
        with self.server("--access-log", "--log-format", "json", "--header-timeout=100ms") as server:
            for after in (get("/nowhere"), b"nonsense\r\n\r\n", b"GET / HT"):
                with server.connect() as peer:
                    self.assertEqual(peer.ask(call(self.ada, request("process.create", 1))).status, 200)
                    self.assertGreaterEqual(peer.ask(after).status, 400)
        lines = [json.loads(line) for line in server.errors.splitlines()]
        self.assertEqual([(line["status"], line.get("client")) for line in lines if line["msg"] == "request"],
                         [(200, "ada"), (404, None), (200, "ada"), (400, None), (200, "ada"), (408, None)])

    def test_only_tokens_let_in(self):
        with self.server() as server:
            for token in (None, "wrong", self.ada[:-1]):
                answer = self.ask(server, token, request("process.create", 1))
                self.assertEqual(answer.status, 401)
                self.assertEqual(answer.json["error"]["key"], "auth.required")
                self.assertTrue(answer.fields["www-authenticate"].startswith("Bearer"))
            self.create(server, self.ada)
            with server.connect() as peer:
                for path in ("/healthz", "/readyz", "/", "/openrpc.json"):
                    peer.send(get(path))
                    self.assertEqual(peer.hear().status, 200, path)

    def test_metrics_are_the_operators(self):
        with self.server() as server:
            for token, status in ((None, 401), (self.bob, 403), (self.eve, 200)):
                head = HOST + (f"Authorization: bearer  {token}\r\n".encode() if token else b"")
                with server.connect() as peer:
                    peer.send(b"GET /metrics HTTP/1.1\r\n" + head + b"\r\n")
                    self.assertEqual(peer.hear().status, status)

    def test_each_sees_and_owns_his_own(self):
        with self.server() as server:
            mine = {self.create(server, self.ada) for _ in range(2)}
            refused = self.ask(server, self.ada, request("process.create", 1)).json["error"]
            self.assertEqual((refused["code"], refused["data"]["key"]), (-32003, "quota.processes"))
            others = {self.create(server, self.bob) for _ in range(5)}
            self.assertEqual(self.names(server, self.ada), mine)
            self.assertEqual(self.names(server, self.bob), others)
            self.assertEqual(self.names(server, self.eve), set())

    def names(self, server, token):
        """All that process.list shows, page by page."""
        found, cursor = set(), None
        while True:
            params = {"limit": 2} if cursor is None else {"limit": 2, "cursor": cursor}
            result = self.ask(server, token, request("process.list", 1, **params)).json["result"]
            found |= {one["process"] for one in result["processes"]}
            cursor = result.get("cursor")
            if cursor is None:
                return found

    def test_a_changed_file_counts_after_sighup(self):
        with self.server() as server:
            name = self.create(server, self.ada)
            status = lambda token: self.ask(server, token, request("profile.list", 1)).status
            new, line = make_token("ada", "student")
            self.write(line)
            self.assertEqual((status(self.ada), status(new)), (200, 401))
            self.reload(server, lambda: status(new) == 200 and status(self.ada) == 401)
            # The name is the client: what was ada's is ada's.
            self.assertEqual(self.names(server, new), {name})
            self.write("nonsense")
            server.signal(signal.SIGHUP)
            self.assertEqual(status(new), 200)
        self.assertIn("tokens stay as they were", server.errors)

    def test_a_token_taken_away_counts_from_the_next_request_on(self):
        """Also for one that has arrived already, and repeats what was let in before."""
        patient = ("--loops=1", "--write-timeout=10m", "--linger-timeout=60s")
        with self.server(*patient) as server, server.connect() as peer:
            peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            short = call(self.ada, request("profile.list", 1, want=[]))
            peer.send(short * 3)
            self.assertEqual([peer.hear().status for _ in range(3)], [200] * 3)
            # More than the sockets hold: what comes behind it has to wait.
            peer.send(call(self.ada, *[request("rpc.discover", n) for n in range(60)]) + short * 2)
            peer.sock.recv(1, socket.MSG_PEEK)
            self.write(self.bob_line)
            self.reload(server, lambda: self.ask(server, self.ada, request("profile.list", 1)).status == 401)
            self.assertEqual(len(peer.hear().json), 60)
            self.assertEqual(peer.hear().status, 401)
            self.assertEqual(peer.sock.recv(1), b"")

    def test_quotas_hold_for_requests_that_repeat_others(self):
        self.write(self.ada_line + " rate=1", self.bob_line)
        with self.server() as server, server.connect() as peer:
            again = call(self.ada, request("profile.list", 1))
            answers = []
            while len(answers) < 20000 and (not answers or "result" in answers[-1]):
                peer.send(again * 16)
                answers += [peer.hear().json for _ in range(16)]
            self.assertEqual(answers[-1]["error"]["data"]["key"], "quota.rate")

    def test_browsers_show_theirs_as_a_subprotocol(self):
        key = base64.b64encode(bytes(16))
        with self.server() as server:
            for token, status in (("wrong", 401), (self.ada, 101)):
                with server.connect() as peer:
                    peer.send(b"GET /rpc HTTP/1.1\r\n" + HOST + b"Upgrade: websocket\r\n"
                              b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                              b"Sec-WebSocket-Key: " + key + b"\r\nSec-WebSocket-Protocol: vmarium, bearer."
                              + token.encode() + b"\r\n\r\n")
                    head = b""
                    while b"\r\n\r\n" not in head:
                        head += peer.sock.recv(4096)
                    self.assertTrue(head.startswith(b"HTTP/1.1 %d " % status), head)
                    if status != 101:
                        continue
                    # Whoever came in by a token is asked again after a reload.
                    server.signal(signal.SIGHUP)
                    self.assertEqual(peer.sock.recv(4)[:1], b"\x88")

    def test_other_machines_need_a_word(self):
        refused = subprocess.run([binary(), "--listen=0.0.0.0:0"], capture_output=True, text=True,
                                 timeout=PATIENCE, check=False)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("--tokens", refused.stderr)
        for args in ([f"--tokens={self.file}"], ["--allow-anonymous"]):
            server = subprocess.Popen([binary(), "--listen=0.0.0.0:0", *args], stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, text=True)
            self.assertRegex(server.stdout.readline(), r"^listening on http://0\.0\.0\.0:\d+\n$")
            server.terminate()
            self.assertEqual(server.wait(PATIENCE), 0)
            server.stdout.close()

    def test_a_broken_file_is_named_at_the_start(self):
        self.write("ada student", self.bob_line)
        done = subprocess.run([binary(), "--listen=127.0.0.1:0", f"--tokens={self.file}"],
                              capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{self.file}:1:", done.stderr)

    def test_rates_are_each_clients_own(self):
        self.write(self.ada_line + " rate=1", self.bob_line)
        calls = [request("profile.list", i) for i in range(900)]
        with self.server() as server:
            self.assertNotIn("error", self.ask(server, self.ada, *calls).json[0])
            refused = self.ask(server, self.ada, *calls).json[0]["error"]
            self.assertEqual(refused["data"]["key"], "quota.rate")
            self.assertGreater(refused["data"]["retry_after"], 0)
            self.assertNotIn("error", self.ask(server, self.bob, *calls).json[0])


if __name__ == "__main__":
    unittest.main()
