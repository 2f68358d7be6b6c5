# SPDX-License-Identifier: MIT
"""tests/load/crowd.py with a small crowd."""
import os
import pathlib
import subprocess
import sys
import unittest

CROWD = pathlib.Path(__file__).resolve().parents[1] / "load" / "crowd.py"


class Crowd(unittest.TestCase):
    def test_a_small_crowd_is_served(self):
        run = subprocess.run(
            [sys.executable, "-B", CROWD, "--idle", "300", "--busy", "60",
             "--seconds", "3", "--bin", os.environ["VMARIUM_BIN"],
             "--slack", "262144"],
            capture_output=True, text=True, timeout=800, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn(" 0 wrong; 0 idle ones lost", run.stdout)


if __name__ == "__main__":
    unittest.main()
