# SPDX-License-Identifier: MIT
"""tests/load/chaos.py, small and short."""
import os
import pathlib
import subprocess
import sys
import unittest

CHAOS = pathlib.Path(__file__).resolve().parents[1] / "load" / "chaos.py"


class Chaos(unittest.TestCase):
    def bears(self, kind, clients, seconds):
        run = subprocess.run(
            [sys.executable, "-B", CHAOS, "--kind", kind, "--clients", clients, "--large", "1", "--seconds", seconds,
             "--loops", os.environ.get("VMARIUM_LOOPS", "2"), "--bin", os.environ["VMARIUM_BIN"]],
            capture_output=True, text=True, timeout=800, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_the_server_bears_it(self):
        self.bears("plain", "6", "1")

    def test_with_tokens_that_come_and_go(self):
        self.bears("tokens", "5", "0.7")

    def test_with_little_room_and_time(self):
        self.bears("narrow", "5", "0.7")

    def test_told_to_end_amid_it(self):
        self.bears("ending", "5", "1")


if __name__ == "__main__":
    unittest.main()
