# SPDX-License-Identifier: MIT
"""An address space as it shows in a terminal and in a notebook."""
from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any, List, Mapping, Optional, Sequence, Tuple

_UNITS = ((1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))
_ROW = 26  # pixels of an area
_GAP = 16  # pixels of what lies free between two
_WIDTH = 640
# Colour and letters both say what an area is, for those who see no colours.
_FILLS = {"x": "#9ecae1", "w": "#c7e9c0", "r": "#f2f0f7", "-": "#eeeeee"}

# What a terminal would obey: names are up to whoever made the process.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def size_text(size: int) -> str:
    """8192 is "8 KiB"."""
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.4g} {name}"
    return f"{size} B"


@dataclass(frozen=True)
class Area:
    """One area, as the part vmas of a snapshot tells it."""

    id: int
    start: int
    end: int
    perms: str
    flags: Tuple[str, ...]
    offset: int
    name: Optional[str]
    anon_vma: Any
    rss: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.end - self.start

    @property
    def label(self) -> str:
        """What maps prints behind the line, for people: control characters are shown as \\u001B."""
        return _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04X}", self.name or "anonymous")

    @classmethod
    def from_wire(cls, vma: Mapping[str, Any]) -> "Area":
        """An element of vmas, its addresses as integers."""
        return cls(
            id=vma["id"], start=int(vma["start"], 16), end=int(vma["end"], 16),
            perms=vma["perms"], flags=tuple(vma["flags"]), offset=int(vma["offset"], 16),
            name=vma["name"], anon_vma=vma["anon_vma"], rss=vma["rss"])


class Space(Sequence[Area]):
    """The areas of an address space, in address order."""

    def __init__(self, areas: Sequence[Area]):
        self._areas: List[Area] = list(areas)

    @classmethod
    def from_snapshot(cls, snapshot: Mapping[str, Any]) -> "Space":
        """Of a snapshot that has the part vmas."""
        if "vmas" not in snapshot:
            raise KeyError('the call did not want the part "vmas", so there is nothing to draw')
        return cls([Area.from_wire(vma) for vma in snapshot["vmas"]])

    def __getitem__(self, index):  # type: ignore[override]
        return self._areas[index]

    def __len__(self) -> int:
        return len(self._areas)

    def find(self, addr: int) -> Optional[Area]:
        """The area that the address lies in."""
        return next((area for area in self._areas if area.start <= addr < area.end), None)

    def gaps(self) -> List[Tuple[int, int]]:
        """What lies free between two areas, as (start, end)."""
        return [(below.end, above.start) for below, above in zip(self._areas, self._areas[1:])
                if below.end < above.start]

    def __str__(self) -> str:
        lines, end = [], None
        for area in self._areas:
            if end is not None and end < area.start:
                lines.append(f"{'':33}{size_text(area.start - end):>10}  free")
            lines.append(f"{area.start:>16x}-{area.end:<16x}{size_text(area.size):>10}  "
                         f"{area.perms}  {area.label}")
            end = area.end
        return "\n".join(lines)

    def to_svg(self) -> str:
        """A drawing, the highest address on top, as textbooks have it."""
        rows, y, above = [], 4, None
        for area in reversed(self._areas):
            if above is not None and area.end < above:
                rows.append(f'<text x="{_WIDTH / 2}" y="{y + 12}" text-anchor="middle" '
                            f'fill="#777">{size_text(above - area.end)} free</text>')
                y += _GAP
            rows.append(self._svg_row(area, y))
            y += _ROW
            above = area.start
        return (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{_WIDTH}" '
                f'height="{y + 4}" font-family="monospace" font-size="12">'
                f"<title>{len(self)} areas</title>{''.join(rows)}</svg>")

    @staticmethod
    def _svg_row(area: Area, y: int) -> str:
        kind = next((letter for letter in "xwr" if letter in area.perms), "-")
        return (f'<g><title>area {area.id}: {size_text(area.size)}, {size_text(area.rss * 4096)} '
                f'resident</title><rect x="200" y="{y}" width="{_WIDTH - 204}" height="{_ROW}" '
                f'fill="{_FILLS[kind]}" stroke="#555"/>'
                f'<text x="192" y="{y + 17}" text-anchor="end" fill="#555">{area.start:x}</text>'
                f'<text x="208" y="{y + 17}">{area.perms}  {escape(area.label)}</text>'
                f'<text x="{_WIDTH - 10}" y="{y + 17}" text-anchor="end">'
                f"{size_text(area.size)}</text></g>")

    _repr_svg_ = to_svg
