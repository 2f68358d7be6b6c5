#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Paths that the documents name in `backquotes` exist."""
import re

import lint

FOLDERS = "core|proto|server|clients|tests|deploy|\\.ci"
# One plain path; capitals stand for a name: tests/fuzz/fuzz_NAME.c.
PATH = re.compile(rf"`((?:{FOLDERS})/[a-z0-9_./-]*)`")

for document in lint.tracked(".md"):
    for number, line in enumerate(lint.text_of(document).splitlines(), 1):
        for path in PATH.findall(line):
            if not (lint.ROOT / path).exists():
                lint.complain(document, number, f"{path} does not exist; name what does")
lint.finish()
