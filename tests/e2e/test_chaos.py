# SPDX-License-Identifier: MIT
"""tests/load/chaos.py, small and short."""
import os
import pathlib
import subprocess
import sys
import unittest

CHAOS = pathlib.Path(__file__).resolve().parents[1] / "load" / "chaos.py"


class Chaos(unittest.TestCase):
    def test_the_server_bears_it(self):
        run = subprocess.run(
            [sys.executable, "-B", CHAOS, "--clients", "24", "--seconds", "5", "--seed", "1",
             "--loops", os.environ.get("VMARIUM_LOOPS", "2"), "--bin", os.environ["VMARIUM_BIN"]],
            capture_output=True, text=True, timeout=800, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main()
