#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""README.md tells the truth: its examples print what it shows.

An ```sh block that is followed by a ```text block is an example, and the text is
what it prints. The examples run in one shell, in order, as a reader would paste
them. In the text … stands for anything, and alone on its line for any lines;
JSON may be laid out as it reads best.
"""
import json
import os
import pathlib
import re
import subprocess
import unittest

from vmariumd import Vmariumd

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = os.path.abspath(os.environ["VMARIUM_BIN"])
# Where the README has its server and its programs; the test's are elsewhere.
ADDRESS = "127.0.0.1:7070"
PROGRAMS = "$PWD/build/release/bin"

BLOCK = r"((?:(?!```).*\n)+)```\n"
EXAMPLE = re.compile(f"^```sh\n{BLOCK}\n```text\n{BLOCK}", re.MULTILINE)
JSON_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')
END = "\x1e\n"  # printed behind each example


def examples():
    """The line, the commands and the shown output of each example."""
    for match in EXAMPLE.finditer(README):
        yield README.count("\n", 0, match.start()) + 1, match[1], match[2]


def is_json(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def compact(text):
    """JSON without the white space between its tokens."""
    return JSON_TOKEN.sub(lambda token: token[1] or "", text)


def agrees(shown, printed):
    """Is what was printed what the README shows, elisions apart?"""
    if is_json(printed):
        pattern = re.escape(compact(shown)).replace("…", ".*?")
        return bool(re.fullmatch(pattern, compact(printed)))
    pattern = "".join(
        "(?:.*\n)*?" if line == "…\n" else re.escape(line).replace("…", ".*?")
        for line in shown.splitlines(keepends=True)
    )
    return bool(re.fullmatch(pattern, printed))


def run(commands, address):
    """Runs each of the commands in the same shell; returns what each printed."""
    script = "".join(f"{text}printf '{END}'\n" for text in commands)
    shell = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input=script.replace(ADDRESS, address).replace(PROGRAMS, BIN),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        cwd=ROOT,
        env=os.environ | {"VMARIUM_SERVER": f"http://{address}", "LC_ALL": "C.UTF-8", "no_proxy": "*"},
    )
    if shell.returncode or shell.stderr:
        raise AssertionError(f"status {shell.returncode}\n{shell.stdout}{shell.stderr}")
    return shell.stdout.replace(address, ADDRESS).split(END)[:-1]


class Examples(unittest.TestCase):
    def test_examples_print_what_the_readme_shows(self):
        lines, commands, shown = zip(*examples())
        with Vmariumd() as server:
            printed = run(commands, f"127.0.0.1:{server.port}")
        self.assertEqual(len(printed), len(commands))
        for line, expected, got in zip(lines, shown, printed):
            with self.subTest(line=line):
                self.assertTrue(
                    agrees(expected, got),
                    f"README.md:{line} shows\n{expected}\nand its commands print\n{got}",
                )

    def test_both_ways_to_call_are_shown(self):
        commands = "".join(text for _, text, _ in examples())
        for command in ("curl", "vmarium call", "vmarium shell", "vmarium show", "vmarium replay"):
            self.assertIn(f"{command} ", commands)


class Agreement(unittest.TestCase):
    """Of what is shown with what is printed."""

    def test_elisions_stand_for_anything(self):
        self.assertTrue(agrees('{"a":"…",\n "b":[1,…]}\n', '{"a":"x y","b":[1,2,3]}\n'))
        self.assertTrue(agrees("a … c\n…\nz\n", "a b c\n1\n2\nz\n"))

    def test_the_rest_must_agree(self):
        self.assertFalse(agrees('{"a":"…","b":2}\n', '{"a":"x","b":1}\n'))
        self.assertFalse(agrees('{"a":"x  y"}\n', '{"a":"x y"}\n'))
        self.assertFalse(agrees("a … c\n", "a b d\n"))
        self.assertFalse(agrees("a … c\n", "a b\nc\n"))
        self.assertFalse(agrees("a\n…\nz\n", "a\nb\n"))


class Names(unittest.TestCase):
    """What the README names in backquotes exists, and of methods all are named."""

    def test_options_are_the_servers(self):
        section = README.partition("## The server's options")[2].partition("\n## ")[0]
        text = subprocess.run(
            [f"{BIN}/vmariumd", "--help"], capture_output=True, text=True, check=True
        ).stdout
        there = set(re.findall(r"--[a-z-]+", text))
        named = set(re.findall(r"`(--[a-z-]+)`", section))
        self.assertTrue(named)
        self.assertEqual(named - there, set())

    def test_methods_are_the_servers(self):
        with Vmariumd() as server, server.connect() as peer:
            there = {method["name"] for method in peer.call("rpc.discover")["methods"]}
        families = "|".join({name.partition(".")[0] for name in there})
        plain = "|".join(name for name in there if "." not in name)
        self.assertEqual(set(re.findall(
            rf"`((?:{families})\.\w+|{plain})`", README)), there)


if __name__ == "__main__":
    unittest.main()
