#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The command line against a server that lies: a message and a status, whatever it says.

What a real server answers to each command is recorded and said again with one member missing or of another
kind. Which ones is drawn with a seed (VMARIUM_HOSTILE_SEED); VMARIUM_HOSTILE_RUNS says how many of each command.
"""
import base64
import concurrent.futures
import hashlib
import os
import pathlib
import random
import re
import resource
import socket
import struct
import subprocess
import tempfile
import threading
import unittest

from hostile_server import NOTHING, WRONG, HostileServer, Story, as_answer, changed, http_answer, places, recording, repeating
from vmariumd import PATIENCE, Vmariumd
from websocket import CLOSE, PING, TEXT

VMARIUM = os.path.join(os.environ["VMARIUM_BIN"], "vmarium")
TRACE = pathlib.Path(__file__).parent.parent / "conformance/traces/4.0/1-core.jsonl"
SEED = int(os.environ.get("VMARIUM_HOSTILE_SEED", "7"))
RUNS = int(os.environ.get("VMARIUM_HOSTILE_RUNS", "4"))
BROKEN = 99  # the status of a program that a sanitizer has stopped
SANITIZERS = {"ASAN_OPTIONS": f"exitcode={BROKEN}:detect_leaks=0:quarantine_size_mb=0", "UBSAN_OPTIONS": f"halt_on_error=1:exitcode={BROKEN}"}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
SCRIPT = "p = mmap(0, 8192, rw, private)\nmunmap(p, 4096)\nexpect access(p, read) == SIGSEGV\nprint(p)\nfork()\n"
SHELL = """mmap 0 4k rw private
write $
maps
tree
cache
pagetable
history
mincore $ 4k
why
munmap $ 4k
diff 1
find_vma 0
call mm.brk addr=0 want=["diff"]
thread new
fork
branch
process
quit
"""


def vmarium(url, command, *args, stdin=""):
    return subprocess.run([VMARIUM, command, "--server", url, *args], input=stdin.encode(), capture_output=True,
                          timeout=PATIENCE, env=os.environ | SANITIZERS | {"LC_ALL": "C.UTF-8"}, check=False)


class Hostile(unittest.TestCase):
    def setUp(self):
        self.hostile = self.enterContext(HostileServer())

    def judge(self, run, what, statuses=(0, 1, 2)):
        """It has ended by itself, and has sent no commands to the terminal."""
        said = (run.stdout + run.stderr).decode()
        self.assertIn(run.returncode, statuses, f"{what}: {said}")
        self.assertIsNone(CONTROL.search(said), f"{what}: {said!r}")
        self.assertNotIn("(null)", said, what)
        if run.returncode == 2:
            self.assertTrue(run.stderr, what)

    def judge_lost(self, answer, what, ends=False):
        """That is no answer, and the command says so."""
        run = vmarium(self.hostile.tell(Story(lambda *_: answer, ends)), "profiles")
        self.judge(run, what, {2})
        self.assertTrue(run.stderr.startswith(b"vmarium: "), run.stderr)


class Answers(Hostile):
    """JSON-RPC, as it should be; what the result says is wrong."""

    def commands(self, server):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        script, document = folder / "script.vms", folder / "document.json"
        script.write_text(SCRIPT, encoding="ascii")
        with server.connect() as peer:
            name = peer.call("process.create", want=[])["process"]
            peer.call("mm.mmap", process=name, addr=0, length=16384, prot=3, flags=0x8022)
            peer.call("mm.munmap", process=name, addr=1, length=1)
            other = peer.call("world.branch", process=name)["process"]
        document.write_bytes(vmarium(server.url, "export", name).stdout)
        return [
            ("call", "process.get", f"process={name}"),
            ("show", name, "--tree", "--cache", "--pagetable"),
            ("shell",),
            ("run", str(script), "--steps", "--show"),
            ("run", str(script), "--keep"),
            ("history", name, "--last", "3"),
            ("diff", name, "0"),
            ("diff", name, other),
            ("rewind", other, "1"),
            ("branch", name, "1"),
            ("share", name),
            ("share", name, "--revoke-all"),
            ("export", name),
            ("export", name, "--link"),
            ("import", str(document)),
            ("profiles",),
            ("profiles", "4.0", "6.12"),
        ]

    def record(self, url, command):
        answers = []
        run = vmarium(self.hostile.tell(recording(url, answers)), *command, stdin=SHELL)
        self.judge(run, command, {0})
        self.assertTrue(answers)
        return answers

    def lies(self, answers, draw):
        """Some of all that can be wrong, each time the whole conversation and what was changed."""
        for _ in range(RUNS):
            at = draw.randrange(len(answers))
            member, value = answers[at]
            path = draw.choice([(), *places(value)])
            wrong = draw.choice(WRONG if path else WRONG[1:])
            story = [*answers[:at], (member, changed(value, path, wrong)), *answers[at + 1:]]
            yield story, f"answer {at}, {path}: {'missing' if wrong is NOTHING else repr(wrong)[:60]}"

    def lie(self, command, story, what):
        return vmarium(self.hostile.tell(repeating(story)), *command, stdin=SHELL), f"{command}, {what}"

    def test_results_that_are_not_as_they_should_be(self):
        print(f"VMARIUM_HOSTILE_SEED={SEED}")
        draw = random.Random(SEED)
        with Vmariumd("--loops=1") as server:
            lies = [(command, *lie) for command in self.commands(server)
                    for lie in self.lies(self.record(server.url, command), draw)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for run, what in pool.map(lambda lie: self.lie(*lie), lies):
                self.judge(run, what)

    def test_what_is_missing_is_named(self):
        for command, args, lack in (("share", ("x",), "share"), ("branch", ("x",), "process"), ("diff", ("x", "0"), "from"),
                                    ("profiles", (), "profiles"), ("history", ("x",), "operations"),
                                    ("export", ("x",), "document")):
            url = self.hostile.tell(Story(lambda _, request: as_answer(request, "result", {})))
            run = vmarium(url, command, *args)
            self.judge(run, command, {2})
            self.assertIn(f"has no valid {lack};", run.stderr.decode())

    def test_pages_that_lead_nowhere_end(self):
        page = {"operations": [], "next": 1, "history": {"first": 1, "last": 9}}
        url = self.hostile.tell(Story(lambda _, request: as_answer(request, "result", page)))
        run = vmarium(url, "history", "x")
        self.judge(run, "history", {2})
        self.assertIn("has no valid next;", run.stderr.decode())

    def test_a_tree_with_a_loop_ends(self):
        nodes = [{"vma": 1, "color": "red", "left": 1, "right": 1}]
        snapshot = {"vmas": [{"id": 1, "start": "0x1000", "end": "0x2000"}], "rbtree": {"root": 1, "nodes": nodes}}
        url = self.hostile.tell(Story(lambda _, request: as_answer(request, "result", {"snapshot": snapshot})))
        run = vmarium(url, "show", "--tree", "x")
        self.judge(run, "show", {0})
        self.assertEqual(run.stdout.count(b"R 1000-2000"), 1)


class Http(Hostile):
    """Not even HTTP, or JSON-RPC, as it should be."""

    def test_answers_that_are_no_answers(self):
        bodies = {
            "no body": b"", "no JSON": b"<html>\x1b[31m", "no answer": b'{"jsonrpc":"2.0","id":1}',
            "another's id": b'{"jsonrpc":"2.0","id":7,"result":{}}', "an array": b"[]",
            "deep": b"[" * 100000, "a long string": b'"' + b"a" * 1000000,
            "bytes": bytes(range(256)) * 100, "a NUL": b'{"id":1,\0"result":{}}',
        }
        for what, body in bodies.items():
            self.judge_lost(http_answer(body), what)

    def test_http_that_is_none(self):
        right = b'{"jsonrpc":"2.0","id":1,"result":{}}'
        heads = {
            "cut off": b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n" + right,
            "cut in the head": b"HTTP/1.1 200 OK\r\nContent-",
            "a length that is none": b"HTTP/1.1 200 OK\r\nContent-Length: \x1b[31m\r\n\r\n" + right,
            "a huge head": b"HTTP/1.1 200 OK\r\nA: " + b"a" * 4000000 + b"\r\n\r\n",
            "a redirect": b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
            "compressed": http_answer(b"\x1f\x8b" + b"\0" * 100, "Content-Encoding: gzip\r\n"),
            "chunks that are none": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\x1b[31m\r\n",
            "another protocol": b"SSH-2.0-\x1b[31m\r\n",
        }

        for what, head in heads.items():
            self.judge_lost(head, what, ends=True)

    def test_refusals_are_shown_as_text(self):
        error = {"code": 1, "message": "\x1b[31m\x9b", "data": {"hint": "\x1b]0;x\x07", "key": ["\x9b"]}}
        url = self.hostile.tell(Story(lambda _, request: as_answer(request, "error", error)))
        for command in (("call", "x"), ("show", "x"), ("run", "/dev/null"), ("share", "x")):
            run = vmarium(url, *command)
            self.judge(run, command, {1})
            self.assertIn(r"\u001B[31m\u009B", run.stderr.decode())


class Load(Hostile):
    def test_a_trace_without_a_server_is_not_all_right(self):
        for answer in (b"", http_answer(b"{}"), http_answer(b'{"jsonrpc":"2.0","id":1,"result":{"profiles":[],"behaviours":[]}}')):
            self.hostile.stories["rpc"] = Story(lambda *_, answer=answer: answer, ends=True)
            run = subprocess.run([f"{VMARIUM}-bench", "--server", self.hostile.url, "--quiet", "replay", "--trace", TRACE],
                                 capture_output=True, timeout=PATIENCE, env=os.environ | SANITIZERS, check=False)
            self.judge(run, answer, {2})
            self.assertIn(b"names no profile", run.stderr)


def server_frame(payload, opcode=TEXT, fin=True):
    if isinstance(payload, str):
        payload = payload.encode()
    head = bytes([(0x80 if fin else 0) | opcode])
    if len(payload) < 126:
        return head + bytes([len(payload)]) + payload
    return head + b"\x7e" + struct.pack("!H", len(payload)) + payload


class Sockets(Hostile):
    """`vmarium watch`, whose server sends frames as it likes."""

    BEGIN = server_frame('{"jsonrpc":"2.0","id":1,"result":{"subscription":"s","seq":0,"snapshot":{}}}')

    def watch(self, *pieces, handshake=None, args=()):
        """What becomes of a watcher whose server sends that, as far as it is read, and hangs up."""
        listener = self.enterContext(socket.create_server(("127.0.0.1", 0)))

        def serve():
            sock, _ = listener.accept()
            with sock:
                head = sock.recv(4096)
                key = re.search(rb"Sec-WebSocket-Key: (\S+)", head).group(1)
                accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
                sock.settimeout(1)  # of a client that takes no more
                try:
                    sock.sendall(handshake or b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                 b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
                    for piece in pieces:
                        sock.sendall(piece)
                except OSError:
                    pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        run = vmarium(f"http://127.0.0.1:{listener.getsockname()[1]}", "watch", *args, "x")
        thread.join(PATIENCE)
        return run

    def test_handshakes_that_are_none(self):
        for handshake in (b"\0" * 20000, b"HTTP/1.1 101 \r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n",
                          b'HTTP/1.1 400 No\r\n\r\n{"hint": "\x1b[31m"}', b"a" * 100000, b"HTTP/1.1 "):
            run = self.watch(handshake=handshake)
            self.judge(run, handshake[:40], {2})
            self.assertTrue(run.stderr.startswith(b"vmarium: watching at "), run.stderr)

    def test_frames_that_are_none(self):
        frames = {
            "an opcode that is none": b"\x83\x00", "reserved bits": b"\xf1\x00", "masked": b"\x81\x81abcda",
            "a huge one": b"\x81\x7f\x7f" + b"\xff" * 7, "a control frame in parts": b"\x09\x00",
            "a long ping": b"\x89\x7e\x00\xff" + b"a" * 255, "a close of one byte": server_frame(b"\x03", CLOSE),
            "a close": server_frame(struct.pack("!H", 1013) + b"\x1b[31m", CLOSE), "a rest": server_frame("a", 0),
            "no UTF-8": server_frame(b"\xff\xfe"), "no JSON": server_frame("\x1b[31m"), "cut off": b"\x81\x7e\x10",
        }
        for what, frame in frames.items():
            self.judge(self.watch(self.BEGIN, frame), what, {2})

    def test_notifications_that_say_nonsense(self):
        notes = ("null", "[]", "{}", '{"params":{}}', '{"params":[]}', '{"params":{"method":1,"params":[],"result":3}}',
                 '{"params":{"method":"\\u001b[31m","params":{"\\u009b":"\\u009b","x":["\\u009b"]},"result":{"ret":"\\u009b"}}}',
                 '{"params":{"snapshot":{"vmas":[1,null,{"id":{}}],"mm":[],"vmacache":7},"missed":-9223372036854775808}}')
        for note in notes:
            for args in ((), ("--json",)):
                self.judge(self.watch(self.BEGIN, server_frame(note), args=args), note)

    def test_pings_that_nobody_waits_for_take_no_memory(self):
        """Their answers are not read; the client reads no more, then."""
        self.watch(self.BEGIN)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        run = self.watch(self.BEGIN, server_frame(b"", PING) * 6000000)
        self.judge(run, "pings", {2})
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, before + (40 << 10))


if __name__ == "__main__":
    unittest.main()
