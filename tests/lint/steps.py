#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each kind of step that the table declares is told somewhere in the engine."""
import pathlib
import re

import lint

FOLDER = pathlib.Path("core/mm")
KINDS = FOLDER / "step_kinds.h"

declared = re.findall(r"\bX\((\w+), \"", lint.text_of(KINDS))
told = set()
for source in lint.tracked(".c"):
    if source.parent == FOLDER:
        text = lint.text_of(source)
        told.update(re.findall(r"\bstep\(\s*[\w>.-]+,\s*(\w+)", text))
        told.update(re.findall(r"\bSTEP_(\w+)", text))
for kind in declared:
    if kind not in told:
        lint.complain(KINDS, 1, f"{kind} is told by nobody: report it where it is decided, or drop it")
if not declared:
    lint.complain(KINDS, 1, "declares no kind of step")
lint.finish()
