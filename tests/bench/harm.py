#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long one client's worst calls hold a loop, and what others feel of it.

usage: harm.py [--build BUILD] [--world MIB] [--seconds S] [--only WORD] [--write]

One loop. A connection fills a world nearly to --max-world, in some shape: `sparse`,
a page in each table, touched in random order; `areas`, areas with a page each;
`dense`, all pages of shared memory, `private`, of private memory, `mapped`, of a file
that is mapped three times; `cached`, pages of a file that are mapped nowhere yet; and
`history`, a world of many operations that each went through GiB. Then it makes one call after the other that has to go through all of that,
again and again, and makes the state anew where the call has spent it. Another
connection makes a short call every two milliseconds meanwhile.

`holds` is the processor time of the server for the call alone, the median of all,
and of a call that takes turns with others the sum of these; others' p99 and worst are of what they waited for their answers, beside the quiet
time before. Shapes that are made anew take most of the time; others wait for that
as well, in slices.
"""
import argparse
import datetime
import os
import pathlib
import random
import re
import signal
import socket
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests/e2e"))
from vmariumd import Peer, Vmariumd, post, request  # noqa: E402

PAGE = ROOT / "docs/BENCHMARKS.md"
HEADING = "## One client's worst calls"
BASE, TABLE = 0x100000000, 1 << 21
RW, ANON, FIXED, NORESERVE, POPULATE, SHARED_ANON, SHARED_FILE = 3, 0x22, 0x10, 0x4000, 0x8000, 0x21, 0x01
HEAVY = 48  # operations in a row of heavy ones
BEAT = 0.002  # seconds between two calls of the others
SETUP = {"uid": 0, "history": 0, "mem_total_kb": 1 << 32, "want": [],
         "sysctl": {"overcommit_memory": 1, "max_map_count": 1 << 20}}


def server_ns(pid):
    """Processor time of all threads of the server, in nanoseconds."""
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks)


def run_all(peer, calls):
    for first in range(0, len(calls), 1000):
        peer.post(calls[first:first + 1000])
        for answer in peer.hear().json:
            if "error" in answer:
                sys.exit(f"the server refuses: {answer}")


def touch(process, addr):
    return request("mm.access", 1, process=process, addr=addr, type="write", want=[])


def shuffled(size):
    order = list(range(size))
    random.Random(1).shuffle(order)
    return order


def sparse(peer, process, size):
    peer.call("mm.mmap", process=process, addr=BASE, length=size * TABLE, prot=RW, flags=ANON | FIXED | NORESERVE,
              want=[])
    run_all(peer, [touch(process, BASE + i * TABLE) for i in shuffled(size)])


def areas(peer, process, size):
    run_all(peer, [call for i in shuffled(size) for call in (
        request("mm.mmap", 1, process=process, addr=BASE + i * TABLE, length=4096, prot=RW,
                flags=ANON | FIXED | NORESERVE, want=[]),
        touch(process, BASE + i * TABLE))])


def populate(peer, process, size, flags, place=0, **params):
    peer.call("mm.mmap", process=process, length=size * TABLE, addr=BASE + place * size * TABLE, prot=RW,
              flags=flags | FIXED | NORESERVE, want=[], **params)


def dense(peer, process, size):
    populate(peer, process, size, SHARED_ANON | POPULATE)


def private(peer, process, size):
    populate(peer, process, size, ANON | POPULATE)


def mapped(peer, process, size):
    peer.call("file.open", process=process, fd=3, name="mapped", size=size * TABLE, want=[])
    for place in range(3):
        populate(peer, process, size, SHARED_FILE | POPULATE, place, fd=3)


def cached(peer, process, size):
    peer.call("file.open", process=process, fd=3, name="cached", size=size * TABLE, want=[])
    populate(peer, process, size, SHARED_FILE | POPULATE, fd=3)
    peer.call("mm.madvise", process=process, addr=BASE, length=size * TABLE, advice=4, want=[])


def empty(_peer, _process, _size):
    pass


def history(peer, process, size):
    for turn in range(HEAVY // 3):
        populate(peer, process, size, SHARED_ANON | POPULATE)
        run_all(peer, [request("mm.mprotect", 1, process=process, **whole(size, prot=prot)) for prot in (1, RW)])


# A world holds 104 bytes for a table with one page, and 264 with an area around it; for
# a table that is full 496, and 384 for its pages in the cache of a file.
SHAPES = {"sparse": (sparse, 104), "areas": (areas, 264), "empty": (empty, 880), "dense": (dense, 880),
          "private": (private, 496), "mapped": (mapped, 1872), "cached": (cached, 880), "history": (history, 880)}


def heavy_script(size):
    return "".join(f"mprotect({BASE:#x}, {size * TABLE:#x}, {'rw' if turn % 2 else 'r'})\n" for turn in range(HEAVY))


def whole(size, _turn=0, **params):
    return {"addr": BASE, "length": size * TABLE, "want": [], **params}


# name: shape, share of the bound that is filled, method, parameters by size and turn, is the state spent?
CASES = {
    "munmap of all, sparse": ("sparse", 0.95, "mm.munmap", whole, True),
    "munmap of all, areas": ("areas", 0.95, "mm.munmap", whole, True),
    "madvise, DONTNEED": ("sparse", 0.95, "mm.madvise", lambda size, _: whole(size, advice=4), True),
    "mprotect": ("sparse", 0.95, "mm.mprotect", lambda size, turn: whole(size, prot=RW if turn % 2 else 1), False),
    "mlockall": ("areas", 0.2, "mm.mlockall", lambda *_: {"flags": 1, "want": []}, True),
    "fork, sparse": ("sparse", 0.45, "process.fork", lambda *_: {"want": []}, True),
    "fork, areas": ("areas", 0.45, "process.fork", lambda *_: {"want": []}, True),
    "explain": ("areas", 0.95, "mm.explain", lambda *_: {"method": "mm.brk", "params": {"addr": 0, "want": []}}, False),
    "process.exit, sparse": ("sparse", 0.95, "process.exit", lambda *_: {}, True),
    "process.exit, areas": ("areas", 0.95, "process.exit", lambda *_: {}, True),
    "mmap, shared, populated": ("empty", 0.95, "mm.mmap", lambda size, _: whole(
        size, prot=RW, flags=SHARED_ANON | FIXED | NORESERVE | POPULATE), True),
    "mmap, private, populated": ("empty", 0.95, "mm.mmap", lambda size, _: whole(
        size, prot=RW, flags=ANON | FIXED | NORESERVE | POPULATE), True),
    "mlock of what is there": ("dense", 0.45, "mm.mlock", whole, False),
    "mlock of what is cached": ("cached", 0.45, "mm.mlock", whole, True),
    "mm.access, writing 1 GiB": ("cached", 0.45, "mm.access", lambda *_: {
        "addr": BASE, "length": 1 << 30, "type": "write", "want": []}, True),
    "msync, dense": ("dense", 0.95, "mm.msync", lambda size, _: whole(size, flags=4), False),
    "mincore, 4 GiB": ("dense", 0.95, "mm.mincore", lambda *_: {"addr": BASE, "length": 1 << 32, "want": []}, False),
    "mprotect, dense": ("dense", 0.95, "mm.mprotect", lambda size, turn: whole(size, prot=RW if turn % 2 else 1), False),
    "madvise, DONTNEED, dense": ("dense", 0.95, "mm.madvise", lambda size, _: whole(size, advice=4), True),
    "madvise, REMOVE, dense": ("dense", 0.95, "mm.madvise", lambda size, _: whole(size, advice=9), True),
    "munmap of all, dense": ("dense", 0.95, "mm.munmap", whole, True),
    "truncate, mapped thrice": ("mapped", 0.75, "file.truncate", lambda *_: {"fd": 3, "size": 0, "want": []}, True),
    "fork, private, dense": ("private", 0.45, "process.fork", lambda *_: {"want": []}, True),
    "process.exit, dense": ("dense", 0.95, "process.exit", lambda *_: {}, True),
    "mm.smaps, dense": ("dense", 0.95, "mm.smaps", lambda *_: {}, False),
    "history.at": ("history", 0.1, "history.at", lambda *_: {"seq": HEAVY - 1, "want": []}, False),
    "history.list, with answers": ("history", 0.1, "history.list", lambda *_: {"answers": True}, False),
    "history.diff": ("history", 0.1, "history.diff", lambda *_: {"from": HEAVY - 2, "to": HEAVY - 1}, False),
    "world.branch": ("history", 0.1, "world.branch", lambda *_: {"seq": HEAVY - 1, "want": []}, True),
    "history.rewind": ("history", 0.1, "history.rewind", lambda *_: {"seq": HEAVY - 1, "want": []}, True),
    "script.run": ("dense", 0.1, "script.run", lambda size, _: {"script": heavy_script(size), "want": []}, False),
}


def beat(port, pipe):
    """Calls at a steady pace until SIGTERM; then writes how long each answer took from when it was due."""
    waits = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with Peer(socket.create_connection(("127.0.0.1", port), timeout=60)) as peer:
            process = peer.call("process.create", want=[])["process"]
            ask = post(request("mm.find_vma", 1, process=process, addr=0, want=[]))
            due = time.perf_counter()
            while True:
                due = max(due + BEAT, time.perf_counter())
                time.sleep(due - time.perf_counter() if due > time.perf_counter() else 0)
                peer.ask(ask)
                waits.append(time.perf_counter() - due)
    finally:
        with os.fdopen(pipe, "w") as file:
            file.writelines(f"{wait * 1e3}\n" for wait in waits)


class Others:
    """A process that calls steadily while the `with` block runs."""

    def __init__(self, port):
        self.port = port

    def __enter__(self):
        self.read, write = os.pipe()
        self.child = os.fork()
        if not self.child:
            try:
                beat(self.port, write)
            finally:
                os._exit(1)
        os.close(write)
        return self

    def __exit__(self, *exc):
        os.kill(self.child, signal.SIGTERM)
        with os.fdopen(self.read) as file:
            waits = sorted(map(float, file))
        os.waitpid(self.child, 0)
        self.p99 = waits[len(waits) * 99 // 100]
        self.worst = waits[-1]


def harm(server, peer, bound, case, seconds):
    """Milliseconds that the server spent on each call."""
    shape, share, method, params, is_spent = case
    fill, each = SHAPES[shape]
    size = int(bound * share / each)
    held, process = [], None
    with Others(server.port) as others:
        end = time.monotonic() + seconds
        while time.monotonic() < end or len(held) < 3:
            if process is None:
                kept = {"history": HEAVY} if shape == "history" else {}
                process = peer.call("process.create", **{**SETUP, **kept})["process"]
                fill(peer, process, size)
            before = server_ns(server.process.pid)
            peer.post({"jsonrpc": "2.0", "id": 1, "method": method,
                       "params": {"process": process, **params(size, len(held))}})
            answer = peer.hear().json
            held.append((server_ns(server.process.pid) - before) / 1e6)
            if "error" in answer:
                sys.exit(f"{method} is refused: {answer}")
            if is_spent:
                for name in {process, answer["result"].get("process", process)} if method != "process.exit" else ():
                    peer.call("process.exit", process=name)
                process = None
        if process:
            peer.call("process.exit", process=process)
    return held, others


def machine_text():
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"),
                      re.MULTILINE)
    return f"{model[1] if model else 'unknown'}, {os.cpu_count()} processors, Linux {os.uname().release}"


def table(args, rows, quiet):
    return "\n".join([
        HEADING, "",
        f"Measured on {datetime.date.today()} on {machine_text()}, load {os.getloadavg()[1]:.0f}, by", "",
        "```sh", "tests/bench/harm.py " + " ".join(sys.argv[1:]), "```", "",
        f"A world of {args.world} MiB (`--max-world`), nearly full, on one loop. Others alone: p99 {quiet.p99:.1f} ms, worst "
        f"{quiet.worst:.1f} ms.", "",
        "Sparse and areas are unkind: all of their memory was taken in random order, so that hardly anything is in a cache. "
        "Dense shapes hold", f"as many pages as a world can; objects are page tables. The histories have {HEAVY} operations that "
        "each go through all pages. What counts is", "the server's processor time, which other work on the machine disturbs less than the times that others "
        "waited. An exit,", "and what unmaps, is what the call itself takes and the first turns of what follows. Of a call that takes turns with others, as "
        "explain, it is", "what all turns take together.", "",
        "| call | objects | holds the loop | for each MiB held | others' p99 | others' worst |",
        "| --- | --- | --- | --- | --- | --- |",
        *(f"| {name} | {size:,} | {ms:.1f} ms | {ms / mib:.2f} ms | {others.p99:.1f} ms | {others.worst:.1f} ms |"
          for name, size, mib, ms, others in rows), ""])


def write(text):
    """At the end of the page, in place of what stood there."""
    page = PAGE.read_text(encoding="utf-8").partition(HEADING)[0]
    PAGE.write_text(page.rstrip("\n") + "\n\n" + text, encoding="utf-8")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release", help="the release build")
    parser.add_argument("--world", type=int, default=32, help="MiB that a world may hold")
    parser.add_argument("--seconds", type=float, default=5, help="of one case")
    parser.add_argument("--only", default="", help="the cases that have this in their names")
    parser.add_argument("--write", action="store_true", help=f"also write {PAGE.relative_to(ROOT)}")
    return parser.parse_args()


def main():
    args = options()
    os.environ["VMARIUM_BIN"] = str(args.build.resolve() / "bin")
    rows = []
    with Vmariumd("--loops", "1", "--max-world", f"{args.world}M", "--max-call", "1G") as server:
        with server.connect() as peer:
            peer.sock.settimeout(120)
            with Others(server.port) as quiet:
                time.sleep(args.seconds)
            for name, case in CASES.items():
                if args.only not in name:
                    continue
                held, others = harm(server, peer, args.world << 20, case, args.seconds)
                size = int((args.world << 20) * case[1] / SHAPES[case[0]][1])
                rows.append((name, size, args.world * case[1], statistics.median(held), others))
                print(f"{name}: {len(held)} calls, {rows[-1][3]:.1f} ms, at most {max(held):.1f} ms", file=sys.stderr)
    text = table(args, rows, quiet)
    print(text)
    if args.write:
        write(text)


if __name__ == "__main__":
    main()
