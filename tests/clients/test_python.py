#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Python client, installed as users install it, beside a real server."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
from vmariumd import Vmariumd  # noqa: E402

CLIENT = ROOT / "clients/python"
EXAMPLE = re.compile(r"^```python\n((?:(?!```).*\n)+)```\n\n```text\n((?:(?!```).*\n)+)```\n",
                     re.MULTILINE)


def install(folder):
    """A virtual environment with the client in it, made without any network."""
    python = os.path.join(folder, "bin/python")
    source = os.path.join(folder, "source")
    subprocess.run(["/usr/bin/python3", "-m", "venv", "--system-site-packages", folder], check=True)
    # A copy: the build would leave its output beside the sources.
    subprocess.run(["cp", "-r", CLIENT, source], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-index", "--no-build-isolation",
                    "--disable-pip-version-check", source], check=True)
    return python


class PythonClient(unittest.TestCase):
    """Each test has the installed client and a server."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.python = install(cls.folder.name)
        cls.server = cls.enterClassContext(Vmariumd())

    def run_python(self, script, *args):
        """What a script prints; it fails with its traceback."""
        # Not -X dev: asyncio would complain of each step that a busy machine makes last 100 ms.
        done = subprocess.run(
            [self.python, "-W", "error", "-X", "faulthandler", "-c", script, *args], cwd=self.folder.name,
            env={**os.environ, "VMARIUM_SERVER": self.server.url, "PYTHONPATH": "", "PYTHONMALLOC": "debug"},
            capture_output=True, text=True, timeout=600, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        return done.stdout

    def test_every_method_is_there(self):
        document = self.run_python(
            "import vmarium, json\n"
            "with vmarium.Client() as client:\n"
            "    print(json.dumps(dict(client.rpc_discover())))")
        subprocess.run([sys.executable, "-B", CLIENT / "generate.py", "--check"], input=document,
                       text=True, check=True)

    def test_examples_print_what_the_page_shows(self):
        examples = EXAMPLE.findall((CLIENT / "README.md").read_text(encoding="utf-8"))
        self.assertGreaterEqual(len(examples), 4)
        for script, shown in examples:
            with self.subTest(script=script.splitlines()[0]):
                self.assertEqual(self.run_python(script), shown)

    def test_families_threads_and_batches(self):
        self.assertEqual(self.run_python("""
import vmarium
with vmarium.Client() as client, client.create() as p:
    at = p.mmap(0, 8192, 3, 0x22).unwrap()
    p.access(at, "write")
    child = p.spawn()
    print(child.access(at, "write")["fault"], child.space.find(at).rss)
    thread = p.spawn_thread()
    print(thread.thread, thread.mincore(at, 8192)["vec"])
    with p.batch() as batch:
        good, bad = batch.brk(0), batch.mincore(at, "x")
    print(good.result.ok)
    try:
        bad.result
    except vmarium.ParamsError as error:
        print(error.param)
    child.exit()
    try:
        child.brk(0)
    except vmarium.ProcessGone as error:
        print(error.key)
    print(client.attach(p.name).munmap(at, 4096).ret, "svg" in p._repr_svg_())
    print(p.name in repr(p))
"""), "minor 1\n2 10\nTrue\nlength\nprocess.gone\n0 True\nFalse\n")

    def test_names_give_no_commands_to_the_terminal(self):
        self.assertEqual(self.run_python(r"""
import vmarium
name = "/bin/\033[31m\x9bm"
with vmarium.Process(maps=["00400000-00401000 r-xp 00000000 " + name]) as p:
    area = p.space[0]
    print(area.name == name, area.label, area.label in str(p.space), area.label in p._repr_svg_())
"""), "True /bin/\\u001B[31m\\u009Bm True True\n")

    def test_both_clients_outlive_a_hang_up(self):
        self.assertEqual(self.run_python("""
import asyncio, vmarium
client = vmarium.Client()
client.profile_list()
client._connection.sock.shutdown(1)
client._connection.sock.recv(1) and None
print(len(client.profile_list()["profiles"]))
client.close()

async def main():
    async with vmarium.AsyncClient() as client:
        answers = await asyncio.gather(*(client.create(want=[]) for _ in range(40)))
        print(len({p.name for p in answers}))
        try:
            await client.attach("nobody").brk(0)
        except vmarium.ProcessUnknown as error:
            print(error.code)
asyncio.run(main())
"""), "4\n40\n-32001\n")

    def test_no_server_and_no_rpc_are_said(self):
        self.assertEqual(self.run_python("""
import vmarium
for url in ("http://127.0.0.1:1", "unix:/nowhere", "ftp://here"):
    try:
        vmarium.Client(url).profile_list()
    except (vmarium.TransportError, ValueError) as error:
        print(type(error).__name__)
"""), "TransportError\nTransportError\nValueError\n")


if __name__ == "__main__":
    unittest.main()
