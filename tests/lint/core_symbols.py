#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The engine calls nothing but itself, memory and string functions and snprintf.

usage: core_symbols.py ARCHIVE, an archive of core built without sanitizers
"""
import re
import subprocess
import sys

import lint

ALLOWED = set(
    "memcpy memmove memset memcmp memchr strlen strcmp strncmp strchr strrchr"
    " snprintf vsnprintf abort".split()
)
# What the compiler and the linker bring in by themselves: arithmetic that the
# processor lacks (__popcountdi2), stack protection, position independence.
RUNTIME = re.compile(r"__[a-z]+[sdt]i[234]|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_")


def symbols(archive, option):
    """(member, symbol) of each line of nm's listing."""
    listing = subprocess.run(
        [lint.need("nm"), option, "-A", archive],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for line in listing.splitlines():
        yield line.split(":")[1], line.split()[-1]


archive = sys.argv[1]
defined = {symbol for _, symbol in symbols(archive, "--defined-only")}
for member, symbol in symbols(archive, "--undefined-only"):
    if symbol not in defined | ALLOWED and not RUNTIME.fullmatch(symbol):
        lint.complain(
            member,
            0,
            f"core calls {symbol}(); let the caller pass in what it needs instead",
        )
lint.finish()
