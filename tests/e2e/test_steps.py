#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Wanting steps changes no answer: recorded runs agree, told step by step.

A proxy between `vmarium replay` and the server wants steps of every call and
takes them out of the answers again, having looked at them.
"""
import http.client
import http.server
import json
import os
import pathlib
import subprocess
import threading
import unittest

from vmariumd import Vmariumd

TRACES = pathlib.Path(__file__).resolve().parents[1] / "conformance" / "traces"
VMARIUM = os.path.join(os.path.abspath(os.environ["VMARIUM_BIN"]), "vmarium")
FIRST = ("1-core.jsonl", "101-full.jsonl", "401-threads.jsonl", "701-fork.jsonl")
MEMBERS = {"fn", "what", "args", "result", "areas", "cost", "text"}


def one_of_each(release):
    """A recorded run of each of these mixes of calls that the release has, the first one."""
    runs = (TRACES / release / name for name in FIRST)
    return [run for run in runs if run.exists()]


class Proxy(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), Relay)
        self.upstream = port
        self.seen = set()  # (method, key)
        self.silent = set()  # methods that told nothing
        self.wrong = []


class Relay(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body go out together

    def setup(self):
        super().setup()
        self.upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream)

    def finish(self):
        self.upstream.close()
        super().finish()

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        calls = body if isinstance(body, list) else [body]
        methods = {call["id"]: call["method"] for call in calls if "id" in call}
        for call in calls:
            if call["method"].startswith("mm.") and isinstance(call.get("params"), dict):
                want = call["params"].get("want", ["mm", "vmas"])
                call["params"] |= {"want": want + ["steps"], "lang": "zh"}
        self.upstream.request(
            "POST", self.path, json.dumps(body), {"Content-Type": "application/json"}
        )
        reply = self.upstream.getresponse()
        text = reply.read()
        if text:
            answers = json.loads(text)
            for answer in answers if isinstance(answers, list) else [answers]:
                self.take_steps(methods.get(answer.get("id")), answer.get("result"))
            text = json.dumps(answers).encode()
        self.send_response(reply.status)
        if text:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        self.wfile.flush()

    def take_steps(self, method, result):
        if not isinstance(result, dict) or "steps" not in result.get("snapshot", {}):
            return
        steps = result["snapshot"].pop("steps")
        if not result["snapshot"]:
            del result["snapshot"]
        if not steps and result.get("fault") != "none":
            self.server.silent.add(method)
        for step in steps:
            self.server.seen.add((method, step["what"]))
            if step["what"] != "truncated" and (set(step) != MEMBERS or "{" in step["text"]):
                self.server.wrong.append(step)


class Steps(unittest.TestCase):
    def replay(self, traces):
        with Vmariumd() as server:
            proxy = Proxy(server.port)
            threading.Thread(target=proxy.serve_forever, daemon=True).start()
            try:
                run = subprocess.run(
                    [VMARIUM, "replay", *map(str, traces)],
                    capture_output=True,
                    text=True,
                    timeout=800,
                    check=False,
                    env=os.environ
                    | {
                        "VMARIUM_SERVER": f"http://127.0.0.1:{proxy.server_address[1]}",
                        "no_proxy": "*",
                    },
                )
            finally:
                proxy.shutdown()
                proxy.server_close()
        self.assertEqual(run.returncode, 0, run.stdout[-2000:] + run.stderr)
        self.assertEqual(proxy.wrong, [])
        # Reading maps and the like is no call; all others decide something.
        self.assertLessEqual(proxy.silent, {"mm.snapshot", "mm.maps", "mm.smaps", "mm.status"})
        return {what for _, what in proxy.seen}

    def test_recorded_runs_agree_and_tell(self):
        for release in ("4.0", "5.10", "6.1", "6.12"):
            with self.subTest(release=release):
                told = self.replay(one_of_each(release))
                self.assertIn("split.above", told)
                maple = {what for what in told if what.startswith("maple.")}
                lost = {what for what in told if what.startswith(("cache.", "tree.", "gap.", "links."))}
                self.assertEqual(bool(maple), release.startswith("6."))
                self.assertEqual(bool(lost), not release.startswith("6."))


if __name__ == "__main__":
    unittest.main()
