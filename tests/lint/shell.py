#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shell scripts parse and shellcheck has nothing to say; they can be run."""
import os
import re
import subprocess

import lint


def is_shell(path):
    with open(lint.ROOT / path, "rb") as file:
        return re.match(rb"#!.*\b(ba)?sh\b", file.readline()) is not None


def findings(command):
    """file:line: message of each line that a checker of scripts prints."""
    result = subprocess.run(
        command, cwd=lint.ROOT, capture_output=True, text=True, check=False
    )
    for line in (result.stdout + result.stderr).splitlines():
        match = re.match(r"([^:]+):(?: line )?(\d+):(.*)", line)
        if match:
            yield match[1], match[2], match[3].strip()


scripts = [path for path in lint.tracked() if is_shell(path)]
for script in scripts:
    if not os.access(lint.ROOT / script, os.X_OK):
        lint.complain(script, 1, f"is no program; run: chmod +x {script}")
    for path, line, message in findings(["bash", "-n", script]):
        lint.complain(path, line, message)
for path, line, message in findings([lint.need("shellcheck"), "-f", "gcc", *scripts]):
    lint.complain(path, line, message)
lint.finish()
