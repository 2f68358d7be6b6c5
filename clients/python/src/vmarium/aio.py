# SPDX-License-Identifier: MIT
"""The client for asyncio. Calls of several tasks are answered in their order."""
from __future__ import annotations

import asyncio
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from .api import AsyncProcessCalls, AsyncServiceCalls
from .client import Batch, own_params
from .errors import TransportError, VmariumError
from .result import Result
from .wire import Call, Outcome, Server, given, read_answer, request_body

_Streams = Tuple[asyncio.StreamReader, asyncio.StreamWriter]


class AsyncClient(AsyncServiceCalls):
    """Connections to a server: as many as calls are under way, up to a limit."""

    def __init__(self, url: Optional[str] = None, token: Optional[str] = None,
                 timeout: float = 30.0, connections: int = 16):
        self.server = Server(url, token)
        self.timeout = timeout
        self._idle: List[_Streams] = []
        self._slots = asyncio.Semaphore(connections)

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up. A later call connects again."""
        while self._idle:
            _, writer = self._idle.pop()
            writer.close()
            try:
                await writer.wait_closed()
            except OSError:
                pass  # the server was first

    async def create(self, **params: Any) -> "AsyncProcess":
        """Make a process; the parameters are those of process.create."""
        created = await self.process_create(**params)
        process = AsyncProcess(self, created["process"], created["thread"])
        process.created = created
        return process

    def attach(self, name: str, thread: int = 1) -> "AsyncProcess":
        """A process that exists already, by its name."""
        return AsyncProcess(self, name, thread)

    def batch(self) -> "AsyncBatch":
        """Calls of several processes in one request."""
        return AsyncBatch(self)

    async def call(self, method: str, params: Optional[Mapping[str, Any]] = None) -> Result:
        """Any method by its name; raises VmariumError if the service refuses."""
        outcome = (await self._exchange([(method, params or {})], is_batch=False))[0]
        if isinstance(outcome, VmariumError):
            raise outcome
        return outcome

    async def call_all(self, calls: Sequence[Call]) -> List[Outcome]:
        """Calls in one batch; a VmariumError stands where the service refused."""
        return await self._exchange(calls, is_batch=True) if calls else []

    async def _call(self, method: str, params: Mapping[str, Any]) -> Result:
        return await self.call(method, given(params))

    async def _open(self) -> _Streams:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        server = self.server
        if server.path:
            return await asyncio.open_unix_connection(server.path)
        return await asyncio.open_connection(server.host, server.port,
                                             ssl=True if server.is_tls else None)

    async def _exchange(self, calls: Sequence[Call], is_batch: bool) -> List[Outcome]:
        body = request_body(calls, is_batch)
        async with self._slots:
            try:
                status, answer = await asyncio.wait_for(self._post(body), self.timeout)
            except (OSError, EOFError, ValueError, asyncio.TimeoutError) as error:
                raise TransportError(f"no answer from {self.server.url}: "
                                     f"{error or 'timed out'}") from error
        return read_answer(status, answer, is_batch)

    async def _post(self, body: bytes) -> Tuple[int, bytes]:
        reader, writer = await self._open()
        try:
            head = "".join(f"{name}: {value}\r\n" for name, value in self.server.fields().items())
            writer.write(f"POST /rpc HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n"
                         .encode("latin-1") + body)
            await writer.drain()
            status, fields = _read_head(await reader.readuntil(b"\r\n\r\n"))
            answer = await reader.readexactly(int(fields.get("content-length", "0")))
        except BaseException:
            writer.close()  # where its answer would begin is unknown
            raise
        if fields.get("connection", "").lower() == "close":
            writer.close()
        else:
            self._idle.append((reader, writer))
        return status, answer


def _read_head(head: bytes) -> Tuple[int, Mapping[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {}
    for line in filter(None, lines):
        name, _, value = line.partition(":")
        fields[name.lower()] = value.strip()
    return int(first.split(" ")[1]), fields


class AsyncProcess(AsyncProcessCalls):
    """A virtual process. As a context manager it exits with the block."""

    def __init__(self, client: AsyncClient, name: str, thread: int = 1):
        self.client = client
        self.name = name
        self.thread = thread
        self.created = Result({})

    async def __aenter__(self) -> "AsyncProcess":
        return self

    async def __aexit__(self, *_: Any) -> None:
        try:
            await self.exit()
        except VmariumError:
            pass  # it is gone already, or the server is

    def __repr__(self) -> str:
        return f"<vmarium.AsyncProcess on {self.client.server.url}>"

    def as_thread(self, thread: int) -> "AsyncProcess":
        """The same process, called by another of its threads."""
        return AsyncProcess(self.client, self.name, thread)

    async def spawn_thread(self) -> "AsyncProcess":
        """thread.create, and the process as the new thread calls it."""
        return self.as_thread((await self.thread_create())["thread"])

    async def spawn(self, **params: Any) -> "AsyncProcess":
        """process.fork, and the child; KernelError if the kernel refused."""
        result = await self.fork(**params)
        result.unwrap()
        return AsyncProcess(self.client, result["process"], result["thread"])

    async def space(self):
        """The address space as it is now."""
        return (await self.snapshot(want=["vmas"])).space

    async def _call(self, method: str, params: Mapping[str, Any]) -> Result:
        return await self.client.call(method, own_params(self, params))


class AsyncBatch(Batch):
    """Calls that are sent together when the async with block ends."""

    def __enter__(self):
        raise TypeError("this batch is asynchronous: async with client.batch() as b")

    async def __aenter__(self) -> "AsyncBatch":
        return self

    async def __aexit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            await self.send()

    async def send(self) -> List[Outcome]:  # type: ignore[override]
        """Send what was collected; what each call answered, in order."""
        outcomes = await self._client.call_all(self._calls)
        self._settle(outcomes)
        return outcomes
