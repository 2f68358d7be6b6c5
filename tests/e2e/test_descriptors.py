# SPDX-License-Identifier: MIT
"""A server without a descriptor for the next connection goes on with those that it has."""
import contextlib
import os
import pathlib
import re
import resource
import subprocess
import tempfile
import unittest
from unittest import mock

from vmariumd import PATIENCE, Vmariumd, binary, environment, get


@contextlib.contextmanager
def no_descriptor_left(pid):
    """In the block a process gets none but those that it has."""
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    taken = {int(name) for name in os.listdir(f"/proc/{pid}/fd")}
    first_free = next(number for number in range(len(taken) + 1) if number not in taken)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (first_free, before[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


class Descriptors(unittest.TestCase):
    def limit(self, files):
        """Servers begin with so low a limit."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        script = pathlib.Path(folder, "vmariumd")
        script.write_text(f'#!/bin/sh\nexec prlimit --nofile={files}:{files} "{binary()}" "$@"\n', encoding="utf-8")
        script.chmod(0o755)
        self.enterContext(mock.patch.dict(os.environ, VMARIUM_BIN=folder))

    def connect(self, server, count):
        """So many at once, with a request each."""
        peers = [self.enterContext(server.connect()) for _ in range(count)]
        for peer in peers:
            peer.send(get("/healthz"))
        return peers

    def answers_without_any(self, loops):
        """Who comes then waits, and the others are served; the log says why."""
        with Vmariumd(f"--loops={loops}") as server:
            first, = self.connect(server, 1)
            self.assertEqual(first.hear().status, 200)
            with no_descriptor_left(server.process.pid):
                waiting = self.connect(server, 32)
                while "cannot accept connections now" not in server.process.stderr.readline():
                    self.assertIsNone(server.process.poll())
                self.assertEqual(first.ask(get("/healthz")).status, 200)
            for peer in waiting:
                self.assertEqual(peer.hear().status, 200)

    def test_one_loop(self):
        self.answers_without_any(1)

    def test_several_loops(self):
        self.answers_without_any(4)

    def test_it_takes_as_many_as_it_says(self):
        self.limit(160)
        with Vmariumd("--loops=1") as server:
            line = server.process.stderr.readline()
            number = int(re.search(r"only (\d+) connections at a time", line)[1])
            self.assertGreater(number, 60)
            served = 0
            for peer in [self.enterContext(server.connect()) for _ in range(4 * number)]:
                # Who is turned away may have lost its connection before it has asked.
                with contextlib.suppress(ConnectionError):
                    answer = peer.ask(get("/healthz"))
                    self.assertTrue(answer is None or answer.status in (200, 503))
                    served += bool(answer) and answer.status == 200
            self.assertGreater(served, 0)
        self.assertNotIn("cannot accept", server.errors)

    def test_none_for_connections_is_told_at_once(self):
        """The least limit with which it can be prepared leaves none."""
        errors = "too many open files"
        for files in range(8, 64):
            if "too many open files" not in errors:
                break
            done = subprocess.run(["prlimit", f"--nofile={files}:{files}", binary(), "--listen=127.0.0.1:0",
                                   "--loops=1"], env=environment(), capture_output=True, text=True,
                                  timeout=PATIENCE, check=False)
            self.assertEqual(done.returncode, 1)
            errors = done.stderr
        self.assertRegex(errors, r"no descriptor is left for connections: .* raise it with ulimit -n")


if __name__ == "__main__":
    unittest.main()
