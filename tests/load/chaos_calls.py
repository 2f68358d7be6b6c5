# SPDX-License-Identifier: MIT
"""What the clients of chaos.py ask for: any call, about any process that one of them has made."""
import collections
import random

from vmariumd import request

AREAS = 1200        # of a process that is large
KNOWN = 60          # processes that clients remember
BASE, PAGE = 0x100000000, 4096
PARTS = ("mm", "vmas", "vmacache", "rbtree", "pagetable", "maps", "status", "diff", "steps")


class Dice(random.Random):
    def chance(self, share):
        return self.random() < share

    def pieces(self, data):
        """@data, cut somewhere or nowhere."""
        while data and self.chance(0.4):
            at = self.randint(1, len(data))
            yield data[:at]
            data = data[at:]
        if data:
            yield data


class Names:
    """Of processes and of shares, as clients learn them; the oldest are forgotten."""

    def __init__(self):
        self.large, self.recent = [], collections.deque(maxlen=KNOWN)

    def small(self, dice):
        return "a" * 32 if not self.recent or dice.chance(0.02) else dice.choice(self.recent)

    def any(self, dice):
        return dice.choice(self.large) if dice.chance(0.3) else self.small(dice)

    def learn(self, result):
        for key in ("process", "share"):
            if isinstance(result.get(key), str):
                self.recent.append(result[key])


# ---------------------------------------------------------------------- calls


def address(dice):
    return BASE + dice.randrange(2 * AREAS + 8) * PAGE


def wanted(dice):
    return dice.sample(PARTS, dice.choice((0, 0, 0, 1, 2, 3)))


def length(dice):
    return PAGE * dice.choice((1, 1, 1, 2, 16, 2 * AREAS))


PROGRAM = {"path": "/bin/true", "type": "exec", "entry": "0x400000",
           "headers": [{"flags": "PF_R|PF_X", "offset": 0, "vaddr": "0x400000", "filesz": 4096, "memsz": 4096}]}

CALLS = {
    "mm.mmap": lambda d: {"addr": address(d), "length": PAGE * d.randint(1, 4), "prot": d.choice((0, 1, 3)),
                          "flags": d.choice((0x22, 0x32, 0x21))},
    "mm.munmap": lambda d: {"addr": address(d), "length": PAGE * d.choice((1, 1, 2, 8))},
    "mm.mprotect": lambda d: {"addr": address(d), "length": length(d), "prot": d.choice((0, 1, 3))},
    "mm.mremap": lambda d: {"old_address": address(d), "old_size": PAGE, "new_size": PAGE * d.randint(1, 4),
                            "flags": 1},
    "mm.madvise": lambda d: {"addr": address(d), "length": length(d), "advice": d.choice((0, 4, 10, 11))},
    "mm.mlock": lambda d: {"addr": address(d), "length": PAGE},
    "mm.munlockall": lambda d: {},
    "mm.brk": lambda d: {"addr": d.choice((0, 0x601000 + d.randrange(64) * PAGE))},
    "mm.access": lambda d: {"addr": address(d), "type": d.choice(("read", "write", "exec"))},
    "mm.find_vma": lambda d: {"addr": address(d)},
    "mm.mincore": lambda d: {"addr": address(d), "length": PAGE * d.randint(1, 9)},
    "thread.create": lambda d: {},
    "thread.exit": lambda d: {"thread": d.randint(2, 4)},
    "process.fork": lambda d: {},
    "process.exec": lambda d: {"program": PROGRAM, "argv": ["true"]},
    "world.branch": lambda d: d.choice(({}, {"seq": d.randrange(4000)})),
    "history.rewind": lambda d: {"seq": d.randrange(90)},
    "history.at": lambda d: {"seq": d.randrange(4000)},
    "mm.snapshot": lambda d: {},
    "mm.maps": lambda d: {},
    "mm.smaps": lambda d: {},
    "mm.explain": lambda d: {"method": "mm.munmap", "params": {"addr": address(d), "length": length(d)}},
}
# Nothing large would be left.
RUINOUS = {"history.rewind", "process.exec"}
# Without an id they are notifications.
QUIET = {"mm.mmap", "mm.munmap", "mm.mprotect", "mm.mremap", "mm.brk", "mm.access"}
# These take no parts of a snapshot.
PLAIN = {
    "process.get": lambda d, n: {},
    "process.share": lambda d, n: {},
    "history.list": lambda d, n: {"answers": d.chance(0.3)},
    "history.diff": lambda d, n: {"from": d.randrange(4000), **({"other": n.any(d)} if d.chance(0.5) else {})},
    "world.export": lambda d, n: {"form": d.choice(("document", "link"))},
}


def call_of(method, params, ident):
    """As request(), which takes no parameter named method."""
    return request(method, ident) | {"params": params}


def some_call(dice, names):
    """A method and its parameters."""
    draw = dice.random()
    if draw < 0.1:
        return "process.create", {"want": wanted(dice)[:1], "history": dice.choice((0, 16, 10000, "all"))}
    if draw < 0.12:
        return "process.exit", {"process": names.recent[0] if names.recent else "b" * 32}
    if draw < 0.14:
        script = f"mmap({BASE:#x}, 4096, rw, private|fixed)\n" * dice.randint(1, 60)
        return "script.run", {"process": names.any(dice), "script": script, "want": wanted(dice)}
    if draw < 0.25:
        method = dice.choice(list(PLAIN))
        return method, {"process": names.any(dice), **PLAIN[method](dice, names)}
    method = dice.choice(list(CALLS))
    name = names.small(dice) if method in RUINOUS else names.any(dice)
    return method, {"process": name, "want": wanted(dice), **CALLS[method](dice)}
