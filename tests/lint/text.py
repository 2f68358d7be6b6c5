#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""White space, line ends, licence lines, and words that do not belong here."""
import re

import lint

# Recorded data is kept as it was recorded.
DATA = ("tests/fuzz/corpus/", "tests/conformance/traces/")
WIDEST = 100
LICENCE = "SPDX-License-Identifier: MIT"

# Put together from pieces, so that this file may be looked at as well.
WORDS = [
    (
        r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b",
        "do it now, or say in words what is not done and why",
    ),
    (
        r"\b(for" r" now|place" r"holder|not impl" r"emented|unimpl" r"emented)\b",
        "finish it, or describe what is there without apology",
    ),
    (
        r"(?<![\w.])/(?:ho" r"me|ro" r"ot|wo" r"rk|Us" r"ers)/|\.\./sha" r"red\b|\.lib" r"rary/",
        "a path of one machine; name it from the root of the repository",
    ),
    (
        r"deb\.deb" r"ian\.org|registry\.npm" r"js|py" r"pi\.org|python" r"hosted\.org"
        r"|proxy\.go" r"lang|crates\.io" r"/api|node" r"source\.com",
        "a package registry's host; leave it to the package tool's configuration",
    ),
    (
        r"-----BEGIN [A-Z ]*PRIV" r"ATE KEY-----",
        "a secret; take it out of the history too",
    ),
]
PATTERNS = [(re.compile(pattern), advice) for pattern, advice in WORDS]


def check_line(path, number, line):
    if line != line.rstrip():
        lint.complain(path, number, "white space at the end of the line; remove it")
    for pattern, advice in PATTERNS:
        match = pattern.search(line)
        if match:
            lint.complain(path, number, f'"{match[0]}": {advice}')
    if path.suffix in (".c", ".h") and len(line.expandtabs(8)) > WIDEST:
        lint.complain(path, number, f"wider than {WIDEST} columns; break the line")


def check_file(path, text):
    lines = text.split("\n")
    if lines[-1]:
        lint.complain(path, len(lines), "the last line has no end; add a newline")
    elif len(lines) > 1 and not lines[-2]:
        lint.complain(path, len(lines) - 1, "empty lines at the end; remove them")
    if path.suffix in (".c", ".h") and lines[0] != f"/* {LICENCE} */":
        lint.complain(path, 1, f"the first line must be /* {LICENCE} */")
    if path.suffix == ".h" and "#pragma once" not in lines:
        lint.complain(path, 2, "a header needs #pragma once")
    for number, line in enumerate(lines, 1):
        check_line(path, number, line)


for file in lint.tracked():
    content = None if str(file).startswith(DATA) else lint.text_of(file)
    if content:
        check_file(file, content)
lint.finish()
