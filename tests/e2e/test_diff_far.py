#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""history.diff between processes of different loops, over real sockets: as if there were one loop."""
import concurrent.futures
import subprocess
import unittest

from test_cli import BIN, environment
from vmariumd import Vmariumd, request
from websocket import WebSocket

CALLS = (("mm.brk", {"addr": "0x640000"}),
         ("mm.mmap", {"addr": 0, "length": 1 << 20, "prot": 3, "flags": "MAP_PRIVATE|MAP_ANONYMOUS"}),
         ("mm.access", {"addr": "0x630000", "type": "write"}),
         ("mm.munmap", {"addr": "0x610000", "length": 4096}),
         ("mm.mprotect", {"addr": "0x620000", "length": 4096, "prot": 1}))
PLACES = 40  # connections until one is at another loop


def make(peer, calls):
    """A process with some operations, and where it lives."""
    made = peer.call("process.create", want=[])
    for method, params in CALLS[:calls]:
        peer.call(method, process=made["process"], want=[], **params)
    return made["process"], made["route"]


def make_two(server, stack):
    """A process each of two loops, or of the only one; and a connection."""
    peer = stack.enterContext(server.connect())
    first, route = make(peer, 5)
    for _ in range(PLACES):
        peer = stack.enterContext(server.connect())
        second, other = make(peer, 2)
        if other != route:
            break
    return peer, first, second, other != route


class Far(unittest.TestCase):
    def answers(self, loops, apart):
        server = self.enterContext(Vmariumd("--loops", loops))
        peer, first, second, is_apart = make_two(server, self)
        self.assertEqual(is_apart, apart)
        pairs = [(first, second, seq) for seq in range(6)] + [(second, first, seq) for seq in range(3)]
        return [peer.call("history.diff", process=process, other=other, **{"from": seq})
                for process, other, seq in pairs]

    def test_it_says_the_same_as_on_one_loop(self):
        far = self.answers("2", True)
        self.assertEqual(far, self.answers("1", False))
        self.assertTrue(any(one["diff"]["areas"] for one in far))

    def test_batches_sockets_and_shares_have_it(self):
        server = self.enterContext(Vmariumd("--loops", "3"))
        peer, first, second, is_apart = make_two(server, self)
        self.assertTrue(is_apart)
        share = peer.call("process.share", process=second)["share"]
        params = {"process": first, "other": second, "from": 5}
        alone = peer.call("history.diff", **params)
        peer.post([request("history.diff", 1, **params), request("mm.brk", 2, process=first, addr=0, want=[]),
                   request("history.diff", 3, **params), request("mm.brk", 4, process=second, addr=0, want=[])])
        answers = peer.hear().json
        self.assertEqual([answer["id"] for answer in answers], [1, 2, 3, 4])
        self.assertEqual((answers[0]["result"], answers[2]["result"]), (alone, alone))
        with WebSocket(server) as socket:
            self.assertEqual(socket.call("history.diff", process=first, other=share, to=2, **{"from": 5})["diff"],
                             alone["diff"])

    def test_many_at_once_and_clients_that_do_not_wait(self):
        """What ThreadSanitizer shall see: states that cross, and connections that end meanwhile."""
        server = self.enterContext(Vmariumd("--loops", "4"))
        peer, first, second, _ = make_two(server, self)
        wanted = [peer.call("history.diff", process=a, other=b, **{"from": 2})
                  for a, b in ((first, second), (second, first))]

        def compare(number):
            with server.connect() as one:
                for i in range(12):
                    a, b = (first, second) if i % 2 else (second, first)
                    told = one.call("history.diff", process=a, other=b, **{"from": 2})
                    self.assertEqual(told, wanted[1 - i % 2])
                one.post([request("history.diff", i, process=first, other=second, **{"from": i % 5})
                          for i in range(50)])  # and hangs up
            return number

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            self.assertEqual(sorted(pool.map(compare, range(8))), list(range(8)))
        self.assertEqual(peer.call("history.diff", process=first, other=second, **{"from": 2}), wanted[0])


class Client(unittest.TestCase):
    def test_vmarium_diff(self):
        server = self.enterContext(Vmariumd("--loops", "2"))
        _, first, second, is_apart = make_two(server, self)
        self.assertTrue(is_apart)
        run = subprocess.run([BIN / "vmarium", "diff", first, second, "5", "2"], capture_output=True, text=True,
                             check=False, env=environment(VMARIUM_SERVER=server.url))
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertTrue(run.stdout.startswith("operation 5 → 2 of the other\n"), run.stdout)
        self.assertIn("map_count ", run.stdout)


if __name__ == "__main__":
    unittest.main()
