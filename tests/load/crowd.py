#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many idle and many busy connections at once, every answer checked, memory bounded.

usage: tests/load/crowd.py [--idle N] [--busy N] [--seconds N] [--bin FOLDER]
                           [--slack KIB]

Starts a vmariumd of its own, opens the idle connections and has vmarium-bench
keep the busy ones at work. In the end the idle ones are still there and
answered, and the server's memory is what it was when the crowd had come, but
for histories: each world keeps the operations of its past, up to the limit that
its creator chose, so with every call they grow until they are full. How many
bytes that is, /metrics says; all other memory is held to be flat.
The exit status is 0 if all of that holds.
"""
import argparse
import contextlib
import json
import os
import pathlib
import resource
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from prometheus import Metrics  # noqa: E402
from vmariumd import Vmariumd, get  # noqa: E402

ASK = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
WARM_UP = 0.25  # of the time, before memory counts
GROWTH = 1.05   # and so much it may be afterwards, without histories
SAMPLES = 8     # at least, however slow the machine is


def options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--idle", type=int, default=10000, metavar="N")
    parser.add_argument("--busy", type=int, default=1000, metavar="N")
    parser.add_argument("--seconds", type=int, default=60, metavar="N")
    parser.add_argument("--bin", default=str(ROOT / "build" / "release" / "bin"),
                        metavar="FOLDER", help="with the programs")
    parser.add_argument("--slack", type=int, default=1024, metavar="KIB",
                        help="that memory may grow besides; sanitizers keep some")
    return parser.parse_args(arguments)


def allow_files(number):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= number or soft == resource.RLIM_INFINITY:
        return
    if hard != resource.RLIM_INFINITY and hard < number:
        sys.exit(f"crowd: {number} open files are needed, and {hard} may be; "
                 f"raise that with ulimit -Hn {number}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))


def memory_of(pid):
    """KiB, with its share of what it shares."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file
                    if line.startswith("Pss:"))


def is_alive(sock):
    sock.sendall(ASK)
    heard = b""
    while not heard.endswith(b"alive\n"):
        data = sock.recv(4096)
        if not data:
            return False
        heard += data
    return heard.startswith(b"HTTP/1.1 200 ")


class Crowd:
    def __init__(self, server, wanted, folder):
        self.server, self.wanted, self.folder = server, wanted, folder
        self.memory = []  # (KiB, of which histories), a sample a tick
        self.idle = []
        self.scraper = None

    def sample(self):
        text = self.scraper.ask(get("/metrics")).body.decode()
        journals = Metrics(text).get("vmarium_journal_bytes")
        self.memory.append((memory_of(self.server.process.pid), journals // 1024))

    def connect(self, stack):
        self.scraper = stack.enter_context(self.server.connect())
        for _ in range(self.wanted.idle):
            sock = socket.create_connection(("127.0.0.1", self.server.port),
                                            timeout=60)
            self.idle.append(stack.enter_context(sock))
            assert is_alive(sock), "an idle connection was refused"

    def run(self):
        """vmarium-bench's figures; its players make, use and end processes."""
        with subprocess.Popen(
                [os.path.join(self.folder, "vmarium-bench"), "--json", "--quiet",
                 "--server", self.server.url,
                 "--connections", str(self.wanted.busy),
                 "--duration", str(self.wanted.seconds), "--timeout", "60",
                 "walk"],
                stdout=subprocess.PIPE, text=True) as bench:
            until = time.monotonic() + self.wanted.seconds
            while len(self.memory) < SAMPLES or bench.poll() is None and time.monotonic() < until:
                self.sample()
                time.sleep(min(0.5, self.wanted.seconds / 20))
            output = bench.communicate()[0]
            return bench.returncode, json.loads(output)

    def complaints(self, status, figures):
        warm = self.memory[int(len(self.memory) * WARM_UP):]
        half = len(warm) // 2
        early, late = (max(all_ - journals for all_, journals in part)
                       for part in (warm[:half], warm[half:]))
        histories = [part[-1][1] for part in (warm[:half], warm[half:])]
        gone = sum(not is_alive(sock) for sock in self.idle)
        print(f"{self.wanted.idle} idle and {self.wanted.busy} busy connections, "
              f"{self.wanted.seconds} s: {figures['requests']} answers checked, "
              f"{figures['errors']} wrong; {gone} idle ones lost; "
              f"memory {early} KiB, then {late} KiB, beside histories "
              f"of {histories[0]} KiB, then {histories[1]} KiB")
        if status or figures["errors"] or not figures["requests"]:
            yield f"answers were wrong: {figures['error_kinds']}"
        if gone:
            yield f"{gone} idle connections were closed"
        if late > GROWTH * early + self.wanted.slack:
            yield (f"memory grew from {early} KiB to {late} KiB, "
                   "histories apart")


def main(arguments):
    wanted = options(arguments)
    os.environ["VMARIUM_BIN"] = wanted.bin
    total = wanted.idle + wanted.busy + 100
    allow_files(total)
    with Vmariumd("--idle-timeout", "1h",
                  "--max-connections", str(2 * total),
                  "--soft-connections", str(total)) as server, \
            contextlib.ExitStack() as stack:
        crowd = Crowd(server, wanted, wanted.bin)
        crowd.connect(stack)
        complaints = list(crowd.complaints(*crowd.run()))
    for complaint in complaints:
        print(f"crowd: {complaint}", file=sys.stderr)
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
