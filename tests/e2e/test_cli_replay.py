#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`vmarium replay` against a server that answers as a trace recorded, but for one answer."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from trace_server import TraceServer

VMARIUM = pathlib.Path(os.environ["VMARIUM_BIN"]) / "vmarium"
TRACES = pathlib.Path(__file__).parents[1] / "conformance" / "traces" / "4.0"

# Every kind of line there is, small enough to be read.
SMALL = """\
{"kernel":"4.0.0","seed":3,"mix":"fork","maps":["400000-401000 r-xp 0 x"],"uid":0,\
"s":[160,156,0,8,8,0,0,0,16,136,4,0,12,8]}
{"op":"mmap","a":["0x0","0x1000","0x3","0x22","0xffffffffffffffff","0x0"],"r":"0x7f0000",\
"m":["400000-401000 r-xp 0 x","7f0000-7f1000 rw-p 0"],"v":[0,0],\
"s":[164,160,0,8,8,0,0,0,20,136,4,0,12,8]}
{"op":"clone","t":0,"new":1}
{"op":"write","a":["0x9000"],"r":"SIGSEGV/1","t":1,"v":[2,1]}
{"op":"fork","p":0,"new":1,"m":["400000-401000 r-xp 0 x"],"s":[160,156,0,8,8,0,0,0,16,136,4,0,12,8]}
{"op":"munmap","a":["0x400001","0x1000"],"r":-22,"p":1,"v":[0,0]}
"""


def vmarium(*arguments, **environment):
    return subprocess.run(
        [VMARIUM, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | environment,
    )


class Replay(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.small = self.write(SMALL)
        self.server = TraceServer(SMALL.splitlines())
        self.server.__enter__()
        self.addCleanup(self.server.__exit__)

    def write(self, text, name="small.jsonl"):
        path = self.folder / name
        path.write_text(text)
        return path

    def replay(self, *arguments):
        return vmarium("replay", "--server", self.server.url, *arguments)

    def expect(self, run, status, *stdout):
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        for text in stdout:
            self.assertIn(text, run.stdout)

    def test_recorded_answers_agree(self):
        for path in TRACES.glob("*4*.jsonl"):
            with TraceServer(path.read_text().splitlines()) as server:
                run = vmarium("replay", "--server", server.url, path)
                steps = len(server.steps)
            self.expect(run, 0, f"all {steps} steps agree (ret, maps, status, vmacache)")

    def test_calls_are_made_as_recorded(self):
        self.expect(self.replay("--profile", "5.10", self.small), 0, "all 5 steps agree")
        methods = [method for method, params in self.server.calls]
        self.assertEqual(
            methods,
            "process.create mm.mmap thread.create mm.access process.fork mm.access mm.munmap"
            " process.exit process.exit".split(),
        )
        create, mmap, clone, write, fork, child, munmap = (
            params for method, params in self.server.calls[:7]
        )
        self.assertEqual(create["profile"], "5.10")
        self.assertEqual(create["maps"], ["400000-401000 r-xp 0 x"])
        self.assertNotIn("seed", create)
        self.assertEqual(create["want"], ["maps", "status"])
        self.assertEqual(mmap["fd"], "0xffffffffffffffff")
        self.assertEqual(mmap["want"], ["maps", "status", "vmacache"])
        self.assertEqual(clone["thread"], 100)
        self.assertEqual((write["thread"], write["type"], write["sp"]), (101, "write", "0x10000"))
        self.assertEqual((fork["process"], fork["thread"]), ("p0", 100))
        self.assertEqual((child["process"], child["type"]), ("p1", "exec"))
        self.assertEqual((munmap["process"], munmap["thread"]), ("p1", 201))

    def test_first_difference_stops_the_trace(self):
        def change(result):
            result["ret"] = "0x7e0000"
            result["snapshot"]["maps"][1] = "007e0000-007e1000 rw-p 00000000 00:00 0 "
            result["snapshot"]["status"]["VmPTE"] = 16

        self.server.change[1] = change
        run = self.replay(self.small)
        self.expect(
            run,
            1,
            "small.jsonl: differs at line 2, step 1 of 5: mmap(NULL, 4096, PROT_READ|PROT_WRITE,"
            " MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)\n",
            "  ret       0x7f0000               | 0x7e0000\n"
            "  maps      400000-401000 r-xp 0 x   400000-401000 r-xp 0 x\n"
            "                                   > 7e0000-7e1000 rw-p 0\n"
            "            7f0000-7f1000 rw-p 0   < \n",
            "  VmPTE     12 kB                  | 16 kB\n",
            "  the same: vmacache\n",
            "stopped after 0 of 5 steps that agree\n",
            "0 of 1 traces agree, 0 of 5 steps\n",
        )
        self.assertEqual(len(self.server.calls), 3)
        self.assertEqual(self.server.calls[-1], ("process.exit", {"process": "p0"}))

    def test_every_kind_of_difference_is_found(self):
        def drop_vmacache(result):
            result["snapshot"]["vmacache"] = None

        changes = {
            "ret": (5, lambda result: result.update(ret=-12)),
            "ret of a touch": (3, lambda result: result.update(si_code="SEGV_ACCERR")),
            "maps": (5, lambda result: result["snapshot"]["maps"].pop()),
            "maps of the first line": (0, lambda result: result["snapshot"]["maps"].pop()),
            "status": (1, lambda result: result["snapshot"]["status"].update(VmLck=4)),
            "status of the first line": (0, lambda r: r["snapshot"]["status"].pop("VmPMD")),
            "status of a child": (4, lambda result: result["snapshot"]["status"].clear()),
            "calls": (3, lambda result: result["snapshot"]["vmacache"].update(calls=1)),
            "hits": (3, lambda result: result["snapshot"]["vmacache"].update(hits=2)),
            "vmacache": (3, drop_vmacache),
            "thread": (2, lambda result: result.pop("thread")),
        }
        for name, (step, change) in changes.items():
            with self.subTest(name), TraceServer(SMALL.splitlines()) as server:
                server.change[step] = change
                run = vmarium("replay", "--server", server.url, self.small)
                self.expect(run, 1, f"line {step + 1}, ", f"{max(step - 1, 0)} of 5 steps")

    def test_failed_fork_is_a_difference(self):
        self.server.change["fork"] = lambda result: (result.pop("process"), result.update(ret=-12))
        run = self.replay(self.small)
        self.expect(run, 1, "line 5, step 4 of 5: fork(), process 1", "a process | -1 ENOMEM")

    def test_only_what_is_checked_is_asked_for_and_compared(self):
        self.server.change[1] = lambda result: result.update(ret="0x1000")
        self.server.change[3] = lambda result: result["snapshot"]["vmacache"].update(hits=0)
        self.expect(self.replay("--check", "maps,status", self.small), 0, "agree (maps, status)")
        wants = [params.get("want") for method, params in self.server.calls]
        self.assertNotIn("vmacache", str(wants))

    def test_keep_going_shows_every_difference(self):
        self.server.change[1] = lambda result: result.update(ret="0x1000")
        self.server.change[5] = lambda result: result.update(ret=0)
        run = self.replay("--keep-going", self.small)
        self.expect(run, 1, "differs at line 2", "differs at line 6", "2 of 5 steps differ")

    def test_next_file_follows_a_difference(self):
        self.server.change[1] = lambda result: result.update(ret="0x1000")

        # The second replay of the same server begins anew and finds no change.
        def restart(method, params, answer=self.server.answer):
            if method == "process.exit":
                self.server.next = 0
                self.server.change.clear()
            return answer(method, params)

        self.server.answer = restart
        run = self.replay(self.small, self.small)
        self.expect(run, 1, "all 5 steps agree", "1 of 2 traces agree, 5 of 10 steps")

    def test_refused_call_is_told(self):
        hint = "see rpc.discover"
        self.server.refuse[5] = {
            "code": -32601,
            "message": "no such method",
            "data": {"key": "method", "hint": hint},
        }
        run = self.replay(self.small)
        self.expect(run, 1, "stopped after 4 of 5 steps")
        self.assertIn("line 6, step 5 of 5: munmap(0x400001, 4096)", run.stderr)
        self.assertIn("no such method (-32601)", run.stderr)
        self.assertIn(hint, run.stderr)

    def test_lost_server_ends_the_run(self):
        def die(method, params, answer=self.server.answer):
            return None if self.server.next == 3 else answer(method, params)

        self.server.answer = die
        run = self.replay(self.small, self.small)
        self.expect(run, 2, "stopped after 2 of 5", "0 of 1 traces agree")
        self.assertIn("line 4, step 3 of 5: write of one byte at 0x9000", run.stderr)
        self.assertIn("no answer from http://127.0.0.1:", run.stderr)

    def test_no_server_is_told(self):
        run = vmarium("replay", "--server", "http://127.0.0.1:1", self.small)
        self.expect(run, 2)
        self.assertIn("no answer from http://127.0.0.1:1", run.stderr)

    def test_another_kind_of_server_is_told(self):
        for raw in ((200, "hello"), (404, "{}"), (200, '{"jsonrpc":"2.0","id":1}')):
            self.server.raw = raw
            run = self.replay(self.small)
            self.expect(run, 2)
            self.assertIn("not as a vmarium server does", run.stderr)

    def test_unusable_files_name_the_line_and_the_others_follow(self):
        header = SMALL.splitlines()[0]
        broken = {
            "empty.jsonl": ("", "the file is empty"),
            "text.jsonl": ("hello\n", "line 1: cut or garbled"),
            "kernel.jsonl": ('{"maps":[]}\n', "line 1: not a trace's first line"),
            "arch.jsonl": (
                header.replace('"uid"', '"arch":"aarch64","uid"'),
                "line 1: recorded on aarch64; only x86_64 is emulated",
            ),
        }
        for name, (text, message) in broken.items():
            with self.subTest(name), TraceServer(SMALL.splitlines()) as server:
                path = self.write(text, name)
                run = vmarium("replay", "--server", server.url, path, self.small)
                self.expect(run, 2, "1 of 2 traces agree, 5 of 5 steps")
                self.assertIn(f"{name}: {message}", run.stderr)
    def test_what_stands_before_a_wrong_line_is_replayed(self):
        broken = {
            "cut.jsonl": (SMALL[:-20], "line 6: cut or garbled"),
            "op.jsonl": (SMALL.replace("munmap", "frob"), "line 6: 'frob' is not a call"),
            "fd.jsonl": (SMALL + '{"op":"open","name":"x"}\n', "line 7: 'fd' must be"),
            "image.jsonl": (SMALL + '{"op":"exec","maps":[1]}\n', "line 7: 'maps' must be"),
        }
        for name, (text, message) in broken.items():
            with self.subTest(name), TraceServer(SMALL.splitlines()) as server:
                path = self.write(text, name)
                run = vmarium("replay", "--server", server.url, path)
                steps = int(message[5]) - 2
                self.expect(run, 2, f"all {steps} steps agree", "0 of 1 traces agree")
                self.assertIn(f"{name}: {message}", run.stderr)
                self.assertIn("what stands before it was replayed", run.stderr)

    def test_missing_file_is_told(self):
        run = self.replay(self.folder / "missing.jsonl")
        self.expect(run, 2)
        self.assertIn("missing.jsonl: No such file or directory", run.stderr)

    def test_json_is_a_line_a_file_and_a_sum(self):
        self.server.change[1] = lambda result: result.update(ret="0x1000")
        cut = self.write("hello", "cut.jsonl")
        run = self.replay("--json", self.small, cut)
        self.assertEqual(run.returncode, 2)
        small, broken, total = map(json.loads, run.stdout.splitlines())
        self.assertEqual((small["outcome"], small["agreed"], small["steps"]), ("differs", 0, 5))
        (difference,) = small["differences"]
        self.assertEqual((difference["line"], difference["step"]), (2, 1))
        self.assertEqual(
            difference["rows"],
            [
                {
                    "check": "ret",
                    "label": "ret",
                    "expected": "0x7f0000",
                    "got": "0x1000",
                    "differs": True,
                }
            ],
        )
        self.assertEqual(broken["outcome"], "unusable")
        self.assertEqual(total, {"files": 2, "agreeing": 0, "steps": 5, "agreed": 0})

    def test_show_draws_where_the_trace_ends(self):
        self.expect(
            self.replay("--show", self.small),
            0,
            "areas, 156 KiB mapped",
            "400000-401000            4 KiB  r-xp",
        )

    def test_wrong_usage_is_told(self):
        for arguments, message in (
            ((), "which FILE?"),
            (("--check", "ret,map", "x"), "there is no check 'map'"),
            (("--frob",), "unrecognized option"),
            (("--json", "--show", "x"), "--show draws for people"),
        ):
            run = self.replay(*arguments)
            self.expect(run, 2)
            self.assertIn(message, run.stderr)
            self.assertIn("Try 'vmarium replay --help'", run.stderr)

    def test_output_to_a_file_has_no_colour(self):
        self.server.change[1] = lambda result: result.update(ret="0x1000")
        self.assertNotIn("\033", self.replay(self.small).stdout)


if __name__ == "__main__":
    unittest.main()
