#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No common misspelling in sources and documents; tests misspell on purpose."""
import re
import subprocess

import lint

# nd: a macro of manual pages.
files = [path for path in lint.tracked() if path.parts[0] != "tests"]
report = subprocess.run(
    [lint.need("codespell"), "-L", "nd", "--", *files],
    cwd=lint.ROOT,
    capture_output=True,
    text=True,
    check=False,
).stdout
for path, line, word in re.findall(r"^([^:\n]+):(\d+): (.*)", report, re.MULTILINE):
    lint.complain(path, line, f"{word}, probably")
lint.finish()
