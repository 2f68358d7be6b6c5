#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""vmarium watch: what others do to a process, as it happens."""
import json
import os
import socket
import subprocess
import unittest

from vmariumd import PATIENCE, Vmariumd, nobody_listens

VMARIUM = os.path.join(os.environ["VMARIUM_BIN"], "vmarium")


def watch(server, *args):
    return subprocess.Popen([VMARIUM, "watch", "--server", server.url, *args],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True)


class Watch(unittest.TestCase):
    def test_calls_and_changes_are_drawn_to_the_end(self):
        with Vmariumd("--loops", "2") as server, server.connect() as peer:
            name = peer.call("process.create", want=[])["process"]
            watcher = watch(server, name)
            first = watcher.stdout.readline()  # it has subscribed
            got = peer.call("mm.mmap", process=name, addr=0, length=8192,
                            prot="PROT_READ|PROT_WRITE",
                            flags="MAP_PRIVATE|MAP_ANONYMOUS")["ret"]
            peer.call("mm.munmap", process=name, addr=1, length=1)
            peer.call("process.exit", process=name)
            out, err = watcher.communicate(timeout=PATIENCE)
            self.assertEqual((watcher.returncode, err), (0, ""))
            self.assertNotEqual(first, "")
            self.assertIn("1 mmap(addr=0, length=8192, "
                          "prot=PROT_READ|PROT_WRITE, "
                          f"flags=MAP_PRIVATE|MAP_ANONYMOUS) = {got}\n", out)
            self.assertRegex(out, r"\n\+.*rw-p")
            self.assertIn("2 munmap(addr=1, length=1) = -1 EINVAL", out)
            self.assertTrue(out.endswith("the process has ended\n"), out)

    def test_names_give_no_commands_to_the_terminal(self):
        with Vmariumd("--loops", "1") as server, server.connect() as peer:
            name = peer.call("process.create", want=[])["process"]
            watcher = watch(server, "--count", "1", name)
            watcher.stdout.readline()
            peer.call("file.open", process=name, fd=3, name="\033]0;x\x07", size=4096, mode="rw")
            out, err = watcher.communicate(timeout=PATIENCE)
            self.assertEqual((watcher.returncode, err), (0, ""))
            self.assertIn(r"name=\u001B]0;x\u0007", out)

    def test_notifications_are_printed_as_they_are(self):
        with Vmariumd("--loops", "1") as server, server.connect() as peer:
            name = peer.call("process.create", want=[])["process"]
            watcher = watch(server, "--json", "--count", "1", name)
            made = json.loads(watcher.stdout.readline())
            peer.call("mm.brk", process=name, addr=0)
            out, err = watcher.communicate(timeout=PATIENCE)
            self.assertEqual((watcher.returncode, err), (0, ""))
            note = json.loads(out)
            self.assertEqual((note["subscription"], note["method"]),
                             (made["subscription"], "mm.brk"))

    def test_a_share_is_watched_until_it_is_revoked(self):
        with Vmariumd("--loops", "2") as server, server.connect() as peer:
            name = peer.call("process.create", want=[])["process"]
            made, revoked = [], []
            for output, *options in ((made,), (revoked, "--revoke-all"), (revoked, "--revoke-all", "--json"),
                                     (made, "--json")):
                run = subprocess.run([VMARIUM, "share", "--server", server.url, name, *options],
                                     capture_output=True, text=True, timeout=PATIENCE, check=True)
                self.assertEqual(run.stderr, "")
                output.append(run.stdout)
            self.assertEqual(revoked, ["1 share revoked\n", '{"revoked":0}\n'])
            self.assertRegex(made[0], "^[a-z2-7]{32}\n$")
            share = json.loads(made[1])["share"]
            watcher = watch(server, share)
            watcher.stdout.readline()
            peer.call("mm.brk", process=name, addr="0x640000")
            run = subprocess.run([VMARIUM, "share", "--server", server.url, name, "--revoke", share],
                                 capture_output=True, text=True, timeout=PATIENCE, check=True)
            out, err = watcher.communicate(timeout=PATIENCE)
            self.assertEqual((watcher.returncode, err), (0, ""))
            self.assertIn("1 brk(addr=0x640000) = 0x640000\n", out)
            self.assertTrue(out.endswith("the process has ended, or its share is revoked\n"), out)

    def test_refusals_are_said(self):
        with Vmariumd("--loops", "1") as server:
            watcher = watch(server, "a" * 32)
            out, err = watcher.communicate(timeout=PATIENCE)
            self.assertEqual((watcher.returncode, out), (1, ""))
            self.assertIn("no process has this name", err)
        # The server is given by the environment, and is not there.
        with nobody_listens() as url:
            watcher = subprocess.Popen(
                [VMARIUM, "watch", "a" * 32], stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, text=True,
                env={**os.environ, "VMARIUM_SERVER": url})
            out, err = watcher.communicate(timeout=PATIENCE)
        self.assertEqual((watcher.returncode, out), (2, ""))
        self.assertIn("vmarium: watching at", err)

    def test_no_version_of_http_that_has_no_upgrades_is_offered(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            watcher = subprocess.Popen(
                [VMARIUM, "watch", "--server", f"https://localhost:{listener.getsockname()[1]}", "a" * 32],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            peer, _ = listener.accept()
            with peer:
                peer.settimeout(PATIENCE)
                hello = peer.recv(65536)
            self.assertNotIn(b"\x02h2\x08http", hello)
            self.assertIn("vmarium: watching at", watcher.communicate(timeout=PATIENCE)[1])

    def test_a_server_that_ends_is_said(self):
        with Vmariumd("--loops", "1") as server:
            with server.connect() as peer:
                name = peer.call("process.create", want=[])["process"]
            watcher = watch(server, name)
            watcher.stdout.readline()
        out, err = watcher.communicate(timeout=PATIENCE)
        self.assertEqual(watcher.returncode, 2)
        self.assertIn("it closed the connection (1001)", err)


if __name__ == "__main__":
    unittest.main()
