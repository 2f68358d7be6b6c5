# SPDX-License-Identifier: MIT
"""When there are too many connections, the client that has most makes room, whatever it does with them."""
import json
import pathlib
import signal
import socket
import struct
import tempfile
import time
import unittest

from prometheus import metrics_of
from tokens import bearer, call, make_token
from vmariumd import PATIENCE, Vmariumd, get, request
from websocket import CLOSE, WebSocket, frame, upgrade

LIST = request("profile.list", 1)
TRY_AGAIN = 1013
REASON = b"too many connections: try again later"
HALF_HEAD = b"POST /rpc HTTP/1.1\r\nHost: loc"


class Served(unittest.TestCase):
    def start(self, *args, loops=1, **settings):
        """A server whose file of tokens goes on with @settings behind the lines of their names."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        file = pathlib.Path(folder, "tokens")
        lines = []
        for name, role in (("ada", "student"), ("bob", "student"), ("eve", "student"), ("oda", "operator")):
            token, line = make_token(name, role)
            setattr(self, name, token)
            lines.append(f"{line} {settings.get(name, '')}")
        file.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
        self.server = self.enterContext(Vmariumd(f"--loops={loops}", f"--tokens={file}", "--log-format=json", *args))

    def connect(self, token=None):
        peer = self.enterContext(self.server.connect())
        self.use(peer, token)
        return peer

    def use(self, peer, token=None):
        self.assertEqual(peer.ask(call(token, LIST) if token else get("/healthz")).status, 200)

    def socket(self, token):
        return self.enterContext(WebSocket(self.server, bearer(token)))

    def half(self, token):
        """A connection in the middle of a request's body."""
        peer = self.connect(token)
        peer.send(call(token, LIST)[:-1])
        peer.settle()
        return peer

    def made_room(self):
        """How many connections have gone, by what they did."""
        metrics = metrics_of(self.server, bearer(self.oda))
        family = metrics.families["vmarium_connections_made_room"]
        return {dict(labels)["doing"]: value for (_, labels), value in family.samples.items() if value}

    def expect_cut(self, sock):
        self.assertEqual(sock.hear(), (CLOSE, struct.pack("!H", TRY_AGAIN) + REASON))
        self.assertTrue(sock.is_at_end())


class Room(Served):
    def test_the_websocket_that_is_quiet_for_longest(self):
        self.start("--max-connections=4")
        ada = [self.socket(self.ada) for _ in range(4)]
        ada[0].call("profile.list")
        bob = self.connect(self.bob)
        self.expect_cut(ada[1])
        for sock in (ada[0], ada[2], ada[3]):
            sock.call("profile.list")
        self.use(bob, self.bob)

    def test_what_is_told_is_not_quiet(self):
        self.start("--max-connections=4")
        ada = [self.socket(self.ada) for _ in range(3)]
        name = ada[2].call("process.create", want=[])["process"]
        ada[0].call("subscribe", process=name, want=[])
        ada[2].call("mm.brk", process=name, addr=0, want=[])
        ada[0].note()
        self.connect(self.bob)
        self.connect(self.bob)
        self.expect_cut(ada[1])
        ada[2].call("mm.brk", process=name, addr=0, want=[])
        ada[0].note()

    def test_idle_connections_go_before_what_is_in_use(self):
        self.start("--max-connections=4")
        half = self.half(self.ada)
        sock = self.socket(self.ada)
        idle = [self.connect(self.ada) for _ in range(2)]
        for peer in idle:
            self.connect(self.bob)
            self.assertTrue(peer.is_at_end())
        half.send(b"}")
        self.assertEqual(half.hear().status, 200)
        sock.call("profile.list")

    def test_half_a_request_is_answered(self):
        self.start("--max-connections=3")
        ada = [self.half(self.ada) for _ in range(3)]
        self.connect(self.bob)
        answer = ada[0].hear()
        self.assertEqual((answer.status, answer.key, answer.fields["retry-after"]), (503, "overload", "1"))
        self.assertTrue(ada[0].is_at_end())
        for peer in ada[1:]:
            peer.send(b"}")
            self.assertEqual(peer.hear().status, 200)

    def test_half_a_message_too(self):
        self.start("--max-connections=2")
        ada = [self.socket(self.ada) for _ in range(2)]
        for sock in ada:
            sock.peer.send(frame(json.dumps(LIST))[:-1])
            sock.peer.settle()
        self.connect(self.bob)
        self.expect_cut(ada[0])
        self.assertEqual(self.made_room(), {"websocket": 1, "nothing": 1})

    def test_who_does_not_read(self):
        self.start("--max-connections=2")
        describe = request("rpc.discover", 1)
        ada = [self.connect(self.ada) for _ in range(2)]
        for peer in ada:
            peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            peer.send(call(self.ada, *[describe] * 40))
            peer.sock.recv(1)  # the rest waits in the server
        self.connect(self.bob)
        with self.assertRaises(ConnectionResetError):
            while ada[0].more():
                pass
        self.assertEqual(self.made_room(), {"answer": 1, "nothing": 1})

    def test_a_call_under_way_is_finished(self):
        """All that were accepted are answered, whichever of them made room."""
        self.start("--max-connections=3", "--slice=1")
        ada = [self.connect(self.ada) for _ in range(3)]
        name = ada[0].ask(call(self.ada, request("process.create", 1, want=[]))).json["result"]["process"]
        brk = request("mm.brk", 1, process=name, addr=0, want=[])
        self.server.signal(signal.SIGSTOP)
        for peer in ada:
            peer.send(call(self.ada, *[brk] * 500))
        bob = self.enterContext(self.server.connect())
        bob.send(call(self.bob, LIST))
        self.server.signal(signal.SIGCONT)
        self.assertEqual(bob.hear().status, 200)
        answers = [peer.hear() for peer in ada]
        self.assertEqual([len(answer.json) for answer in answers], [500] * 3)
        ended = [peer for peer, answer in zip(ada, answers) if answer.fields.get("connection") == "close"]
        self.assertEqual(len(ended), 1)
        self.assertTrue(ended[0].is_at_end())

    def test_others_keep_what_they_have(self):
        """A client that has least loses nothing to one that has most, even if only that of the first is idle."""
        self.start("--soft-connections=4", "--max-connections=8")
        ada = [self.socket(self.ada) for _ in range(6)]
        bob = [self.connect(self.bob) for _ in range(2)]
        ada += [self.socket(self.ada) for _ in range(4)]
        for sock in ada[:4]:
            self.expect_cut(sock)
        for peer in bob:
            self.use(peer, self.bob)
        eve = [self.connect(self.eve) for _ in range(2)]
        for sock in ada[4:6]:
            self.expect_cut(sock)
        for peer, token in ((bob[0], self.bob), (bob[1], self.bob), (eve[0], self.eve), (eve[1], self.eve)):
            self.use(peer, token)

    def test_strangers_make_room_first(self):
        """Even for the largest of clients; and nobody who comes has to be quick, as some room is for strangers."""
        self.start("--max-connections=16")
        ada = [self.socket(self.ada) for _ in range(8)]
        strangers = [self.enterContext(self.server.connect()) for _ in range(6)]
        for peer in strangers:
            peer.send(HALF_HEAD)
            peer.settle()
        late = self.enterContext(self.server.connect())
        self.assertEqual(strangers[0].hear().key, "overload")
        ada += [self.socket(self.ada) for _ in range(4)]
        for peer in strangers[1:5]:
            self.assertEqual(peer.hear().key, "overload")
        ada += [self.socket(self.ada) for _ in range(3)]
        self.expect_cut(ada[0])
        self.use(late, self.bob)
        strangers[5].send(b"alhost\r\n\r\n")
        self.assertEqual(strangers[5].hear().key, "http.content_type")

    def test_on_whatever_loop_they_are(self):
        self.start("--max-connections=12", loops=4)
        ada = [self.socket(self.ada) for _ in range(12)]
        bob = [self.connect(self.bob) for _ in range(6)]
        for peer in bob:
            self.use(peer, self.bob)
        # Who comes need not wait until another loop has made room.
        end = time.monotonic() + PATIENCE
        while sum(sock.peer.is_readable() for sock in ada) < 6:
            self.assertLess(time.monotonic(), end)
        gone = [sock for sock in ada if sock.peer.is_readable()]
        for sock in gone:
            self.assertEqual(sock.code(), TRY_AGAIN)
        for sock in ada:
            if sock not in gone:
                sock.call("profile.list")
        self.assertEqual(len(gone), 6)

    def test_none_who_has_just_one_loses_it_in_use(self):
        self.start("--max-connections=2")
        ada, bob = self.socket(self.ada), self.half(self.bob)
        with self.server.connect() as late:
            self.assertEqual(late.hear().key, "overload")
        ada.call("profile.list")
        bob.send(b"}")
        self.assertEqual(bob.hear().status, 200)
        self.connect(self.eve)

    def test_it_is_told(self):
        self.start("--max-connections=2")
        ada = [self.socket(self.ada) for _ in range(2)]
        port = ada[0].peer.sock.getsockname()[1]
        with self.server.connect() as oda:
            answer = oda.ask(get("/metrics", bearer(self.oda)))
        self.expect_cut(ada[0])
        self.assertIn(b'vmarium_connections_made_room_total{doing="websocket"} 1\n', answer.body)
        self.assertIn(b"vmarium_connections_of_largest 1\n", answer.body)
        self.server.__exit__(None, None, None)
        told = [json.loads(line) for line in self.server.errors.splitlines()]
        self.assertEqual([(line["remote"], line["doing"]) for line in told if line["msg"] == "made room"],
                         [(f"127.0.0.1:{port}", "websocket")])


class Quota(Served):
    def refused(self, peer, data):
        answer = peer.ask(data)
        self.assertEqual((answer.status, answer.key), (429, "quota.connections"))
        self.assertIn("2 connections", answer.json["error"]["hint"])
        self.assertEqual(answer.fields["retry-after"], "1")
        self.assertTrue(peer.is_at_end())

    def test_a_client_has_no_more_connections_than_it_may(self):
        self.start("--max-client-connections=2", loops=4)
        ada = [self.connect(self.ada), self.socket(self.ada)]
        for data in (call(self.ada, LIST), upgrade(bearer(self.ada))):
            with self.server.connect() as peer:
                self.refused(peer, data)
        for _ in range(3):
            bob = self.connect()  # strangers are not counted
        self.use(bob, self.bob)
        self.use(ada[0], self.ada)
        # Who shows another token counts for that.
        self.use(ada[0], self.bob)
        self.connect(self.ada)
        self.refused(ada[0], call(self.ada, LIST))

    def test_the_line_of_a_token_says_how_many(self):
        self.start("--max-client-connections=1", loops=2, ada="connections=2")
        ada = [self.connect(self.ada), self.connect(self.ada)]
        with self.server.connect() as peer:
            self.refused(peer, call(self.ada, LIST))
        self.connect(self.bob)
        with self.server.connect() as peer:
            self.assertIn("1 connections", peer.ask(call(self.bob, LIST)).json["error"]["hint"])
        self.use(ada[1], self.ada)

    def test_what_has_gone_does_not_count(self):
        self.start("--max-client-connections=1")
        for _ in range(3):
            peer = self.connect(self.ada)
            peer.send(call(self.ada, LIST).replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            self.assertEqual(peer.hear().status, 200)
            self.assertTrue(peer.is_at_end())


if __name__ == "__main__":
    unittest.main()
