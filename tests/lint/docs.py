#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Paths and functions() that the documents name in `backquotes` exist."""
import re

import lint

FOLDERS = "core|proto|server|clients|docs|tests|deploy|\\.ci"
# One plain path; capitals stand for a name: tests/fuzz/fuzz_NAME.c.
PATH = re.compile(rf"`((?:{FOLDERS})/[a-z0-9_./-]*)`")
FUNCTION = re.compile(r"`(\w+)\(\)`")

sources = map(lint.text_of, lint.tracked(".c", ".h"))
functions = {name for text in sources if text for name in re.findall(r"\b(\w+)\(", text)}

for document in lint.tracked(".md"):
    for number, line in enumerate(lint.text_of(document).splitlines(), 1):
        for path in PATH.findall(line):
            if not (lint.ROOT / path).exists():
                lint.complain(document, number, f"{path} does not exist; name what does")
        for function in FUNCTION.findall(line):
            if function not in functions:
                lint.complain(document, number, f"there is no {function}(); name what there is")
lint.finish()
