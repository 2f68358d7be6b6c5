#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each kind of step that the tables declare is told somewhere in core."""
import pathlib
import re

import lint

FOLDER = pathlib.Path("core")
KINDS = FOLDER / "mm" / "step_kinds"

declared = {}
for table in lint.tracked(".h"):
    if table.parent == KINDS:
        declared |= dict.fromkeys(re.findall(r"\bX\((\w+), \"", lint.text_of(table)), table)
told = set()
for source in lint.tracked(".c"):
    if FOLDER in source.parents:
        text = lint.text_of(source)
        told.update(re.findall(r"\bstep(?:_of)?\(\s*&?[\w>.-]+,\s*(\w+)", text))
        told.update(re.findall(r"\bSTEP_(\w+)", text))
for kind, table in declared.items():
    if kind not in told:
        lint.complain(table, 1, f"{kind} is told by nobody: report it where it is decided, or drop it")
if not declared:
    lint.complain(KINDS, 1, "declares no kind of step")
lint.finish()
