# SPDX-License-Identifier: MIT
"""A connection's last answer, and a client that takes its time over it."""
import contextlib
import socket
import time
import unittest

from prometheus import metrics_of
from vmariumd import PATIENCE, Peer, Vmariumd, get

LINGER = 0.1  # seconds
ASK = get("/openrpc.json", b"Connection: close\r\n")


def open_files(server):
    return metrics_of(server).get("process_open_fds")


def slow_peer(server):
    """Of what it has not read, the systems between us hold little for it."""
    sock = socket.socket()
    sock.settimeout(PATIENCE)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", server.port))
    return Peer(sock)


class LastAnswer(unittest.TestCase):
    def lets_go(self, server, before):
        """The connection's socket is closed; that it does not count any more is not enough."""
        for _ in range(10 * PATIENCE):
            if open_files(server) == before:
                return
            time.sleep(0.1)
        self.fail("the server still waits")

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
            with contextlib.suppress(ConnectionResetError):
                while peer.more():
                    pass
            self.assertLess(len(peer.rest), 200000)

    def test_who_has_it_and_stays_is_hung_up_on(self):
        with Vmariumd("--linger-timeout=100ms") as server, contextlib.ExitStack() as stack:
            before = open_files(server)
            peer = stack.enter_context(server.connect())
            peer.send(ASK)
            self.assertTrue(peer.hear().json["methods"])
            self.lets_go(server, before)


if __name__ == "__main__":
    unittest.main()
