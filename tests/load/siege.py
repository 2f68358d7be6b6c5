#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One client, or a stranger, opens all the connections it can, and another is to be served nevertheless.

usage: tests/load/siege.py [--connections N] [--seconds N] [--loops N] [--kind KIND]... [--bin FOLDER]

For each kind of connection a vmariumd of its own is started and besieged: the connections are opened, and those that
are cut are opened anew at once. Meanwhile somebody else, with a token of his own, keeps one connection at work and
opens another for each further call. The exit status is 0 if all of his calls are answered, and his connection is kept.
"""
import argparse
import asyncio
import base64
import contextlib
import json
import multiprocessing
import os
import pathlib
import re
import resource
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from prometheus import Metrics  # noqa: E402
from tokens import bearer, call, make_token  # noqa: E402
from vmariumd import Vmariumd, get, request  # noqa: E402
from websocket import frame, upgrade  # noqa: E402

LIST = request("profile.list", 1)
OPENING = 200  # connections being opened at a time
COMPLETE = 60  # seconds to wait for as many as the server lets in
PAUSE = 0.05   # seconds, between two calls of who is besieged


class Besieger:
    """Opens connections of one kind; runs in a process of its own."""

    def __init__(self, port, token, kind):
        self.port, self.token, self.kind = port, token, getattr(self, kind)
        self.opening = asyncio.Semaphore(OPENING)

    async def hear(self, reader):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        return head, await reader.readexactly(length)

    async def ask(self, reader, writer, *calls):
        writer.write(call(self.token, *calls))
        return json.loads((await self.hear(reader))[1])

    async def idle(self, reader, writer):
        await self.ask(reader, writer, LIST)

    async def stranger(self, reader, writer):
        writer.write(b"POST /rpc HTTP/1.1\r\nHost: loc")

    async def half(self, reader, writer):
        writer.write(call(self.token, LIST)[:-1])

    async def quiet(self, reader, writer):
        key = base64.b64encode(bytes(16))
        writer.write(upgrade(bearer(self.token), key))
        await reader.readuntil(b"\r\n\r\n")

    async def chatty(self, reader, writer):
        """Subscribed to a process of its own, to which something happens all the time."""
        await self.quiet(reader, writer)
        writer.write(frame(json.dumps(request("process.create", 1, want=[]))))
        name = re.search(rb'"process": ?"(\w+)"', await reader.readuntil(b"}"))[1].decode()
        writer.write(frame(json.dumps(request("subscribe", 2, process=name, want=[]))))
        while not reader.at_eof():
            writer.write(frame(json.dumps(request("mm.brk", 3, process=name, addr=0, want=[]))))
            await reader.read(65536)
            await asyncio.sleep(2)

    async def slow(self, reader, writer):
        writer.write(call(self.token, *[request("rpc.discover", 1)] * 20))
        await reader.read(1)
        writer.transport.pause_reading()

    async def busy(self, reader, writer):
        while True:
            writer.write(call(self.token, *[LIST] * 10))
            await self.hear(reader)

    async def hasty(self, reader, writer):
        writer.write(get("/healthz"))
        await self.hear(reader)
        writer.close()

    async def one(self):
        """One connection after the other, each for as long as the server lets it be."""
        while True:
            writer = None
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
                async with self.opening:
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=("127.0.0.2", 0))
                await self.kind(reader, writer)
                if self.kind == self.slow:
                    while not writer.transport.is_closing():
                        await asyncio.sleep(1)
                while self.kind != self.hasty and await reader.read(65536):
                    pass
            if writer:
                writer.close()
            else:
                await asyncio.sleep(0.1)  # this machine has no more ports

    async def all(self, number):
        await asyncio.gather(*(self.one() for _ in range(number)))


def besiege(number, *how):
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(Besieger(*how).all(number))


class Siege:
    def __init__(self, server, wanted, tokens):
        self.server, self.wanted, self.tokens = server, wanted, tokens
        self.times, self.refused, self.lost = [], 0, 0

    def metrics(self):
        """By an operator, whose connection counts as any."""
        for _ in range(100):
            with contextlib.suppress(OSError, AssertionError), self.server.connect() as peer:
                answer = peer.ask(get("/metrics", bearer(self.tokens["oda"])))
                if answer and answer.status == 200:
                    return Metrics(answer.body.decode())
            time.sleep(0.1)
        sys.exit("siege: not even the operator is let in")

    def is_complete(self):
        """As far as a server lets it be, which closes idle connections from 7/8 on."""
        return self.metrics().get("vmarium_connections") >= min(self.wanted.connections, self.wanted.most) * 0.85

    def call_anew(self):
        began = time.monotonic()
        try:
            with self.server.connect() as peer:
                answer = peer.ask(call(self.tokens["bob"], LIST))
                if not answer or answer.status != 200:
                    self.refused += 1
        except (OSError, AssertionError):
            self.refused += 1
        self.times.append(time.monotonic() - began)

    def call_again(self, peer):
        try:
            answer = peer.ask(call(self.tokens["bob"], LIST))
            return answer and answer.status == 200
        except (OSError, AssertionError):
            return False

    def enter(self):
        """A connection that has shown its token. Until then it is anybody's, and may have to go with its first answer."""
        for _ in range(100):
            with contextlib.suppress(OSError):
                peer = self.server.connect()
                if self.call_again(peer) and self.call_again(peer):
                    return peer
                peer.sock.close()
            time.sleep(PAUSE)
        sys.exit("siege: who is besieged is not let in")

    def hold_out(self, kind):
        peer = self.enter()
        end = time.monotonic() + self.wanted.seconds
        while time.monotonic() < end:
            if not self.call_again(peer):
                self.lost += 1
                peer.sock.close()
                peer = self.enter()
            self.call_anew()
            time.sleep(PAUSE)
        peer.sock.close()
        self.tell(kind)

    def tell(self, kind):
        metrics = self.metrics()
        cut = {dict(labels)["doing"]: value for (_, labels), value
               in metrics.families["vmarium_connections_made_room"].samples.items() if value}
        times = sorted(self.times)
        print(f"{kind:9} {metrics.get('vmarium_connections'):6} connections; {len(times)} new calls, "
              f"{self.refused} refused; {self.lost} times lost the old connection; "
              f"p50 {times[len(times) // 2] * 1e3:.1f} ms, worst {times[-1] * 1e3:.0f} ms; made room: {cut}", flush=True)


KINDS = ("idle", "stranger", "half", "quiet", "chatty", "slow", "busy", "hasty")


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--connections", type=int, default=12000, metavar="N", help="that are opened")
    parser.add_argument("--most", type=int, default=12000, metavar="N", help="that the server holds")
    parser.add_argument("--seconds", type=int, default=10, metavar="N", help="of each siege, once it is complete")
    parser.add_argument("--loops", type=int, default=2, metavar="N")
    parser.add_argument("--kind", action="append", choices=KINDS, help="repeatable; default: all")
    parser.add_argument("--bin", default=str(ROOT / "build" / "release" / "bin"), metavar="FOLDER",
                        help="with the programs")
    return parser.parse_args()


def allow_files():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def stand(wanted, kind):
    """Whether a siege was without effect."""
    tokens, lines = {}, []
    for name, role in (("ada", "student"), ("bob", "student"), ("oda", "operator")):
        tokens[name], *line = make_token(name, role)
        lines += line
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        with Vmariumd(f"--loops={wanted.loops}", f"--tokens={file.name}", f"--max-connections={wanted.most}",
                      "--log-level=error") as server:
            siege = Siege(server, wanted, tokens)
            besieger = multiprocessing.Process(target=besiege,
                                               args=(wanted.connections, server.port, tokens["ada"], kind))
            besieger.start()
            try:
                end = time.monotonic() + COMPLETE
                while kind != "hasty" and time.monotonic() < end and not siege.is_complete():
                    time.sleep(0.5)
                siege.hold_out(kind)
            finally:
                besieger.kill()
                besieger.join()
    return not siege.refused and not siege.lost


def main():
    wanted = options()
    os.environ["VMARIUM_BIN"] = wanted.bin
    allow_files()
    held = [stand(wanted, kind) for kind in wanted.kind or KINDS]
    sys.exit(not all(held))


if __name__ == "__main__":
    main()
