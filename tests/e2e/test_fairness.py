# SPDX-License-Identifier: MIT
"""One client does not slow another, however much it asks for.

Nothing here looks at a clock. The server is stopped while a flood goes into its sockets, and behind it the call
of somebody else, on the flood's own process; when the server goes on, that call says how many of the flood's
have been carried out before it.
"""
import json
import pathlib
import signal
import socket
import tempfile
import time
import unittest

from prometheus import metrics_of
from tokens import bearer, call, make_token
from vmariumd import HOST, PATIENCE, Vmariumd, connect_unix, get, maps, request
from websocket import PING, WebSocket, frame, upgrade

SLICE = 10
ENOUGH = 5000  # calls of a flood
# A turn is a slice, and a slice that was begun before it; one more may have
# been read before the server was stopped.
TURN = 3 * SLICE
# What a client may do in one go, on all of its connections.
SHARE = 16 * SLICE + TURN
ONLY_BYTES = 200000  # without a call: more than a few reads, less than sockets hold
ANONYMOUS = None


class Fair(unittest.TestCase):
    """Without tokens a client is a connection."""

    ada = bob = ANONYMOUS

    def start(self, *args):
        self.unix = self.enterContext(tempfile.TemporaryDirectory()) + "/socket"
        server = self.enterContext(Vmariumd("--loops=1", f"--slice={SLICE}", "--max-batch=10000",
                                            f"--listen=unix:{self.unix}", *args))
        server.process.stdout.readline()
        return server

    def setUp(self):
        self.server = self.start()
        self.victim = self.enterContext(self.server.connect())
        self.name = self.ask(self.victim, self.bob, request("process.create", 1, want=[]))["process"]

    def ask(self, peer, token, one):
        peer.send(call(token, one))
        return self.result_of(peer)

    def result_of(self, peer):
        answer = peer.hear().json
        self.assertIn("result", answer)
        return answer["result"]

    def connect(self):
        """A connection of the flood's, which has been accepted."""
        peer = self.enterContext(self.server.connect())
        self.ask(peer, self.ada, request("profile.list", 1))
        return peer

    def calls(self, number):
        return [request("mm.brk", i, process=self.name, addr=0, want=[]) for i in range(number)]

    def look(self):
        return call(self.bob, request("mm.snapshot", 1, process=self.name, want=["mm"]))

    def seen(self):
        """How many calls have been carried out, as the victim sees it."""
        return self.result_of(self.victim)["snapshot"]["mm"]["seq"]

    def ran_before(self, *floods):
        """How many calls of the floods, (connection, bytes), ran before the victim's, sent last."""
        self.rests = []
        for peer, _ in floods:
            peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        self.server.signal(signal.SIGSTOP)
        try:
            self.wait_until_stopped()
            for peer, flood in floods:
                peer.sock.setblocking(False)
                while flood:
                    try:
                        flood = flood[peer.sock.send(flood):]
                    except BlockingIOError:
                        break  # what is in there is enough
                peer.sock.settimeout(PATIENCE)
                self.rests.append((peer, flood))
            self.victim.send(self.look())
        finally:
            self.server.signal(signal.SIGCONT)
        return self.seen()

    def wait_until_stopped(self):
        stat = pathlib.Path(f"/proc/{self.server.process.pid}/stat")
        while stat.read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "T":
            time.sleep(0.001)

    def wait_until_ran(self, number):
        """The flood is served as well, also what the sockets did not hold."""
        for peer, rest in self.rests:
            peer.send(rest)
        end = time.monotonic() + PATIENCE
        while True:
            self.victim.send(self.look())
            if self.seen() == number:
                return
            self.assertLess(time.monotonic(), end)

    def test_a_large_batch(self):
        ran = self.ran_before((self.connect(), call(self.ada, *self.calls(ENOUGH))))
        self.assertLessEqual(ran, TURN)
        self.wait_until_ran(ENOUGH)

    def test_a_deep_pipeline(self):
        flood = b"".join(call(self.ada, one) for one in self.calls(ENOUGH))
        self.assertLessEqual(self.ran_before((self.connect(), flood)), TURN)

    def test_a_pipeline_of_batches_that_are_not_answered(self):
        batch = self.calls(SLICE - 1)
        for one in batch:
            del one["id"]
        flood = call(self.ada, *batch) * (ENOUGH // SLICE)
        self.assertLessEqual(self.ran_before((self.connect(), flood)), TURN)

    def test_messages_of_a_socket(self):
        flood = b"".join(frame(json.dumps(one)) for one in self.calls(1000))
        with WebSocket(self.server, bearer(self.ada)) as sock:
            self.assertLessEqual(self.ran_before((sock.peer, flood)), TURN)
            self.wait_until_ran(1000)

    def only_bytes_before(self, handshake, flood):
        """How many calls of a flood that ends in one ran before the victim's.

        It comes through a unix socket: over TCP nobody is sent so much before he reads.
        """
        peer = self.enterContext(connect_unix(self.unix))
        peer.ask(handshake)
        ran = self.ran_before((peer, flood))
        self.wait_until_ran(1)
        return ran

    def test_pings(self):
        """Others have their turn between two reads, also of what is no call."""
        flood = frame(b"", PING) * (ONLY_BYTES // 6) + frame(json.dumps(self.calls(1)[0]))
        self.assertEqual(self.only_bytes_before(upgrade(bearer(self.ada)), flood), 0)

    def test_the_smallest_of_chunks(self):
        body = json.dumps(self.calls(1)[0]).encode() + b" " * (ONLY_BYTES // 6)
        flood = (b"POST /rpc HTTP/1.1\r\n" + HOST + bearer(self.ada) + b"Content-Type: application/json\r\n"
                 b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(b"1\r\n%c\r\n" % byte for byte in body) +
                 b"0\r\n\r\n")
        self.assertEqual(self.only_bytes_before(get("/healthz"), flood), 0)

    def test_large_answers_that_nobody_reads(self):
        """Others go on while 40 MB of snapshots wait for a client."""
        peer = self.connect()
        made = self.ask(peer, self.ada, request("process.create", 1, maps=maps(3000), want=[]))
        large = request("mm.snapshot", 1, process=made["process"], want=["vmas", "maps", "rbtree"])
        peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.send(call(self.ada, large) * 40)
        for i in range(1000):
            self.ask(self.victim, self.bob, self.calls(1)[0])
        self.victim.send(self.look())
        self.assertEqual(self.seen(), 1000)

    def test_subscriptions_of_a_socket_that_does_not_read(self):
        with WebSocket(self.server, bearer(self.ada)) as sock:
            for _ in range(256):
                sock.call("subscribe", process=self.name, want=["vmas"])
            for i in range(1, 301):
                self.ask(self.victim, self.bob, self.calls(1)[0])
                self.victim.send(self.look())
                self.assertEqual(self.seen(), i)


class FairToClients(Fair):
    """With tokens it is whoever holds one, on however many connections."""

    def start(self, *args):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = pathlib.Path(folder.name, "tokens")
        (self.ada, *ada), (self.bob, *bob), (self.eve, *eve) = (
            make_token(*who) for who in (("ada", "student"), ("bob", "student"), ("eve", "operator")))
        file.write_text("".join(f"{line}\n" for line in (*ada, *bob, *eve)), encoding="ascii")
        return super().start("--max-pending=16M", "--linger-timeout=60s", f"--tokens={file}", *args)

    def pending(self):
        return metrics_of(self.server, bearer(self.eve)).get("vmarium_pending_bytes")

    def test_many_connections(self):
        """200 of one client's, a batch in each, come before a single call of another's."""
        batch = call(self.ada, *self.calls(SLICE))
        ran = self.ran_before(*[(self.connect(), batch) for _ in range(200)])
        self.assertLessEqual(ran, SHARE)
        self.wait_until_ran(200 * SLICE)

    def test_unfinished_requests(self):
        """They take no more of the memory than leaves room for those of others."""
        request_ = call(self.ada, *self.calls(1000))
        peers = [self.connect() for _ in range(200)]
        for peer in peers:
            peer.send(request_[:-1])
        # Each request is refused, or waits for its last byte.
        for peer in peers:
            peer.settle()
        self.assertGreater(self.pending(), 4 << 20)
        refused = [peer.hear().status for peer in peers if peer.is_readable()]
        self.assertGreater(len(refused), 10)
        self.assertEqual(set(refused), {503})
        self.assertLess(self.pending(), 12 << 20)
        self.victim.send(call(self.bob, *self.calls(1000)))
        self.assertEqual(self.victim.hear().status, 200)


    def test_answers_that_grow(self):
        """Calls for which there was room take no more than that when their answers turn out large."""
        made = self.ask(self.connect(), self.ada, request("process.create", 1, maps=maps(6000), want=[]))
        large = call(self.ada, request("mm.snapshot", 1, process=made["process"], want=["rbtree", "vmas"]))
        floods = [(self.connect(), large) for _ in range(100)]
        for peer, _ in floods:
            peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.ran_before(*floods)
        while not all(peer.is_readable() for peer, _ in floods):
            self.victim.send(self.look())
            self.seen()
        self.assertLess(self.pending(), 16 << 20)


class FairConnections(unittest.TestCase):
    """Who has many idle connections makes room for others, who keep theirs."""

    def start(self, *args):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        file = pathlib.Path(folder, "tokens")
        (self.ada, *ada), (self.bob, *bob) = (make_token(name, "student") for name in ("ada", "bob"))
        file.write_text("".join(f"{line}\n" for line in (*ada, *bob)), encoding="ascii")
        self.server = self.enterContext(Vmariumd("--loops=1", f"--tokens={file}", *args))

    def connect(self, token=None):
        peer = self.enterContext(self.server.connect())
        self.use(peer, token)
        return peer

    def use(self, peer, token=None):
        peer.send(call(token, request("profile.list", 1)) if token else get("/healthz"))
        self.assertEqual(peer.hear().status, 200)

    def test_the_largest_client_makes_room(self):
        """However long those of others have been idle."""
        self.start("--soft-connections=5", "--max-connections=20")
        bob = self.connect(self.bob)
        ada = [self.connect(self.ada) for _ in range(4)]
        self.use(ada[0], self.ada)
        for closed in (1, 2):
            self.connect(self.bob)
            self.assertTrue(ada[closed].is_at_end())
        for peer in (ada[0], ada[3]):
            self.use(peer, self.ada)
        self.use(bob, self.bob)

    def test_among_equals_it_is_the_longest_idle_one(self):
        self.start("--soft-connections=4", "--max-connections=20")
        bob = [self.connect(self.bob) for _ in range(2)]
        ada = [self.connect(self.ada) for _ in range(2)]
        self.use(bob[0], self.bob)
        newest = self.connect()
        self.assertTrue(bob[1].is_at_end())
        for peer, token in ((bob[0], self.bob), (ada[0], self.ada), (ada[1], self.ada), (newest, None)):
            self.use(peer, token)

    def test_those_without_a_token_are_one_group(self):
        self.start("--soft-connections=6", "--max-connections=20")
        bob = [self.connect(self.bob) for _ in range(2)]
        nobody = [self.connect() for _ in range(4)]
        for closed in nobody[:3]:
            self.connect()
            self.assertTrue(closed.is_at_end())
        for peer in bob:
            self.use(peer, self.bob)

    def test_who_shows_another_token_counts_for_that(self):
        self.start("--soft-connections=5", "--max-connections=20")
        bob = [self.connect(self.bob) for _ in range(3)]
        ada = [self.connect(self.ada) for _ in range(2)]
        self.use(bob[2], self.ada)
        self.connect(self.bob)
        self.assertTrue(ada[0].is_at_end())
        for peer in bob:
            self.use(peer, self.bob)

    def test_connections_that_have_gone_do_not_count(self):
        self.start("--soft-connections=5", "--max-connections=20")
        ada = [self.connect(self.ada) for _ in range(4)]
        bob = self.connect(self.bob)
        for peer in ada[1:]:
            peer.send(call(self.ada, request("profile.list", 1)).replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            peer.hear()
            self.assertTrue(peer.is_at_end())
            peer.sock.close()
        self.use(bob, self.bob)
        more = [self.connect(self.bob) for _ in range(3)]
        self.connect(self.bob)
        self.assertTrue(bob.is_at_end())
        self.use(ada[0], self.ada)
        self.use(more[0], self.bob)

    def test_at_the_hard_limit_idle_ones_make_room_too(self):
        """One is refused only where none is idle."""
        self.start("--soft-connections=1", "--max-connections=1")
        ada = self.connect(self.ada)
        bob = self.connect(self.bob)
        self.assertTrue(ada.is_at_end())
        bob.send(call(self.bob, request("profile.list", 1))[:-1])
        bob.settle()
        with self.server.connect() as late:
            self.assertEqual(late.hear().status, 503)
        bob.send(b"}")
        self.assertEqual(bob.hear().status, 200)


if __name__ == "__main__":
    unittest.main()
