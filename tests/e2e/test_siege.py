# SPDX-License-Identifier: MIT
"""tests/load/siege.py with small sieges.

Whether each of many new connections finds room in a server of forty depends on who is quick; that the old one is kept
does not.
"""
import os
import pathlib
import subprocess
import sys
import unittest

SIEGE = pathlib.Path(__file__).resolve().parents[1] / "load" / "siege.py"


class Siege(unittest.TestCase):
    def test_a_connection_in_use_is_kept(self):
        run = subprocess.run(
            [sys.executable, "-B", SIEGE, "--connections", "60", "--most", "40", "--seconds", "1",
             "--kind", "half", "--kind", "quiet", "--kind", "busy",
             "--loops", os.environ.get("VMARIUM_LOOPS", "2"), "--bin", os.environ["VMARIUM_BIN"]],
            capture_output=True, text=True, timeout=800, check=False)
        self.assertEqual(run.stdout.count("; 0 times lost the old connection;"), 3, run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main()
