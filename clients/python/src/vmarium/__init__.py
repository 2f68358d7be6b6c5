# SPDX-License-Identifier: MIT
"""Linux address spaces behind glass, from Python.

    import vmarium

    with vmarium.Process(profile="4.0") as p:
        at = p.mmap(0, 8192, "PROT_READ|PROT_WRITE", "MAP_PRIVATE|MAP_ANONYMOUS").unwrap()
        p.access(at, "write")
        print(p.munmap(at, 4096).space)

What the emulated kernel answers is a Result, also when it refuses. What the service refuses is
a VmariumError. Servers are named as http://HOST:PORT or unix:/PATH; the default is
$VMARIUM_SERVER or http://127.0.0.1:7070, with $VMARIUM_TOKEN as its token.
"""
from .aio import AsyncBatch, AsyncClient, AsyncProcess
from .client import Batch, Client, Process
from .errors import (
    AuthError,
    DocumentError,
    HistoryError,
    KernelError,
    ParamsError,
    ProcessGone,
    ProcessUnknown,
    QuotaError,
    ReadOnly,
    ServerBusy,
    TransportError,
    VmariumError,
)
from .result import Pending, Result
from .space import Area, Space

__all__ = [
    "Area", "AsyncBatch", "AsyncClient", "AsyncProcess", "AuthError", "Batch", "Client",
    "DocumentError", "HistoryError", "KernelError", "ParamsError", "Pending", "Process",
    "ProcessGone", "ProcessUnknown", "QuotaError", "ReadOnly", "Result", "ServerBusy",
    "Space", "TransportError", "VmariumError",
]
