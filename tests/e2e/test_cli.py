#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`vmarium call`, `show` and `shell` against a real server."""
import json
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import tempfile
import termios
import time
import unittest

from vmariumd import PATIENCE

BIN = pathlib.Path(os.environ["VMARIUM_BIN"])

# The same areas whatever the loader makes of a program.
MAPS = """\
00400000-00401000 r-xp 00000000 00:01 1                                  /bin/x
7ffff7ffb000-7ffff7ffd000 r--p 00000000 00:00 0                          [vvar]
7ffff7ffd000-7ffff7fff000 r-xp 00000000 00:00 0                          [vdso]
7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0                          [stack]
"""
FILES = '[{"fd": 3, "name": "data", "size": 20480, "mode": "rw"}]'


def environment(**changes):
    clean = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    return clean | {"LC_ALL": "C.UTF-8", "TERM": "xterm"} | changes


class CliTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = subprocess.Popen(
            [BIN / "vmariumd", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True
        )
        cls.url = cls.server.stdout.readline().strip().removeprefix("listening on ")
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.home = folder.name
        cls.maps = pathlib.Path(folder.name) / "maps"
        cls.maps.write_text(MAPS)

    @classmethod
    def tearDownClass(cls):
        cls.server.send_signal(signal.SIGTERM)
        status = cls.server.wait(timeout=PATIENCE)
        cls.server.stdout.close()
        if status:
            raise AssertionError(f"the server ended with status {status}")

    def vmarium(self, *arguments, stdin="", status=0, **changes):
        run = subprocess.run(
            [BIN / "vmarium", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            env=environment(VMARIUM_SERVER=self.url, **changes),
        )
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        return run

    def call(self, *arguments, **options):
        return json.loads(self.vmarium("call", "--json", *arguments, **options).stdout)

    def new_process(self, *arguments):
        return self.call("process.create", f"maps=@{self.maps}", f"files={FILES}", *arguments)[
            "process"
        ]

    def shell(self, script, *arguments, **options):
        arguments = arguments or (f"maps=@{self.maps}", f"files={FILES}")
        return self.vmarium("shell", *arguments, stdin=script, **options)


class Call(CliTest):
    def test_result_is_printed_for_people_and_for_programs(self):
        process = self.new_process()
        arguments = ("call", "mm.brk", f"process={process}", "addr=0x402000", "want=[]")
        self.assertIn('\n  "ret": "0x402000"', self.vmarium(*arguments).stdout)
        raw = self.vmarium(*arguments, "--json").stdout
        self.assertEqual(raw.count("\n"), 1)
        self.assertEqual(json.loads(raw)["ret"], "0x402000")

    def test_emulated_errors_are_results(self):
        process = self.new_process()
        result = self.call("mm.munmap", f"process={process}", "addr=1", "length=1")
        self.assertEqual((result["ret"], result["errno"]), (-22, "EINVAL"))

    def test_values_are_json_text_and_files(self):
        process = self.new_process()
        result = self.call(
            "mm.mmap",
            f"process={process}",
            "addr=18446744073709547520",
            "length=8192",
            "prot=PROT_READ|PROT_WRITE",
            "flags=MAP_PRIVATE|MAP_ANONYMOUS",
            'want=["maps"]',
        )
        self.assertEqual(result["ret"], "0x7ffff7ff9000")
        self.assertEqual(
            result["snapshot"]["maps"][1], "7ffff7ff9000-7ffff7ffb000 rw-p 00000000 00:00 0 "
        )

    def test_refusals_are_told(self):
        run = self.vmarium("call", "mm.maps", "process=nobody", status=1)
        self.assertEqual(run.stdout, "")
        self.assertRegex(run.stderr, r"the server refuses: .* \(-3200\d\)\n")
        self.assertRegex(run.stderr, r"\n  key +process\.")
        self.assertRegex(run.stderr, r"\n  hint +\w+")
        run = self.vmarium("call", "mm.brk", "process=nobody", "adr=1", status=1)
        self.assertRegex(run.stderr, r"\n  param +\w+")
        error = self.call("mm.frob", status=1)
        self.assertEqual(error["code"], -32601)

    def test_wrong_usage_is_told(self):
        for arguments, message in (
            (("call",), "which METHOD?"),
            (("call", "mm.maps", "process"), "write name=value"),
            (("call", "mm.maps", "a=1", "a=2"), "given twice"),
            (("call", "mm.maps", "a=@/nonexistent/file"), "cannot read"),
            (("frob",), "there is no command 'frob'"),
            (("show",), "which PROCESS?"),
            (("show", "a", "b"), "which PROCESS?"),
            (("show", "a", "--thread", "x"), "'x' is not a number"),
            (("shell", "a", "b"), "'a' is not a parameter"),
            ((), "Usage: vmarium"),
        ):
            self.assertIn(message, self.vmarium(*arguments, status=2).stderr)

    def test_no_server_is_told(self):
        for command in ("call", "show", "shell"):
            run = self.vmarium(command, "x", "--server", "http://127.0.0.1:1", status=2)
            self.assertIn("no answer from http://127.0.0.1:1", run.stderr)

    def test_help_is_everywhere(self):
        self.assertIn("Exit status:", self.vmarium("--help").stdout)
        for command in ("call", "show", "shell", "replay"):
            text = self.vmarium(command, "--help").stdout
            self.assertIn(f"Usage: vmarium {command}", text)
            self.assertIn("Exit status:", text)
            self.assertIn("--server URL", text)
            self.assertIn(f"\n  {command} ", self.vmarium("--help").stdout)


class Show(CliTest):
    def test_areas_and_gaps(self):
        text = self.vmarium("show", self.new_process()).stdout
        self.assertIn("4 areas, 156 KiB mapped", text)
        self.assertRegex(text, r" 400000-401000 +4 KiB  r-xp .* /bin/x\n")
        self.assertRegex(text, r"… +127\.9 TiB  free\n")
        self.assertNotIn("rbtree", text)
        self.assertNotIn("\033", text)

    def test_parts_on_request(self):
        process = self.new_process('resident=["0x400000"]')
        self.call("mm.find_vma", f"process={process}", "addr=0x400000")
        text = self.vmarium("show", process, "--tree", "--cache", "--pagetable").stdout
        self.assertIn("rbtree: 4 nodes", text)
        self.assertEqual(len(re.findall(r"[─ ][RB] [0-9a-f]+-[0-9a-f]+ ", text)), 4)
        self.assertIn("slot 0  400000-401000 /bin/x", text)
        self.assertIn("page tables: 1 pgd", text)
        self.assertRegex(text, r"400000-401000 +4 KiB resident")

    def test_ascii_where_the_locale_has_no_more(self):
        text = self.vmarium("show", self.new_process(), "--tree", LC_ALL="C").stdout
        self.assertTrue(text.isascii())
        self.assertIn("`-- ", text)

    def test_json_is_the_snapshot(self):
        snapshot = json.loads(self.vmarium("show", self.new_process(), "--json", "--cache").stdout)
        self.assertEqual(sorted(snapshot), ["mm", "vmacache", "vmas"])

    def test_unknown_thread_is_refused(self):
        run = self.vmarium("show", self.new_process(), "--cache", "--thread", "9", status=1)
        self.assertIn("thread", run.stderr)


class Foreign(CliTest):
    """What a process is called is up to who made it; a terminal obeys nobody but who sits at it."""
    RED, SHOWN = "\033[31m\x9b1m\x07", r"\u001B[31m\u009B1m\u0007"

    def check(self, run):
        text = run.stdout + run.stderr
        self.assertEqual(re.findall(r"[^\n\t\x20-\x7e\xa0-\U0010ffff]", text), [], text)
        return text

    def test_names_give_no_commands_to_the_terminal(self):
        maps = MAPS.replace("/bin/x", f"/bin/{self.RED}x")
        process = self.call("process.create", f"maps={maps}", "want=[]")["process"]
        share = self.vmarium("share", process).stdout.strip()
        self.call("file.open", f"process={process}", "fd=4", f"name={self.RED}", "size=4096", "mode=rw")
        self.call("mm.find_vma", f"process={process}", "addr=0x400000")
        self.call("mm.munmap", f"process={process}", "addr=0x400000", "length=4096")
        for arguments in (("history", share), ("diff", share, "1"), ("call", "process.get", f"process={share}")):
            self.assertIn(self.SHOWN, self.check(self.vmarium(*arguments)), arguments)
        self.vmarium("rewind", process, "2")
        for arguments in (("show", share), ("show", share, "--tree"), ("show", share, "--cache"),
                          ("call", "mm.maps", f"process={share}"), ("call", "mm.maps", f"process={share}", "--json")):
            self.assertIn(f"/bin/{self.SHOWN}x", self.check(self.vmarium(*arguments)), arguments)

    def test_what_is_told_of_them_does_not_either(self):
        text = self.shell("maps\nshow\n", f"maps={MAPS.replace('/bin/x', self.RED)}").stdout
        self.assertEqual(text.count(self.SHOWN), 2, text)
        self.assertIn(self.SHOWN, self.check(self.vmarium("call", f"mm.{self.RED}", status=1)))
        script = pathlib.Path(self.home) / "script.vms"
        script.write_text(f"# {self.RED}\nbrk {self.RED}(\n")
        self.assertIn(self.SHOWN, self.check(self.vmarium("run", str(script), status=2)))


class Script(CliTest):
    def test_calls_are_answered_as_strace_does_and_changes_drawn(self):
        text = self.shell(
            "brk 0x402000\nmmap 0 8192 rw private\nwrite $\nmmap $+4k 4k none private fixed\n"
            "read $\nmunmap 1 1\nmmap 0 4k r shared fd=3 offset=4k\n"
        ).stdout
        self.assertIn("vmarium> brk 0x402000\nbrk(0x402000) = 0x402000\n+ ", text)
        self.assertIn(
            "mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)"
            " = 0x7ffff7ff9000\n+ 7ffff7ff9000-7ffff7ffb000      8 KiB  rw-p",
            text,
        )
        self.assertIn("write 0x7ffff7ff9000 = ok, after a page fault\n", text)
        self.assertRegex(
            text,
            r"~ 7ffff7ff9000-7ffff7ffa000 +4 KiB  rw-p .*\n  was 7ffff7ff9000-7ffff7ffb000 rw-p\n"
            r"\+ 7ffff7ffa000-7ffff7ffb000 +4 KiB  ---p .*\n  map_count 6 → 7",
        )
        self.assertIn("read 0x7ffff7ffa000 = --- SIGSEGV {si_code=SEGV_ACCERR} ---\n", text)
        self.assertIn("munmap(0x1, 1) = -1 EINVAL (Invalid argument)\n", text)
        self.assertIn("MAP_SHARED, 3, 0x1000) = 0x7ffff7ff8000\n", text)

    def test_threads_have_caches_of_their_own(self):
        text = self.shell(
            "find_vma 0x400000\nthread new\nfind_vma 0x400000\nfind_vma 0x400000\ncache\n"
        ).stdout
        (thread,) = re.findall(r"thread (\d+) makes the next calls", text)
        self.assertIn(f"vmarium (thread {thread})> cache\n", text)
        self.assertIn("2 look-ups, 1 hits", text)

    def test_why_tells_the_steps_under_each_call(self):
        text = self.shell("why zh\nbrk brk+4k\nwhy off\nbrk brk+4k\nwhy\nwrite brk-4k\n").stdout
        # Told in Chinese, then not at all, then in English.
        self.assertEqual(text.count("更新 mm->brk"), 1)
        self.assertEqual(text.count("mm->brk is"), 0)
        self.assertIn("  更新 mm->brk：从 0x401000 变为 0x402000", text)
        self.assertIn("it gets a fresh page of its own, all zeros\n", text)

    def test_pictures_and_texts(self):
        text = self.shell("maps\nstatus\nshow\ntree\ncache\npagetable\nhelp\n").stdout
        for part in (MAPS, "VmPeak:", "4 areas", "rbtree: 4 nodes", "vmacache: ", "page tables: "):
            self.assertIn(part, text)

    def test_mistake_ends_a_script_and_names_line_and_word(self):
        run = self.shell("# comment\n\nmaps\nmunmap 0x1000 4q\nbrk 0x402000\n", status=1)
        self.assertIn("vmarium: line 4, word 3, '4q': a number is wanted", run.stderr)
        self.assertNotIn("brk(", run.stdout)

    def test_refusal_ends_a_script(self):
        run = self.shell("call file.frob\nmaps\n", status=1)
        self.assertIn("the server refuses", run.stderr)
        self.assertNotIn("vmarium> maps", run.stdout)

    def test_any_method_can_be_called(self):
        text = self.shell(
            "call file.open fd=5 name=other size=8192 mode=rw\nmmap 0 8k rw shared fd=5\n"
        ).stdout
        self.assertIn("/other\n", text)

    def test_process_ends_with_the_shell_that_made_it(self):
        text = self.shell("quit\n", f"maps=@{self.maps}", "--keep").stdout
        process = text.splitlines()[-1]
        self.shell("brk 0x402000\n", process)
        self.assertIn("[heap]", self.vmarium("show", process).stdout)
        self.shell("call process.exit\n", process)
        self.vmarium("show", process, status=1)

    def test_json_prints_results_alone(self):
        lines = self.shell("brk 0\nread 0x400000\n", f"maps=@{self.maps}", "--json").stdout
        brk, read = map(json.loads, lines.splitlines())
        self.assertEqual(brk["ret"], "0x401000")
        self.assertEqual(read["fault"], "minor")

    def test_plain_shell_makes_a_program(self):
        text = self.vmarium("shell", stdin="brk +4k\nshow\n").stdout
        for name in ("[heap]", "[stack]", "[vdso]", "[vvar]"):
            self.assertIn(name, text)

    def test_forked_processes_have_memory_of_their_own(self):
        text = self.shell(
            "mmap 0 4k rw private\nfork\nmunmap $ 4k\nmaps\nprocess 0\nmaps\n"
            "fork vm\nmunmap $ 4k\nprocess 0\nmaps\n"
        ).stdout
        self.assertIn("fork() = 0\nprocess 1 makes the next calls\n", text)
        self.assertIn("vmarium (process 1)> munmap $ 4k\nmunmap(0x7ffff7ffa000, 4096) = 0\n", text)
        self.assertIn("vfork() = 0\nprocess 2 makes the next calls\n", text)
        child, parent, after = text.split("> maps\n")[1:]
        area = "7ffff7ffa000-7ffff7ffb000 rw-p"
        self.assertNotIn(area, child)
        self.assertIn(area, parent.split("vmarium> fork")[0])
        self.assertNotIn(area, after)

    def test_switch_to_a_process_that_is_not_there_ends_a_script(self):
        run = self.shell("process 1\n", status=1)
        self.assertIn("there is no process 1; there are 0 to 0", run.stderr)

    def test_forked_processes_end_with_the_shell(self):
        results = map(json.loads, self.shell("fork\nfork\n", "--json").stdout.splitlines())
        for result in results:
            self.vmarium("show", result["process"], status=1)

    def test_exec_takes_the_headers_of_a_file(self):
        text = self.shell("thread new\nexec /bin/ls /\nmaps\nbrk +4k\n", "profile=6.12").stdout
        self.assertIn('execve("/bin/ls") = 0\n', text)
        maps = text.split("vmarium> maps\n")[1]
        self.assertIn(" /bin/ls\n", maps)
        self.assertIn("/lib64/ld-linux-x86-64.so.2\n", maps)
        self.assertIn("555555554000-", maps)
        run = self.shell("exec /nonexistent/x\n", status=1)
        self.assertIn("/nonexistent/x: No such file", run.stderr)

    def test_files_are_truncated(self):
        text = self.shell("mmap 0 8k rw shared fd=3\nwrite $+4k\ntruncate 3 4k\nwrite $+4k\n").stdout
        self.assertIn("ftruncate(3, 4096) = 0\n", text)
        self.assertIn("--- SIGBUS {si_code=BUS_ADRERR} ---", text)

    def test_smaps_is_printed(self):
        text = self.shell("smaps\n").stdout
        self.assertIn("[stack]\nSize: ", text)
        self.assertIn("VmFlags: ", text)

    def test_whole_family_is_understood(self):
        text = self.shell(
            "mmap 0 16k rw private\nmprotect $ 4k r\nmremap $+4k 12k 16k maymove\nmlock $ 4k\n"
            "munlock $ 4k\nmlockall current\nmunlockall\nmadvise $ 4k dontneed\n"
            "mincore $ 8k\nmsync $ 4k sync\nmlock2 $ 4k onfault\nmseal $ 4k\n",
            "profile=6.12",
        ).stdout
        self.assertEqual(len(re.findall(r"^m\w+\(.*\) = (?:0|0x[0-9a-f]+)$", text, re.M)), 12)


class Version(CliTest):
    def test_version_is_printed(self):
        self.assertRegex(self.vmarium("--version").stdout, r"^vmarium \d+\.\d+\.\d+\n$")


class Terminal(CliTest):
    """The shell as a person meets it, behind a terminal."""

    def setUp(self):
        self.open()

    def open(self, **changes):
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            arguments = ["vmarium", "shell", "--server", self.url, f"maps=@{self.maps}"]
            os.execve(BIN / "vmarium", arguments, environment(HOME=self.home, **changes))
        self.addCleanup(os.close, self.terminal)
        self.read_answer()

    def tearDown(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)

    def read(self, seconds=PATIENCE):
        """The next piece of output, empty at the end of it."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            self.fail("nothing more was printed")
        try:
            return os.read(self.terminal, 65536).decode(errors="replace")
        except OSError:
            return ""

    def read_answer(self):
        """What is printed until the next prompt; only then may more be typed."""
        out = ""
        while not out.endswith("\r\nvmarium> "):
            piece = self.read()
            self.assertTrue(piece, f"no prompt came, but {out!r}")
            out += piece
        # The prompt may be printed a moment before single keys are taken, and an interrupt costs no output.
        for _ in range(PATIENCE * 1000):
            if termios.tcgetattr(self.terminal)[3] & (termios.ICANON | termios.NOFLSH) == termios.NOFLSH:
                return out
            time.sleep(0.001)
        self.fail("the terminal does not become that of a line editor")

    def answer(self, line):
        os.write(self.terminal, line.encode() + b"\n")
        return self.read_answer()

    def leave(self):
        os.write(self.terminal, b"\x04")
        while self.read():
            pass
        pid, status = os.waitpid(self.pid, 0)
        self.pid = None
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)

    def test_commands_flags_and_addresses_are_completed(self):
        self.assertIn(
            "MAP_PRIVATE|MAP_ANONYMOUS|MAP_GROWSDOWN, -1, 0) = 0x7ffff7ff9000",
            self.answer("mma\t0 8k rw priv\tgrowsd\t"),
        )
        self.assertIn("/bin/x", self.answer("find\t0x4\t"))
        self.leave()

    def test_mistakes_do_not_end_it_and_colours_are_used(self):
        self.assertIn("no such command", self.answer("frob"))
        self.assertIn("\033[32m+ ", self.answer("brk 0x402000"))
        self.leave()

    def test_no_color_is_respected(self):
        self.leave()
        self.open(NO_COLOR="1")
        out = self.answer("brk 0x402000")
        self.assertIn("\n+ ", out)
        self.assertNotRegex(out, r"\033\[[0-9]+m")
        self.leave()

    def test_interrupt_abandons_the_line_alone(self):
        os.write(self.terminal, b"brk 0x4")
        os.write(self.terminal, b"\x03")
        self.assertIn("brk 0x4", self.read_answer())  # the terminal throws nothing away
        self.assertIn("= 0x405000", self.answer("brk 0x405000"))
        self.leave()

    def test_history_lasts(self):
        self.assertIn("= 0x403000", self.answer("brk 0x403000"))
        self.assertIn("brk(0x403000) = 0x403000", self.answer("\033[A"))
        self.leave()
        self.open()
        self.assertIn("brk(0x403000) = 0x403000", self.answer("\033[A"))
        self.leave()


if __name__ == "__main__":
    unittest.main()
