#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The part diff over HTTP and WebSocket, in batches and retries."""
import unittest

from vmariumd import Vmariumd, request
from websocket import WebSocket

GROWN = {"id": 6, "change": "changed", "fields": {"end": ["0x602000", "0x604000"]}}


class Diff(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Vmariumd("--loops", "2"))
        self.peer = self.enterContext(self.server.connect())
        self.process = self.peer.call("process.create", want=[])["process"]
        self.peer.call("mm.brk", process=self.process, addr="0x602000", want=[])

    def grow(self, ident=1, **params):
        return request("mm.brk", ident, process=self.process, addr="0x604000", want=["diff"], **params)

    def areas(self, answer):
        return answer["result"]["snapshot"]["diff"]["areas"]

    def test_all_ways_tell_the_same(self):
        self.peer.post(self.grow())
        over_http = self.peer.hear().json
        self.assertEqual(self.areas(over_http), [GROWN])
        undone = self.peer.call("history.rewind", process=self.process, seq=1, want=["diff"])
        self.assertEqual(undone["snapshot"]["diff"]["areas"],
                         [GROWN | {"fields": {"end": ["0x604000", "0x602000"]}}])
        with WebSocket(self.server) as socket:
            again = socket.call("mm.brk", process=self.process, addr="0x604000", want=["diff"])
            self.assertEqual(again, over_http["result"])
            socket.call("subscribe", process=self.process, want=[])
            self.peer.post([request("history.rewind", 1, process=self.process, seq=1, want=[]), self.grow(2),
                            self.grow(3), self.grow(None)])
            _, first, second = self.peer.hear().json
        self.assertEqual((self.areas(first), self.areas(second)), ([GROWN], []))

    def test_a_retry_tells_what_the_first_one_changed(self):
        answers = []
        for _ in range(2):
            self.peer.post(self.grow(idempotency_key="grow"))
            answers.append(self.peer.hear().json)
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(self.areas(answers[1]), [GROWN])

    def test_watchers_are_told(self):
        share = self.peer.call("process.share", process=self.process)["share"]
        with WebSocket(self.server) as one, WebSocket(self.server) as other:
            one.call("subscribe", process=self.process, want=["diff"])
            other.call("subscribe", process=share, want=["mm", "diff"])
            self.peer.post([self.grow(), request("mm.brk", 2, process=self.process, addr="0x602000", want=[])])
            diff = self.peer.hear().json[0]["result"]["snapshot"]["diff"]
            self.assertEqual(one.note()["snapshot"], {"diff": diff})
            self.assertEqual(other.note()["snapshot"]["diff"], diff)
            back = one.note()["snapshot"]["diff"]
            self.assertEqual(back["mm"]["brk"], ["0x604000", "0x602000"])
            self.assertEqual(other.note()["snapshot"]["diff"], back)
            self.peer.call("history.rewind", process=self.process, seq=1, want=["diff"])
            self.assertEqual(one.note()["snapshot"], {})  # the caller alone knows

    def test_steps_are_for_the_caller_alone(self):
        with WebSocket(self.server) as socket:
            error = socket.ask("subscribe", process=self.process, want=["diff", "steps"])["error"]["data"]
        self.assertEqual((error["key"], error["param"]), ("params.value", "want"))


if __name__ == "__main__":
    unittest.main()
