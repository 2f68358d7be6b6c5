# SPDX-License-Identifier: MIT
"""What the server writes about requests, and what it does not."""
import json
import re
import unittest

from vmariumd import Vmariumd, get, maps, post, request
from websocket import WebSocket

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-01"


def ask(server, *requests):
    with server.connect() as peer:
        return [peer.ask(data) for data in requests]


def lines_of(server):
    return [json.loads(line) for line in server.errors.splitlines()]


def requests_of(server):
    return [line for line in lines_of(server) if line["msg"] == "request"]


class Ids(unittest.TestCase):
    def test_ids_come_back_and_only_where_sent(self):
        call = request("profile.list", 1)
        fields = (f"X-Request-Id: abc-1\r\ntraceparent: {PARENT}\r\n"
                  .encode())
        with Vmariumd("--loops", "1") as server:
            plain, own, odd, bad, none = ask(
                server, post(call), post(call, fields),
                post(call, b"X-Request-Id: a b\r\n"),
                post(call, b"traceparent: 00-0-0-01\r\n"), post(call))
            refused, = ask(server, get("/nowhere", fields))
            with WebSocket(server, fields) as socket:
                upgraded = socket.answer
        for answer in plain, bad, none:
            self.assertNotIn("x-request-id", answer.fields)
            self.assertNotIn("traceparent", answer.fields)
        for answer in own, refused, upgraded:
            self.assertEqual(answer.fields["x-request-id"], "abc-1")
            self.assertEqual(answer.fields["traceparent"], PARENT)
        self.assertRegex(odd.fields["x-request-id"], r"^[0-9a-f]{8}-0-\d+$")
        self.assertNotIn("request", server.errors)


class Lines(unittest.TestCase):
    def test_variables_that_mean_nothing_are_warned_of(self):
        with Vmariumd("--log-format", "json", VMARIUM_MAX_MEMROY="1G",
                      VMARIUM_MAX_BODY="8M", VMARIUM_TOKEN="x") as server:
            pass
        # It may also be short of files.
        self.assertEqual([line["msg"] for line in lines_of(server) if "VMARIUM" in line["msg"]],
                         ["the variable VMARIUM_MAX_MEMROY means nothing: --help lists the options"])

    def test_every_request_has_a_line_that_parses(self):
        fields = (f"X-Request-Id: abc-1\r\ntraceparent: {PARENT}\r\n"
                  .encode())
        with Vmariumd("--loops", "2", "--log-format", "json",
                      "--access-log") as server:
            with server.connect() as peer:
                name = peer.call("process.create", want=[])["process"]
                port = peer.sock.getsockname()[1]
            batch = [request("mm.brk", 1, process=name, addr=0, want=[]),
                     request("mm.brk", process=name, addr=0),
                     request("no\"such", 2)]
            answers = ask(server, post(batch, fields), get("/healthz"),
                          get(f"/{name}"))
        self.assertNotIn(name, server.errors)
        self.assertEqual([line["msg"] for line in lines_of(server)][-2:],
                         ["SIGTERM: finishing what was accepted", "stopped"])
        create, brk, health, nowhere = requests_of(server)
        for line in create, brk, health, nowhere:
            self.assertRegex(line["time"],
                             r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertEqual(line["level"], "info")
            self.assertLess(0, line["seconds"])
            self.assertLess(line["seconds"], 20)
        self.assertEqual(len({line["request_id"] for line in
                              (create, brk, health, nowhere)}), 4)
        self.assertEqual(create["method"], "process.create")
        self.assertEqual(create["remote"], f"127.0.0.1:{port}")
        self.assertNotIn("trace_id", create)
        self.assertEqual(
            (brk["request_id"], brk["trace_id"], brk["span_id"]),
            ("abc-1", TRACE, SPAN))
        self.assertEqual((brk["verb"], brk["path"], brk["status"]),
                         ("POST", "/rpc", 200))
        self.assertEqual((brk["method"], brk["calls"], brk["errors"]),
                         ("mm.brk,unknown", 3, 1))
        self.assertEqual(brk["bytes"], len(answers[0].body))
        self.assertEqual((health["path"], health["outcome"]),
                         ("/healthz", "ok"))
        self.assertEqual((nowhere["status"], nowhere["outcome"]),
                         (404, "http.path"))
        self.assertNotIn("path", nowhere)

    def test_text_lines_are_for_people(self):
        with Vmariumd("--log-level", "debug") as server:
            ask(server, get("/healthz"))
        self.assertTrue(re.search(
            r"^\S+Z debug request request_id=\S+ remote=127\.0\.0\.1:\d+ "
            r"verb=GET path=/healthz status=200 bytes=6 "
            r"seconds=\d+\.\d{6} outcome=ok$", server.errors, re.MULTILINE),
            server.errors)

    def test_a_flood_is_cut_and_counted(self):
        with Vmariumd("--loops", "1", "--log-format", "json", "--access-log",
                      "--log-rate", "3") as server:
            ask(server, *[get("/healthz")] * 400)
            metrics, = ask(server, get("/metrics"))
        lost = int(re.search(rb"^vmarium_log_lost_lines_total (\d+)$",
                             metrics.body, re.MULTILINE)[1])
        self.assertGreater(lost, 0)
        told = sum(line["lines"] for line in lines_of(server)
                   if line["msg"] == "lines of the log were lost")
        # Each request has a line, or is counted: 400 and the one above.
        self.assertEqual(len(requests_of(server)) + told, 401)

    def test_slow_calls_are_named(self):
        with Vmariumd("--loops", "1", "--slow-call", "1ms",
                      "--log-format", "json") as server:
            with server.connect() as peer:
                peer.send(post(request("process.create", 1, maps=maps(5000)),
                               b"X-Request-Id: big\r\n"))
                self.assertIn("result", peer.hear().json)
        slow = [line for line in lines_of(server) if line["msg"] == "slow"]
        self.assertEqual(len(slow), 1)
        self.assertEqual((slow[0]["level"], slow[0]["request_id"],
                          slow[0]["method"]),
                         ("warn", "big", "process.create"))
        self.assertGreaterEqual(slow[0]["seconds"], 0.001)


if __name__ == "__main__":
    unittest.main()
