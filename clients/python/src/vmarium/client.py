# SPDX-License-Identifier: MIT
"""The client that waits for each answer."""
from __future__ import annotations

import http.client
import select
import socket
from typing import Any, List, Mapping, Optional, Sequence

from .api import ProcessCalls, ServiceCalls
from .errors import TransportError, VmariumError
from .result import Pending, Result
from .wire import Call, Outcome, Server, given, read_answer, request_body


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str, timeout: float):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Client(ServiceCalls):
    """One connection to a server; one thread at a time may use it."""

    def __init__(self, url: Optional[str] = None, token: Optional[str] = None,
                 timeout: float = 30.0):
        """timeout: seconds to wait for an answer."""
        self.server = Server(url, token)
        self.timeout = timeout
        self._connection: Optional[http.client.HTTPConnection] = None

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        """Hang up. A later call connects again."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def create(self, **params: Any) -> "Process":
        """Make a process; the parameters are those of process.create."""
        return Process(client=self, **params)

    def attach(self, name: str, thread: int = 1) -> "Process":
        """A process that exists already, by its name."""
        return Process.attach(self, name, thread)

    def batch(self) -> "Batch":
        """Calls of several processes in one request: batch.of(process).mmap(...)."""
        return Batch(self)

    def call(self, method: str, params: Optional[Mapping[str, Any]] = None) -> Result:
        """Any method by its name; raises VmariumError if the service refuses."""
        outcome = self._exchange([(method, params or {})], is_batch=False)[0]
        if isinstance(outcome, VmariumError):
            raise outcome
        return outcome

    def call_all(self, calls: Sequence[Call]) -> List[Outcome]:
        """Calls in one batch; a VmariumError stands where the service refused."""
        return self._exchange(calls, is_batch=True) if calls else []

    def _call(self, method: str, params: Mapping[str, Any]) -> Result:
        return self.call(method, given(params))

    def _open(self) -> http.client.HTTPConnection:
        connection = self._connection
        # What the server has closed while nobody asked is readable, and ends there.
        if connection and connection.sock and select.select([connection.sock], [], [], 0)[0]:
            connection.close()
        if not connection:
            server = self.server
            if server.path:
                connection = _UnixConnection(server.path, self.timeout)
            elif server.is_tls:
                connection = http.client.HTTPSConnection(server.host, server.port,
                                                         timeout=self.timeout)
            else:
                connection = http.client.HTTPConnection(server.host, server.port,
                                                        timeout=self.timeout)
            self._connection = connection
        return connection

    def _exchange(self, calls: Sequence[Call], is_batch: bool) -> List[Outcome]:
        connection = self._open()
        try:
            if not connection.sock:
                connection.connect()
                if not self.server.path:
                    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.request("POST", "/rpc", request_body(calls, is_batch),
                               self.server.fields())
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise TransportError(f"no answer from {self.server.url}: {error}") from error
        return read_answer(response.status, body, is_batch)


class Process(ProcessCalls):
    """A virtual process. As a context manager it exits with the block."""

    def __init__(self, server: Optional[str] = None, *, token: Optional[str] = None,
                 client: Optional[Client] = None, **params: Any):
        """Make one: on server, or over client; params are those of process.create."""
        self._own_client = Client(server, token) if client is None else None
        self.client = client or self._own_client
        self.created = self.client.process_create(**params)
        self.name: str = self.created["process"]
        self.thread: int = self.created["thread"]

    @classmethod
    def attach(cls, client: Client, name: str, thread: int = 1) -> "Process":
        """A process that exists already."""
        process = cls.__new__(cls)
        process._own_client = None
        process.client = client
        process.created = Result({})
        process.name = name
        process.thread = thread
        return process

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: Any) -> None:
        try:
            self.exit()
        except VmariumError:
            pass  # it is gone already, or the server is
        finally:
            if self._own_client:
                self._own_client.close()

    def __repr__(self) -> str:
        return f"<vmarium.Process on {self.client.server.url}>"  # the name is a secret

    def as_thread(self, thread: int) -> "Process":
        """The same process, called by another of its threads."""
        return Process.attach(self.client, self.name, thread)

    def spawn_thread(self) -> "Process":
        """thread.create, and the process as the new thread calls it."""
        return self.as_thread(self.thread_create()["thread"])

    def spawn(self, **params: Any) -> "Process":
        """process.fork, and the child; KernelError if the kernel refused."""
        result = self.fork(**params)
        result.unwrap()
        return Process.attach(self.client, result["process"], result["thread"])

    def batch(self) -> "_BatchProcess":
        """Calls in one request: with p.batch() as b: first = b.brk(...)."""
        return Batch(self.client).of(self)

    @property
    def space(self):
        """The address space as it is now."""
        return self.snapshot(want=["vmas"]).space

    def _repr_svg_(self) -> str:
        return self.space.to_svg()

    def _call(self, method: str, params: Mapping[str, Any]) -> Result:
        return self.client.call(method, own_params(self, params))


def own_params(process: Any, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters of a process's call: its name, and its thread where one is taken."""
    params = dict(params)
    if "thread" in params and params["thread"] is None and process.thread != 1:
        params["thread"] = process.thread
    return {"process": process.name, **given(params)}


class Batch:
    """Calls that are sent together when the with block ends."""

    def __init__(self, client: Client):
        self._client = client
        self._calls: List[Call] = []
        self._pending: List[Pending] = []

    def __enter__(self) -> "Batch":
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            self.send()

    def of(self, process: Process) -> "_BatchProcess":
        """The process, whose calls are collected here."""
        return _BatchProcess(self, process)

    def add(self, method: str, params: Mapping[str, Any]) -> Pending:
        """One more call."""
        pending = Pending()
        self._calls.append((method, params))
        self._pending.append(pending)
        return pending

    def send(self) -> List[Outcome]:
        """Send what was collected; what each call answered, in order."""
        outcomes = self._client.call_all(self._calls)
        self._settle(outcomes)
        return outcomes

    def _settle(self, outcomes: Sequence[Outcome]) -> None:
        for pending, outcome in zip(self._pending, outcomes):
            pending._settle(outcome)
        self._calls, self._pending = [], []


class _BatchProcess(ProcessCalls):
    """A process whose calls wait in a batch and answer Pending."""

    def __init__(self, batch: Batch, process: Process):
        self.batch = batch
        self.name = process.name
        self.thread = process.thread

    def __enter__(self) -> "_BatchProcess":
        return self

    def __exit__(self, *exc: Any) -> None:
        self.batch.__exit__(*exc)

    def _call(self, method: str, params: Mapping[str, Any]) -> Any:
        return self.batch.add(method, own_params(self, params))
