# SPDX-License-Identifier: MIT
"""While a server is stopped, as by Ctrl-Z or with its machine, no time goes by for its clients."""
import signal
import time
import unittest

from vmariumd import Vmariumd, get, post, request
from websocket import PING, PONG, WebSocket

TIMEOUT = 6  # seconds
AWAY = 9
LIST = request("profile.list", 1)


class Stopped(unittest.TestCase):
    def half(self, first):
        """A connection of whose request the server has the first bytes."""
        peer = self.enterContext(self.server.connect())
        peer.send(first)
        peer.settle()
        return peer

    def used(self):
        peer = self.enterContext(self.server.connect())
        self.assertEqual(peer.ask(get("/healthz")).status, 200)
        return peer

    def test_what_has_come_meanwhile_is_in_time(self):
        whole = post(LIST)
        kinds = ("idle", "header", "body", "pong")
        self.server = self.enterContext(Vmariumd("--loops=1", "--ping-interval=100ms",
                                                 *(f"--{kind}-timeout={TIMEOUT}s" for kind in kinds)))
        pinged = self.enterContext(WebSocket(self.server))
        self.assertEqual(pinged.hear(), (PING, b""))
        peers = [(self.used(), whole), (self.half(whole[:20]), whole[20:]), (self.half(whole[:-5]), whole[-5:])]

        self.server.signal(signal.SIGSTOP)
        time.sleep(AWAY)
        for peer, rest in peers:
            peer.send(rest)
        pinged.send(b"", PONG)
        self.server.signal(signal.SIGCONT)

        for peer, _ in peers:
            self.assertEqual(peer.hear().status, 200)
        self.assertEqual(pinged.hear(), (PING, b""))


if __name__ == "__main__":
    unittest.main()
