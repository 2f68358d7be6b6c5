#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Subscriptions: what is told, to whom, in which order, and what slow clients get."""
import json
import struct
import time
import unittest

import vmariumd
from prometheus import metrics_of
from vmariumd import PATIENCE, Vmariumd
from websocket import WebSocket

MAPS = "".join(f"{i * 0x2000:x}-{i * 0x2000 + 0x1000:x} rw-p 0\n"
               for i in range(16, 800))


class Told(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Vmariumd("--loops", "2"))
        self.ws = self.enterContext(WebSocket(self.server))
        self.other = self.enterContext(self.server.connect())
        self.process = self.other.call("process.create", want=[])["process"]

    def call(self, method, **params):
        return self.other.call(method, process=self.process, **params)

    def subscribe(self, **params):
        return self.ws.call("subscribe", process=self.process, **params)

    def test_an_operation_of_another_client_is_told(self):
        made = self.subscribe()
        self.assertEqual(made["seq"], 0)
        result = self.call("mm.mmap", addr=0, length=4096,
                           prot="PROT_READ|PROT_WRITE",
                           flags="MAP_PRIVATE|MAP_ANONYMOUS")
        note = self.ws.note()
        self.assertEqual(note, {
            "subscription": made["subscription"], "missed": 0, "seq": 1,
            "method": "mm.mmap", "thread": 1,
            "params": {"addr": 0, "length": 4096,
                       "prot": "PROT_READ|PROT_WRITE",
                       "flags": "MAP_PRIVATE|MAP_ANONYMOUS"},
            "result": {"ret": result["ret"]},
            "snapshot": result["snapshot"]})

    def test_what_fails_and_what_only_looks_up_is_told_too(self):
        self.subscribe(want=[])
        self.call("mm.munmap", addr=1, length=1)
        self.assertEqual(self.ws.note()["result"],
                         {"ret": -22, "errno": "EINVAL"})
        self.call("mm.find_vma", addr=0)
        self.assertIn("vma", self.ws.note()["result"])
        self.call("mm.maps")  # changes nothing
        self.call("mm.access", addr=0, type="read")
        note = self.ws.note()
        self.assertEqual((note["seq"], note["result"]["fault"]),
                         (3, "SIGSEGV"))
        self.assertNotIn("snapshot", note)

    def test_names_stay_secret(self):
        self.subscribe()
        self.call("process.fork")
        text = json.dumps(self.ws.note())
        self.assertIn("process.fork", text)
        self.assertNotRegex(text, "[a-z2-7]{32}")

    def test_a_relative_that_shares_the_memory_is_told_of(self):
        self.subscribe(want=["mm"])
        child = self.call("process.fork", vm=True)["process"]
        self.assertEqual(self.ws.note()["method"], "process.fork")
        stranger = self.call("process.fork")["process"]
        self.ws.note()
        self.other.call("mm.brk", process=stranger, addr=0)
        self.other.call("mm.brk", process=child, addr=0)
        note = self.ws.note()
        self.assertEqual((note["seq"], note["relative"]), (4, True))

    def test_the_end_is_told(self):
        first = self.subscribe()["subscription"]
        self.call("process.exit")
        note = self.ws.note()
        self.assertEqual((note["subscription"], note["method"], note["ended"],
                          note["result"]),
                         (first, "process.exit", True, {"threads": 0}))
        self.assertNotIn("snapshot", note)
        answer = self.ws.ask("unsubscribe", subscription=first)
        self.assertEqual(answer["error"]["data"]["param"], "subscription")

    def test_an_undoing_is_told_with_the_state(self):
        self.subscribe(want=["mm"])
        self.call("mm.brk", addr=0x700000)
        self.ws.note()
        self.call("history.rewind", seq=0)
        note = self.ws.note()
        self.assertEqual((note["seq"], note["rewound"]), (0, True))
        self.assertEqual(note["snapshot"]["mm"]["brk"], "0x601000")
        self.assertNotIn("method", note)

    def test_what_an_undoing_takes_away_ends(self):
        child = self.call("process.fork")["process"]
        self.ws.call("subscribe", process=child, want=[])
        self.call("history.rewind", seq=0)
        note = self.ws.note()
        self.assertEqual((note["seq"], note["ended"]), (0, True))

    def test_unsubscribing_ends_it(self):
        one = self.subscribe(want=[])["subscription"]
        two = self.subscribe(want=[])["subscription"]
        self.assertEqual(self.ws.call("unsubscribe", subscription=one), {})
        self.call("mm.brk", addr=0)
        self.assertEqual(self.ws.note()["subscription"], two)
        with WebSocket(self.server) as stranger:
            answer = stranger.ask("unsubscribe", subscription=two)
            self.assertEqual(answer["error"]["code"], -32602)
        for bad in ("0", "9.1", "0.0001", "x", "0.99", " 0.1"):
            answer = self.ws.ask("unsubscribe", subscription=bad)
            self.assertEqual(answer["error"]["code"], -32602, bad)

    def test_own_calls_are_answered_before_they_are_told(self):
        self.subscribe(want=[])
        self.ws.call("mm.brk", process=self.process, addr=0, want=[])
        self.assertEqual(self.ws.notes, [])
        self.assertEqual(self.ws.note()["seq"], 1)

    def test_processes_of_both_loops(self):
        """Connections are spread over the loops, and processes with them."""
        names = {}
        for i in range(16):
            with self.server.connect() as peer:
                name = peer.call("process.create", want=[])["process"]
            made = self.ws.call("subscribe", process=name, want=[])
            names[made["subscription"]] = name
        self.assertEqual(len(names), 16)
        for subscription, name in names.items():
            self.other.call("mm.brk", process=name, addr=0)
            self.assertEqual(self.ws.note()["subscription"], subscription)
        for subscription in names:
            self.ws.call("unsubscribe", subscription=subscription)

    def test_over_http_it_is_refused(self):
        self.other.post(vmariumd.request("subscribe", 1,
                                         process=self.process))
        error = self.other.hear().json["error"]
        self.assertEqual((error["code"], error["data"]["key"]),
                         (-32600, "subscription.transport"))

    def test_bad_requests_are_refused(self):
        answer = self.ws.ask("subscribe", process=self.process, thread=7)
        self.assertEqual(answer["error"]["data"]["key"], "thread.unknown")
        answer = self.ws.ask("subscribe", process=self.process,
                             want=["steps"])
        self.assertEqual(answer["error"]["data"]["param"], "want")
        self.ws.send(json.dumps(vmariumd.request("subscribe",
                                                 process=self.process)))
        self.assertIn("needs an id",
                      self.ws.message()["error"]["data"]["hint"])


class Bounds(unittest.TestCase):
    def test_200_subscribers_are_told_and_some_vanish(self):
        with Vmariumd("--loops", "2") as server, server.connect() as peer:
            name = peer.call("process.create", want=[])["process"]
            sockets = [WebSocket(server) for _ in range(200)]
            for ws in sockets:
                ws.call("subscribe", process=name)
            for ws in sockets[::2]:
                ws.peer.sock.setsockopt(1, 13, struct.pack("ii", 1, 0))
                ws.peer.sock.close()
            for i in range(3):
                peer.call("mm.brk", process=name, addr=0)
            for ws in sockets[1::2]:
                self.assertEqual([ws.note()["seq"] for _ in range(3)],
                                 [1, 2, 3])
                ws.peer.sock.close()

    def test_the_number_of_subscriptions_is_bounded(self):
        with Vmariumd("--loops", "1", "--max-subscriptions", "3") as server, \
                WebSocket(server) as ws:
            name = ws.call("process.create", want=[])["process"]
            made = [ws.call("subscribe", process=name, want=[])
                    for _ in range(3)]
            answer = ws.ask("subscribe", process=name)
            self.assertEqual(answer["error"]["data"]["key"],
                             "quota.subscriptions")
            ws.call("unsubscribe", subscription=made[1]["subscription"])
            ws.call("subscribe", process=name)

    def test_a_slow_reader_misses_operations_and_is_told_how_many(self):
        """The caller goes on meanwhile; the reader ends with the state."""
        calls = 1500
        with Vmariumd("--loops", "2", "--max-event-bytes", "100K") as server, \
                WebSocket(server) as slow, server.connect() as peer:
            name = peer.call("process.create", maps=MAPS, want=[])["process"]
            slow.call("subscribe", process=name)
            body = [vmariumd.request("mm.brk", i, process=name, addr=0,
                                     want=[]) for i in range(100)]
            for _ in range(calls // 100):
                peer.post(body)
                self.assertEqual(len(peer.hear().json), 100)
            told = missed = last = 0
            while last < calls:
                note = slow.note()
                self.assertGreater(note["seq"], last)
                told += "method" in note
                missed += note["missed"]
                if note["missed"]:
                    self.assertNotIn("method", note)
                last = note["seq"]
            self.assertEqual(told + missed, calls)
            self.assertGreater(missed, 0)
            self.assertEqual(note["snapshot"]["mm"]["seq"], calls)
            self.assertEqual(len(note["snapshot"]["vmas"]), 784)
            # And it goes on as before.
            peer.call("mm.brk", process=name, addr=0)
            self.assertEqual((slow.note()["seq"], note["missed"] > 0),
                             (calls + 1, True))
            metrics = metrics_of(server)
            for what, value in (("websockets", 1), ("subscriptions", 1), ("notifications_missed", missed)):
                self.assertEqual(metrics.get(f"vmarium_{what}"), value)
            # The reader may have them a moment before the server knows.
            end = time.monotonic() + PATIENCE
            while metrics_of(server).get("vmarium_notifications_waiting_bytes"):
                self.assertLess(time.monotonic(), end)

    def test_who_missed_for_want_of_the_servers_room_is_told_with_its_next_request(self):
        with Vmariumd("--loops", "2", "--max-pending", "256K") as server, WebSocket(server) as ws, \
                server.connect() as peer:
            watched = peer.call("process.create", want=[])["process"]
            ws.call("subscribe", process=watched, want=[])
            with WebSocket(server) as slow:
                name = peer.call("process.create", maps=MAPS, want=[])["process"]
                slow.call("subscribe", process=name)
                while not (waits := self.waiting(server)) > 256 << 10:
                    peer.call("mm.brk", process=name, addr=0, want=[])
                peer.call("mm.brk", process=watched, addr=0, want=[])
            while self.waiting(server) >= waits:
                time.sleep(0.01)
            end = time.monotonic() + PATIENCE
            while not ws.notes and time.monotonic() < end:
                ws.call("profile.list")
            self.assertEqual([(note["missed"], note["seq"]) for note in ws.notes], [(1, 1)])

    def waiting(self, server):
        """Bytes of notifications that nobody has taken."""
        return metrics_of(server).get("vmarium_notifications_waiting_bytes")

    def test_an_answer_that_is_too_large_leaves_no_subscription(self):
        with Vmariumd("--loops", "1", "--max-answer", "20K",
                      "--max-subscriptions", "1") as server, \
                WebSocket(server) as ws:
            name = ws.call("process.create", maps=MAPS, want=[])["process"]
            answer = ws.ask("subscribe", process=name)
            self.assertEqual(answer["error"]["code"], -32006)
            ws.call("subscribe", process=name, want=["mm"])


if __name__ == "__main__":
    unittest.main()
