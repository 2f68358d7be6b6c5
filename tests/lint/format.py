#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every C file is laid out as clang-format 14 lays it out."""
import collections
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
found = collections.defaultdict(list)
for path, line in re.findall(r"^([^:\n]+):(\d+):\d+: ", report, re.MULTILINE):
    found[path].append(line)
for path, lines in found.items():
    lint.complain(path, lines[0], f"laid out otherwise from here; run: clang-format -i {path}")
lint.finish()
