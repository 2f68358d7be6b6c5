#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a fresh process costs the server, all told.

usage: process_memory.py [BUILD/bin [PROCESSES]]

Makes 100,000 processes over the network, each a world of its own with the
default history, and divides the server's proportional set size (Pss) by them.
The first line of figures takes the bare server off, the second does not. The
exit status is 0 if a process costs at most 4 KiB, the server included.
"""
import os
import pathlib
import re
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests/e2e"))
from vmariumd import Vmariumd, request  # noqa: E402

BATCH = 1000  # calls that a batch may hold
MOST = 4096  # bytes


def pss(pid):
    """Bytes of a process's memory, shared pages in proportion."""
    rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(re.search(r"^Pss: +(\d+) kB$", rollup, re.MULTILINE)[1]) * 1024


def create(peer, processes):
    """Makes processes, a batch at a time."""
    for first in range(0, processes, BATCH):
        calls = [
            request("process.create", ident, want=[])
            for ident in range(first, min(first + BATCH, processes))
        ]
        peer.post(calls)
        for answer in peer.hear().json:
            if "result" not in answer:
                sys.exit(f"the server refuses: {answer}")


def main(folder=ROOT / "build/release/bin", processes="100000"):
    os.environ["VMARIUM_BIN"] = str(folder)
    processes = int(processes)
    with Vmariumd() as server, server.connect() as peer:
        create(peer, 1)  # what the first call makes belongs to the bare server
        bare = pss(server.process.pid)
        start = time.monotonic()
        create(peer, processes)
        seconds = time.monotonic() - start
        full = pss(server.process.pid)
    print(f"{processes:,} processes in {seconds:.1f} s")
    print(f"{(full - bare) / processes:,.0f} bytes each")
    print(f"{full / processes:,.0f} bytes each with the server's own {bare / 2**20:.1f} MiB")
    return full > processes * MOST


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
