#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the dictionary for scripts calls is what scripts can call."""
import pathlib
import re

import lint

DICTIONARY = pathlib.Path("tests/fuzz/script.dict")
PAGE = pathlib.Path("docs/API.md")
# Of worlds, of the past and of shares: no calls of a script.
APART = {"explain", "list", "share", "unshare"}

methods = set(re.findall(r"^### (?:mm\.|process\.|(?=thread\.|file\.))([a-z0-9_.]+)$", lint.text_of(PAGE), re.M))
written = set(re.findall(r'^"([a-z0-9_.]+)\("$', lint.text_of(DICTIONARY), re.M))
for name in sorted(methods - APART - written):
    lint.complain(DICTIONARY, 1, f'scripts call {name}: add the word "{name}("')
for name in sorted(written - methods):
    lint.complain(DICTIONARY, 1, f"there is no call {name}: drop it")
lint.finish()
