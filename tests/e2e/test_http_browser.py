# SPDX-License-Identifier: MIT
"""What browsers need: pages of allowed origins, and compressed answers."""
import gzip
import json
import unittest

from vmariumd import HOST, Vmariumd, get, post, request

APP = "https://app.example"
ORIGIN = b"Origin: https://app.example\r\n"
GZIP = b"Accept-Encoding: gzip\r\n"


class Origins(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(
            Vmariumd("--loops", "1", "--max-body", "2K", "--allow-origin", "HTTPS://App.Example"))

    def ask(self, data, **how):
        with self.server.connect() as peer:
            return peer.ask(data, **how)

    def assert_readable(self, answer):
        self.assertEqual(answer.fields["access-control-allow-origin"], APP)
        self.assertIn("Origin", answer.fields["vary"])

    def test_preflight_says_what_may_be_sent(self):
        answer = self.ask(
            b"OPTIONS /rpc HTTP/1.1\r\n" + HOST + ORIGIN +
            b"Access-Control-Request-Method: POST\r\n"
            b"Access-Control-Request-Headers: content-type\r\n\r\n")
        self.assertEqual(answer.status, 204)
        self.assert_readable(answer)
        fields = answer.fields
        self.assertIn("POST", fields["access-control-allow-methods"])
        for name in ("Authorization", "Content-Type", "Traceparent",
                     "Vmarium-Route", "X-Request-Id"):
            self.assertIn(name, fields["access-control-allow-headers"])
        self.assertEqual(fields["access-control-allow-private-network"],
                         "true")
        self.assertGreater(int(fields["access-control-max-age"]), 0)

    def test_answers_may_be_read(self):
        for data in (post(request("profile.list", 1), ORIGIN),
                     post(request("profile.list"), ORIGIN),
                     get("/openrpc.json", ORIGIN), get("/healthz", ORIGIN)):
            answer = self.ask(data)
            self.assertIn(answer.status, (200, 204))
            self.assert_readable(answer)
            self.assertEqual(answer.fields["access-control-expose-headers"],
                             "Retry-After, Traceparent, X-Request-Id")

    def test_refusals_may_be_read(self):
        for data, status in (
                (get("/nowhere", ORIGIN), 404),
                (get("/rpc", ORIGIN), 405),
                (get("/", ORIGIN + b"Via: x\r\n"), 403),
                (post(b" " * 3000, ORIGIN), 413),
                (post(b"{}", ORIGIN + b"Expect: x\r\n"), 417)):
            answer = self.ask(data)
            self.assertEqual(answer.status, status)
            self.assert_readable(answer)

    def test_nothing_is_said_to_others(self):
        for fields in (b"", b"Origin: https://evil.example\r\n",
                       b"Origin: null\r\n", b"Origin: http://localhost\r\n"):
            for data in (get("/openrpc.json", fields),
                         b"OPTIONS /rpc HTTP/1.1\r\n" + HOST + fields +
                         b"Access-Control-Request-Method: POST\r\n\r\n"):
                answer = self.ask(data)
                evil = b"evil" in fields or b"null" in fields
                self.assertEqual(answer.status == 403, evil)
                self.assertNotIn("access-control-allow-origin", answer.fields)

    def test_an_origin_is_not_carried_to_the_next_request(self):
        with self.server.connect() as peer:
            self.assert_readable(peer.ask(get("/healthz", ORIGIN)))
            peer.send(get("/healthz")[:-2] + b"bad line\r\n\r\n")
            self.assertNotIn("access-control-allow-origin",
                             peer.hear().fields)


class Gzip(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Vmariumd("--loops", "2", "--max-gzip", "2"))

    def connect(self):
        return self.enterContext(self.server.connect())

    def test_document_is_the_same_either_way(self):
        peer = self.connect()
        plain = peer.ask(get("/openrpc.json"))
        packed = peer.ask(get("/openrpc.json", GZIP))
        self.assertNotIn("content-encoding", plain.fields)
        self.assertEqual(packed.fields["content-encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertLess(len(packed.body), len(plain.body) // 4)
        for answer in (plain, packed):
            self.assertEqual(answer.fields["vary"], "Accept-Encoding")

    def test_head_says_what_get_would(self):
        peer = self.connect()
        for fields in (b"", GZIP):
            got = peer.ask(get("/openrpc.json", fields)).fields
            head = peer.ask(b"HEAD" + get("/openrpc.json", fields)[3:],
                            without_body=True).fields
            got.pop("date")
            head.pop("date")
            self.assertEqual(head, got)

    def test_small_answers_stay_plain(self):
        answer = self.connect().ask(post(request("nonsense", 1), GZIP))
        self.assertNotIn("content-encoding", answer.fields)
        self.assertNotIn("vary", answer.fields)

    def test_large_answers_are_compressed_in_their_order(self):
        """Some within a turn, some over many, more at once than may be."""
        peers = [self.connect() for _ in range(6)]
        names = [peer.call("process.create", want=[])["process"]
                 for peer in peers]
        sizes = (1, 20, 400, 3, 90)
        for peer, name in zip(peers, names):
            for size in sizes:
                self.ask_for_snapshots(peer, name, size)
            peer.send(get("/healthz", GZIP))
        for peer in peers:
            for size in sizes:
                self.coding_of(peer, size)
            self.assertEqual(peer.hear().body, b"alive\n")
        # Which of a crowd are compressed is luck; one alone always is.
        for size, coding in ((1, None), (20, "gzip"), (400, "gzip")):
            self.ask_for_snapshots(peers[0], names[0], size)
            self.assertEqual(self.coding_of(peers[0], size), coding)

    @staticmethod
    def ask_for_snapshots(peer, name, size):
        peer.send(post([request("mm.snapshot", i, process=name)
                        for i in range(size)], GZIP))

    def coding_of(self, peer, size):
        answer = peer.hear()
        coding = answer.fields.get("content-encoding")
        body = gzip.decompress(answer.body) if coding else answer.body
        self.assertEqual([a["id"] for a in json.loads(body)],
                         list(range(size)))
        return coding

    def test_clients_may_leave_meanwhile(self):
        name = self.connect().call("process.create", want=[])["process"]
        calls = post([request("mm.snapshot", i, process=name)
                      for i in range(500)], GZIP)
        for _ in range(10):
            with self.server.connect() as peer:
                peer.send(calls)
        self.assertEqual(self.connect().ask(get("/healthz")).status, 200)

    def test_it_can_be_turned_off(self):
        with Vmariumd("--gzip-min", "0") as server, server.connect() as peer:
            answer = peer.ask(get("/openrpc.json", GZIP))
            self.assertNotIn("content-encoding", answer.fields)
            self.assertNotIn("vary", answer.fields)


class Refused(unittest.TestCase):
    def test_origins_that_let_everybody_in_or_match_nothing(self):
        for value in ("*", "null", "app.example", "https://app.example/",
                      "https://", "://a", "https://a/b", "https://a:"):
            with self.assertRaises(AssertionError) as raised:
                Vmariumd("--allow-origin", value)
            self.assertIn("should be one or more origins",
                          str(raised.exception))


if __name__ == "__main__":
    unittest.main()
