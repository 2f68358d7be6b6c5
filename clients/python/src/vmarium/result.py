# SPDX-License-Identifier: MIT
"""What the emulated kernel answered."""
from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from .errors import KernelError, VmariumError
from .space import Space


class Result(Mapping[str, Any]):
    """The result of one call: a mapping of what came over the wire, and shortcuts into it."""

    def __init__(self, members: Mapping[str, Any]):
        self._members = dict(members)

    def __getitem__(self, name: str) -> Any:
        return self._members[name]

    def __iter__(self):
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    @property
    def ret(self) -> int:
        """The address, 0, or the negative errno."""
        ret = self._members["ret"]
        return int(ret, 16) if isinstance(ret, str) else ret

    @property
    def errno(self) -> Optional[str]:
        """The errno's name, None if the call succeeded."""
        return self._members.get("errno")

    @property
    def ok(self) -> bool:
        """Neither an errno nor a signal."""
        return not self.errno and not str(self._members.get("fault", "")).startswith("SIG")

    def unwrap(self) -> int:
        """ret, or KernelError if the kernel refused."""
        if self.errno:
            raise KernelError(self.errno, self.ret)
        return self.ret

    @property
    def snapshot(self) -> Dict[str, Any]:
        """The parts of the snapshot that were wanted."""
        return self._members.get("snapshot", {})

    @property
    def space(self) -> Space:
        """The address space after the call; needs the part vmas."""
        return Space.from_snapshot(self.snapshot)

    @property
    def steps(self) -> list:
        """What the kernel did, in order; needs the part steps."""
        return self.snapshot.get("steps") or []

    @property
    def diff(self) -> Dict[str, Any]:
        """What the call changed: areas, mm, vmacache and rbtree; needs the part diff."""
        return self.snapshot.get("diff") or {}

    def __repr__(self) -> str:
        shown = {name: value for name, value in self._members.items() if name != "snapshot"}
        return f"Result({shown})"

    def _repr_svg_(self) -> Optional[str]:
        return self.space.to_svg() if "vmas" in self.snapshot else None


class Pending:
    """A call of a batch that has yet to be sent."""

    def __init__(self) -> None:
        self._outcome: Any = None

    @property
    def result(self) -> Result:
        """What was answered; raises what the service refused it with."""
        if self._outcome is None:
            raise RuntimeError("the batch has not been sent yet; leave its with block first")
        if isinstance(self._outcome, VmariumError):
            raise self._outcome
        return self._outcome

    def _settle(self, outcome: Any) -> None:
        self._outcome = outcome
