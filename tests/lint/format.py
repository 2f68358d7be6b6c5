#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every C file is laid out as clang-format 14 lays it out."""
import re
import shutil
import subprocess

import lint

VERSION = 14  # others disagree with it in details
tool = shutil.which(f"clang-format-{VERSION}") or lint.need("clang-format")
version = subprocess.run(
    [tool, "--version"], capture_output=True, text=True, check=True
).stdout
if f"version {VERSION}." not in version:
    lint.skip(f"clang-format {VERSION} is wanted, but this is {version.strip()}")

sources = lint.tracked(".c", ".h")
report = subprocess.run(
    [tool, "--dry-run", *sources],
    cwd=lint.ROOT,
    capture_output=True,
    text=True,
    check=False,
).stderr
seen = set()
for path, line in re.findall(r"^([^:\n]+):(\d+):\d+: ", report, re.MULTILINE):
    if (path, line) not in seen:
        seen.add((path, line))
        lint.complain(path, line, f"run: clang-format -i {path}")
lint.finish()
