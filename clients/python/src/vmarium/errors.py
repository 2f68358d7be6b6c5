# SPDX-License-Identifier: MIT
"""What the service refuses, by kind."""
from __future__ import annotations

from typing import Any, Mapping, Optional


class VmariumError(Exception):
    """The service refused a call; nothing has changed, unless the hint says so.

    code: of JSON-RPC; key: stable, such as "params.unknown"; hint: what to do, for people;
    param: the parameter at fault; retry_after: seconds; data: everything that came along.
    """

    def __init__(self, code: int, message: str, data: Optional[Mapping[str, Any]] = None):
        self.code = code
        self.data = dict(data or {})
        self.key: str = self.data.get("key", "")
        self.hint: str = self.data.get("hint", "")
        self.param: Optional[str] = self.data.get("param")
        self.retry_after: Optional[int] = self.data.get("retry_after")
        super().__init__(f"{message} ({self.key or code}): {self.hint}" if self.hint else message)


class ParamsError(VmariumError):
    """A parameter is missing, unknown or outside its bounds."""


class ProcessUnknown(VmariumError):
    """No process, or no thread, has this name."""


class ProcessGone(VmariumError):
    """The process has exited or expired."""


class QuotaError(VmariumError):
    """The client owns, or asks for, more than it may."""


class ServerBusy(VmariumError):
    """The server is overloaded or about to end; try again later."""


class AuthError(VmariumError):
    """The call needs a token, or one that may do more."""


class HistoryError(VmariumError):
    """That part of the history is folded away, or yet to come."""


class DocumentError(VmariumError):
    """A document of another version, or one that was changed."""


class ReadOnly(VmariumError):
    """The process was named by a share, with which one may only look."""


class TransportError(VmariumError):
    """No answer came, or HTTP refused the request; status is 0 without an answer."""

    def __init__(self, message: str, status: int = 0, data: Optional[Mapping[str, Any]] = None):
        super().__init__(0, message, data)
        self.status = status


class KernelError(Exception):
    """The emulated kernel's errno, raised by Result.unwrap() only."""

    def __init__(self, errno: str, ret: int):
        super().__init__(errno)
        self.errno = errno
        self.ret = ret


_BY_CODE = {
    -32602: ParamsError,
    -32001: ProcessUnknown,
    -32002: ProcessGone,
    -32003: QuotaError,
    -32004: ServerBusy,
    -32005: ServerBusy,
    -32007: AuthError,
    -32008: HistoryError,
    -32009: DocumentError,
    -32010: ReadOnly,
}


def from_answer(error: Mapping[str, Any]) -> VmariumError:
    """The exception for the error member of an answer."""
    kind = _BY_CODE.get(error["code"], VmariumError)
    return kind(error["code"], error["message"], error.get("data"))
