# SPDX-License-Identifier: MIT
"""Requests and answers as JSON-RPC has them, whatever carries them."""
from __future__ import annotations

import json
import os
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union
from urllib.parse import urlsplit

from .errors import TransportError, VmariumError, from_answer
from .result import Result

Call = Tuple[str, Mapping[str, Any]]
Outcome = Union[Result, VmariumError]


class Server:
    """Where a server is: http://HOST:PORT or unix:/PATH, and the token to show it."""

    def __init__(self, url: Optional[str] = None, token: Optional[str] = None):
        self.url = url or os.environ.get("VMARIUM_SERVER") or "http://127.0.0.1:7070"
        self.token = token or os.environ.get("VMARIUM_TOKEN")
        self.path: Optional[str] = None
        self.host, self.port, self.is_tls = "localhost", 0, False
        if self.url.startswith("unix:"):
            self.path = self.url[len("unix:"):]
            return
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{self.url!r} is no server; http://HOST:PORT or unix:/PATH is")
        self.is_tls = parts.scheme == "https"
        self.host = parts.hostname
        self.port = parts.port or (443 if self.is_tls else 80)

    @property
    def authority(self) -> str:
        """What the field Host says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.path else f"{host}:{self.port}"

    def fields(self) -> Dict[str, str]:
        """The header fields of a request."""
        fields = {"Host": self.authority, "Content-Type": "application/json"}
        if self.token:
            fields["Authorization"] = f"Bearer {self.token}"
        return fields


def request_body(calls: Sequence[Call], is_batch: bool) -> bytes:
    """The calls as a request; ids are their positions."""
    requests = [{"jsonrpc": "2.0", "id": ident, "method": method, "params": dict(params)}
                for ident, (method, params) in enumerate(calls)]
    return json.dumps(requests if is_batch else requests[0], separators=(",", ":")).encode()


def read_answer(status: int, body: bytes, is_batch: bool) -> List[Outcome]:
    """What a response says to each call, in the order of the calls."""
    try:
        answer = json.loads(body) if body else None
    except ValueError:
        answer = None
    if status != 200 or answer is None:
        refusal = answer.get("error", {}) if isinstance(answer, dict) else {}
        raise TransportError(f"HTTP {status}: {refusal.get('hint') or 'no JSON answer'}",
                             status, refusal)
    if not is_batch:
        return [_outcome(answer)]
    if isinstance(answer, dict):  # the batch as a whole was refused
        raise from_answer(answer["error"])
    return [_outcome(one) for one in sorted(answer, key=lambda one: one["id"])]


def _outcome(answer: Mapping[str, Any]) -> Outcome:
    if "error" in answer:
        return from_answer(answer["error"])
    return Result(answer["result"])


def given(params: Mapping[str, Any]) -> Dict[str, Any]:
    """The parameters that are not None."""
    return {name: value for name, value in params.items() if value is not None}
