# SPDX-License-Identifier: MIT
"""How the server begins and ends: options, signals, drain."""
import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from vmariumd import HOST, PATIENCE, Vmariumd, binary, get, post, request


def run(*args, **env):
    return subprocess.run([binary(), *args], capture_output=True, text=True,
                          timeout=PATIENCE, check=False,
                          env={**os.environ, **env})


def becomes_unreachable(server):
    """Each loop closes its listener in its own time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            server.connect().sock.close()
        except ConnectionRefusedError:
            return True
        time.sleep(0.02)
    return False


def blocked_signals(pid):
    """Of each thread, as a mask."""
    masks = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status",
                  encoding="ascii") as status:
            found = re.search(r"^SigBlk:\s*(\w+)$", status.read(), re.M)
        masks[int(thread)] = int(found[1], 16)
    return masks


class Start(unittest.TestCase):
    def test_help_and_version_say_it_and_exit(self):
        for flag, word in (("--help", "--max-body"), ("--version", "vmariumd")):
            ended = run(flag)
            self.assertEqual((ended.returncode, ended.stderr), (0, ""))
            self.assertIn(word, ended.stdout)

    def test_bad_options_are_named(self):
        for args, env, part in (
                (["--colour"], {}, "--colour"),
                (["--loops", "many"], {}, "--loops: 'many'"),
                (["--config", "/nonexistent"], {}, "'/nonexistent'"),
                ([], {"VMARIUM_MAX_BODY": "x"}, "VMARIUM_MAX_BODY: 'x'"),
                (["--listen", "0.0.0.0:0"], {}, "loopback")):
            ended = run(*args, **env)
            self.assertEqual((ended.returncode, ended.stdout), (2, ""))
            self.assertIn(part, ended.stderr)

    def test_taken_port_is_an_error(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            ended = run("--listen", f"127.0.0.1:{port}")
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertIn("already in use", ended.stderr)
        with Vmariumd() as server:
            ended = run("--listen", f"127.0.0.1:{server.port}")
            self.assertEqual(ended.returncode, 1)

    def test_all_sources_of_options(self):
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as config:
            config.write("max-body = 90\nmax-fields = 90\nmax-target = 90\n")
            config.flush()
            with Vmariumd("--config", config.name, "--max-target=70",
                          VMARIUM_MAX_FIELDS="3",
                          VMARIUM_MAX_TARGET="80") as server:
                for data, limit in ((post(b" " * 91), "90 bytes"),
                                    (get("/", b"A: b\r\n" * 3), "3 fields"),
                                    (get("/" + "a" * 70), "70 bytes")):
                    with server.connect() as peer:
                        hint = peer.ask(data).json["error"]["hint"]
                        self.assertIn(limit, hint)

    def test_ipv6(self):
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            self.skipTest("this machine has no IPv6")
        process = subprocess.Popen([binary(), "--listen", "[::1]:0"],
                                   stdout=subprocess.PIPE, text=True)
        line = process.stdout.readline()
        process.terminate()
        process.communicate(timeout=PATIENCE)
        self.assertRegex(line, r"^listening on http://\[::1\]:\d+$")
        self.assertEqual(process.returncode, 0)


class Stop(unittest.TestCase):
    def test_both_signals_end_it_with_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Vmariumd() as server:
                with server.connect() as peer:
                    peer.ask(get("/healthz"))
                    server.signal(number)
                    self.assertTrue(peer.is_at_end())

    def test_the_first_thread_alone_takes_signals(self):
        """One that strikes a thread as it begins or ends could be lost."""
        signals = sum(1 << number - 1 for number in
                      (signal.SIGHUP, signal.SIGINT, signal.SIGTERM))
        with Vmariumd("--loops", "4") as server:
            pid = server.process.pid
            masks = {}
            for _ in range(PATIENCE * 50):
                masks = blocked_signals(pid)
                if len(masks) >= 4 and not masks[pid] & signals:
                    break
                time.sleep(0.02)
            self.assertEqual(masks.pop(pid) & signals, 0)
            self.assertGreaterEqual(len(masks), 3)
            for thread, mask in masks.items():
                self.assertEqual(mask & signals, signals, thread)

    def test_accepted_requests_are_finished(self):
        with Vmariumd("--loops", "2", "--drain-timeout=10m") as server:
            with server.connect() as work, server.connect() as half, \
                    server.connect() as ready:
                name = work.call("process.create", want=[])["process"]
                half.send(get("/healthz")[:-2])
                ready.send(get("/readyz")[:-2])
                half.settle()
                ready.settle()
                work.post([request("mm.snapshot", i, process=name)
                           for i in range(1000)])
                work.sock.recv(1, socket.MSG_PEEK)
                server.signal(signal.SIGTERM)
                self.assertTrue(becomes_unreachable(server))
                self.assertEqual(len(work.hear().json), 1000)
                half.send(b"\r\n")
                answer = half.hear()
                self.assertEqual(answer.status, 200)
                self.assertEqual(answer.fields["connection"], "close")
                ready.send(b"\r\n")
                answer = ready.hear()
                self.assertEqual(answer.status, 503)
                self.assertEqual(answer.key, "shutdown")
                self.assertIn("retry-after", answer.fields)

    def test_pipelined_batches_over_all_loops_are_finished(self):
        """What is answered is whole, and whoever is left unanswered knows."""
        sent, calls = 20, 200
        with Vmariumd("--loops", "4", "--drain-timeout=10m") as server, \
                contextlib.ExitStack() as stack:
            peers = [stack.enter_context(server.connect()) for _ in range(8)]
            names = [peer.call("process.create", want=[])["process"]
                     for peer in peers]
            for peer in peers:
                # Each batch goes through all loops.
                peer.send(b"".join(
                    post([request("mm.snapshot", batch * calls + i,
                                  process=names[i % len(names)], want=["mm"])
                          for i in range(calls)])
                    for batch in range(sent)))
            for peer in peers:
                peer.sock.recv(1, socket.MSG_PEEK)
            server.signal(signal.SIGTERM)
            for peer in peers:
                answered, answer = 0, peer.hear()
                while answer:
                    last = answer
                    ids = [element["id"] for element in answer.json
                           if "result" in element]
                    self.assertEqual(ids, list(range(
                        answered * calls, (answered + 1) * calls)))
                    answered += 1
                    answer = peer.hear()
                self.assertGreaterEqual(answered, 1)
                if answered < sent:
                    self.assertEqual(last.fields["connection"], "close")

    def test_drain_is_bounded(self):
        with Vmariumd("--drain-timeout=300ms") as server:
            with server.connect() as peer:
                peer.send(b"GET / HTTP/1.1\r\n")
                peer.settle()
                server.signal(signal.SIGTERM)
                server.process.wait(timeout=PATIENCE)

    def test_second_signal_ends_it_at_once(self):
        with Vmariumd("--drain-timeout=10m") as server:
            with server.connect() as peer:
                peer.send(b"GET / HTTP/1.1\r\n")
                peer.settle()
                server.signal(signal.SIGTERM)
                self.assertTrue(becomes_unreachable(server))
                server.signal(signal.SIGTERM)
                server.process.wait(timeout=PATIENCE)

    def test_under_load(self):
        """Every answer that begins to arrive arrives whole."""
        with Vmariumd("--loops", "2") as server:
            broken = []

            def client():
                try:
                    while True:
                        with server.connect() as peer:
                            for i in range(20):
                                answer = peer.ask(
                                    post(request("process.create", i)))
                                if answer is None:
                                    break
                                answer.json["id"]
                except ConnectionError:
                    return
                except Exception as error:
                    broken.append(error)

            threads = [threading.Thread(target=client) for _ in range(8)]
            for thread in threads:
                thread.start()
            time.sleep(0.5)
            server.signal(signal.SIGTERM)
            for thread in threads:
                thread.join(PATIENCE)
            self.assertEqual(broken, [])


if __name__ == "__main__":
    unittest.main()
