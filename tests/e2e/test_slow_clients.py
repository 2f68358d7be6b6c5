# SPDX-License-Identifier: MIT
"""slowhttptest in its three modes: the server closes all of its connections in
the end, and serves others meanwhile and afterwards."""
import os
import shutil
import subprocess
import time
import unittest

from prometheus import metrics_of
from vmariumd import PATIENCE, Vmariumd

CONNECTIONS = 40
TIME_WAIT, LISTEN = "06", "0A"  # as /proc/net/tcp has them
# Idle is also who is served, between two calls.
SHORT = ("--header-timeout=500ms", "--body-timeout=500ms",
         "--write-timeout=1s", "--idle-timeout=10s", "--linger-timeout=500ms")


def sockets_of(server):
    """The kernel's ends of connections that the server accepted."""
    with open("/proc/net/tcp", encoding="ascii") as file:
        rows = [line.split() for line in file][1:]
    return sum(int(row[1].split(":")[1], 16) == server.port and
               row[3] not in (TIME_WAIT, LISTEN) for row in rows)


@unittest.skipUnless(shutil.which("slowhttptest") or os.environ.get("CI"),
                     "slowhttptest is not installed; run deploy/deps --tests")
class SlowHttpTest(unittest.TestCase):
    def attack(self, path, *arguments):
        with Vmariumd("--loops=2", *SHORT) as server:
            with subprocess.Popen(
                    ["slowhttptest", "-c", str(CONNECTIONS), "-r", "40",
                     "-l", "60", "-p", "20", "-v", "0",
                     "-u", server.url + path, *arguments],
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    text=True) as attacker:
                try:
                    self.is_served_until_all_are_gone(server)
                finally:
                    attacker.kill()
                    output = attacker.communicate()[0]
            self.assertNotIn("Error", output)
            self.is_served(server)

    def is_served_until_all_are_gone(self, server):
        for own in range(2, 10 * PATIENCE, 2):
            self.is_served(server)
            metrics = metrics_of(server)
            # The one that asks is open, and the kernel has no others.
            if (metrics.get("vmarium_connections_accepted") >=
                    CONNECTIONS + own and
                    metrics.get("vmarium_connections") == 1 and
                    sockets_of(server) == 0):
                return
            time.sleep(0.1)
        self.fail(f"{sockets_of(server)} connections stay open")

    def is_served(self, server):
        with server.connect() as peer:
            made = peer.call("process.create", want=[])
            self.assertEqual(
                peer.call("process.exit", process=made["process"]),
                {"threads": 0})

    def test_slow_headers(self):
        self.attack("/rpc", "-H", "-i", "1", "-x", "8")

    def test_slow_bodies(self):
        self.attack("/rpc", "-B", "-i", "1", "-x", "8", "-s", "4096",
                    "-t", "POST", "-f", "application/json")

    def test_slow_readers(self):
        """What lies in the kernel by then is thrown away."""
        self.attack("/openrpc.json", "-X", "-w", "8", "-y", "16", "-n", "1",
                    "-z", "4", "-k", "10")


if __name__ == "__main__":
    unittest.main()
