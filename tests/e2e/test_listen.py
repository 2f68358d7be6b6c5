# SPDX-License-Identifier: MIT
"""Where the server listens: several addresses, unix sockets."""
import contextlib
import os
import signal
import socket
import stat
import subprocess
import tempfile
import unittest

from vmariumd import PATIENCE, Peer, Vmariumd, binary, connect_unix, get, post, request


def run(*args):
    return subprocess.run([binary(), *args], capture_output=True, text=True,
                          timeout=PATIENCE, check=False)


class Listen(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "socket")

    def started(self, *args):
        """A server that has said that it listens on the path as well."""
        server = Vmariumd("--listen", f"unix:{self.path}", *args)
        line = server.process.stdout.readline()
        self.assertEqual(line, f"listening on unix:{self.path}\n")
        return server

    def test_all_addresses_serve_the_same_processes(self):
        with self.started("--listen=127.0.0.1:0", "--loops=3") as server:
            line = server.process.stdout.readline()
            self.assertRegex(line, r"^listening on http://127\.0\.0\.1:\d+\n$")
            port = int(line.rpartition(":")[2])
            self.assertNotEqual(port, server.port)
            with connect_unix(self.path) as by_path, server.connect() as first, \
                    Peer(socket.create_connection(("127.0.0.1", port))) as last:
                name = by_path.call("process.create", want=[])["process"]
                for peer in (first, last, by_path):
                    peer.call("process.get", process=name)

    def test_many_connections_through_one_path(self):
        """More than the kernel keeps waiting, and on every loop."""
        with self.started("--loops=4"), contextlib.ExitStack() as stack:
            peers = [stack.enter_context(connect_unix(self.path))
                     for _ in range(200)]
            for i, peer in enumerate(peers):
                peer.send(post(request("rpc.ping", i)) + get("/healthz"))
            for i, peer in enumerate(peers):
                self.assertEqual(peer.hear().json["id"], i)
                self.assertEqual(peer.hear().status, 200)

    def test_large_answers_and_bodies(self):
        with self.started("--loops=1"), connect_unix(self.path) as peer:
            name = peer.call("process.create", want=[])["process"]
            calls = [request("mm.snapshot", i, process=name)
                     for i in range(1000)]
            peer.post(calls)
            self.assertEqual([answer["id"] for answer in peer.hear().json],
                             list(range(1000)))

    def test_any_host_but_not_any_origin(self):
        with self.started():
            for fields, status in (
                    (b"Host: anything\r\n", 200),
                    (b"Host: evil\r\nOrigin: http://evil\r\n", 403),
                    (b"Host: a\r\nX-Forwarded-For: 192.0.2.1\r\n", 403)):
                with connect_unix(self.path) as peer:
                    answer = peer.ask(b"GET /healthz HTTP/1.1\r\n" + fields +
                                      b"\r\n")
                    self.assertEqual(answer.status, status, fields)

    def test_mode(self):
        for args, mode in (((), 0o660), (("--socket-mode=0600",), 0o600),
                           (("--socket-mode=666",), 0o666)):
            with self.started(*args):
                there = os.stat(self.path)
                self.assertTrue(stat.S_ISSOCK(there.st_mode))
                self.assertEqual(stat.S_IMODE(there.st_mode), mode)

    def test_it_is_gone_at_the_end(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.started("--loops=2") as server:
                with connect_unix(self.path) as peer:
                    peer.ask(get("/healthz"))
                    server.signal(number)
                    self.assertTrue(peer.is_at_end())
            self.assertFalse(os.path.lexists(self.path))

    def test_what_took_its_place_stays(self):
        with self.started():
            os.unlink(self.path)
            with open(self.path, "w", encoding="ascii") as other:
                other.write("mine")
        with open(self.path, encoding="ascii") as other:
            self.assertEqual(other.read(), "mine")

    def test_stale_socket_is_replaced(self):
        server = self.started()
        server.process.kill()
        server.process.communicate()
        self.assertTrue(os.path.exists(self.path))
        with self.started(), connect_unix(self.path) as peer:
            self.assertEqual(peer.ask(get("/healthz")).status, 200)

    def test_live_socket_is_not_taken(self):
        with self.started():
            ended = run("--listen", f"unix:{self.path}")
            self.assertEqual((ended.returncode, ended.stdout), (1, ""))
            self.assertIn(f"cannot listen on unix:{self.path}", ended.stderr)
            self.assertIn("a server listens there", ended.stderr)
            with connect_unix(self.path) as peer:
                self.assertEqual(peer.ask(get("/healthz")).status, 200)

    def test_servers_that_begin_at_once(self):
        """However many there are over a stale socket, one serves."""
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(self.path)
        sock.close()
        servers = [subprocess.Popen(
            [binary(), "--listen", f"unix:{self.path}", "--loops=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            for _ in range(6)]
        lines = [server.stdout.readline() for server in servers]
        self.assertEqual(sorted(lines)[:5], [""] * 5)
        with connect_unix(self.path) as peer:
            self.assertEqual(peer.ask(get("/healthz")).status, 200)
        for server in servers:
            server.terminate()
            server.communicate(timeout=PATIENCE)
        self.assertEqual(sorted(server.returncode for server in servers),
                         [0] + 5 * [1])

    def test_files_are_not_taken(self):
        with open(self.path, "w", encoding="ascii"):
            pass
        ended = run("--listen", f"unix:{self.path}")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("a file that is no socket", ended.stderr)
        self.assertTrue(os.path.isfile(self.path))
        ended = run("--listen", f"unix:{self.path}/deeper")
        self.assertEqual(ended.returncode, 1)
        ended = run("--listen", f"unix:{self.path}-nowhere/socket")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("make its folder first", ended.stderr)

    def test_failure_leaves_nothing(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            ended = run("--listen", f"unix:{self.path}", "--listen",
                        f"127.0.0.1:{taken.getsockname()[1]}")
        self.assertEqual(ended.returncode, 1)
        self.assertFalse(os.path.lexists(self.path))

    def test_stronger_sources_replace_weaker_ones(self):
        ended = subprocess.Popen(
            [binary(), "--listen", f"unix:{self.path}"],
            stdout=subprocess.PIPE, text=True,
            env={**os.environ, "VMARIUM_LISTEN": "127.0.0.1:1"})
        line = ended.stdout.readline()
        ended.terminate()
        out, _ = ended.communicate(timeout=PATIENCE)
        self.assertEqual((line, out),
                         (f"listening on unix:{self.path}\n", ""))


if __name__ == "__main__":
    unittest.main()
