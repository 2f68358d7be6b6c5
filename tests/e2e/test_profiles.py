#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""core/mm/PROFILES.md is the engine's own table of what releases differ in.

    VMARIUM_BIN=build/dev/bin tests/e2e/test_profiles.py --write

writes it anew, from what profile.list answers.
"""
import pathlib
import sys
import unittest

from vmariumd import Vmariumd

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "core/mm/PROFILES.md"
INTRODUCTION = """\
# What releases differ in

The engine has one implementation of each call. Where releases differ it asks the
profile of the machine that it emulates, by the names below; the table they come
from is `core/mm/profile.h`. A reference such as D1 names the change in the list
of behaviours that the tests cite. `vmarium profiles A B` prints how two releases
differ. `tests/e2e/test_profiles.py --write` writes this page from the code.

"""
LEFT_OUT = """
## Left out

Linux 5.10 has a bug that the engine does not share. Where `MREMAP_DONTUNMAP` moves
the middle of an accounted area, it marks the next area as accounted. The kernel
crashes where there is no next area, which is so for the stack: seen on 5.10.223.

Later versions of a release may differ from the one that judged it. Linux 6.12.107 merges
what `MREMAP_DONTUNMAP` moves with the rest of its source where the two touch; 6.12.117
keeps them apart.
"""


def row(*cells):
    return f"| {' | '.join(map(str, cells))} |\n"


def table(profiles, first, rows):
    """A Markdown table with one column a profile."""
    head = row(*first, *(profile["name"] for profile in profiles))
    return head + "|" + "---|" * (len(first) + len(profiles)) + "\n" + "".join(rows)


def document(answer):
    """PROFILES.md, from what profile.list answers."""
    profiles = answer["profiles"]
    judges = row("judged by Linux", *(profile["release"] for profile in profiles))
    constants = [
        row(f"`{name}`", *(profile["constants"][name] for profile in profiles))
        for name in profiles[0]["constants"]
    ]
    behaviours = [
        row(
            f"`{one['name']}`",
            one["about"],
            one["reference"] or "",
            *("●" if profile["behaviours"][one["name"]] else "" for profile in profiles),
        )
        for one in answer["behaviours"]
    ]
    return (
        INTRODUCTION
        + table(profiles, ["constant"], [judges, *constants])
        + "\n"
        + table(profiles, ["behaviour", "what it means", "reference"], behaviours)
        + LEFT_OUT
    )


def ask():
    with Vmariumd() as server, server.connect() as peer:
        return peer.call("profile.list")


class Profiles(unittest.TestCase):
    maxDiff = None

    def test_document_is_what_the_engine_says(self):
        self.assertEqual(
            DOCUMENT.read_text(encoding="utf-8"),
            document(ask()),
            "core/mm/PROFILES.md is out of date: tests/e2e/test_profiles.py --write",
        )

    def test_every_behaviour_tells_releases_apart(self):
        answer = ask()
        for one in answer["behaviours"]:
            with self.subTest(name=one["name"]):
                holds = {profile["behaviours"][one["name"]] for profile in answer["profiles"]}
                self.assertEqual(holds, {False, True})


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        DOCUMENT.write_text(document(ask()), encoding="utf-8")
    else:
        unittest.main()
