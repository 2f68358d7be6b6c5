#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/OPERATING.md tells of the server as it is: options, tokens, metrics, methods, its example of a configuration."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from tokens import make_token
from vmariumd import PATIENCE, Vmariumd, binary, get

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/OPERATING.md"
TEXT = PAGE.read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.M | re.S)


def names():
    """What stands in backquotes and could be an option, by its form."""
    help_text = subprocess.run([binary(), "--help"], capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"^  --([a-z-]+)", help_text, re.M))
    told = set(re.findall(r"`((?:max|process|drain|log|allow)-[a-z-]+)`", TEXT))
    return options, told


class Page(unittest.TestCase):
    def test_its_options_are_the_servers(self):
        options, told = names()
        self.assertGreater(len(told), 8)
        self.assertLessEqual(told, options)

    def test_its_configuration_and_tokens_are_taken(self):
        config, = blocks("ini")
        watch, line = make_token("watcher", "operator")
        with tempfile.TemporaryDirectory() as folder:
            tokens, path = pathlib.Path(folder, "tokens"), pathlib.Path(folder, "conf")
            example, = [text for text in blocks("text") if " student " in text]
            # Days pass: the example's may be over.
            tokens.write_text(re.sub(r" expires=\S+", "", example) + line + "\n", encoding="ascii")
            self.assertIn("/etc/vmarium/tokens", config)
            path.write_text(config.replace("/etc/vmarium/tokens", str(tokens)), encoding="ascii")
            with Vmariumd("--config", str(path)) as server, server.connect() as peer:
                answer = peer.ask(get("/metrics", b"Authorization: Bearer " + watch.encode() + b"\r\n"))
        self.assertEqual(answer.status, 200)
        there = set(re.findall(r"^# TYPE (\S+)", answer.body.decode(), re.M))
        self.assertLessEqual(set(re.findall(r"`((?:vmarium|process)_[a-z_]+)`", TEXT)), there)

    def test_its_commands_are_shells(self):
        for text in blocks("sh"):
            subprocess.run(["bash", "-n"], input=text, text=True, check=True, timeout=PATIENCE)

    def test_nft_takes_the_rules(self):
        nft = shutil.which("nft", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
        if not nft or os.geteuid():
            self.skipTest("this machine has no nft, or we are not root")
        rules, = [text for text in blocks("text") if "table inet" in text]
        judged = subprocess.run([nft, "-c", "-f", "-"], input=rules, capture_output=True, text=True,
                                timeout=PATIENCE, check=False)
        if "Operation not" in judged.stderr:
            self.skipTest("the kernel lets nobody ask: " + judged.stderr.splitlines()[-1])
        self.assertEqual((judged.returncode, judged.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
