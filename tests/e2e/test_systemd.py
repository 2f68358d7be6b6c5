# SPDX-License-Identifier: MIT
"""As a service of systemd, whose part this test plays."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from vmariumd import PATIENCE, Peer, binary, get

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Service:
    """vmariumd with sockets passed to it and somebody who hears what it says."""

    def __init__(self, *sockets, args=(), abstract=False, pid="$$", count=None,
                 **env):
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.settimeout(PATIENCE)
        self.folder = tempfile.TemporaryDirectory()
        name = self.folder.name + "/notify"
        self.notices.bind(f"\0{name}" if abstract else name)
        if sockets or count is not None:
            env["LISTEN_FDS"] = str(len(sockets) if count is None else count)
            env["LISTEN_FDNAMES"] = ":".join("a" * len(sockets))
        # First out of the way of 3, 4, ..., then there.
        high = [os.dup(sock.fileno()) for sock in sockets]
        high = [os.dup2(fd, 100 + i) for i, fd in enumerate(high)]

        def place():
            for i, fd in enumerate(high):
                os.dup2(fd, 3 + i)

        self.process = subprocess.Popen(
            ["sh", "-c", f'LISTEN_PID={pid} exec "$@"', "sh", binary(), *args],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=place, pass_fds=[3 + i for i in range(len(sockets))],
            env={**os.environ, **env,
                 "NOTIFY_SOCKET": f"@{name}" if abstract else name})
        for fd in high:
            os.close(fd)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        if self.process.poll() is None:
            self.process.terminate()
        _, self.errors = self.process.communicate(timeout=PATIENCE)
        self.notices.close()
        self.folder.cleanup()
        if exc[0] is None:
            assert self.process.returncode == 0, self.errors

    def line(self):
        return self.process.stdout.readline()

    def notice(self):
        return self.notices.recv(4096).decode()

    def environment(self):
        with open(f"/proc/{self.process.pid}/environ", "rb") as file:
            return file.read()


def ended(*sockets, **how):
    """The errors of a service that does not start."""
    service = Service(*sockets, **how)
    out, errors = service.process.communicate(timeout=PATIENCE)
    service.notices.close()
    service.folder.cleanup()
    assert (service.process.returncode, out) == (1, ""), (out, errors)
    return errors


def ask(sock_address, family=socket.AF_INET):
    sock = socket.socket(family)
    sock.settimeout(PATIENCE)
    sock.connect(sock_address)
    with Peer(sock) as peer:
        return peer.ask(get("/healthz")).status


class Sockets(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = folder.name + "/socket"
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.unix = socket.socket(socket.AF_UNIX)
        self.unix.bind(self.path)
        self.unix.listen()
        self.addCleanup(self.tcp.close)
        self.addCleanup(self.unix.close)
        self.url = "http://127.0.0.1:%d" % self.tcp.getsockname()[1]

    def test_both_kinds_are_served(self):
        with Service(self.tcp, self.unix, args=["--loops=2"]) as service:
            self.assertEqual(service.line(), f"listening on {self.url}\n")
            self.assertEqual(service.line(), f"listening on unix:{self.path}\n")
            self.assertEqual(service.notice(),
                             f"READY=1\nSTATUS=Serving on {self.url} "
                             f"unix:{self.path}")
            for _ in range(20):
                self.assertEqual(ask(self.tcp.getsockname()), 200)
                self.assertEqual(ask(self.path, socket.AF_UNIX), 200)
        # They belong to systemd, which passes them to the next one.
        self.assertTrue(os.path.exists(self.path))
        with Service(self.unix) as service:
            self.assertEqual(service.line(), f"listening on unix:{self.path}\n")
            self.assertEqual(ask(self.path, socket.AF_UNIX), 200)

    def test_those_who_come_early_wait(self):
        early = socket.create_connection(self.tcp.getsockname(), PATIENCE)
        early.sendall(get("/healthz"))
        with Service(self.tcp), Peer(early) as peer:
            self.assertEqual(peer.hear().status, 200)

    def test_listen_adds(self):
        with Service(self.unix, args=["--listen=127.0.0.1:0"]) as service:
            self.assertEqual(service.line(), f"listening on unix:{self.path}\n")
            self.assertRegex(service.line(), "^listening on http://127")

    def test_what_is_meant_for_another_is_left_alone(self):
        with Service(self.unix, pid="1", args=["--listen=127.0.0.1:0"]) as \
                service:
            self.assertRegex(service.line(), "^listening on http://127")

    def test_bad_descriptors_are_named(self):
        plain = socket.socket()
        self.addCleanup(plain.close)
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(datagrams.close)
        for bad in (plain, datagrams):
            self.assertIn("descriptor 4 should be a stream socket that listens",
                          ended(self.unix, bad))
        self.assertIn("descriptor 3 should be", ended(count=1))
        with socket.create_server(("0.0.0.0", 0)) as everywhere:
            self.assertIn("descriptor 3 should be a loopback address",
                          ended(everywhere))


class Notices(unittest.TestCase):
    def test_the_whole_life(self):
        for abstract in (False, True):
            with Service(args=["--listen=127.0.0.1:0"], abstract=abstract) as \
                    service:
                url = re.fullmatch(r"listening on (.*)\n", service.line())[1]
                self.assertEqual(service.notice(),
                                 f"READY=1\nSTATUS=Serving on {url}")
                service.process.send_signal(signal.SIGTERM)
                self.assertEqual(
                    service.notice(),
                    "STOPPING=1\nSTATUS=Finishing what was accepted.")

    def test_watchdog(self):
        """Asked for every 200 ms; a stopped server is silent."""
        with Service(args=["--listen=127.0.0.1:0", "--loops=3"],
                     WATCHDOG_USEC="200000") as service:
            self.assertIn("READY=1", service.notice())
            for _ in range(5):
                self.assertEqual(service.notice(), "WATCHDOG=1")
            service.process.send_signal(signal.SIGTERM)
            while (notice := service.notice()) == "WATCHDOG=1":
                pass
            self.assertIn("STOPPING=1", notice)

    def test_watchdog_of_another(self):
        with Service(args=["--listen=127.0.0.1:0"], WATCHDOG_USEC="1000",
                     WATCHDOG_PID="1") as service:
            self.assertIn("READY=1", service.notice())
            service.process.send_signal(signal.SIGTERM)
            self.assertIn("STOPPING=1", service.notice())

    def test_nobody_hears(self):
        for name in ("/nonexistent/socket", "@nobody-listens", "vsock:2:1",
                     "@" + "a" * 200):
            process = subprocess.Popen(
                [binary(), "--listen=127.0.0.1:0"], text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env={**os.environ, "NOTIFY_SOCKET": name})
            process.stdout.readline()
            process.terminate()
            _, errors = process.communicate(timeout=PATIENCE)
            self.assertEqual(process.returncode, 0)
            self.assertIn(name, errors)


class Units(unittest.TestCase):
    def test_they_are_installed(self):
        """With the path at which the program is installed."""
        build = pathlib.Path(binary()).resolve().parents[1]
        with tempfile.TemporaryDirectory() as root:
            subprocess.run(["cmake", "--install", build],
                           env={**os.environ, "DESTDIR": root},
                           stdout=subprocess.DEVNULL, check=True)
            there = {path.name: path for path in
                     pathlib.Path(root).rglob("*") if path.is_file()}
            text = there["vmariumd.service"].read_text()
            program = re.search("^ExecStart=(/.*)$", text, re.M)[1]
            self.assertEqual(root + program, str(there["vmariumd"]))
            self.assertIn("vmariumd.socket", there)
            # Or the service takes the socket's port when it is started alone.
            self.assertIn("\nRequires=vmariumd.socket\n", text)

    def test_systemd_takes_them(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("this machine has no systemd-analyze")
        service = (ROOT / "deploy/vmariumd.service.in").read_text()
        service = service.replace("@CMAKE_INSTALL_FULL_BINDIR@/vmariumd",
                                  os.path.abspath(binary()))
        self.assertNotIn("@CMAKE", service)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            # Pages may not be installed where this runs.
            service = re.sub("^Documentation=.*\n", "", service, flags=re.M)
            (folder / "vmariumd.service").write_text(service)
            socket_unit = (ROOT / "deploy/vmariumd.socket").read_text()
            (folder / "vmariumd.socket").write_text(
                re.sub("^Documentation=.*\n", "", socket_unit, flags=re.M))
            judged = subprocess.run(
                ["systemd-analyze", "verify", folder / "vmariumd.service",
                 folder / "vmariumd.socket"],
                capture_output=True, text=True, timeout=PATIENCE, check=False)
        # Other units of the machine may have faults of their own.
        ours = [line for line in judged.stderr.splitlines()
                if "vmariumd" in line]
        self.assertEqual(ours, [])


if __name__ == "__main__":
    unittest.main()
