#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`vmarium-bench` against a server, and against servers that lie, break and fall silent."""
import contextlib
import csv
import io
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import threading
import unittest

from vmariumd import PATIENCE, Vmariumd, nobody_listens

BENCH = pathlib.Path(os.environ["VMARIUM_BIN"]) / "vmarium-bench"
PATIENT = ("--timeout", PATIENCE)
TRACES = pathlib.Path(__file__).parents[1] / "conformance" / "traces"


def bench(*arguments, **environment):
    return subprocess.run(
        [BENCH, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env=os.environ | environment,
    )


class Scenarios(unittest.TestCase):
    """Each scenario for a moment: all answers right, nothing left behind."""

    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.server = cls.stack.enter_context(Vmariumd())

    @classmethod
    def tearDownClass(cls):
        cls.stack.close()

    def measure(self, *arguments, most=("--requests", 600)):
        run = bench("--server", self.server.url, "--json", *PATIENT, *most, *arguments)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertEqual(run.stderr, "")
        figures = json.loads(run.stdout)
        self.assertEqual((figures["errors"], figures["error_kinds"]), (0, []))
        self.assertGreater(figures["requests"], 0)
        latency = list(figures["latency_us"].values())[1:]
        self.assertEqual(latency, sorted(latency))
        return figures

    def test_call(self):
        figures = self.measure("call")
        self.assertEqual(figures["requests"], figures["calls"])
        self.assertNotIn("server_cpu", figures)

    def test_call_with_snapshot_of_more_areas(self):
        few = self.measure("--connections", 2, "--want", "mm,vmas", "call")
        many = self.measure("--connections", 2, "--want", "mm,vmas", "--areas", 100, "call")
        per_request = [run["received_bytes"] / run["requests"] for run in (few, many)]
        self.assertGreater(per_request[1], per_request[0] + 100 * 50)

    def test_walk(self):
        self.measure("walk")

    def test_walk_pipelined_in_batches(self):
        figures = self.measure("--pipeline", 7, "--batch", 9, "walk")
        self.assertEqual(figures["calls"], 9 * figures["requests"])

    def test_walk_on_one_connection(self):
        self.measure("--connections", 1, "--seed", 7, "walk")

    def test_threads(self):
        self.measure("--connections", 100, "--pipeline", 3, "threads")

    def test_create(self):
        self.measure("--pipeline", 3, "create")

    def test_create_and_keep(self):
        self.measure("--requests", 100, "--keep", "create")

    def test_replay(self):
        for release in ("4.0", "6.1"):
            trace = sorted((TRACES / release).glob("*-full.jsonl"))[0]
            with self.subTest(trace=trace):
                figures = self.measure("--connections", 3, "--trace", trace, "replay")
                self.assertGreater(figures["requests"], 100)

    def test_replay_of_forks_and_threads(self):
        for mix in ("fork", "threads"):
            trace = sorted((TRACES / "4.0").glob(f"*-{mix}.jsonl"))[0]
            with self.subTest(trace=trace):
                self.measure("--connections", 3, "--pipeline", 4, "--trace", trace, "replay")

    def test_number_of_requests(self):
        figures = self.measure("--requests", 1000, "--connections", 3, "--pipeline", 7, "walk")
        self.assertEqual(figures["requests"], 1000)

    def test_open_loop_keeps_its_pace(self):
        """Which a machine that stands still for half a second may spoil, so again."""
        for _ in range(10):
            figures = self.measure("--rate", 200, "walk", most=("--duration", 1))
            self.assertEqual(figures["requests"] + figures["unsent"], 200)
            if figures["requests"] > 100:
                return
        self.fail(figures)

    def test_cpu_time_of_the_server(self):
        figures = self.measure("--pid", self.server.process.pid, "call", most=("--duration", 1))
        self.assertGreater(figures["server_cpu"]["us_per_request"], 0)

    def test_text_and_csv(self):
        run = bench("--server", self.server.url, "--requests", 64)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("answers    all right\n", run.stdout)
        run = bench("--server", self.server.url, "--requests", 64, "--csv")
        rows = list(csv.DictReader(io.StringIO(run.stdout)))
        self.assertEqual([(row["requests"], row["errors"]) for row in rows], [("64", "0")])
        self.assertNotIn(None, rows[0])


class Replay(unittest.TestCase):
    """A trace whose recorded answer, or whose release, is not the server's."""

    def test_release_that_the_server_does_not_have(self):
        first, *steps = sorted((TRACES / "6.12").glob("*-core.jsonl"))[0].read_text().splitlines()
        header = json.loads(first)
        for kernel in ("6.18.44-of-tomorrow", None):
            header["kernel"], header["faults"] = kernel, False
            header = {key: value for key, value in header.items() if value is not None}
            with self.subTest(kernel=kernel), tempfile.NamedTemporaryFile("w", suffix=".jsonl") as trace, \
                    Vmariumd() as server:
                trace.write("\n".join([json.dumps(header), *steps]))
                trace.flush()
                run = bench("--server", server.url, "--json", "--connections", 2, "--requests", 200,
                            "--trace", trace.name, "replay")
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_files_and_ends_of_a_recording(self):
        lines = ({"kernel": "6.12.0", "faults": False, "maps": ["400000-401000 r-xp 0 x"]},
                 {"op": "open", "fd": 3, "name": "data", "size": 8192, "mode": "ro"},
                 {"op": "clone", "new": 1},
                 {"op": "mmap", "t": 1, "a": ["0x10000", "0x2000", "0x1", "0x12", "0x3", "0x0"], "r": "0x10000"},
                 {"op": "close", "fd": 3}, {"op": "exit", "t": 1}, {"op": "exit"})
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as trace, Vmariumd() as server:
            trace.write("\n".join(map(json.dumps, lines)))
            trace.flush()
            run = bench("--server", server.url, "--json", "--connections", 2, "--requests", 50,
                        "--trace", trace.name, "replay")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_other_answer_than_recorded(self):
        lines = sorted((TRACES / "4.0").glob("*-core.jsonl"))[0].read_text().splitlines()
        steps = [json.loads(line) for line in lines[1:]]
        changed = next(step for step in steps if step["op"] == "mmap")
        changed["r"] = "0x123000"
        text = "\n".join([lines[0], *map(json.dumps, steps)])
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as trace, Vmariumd() as server:
            trace.write(text)
            trace.flush()
            run = bench("--server", server.url, "--json", "--connections", 2,
                        "--trace", trace.name, "replay")
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        kind, = json.loads(run.stdout)["error_kinds"]
        # Each player stops at its first wrong answer.
        self.assertEqual((kind["kind"], kind["count"]), ("wrong answer", 2))
        self.assertIn("ret should be 0x123000", kind["example"])


class Fake:
    """Answers every call as a server would, but for what the test changes."""

    def __init__(self, change):
        self.change = change  # (call number, call) -> body, bytes of a whole response, or None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.calls = 0

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()

    def serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with peer, peer.makefile("rb") as stream, contextlib.suppress(OSError):
                self.serve_one(peer, stream)

    def serve_one(self, peer, stream):
        while line := stream.readline():
            length = 0
            while line not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                line = stream.readline()
            call = json.loads(stream.read(length))
            answer = self.change(self.calls, call)
            self.calls += 1
            if answer is None:
                return
            if not isinstance(answer, bytes):
                body = json.dumps(answer).encode()
                answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            peer.sendall(answer)


def right(call):
    if call["method"] == "process.create":
        result = {"process": "p", "thread": 1}
    elif call["method"] == "mm.mmap":
        result = {"ret": call["params"]["addr"]}
    else:
        result = {}
    return {"jsonrpc": "2.0", "id": call["id"], "result": result}


class Lies(unittest.TestCase):
    """One answer of twenty is spoilt: it is found, named, and the exit status is 1."""

    SPOILT = 7

    def spoil(self, spoilt, *arguments, timeout=PATIENCE):
        def change(number, call):
            answer = right(call)
            return spoilt(answer) if number == self.SPOILT else answer

        with Fake(change) as fake:
            run = bench("--server", fake.url, "--json", "--connections", 1, "--requests", 20,
                        "--timeout", timeout, *arguments)
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        return json.loads(run.stdout)

    def expect(self, spoilt, *kinds, requests=20, **how):
        figures = self.spoil(spoilt, **how)
        found = [(kind["kind"], kind["count"]) for kind in figures["error_kinds"]]
        self.assertEqual(found, [(kind, 1) for kind in kinds])
        self.assertEqual(figures["errors"], len(kinds))
        self.assertEqual(figures["requests"], requests)

    def test_no_lie_no_error(self):
        with Fake(lambda number, call: right(call)) as fake:
            run = bench("--server", fake.url, "--connections", 1, "--requests", 20)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_wrong_address(self):
        self.expect(lambda answer: answer | {"result": {"ret": "0x10001000"}}, "wrong answer")

    def test_errno(self):
        self.expect(lambda answer: answer | {"result": {"ret": -12, "errno": "ENOMEM"}},
                    "wrong answer")

    def test_wrong_id(self):
        self.expect(lambda answer: answer | {"id": answer["id"] - 1}, "wrong id")
        self.expect(lambda answer: answer | {"id": str(answer["id"])}, "wrong id")

    def test_refusal(self):
        error = {"code": -32004, "message": "busy", "data": {"key": "overload"}}
        self.expect(lambda answer: {"jsonrpc": "2.0", "id": answer["id"], "error": error},
                    "refused: overload")

    def test_nothing_in_it(self):
        self.expect(lambda answer: {"id": answer["id"]}, "no answer in the response")

    def test_http_refusal(self):
        body = b'{"error":{"key":"rate","hint":"wait"}}'
        head = b"HTTP/1.1 429 Slow\r\nContent-Length: %d\r\n\r\n" % len(body)
        self.expect(lambda answer: head + body, "HTTP 429 rate")

    def test_malformed_json(self):
        self.expect(lambda answer: b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{",
                    "malformed JSON")

    def test_two_answers_in_one(self):
        self.expect(lambda answer: [answer, answer], "unasked answer")

    def test_chunked(self):
        self.expect(lambda answer: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                    "malformed response", "unanswered request", requests=self.SPOILT - 1)

    def test_hanging_up(self):
        self.expect(lambda answer: None, "connection closed", "unanswered request",
                    requests=self.SPOILT - 1)

    def test_silence(self):
        self.expect(lambda answer: b"", "timed out", "unanswered request",
                    requests=self.SPOILT - 1, timeout=5)


class SlowServer(unittest.TestCase):
    """A server that stands still once: an open loop counts the wait of all who came meanwhile."""

    def test_no_coordinated_omission(self):
        pause = threading.Event()

        def change(number, call):
            if number == 20:
                pause.wait(0.5)
            return right(call)

        with Fake(change) as fake:
            run = bench("--server", fake.url, "--json", "--connections", 1, "--rate", 100,
                        "--duration", 1, *PATIENT)
        figures = json.loads(run.stdout)
        self.assertEqual(run.returncode, 0, run.stdout)
        # Of 100 requests about 50 were due during the pause: half of them waited 250 ms.
        self.assertGreater(figures["latency_us"]["p90"], 250e3)
        self.assertGreater(figures["late"], 25)


class Usage(unittest.TestCase):
    def complain(self, *arguments, **environment):
        run = bench(*arguments, **environment)
        self.assertEqual((run.returncode, run.stdout), (2, ""), run.stderr)
        return run.stderr

    def test_help_names_every_scenario_and_option(self):
        run = bench("--help")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        for word in ("call", "walk", "replay", "threads", "create", "--rate", "--json"):
            self.assertIn(word, run.stdout)
        self.assertLessEqual(max(map(len, run.stdout.splitlines())), 80)

    def test_no_server(self):
        with nobody_listens() as url:
            self.assertIn(f"no server answers at {url}: ", self.complain("--server", url))
            self.assertIn(url, self.complain(VMARIUM_SERVER=url))

    def test_other_machines_are_left_alone(self):
        self.assertIn("--allow-remote", self.complain("--server", "http://192.0.2.1:80"))

    def test_wrong_words(self):
        self.assertIn("there is no scenario 'run'", self.complain("run"))
        self.assertIn("--connections takes a number", self.complain("--connections", "0"))
        self.assertIn("--duration takes seconds", self.complain("--duration", "soon"))
        self.assertIn("replay needs a trace", self.complain("replay"))
        self.assertIn("--trace is for", self.complain("--trace", "x", "walk"))
        self.assertIn("should look like", self.complain("--server", "localhost:1"))
        self.assertIn("one scenario too many", self.complain("walk", "call"))
        self.assertIn("may not exceed", self.complain("--batch", 100000, "--pipeline", 1000))
        self.assertIn("no process", self.complain("--pid", 2**31 - 1))

    def test_file_that_is_no_trace(self):
        self.assertIn("/nowhere", self.complain("--trace", "/nowhere/x.jsonl", "replay"))


if __name__ == "__main__":
    unittest.main()
