#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each numbered behaviour is tested on every release, or named with the reason why not."""
import pathlib
import re

import lint

FOLDER = pathlib.Path("tests/behaviours")
LIST = FOLDER / "NOT_APPLICABLE.md"

# The last number of each letter, and the numbers that have a letter behind.
LAST = {
    "B": 18,
    "M": 38,
    "L": 40,
    "F": 14,
    "U": 15,
    "P": 18,
    "R": 43,
    "K": 25,
    "V": 27,
    "N": 9,
    "Y": 6,
    "G": 10,
    "J": 18,
    "O": 18,
    "X": 12,
    "C": 10,
    "D": 52,
}
EXTRA = {"V23a", "C7a", "C7b"}

NUMBER = r"[A-Z]\d+[a-z]?"
# { "B1 B2 what it says", function }
ROW = re.compile(rf'\{{\s*"((?:{NUMBER} )*)[^"]*"(?:\s*"[^"]*")*,\s*(\w+)\s*\}}')
PLAYED = re.compile(r"^(?:WORLD_)?BEHAVIOUR\((\w+)\)", re.MULTILINE)
REASON = re.compile(rf"^\| ({NUMBER}) \| (.*) \|$", re.MULTILINE)

found = {}


def line_of(text, match):
    return text.count("\n", 0, match.start()) + 1


def note(number, path, line):
    letter, count = number[0], re.match(r"\d+", number[1:])[0]
    if number not in EXTRA and (
        letter not in LAST or number != letter + count or not 1 <= int(count) <= LAST[letter]
    ):
        lint.complain(path, line, f"there is no behaviour {number}; correct the number")
    elif number in found:
        lint.complain(path, line, f"{number} is at {found[number]} already; remove one")
    else:
        found[number] = f"{path}:{line}"


def read_tests(path):
    text = lint.text_of(path)
    played = set(PLAYED.findall(text))
    for row in ROW.finditer(text):
        line = line_of(text, row)
        numbers = row[1].split()
        if not numbers:
            lint.complain(path, line, f"{row[2]} has no number; say which behaviour it tests")
        if row[2] not in played:
            lint.complain(path, line, f"{row[2]} is not played on each release; use BEHAVIOUR()")
        for number in numbers:
            note(number, path, line)


def read_reasons(path):
    text = lint.text_of(path)
    for reason in REASON.finditer(text):
        if not reason[2].strip():
            lint.complain(path, line_of(text, reason), f"{reason[1]} lacks a reason")
        note(reason[1], path, line_of(text, reason))


for file in lint.tracked(".c"):
    if file.parent == FOLDER and file.name.startswith("test_"):
        read_tests(file)
read_reasons(LIST)
wanted = {f"{letter}{i}" for letter, last in LAST.items() for i in range(1, last + 1)} | EXTRA
for missing in sorted(wanted - found.keys(), key=lambda n: (n[0], int(re.findall(r"\d+", n)[0]))):
    lint.complain(LIST, 1, f"{missing} is not tested; test it, or say here why not")
lint.finish()
