# SPDX-License-Identifier: MIT
"""HTTP as clients meet it: requests good, bad, slow, cut and abandoned."""
import json
import random
import socket
import struct
import threading
import time
import unittest

from vmariumd import HOST, PATIENCE, Peer, Vmariumd, get, maps, post, request

ATTEMPTS = 10  # at what a machine that stands still can spoil

POST = (b"POST /rpc HTTP/1.1\r\n" + HOST +
        b"Content-Type: application/json\r\n")

# Requests as bytes, the status they get, and the key if it is a refusal.
RAW = {
    "space before the colon":
        (POST + b"Content-Length : 2\r\n\r\n{}", 400, "http.field_name"),
    "chunk not ended by CR LF":
        (POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx0\r\n\r\n",
         400, "http.body"),
    "chunk extension":
        (POST + b"Transfer-Encoding: chunked\r\n\r\n2;a\n\r\n{}\r\n0\r\n\r\n",
         400, "http.body"),
    "chunk size with 0x":
        (POST + b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
         400, "http.body"),
    "no Host": (b"GET / HTTP/1.1\r\n\r\n", 400, "http.host"),
    "two Hosts":
        (b"GET / HTTP/1.1\r\n" + 2 * HOST + b"\r\n", 400, "http.host"),
    "Host is a list":
        (b"GET / HTTP/1.1\r\nHost: localhost, a\r\n\r\n", 400, "http.host"),
    "Host of somebody else":
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
         421, "http.host_unknown"),
    "target of somebody else":
        (b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n",
         421, "http.host_unknown"),
    "Origin of somebody else":
        (get("/", b"Origin: http://evil.example\r\n"), 403, "origin.denied"),
    "Origin null": (get("/", b"Origin: null\r\n"), 403, "origin.denied"),
    "X-Forwarded-For":
        (get("/", b"X-Forwarded-For: 192.0.2.1\r\n"), 403,
         "origin.forwarded"),
    "HTTP/0.9": (b"GET /\r\n\r\n", 505, "http.version"),
    "HTTP/2.0":
        (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505, "http.version"),
    "HTTP/9.9":
        (b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", 505, "http.version"),
    "length and chunks":
        (POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
         400, "http.length"),
    "two lengths":
        (POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
         400, "http.length"),
    "signed length":
        (POST + b"Content-Length: +2\r\n\r\n{}", 400, "http.length"),
    "no length": (POST + b"\r\n", 411, "http.length_required"),
    "length of 8 EiB":
        (POST + b"Content-Length: 9223372036854775807\r\n\r\n",
         413, "http.body_too_large"),
    "coding unknown":
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
         501, "http.transfer_encoding"),
    "folded field":
        (b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n c\r\n\r\n",
         400, "http.line_end"),
    "bare LF":
        (b"GET / HTTP/1.1\nHost: localhost\n\n", 400, "http.line_end"),
    "bare CR": (get("/", b"A: b\rc\r\n"), 400, "http.syntax"),
    "NUL": (get("/", b"A: b\0c\r\n"), 400, "http.syntax"),
    "NUL begins a value": (get("/", b"A: \0b\r\n"), 400, "http.syntax"),
    "no colon": (get("/", b"abc\r\n"), 400, "http.syntax"),
    "empty name": (get("/", b": b\r\n"), 400, "http.syntax"),
    "TLS": (b"\x16\x03\x01\x02\x00\x01", 400, "http.request_line"),
    "two spaces":
        (b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n", 400, "http.request_line"),
    "2,000 fields": (get("/", b"A: b\r\n" * 2000), 431,
                     "http.too_many_fields"),
    "large field": (get("/", b"A: " + b"b" * 20000 + b"\r\n"), 431,
                    "http.header_too_large"),
    "target of 64 KiB": (get("/" + "a" * 65536), 414,
                         "http.target_too_long"),
    "method unknown": (b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n", 501,
                       "http.method_unknown"),
    "method denied": (get("/rpc"), 405, "http.method"),
    "path unknown": (get("/nowhere"), 404, "http.path"),
    "no type":
        (b"POST /rpc HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\n{}",
         415, "http.content_type"),
    "other type":
        (b"POST /rpc HTTP/1.1\r\n" + HOST + b"Content-Type: text/plain\r\n"
         b"Content-Length: 2\r\n\r\n{}", 415, "http.content_type"),
    "other expectation":
        (POST + b"Expect: a\r\nContent-Length: 2\r\n\r\n{}",
         417, "http.expect"),
    "absolute target":
        (b"GET http://127.0.0.1/healthz HTTP/1.1\r\n" + HOST + b"\r\n",
         200, None),
    "type with a parameter":
        (b"POST /rpc HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n"
         b"Content-Type: application/json; charset=utf-8\r\n\r\n{}",
         200, None),
    "own Origin":
        (b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:7\r\n"
         b"Origin: http://127.0.0.1:7\r\n\r\n", 200, None),
    "empty line before":
        (b"\r\n" + get("/healthz"), 200, None),
    "HTTP/1.0": (b"GET /healthz HTTP/1.0\r\n\r\n", 200, None),
}


class Requests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Vmariumd("--loops", "2"))

    def connect(self):
        return self.enterContext(self.server.connect())

    def test_raw_requests_get_their_status(self):
        for name, (data, status, key) in RAW.items():
            with self.subTest(name), self.server.connect() as peer:
                answer = peer.ask(data)
                self.assertEqual(answer.status, status)
                if key:
                    self.assertEqual(answer.key, key)
                    self.assertEqual(answer.fields["connection"], "close")
                    self.assertTrue(peer.is_at_end())

    def test_refused_method_is_told_the_allowed_ones(self):
        answer = self.connect().ask(get("/rpc"))
        self.assertEqual(answer.fields["allow"], "POST, OPTIONS")

    def test_options_are_204_with_allow(self):
        answer = self.connect().ask(
            b"OPTIONS /rpc HTTP/1.1\r\n" + HOST + b"\r\n")
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.fields["allow"], "POST, OPTIONS")
        self.assertNotIn("content-length", answer.fields)

    def test_page_and_health(self):
        peer = self.connect()
        page = peer.ask(get("/"))
        self.assertIn(b"/openrpc.json", page.body)
        self.assertEqual(page.fields["content-type"],
                         "text/html; charset=utf-8")
        head = peer.ask(b"HEAD / HTTP/1.1\r\n" + HOST + b"\r\n",
                        without_body=True)
        self.assertEqual(int(head.fields["content-length"]), len(page.body))
        self.assertEqual(peer.ask(get("/healthz")).status, 200)
        self.assertEqual(peer.ask(get("/readyz")).status, 200)

    def test_head_is_get_without_the_content(self):
        for path in ("/", "/rpc", "/openrpc.json", "/healthz", "/readyz",
                     "/nowhere"):
            with self.server.connect() as a, self.server.connect() as b:
                got = a.ask(get(path))
                head = b.ask(b"HEAD" + get(path)[3:] + get("/healthz"),
                             without_body=True)
                del got.fields["date"], head.fields["date"]
                self.assertEqual((head.status, head.fields),
                                 (got.status, got.fields))
                # No byte of content stands before the next answer.
                self.assertEqual(b.hear() is None, head.status >= 400)

    def test_nothing_runs_behind_the_end_of_a_connection(self):
        """A proxy may think that what stands there is somebody else's."""
        with self.server.connect() as peer:
            name = peer.call("process.create", want=[])["process"]
        call = post(request("mm.brk", 1, process=name, addr=0, want=[]))
        for first in (get("/", b"A : b\r\n"), get("/nowhere"), get("/rpc"),
                      get("/healthz", b"Connection: x,\tclose\r\n"),
                      b"GET /healthz HTTP/1.0\r\n" + HOST + b"\r\n",
                      POST + b"Content-Length: 0\r\n"
                      b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                      POST + b"Transfer-Encoding: chunked\r\n\r\n"
                      b"2\r\n[]x0\r\n\r\n",
                      POST + b"Content-Length: 99999999\r\n\r\n",
                      POST + b"Expect: x\r\nContent-Length: 0\r\n\r\n"):
            with self.subTest(first), self.server.connect() as peer:
                answer = peer.ask(first + call)
                self.assertEqual(answer.fields["connection"], "close")
                self.assertTrue(peer.is_at_end())
        with self.server.connect() as peer:
            snapshot = peer.call("mm.snapshot", process=name, want=["mm"])
            self.assertEqual(snapshot["snapshot"]["mm"]["seq"], 0)

    def test_openrpc_is_what_discover_says(self):
        peer = self.connect()
        document = peer.ask(get("/openrpc.json"))
        self.assertEqual(document.fields["content-type"], "application/json")
        self.assertEqual(document.json, peer.call("rpc.discover"))

    def test_errors_of_json_rpc_keep_the_connection(self):
        peer = self.connect()
        for body, code in ((b"{", -32700), (b"[]", -32600), (b"1", -32600),
                           (b"\xff", -32700), (b"", -32700),
                           (b"[" * 100, -32700)):
            answer = peer.ask(post(body))
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.json["error"]["code"], code)
        self.assertEqual(peer.ask(get("/healthz")).status, 200)

    def test_notification_is_204(self):
        peer = self.connect()
        answer = peer.ask(post(request("rpc.discover")))
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.assertEqual(peer.ask(get("/healthz")).status, 200)

    def test_chunked_body(self):
        body = b'{"jsonrpc":"2.0","id":7,"method":"nonsense"}'
        data = POST + b"Transfer-Encoding: chunked\r\n\r\n"
        for i in range(0, len(body), 5):
            part = body[i:i + 5]
            data += b"%x\r\n%s\r\n" % (len(part), part)
        answer = self.connect().ask(data + b"0\r\nTrailer: x\r\n\r\n")
        self.assertEqual(answer.json["id"], 7)

    def test_bytes_one_by_one(self):
        peer = self.connect()
        peer.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in post(request("process.create", 5, want=[])):
            peer.send(bytes([byte]))
            time.sleep(0.0005)
        self.assertEqual(peer.hear().json["id"], 5)

    def test_pipelined_calls_are_answered_in_order(self):
        """Processes of several loops, all asked through one connection."""
        names = []
        for _ in range(8):
            with self.server.connect() as peer:
                names.append(peer.call("process.create", want=[])["process"])
        peer = self.connect()
        calls = [request("mm.mmap", i, process=names[i % 8], addr=0,
                         length=4096, prot=3, flags=34, want=[])
                 for i in range(2000)]
        data = b"".join(post(call) for call in calls)
        sender = threading.Thread(target=peer.send, args=(data,))
        sender.start()
        first = {}
        for i in range(2000):
            answer = peer.hear().json
            self.assertEqual(answer["id"], i)
            address = int(answer["result"]["ret"], 16)
            # Top down, one page below the one before of the same process.
            if i % 8 in first:
                self.assertEqual(address, first[i % 8] - 4096)
            first[i % 8] = address
        sender.join()

    def test_batch_over_several_loops_is_in_order(self):
        names = []
        for _ in range(8):
            with self.server.connect() as peer:
                names.append(peer.call("process.create", want=[])["process"])
        peer = self.connect()
        peer.post([request("mm.brk", i, process=names[i % 8], addr=0, want=[])
                   for i in range(1000)])
        answers = peer.hear().json
        self.assertEqual([a["id"] for a in answers], list(range(1000)))
        self.assertEqual({a["result"]["ret"] for a in answers},
                         {answers[0]["result"]["ret"]})

    def test_half_close_still_gets_the_answer(self):
        peer = self.connect()
        peer.send(post(request("process.create", 1)) + get("/healthz"))
        peer.sock.shutdown(socket.SHUT_WR)
        self.assertIn("result", peer.hear().json)
        self.assertEqual(peer.hear().body, b"alive\n")
        self.assertTrue(peer.is_at_end())

    def test_clients_may_vanish_in_the_middle(self):
        generator = random.Random(1)
        with self.server.connect() as peer:
            name = peer.call("process.create", want=[])["process"]
        data = post([request("mm.snapshot", i, process=name)
                     for i in range(200)]) * 3
        for _ in range(100):
            with self.server.connect() as peer:
                peer.send(data[:generator.randrange(len(data))])
                if generator.random() < 0.5:
                    peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                         struct.pack("ii", 1, 0))
        self.assertEqual(self.connect().ask(get("/healthz")).status, 200)

    def test_many_connections(self):
        peers = [self.connect() for _ in range(400)]
        for i, peer in enumerate(peers):
            peer.post(request("process.create", i, want=[]))
        for i, peer in enumerate(peers):
            self.assertEqual(peer.hear().json["id"], i)
        for peer in peers:
            peer.send(get("/healthz"))
        for peer in peers:
            self.assertEqual(peer.hear().status, 200)


class Limits(unittest.TestCase):
    def test_slow_requests_are_told(self):
        with Vmariumd("--header-timeout=200ms", "--body-timeout=200ms") as server:
            with server.connect() as head, server.connect() as body:
                head.send(b"GET / HT")
                body.send(POST + b"Content-Length: 5\r\n\r\n12")
                self.assertEqual(head.hear().key, "http.timeout")
                self.assertEqual(body.hear().key, "http.timeout")

    def test_who_is_idle_is_hung_up_on(self):
        with Vmariumd("--idle-timeout=300ms") as server, server.connect() as peer:
            self.assertTrue(peer.is_at_end())

    def is_told(self, sent_at_once, *args, seconds=PATIENCE):
        """Who sends the rest of a body a byte at a time, each in time, for so long?"""
        with Vmariumd("--body-timeout=300ms", *args) as server:
            with server.connect() as peer:
                peer.send(POST + b"Content-Length: 1000000\r\n\r\n" +
                          b" " * sent_at_once)
                peer.sock.settimeout(0.05)
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    try:
                        peer.send(b" ")
                        if peer.more():
                            peer.sock.settimeout(PATIENCE)
                            return peer.hear().key == "http.timeout"
                    except TimeoutError:
                        continue
                return False

    def test_trickled_bodies_are_told(self):
        self.assertTrue(self.is_told(0, "--min-rate=100K"))

    def test_any_progress_will_do_if_so_wished(self):
        """Where the machine itself stands still for too long, once more."""
        self.assertTrue(any(not self.is_told(0, "--min-rate=0", seconds=2) for _ in range(ATTEMPTS)))

    def test_nobody_trickles_on_what_was_sent_before(self):
        """It would have paid for a quarter of an hour."""
        self.assertTrue(self.is_told(900000, "--min-rate=1K"))

    def is_cut_off(self, min_rate, seconds=PATIENCE):
        """A reader of at most a megabyte a second who has much to read, for so long?"""
        with Vmariumd("--write-timeout=1s", f"--min-rate={min_rate}",
                      "--loops=1") as server, socket.socket() as sock:
            # A small buffer, or its window would open in leaps of seconds.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            sock.settimeout(PATIENCE)
            sock.connect(("127.0.0.1", server.port))
            peer = Peer(sock)
            name = peer.call("process.create", want=[])["process"]
            try:
                for _ in range(40):
                    peer.post([request("mm.snapshot", i, process=name)
                               for i in range(300)])
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    if not sock.recv(65536):
                        return True
                    time.sleep(0.05)
                    peer.send(b"\r\n")
            except ConnectionError:
                return True
            return False

    def test_trickling_readers_are_cut_off(self):
        self.assertTrue(self.is_cut_off("100M"))

    def test_a_slow_reader_is_not_if_any_progress_will_do(self):
        self.assertTrue(any(not self.is_cut_off("0", seconds=3) for _ in range(ATTEMPTS)))

    def test_the_largest_body_that_may_be_has_room(self):
        """However its pieces come; one more byte is told by its head that it has none."""
        most = (64 << 10) * 7 // 8
        body = json.dumps(request("profile.list", 1)).encode().ljust(most)
        with Vmariumd("--max-pending=64K", "--loops=1") as server:
            for first in (300, 20000, 40000):
                with server.connect() as peer:
                    whole = post(body)
                    peer.send(whole[:first])
                    peer.settle()
                    self.assertEqual(peer.ask(whole[first:]).status, 200)
            with server.connect() as peer:
                answer = peer.ask(post(body + b" ")[:-most])
                self.assertEqual(answer.key, "http.body_too_large")
                self.assertIn(str(most), answer.json["error"]["hint"])

    def test_growing_answers_are_bounded(self):
        """The rest of a batch does not run when memory for answers is gone."""
        with Vmariumd("--max-pending=1M", "--slice=10", "--loops=1") as server:
            with server.connect() as peer:
                name = peer.call("process.create", want=[])["process"]
                everything = ["mm", "vmas", "maps", "status", "rbtree"]
                peer.post([request("mm.brk", i, process=name, addr=0,
                                   want=everything) for i in range(1000)])
                body = peer.hear().body
                self.assertLess(len(body), 3 << 20)
                answers = json.loads(body)
                self.assertEqual([answer["id"] for answer in answers],
                                 list(range(1000)))
                ran = [answer for answer in answers if "result" in answer]
                self.assertIn(len(ran), range(10, 1000))
                self.assertEqual(answers[:len(ran)], ran)
                for answer in answers[len(ran):]:
                    error = answer["error"]
                    self.assertEqual(error["data"]["key"], "overload")
                    self.assertEqual(error["data"]["retry_after"], 1)
                    self.assertIn("did not run", error["data"]["hint"])
                # Nobody else suffers, and they have indeed not run.
                seq = peer.call("mm.snapshot", process=name, want=["mm"])
                self.assertEqual(seq["snapshot"]["mm"]["seq"], len(ran))

    def test_idle_connections_make_room(self):
        """The one idle longest goes; one whose request is there stays."""
        with Vmariumd("--soft-connections=3", "--max-connections=20",
                      "--loops=1") as server:
            peers = [server.connect() for _ in range(3)]
            for peer in peers:
                self.assertEqual(peer.ask(get("/healthz")).status, 200)
            self.assertEqual(peers[0].ask(get("/healthz")).status, 200)
            with server.connect() as fourth:
                self.assertEqual(fourth.ask(get("/healthz")).status, 200)
                self.assertTrue(peers[1].is_at_end())
                for peer in (peers[0], peers[2], fourth):
                    self.assertEqual(peer.ask(get("/healthz")).status, 200)
            for peer in peers:
                peer.sock.close()

    def test_body_up_to_the_limit(self):
        with Vmariumd("--max-body", "100") as server:
            with server.connect() as peer:
                answer = peer.ask(post(b" " * 98 + b"[]"))
                self.assertEqual(answer.json["error"]["code"], -32600)
                answer = peer.ask(post(b" " * 101))
                self.assertEqual(answer.status, 413)
                self.assertIn("100 bytes", answer.json["error"]["hint"])

    def test_connections_beyond_the_limit(self):
        with Vmariumd("--max-connections", "1") as server:
            with server.connect() as first:
                self.assertEqual(first.ask(get("/healthz")).status, 200)
                with server.connect() as second:
                    answer = second.hear()
                    self.assertEqual(answer.status, 503)
                    self.assertEqual(answer.key, "overload")
                    self.assertEqual(answer.fields["retry-after"], "1")

    def test_names_and_origins_can_be_allowed(self):
        with Vmariumd("--host", "vm.example", "--allow-origin",
                      "https://app.example", "--trust-proxy") as server:
            with server.connect() as peer:
                answer = peer.ask(
                    b"GET /healthz HTTP/1.1\r\nHost: vm.example\r\n"
                    b"Origin: https://app.example\r\nVia: x\r\n\r\n")
                self.assertEqual(answer.status, 200)



class LargeAnswers(unittest.TestCase):
    """They go out in slices, between which others have their turn."""

    def setUp(self):
        self.server = self.enterContext(Vmariumd("--loops", "1"))
        self.other = self.enterContext(self.server.connect())
        process = self.other.call("process.create", maps=maps(4000), want=[])["process"]
        self.ask = post(request("mm.snapshot", 1, process=process,
                                want=["vmas"]))

    def test_client_that_waits_gets_all_of_them(self):
        with self.server.connect() as peer:
            peer.send(3 * self.ask)
            # They are more than sockets hold, but keep nobody else waiting.
            self.assertIn("profiles", self.other.call("profile.list"))
            bodies = [peer.hear().body for _ in range(3)]
        self.assertGreater(len(bodies[0]), 1 << 18)
        self.assertEqual(len(json.loads(bodies[0])["result"]["snapshot"]
                             ["vmas"]), 4000)
        self.assertEqual(bodies, 3 * bodies[:1])

    def test_clients_that_leave_amid_one(self):
        for taken in (0, 1, 1 << 16, 1 << 18, 1 << 19):
            with self.server.connect() as peer:
                peer.send(5 * self.ask)
                while len(peer.rest) < taken:
                    peer.more()
            self.assertIn("profiles", self.other.call("profile.list"))


if __name__ == "__main__":
    unittest.main()
