#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real programs recorded with `vmarium record`, and what `vmarium replay` makes of it."""
import ctypes
import errno
import json
import os
import pathlib
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import unittest

from vmariumd import Vmariumd

VMARIUM = pathlib.Path(os.environ["VMARIUM_BIN"]) / "vmarium"
NOBODY = 65534
PTRACE_NUMBER = 101

THREADS = """
import mmap, threading
def work():
    for _ in range(20):
        area = mmap.mmap(-1, 1 << 16)
        area[0] = 1
        area.close()
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""

FOREIGN = """
import ctypes, mmap, os
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
device = os.open("/dev/zero", os.O_RDWR)
area = mmap.mmap(device, 8192, flags=mmap.MAP_PRIVATE)
area[0] = 1
unread = mmap.mmap(-1, 8192, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
print(unread[0])
segment = libc.shmget(0, 8192, 0o600)
at = libc.shmat(segment, None, 0)
ctypes.memset(at, 1, 1)
libc.shmctl(segment, 0, None)
libc.munlockall()
"""

GROW = """
import ctypes, sys
libc = ctypes.CDLL(None)
buffer = (ctypes.c_char * 8)()
sys.setrecursionlimit(100000)
def down(n):
    return sorted([n], key=lambda n: down(n - 1) if n else 0)
down(2000)
libc.mlockall(1)
"""


def refuse_ptrace():
    """From here on, and in every child, ptrace answers EPERM."""
    libc = ctypes.CDLL(None, use_errno=True)
    program = b"".join(
        struct.pack("HBBI", *instruction)
        for instruction in (
            (0x20, 0, 0, 0),  # load the system call's number
            (0x15, 0, 1, PTRACE_NUMBER),
            (0x06, 0, 0, 0x50000 | errno.EPERM),
            (0x06, 0, 0, 0x7FFF0000),
        )
    )
    buffer = ctypes.create_string_buffer(program)
    prog = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.c_char_p(prog)):
        raise OSError(ctypes.get_errno(), "no seccomp filter")


class Record(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Vmariumd())

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.trace = self.folder / "trace.jsonl"

    def vmarium(self, *arguments, **how):
        return subprocess.run(
            [VMARIUM, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
            cwd=self.folder,
            **how,
        )

    def record(self, *command, status=0, **how):
        run = self.vmarium("record", "-o", self.trace, "--", *command, **how)
        if "ptrace" in run.stderr and run.returncode == 2:
            self.skipTest(run.stderr)
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        return run

    def lines(self):
        return [json.loads(line) for line in self.trace.read_text().splitlines()]

    def replay(self, *options):
        return self.vmarium("replay", "--server", self.server.url, *options, self.trace)

    def agrees(self):
        run = self.replay()
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn(f"all {len(self.lines()) - 1} steps agree (ret, maps)", run.stdout)

    def ops(self):
        return [line["op"] for line in self.lines()[1:]]

    def test_ls_agrees(self):
        run = self.record("/bin/ls", "/")
        self.assertIn("etc", run.stdout.split())
        self.assertRegex(run.stderr, r"\d+ calls of 1 process; /bin/ls exited with 0")
        header, *steps = self.lines()
        self.assertEqual(header["kernel"], os.uname().release)
        self.assertEqual(header["argv"], ["/bin/ls", "/"])
        self.assertEqual(header["faults"], False)
        self.assertTrue(any(line.endswith("[stack]") for line in header["maps"]))
        self.assertIn("mmap_base", header["mm"])
        opened = [step["name"] for step in steps if step["op"] == "open"]
        self.assertIn("libc.so.6", opened)
        self.assertEqual(steps[-1], {"op": "exit"})
        self.agrees()

    def test_recording_stands_still_without_randomisation(self):
        self.record("/bin/true")
        first = self.lines()
        self.record("/bin/true")
        again = self.lines()
        self.assertEqual(first[1:], again[1:])
        self.assertEqual(first[0]["maps"], again[0]["maps"])

    def test_random_addresses_agree_too(self):
        run = self.vmarium("record", "--randomize", "-o", self.trace, "/bin/ls", "/")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.agrees()

    def test_forking_shell_agrees(self):
        run = self.record("/bin/sh", "-c", "for i in 1 2; do ls / | wc -l; done; (echo sub)")
        self.assertIn("sub", run.stdout)
        ops = self.ops()
        self.assertGreaterEqual(ops.count("fork"), 5)
        self.assertEqual(ops.count("exec"), 4)
        self.assertEqual(ops.count("exit"), 1 + ops.count("fork"))
        self.agrees()

    def test_python_agrees(self):
        self.record(sys.executable, "-c", "print(sum(range(10)))")
        self.agrees()

    def test_threads_agree(self):
        self.record(sys.executable, "-c", THREADS)
        callers = {line.get("t", 0) for line in self.lines()[1:] if line["op"] == "mmap"}
        self.assertGreater(len(callers), 1)
        self.agrees()

    def test_grown_stack_agrees(self):
        self.record(sys.executable, "-c", GROW)
        tops = {
            line.split("-")[0]
            for step in self.lines()[1:]
            for line in step.get("m", ())
            if line.endswith("[stack]")
        }
        self.assertGreater(len(tops), 1, "the stack was to grow")
        self.agrees()

    def test_what_no_virtual_kernel_does_stands_as_image(self):
        self.record(sys.executable, "-c", FOREIGN)
        reasons = [line["why"] for line in self.lines()[1:] if line["op"] == "image"]
        self.assertTrue(any(reason.startswith("mmap(NULL, 8192") for reason in reasons), reasons)
        self.assertIn("the maps changed without a call that is recorded", reasons)
        self.agrees()

    @unittest.skipUnless(shutil.which("gcc"), "no gcc here")
    def test_gcc_agrees(self):
        (self.folder / "hello.c").write_text("int main(void) { return 0; }\n")
        self.record("gcc", "-c", "hello.c")
        self.agrees()

    @unittest.skipUnless(shutil.which("node"), "no node here")
    def test_node_agrees(self):
        self.record("node", "-e", "console.log(1)")
        self.agrees()

    def test_cut_recording_is_replayed_as_far_as_it_goes(self):
        self.record("/bin/ls", "/")
        text = self.trace.read_text()
        self.trace.write_text(text[: len(text) // 2])
        lines = self.trace.read_text().count("\n")
        run = self.replay()
        self.assertEqual(run.returncode, 2)
        self.assertIn(f"all {lines - 1} steps agree", run.stdout)
        self.assertIn(f"line {lines + 1}: cut or garbled", run.stderr)

    def test_changed_answer_is_found(self):
        self.record("/bin/ls", "/")
        header, *steps = self.lines()
        number = next(i for i, step in enumerate(steps) if step["op"] == "mmap")
        steps[number]["r"] = "0x1000"
        self.trace.write_text("".join(json.dumps(line) + "\n" for line in (header, *steps)))
        run = self.replay()
        self.assertEqual(run.returncode, 1)
        self.assertIn(f"line {number + 2}, step {number + 1} of", run.stdout)
        self.assertIn(f"recorded on Linux {os.uname().release}, replayed as", run.stdout)

    def test_profile_stands_in_the_recording(self):
        run = self.vmarium("record", "--profile", "5.10", "-o", self.trace, "/bin/true")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.lines()[0]["profile"], "5.10")
        replayed = self.replay("--json")
        self.assertEqual(json.loads(replayed.stdout.splitlines()[0])["profile"], "5.10")

    def test_status_of_the_program_is_told(self):
        self.assertIn("exited with 3", self.record("/bin/sh", "-c", "exit 3").stderr)
        run = self.record("/bin/sh", "-c", "kill -9 $$")
        self.assertIn(f"killed by signal {signal.SIGKILL:d}", run.stderr)
        run = self.vmarium("record", "--json", "-o", self.trace, "/bin/false")
        told = json.loads(run.stdout)
        self.assertEqual((told["exit"], told["signal"], told["processes"]), (1, None, 1))
        self.assertEqual(told["lines"], len(self.lines()))

    def test_trace_goes_where_it_is_wanted(self):
        run = self.vmarium("record", "/bin/true")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertTrue((self.folder / "true.jsonl").exists())
        run = self.vmarium("record", "-o", "-", "/bin/true")
        self.assertEqual(json.loads(run.stdout.splitlines()[0])["argv"], ["/bin/true"])
        run = self.vmarium("record", "-o", "/nonexistent/x", "/bin/true")
        self.assertEqual(run.returncode, 2)
        self.assertIn("/nonexistent/x: No such file", run.stderr)

    def test_program_that_cannot_be_run_is_told(self):
        run = self.record("/nonexistent/program", status=2)
        self.assertIn("'/nonexistent/program' cannot be executed: No such file", run.stderr)
        self.assertFalse(self.trace.exists())

    def test_refused_ptrace_is_told(self):
        # The leak sanitizer, where there is one, wants ptrace for itself.
        run = self.vmarium(
            "record", "-o", self.trace, "/bin/true",
            preexec_fn=refuse_ptrace, env=os.environ | {"ASAN_OPTIONS": "detect_leaks=0"},
        )
        self.assertEqual(run.returncode, 2)
        self.assertIn("ptrace is not permitted", run.stderr)
        self.assertFalse(self.trace.exists())

    @unittest.skipIf(os.geteuid(), "only root can become nobody")
    def test_unreadable_program_is_told(self):
        os.chmod(self.folder, 0o777)
        program = self.folder / "secret"
        shutil.copy("/bin/true", program)
        program.chmod(stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        run = self.vmarium(
            "record", "-o", self.trace, program, preexec_fn=lambda: os.setuid(NOBODY)
        )
        self.assertEqual(run.returncode, 2)
        self.assertRegex(run.stderr, "does not let /proc/[0-9]+/maps be read")

    def test_wrong_usage_is_told(self):
        for arguments, message in (
            ((), "which PROGRAM?"),
            (("--json", "-o", "-", "x"), "writes the trace where --json"),
            (("--frob", "x"), "unrecognized option"),
        ):
            run = self.vmarium("record", *arguments)
            self.assertEqual(run.returncode, 2)
            self.assertIn(message, run.stderr)


if __name__ == "__main__":
    unittest.main()
