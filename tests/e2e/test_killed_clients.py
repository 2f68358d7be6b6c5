# SPDX-License-Identifier: MIT
"""Clients that are killed in the middle of something leave nothing behind."""
import os
import signal
import subprocess
import sys
import time
import unittest

from prometheus import metrics_of
from vmariumd import PATIENCE, Vmariumd, request

HERE = os.path.dirname(os.path.abspath(__file__))

# Each says "here", and the name of its process, when it is where it is to be
# killed, and stays there.
BEGIN = """
import sys, time
sys.path.insert(0, sys.argv[1])
from vmariumd import Peer, post, request
import socket
peer = Peer(socket.create_connection(("127.0.0.1", int(sys.argv[2]))))
def here(name=""):
    print("here", name, flush=True)
    time.sleep(1000)
"""

SENDING_A_BODY = BEGIN + """
body = post([request("process.create", i) for i in range(100)])
peer.send(body[:len(body) // 2])
here()
"""

IN_A_BATCH = BEGIN + """
name = peer.call("process.create", want=[])["process"]
peer.post([request("mm.snapshot", i, process=name) for i in range(1000)])
here(name)
"""

READING_A_LARGE_ANSWER = BEGIN + """
name = peer.call("process.create", want=[])["process"]
for _ in range(4):
    peer.post([request("mm.snapshot", i, process=name)
               for i in range(1000)])
peer.sock.recv(4096)
here(name)
"""

PIPELINING = BEGIN + """
name = peer.call("process.create", want=[])["process"]
peer.send(b"".join(post(request("mm.brk", i, process=name, addr=0))
                   for i in range(200)) +
          post(request("rpc.discover", 1)) * 20)
peer.hear()
here(name)
"""

LEVELS = ("vmarium_connections", "vmarium_processes", "vmarium_worlds",
          "vmarium_areas", "vmarium_pending_bytes")


def memory_of(server):
    """KiB of the process, its share of what it shares."""
    path = f"/proc/{server.process.pid}/smaps_rollup"
    with open(path, encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file
                    if line.startswith("Pss:"))


class Killed(unittest.TestCase):
    def kill_some(self, server, program, number):
        clients = [subprocess.Popen(
            [sys.executable, "-B", "-c", program, HERE, str(server.port)],
            stdout=subprocess.PIPE, text=True) for _ in range(number)]
        names = []
        for client in clients:
            word, *name = client.stdout.readline().split()
            self.assertEqual(word, "here")
            names += name
        for client in clients:
            client.send_signal(signal.SIGKILL)
        for client in clients:
            client.communicate(timeout=PATIENCE)
            self.assertEqual(client.returncode, -signal.SIGKILL)
        # Processes outlive connections, so that one may come back to them.
        with server.connect() as peer:
            for name in names:
                self.assertEqual(peer.call("process.exit", process=name),
                                 {"threads": 0})

    def levels_fall_back(self, server):
        for _ in range(20 * PATIENCE):
            metrics = metrics_of(server)
            levels = [metrics.get(level) for level in LEVELS]
            if levels == [1, 0, 0, 0, 0]:
                return
            time.sleep(0.05)
        self.fail(dict(zip(LEVELS, levels)))

    def test_nothing_stays_of_them(self):
        with Vmariumd("--loops=2") as server:
            for program in (SENDING_A_BODY, IN_A_BATCH,
                            READING_A_LARGE_ANSWER, PIPELINING):
                self.kill_some(server, program, 3)
                self.levels_fall_back(server)
                with server.connect() as peer:
                    made = peer.call("process.create", want=[])
                    peer.call("process.exit", process=made["process"])

    @unittest.skipIf(b"__asan_init" in open(
        os.path.join(os.environ["VMARIUM_BIN"], "vmariumd"), "rb").read(),
        "AddressSanitizer keeps what is freed")
    def test_memory_is_what_it_was(self):
        with Vmariumd("--loops=2") as server:
            self.kill_some(server, READING_A_LARGE_ANSWER, 4)
            self.levels_fall_back(server)
            before = memory_of(server)
            for _ in range(3):
                self.kill_some(server, READING_A_LARGE_ANSWER, 4)
                self.levels_fall_back(server)
            self.assertLess(memory_of(server), 1.5 * before + 8192)


if __name__ == "__main__":
    unittest.main()
