#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What vmarium promises of its speed and memory, measured beside other servers.

The server runs on one core and the load on another, the servers take turns over
the rounds, and a round in which other programs took more than 5 % of the
machine does not count. Ratios are to a libuv server that parses nothing, measured in
the same round: that makes machines and their minutes alike. Medians of all rounds.

Takes some minutes, uses loopback only, and exits 1 if a promise is not kept.
"""
import argparse
import contextlib
import datetime
import json
import math
import os
import pathlib
import platform
import re
import resource
import socket
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "tests/e2e"), str(ROOT / "tests/bench")]
import process_memory  # noqa: E402
import servers  # noqa: E402
from vmariumd import Peer, post, request  # noqa: E402

FOREIGN = 0.05  # of the machine, at most
TRIES = 3  # of a round that others disturb
AREAS = 30000
PAGE = ROOT / "docs/BENCHMARKS.md"

# name: server, options of vmarium-bench
LOADS = {
    **{f"{name} single": (name, ["--connections", "64"]) for name in ("libuv", "vmarium", "nginx", "node")},
    **{f"{name} 1000": (name, ["--connections", "1000"]) for name in ("libuv", "vmarium", "nginx", "node")},
    "vmarium snapshot": ("vmarium", ["--connections", "64", "--areas", "4", "--want", "mm,vmas"]),
    "vmarium pipeline": ("vmarium", ["--connections", "64", "--pipeline", "16"]),
    "node pipeline": ("node", ["--connections", "64", "--pipeline", "16"]),
    "vmarium batch": ("vmarium", ["--connections", "64", "--batch", "100"]),
    "node batch": ("node", ["--connections", "64", "--batch", "100"]),
}


def busy_seconds():
    """What all processors together have done so far."""
    fields = [int(n) for n in pathlib.Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / servers.TICK


def own_seconds(pids):
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(map(servers.cpu_seconds, pids)) + sum(u.ru_utime + u.ru_stime for u in usage)


def pin(nice=0):
    os.sched_setaffinity(0, {servers.LOAD_CPU})
    os.nice(nice)


def put_load(build, server, options, helper=None):
    """What one run of vmarium-bench says, and the share of the machine that strangers took meanwhile."""
    command = [build / "bin/vmarium-bench", "--server", server.url, "--pid", str(server.pid), "--json", "--quiet",
               *options]
    if server.name != "vmarium":
        command.append("--unchecked")
    pids = [server.pid] + ([helper] if helper else [])
    busy, own, start = busy_seconds(), own_seconds(pids), time.monotonic()
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, preexec_fn=pin)
    took = (time.monotonic() - start) * os.cpu_count()
    foreign = (busy_seconds() - busy - (own_seconds(pids) - own)) / took
    if run.returncode:
        sys.exit(f"vmarium-bench against {server.name} failed:\n{run.stdout}")
    return json.loads(run.stdout), foreign


def put_load_in_peace(args, discarded, server, options, helper=None):
    """The first of some runs that nobody disturbed, or None."""
    for _ in range(TRIES):
        result, foreign = put_load(args.build, server, options, helper)
        if foreign <= FOREIGN:
            return result
        discarded.append(server.name)
    return None


def measure_round(args, fleet, results, discarded):
    for name, (server, load_options) in LOADS.items():
        results[name].append(
            put_load_in_peace(args, discarded, fleet[server], [*load_options, "--duration", str(args.seconds)]))


def cpu(result, what="us_per_request"):
    return result["server_cpu"][what]


def cpu_of_call(result):
    return cpu(result, "us_per_call")


def p99(result):
    return result["latency_us"]["p99"]


def median(figures):
    figures = list(figures)
    return statistics.median(figures) if figures else float("nan")


def usual(results, name, figure):
    """The median of what @figure says of each clean round; NaN if there were none."""
    return median(figure(result) for result in results[name] if result)


def ratio(results, name, base, figure, base_figure):
    """The median of each round's ratio: the speed of a machine changes from minute to minute."""
    return median(figure(result) / base_figure(other)
                  for result, other in zip(results[name], results[base]) if result and other)


# ------------------------------------------------------------------ snapshots


def snapshot_cost(build):
    """Nanoseconds an area, without the network."""
    run = subprocess.run([build / "bench/rpc_bench"], stdout=subprocess.PIPE, text=True, check=True, preexec_fn=pin)
    return float(re.search(r"^vmas +([\d.]+) ns an area$", run.stdout, re.MULTILINE)[1])


def make_areas(peer, areas):
    process = peer.call("process.create", want=[])["process"]
    for first in range(0, areas, 1000):
        peer.post([request("mm.mmap", i, process=process, addr=0x10000000 + (i << 12), length=4096,
                           prot=3 if i % 2 else 1, flags=50, want=[])
                   for i in range(first, min(first + 1000, areas))])
        assert all("result" in answer for answer in peer.hear().json)
    return process


def take_snapshots(port, process):
    """Until it is killed."""
    room = bytearray(1 << 20)
    ask = post(request("mm.snapshot", 1, process=process, want=["vmas"]))
    with socket.create_connection(("127.0.0.1", port)) as sock:
        while True:
            sock.sendall(ask)
            data = b""
            while b"\r\n\r\n" not in data:
                data += sock.recv(65536)
            head, _, body = data.partition(b"\r\n\r\n")
            left = int(re.search(rb"(?i)content-length: (\d+)", head)[1]) - len(body)
            while left:
                left -= sock.recv_into(room, min(left, len(room)))


@contextlib.contextmanager
def beside_snapshots(server, process):
    """In the block somebody takes them, one after the other: who."""
    child = os.fork()
    if not child:
        try:
            pin(nice=19)
            take_snapshots(server.port, process)
        finally:
            os._exit(1)
    yield child
    os.kill(child, 9)
    os.waitpid(child, 0)


def disturbance(args, server, discarded):
    """How much later, in ms, others' answers come while one takes snapshots."""
    options = ["--connections", "8", "--rate", "500", "--duration", str(args.seconds)]
    later = []
    with Peer(socket.create_connection(("127.0.0.1", server.port), timeout=60)) as peer:
        process = make_areas(peer, AREAS)
        for _ in range(args.rounds):
            alone = put_load_in_peace(args, discarded, server, options)
            with beside_snapshots(server, process) as child:
                beside = put_load_in_peace(args, discarded, server, options, child)
            if alone and beside:
                later.append((p99(beside) - p99(alone)) / 1e3)
        peer.call("process.exit", process=process)
    return median(later)


# --------------------------------------------------------------------- memory


def idle_cost(build, connections):
    """Bytes of one connection that had an answer and waits, of a fresh server."""
    server = servers.vmariumd(build)
    ask = post(request("profile.list", 1))
    held = []
    for n in range(connections + 1):
        held.append(socket.create_connection(("127.0.0.1", server.port), timeout=60))
        held[-1].sendall(ask)
        held[-1].recv(65536)
        if not n:
            bare = servers.pss(server.pid)
    full = servers.pss(server.pid)
    for sock in held:
        sock.close()
    server.close()
    return (full - bare) / connections


def million_cost(build, processes):
    """GiB that a server of a million processes takes."""
    server = servers.vmariumd(build)
    with Peer(socket.create_connection(("127.0.0.1", server.port), timeout=60)) as peer:
        bare = servers.pss(server.pid)
        process_memory.create(peer, processes)
        full = servers.pss(server.pid)
    server.process.kill()  # nothing is to be learnt from its taking leave
    server.process.communicate()
    return ((full - bare) * (1e6 / processes) + bare) / 2**30


# --------------------------------------------------------------------- report


def judge(measured, must, aim):
    if math.isnan(measured):
        return "not measured: others kept the machine busy"
    if measured > must:
        return "**missed**"
    return "aim reached" if measured <= aim else "kept"


def promises(args, fleet, results, discarded):
    """(case, must, aim, measured, unit)"""
    def to_libuv(name, figure=cpu):
        return ratio(results, name, "libuv single", figure, cpu)

    return [
        ("a call a request, 64 connections: CPU / libuv's", 1.5, 1.2, to_libuv("vmarium single"), ""),
        ("the same with the default snapshot, 10 areas: CPU / libuv's", 1.8, 1.4, to_libuv("vmarium snapshot"), ""),
        ("pipelined 16 deep: CPU per call / libuv's per request", 0.32, 0.2,
         to_libuv("vmarium pipeline", cpu_of_call), ""),
        ("batches of 100: CPU per call / libuv's per request", 0.13, 0.065, to_libuv("vmarium batch", cpu_of_call), ""),
        ("1,000 connections: p99 / libuv's", 2, 1.3, ratio(results, "vmarium 1000", "libuv 1000", p99, p99), ""),
        ("memory of an idle connection", 1.5, 1, idle_cost(args.build, args.idle) / 1024, " KiB"),
        ("snapshot of 30,000 areas, an area", 60, 35, snapshot_cost(args.build), " ns"),
        ("others' p99 while one takes such snapshots", 2, 0.5, disturbance(args, fleet["vmarium"], discarded), " ms more"),
        ("a million live processes", 4, 2, million_cost(args.build, args.processes), " GiB"),
    ]


def machine_text():
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"),
                      re.MULTILINE)
    return f"{model[1] if model else platform.machine()}, {os.cpu_count()} processors, {platform.system()} " \
           f"{platform.release()}"


def page(args, fleet, results, discarded):
    rows = promises(args, fleet, results, discarded)
    lines = [
        "# Benchmarks", "",
        f"Measured on {datetime.date.today()} on {machine_text()}, with", "",
        "```sh", "cmake --preset release -DVMARIUM_BENCH=ON && cmake --build --preset release",
        "tests/bench/table/run.py " + " ".join(sys.argv[1:]), "```", "",
        f"The server has one core and the load another; medians of {args.rounds} rounds, {args.seconds:g} s a run, in which "
        f"the servers take turns. {len(discarded)} runs in which other programs took more than 5 % of the machine were "
        "discarded. libuv is a server that parses nothing; ratios are to it in the same round.", "",
        "| case | must | aim | measured | verdict |", "| --- | --- | --- | --- | --- |",
        *(f"| {case} | {must:g}{unit} | {aim:g}{unit} | {measured:.3g}{unit} | {judge(measured, must, aim)} |"
          for case, must, aim, measured, unit in rows), "",
        "| server | CPU per request, 64 connections | p99, 64 | p99, 1,000 | CPU per call, pipelined | in batches |",
        "| --- | --- | --- | --- | --- | --- |"]
    for name in fleet:
        deep = [f"{usual(results, f'{name} {how}', cpu_of_call):.2f} us" if f"{name} {how}" in results else "-"
                for how in ("pipeline", "batch")]
        lines.append(f"| {name} | {usual(results, f'{name} single', cpu):.2f} us | "
                     f"{usual(results, f'{name} single', p99):.0f} us | "
                     f"{usual(results, f'{name} 1000', p99) / 1e3:.1f} ms | {' | '.join(deep)} |")
    lines += ["", "nginx answers a constant, Node its parameters; neither emulates anything.", ""]
    return "\n".join(lines), all(measured <= must for _, must, _, measured, _ in rows)


def kept_sections():
    """What other benchmarks have written below: sections of their own."""
    before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    _, heading, rest = before.partition("\n## ")
    return heading + rest


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release", help="the release build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5, help="of one run")
    parser.add_argument("--idle", type=int, default=10000, help="idle connections to hold")
    parser.add_argument("--processes", type=int, default=1000000, help="processes to make; fewer are scaled")
    parser.add_argument("--write", action="store_true", help=f"also write {PAGE.relative_to(ROOT)}")
    return parser.parse_args()


def main():
    args = options()
    if os.cpu_count() < 2:
        sys.exit("two processors are needed: one for the server, one for the load")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < args.idle + 200:
        sys.exit(f"{args.idle} connections need more descriptors than {hard}; raise the limit or hold fewer (--idle)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    os.sched_setaffinity(0, {servers.LOAD_CPU})
    fleet = servers.start_all(args.build)
    results, discarded = {name: [] for name in LOADS}, []
    try:
        for load, (server, load_options) in LOADS.items():  # compilers warm up, buffers grow
            put_load(args.build, fleet[server], [*load_options, "--duration", "0.5"])
        for number in range(args.rounds):
            print(f"round {number + 1} of {args.rounds}", file=sys.stderr)
            measure_round(args, fleet, results, discarded)
        text, kept = page(args, fleet, results, discarded)
    finally:
        for server in fleet.values():
            server.close()
    print(text)
    if args.write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(text + kept_sections(), encoding="utf-8")
    return not kept


if __name__ == "__main__":
    sys.exit(main())
