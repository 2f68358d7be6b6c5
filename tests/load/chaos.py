#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Clients do anything, in any order, read when they like and leave when they like; the server is to bear it.

usage: tests/load/chaos.py [--kind KIND] [--clients N] [--large N] [--seconds N] [--loops N] [--seed N]
                           [--bin FOLDER]

Every client goes through one connection after the other. Over HTTP it sends a pipeline of calls, batches and pages, in
pieces that end anywhere, shuts its side behind them or later, and reads the answers late or not at all; over WebSocket
likewise, with fragments, pings and subscriptions. All work on the same processes, some of them large, so that calls are
held, wait for each other, go to other loops, and lose their process. Then the client hears its answers to the end,
hangs up, or breaks the connection. Some come by a unix socket. What befalls the server meanwhile is its kind: see
chaos_kinds.py.

What comes is checked: answers in the order of the requests, whole, with the ids asked with, and no error but those that
such work can meet. No answer is late, for machines may be slow; but a server that rests while somebody waits for it has
forgotten him. What the server had read when it was told to end is answered still. In the end it must be idle and hold
nothing, and take its leave without a word. With a build that has sanitizers, they judge as well. A seed makes the same
clients; what they meet depends on time.
"""
import argparse
import asyncio
import collections
import contextlib
import gzip
import itertools
import json
import logging
import os
import pathlib
import socket
import struct
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from chaos_calls import AREAS, BASE, PAGE, PARTS, QUIET, Dice, Names, call_of, some_call, wanted  # noqa: E402
from chaos_kinds import KINDS  # noqa: E402
from prometheus import Metrics  # noqa: E402
from vmariumd import PATIENCE, Vmariumd, get, post, request  # noqa: E402
from websocket import CLOSE, PING, PONG, TEXT, frame, upgrade  # noqa: E402

MURMUR = 5  # ticks of processor time a second that a server takes which does nothing
REST = 20   # seconds of a server that does nothing, after which it has nothing to do

# What work on other clients' processes may meet; all else is a defect.
MET = {"process.unknown", "process.gone", "thread.unknown", "share.readonly", "history.folded", "history.future",
       "history.full", "quota.areas", "quota.bytes", "quota.call", "quota.world", "quota.processes", "quota.shares",
       "quota.subscriptions", "subscription.unknown", "subscription.transport", "response.too_large", "overload",
       "script.failed", "params.value"}


# ----------------------------------------------------------------------- HTTP


class Refused(Exception):
    """The server serves this connection no longer, and has said so."""


class Over(Exception):
    """The server is gone."""


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
        self.sending = None
        self.waits_since = None   # for an answer to begin
        self.writer = self.port = None
        self.heard = 0            # answers on this connection
        self.is_accepted = False  # all that it asks: answers are owed, whatever befalls the server
        self.is_cut = False       # something befell it before it had all that this connection asks

    # ---- what is asked

    def one(self):
        method, params = some_call(self.dice, self.chaos.names)
        call = call_of(method, params, next(self.ids))

        def check(status, fields, body):
            assert status == 200, (status, body)
            self.chaos.check_response(json.loads(plain(fields, body)), call["id"])
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
                self.chaos.check_response(response, ident)
        return Ask(post(calls, self.fields()), check)

    def large(self):
        """More than the systems between us hold."""
        call = request("mm.snapshot", next(self.ids), process=self.dice.choice(self.chaos.names.large),
                       want=list(PARTS[:6]))

        def check(status, fields, body):
            assert status == 200, (status, body)
            self.chaos.check_response(json.loads(plain(fields, body)), call["id"])
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
        fields = self.chaos.kind.operator() if path == "/metrics" else b""
        data = get(path, self.gzips() + fields)
        return Ask(b"HEAD" + data[3:] if is_head else data, check, not is_head)

    def gzips(self):
        return b"Accept-Encoding: gzip\r\n" if self.dice.chance(0.5) else b""

    def fields(self):
        return self.gzips() + self.chaos.kind.fields(self.dice)

    # ---- how it is asked

    async def pause(self, share=0.1, most=0.03):
        if self.dice.chance(share):
            await asyncio.sleep(self.dice.random() * most)

    async def send(self, writer, data, ends=False):
        for piece in self.dice.pieces(data):
            writer.write(piece)
            await self.pause()
        await writer.drain()
        if ends:
            writer.write_eof()

    async def connect(self, is_slow=False):
        self.heard, self.is_accepted, self.is_cut, self.port = 0, False, False, None
        is_unix = not is_slow and self.dice.chance(0.3)
        sock = socket.socket(socket.AF_UNIX if is_unix else socket.AF_INET)
        if is_slow:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(
                sock, self.chaos.unix if is_unix else ("127.0.0.1", self.chaos.server.port))
        except OSError as error:
            sock.close()
            if self.chaos.kind.is_over:
                raise Over from error
            raise
        reader, self.writer = await asyncio.open_connection(sock=sock, limit=4096 if is_slow else 1 << 20)
        self.port = None if is_unix else sock.getsockname()[1]
        return reader, self.writer

    def has_sent(self):
        """All that it asks."""
        return bool(self.port and self.sending and self.sending.done() and
                    not self.writer.transport.get_write_buffer_size())

    @contextlib.asynccontextmanager
    async def leaving(self, writer):
        """The connection ends with a reset rather than an end, sometimes."""
        try:
            yield
        finally:
            if self.sending:
                self.sending.cancel()
                with contextlib.suppress(asyncio.CancelledError, OSError):
                    await self.sending
            self.sending = None
            if self.dice.chance(0.5):
                with contextlib.suppress(OSError):  # the server has closed it
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                                               struct.pack("ii", 1, 0))
            writer.transport.abort()

    @contextlib.contextmanager
    def bearing(self):
        """Connections that end early end as they may."""
        kind = self.chaos.kind
        try:
            yield
        except Refused:
            self.chaos.tally["refused"] += 1
        except (OSError, asyncio.IncompleteReadError):
            # What is over accepts nobody who waits for that still.
            if not kind.is_rough and (self.heard or self.is_accepted or not kind.is_over):
                raise
            self.chaos.tally["broken"] += 1

    @contextlib.contextmanager
    def waiting(self):
        self.waits_since = time.monotonic()
        try:
            yield
        finally:
            self.waits_since = None

    async def head(self, reader):
        """The next answer's status and fields."""
        with self.waiting():
            start = await reader.readline()
        if not start and self.chaos.kind.is_over and not self.is_accepted:
            raise Refused
        if not start:
            raise ConnectionError("the server hung up before it had answered")
        head = start + await reader.readuntil(b"\r\n\r\n")
        start, *lines = head.decode("latin-1").split("\r\n")[:-2]
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return int(start.split(" ")[1]), fields

    async def hear(self, reader, ask):
        status, fields = await self.head(reader)
        body = await reader.readexactly(int(fields.get("content-length", 0))) if ask.has_body else b""
        if status in self.chaos.kind.refusals:
            raise Refused
        ask.check(status, fields, body)
        self.heard += 1
        self.chaos.tally["answers"] += 1
        if fields.get("connection") == "close":
            assert self.chaos.kind.refusals, "nothing is in the way of further requests"
            raise Refused

    async def http(self):
        is_slow = self.dice.chance(0.3)
        kinds = (self.large, self.page, self.page, self.one) if is_slow else (self.one, self.one, self.batch, self.page)
        asks = [self.dice.choice(kinds)() for _ in range(40 if is_slow else self.dice.choice((1, 2, 5, 20)))]
        heard = len(asks) if self.dice.chance(0.7) else self.dice.randrange(len(asks))
        reader, writer = await self.connect(is_slow)
        async with self.leaving(writer):
            self.sending = asyncio.create_task(self.send(writer, b"".join(ask.data for ask in asks),
                                                         self.dice.chance(0.3)))
            await self.pause(0.3, 0.5)
            for ask in asks[:heard]:
                await self.hear(reader, ask)
                await self.pause(0.2, 0.3 if is_slow else 0.02)
            if heard == len(asks):
                await self.sending
                writer.write_eof()
                assert not await reader.read(), "more than was asked for"

    # ---- WebSocket

    def message(self, call):
        data = json.dumps(call).encode()
        cut = self.dice.randint(0, len(data)) if self.dice.chance(0.3) else 0
        middle = frame(b"ping", PING) if self.dice.chance(0.3) else b""
        return frame(data[:cut], TEXT, False) + middle + frame(data[cut:], 0) if cut else middle + frame(data)

    async def hear_frame(self, reader):
        with self.waiting():
            first, size = await reader.readexactly(2)
        if size > 125:
            size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
        return first & 15, await reader.readexactly(size)

    async def hear_message(self, reader, writer, ident):
        """The response to @ident; what is told meanwhile only has to be well-formed."""
        while True:
            opcode, payload = await self.hear_frame(reader)
            if opcode == PING:
                writer.write(frame(payload, PONG))
            elif opcode == TEXT:
                message = json.loads(payload)
                if "id" in message:
                    self.chaos.check_response(message, ident)
                    return
                assert message["method"] == "subscription", message
                self.chaos.tally["notifications"] += 1
            elif opcode == CLOSE and self.chaos.kind.refusals and not self.is_accepted:
                raise Refused
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

        def check(status, _fields, _body):
            assert status == 101, status
        async with self.leaving(writer):
            writer.write(upgrade(self.chaos.kind.fields(self.dice)))
            await self.hear(reader, Ask(b"", check))
            self.sending = asyncio.create_task(self.send(writer, b"".join(map(self.message, calls))))
            await self.pause(0.3, 0.5)
            for call in calls[:heard]:
                await self.hear_message(reader, writer, call["id"])
                await self.pause()
            if heard == len(calls):
                await self.sending
                writer.write(frame(struct.pack("!H", 1000), CLOSE))
                while (await self.hear_frame(reader))[0] != CLOSE:
                    pass

    async def run(self, end):
        with contextlib.suppress(Over):
            while time.monotonic() < end:
                with self.bearing():
                    await (self.websocket() if self.dice.chance(0.25) else self.http())
                self.chaos.tally["connections"] += 1


# ---------------------------------------------------------------------- chaos


def bytes_on_way():
    """By port of a TCP client: what it has sent and the server has not read."""
    found = collections.Counter()
    for row in pathlib.Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        _, local, remote, _, queues, *_ = row.split()
        sent, received = (int(number, 16) for number in queues.split(":"))
        found[int(local.split(":")[1], 16)] += sent
        found[int(remote.split(":")[1], 16)] += received
    return found


class Chaos:
    def __init__(self, server, kind, unix):
        self.server, self.kind, self.unix = server, kind, unix
        self.names, self.tally = Names(), collections.Counter()

    def check_response(self, response, ident):
        assert response["jsonrpc"] == "2.0" and response["id"] == ident, (ident, response)
        if "error" in response:
            key = response["error"]["data"]["key"]
            assert key in MET | self.kind.met, response
            self.tally[key] += 1
        else:
            self.tally["results"] += 1
            self.names.learn(response["result"])

    def ask(self, data):
        """The answer, though it takes more than one connection where these are short-lived."""
        for _ in range(PATIENCE if self.kind.is_rough else 1):
            with contextlib.suppress(ConnectionError), self.server.connect() as peer:
                answer = peer.ask(data)
                if answer and answer.status == 200:
                    return answer
        raise AssertionError(f"no answer to {data[:100]}")

    def post(self, calls):
        return self.ask(post(calls, self.kind.operator())).json

    def make_large(self, count):
        for _ in range(count):
            name = self.post(request("process.create", 1, want=[]))["result"]["process"]
            for first in range(0, AREAS, 200):
                answers = self.post([call for i in range(first, first + 200) for call in (
                    request("mm.mmap", 1, process=name, addr=BASE + 2 * i * PAGE, length=PAGE, prot=3, flags=0x32,
                            want=[]),
                    request("mm.access", 1, process=name, addr=BASE + 2 * i * PAGE, type="write", want=[]))])
                assert isinstance(answers, list) and all("result" in answer for answer in answers), answers
            self.names.large.append(name)

    def pulse(self):
        """The server's processor time in ticks, and whether it works just now, or would."""
        ticks, works = 0, False
        for stat in pathlib.Path(f"/proc/{self.server.process.pid}/task").glob("*/stat"):
            with contextlib.suppress(OSError):  # it has ended
                fields = stat.read_text(encoding="ascii").rsplit(")", 1)[1].split()
                ticks += int(fields[11]) + int(fields[12])
                works = works or fields[0] != "S"
        return ticks, works

    async def watch(self, clients):
        """Ends with an error when the server is at rest and owes answers, and only then."""
        before, rest = 0, 0
        while True:
            await asyncio.sleep(1)
            ticks, works = self.pulse()
            rest = 0 if works or ticks - before > MURMUR else rest + 1
            before = ticks
            since = time.monotonic() - REST
            waiting = [client for client in clients if client.waits_since and client.waits_since < since]
            assert rest < REST or not waiting, f"at rest, and {len(waiting)} clients wait"

    async def befall(self, clients):
        while self.kind.changes_every:
            await asyncio.sleep(self.kind.changes_every)
            on_way = bytes_on_way()
            for client in clients:
                # What had not come then may be read and dropped by the next change: it is owed nothing any more.
                client.is_cut = client.is_cut or not client.has_sent() or on_way[client.port] > 0
                client.is_accepted = bool(client.waits_since and not client.is_cut)
            self.kind.change(self.server)

    async def rage(self, count, seconds, seed):
        end = time.monotonic() + seconds
        clients = [Client(self, f"{seed} {i}") for i in range(count)]
        raging = asyncio.gather(*(client.run(end) for client in clients))
        around = asyncio.gather(self.watch(clients), self.befall(clients))
        await asyncio.wait((raging, around), return_when=asyncio.FIRST_COMPLETED)
        around.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await around
        await raging

    def judge(self):
        """When all have left, nothing is pending and nobody is subscribed."""
        for _ in range(PATIENCE * 10):
            metrics = Metrics(self.ask(get("/metrics", self.kind.operator())).body.decode())
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
    parser.add_argument("--kind", choices=KINDS, default="plain", help="of server")
    parser.add_argument("--clients", type=int, default=64, metavar="N", help="at a time")
    parser.add_argument("--large", type=int, default=3, metavar="N", help="processes that are large")
    parser.add_argument("--seconds", type=float, default=60, metavar="N", help="in which they begin anew")
    parser.add_argument("--loops", type=int, default=2, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--bin", default=str(ROOT / "build" / "release" / "bin"), metavar="FOLDER",
                        help="with the programs")
    return parser.parse_args()


def run(wanted_, folder):
    kind = KINDS[wanted_.kind](folder, Dice(wanted_.seed))
    unix = os.path.join(folder, "socket")
    server = Vmariumd(f"--loops={wanted_.loops}", "--slice=8", "--gzip-min=2K", "--max-events=64",
                      "--script-time=60s", "--log-level=error", f"--listen=unix:{unix}", *kind.args)
    server.process.stdout.readline()
    chaos = Chaos(server, kind, unix)
    try:
        with server:
            chaos.make_large(wanted_.large)
            asyncio.run(chaos.rage(wanted_.clients, wanted_.seconds, wanted_.seed))
            if kind.is_over:
                server.process.wait(PATIENCE)
            else:
                chaos.judge()
    finally:
        print(server.errors, end="", file=sys.stderr)
    print(", ".join(f"{count} {what}" for what, count in chaos.tally.most_common()))
    return bool(server.errors)


def main():
    wanted_ = options()
    os.environ["VMARIUM_BIN"] = wanted_.bin
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # of connections that are broken there is no need to warn
    print(f"{wanted_.kind}, seed {wanted_.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(run(wanted_, folder))


if __name__ == "__main__":
    main()
