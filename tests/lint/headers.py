#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Headers are the manual: every function declared in one is described above it.

Declarations on adjacent lines may share one description. Static inline helpers
need one only where their name does not say it all.
"""
import re

import lint

FOLDERS = ("core", "proto", "server", "clients")
# A declaration at the margin, up to its parameters.
FUNCTION = re.compile(
    r"^(?!static|_Static_assert|__attribute__)[a-z_][\w \t]*[ \t*](\w+)\(", re.ASCII
)
# struct page; before the one function that speaks of it.
FORWARD = re.compile(r"^struct \w+;$")


def is_described(lines, index):
    """Whether a comment, or a described neighbour, ends right above the line."""
    above = lines[index - 1].rstrip() if index else ""
    if above.endswith("*/"):
        return True
    if FORWARD.match(above):
        return is_described(lines, index - 1)
    if not above.endswith(";") or above == "};":
        return False
    # The neighbour above: its first line is the nearest one at the margin.
    index -= 1
    while index and lines[index][:1].isspace():
        index -= 1
    return FUNCTION.match(lines[index]) is not None and is_described(lines, index)


for header in lint.tracked(".h"):
    if header.parts[0] not in FOLDERS:
        continue
    text = lint.text_of(header).splitlines()
    for at, line in enumerate(text):
        function = FUNCTION.match(line)
        if function and not is_described(text, at):
            lint.complain(
                header,
                at + 1,
                f"{function[1]}() is not described; say above it what it does, who owns"
                " what, each error with its cause, and what it costs",
            )
lint.finish()
