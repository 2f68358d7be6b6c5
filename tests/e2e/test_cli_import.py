#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`vmarium import`: strace's output and maps become traces; `vmarium profiles`."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from vmariumd import Vmariumd

VMARIUM = pathlib.Path(os.environ["VMARIUM_BIN"]) / "vmarium"

# A loader at work: everything above 0x7ffff7fc0000 was there before the first call.
ALONE = """\
execve("/bin/x", ["x"], 0x7ffc2ef3f810 /* 37 vars */) = 0
brk(NULL)                               = 0x555555579000
mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7ffff7fbe000
openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3
newfstatat(3, "", {st_mode=S_IFREG|0644, st_size=53655, ...}, AT_EMPTY_PATH) = 0
mmap(NULL, 53655, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7ffff7fb0000
close(3)                                = 0
mprotect(0x7ffff7ffb000, 8192, PROT_READ) = 0
munmap(0x7ffff7fb0000, 53655)           = 0
brk(0x55555559a000)                     = 0x55555559a000
--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---
munmap(0x1001, 4096)                    = -1 EINVAL (Invalid argument)
mremap(0x7ffff7fbe000, 8192, 4096, MREMAP_MAYMOVE) = 0x7ffff7fbe000
exit_group(0)                           = ?
+++ exited with 0 +++
"""

FOLLOWED = """\
10  1700000000.000001 execve("/bin/sh", ["sh"], 0x7ffd /* 3 vars */) = 0
10  1700000000.000002 mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7ffff7fff000 <0.1>
10  1700000000.000003 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>
11  1700000000.000004 munmap(0x7ffff7fff000, 4096 <unfinished ...>
10  1700000000.000005 <... clone resumed>, child_tidptr=0x7ffff7d8aa10) = 11
10  1700000000.000006 mprotect(0x7ffff7fff000, 4096, PROT_READ) = 0
11  1700000000.000007 <... munmap resumed>) = 0
10  1700000000.000008 clone3({flags=CLONE_VM|CLONE_THREAD, stack=0x7f}, 88) = 12
12  1700000000.000009 mmap(NULL, 4096, PROT_READ, MAP_SHARED|MAP_ANONYMOUS, -1, 0) = 0x7ffff7ffe000
11  1700000000.000010 execve("/bin/y", ["y"], 0x7ffd /* 3 vars */) = 0
11  1700000000.000011 brk(NULL) = 0x404000
11  1700000000.000012 +++ exited with 0 +++
"""

MAPS = """\
00400000-00401000 r-xp 00000000 08:01 77                                 /bin/x
7ffff7ff0000-7ffff7ff1000 rw-p 00000000 00:00 0
7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0                          [stack]
"""


class Served(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Vmariumd())

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.trace = self.folder / "trace.jsonl"

    def vmarium(self, *arguments, text=None):
        return subprocess.run(
            [VMARIUM, *map(str, arguments)],
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=os.environ | {"VMARIUM_SERVER": self.server.url},
        )


class Import(Served):
    def take(self, text, status=0, message=""):
        run = self.vmarium("import", "-o", self.trace, "-", text=text)
        self.assertEqual(run.returncode, status, run.stderr)
        self.assertIn(message, run.stderr)
        if not self.trace.exists():
            return []
        return [json.loads(line) for line in self.trace.read_text().splitlines()]

    def agrees(self):
        run = self.vmarium("replay", self.trace)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_strace_of_one_process_agrees(self):
        header, *steps = self.take(ALONE)
        ops = [step["op"] for step in steps]
        self.assertEqual(
            ops, "brk mmap open mmap mprotect munmap brk munmap mremap exit".split()
        )
        self.assertEqual(header["checks"], ["ret"])
        self.assertEqual(header["maps"], ["7ffff7ffb000-7ffff7ffd000 rw-p 0"])
        self.assertEqual(header["mm"]["mmap_base"], "0x7ffff7fc0000")
        self.assertEqual(header["mm"]["start_brk"], "0x555555579000")
        opened = steps[2]
        self.assertEqual(
            (opened["fd"], opened["name"], opened["size"], opened["mode"]),
            (3, "ld.so.cache", 53655, "ro"),
        )
        self.assertEqual(steps[7]["r"], -22)
        self.agrees()

    def test_strace_of_threads_and_children_agrees(self):
        header, *steps = self.take(FOLLOWED)
        self.assertEqual(
            [(step["op"], step.get("p", 0), step.get("t", 0)) for step in steps],
            [
                ("mmap", 0, 0),
                ("fork", 0, 0),
                ("mprotect", 0, 0),
                ("munmap", 1, 0),
                ("clone", 0, 0),
                ("mmap", 0, 1),
                ("exec", 1, 0),
                ("brk", 1, 0),
                ("exit", 1, 0),
            ],
        )
        self.assertEqual(steps[6]["mm"]["start_brk"], "0x404000")
        self.agrees()

    def test_changed_answer_is_found(self):
        self.take(ALONE.replace("= 0x7ffff7fb0000", "= 0x7ffff7fb1000"))
        run = self.vmarium("replay", self.trace)
        self.assertEqual(run.returncode, 1)
        self.assertIn("0x7ffff7fb1000 | 0x7ffff7fb0000", run.stdout)

    def test_prefixes_change_nothing(self):
        expected = self.take(ALONE)
        for prefix in ("[pid  77] ", "77 ", "12:00:01 ", "12:00:01.5 ", "[pid 77] 17000.25 ", "+0.1 "):
            text = "".join(prefix + line + "\n" for line in ALONE.splitlines())
            self.assertEqual(self.take(text), expected, prefix)

    def test_remark_in_the_middle_of_a_line_is_joined(self):
        text = ALONE.replace(
            "brk(0x55555559a000)                     =",
            "brk(0x55555559a000strace: Process 12 attached\n)      =",
        )
        self.assertEqual(self.take(text), self.take(ALONE))

    def test_wrong_lines_are_named_and_the_others_kept(self):
        lines = ALONE.splitlines()
        for line, message in (
            ("mmap(NULL, 8192, PROT_READ|", "cut: the arguments have no end"),
            ("munmap(0x1000, 4096)", "cut: there is no '='"),
            ("munmap(0x1000, 4096) =", "cut: there is no answer"),
            ("munmap(0x1000) = 0", "munmap has 2 arguments, and not 1"),
            ("munmap(0x1000, long) = 0", "'long' is no length that is known"),
            ("mprotect(0x1000, 1, PROT_FROB) = 0", "'PROT_FROB' is no prot that is known"),
            ("munmap(0x1000, 4096) = -1 EFROB (Frob)", "'-1 EFROB (Frob)' is no answer"),
            ("\x01\x02garbled", "no call, no remark"),
            ("<... munmap resumed>) = 0", "nothing was unfinished"),
            ("99 munmap(0x1000, 1) = 0\n98 munmap(0x1000, 1) = 0", "process 98 was not seen"),
        ):
            with self.subTest(line):
                text = "\n".join(lines[:3] + [line] + lines[3:]) + "\n"
                steps = self.take(text, 1, message)[1:]
                self.assertGreaterEqual(len(steps), 10)
        run = self.vmarium("import", "-", text="\n".join(lines[:3] + ["frob"]))
        self.assertIn("line 4: ", run.stderr)

    def test_cut_in_a_call_is_told(self):
        self.take("munmap(0x1000, 4096 <unfinished ...>\n", 1, "has no end: munmap(0x1000")

    def test_maps_become_a_trace_of_one_line(self):
        (header,) = self.take(MAPS)
        self.assertEqual(header["maps"], MAPS.splitlines())
        self.agrees()
        self.assertIn("line 2: cut or garbled", self.vmarium("import", "-", text=MAPS[:90]).stderr)

    def test_maps_become_a_process(self):
        path = self.folder / "maps"
        path.write_text(MAPS)
        run = self.vmarium("import", "--create", "--profile", "6.1", path)
        self.assertEqual(run.returncode, 0, run.stderr)
        shown = self.vmarium("call", "mm.maps", f"process={run.stdout.strip()}", "--json")
        self.assertIn("[stack]", json.loads(shown.stdout)["text"])

    def test_other_architectures_are_named(self):
        for text, message in (
            ("aaaad0000000-aaaad0001000 r-xp 00000000 08:01 7  /bin/x\n", "arm64?"),
            ("fffde000-ffffe000 rw-p 00000000 00:00 0          [stack]\n", "32 bit process"),
            ("00400000-00401000 r-xp 00000000 08:01 7 /lib/ld-linux-armhf.so.3\n", "32 bit"),
            ('mmap2(NULL, 8192, PROT_READ, MAP_PRIVATE, 3, 0) = 0xf7fbe000\n', "32 bit"),
            ("[ Process PID=12 runs in 32 bit mode. ]\n", "32 bit"),
        ):
            with self.subTest(text):
                self.trace.unlink(missing_ok=True)
                self.assertEqual(self.take(text, 2, message), [])

    def test_nothing_to_read_is_told(self):
        self.assertEqual(self.take("", 2, "neither a call of strace's nor"), [])
        run = self.vmarium("import", self.folder / "missing")
        self.assertEqual(run.returncode, 2)
        run = self.vmarium("import", "--create", "-", text=ALONE)
        self.assertIn("--create takes maps", run.stderr)
        self.assertIn("which FILE?", self.vmarium("import").stderr)


class Profiles(Served):
    def test_all_are_listed(self):
        run = self.vmarium("profiles")
        names = [line.split()[0] for line in run.stdout.splitlines()]
        self.assertEqual(names, ["4.0", "5.10", "6.1", "6.12"])

    def test_two_are_compared(self):
        run = self.vmarium("profiles", "4.0", "6.12")
        self.assertRegex(run.stdout, r"has_vmacache +yes +no ")
        self.assertNotIn("no difference", run.stdout)
        self.assertEqual(self.vmarium("profiles", "6.1", "6.1").stdout.split()[-2:], ["no", "difference"])
        rows = json.loads(self.vmarium("profiles", "--json", "4.0", "6.12").stdout)
        (row,) = [row for row in rows if row["name"] == "has_vmacache"]
        self.assertEqual((row["a"], row["b"]), (True, False))

    def test_unknown_one_is_told(self):
        run = self.vmarium("profiles", "4.0", "3.2")
        self.assertEqual(run.returncode, 1)
        self.assertIn("no profile '3.2'", run.stderr)


if __name__ == "__main__":
    unittest.main()
