#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Clients do anything, in any order, read when they like and leave when they like; the server is to bear it.

usage: tests/load/chaos.py [--clients N] [--seconds N] [--loops N] [--seed N] [--bin FOLDER]

Every client goes through one connection after the other. Over HTTP it sends a pipeline of calls, batches and pages, in
pieces that end anywhere, and reads the answers late or not at all; over WebSocket likewise, with fragments, pings and
subscriptions. All work on the same processes, some of them large, so that calls are held, wait for each other, go to
other loops, and lose their process. Then the client hears its answers to the end, hangs up, or breaks the connection.

What comes is checked: answers in the order of the requests, whole, with the ids asked with, and no error but those that
such work can meet. In the end the server must be idle and hold nothing, and take its leave without a word. With a build
that has sanitizers, they judge as well. A seed makes the same clients; what they meet depends on time.
"""
import argparse
import asyncio
import collections
import contextlib
import gzip
import itertools
import json
import os
import pathlib
import socket
import struct
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from chaos_calls import (AREAS, BASE, PAGE, PARTS, QUIET, Dice, Names, call_of, some_call,  # noqa: E402
                         wanted)
from prometheus import Metrics  # noqa: E402
from vmariumd import PATIENCE, Vmariumd, get, post, request  # noqa: E402
from websocket import CLOSE, PING, PONG, TEXT, frame, upgrade  # noqa: E402

LARGE = 3  # processes that are large

# What work on other clients' processes may meet; all else is a defect.
MET = {"process.unknown", "process.gone", "thread.unknown", "share.readonly", "history.folded", "history.future",
       "history.full", "quota.areas", "quota.bytes", "quota.call", "quota.world", "quota.processes", "quota.shares",
       "quota.subscriptions", "subscription.unknown", "subscription.transport", "response.too_large", "overload",
       "script.failed", "params.value"}


def check_response(response, ident, names, tally):
    assert response["jsonrpc"] == "2.0" and response["id"] == ident, (ident, response)
    if "error" in response:
        key = response["error"]["data"]["key"]
        assert key in MET, response
        tally[key] += 1
    else:
        tally["results"] += 1
        names.learn(response["result"])


# ----------------------------------------------------------------------- HTTP


class Refused(Exception):
    """Too many others want the same; this was the connection's last answer."""


class Ask:
    """A request in bytes, and the check of its answer: (status, fields, body)."""

    def __init__(self, data, check, has_body=True):
        self.data, self.check, self.has_body = data, check, has_body


def plain(fields, body):
    return gzip.decompress(body) if fields.get("content-encoding") == "gzip" else body


class Client:
    def __init__(self, chaos, seed):
        self.chaos, self.dice = chaos, Dice(seed)
        self.ids = itertools.count(1)

    # ---- what is asked

    def one(self):
        method, params = some_call(self.dice, self.chaos.names)
        call = call_of(method, params, next(self.ids))

        def check(status, fields, body):
            assert status == 200, (status, body)
            check_response(json.loads(plain(fields, body)), call["id"], self.chaos.names, self.chaos.tally)
        return Ask(post(call, self.fields()), check)

    def batch(self):
        calls = []
        for _ in range(self.dice.randint(1, 30)):
            method, params = some_call(self.dice, self.chaos.names)
            is_call = method not in QUIET or self.dice.chance(0.7)
            calls.append(call_of(method, params, next(self.ids) if is_call else None))
        idents = [call["id"] for call in calls if "id" in call]

        def check(status, fields, body):
            assert status == (200 if idents else 204), (status, body)
            responses = json.loads(plain(fields, body)) if idents else []
            assert len(responses) == len(idents), (idents, body)
            for response, ident in zip(responses, idents):
                check_response(response, ident, self.chaos.names, self.chaos.tally)
        return Ask(post(calls, self.fields()), check)

    def large(self):
        """More than the systems between us hold."""
        call = request("mm.snapshot", next(self.ids), process=self.dice.choice(self.chaos.names.large),
                       want=list(PARTS[:6]))

        def check(status, fields, body):
            assert status == 200, (status, body)
            check_response(json.loads(plain(fields, body)), call["id"], self.chaos.names, self.chaos.tally)
        return Ask(post(call, self.fields()), check)

    def page(self):
        path = self.dice.choice(("/metrics", "/metrics", "/healthz", "/readyz", "/openrpc.json"))
        is_head = self.dice.chance(0.2)

        def check(status, fields, body):
            if path == "/metrics" and status == 503:
                raise Refused
            assert status == 200, (path, status)
            body = plain(fields, body)
            if path == "/metrics" and not is_head:
                Metrics(body.decode())
            elif path == "/openrpc.json" and not is_head:
                json.loads(body)
        data = get(path, self.fields())
        return Ask(b"HEAD" + data[3:] if is_head else data, check, not is_head)

    def fields(self):
        return b"Accept-Encoding: gzip\r\n" if self.dice.chance(0.5) else b""

    # ---- how it is asked

    async def pause(self, share=0.1, most=0.03):
        if self.dice.chance(share):
            await asyncio.sleep(self.dice.random() * most)

    async def send(self, writer, data):
        for piece in self.dice.pieces(data):
            writer.write(piece)
            await self.pause()
        await writer.drain()

    async def connect(self, is_slow=False):
        sock = socket.socket()
        if is_slow:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.chaos.server.port))
        return await asyncio.open_connection(sock=sock, limit=4096 if is_slow else 1 << 20)

    async def leave(self, writer, sending):
        """With a reset rather than an end, sometimes."""
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            await sending
        if self.dice.chance(0.5):
            with contextlib.suppress(OSError):  # the server has closed it
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                                           struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def read(self, reader, count):
        return await asyncio.wait_for(reader.readexactly(count), PATIENCE)

    async def hear(self, reader, ask):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += await asyncio.wait_for(reader.readline(), PATIENCE)
            assert head, "the server hung up before it had answered"
        start, *lines = head.decode("latin-1").split("\r\n")[:-2]
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await self.read(reader, int(fields.get("content-length", 0))) if ask.has_body else b""
        ask.check(int(start.split(" ")[1]), fields, body)
        self.chaos.tally["answers"] += 1

    async def http(self):
        is_slow = self.dice.chance(0.3)
        kinds = (self.large, self.page, self.page, self.one) if is_slow else (self.one, self.one, self.batch, self.page)
        asks = [self.dice.choice(kinds)() for _ in range(40 if is_slow else self.dice.choice((1, 2, 5, 20)))]
        heard = len(asks) if self.dice.chance(0.7) else self.dice.randrange(len(asks))
        reader, writer = await self.connect(is_slow)
        sending = asyncio.create_task(self.send(writer, b"".join(ask.data for ask in asks)))
        try:
            await self.pause(0.3, 0.5)
            for ask in asks[:heard]:
                await self.hear(reader, ask)
                await self.pause(0.2, 0.3 if is_slow else 0.02)
            if heard == len(asks):
                await sending
                writer.write_eof()
                assert not await asyncio.wait_for(reader.read(), PATIENCE), "more than was asked for"
        except Refused:
            self.chaos.tally["refused"] += 1
        finally:
            await self.leave(writer, sending)

    # ---- WebSocket

    def message(self, call):
        data = json.dumps(call).encode()
        cut = self.dice.randint(0, len(data)) if self.dice.chance(0.3) else 0
        middle = frame(b"ping", PING) if self.dice.chance(0.3) else b""
        return frame(data[:cut], TEXT, False) + middle + frame(data[cut:], 0) if cut else middle + frame(data)

    async def hear_frame(self, reader):
        first, size = await self.read(reader, 2)
        if size > 125:
            size = int.from_bytes(await self.read(reader, 2 if size == 126 else 8), "big")
        return first & 15, await self.read(reader, size)

    async def hear_message(self, reader, writer, ident):
        """The response to @ident; what is told meanwhile only has to be well-formed."""
        while True:
            opcode, payload = await self.hear_frame(reader)
            if opcode == PING:
                writer.write(frame(payload, PONG))
            elif opcode == TEXT:
                message = json.loads(payload)
                if "id" in message:
                    check_response(message, ident, self.chaos.names, self.chaos.tally)
                    return
                assert message["method"] == "subscription", message
                self.chaos.tally["notifications"] += 1
            else:
                assert opcode == PONG and payload == b"ping", (opcode, payload)

    def socket_call(self):
        if self.dice.chance(0.25):
            return request("subscribe", next(self.ids), process=self.chaos.names.any(self.dice),
                           want=wanted(self.dice))
        method, params = some_call(self.dice, self.chaos.names)
        return call_of(method, params, next(self.ids))

    async def websocket(self):
        calls = [self.socket_call() for _ in range(self.dice.choice((1, 5, 20, 40)))]
        heard = len(calls) if self.dice.chance(0.7) else self.dice.randrange(len(calls))
        reader, writer = await self.connect()
        writer.write(upgrade())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        assert head.startswith(b"HTTP/1.1 101 "), head
        sending = asyncio.create_task(self.send(writer, b"".join(map(self.message, calls))))
        try:
            await self.pause(0.3, 0.5)
            for call in calls[:heard]:
                await self.hear_message(reader, writer, call["id"])
                await self.pause()
            if heard == len(calls):
                await sending
                writer.write(frame(struct.pack("!H", 1000), CLOSE))
                while (await self.hear_frame(reader))[0] != CLOSE:
                    pass
        finally:
            await self.leave(writer, sending)

    async def run(self, end):
        while time.monotonic() < end:
            await (self.websocket() if self.dice.chance(0.25) else self.http())
            self.chaos.tally["connections"] += 1


# ---------------------------------------------------------------------- chaos


class Chaos:
    def __init__(self, server):
        self.server, self.names, self.tally = server, Names(), collections.Counter()

    def make_large(self):
        with self.server.connect() as peer:
            peer.sock.settimeout(PATIENCE)
            for _ in range(LARGE):
                name = peer.call("process.create", want=[])["process"]
                for first in range(0, AREAS, 400):
                    peer.post([call for i in range(first, first + 400) for call in (
                        request("mm.mmap", 1, process=name, addr=BASE + 2 * i * PAGE, length=PAGE, prot=3, flags=0x32,
                                want=[]),
                        request("mm.access", 1, process=name, addr=BASE + 2 * i * PAGE, type="write", want=[]))])
                    assert all("result" in answer for answer in peer.hear().json)
                self.names.large.append(name)

    async def rage(self, clients, seconds, seed):
        end = time.monotonic() + seconds
        await asyncio.gather(*(Client(self, f"{seed} {i}").run(end) for i in range(clients)))

    def metrics(self):
        with self.server.connect() as peer:
            return Metrics(peer.ask(get("/metrics")).body.decode())

    def judge(self):
        """When all have left, nothing is pending and nobody is subscribed."""
        for _ in range(PATIENCE * 10):
            metrics = self.metrics()
            left = {name: metrics.get(name) for name in ("vmarium_connections", "vmarium_pending_bytes",
                                                         "vmarium_subscriptions", "vmarium_websockets",
                                                         "vmarium_notifications_waiting_bytes")}
            left["vmarium_connections"] -= 1  # that asks
            if not any(left.values()):
                return
            time.sleep(0.1)
        raise AssertionError(f"it holds what nobody waits for: {left}")


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=64, metavar="N", help="at a time")
    parser.add_argument("--seconds", type=float, default=60, metavar="N", help="in which they begin anew")
    parser.add_argument("--loops", type=int, default=2, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--bin", default=str(ROOT / "build" / "release" / "bin"), metavar="FOLDER",
                        help="with the programs")
    return parser.parse_args()


def main():
    wanted_ = options()
    os.environ["VMARIUM_BIN"] = wanted_.bin
    print(f"seed {wanted_.seed}", flush=True)
    server = Vmariumd(f"--loops={wanted_.loops}", "--slice=8", "--gzip-min=2K", "--max-events=64",
                      "--log-level=error")
    try:
        with server:
            chaos = Chaos(server)
            chaos.make_large()
            asyncio.run(chaos.rage(wanted_.clients, wanted_.seconds, wanted_.seed))
            chaos.judge()
    finally:
        print(server.errors, end="", file=sys.stderr)
    print(", ".join(f"{count} {what}" for what, count in chaos.tally.most_common()))
    sys.exit(bool(server.errors))


if __name__ == "__main__":
    main()
