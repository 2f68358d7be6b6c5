#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`vmarium history`, `diff`, `rewind`, `branch`, `export` and `import` against a real server."""
import json
import pathlib
import re
import unittest
import urllib.request

from test_cli import CliTest

CALLS = (("mm.brk", "addr=0x402000"), ("mm.brk", "addr=0x404000"), ("mm.munmap", "addr=1", "length=1"),
         ("mm.access", "addr=0", "type=read"))
LISTED = """\
    seq  who    call = answer
      1  0.1    brk(0x402000) = 0x402000
      2  0.1    brk(0x404000) = 0x404000
      3  0.1    munmap(0x1, 1) = -1 EINVAL (Invalid argument)
      4  0.1    read 0x0 = --- SIGSEGV ---
"""


class Past(CliTest):
    def setUp(self):
        self.process = self.new_process()
        for call in CALLS:
            self.call(*call, f"process={self.process}", "want=[]")
        self.folder = pathlib.Path(self.home)

    def out(self, *arguments, **options):
        run = self.vmarium(*arguments, **options)
        self.assertEqual(run.stderr, "")
        return run.stdout

    def refused(self, *arguments, status=1, **options):
        run = self.vmarium(*arguments, status=status, **options)
        self.assertEqual(run.stdout, "")
        return run.stderr


class History(Past):
    def test_operations_are_listed_with_answers(self):
        self.assertEqual(self.out("history", self.process), LISTED)
        lines = LISTED.splitlines()
        self.assertEqual(self.out("history", self.process, "--from", "2", "--count", "2").splitlines(),
                         [lines[0], lines[2], lines[3]])
        self.assertEqual(self.out("history", self.process, "--last", "1").splitlines(), [lines[0], lines[4]])
        self.assertEqual(self.out("history", self.process, "--last", "9"), LISTED)
        one = json.loads(self.out("history", self.process, "--json", "--from", "3", "--count", "1"))
        self.assertEqual((one["seq"], one["method"], one["answer"]), (3, "mm.munmap", -22))

    def test_it_goes_on_over_pages(self):
        batch = [{"jsonrpc": "2.0", "method": "mm.find_vma", "params": {"process": self.process, "addr": i}}
                 for i in range(1000)]
        for _ in range(2):
            self.post(batch)
        listed = self.out("history", self.process).splitlines()
        self.assertEqual([int(line.split()[0]) for line in listed[1:]], list(range(1, 2005)))

    def post(self, batch):
        request = urllib.request.Request(self.url + "/rpc", json.dumps(batch).encode(),
                                         {"Content-Type": "application/json"})
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60).close()

    def test_what_is_folded_is_said(self):
        process = self.new_process("history=0")
        for _ in range(3):
            self.call("mm.brk", f"process={process}", "addr=0", "want=[]")
        self.assertIn("operations 1 to 3 are folded away", self.out("history", process))

    def test_wrong_usage_and_refusals_are_told(self):
        self.assertIn("which PROCESS?", self.refused("history", status=2))
        self.assertIn("'0' is not a number from 1 on", self.refused("history", "x", "--from", "0", status=2))
        self.assertIn("only one of them", self.refused("history", "x", "--from", "1", "--last", "2", status=2))
        self.assertIn("process.unknown", self.refused("history", "x"))
        self.assertIn("the last operation so far is 4", self.vmarium(
            "history", self.process, "--from", "9", status=1).stderr)


class Diff(Past):
    def test_states_are_compared(self):
        self.assertEqual(self.out("diff", self.process, "1", "2").splitlines()[:3], [
            "operation 1 → 2",
            "~       401000-404000           12 KiB  rw-p  ac sd              0 B  [heap]",
            "  end 0x402000 → 0x404000"])
        self.assertIn("+       401000-404000", self.out("diff", self.process, "0"))
        self.assertIn("-       401000-404000", self.out("diff", self.process, "4", "0"))
        self.assertEqual(self.out("diff", self.process, "2", "3"), "operation 2 → 3\n  nothing differs\n")
        self.assertTrue(self.out("diff", self.process).startswith("operation 3 → 4\n  vmacache: find_calls "))
        told = json.loads(self.out("diff", self.process, "1", "2", "--json"))
        self.assertEqual((told["from"], told["to"], told["diff"]["mm"]["brk"]), (1, 2, ["0x402000", "0x404000"]))

    def test_processes_are_compared(self):
        branch = self.out("branch", self.process, "1").strip()
        out = self.out("diff", self.process, branch)
        self.assertTrue(out.startswith("operation 4 → 1 of the other\n"), out)
        self.assertIn("  end 0x404000 → 0x402000\n", out)
        self.assertIn("nothing differs", self.out("diff", self.process, branch, "1", "1"))

    def test_a_fresh_process_has_nothing_to_show(self):
        self.assertIn("nothing differs", self.out("diff", self.new_process()))

    def test_wrong_usage_and_refusals_are_told(self):
        self.assertIn("which PROCESS?", self.refused("diff", status=2))
        self.assertIn("'x' is neither", self.refused("diff", self.process, "x", status=2))
        self.assertIn("'3': two states", self.refused("diff", self.process, "1", "2", "3", status=2))
        self.assertIn("history.future", self.refused("diff", self.process, "9"))


class Ways(Past):
    def test_rewind_and_branch(self):
        branch = self.out("branch", self.process).strip()
        self.assertRegex(branch, "^[a-z2-7]{32}$")
        self.assertEqual(self.out("rewind", self.process, "2"), "the last operation is 2\n")
        self.assertEqual(self.out("history", self.process), "".join(LISTED.splitlines(True)[:3]))
        self.assertEqual(self.out("history", branch), LISTED)
        made = json.loads(self.out("branch", branch, "0", "--json"))
        self.assertEqual((made["seq"], len(made["processes"])), (0, 1))
        self.assertIn("back to which SEQ?", self.refused("rewind", self.process, status=2))
        self.assertIn("'-1' is not", self.refused("rewind", "--", self.process, "-1", status=2))
        self.assertIn("history.future", self.refused("branch", self.process, "77"))

    def test_a_share_is_listed_compared_branched_and_exported(self):
        share = self.out("share", self.process).strip()
        self.assertEqual(self.out("history", share), LISTED)
        self.assertIn("end 0x402000 → 0x404000", self.out("diff", share, "1", "2"))
        self.assertIn("share.readonly", self.refused("rewind", share, "0"))
        self.assertEqual(self.out("history", self.out("branch", share).strip()), LISTED)
        self.assertEqual(json.loads(self.out("export", share, "--json"))["vmarium"], 1)

    def test_the_shell_looks_back_undoes_and_branches(self):
        out = self.shell("brk +8k\nbrk +8k\nhistory\ndiff 1 2\nundo\nbranch 0\nhistory\nprocess 0\n"
                         'call mm.munmap addr=0x401000 length=4096 want=["diff"]\nrewind 0\n').stdout
        self.assertIn("      2  0.1    brk(0x405000) = 0x405000\n", out)
        self.assertIn("operation 1 → 2\n~       401000-405000", out)
        self.assertIn("> undo\nback after operation 1\n~       401000-403000", out)
        self.assertIn("a second world, after operation 0\nprocess 1 makes the next calls\n"
                      "vmarium (process 1)> history\n    seq  who    call = answer\nvmarium (process 1)>", out)
        self.assertRegex(out, r'length=4096 want=\["diff"\]\n{\n  "ret": 0,\n  "snapshot": {}\n}\n~ area \d+\n'
                              r"  start 0x401000 → 0x402000\n  total_vm ")
        self.assertIn("back after operation 0\n-       402000-403000", out)
        for script, message in (("diff 1 2 3", "word 4"), ("rewind", "rewind"), ("undo 2", "0 operations")):
            self.assertIn(message, self.shell(script + "\n", status=1).stderr)


class Documents(Past):
    def test_a_world_goes_out_and_comes_in(self):
        file = self.folder / "world.json"
        self.assertEqual(self.out("export", self.process, "-o", str(file), "--title", "Heap", "--notes", "x"), "")
        document = json.loads(file.read_text())
        self.assertEqual((document["title"], document["notes"], len(document["operations"])), ("Heap", "x", 4))
        process = self.out("import", str(file)).strip()
        self.assertEqual(self.out("history", process), LISTED)
        self.assertEqual(self.out("show", process), self.out("show", self.process))
        made = json.loads(self.out("import", "-", "--json", stdin=file.read_text()))
        self.assertEqual((made["verified"], made["title"]), (True, "Heap"))
        whole = self.vmarium("call", "--json", "world.export", f"process={process}").stdout
        self.assertRegex(self.out("import", "-", stdin=whole), "^[a-z2-7]{32}\n$")

    def test_links_come_in_alone_and_in_urls(self):
        link = self.out("export", self.process, "--link")
        self.assertRegex(link, r"^v1\.[\w-]+\n$")
        for text in (link, f"{self.url}/#{link}", f"{self.url}/#world={link}"):
            self.assertEqual(self.out("history", self.out("import", "-", stdin=text).strip()), LISTED)

    def test_what_other_tools_print_comes_in_as_before(self):
        self.assertIn('"maps"', self.out("import", str(self.maps)))
        self.assertIn('"brk"', self.vmarium("import", "-", stdin="brk(NULL) = 0x602000\n").stdout)

    def test_what_is_wrong_is_named(self):
        file = self.folder / "broken.json"
        self.out("export", self.process, "-o", str(file))
        good = file.read_text()
        file.write_text("\n" + good.replace("-22", "-22,,"))
        line = good[:good.index("-22")].count("\n") + 2
        self.assertRegex(self.refused("import", str(file), status=2), f"^vmarium: {re.escape(str(file))}:{line}:")
        file.write_text(good.replace("-22", "-12"))
        told = self.refused("import", str(file))
        self.assertIn("operation 3 is answered -22, not as recorded", told)
        self.assertIn(f"{file} has not been imported", told)
        file.write_text(re.sub('"engine": [0-9]+', '"engine": 9999', good).replace("-22", "-12"))
        run = self.vmarium("import", str(file), status=1)
        self.assertRegex(run.stdout, "^[a-z2-7]{32}\n$")
        self.assertIn("another engine wrote it: operation 3 was answered -12, and is answered -22 now", run.stderr)
        self.assertIn("are for traces", self.refused("import", str(file), "--create", status=2))
        self.assertIn("no document", self.refused("import", "-", stdin='{"a": 1}', status=2))
        self.assertIn("the link is damaged", self.refused("import", "-", stdin="v1.AAAA\n"))
        self.assertIn("No such file", self.refused("import", str(self.folder / "none"), status=2))
        self.assertIn("No such file", self.refused("export", self.process, "-o", "/nonexistent/x", status=2))
        self.assertIn("which PROCESS?", self.refused("export", status=2))


class Want(Past):
    def test_parts_are_named_in_short(self):
        result = self.call("mm.brk", f"process={self.process}", "addr=0x405000", "--want", "diff,mm")
        self.assertEqual(list(result["snapshot"]), ["mm", "diff"])
        self.assertEqual(result["snapshot"]["diff"]["mm"]["brk"], ["0x404000", "0x405000"])
        self.assertEqual(self.call("mm.brk", f"process={self.process}", "addr=0", "-w", ""), {"ret": "0x405000"})
        self.assertIn("given twice", self.vmarium("call", "mm.brk", "-w", "mm", "want=[]", status=2).stderr)


if __name__ == "__main__":
    unittest.main()
