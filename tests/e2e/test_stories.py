#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stories, told whole: each step's function, key and both sentences, release by release.

The files in stories/ are what people who know the kernel have read beside its source.
`test_stories.py --write` writes them anew: read what changed before it is committed.
"""
import json
import pathlib
import sys
import unittest

from vmariumd import Vmariumd

FOLDER = pathlib.Path(__file__).resolve().parent / "stories"
RELEASES = ("4.0", "5.10", "6.1", "6.12")

# A heap of one page below a mapping of three.
HEAP = {
    "maps": ["200000-201000 rw-p 0 00:00 0 [heap]", "40000000-40003000 rw-p 0 00:00 0"],
    "mm": {"start_brk": 0x200000, "brk": 0x201000},
}
# A static program of one segment, with a bss.
PROGRAM = {
    "path": "/bin/true",
    "type": "exec",
    "entry": "0x400000",
    "headers": [
        {
            "flags": "PF_R|PF_W|PF_X",
            "offset": 0,
            "vaddr": "0x400000",
            "filesz": 0x800,
            "memsz": 0x1800,
        }
    ],
}
STORIES = (
    ("a brk that grows", HEAP, "mm.brk", {"addr": "0x202000"}),
    ("a brk that collides", None, "mm.brk", {"addr": "0x40000000"}),
    ("a munmap that splits", None, "mm.munmap", {"addr": "0x40001000", "length": 4096}),
    ("a brk that shrinks", None, "mm.brk", {"addr": "0x201000"}),
    ("a fork", None, "process.fork", {}),
    ("an exec", None, "process.exec", {"program": PROGRAM, "argv": ["true"]}),
    ("an exit", None, "process.exit", {}),
)


def explain(peer, process, method, params):
    """What the call will do; in English."""
    ask = {"process": process, "method": method, "params": params, "want": ["steps"], "lang": "en"}
    peer.post({"jsonrpc": "2.0", "id": 1, "method": "mm.explain", "params": ask})
    return peer.hear().json["result"]


def tell(peer, release):
    """The lines of all stories of a release."""
    lines, process = [], None
    for title, world, method, params in STORIES:
        if world is not None:
            process = peer.call("process.create", profile=release, want=[], **world)["process"]
        english = explain(peer, process, method, params)
        chinese = peer.call(method, process=process, want=["steps"], lang="zh", **params)
        told = [result.pop("snapshot")["steps"] for result in (english, chinese)]
        chinese.pop("process", None)  # of a child that is not only told of
        assert english == chinese, (english, chinese)
        lines += [f"{title}: {method} {json.dumps(params)}"]
        for one, other in zip(*told, strict=True):
            one, other = dict(one), dict(other)
            lines += [f"  {one['fn']}: {one['what']}", f"    {one.pop('text')}", f"    {other.pop('text')}"]
            assert one == other, (one, other)
        lines += [f"  = {json.dumps(english)}", ""]
    return lines[:-1]


class Stories(unittest.TestCase):
    maxDiff = None

    def test_each_step_of_each_story(self):
        with Vmariumd() as server, server.connect() as peer:
            for release in RELEASES:
                with self.subTest(release=release):
                    written = (FOLDER / f"{release}.txt").read_text("utf-8")
                    self.assertEqual(tell(peer, release), written.splitlines())


def write():
    with Vmariumd() as server, server.connect() as peer:
        for release in RELEASES:
            (FOLDER / f"{release}.txt").write_text("\n".join(tell(peer, release)) + "\n", "utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        unittest.main()
