# SPDX-License-Identifier: MIT
"""A connection's last answer, and a client that takes its time over it."""
import contextlib
import os
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest

from prometheus import metrics_of
from vmariumd import PATIENCE, Peer, Vmariumd, connect_unix, get

LINGER = 0.1  # seconds
PAGE = get("/openrpc.json")
ASK = get("/openrpc.json", b"Connection: close\r\n")
NEVER = "10m"  # later than a test's patience
LOST = 200000  # bytes of the page that are more than the system keeps for who does not read


def open_files(server):
    return metrics_of(server).get("process_open_fds")


def slow_peer(server):
    """Of what it has not read, the systems between us hold little for it."""
    sock = socket.socket()
    sock.settimeout(PATIENCE)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", server.port))
    return Peer(sock)


def ask_all(peer, asks=PAGE):
    """And say that nothing more will come."""
    peer.send(asks)
    peer.sock.shutdown(socket.SHUT_WR)


def shut_amid_it(peer):
    """If the server has not cut it off before, which it may where a machine is slow."""
    with contextlib.suppress(OSError):
        peer.sock.recv(1)
        peer.sock.shutdown(socket.SHUT_WR)


class Watched(unittest.TestCase):
    def lets_go(self, server, before):
        """The connection's socket is closed; that it does not count any more is not enough."""
        for _ in range(10 * PATIENCE):
            if open_files(server) == before:
                return
            time.sleep(0.1)
        self.fail("the server still waits")

    def sees_the_cut(self, peer):
        """What has not reached @peer is thrown away."""
        with contextlib.suppress(ConnectionResetError):
            while peer.more():
                pass
        self.assertLess(len(peer.rest), LOST)

    def sees_the_page(self, peer):
        """To the end of the connection."""
        self.assertTrue(peer.hear().json["methods"])
        self.assertEqual((peer.rest, peer.more()), (b"", b""))


class LastAnswer(Watched):
    def test_who_takes_it_slowly_gets_all_of_it(self):
        with Vmariumd("--linger-timeout=100ms") as server, slow_peer(server) as peer:
            peer.send(ASK)
            for _ in range(10):
                time.sleep(LINGER / 2)
                peer.rest += peer.sock.recv(1024)
            self.assertTrue(peer.hear().json["methods"])
            self.assertTrue(peer.is_at_end())

    def test_who_takes_none_of_it_is_cut_off(self):
        with Vmariumd("--linger-timeout=100ms", "--write-timeout=300ms") as server, contextlib.ExitStack() as stack:
            before = open_files(server)
            peer = stack.enter_context(slow_peer(server))
            peer.send(ASK)
            self.lets_go(server, before)
            self.sees_the_cut(peer)

    def test_who_shuts_its_side_after_it_and_takes_none_of_it_is_cut_off(self):
        with Vmariumd("--linger-timeout=100ms", "--write-timeout=300ms") as server, contextlib.ExitStack() as stack:
            before = open_files(server)
            peer = stack.enter_context(slow_peer(server))
            peer.send(ASK)
            shut_amid_it(peer)
            self.lets_go(server, before)
            self.sees_the_cut(peer)

    def test_who_has_it_and_stays_is_hung_up_on(self):
        with Vmariumd("--linger-timeout=100ms") as server, contextlib.ExitStack() as stack:
            before = open_files(server)
            peer = stack.enter_context(server.connect())
            peer.send(ASK)
            self.assertTrue(peer.hear().json["methods"])
            self.lets_go(server, before)


class HalfClosed(Watched):
    """The client has shut its side before it is answered, so nothing more is heard of it."""

    def test_who_reads_on_sees_the_end_at_once_and_is_let_go(self):
        with Vmariumd(f"--linger-timeout={NEVER}") as server, contextlib.ExitStack() as stack:
            before = open_files(server)
            peer = stack.enter_context(server.connect())
            ask_all(peer, get("/healthz"))
            self.assertEqual(peer.hear().body, b"alive\n")
            self.assertFalse(peer.more())
            self.lets_go(server, before)

    def test_each_answer_comes_before_the_end(self):
        with Vmariumd(f"--linger-timeout={NEVER}") as server, server.connect() as peer:
            ask_all(peer, 20 * PAGE)
            for _ in range(19):
                self.assertTrue(peer.hear().json["methods"])
            self.sees_the_page(peer)

    def test_who_takes_it_slowly_gets_all_of_it(self):
        with Vmariumd("--linger-timeout=100ms") as server, contextlib.ExitStack() as stack:
            before = open_files(server)
            peer = stack.enter_context(slow_peer(server))
            ask_all(peer)
            for _ in range(10):
                time.sleep(LINGER / 2)
                peer.rest += peer.sock.recv(1024)
            self.assertGreater(open_files(server), before)
            self.sees_the_page(peer)
            self.lets_go(server, before)

    def test_who_takes_none_of_it_is_cut_off(self):
        with Vmariumd("--linger-timeout=100ms", "--write-timeout=300ms") as server, contextlib.ExitStack() as stack:
            before = open_files(server)
            peer = stack.enter_context(slow_peer(server))
            ask_all(peer)
            self.lets_go(server, before)
            self.sees_the_cut(peer)

    def test_who_is_idle_when_it_shuts_its_side_is_cut_off_as_well(self):
        with Vmariumd("--linger-timeout=100ms", "--write-timeout=300ms") as server, contextlib.ExitStack() as stack:
            before = open_files(server)
            peer = stack.enter_context(slow_peer(server))
            peer.send(PAGE)
            shut_amid_it(peer)
            self.lets_go(server, before)
            self.sees_the_cut(peer)

    def test_who_is_gone_is_not_waited_for(self):
        with Vmariumd("--linger-timeout=100ms", f"--write-timeout={NEVER}") as server:
            before = open_files(server)
            with slow_peer(server) as peer:
                ask_all(peer)
                peer.sock.recv(1)
                peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.lets_go(server, before)

    def test_through_a_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "socket")
            listen = ("--listen", f"unix:{path}", "--linger-timeout=100ms")
            with Vmariumd(*listen), contextlib.ExitStack() as stack:
                for _ in range(3):
                    peer = stack.enter_context(connect_unix(path))
                    ask_all(peer)
                    self.sees_the_page(peer)
            with Vmariumd(*listen, "--write-timeout=300ms") as server, contextlib.ExitStack() as stack:
                before = open_files(server)
                ask_all(stack.enter_context(connect_unix(path)))
                self.lets_go(server, before)

    def test_who_is_done_goes_when_another_comes(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "socket")
            with Vmariumd("--listen", f"unix:{path}", "--loops=1", f"--linger-timeout={NEVER}") as server:
                before = open_files(server)
                for _ in range(10):
                    with connect_unix(path) as peer:
                        ask_all(peer)
                        self.sees_the_page(peer)
                self.lets_go(server, before)

    def test_the_drain_waits_for_nobody_who_has_it(self):
        with Vmariumd(f"--linger-timeout={NEVER}", f"--drain-timeout={NEVER}") as server, \
                contextlib.ExitStack() as stack:
            before = open_files(server)
            peer = stack.enter_context(slow_peer(server))
            ask_all(peer)
            peer.sock.recv(1, socket.MSG_PEEK)
            self.assertGreater(open_files(server), before)
            self.sees_the_page(peer)
            server.signal(signal.SIGTERM)
            server.process.wait(PATIENCE)

    def test_the_drain_waits_for_who_takes_it_and_no_longer(self):
        with Vmariumd(f"--linger-timeout={NEVER}", f"--drain-timeout={NEVER}") as server, \
                contextlib.ExitStack() as stack:
            peer = stack.enter_context(slow_peer(server))
            ask_all(peer)
            peer.sock.recv(1, socket.MSG_PEEK)
            server.signal(signal.SIGTERM)
            with self.assertRaises(subprocess.TimeoutExpired):
                server.process.wait(2)
            self.sees_the_page(peer)
            server.process.wait(PATIENCE)

    def test_the_drain_ends_for_who_takes_none_of_it(self):
        with Vmariumd(f"--linger-timeout={NEVER}", "--drain-timeout=100ms") as server, \
                contextlib.ExitStack() as stack:
            peer = stack.enter_context(slow_peer(server))
            ask_all(peer)
            peer.sock.recv(1)
            server.signal(signal.SIGTERM)
            server.process.wait(PATIENCE)


if __name__ == "__main__":
    unittest.main()
