#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Paths that the documents name in `backquotes` exist."""
import re

import lint

FOLDERS = "core|proto|server|clients|tests|deploy|\\.ci"
# Only what is spelt as one plain path: no <names>, patterns or arguments.
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")

for document in lint.tracked(".md"):
    for number, line in enumerate(lint.text_of(document).splitlines(), 1):
        for path in PATH.findall(line):
            if not (lint.ROOT / path).exists():
                lint.complain(document, number, f"{path} does not exist; name what does")
lint.finish()
