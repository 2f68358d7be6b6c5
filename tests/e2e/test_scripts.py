#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Scripts through a server: the examples hold, and subscribers are told once."""
import pathlib
import re
import unittest

from vmariumd import Vmariumd, request
from websocket import WebSocket

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.vms"))
PAGE = (ROOT / "docs" / "SCRIPTS.md").read_text(encoding="utf-8")


class Scripts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Vmariumd("--loops", "2"))

    def setUp(self):
        self.peer = self.enterContext(self.server.connect())

    def run_script(self, script, **params):
        return self.peer.call("script.run", script=script, want=[], **params)

    def refusal(self, script, **params):
        """The data of the error that running it is answered with."""
        self.peer.post(request("script.run", 1, script=script, **params))
        return self.peer.hear().json["error"]["data"]

    def test_the_examples_hold(self):
        self.assertGreaterEqual(len(EXAMPLES), 5)
        for path in EXAMPLES:
            with self.subTest(path.name):
                result = self.run_script(path.read_text(encoding="utf-8"))
                failed = [line for line in result["lines"] if not line.get("passed", True)]
                self.assertEqual(failed, [])
                self.assertGreater(result["passed"], 1)

    def test_the_first_script_of_the_page_holds(self):
        script = re.search(r"```\n(.*?)```", PAGE, re.DOTALL)[1]
        result = self.run_script(script)
        self.assertEqual((result["passed"], result["failed"]), (1, 0))

    def test_the_page_shows_true_errors(self):
        scripts = ["nmap(0, 4K)\n",
                   "\n\np = mmap(0, 8192, rww, private)\n",
                   "\np = mmap(0, 1 << 60, rw, private)\n\n\n\n\nmunmap(p, 4K)\n"]
        for lang, start in ("en", "line 1, column 1: "), ("zh", "第 1 行第 1 列："):
            shown = re.search(rf"```\n({start}.*?)```", PAGE, re.DOTALL)[1].splitlines()
            for script, error in zip(scripts, shown, strict=True):
                self.assertEqual(self.refusal(script, lang=lang)["hint"], error)
        self.assertEqual(self.refusal(scripts[0]), self.refusal(scripts[0], lang="en"))

    def test_subscribers_are_told_once(self):
        process = self.peer.call("process.create", want=[])["process"]
        child = self.peer.call("process.fork", process=process, want=[])["process"]
        ws = self.enterContext(WebSocket(self.server))
        mine = ws.call("subscribe", process=process, want=["mm"])["subscription"]
        its = ws.call("subscribe", process=child, want=[])["subscription"]
        result = self.run_script("c = fork()\nin c: exit()\nrepeat 5 {\nmmap(0, 4K, r, private)\n}\n",
                                 process=process)
        self.assertEqual(result["seq"], 8)
        notes = sorted((ws.note() for _ in range(2)), key=lambda note: "snapshot" not in note)
        self.assertEqual(notes[0]["subscription"], mine)
        self.assertEqual(notes[1]["subscription"], its)
        for note in notes:
            self.assertEqual((note["seq"], note["method"], note["missed"]), (8, "script.run", 0))
            self.assertEqual(note["result"], {"operations": 7})
        self.assertEqual(notes[0]["snapshot"]["mm"]["seq"], 8)
        # Those that follow are told as ever, and the end of a process ends its subscription.
        self.peer.call("mm.brk", process=process, addr=0, want=[])
        self.assertEqual(ws.note()["seq"], 9)
        self.run_script("exit()", process=child)
        notes = [ws.note() for _ in range(2)]
        ended = [note for note in notes if note.get("ended")]
        self.assertEqual([note["subscription"] for note in ended], [its])

    def test_a_script_that_runs_away_is_refused(self):
        process = self.peer.call("process.create", want=[])["process"]
        before = self.peer.call("world.export", process=process)
        script = "repeat 1000 {\n" * 8 + "mmap(0, 4K, rw, private)\n" + "}\n" * 8
        self.assertEqual(self.refusal(script, process=process)["key"], "script.limit")
        self.assertEqual(self.peer.call("world.export", process=process), before)


if __name__ == "__main__":
    unittest.main()
