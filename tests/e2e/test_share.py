#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shares: a process is watched and looked at by those who may not change it, whoever and wherever they are."""
import json
import pathlib
import tempfile
import unittest

from tokens import call, make_token
from vmariumd import Vmariumd, request
from websocket import WebSocket

LOOPS = "--loops=3"


class Watching(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Vmariumd(LOOPS))
        self.owner = self.enterContext(self.server.connect())
        self.process = self.owner.call("process.create", want=[])["process"]
        self.share = self.owner.call("process.share", process=self.process)["share"]

    def test_who_has_a_share_sees_every_operation(self):
        for _ in range(4):  # over connections of whatever loops
            with WebSocket(self.server) as viewer:
                seq = viewer.call("subscribe", process=self.share)["seq"]
                result = self.owner.call("mm.brk", process=self.process, addr="0x640000")
                note = viewer.note()
                self.assertEqual((note["seq"], note["snapshot"]), (seq + 1, result["snapshot"]))
                self.assertNotIn(self.process, json.dumps(note))
                self.assertEqual(viewer.call("mm.maps", process=self.share, want=[]),
                                 self.owner.call("mm.maps", process=self.process, want=[]))

    def test_and_can_change_nothing(self):
        with self.server.connect() as viewer:
            viewer.post([request("mm.maps", 1, process=self.share, want=[]),
                         request("mm.brk", 2, process=self.share, addr=0),
                         request("process.exit", process=self.share),  # a notification
                         request("process.fork", 3, process=self.share)])
            first, *others = viewer.hear().json
            self.assertIn("result", first)
            for answer in others:
                self.assertEqual(answer["error"]["code"], -32010)
                self.assertEqual(answer["error"]["data"]["key"], "share.readonly")
        self.assertEqual(self.owner.call("process.get", process=self.process)["counters"]["operations"], 0)

    def test_revoking_it_ends_the_watching(self):
        other = self.owner.call("process.share", process=self.process)["share"]
        with WebSocket(self.server) as viewer, WebSocket(self.server) as stays:
            viewer.call("subscribe", process=self.share, want=[])
            stays.call("subscribe", process=other, want=[])
            self.assertEqual(self.owner.call("process.unshare", process=self.process, share=self.share),
                             {"revoked": 1})
            note = viewer.note()
            self.assertTrue(note["ended"])
            self.owner.call("mm.brk", process=self.process, addr=0)
            self.assertEqual(stays.note()["method"], "mm.brk")
            viewer.send(json.dumps(request("mm.maps", 9, process=self.share)))
            self.assertEqual(viewer.message()["error"]["data"]["key"], "process.gone")

    def test_a_rewind_is_watched_and_survived(self):
        with WebSocket(self.server) as viewer:
            viewer.call("subscribe", process=self.share, want=["mm"])
            self.owner.call("mm.brk", process=self.process, addr="0x640000")
            viewer.note()
            self.owner.call("history.rewind", process=self.process, seq=0)
            note = viewer.note()
            self.assertTrue(note["rewound"])
            self.assertEqual(note["snapshot"]["mm"]["brk"], "0x601000")
            self.owner.call("process.exit", process=self.process)
            self.assertTrue(viewer.note()["ended"])

    def test_a_process_has_so_many(self):
        with Vmariumd(LOOPS, "--max-shares", "2") as server, server.connect() as peer:
            process = peer.call("process.create", want=[])["process"]
            for _ in range(2):
                peer.call("process.share", process=process)
            peer.post(request("process.share", 1, process=process))
            self.assertEqual(peer.hear().json["error"]["data"]["key"], "quota.shares")
            self.assertEqual(peer.call("process.get", process=process)["shares"], 2)


class Tokens(unittest.TestCase):
    """With tokens, a share is for all who have one."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = pathlib.Path(folder.name, "tokens")
        self.ada, ada = make_token("ada", "teacher")
        self.bob, bob = make_token("bob", "student")
        file.write_text(f"{ada}\n{bob} processes=1\n", encoding="ascii")
        self.server = self.enterContext(Vmariumd("--tokens", str(file), LOOPS))

    def ask(self, token, method, **params):
        with self.server.connect() as peer:
            peer.send(call(token, request(method, 1, **params)))
            return peer.hear()

    def result(self, token, method, **params):
        return self.ask(token, method, **params).json["result"]

    def socket(self, token):
        return WebSocket(self.server, f"Authorization: Bearer {token}\r\n".encode())

    def test_a_teachers_world_is_watched_by_a_class(self):
        process = self.result(self.ada, "process.create", want=[])["process"]
        share = self.result(self.ada, "process.share", process=process)["share"]
        with self.socket(self.bob) as bob, self.socket(self.bob) as again, self.socket(self.ada) as ada:
            viewers = (bob, again, ada)
            for viewer in viewers:
                viewer.call("subscribe", process=share, want=["mm"])
            self.result(self.ada, "mm.brk", process=process, addr="0x640000")
            for viewer in viewers:
                self.assertEqual(viewer.note()["snapshot"]["mm"]["brk"], "0x640000")
            again.peer.sock.close()
            self.result(self.ada, "process.exit", process=process)
            self.assertTrue(bob.note()["ended"] and ada.note()["ended"])
        # What was charged to whom, the server judges when it ends.

    def test_a_teachers_world_is_looked_at_and_branched(self):
        process = self.result(self.ada, "process.create", want=[])["process"]
        share = self.result(self.ada, "process.share", process=process)["share"]
        self.assertEqual(self.ask(None, "mm.maps", process=share).status, 401)
        self.assertEqual(self.result(self.bob, "mm.maps", process=share, want=[]),
                         self.result(self.ada, "mm.maps", process=process, want=[]))
        self.assertEqual(self.ask(self.bob, "mm.brk", process=share, addr=0).json["error"]["code"], -32010)
        # What he branches is his own, within his own quota.
        mine = self.result(self.bob, "world.branch", process=share, want=[])["process"]
        self.assertEqual([one["process"] for one in self.result(self.bob, "process.list")["processes"]], [mine])
        self.assertEqual([one["process"] for one in self.result(self.ada, "process.list")["processes"]], [process])
        self.result(self.bob, "mm.brk", process=mine, addr="0x640000", want=[])
        refused = self.ask(self.bob, "world.branch", process=share).json["error"]
        self.assertEqual(refused["data"]["key"], "quota.processes")
        self.assertEqual(self.result(self.ada, "history.list", process=process)["operations"], [])
        self.result(self.ada, "world.branch", process=mine, want=[])  # her own quota has room


if __name__ == "__main__":
    unittest.main()
