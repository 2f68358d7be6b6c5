#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""WebSocket: handshake, messages, control frames, closes, drain."""
import contextlib
import json
import select
import signal
import struct
import time
import unittest

import vmariumd
from prometheus import metrics_of
from vmariumd import PATIENCE, Vmariumd
from websocket import BINARY, CLOSE, FIN, PING, PONG, TEXT, WebSocket, upgrade


def pending(server):
    return metrics_of(server).get("vmarium_pending_bytes")


def has_heard(sock):
    return bool(sock.peer.rest or select.select([sock.peer.sock], [], [], 0)[0])


def wait_until(holds):
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


class Handshake(unittest.TestCase):
    def refusal(self, data, *args):
        with Vmariumd("--loops", "1", *args) as server, \
                server.connect() as peer:
            answer = peer.ask(data)
            self.assertTrue(peer.is_at_end())
            return answer

    def test_what_is_no_handshake_is_refused(self):
        answer = self.refusal(upgrade(version=b"8"))
        self.assertEqual((answer.status, answer.key),
                         (426, "http.websocket_version"))
        self.assertEqual(answer.fields["sec-websocket-version"], "13")
        answer = self.refusal(upgrade(key=b"short"))
        self.assertEqual((answer.status, answer.key), (400, "http.websocket"))
        answer = self.refusal(vmariumd.get("/rpc"))
        self.assertEqual(answer.status, 405)
        self.assertEqual(answer.fields["allow"], "POST, OPTIONS")

    def test_other_sites_are_refused(self):
        evil = b"Origin: https://evil.example\r\n"
        answer = self.refusal(upgrade(evil))
        self.assertEqual((answer.status, answer.key), (403, "origin.denied"))
        rebound = upgrade().replace(b"localhost", b"evil.example")
        self.assertEqual(self.refusal(rebound).status, 421)
        with Vmariumd("--loops", "1", "--allow-origin",
                      "https://evil.example") as server:
            WebSocket(server, evil).peer.sock.close()

    def test_a_length_of_nothing_is_no_body(self):
        with Vmariumd("--loops", "1") as server:
            with WebSocket(server, b"Content-Length: 0\r\n") as ws:
                ws.call("profile.list")

    def test_the_subprotocol_is_agreed_on(self):
        with Vmariumd("--loops", "1") as server:
            with WebSocket(server) as ws:
                self.assertNotIn("sec-websocket-protocol", ws.answer.fields)
            with WebSocket(server, b"Sec-WebSocket-Protocol: chat, vmarium\r\n"
                           ) as ws:
                self.assertEqual(ws.answer.fields["sec-websocket-protocol"],
                                 "vmarium")


class Messages(unittest.TestCase):
    def test_calls_batches_and_notifications(self):
        with Vmariumd("--loops", "2") as server, WebSocket(server) as ws:
            process = ws.call("process.create")["process"]
            ws.send(json.dumps(vmariumd.request(
                "mm.brk", addr=0, process=process)))  # no answer
            ws.send("[" + json.dumps(vmariumd.request(
                "mm.brk", 7, addr=0, process=process, want=[])) + "]")
            self.assertEqual(ws.message()[0]["id"], 7)
            ws.send("{")
            self.assertEqual(ws.message()["error"]["code"], -32700)
            self.assertEqual(
                ws.call("process.get", process=process)["counters"]
                ["operations"], 2)

    def test_fragments_and_pings_between_them(self):
        with Vmariumd("--loops", "1") as server, WebSocket(server) as ws:
            text = json.dumps(vmariumd.request("profile.list", "\u00e4"))
            ws.send(text[:20], TEXT, fin=False)
            ws.send("hello", PING)
            self.assertEqual(ws.hear(), (PONG, b"hello"))
            ws.send(text[20:30], 0, fin=False)
            ws.send(text[30:], 0)
            self.assertEqual(ws.message()["id"], "\u00e4")

    def test_messages_in_a_row_are_answered_in_order(self):
        """Of processes in all loops, many before an answer is read."""
        with Vmariumd("--loops", "2") as server, WebSocket(server) as a, \
                WebSocket(server) as b:
            processes = [ws.call("process.create", want=[])["process"]
                         for ws in (a, b) for _ in range(4)]
            for i in range(400):
                a.send(json.dumps(vmariumd.request(
                    "mm.maps", i, want=[], process=processes[i % 8])))
            for i in range(400):
                self.assertEqual(a.message()["id"], i)

    def test_large_answers_are_one_message(self):
        with Vmariumd("--loops", "1") as server, WebSocket(server) as ws:
            text = "".join(f"{i * 0x2000:x}-{i * 0x2000 + 0x1000:x} rw-p 0\n"
                           for i in range(16, 3000))
            made = ws.call("process.create", maps=text)
            self.assertEqual(len(made["snapshot"]["vmas"]), 2984)

    def test_a_slow_reader_stops_only_itself(self):
        with Vmariumd("--loops", "1", "--write-timeout", "500ms") as server, \
                WebSocket(server) as slow, WebSocket(server) as other:
            process = slow.call("process.create", maps="".join(
                f"{i * 0x2000:x}-{i * 0x2000 + 0x1000:x} rw-p 0\n"
                for i in range(16, 3000)), want=[])["process"]
            call = json.dumps(vmariumd.request("mm.snapshot", 1,
                                               process=process))
            slow.peer.sock.settimeout(0.2)
            try:
                for _ in range(3000):
                    slow.send(call)
            except OSError:
                pass
            self.assertIn("snapshot", other.call("mm.snapshot",
                                                 process=process))


class Ends(unittest.TestCase):
    def closed_with(self, payload, opcode=TEXT, *args):
        with Vmariumd("--loops", "1", *args) as server, \
                WebSocket(server) as ws:
            ws.send(payload, opcode)
            code = ws.code()
            self.assertTrue(ws.is_at_end())
            return code

    def test_codes(self):
        self.assertEqual(self.closed_with(struct.pack("!H", 1000) + b"bye",
                                          CLOSE), 1000)
        self.assertEqual(self.closed_with(b"", CLOSE), None)
        self.assertEqual(self.closed_with(b"\0", BINARY), 1003)
        self.assertEqual(self.closed_with(b"\xff"), 1007)
        self.assertEqual(self.closed_with(b"x" * 1025, TEXT,
                                          "--max-body", "1024"), 1009)
        self.assertEqual(self.closed_with(b"x", 3), 1002)

    def test_an_answer_comes_before_the_close_behind_its_call(self):
        with Vmariumd("--loops", "1") as server, WebSocket(server) as ws:
            from websocket import frame
            ws.peer.send(frame(json.dumps(vmariumd.request(
                "profile.list", 1))) + frame(b"\x03\xe8", CLOSE))
            self.assertIn("result", ws.message())
            self.assertEqual(ws.code(), 1000)

    def test_the_quiet_are_pinged_and_the_dead_closed(self):
        with Vmariumd("--loops", "1", "--ping-interval", "50ms",
                      "--pong-timeout", "5s") as server, \
                WebSocket(server) as ws:
            for _ in range(3):
                self.assertEqual(ws.hear(), (PING, b""))
                ws.send(b"", PONG)
            self.assertEqual(ws.hear(), (PING, b""))
            self.assertTrue(ws.is_at_end())

    def test_messages_on_their_way_in_are_bounded(self):
        """They count as pending, and beyond --max-pending they make way."""
        part = "[" + " " * 300000
        with Vmariumd("--loops=1", "--max-pending=1M") as server:
            with contextlib.ExitStack() as stack:
                socks = [stack.enter_context(WebSocket(server)) for _ in range(8)]
                self.assertEqual(pending(server), 0)
                for i, sock in enumerate(socks):
                    sock.send(part, fin=False)
                    if i == 0:
                        wait_until(lambda: pending(server) >= len(part))
                        self.assertLess(pending(server), 3 * len(part))
                # Some are cut off, so that the others fit.
                wait_until(lambda: any(has_heard(sock) for sock in socks))
                closed = [sock for sock in socks if has_heard(sock)]
                for sock in closed:
                    self.assertEqual(sock.code(), 1011)
            wait_until(lambda: pending(server) == 0)
            with WebSocket(server) as sock:
                sock.call("profile.list")

    def test_a_message_that_comes_too_slowly_is_cut_off(self):
        with Vmariumd("--loops=1", "--body-timeout=200ms") as server:
            with WebSocket(server) as sock:
                sock.send(" " * 200, fin=False)
                self.assertEqual(sock.code(), 1008)
            with WebSocket(server) as sock:  # a byte now and then does not help
                try:
                    while not has_heard(sock):
                        sock.send(" ", 0 if sock.ids else TEXT, fin=False)
                        sock.ids = 1
                        time.sleep(0.02)
                except ConnectionError:
                    pass
                self.assertEqual(sock.code(), 1008)
            with WebSocket(server) as sock:  # between messages there is time
                sock.call("profile.list")
                time.sleep(0.6)
                sock.call("profile.list")

    def test_notifications_do_not_pay_for_a_trickle(self):
        """Turns that they end were a new beginning for the message that comes meanwhile."""
        calls = [vmariumd.request("mm.mmap", addr=0, length=4096, prot=3, flags=0x22, want=[])] * 200
        with Vmariumd("--loops=1", "--body-timeout=500ms", "--min-rate=1K") as server, \
                WebSocket(server) as sock, server.connect() as other:
            process = other.call("process.create", want=[])["process"]
            for call in calls:
                call["params"]["process"] = process
            sock.call("subscribe", process=process, want=["vmas"])
            sock.send(" " * 100000, fin=False)
            sock.peer.sock.settimeout(0.05)
            closed = bytes([FIN | CLOSE, 2]) + struct.pack("!H", 1008)
            for _ in range(100):
                # Once it is closed, what was told before is still to be read.
                with contextlib.suppress(ConnectionError):
                    sock.send(" ", 0, fin=False)
                other.post(calls + [vmariumd.request("profile.list", 1)])
                other.hear()
                with contextlib.suppress(TimeoutError, ConnectionError):
                    while sock.peer.more():
                        pass
                    break
            self.assertTrue(sock.peer.rest.endswith(closed))

    def test_draining_says_going_away(self):
        with Vmariumd("--loops", "2") as server, WebSocket(server) as ws:
            ws.call("profile.list")
            server.signal(signal.SIGTERM)
            self.assertEqual(ws.code(), 1001)
            self.assertTrue(ws.is_at_end())

    def test_clients_that_vanish_leave_nothing(self):
        with Vmariumd("--loops", "2") as server:
            for i in range(50):
                ws = WebSocket(server)
                ws.peer.sock.setsockopt(1, 13, struct.pack("ii", 1, 0))
                if i % 2:
                    ws.send(json.dumps(vmariumd.request("process.create", 1)))
                ws.peer.sock.close()  # resets
            with WebSocket(server) as ws:
                ws.call("profile.list")


if __name__ == "__main__":
    unittest.main()
