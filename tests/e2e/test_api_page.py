#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/API.md is what the server says of itself.

    VMARIUM_BIN=build/dev/bin tests/e2e/test_api_page.py --write

writes it anew, from GET /openrpc.json.
"""
import pathlib
import re
import sys
import unittest

from api_page import anchor, page
from vmariumd import Vmariumd, get

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/API.md"


def ask():
    with Vmariumd() as server, server.connect() as peer:
        return peer.ask(get("/openrpc.json")).json


class ApiPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = ask()
        cls.text = PAGE.read_text(encoding="utf-8")

    def test_page_is_what_the_server_says(self):
        # Not assertEqual, whose difference of two long pages takes minutes.
        if self.text != page(self.document):
            self.fail("docs/API.md is out of date: tests/regenerate")

    def test_every_method_parameter_and_error_is_told(self):
        for method in self.document["methods"]:
            section = re.search(rf"^### {re.escape(method['name'])}\n.*?(?=^##)", self.text,
                                re.MULTILINE | re.DOTALL)
            self.assertIsNotNone(section, method["name"])
            for param in method["params"]:
                self.assertIn(f"| `{param['name']}` |", section[0])
        for key in self.document["components"]["errors"]:
            self.assertIn(f"\n| `{key}` |", self.text)

    def test_links_lead_somewhere(self):
        headings = {anchor(title) for title in re.findall(r"^#+ (.*)$", self.text, re.MULTILINE)}
        links = set(re.findall(r"\]\(#([^)]*)\)", self.text))
        self.assertGreater(len(links), 40)
        self.assertEqual(links - headings, set())


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page(ask()), encoding="utf-8")
    else:
        unittest.main()
