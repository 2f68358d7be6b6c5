#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`vmarium run` against a real server."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from vmariumd import Vmariumd, get

ROOT = pathlib.Path(__file__).resolve().parents[2]
VMARIUM = os.path.join(os.path.abspath(os.environ["VMARIUM_BIN"]), "vmarium")


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Vmariumd("--loops", "2"))

    def setUp(self):
        self.peer = self.enterContext(self.server.connect())

    def vmarium(self, *arguments, script="", status=0):
        run = subprocess.run(
            [VMARIUM, "run", "--server", f"http://127.0.0.1:{self.server.port}", *arguments],
            input=script, capture_output=True, text=True, timeout=60, check=False,
            env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "no_proxy": "*"})
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        return run

    def error_of(self, script, *arguments, status=2):
        run = self.vmarium(*arguments, "-", script=script, status=status)
        self.assertEqual(run.stdout, "")
        return run.stderr

    def test_examples(self):
        for path in sorted((ROOT / "examples").glob("*.vms")):
            with self.subTest(path.name):
                out = self.vmarium(str(path)).stdout
                self.assertIn("expectations hold\n", out)
                self.assertNotIn("DOES NOT", out)

    def test_lines_and_values(self):
        out = self.vmarium("-", script="p = mmap(0, 8K, rw, private)  # here\n"
                                       "v = find_vma(p)\ns = snapshot(want=mm|vmas)\n"
                                       "print s.map_count\nx = mmap(0, 1, r, MAP_PRIVATE)\n"
                                       "c = fork()\nstatus()\nexpect p == 0x5000\n",
                           status=1).stdout
        lines = [" ".join(line.split()) for line in out.splitlines()]
        self.assertEqual(lines[:6], [
            "1 p = mmap(0, 8K, rw, private) = 0x7ffff7ff9000",
            "2 v = find_vma(p) = 0x7ffff7ff9000-0x7ffff7ffb000 rw-p",
            "3 s = snapshot(want=mm|vmas) = a snapshot of mm, vmas",
            "4 print s.map_count = 6",
            "5 x = mmap(0, 1, r, MAP_PRIVATE) = EBADF",
            "6 c = fork() = process 1",
        ])
        self.assertEqual(lines[6], "7 status()")
        self.assertTrue(lines[7].startswith("VmPeak:"), lines[7])
        self.assertEqual(lines[-2:], [
            "8 expect p == 0x5000 DOES NOT HOLD: expected == 0x5000, got 0x7ffff7ff9000",
            "8 steps, 0 of 1 expectations hold",
        ])

    def test_errors_point_at_their_place(self):
        self.assertEqual(
            self.error_of("base = brk(0)\n\tmunmap(bsae, 4K)\n"),
            "script:2:9: no line before this one gives a result the name bsae; perhaps you mean base\n"
            "  \tmunmap(bsae, 4K)\n  \t       ^\n")
        # A Chinese character is one column of the script, and two of the terminal.
        self.assertEqual(
            self.error_of('print "中文" 5'),
            'script:1:12: expected the end of the line, but found 5\n'
            '  print "中文" 5\n  ' + " " * 13 + "^\n")
        self.assertIn("script:2:6: division by zero\n", self.error_of("brk(0)\nbrk(1/0)"))
        self.assertIn("script:1:17: the process has no thread 9;",
                      self.error_of("munmap(0, 4096, thread=9)"))
        self.assertIn("3 steps", self.error_of("repeat 9 {\nbrk(0)\n}", "--max-steps", "3"))
        self.assertEqual(
            self.error_of("base = brk(0)\nmunmap(bsae, 4K)", "--lang", "zh"),
            "script:2:8: 这一行之前，没有哪一行把结果命名为 bsae；是不是想写 base？\n"
            "  munmap(bsae, 4K)\n         ^\n")
        with tempfile.NamedTemporaryFile("w", suffix=".vms") as file:
            file.write("\nnope()\n")
            file.flush()
            run = self.vmarium(file.name, status=2)
            self.assertTrue(run.stderr.startswith(f"{file.name}:2:1: there is no call nope\n"))

    def test_a_process_of_ones_own(self):
        process = self.peer.call("process.create", want=[])["process"]
        self.vmarium("--process", process, "-", script="brk(0x610000)")
        self.assertEqual(self.peer.call("mm.brk", process=process, addr=0, want=[])["ret"], "0x610000")
        self.vmarium("--process", process, "--profile", "6.1", "-", status=2)
        self.error_of("create()", "--process", process, status=1)
        self.error_of("brk(0)", "--process", "nobody", status=1)

    def processes(self):
        text = self.peer.ask(get("/metrics")).body.decode()
        return int(next(line.split()[1] for line in text.splitlines()
                        if line.startswith("vmarium_processes ")))

    def test_what_was_made_is_ended_unless_kept(self):
        before = self.processes()
        self.vmarium("-", script="c = fork()\nin c: fork()\n")
        self.assertEqual(self.processes(), before)
        out = self.vmarium("--keep", "--profile", "6.1", "-", script="brk(0)").stdout
        process = out.splitlines()[-1].removeprefix("process ")
        self.assertEqual(self.peer.call("process.get", process=process)["profile"], "6.1")
        self.assertEqual(self.processes(), before + 1)
        self.peer.call("process.exit", process=process)

    def test_for_programs(self):
        result = json.loads(self.vmarium("--json", "--create", '{"uid": 0}', "-",
                                         script="expect brk(0) != 5").stdout)
        self.assertEqual((result["passed"], result["failed"]), (1, 0))
        run = self.vmarium("--json", "-", script="nope()", status=2)
        self.assertEqual(json.loads(run.stdout)["data"]["key"], "script.syntax")

    def test_steps_and_pictures(self):
        out = self.vmarium("--steps", "--lang", "zh", "--show", "-", script="brk(0x602000)").stdout
        self.assertRegex(out, r"[\u4e00-\u9fff]")
        self.assertIn("[heap]", out)
        self.assertNotRegex(self.vmarium("--steps", "-", script="brk(0x602000)").stdout,
                            r"[\u4e00-\u9fff]")

    def test_wrong_usage(self):
        for arguments in ([], ["a", "b"], ["--max-steps", "0", "-"], ["--max-steps", "x", "-"],
                          ["--lang", "fr", "-"], ["--create", "5", "-"], ["--create", "{", "-"],
                          ["/nonexistent"]):
            with self.subTest(arguments):
                run = self.vmarium(*arguments, status=2)
                self.assertTrue(run.stderr)
                self.assertEqual(run.stdout, "")


if __name__ == "__main__":
    unittest.main()
