#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What --help and the manual page show of `vmarium` can be done as it stands there."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from vmariumd import Vmariumd

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = os.path.abspath(os.environ["VMARIUM_BIN"])
OPERATIONS = 4  # of the process that the examples are about


def help_of(*command):
    return subprocess.run([f"{BIN}/vmarium", *command, "--help"], capture_output=True, text=True,
                          check=True, timeout=60).stdout


def commands():
    section = help_of().partition("Commands:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  ([a-z]+)", section, re.M)


def examples():
    """Those of each command's --help, and those of the manual page, in order."""
    for command in commands():
        # What an example does may stand behind it.
        yield command, re.findall(r"^  (vmarium .*?)(?:\s{2,}.*)?$", help_of(command), re.M)
    page = pathlib.Path(BIN).parent.joinpath("man", "vmarium.1").read_text(encoding="utf-8")
    yield "the manual page", re.findall(r"^(vmarium .*)$", page.partition(".Sh EXAMPLES")[2], re.M)


class Help(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Vmariumd())
        self.peer = self.enterContext(self.server.connect())
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copy(ROOT / "examples" / "brk-grows.vms", self.folder / "exercise.vms")
        self.begin_anew()

    def begin_anew(self):
        """Makes the process that the examples are about, and what they have of it."""
        self.process = self.peer.call("process.create", want=[])["process"]
        for i in range(OPERATIONS):
            self.peer.call("mm.brk", process=self.process, addr=0x602000 + i * 4096, want=[])
        self.names = {
            "PROCESS": self.process, "NAME": self.process,
            "BRANCH": self.peer.call("world.branch", process=self.process, want=[])["process"],
            "SHARE": self.peer.call("process.share", process=self.process)["share"],
        }

    def start(self, line):
        environment = os.environ | {
            "PATH": f"{BIN}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "no_proxy": "*",
            "VMARIUM_SERVER": f"http://127.0.0.1:{self.server.port}"}
        line = re.sub(r"\b(PROCESS|NAME|BRANCH|SHARE)\b(?!=)", lambda name: self.names[name[1]], line)
        return subprocess.Popen(["bash", "-c", line], cwd=self.folder, env=environment, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    def status_of(self, line):
        with self.start(line) as run:
            out = run.communicate(timeout=600)[0]
        return run.returncode, out

    def watch(self, line):
        """Draws at once, and ends with the process."""
        with self.start(line) as run:
            self.assertIn("areas", run.stdout.readline())
            self.peer.call("process.exit", process=self.process)
            out = run.communicate(timeout=600)[0]
        return run.returncode, out

    def test_examples_run(self):
        there = dict(examples())
        self.assertGreater(sum(map(len, there.values())), 20)
        for of, lines in there.items():
            self.begin_anew()
            # The last one, as the process ends.
            for line in sorted(lines, key=lambda line: line.startswith("vmarium watch ")):
                with self.subTest(of, line=line):
                    run = self.watch if line.startswith("vmarium watch ") else self.status_of
                    status, out = run(line)
                    self.assertEqual(status, 0, out)

    def test_a_share_will_do_where_help_says_so(self):
        for command in commands():
            usage = re.match(r"Usage: vmarium \w+ PROCESS(\|SHARE)?( SEQ)?", help_of(command))
            # What watches goes on: it is among the examples.
            if not usage or command == "watch":
                continue
            with self.subTest(command):
                status, out = self.status_of(f"vmarium {command} SHARE" + (" 0" if usage[2] else ""))
                self.assertEqual(status, 0 if usage[1] else 1, out)


if __name__ == "__main__":
    unittest.main()
