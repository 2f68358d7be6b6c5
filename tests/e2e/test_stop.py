# SPDX-License-Identifier: MIT
"""What is under way ends when the server must, and what nobody waits for is given up."""
import contextlib
import os
import signal
import socket
import struct
import tempfile
import time
import unittest

from prometheus import metrics_of
from vmariumd import PATIENCE, Vmariumd, connect_unix, maps, post, request

AREAS = 1000
OPERATIONS = 600  # each about all areas; a look at the last state but one repeats them
CALLS = 1000  # of a batch
LOOPS = ("--loops", "2")


def make_history(peer):
    """A process with so many operations behind it."""
    name = peer.call("process.create", history="all", uid=0, maps=maps(AREAS), want=[])["process"]
    peer.post([request("mm.munlockall", i, process=name, want=[]) if i % 2 else
               request("mm.mlockall", i, process=name, flags=1, want=[]) for i in range(OPERATIONS)])
    assert "error" not in peer.hear().json[-1]
    return name


def look(name, ident):
    return request("history.at", ident, process=name, seq=OPERATIONS - 1, want=[])


def looks(name):
    """They take minutes; each is one long call."""
    return post([look(name, i) for i in range(CALLS)])


def begin_looks(server, stack, peers=4):
    """So many clients, on whatever loops, whose requests have been read."""
    with server.connect() as peer:
        name = make_history(peer)
    made = [stack.enter_context(server.connect()) for _ in range(peers)]
    for peer in made:
        peer.send(looks(name))
        peer.settle()
    return made


def reset(peer):
    peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.sock.close()


def abandoned(server):
    return metrics_of(server).get("vmarium_rpc_calls_abandoned")


def await_abandoned(server, calls):
    end = time.monotonic() + PATIENCE
    while abandoned(server) < calls:
        assert time.monotonic() < end, "the work goes on"
        time.sleep(0.05)


class Ends(unittest.TestCase):
    def test_a_second_signal_waits_for_no_call(self):
        with Vmariumd(*LOOPS, "--drain-timeout", "10m") as server, contextlib.ExitStack() as stack:
            begin_looks(server, stack)
            server.signal(signal.SIGTERM)
            while "finishing what was accepted" not in server.process.stderr.readline():
                pass
            server.signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(PATIENCE), 0)

    def test_the_drain_timeout_bounds_calls(self):
        with Vmariumd(*LOOPS, "--drain-timeout", "1ms") as server, contextlib.ExitStack() as stack:
            begin_looks(server, stack)
            server.signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(PATIENCE), 0)


class Gone(unittest.TestCase):
    def test_what_a_reset_client_asked_is_given_up(self):
        with Vmariumd(*LOOPS) as server, contextlib.ExitStack() as stack:
            peers = begin_looks(server, stack)
            self.assertEqual(abandoned(server), 0)
            # Of the second one more has come meanwhile, and nothing further is read.
            peers[1].send(b"P")
            peers[1].settle()
            for peer in peers:
                reset(peer)
            await_abandoned(server, 1)
            # All of them: who comes now is not behind their work.
            await_abandoned(server, (len(peers) - 1) * CALLS)

    def test_who_closes_a_unix_socket_is_gone(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "socket")
            with Vmariumd(*LOOPS, "--listen", "unix:" + path) as server:
                with server.connect() as peer:
                    name = make_history(peer)
                with connect_unix(path) as peer:
                    peer.send(looks(name))
                    # Its answer cannot come before those to what was sent first.
                    metrics_of(server)
                await_abandoned(server, 1)

    def test_who_shuts_one_side_is_answered(self):
        with Vmariumd(*LOOPS) as server:
            with server.connect() as peer:
                name = make_history(peer)
            with server.connect() as peer:
                peer.post([look(name, i) for i in range(2)])
                peer.sock.shutdown(socket.SHUT_WR)
                answer = peer.hear().json
                self.assertEqual([one["result"]["seq"] for one in answer], [OPERATIONS - 1] * 2)
            self.assertEqual(abandoned(server), 0)

    def test_what_a_reset_client_changed_is_changed(self):
        with Vmariumd(*LOOPS) as server:
            with server.connect() as peer:
                name = make_history(peer)
                with server.connect() as leaver:
                    leaver.post([look(name, 0), request("mm.munlockall", 1, process=name, want=[])])
                    leaver.settle()
                    reset(leaver)
                end = time.monotonic() + PATIENCE
                while peer.call("history.list", process=name, count=1)["history"]["last"] == OPERATIONS:
                    self.assertLess(time.monotonic(), end)
                    time.sleep(0.05)


if __name__ == "__main__":
    unittest.main()
