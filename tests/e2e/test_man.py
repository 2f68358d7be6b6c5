# SPDX-License-Identifier: MIT
"""The manual pages and the shells' completion tell of the programs as they are."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = os.path.abspath(os.environ["VMARIUM_BIN"])
PAGES = {"vmariumd.8": "vmariumd", "vmariumd.conf.5": "vmariumd",
         "vmarium.1": "vmarium", "vmarium-bench.1": "vmarium-bench"}
NAME = r"-[a-z]\b|--[a-z][a-z-]*"


def output(*command, **how):
    return subprocess.run(command, capture_output=True, text=True, check=True,
                          timeout=60, **how).stdout


def page(name):
    return pathlib.Path(BIN).parent.joinpath("man", name).read_text()


def help_of(*command):
    return output(f"{BIN}/{command[0]}", *command[1:], "--help")


def options(text):
    """Those that --help lists, as it writes them."""
    found = set()
    for line in re.findall(r"^  (-.*)$", text, re.M):
        for name in re.split(r", | ", line):
            if not re.fullmatch(NAME, name):
                break
            found.add(name)
    return found


def tagged(mdoc):
    """Those that the lists of a page's source explain."""
    items = re.findall(r"^\.It (Fl .*)$", mdoc, re.M)
    return {"-" + name.replace("Fl ", "-") for item in items
            for name in re.findall(r"Fl ((?:Fl )?[a-z-]+)", item)}


def commands():
    section = help_of("vmarium").partition("Commands:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  ([a-z]+)", section, re.M)


def needs(tool):
    """Skips where a tool is missing, but not where everything must be tested."""
    if not shutil.which(tool):
        if os.environ.get("CI") == "true":
            raise AssertionError(f"{tool} is missing; run deploy/deps --tests")
        raise unittest.SkipTest(f"this machine has no {tool}")


class Pages(unittest.TestCase):
    def test_options_are_the_programs(self):
        for name in ("vmariumd.8", "vmarium-bench.1"):
            there = options(help_of(PAGES[name]))
            self.assertGreater(len(there), 10)
            self.assertEqual(tagged(page(name)), there)

    def test_commands_are_the_programs(self):
        sections = re.split(r"^\.S[sh] (.*)\n", page("vmarium.1"), flags=re.M)
        told = dict(zip(sections[1::2], sections[2::2]))
        self.assertEqual(re.findall(r"^\.Ss (.*)$", page("vmarium.1"), re.M),
                         commands())
        for command in commands():
            self.assertEqual(tagged(told[command]),
                             options(help_of("vmarium", command)))

    def test_a_program_that_fails_makes_no_page(self):
        with tempfile.TemporaryDirectory() as folder:
            for line in ("@options", "@settings", "@help", "@commands"):
                template = pathlib.Path(folder, "page.in")
                template.write_text(line + "\n")
                made = subprocess.run(["bash", ROOT / "man/render", template, "false"], capture_output=True,
                                      check=False, timeout=60)
                self.assertNotEqual(made.returncode, 0, line)

    def test_settings_are_the_servers(self):
        named = re.findall(r"^\.It Cm (.*)$", page("vmariumd.conf.5"), re.M)
        there = options(help_of("vmariumd"))
        self.assertEqual({f"--{name}" for name in named},
                         there - {"--config", "--help", "--new-token", "--version"})
        example = re.findall(r"^([a-z-]+) = ", page("vmariumd.conf.5"), re.M)
        self.assertTrue(set(example) <= set(named))

    def test_the_example_of_a_config_is_taken(self):
        text = page("vmariumd.conf.5").partition("\n# Behind")[2]
        text = "# Behind" + text.partition("\n.Ed")[0]
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder, "vmariumd.conf")
            config.write_text(text.replace("/run/vmarium", folder))
            server = subprocess.Popen([f"{BIN}/vmariumd", "--config", config],
                                      stdout=subprocess.PIPE, text=True)
            line = server.stdout.readline()
            server.terminate()
            server.communicate(timeout=60)
            self.assertEqual(line, f"listening on unix:{folder}/socket\n")

    def test_groff_takes_them(self):
        needs("groff")
        for name in PAGES:
            judged = subprocess.run(
                ["groff", "-mdoc", "-ww", "-z", "-Tutf8"], input=page(name),
                capture_output=True, text=True, timeout=60, check=True)
            self.assertEqual(judged.stderr, "", name)

    def test_groff_prints_what_help_says(self):
        needs("groff")
        for name in ("vmarium-bench.1", "vmariumd.8"):
            printed = output("groff", "-mdoc", "-Tascii", "-P-cbou",
                             input=page(name))
            words = " ".join(re.sub(r"-\n\s+", "-", printed).split())
            for option in options(help_of(PAGES[name])):
                self.assertIn(option, words)

    def test_mandoc_takes_them(self):
        if not shutil.which("mandoc"):
            self.skipTest("this machine has no mandoc")
        for name in PAGES:
            judged = subprocess.run(
                ["mandoc", "-Tlint", "-Wwarning"], input=page(name),
                capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(judged.stdout, "", name)


def complete(*words):
    """What bash offers for the last of the words."""
    script = (f'. "{ROOT}/deploy/completion/vmarium.bash"\n'
              'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))\n'
              '_vmarium_complete "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"\n'
              'printf "%s\\n" "${COMPREPLY[@]}"\n')
    printed = output("bash", "-euo", "pipefail", "-c", script, "bash",
                     f"{BIN}/{words[0]}", *words[1:])
    return printed.split()


class Completion(unittest.TestCase):
    def test_bash_knows_the_programs(self):
        known = output("bash", "-c",
                       f'. "{ROOT}/deploy/completion/vmarium.bash"\n'
                       "complete -p vmariumd vmarium vmarium-bench")
        self.assertEqual(known.count("_vmarium_complete"), 3)

    def test_bash_offers_options(self):
        self.assertEqual(set(complete("vmariumd", "-")),
                         options(help_of("vmariumd")))
        self.assertEqual(complete("vmariumd", "--max-he"), ["--max-header"])
        self.assertEqual(set(complete("vmarium-bench", "--")),
                         options(help_of("vmarium-bench")))
        for command in commands():
            self.assertEqual(set(complete("vmarium", command, "-")),
                             options(help_of("vmarium", command)))

    def test_bash_offers_commands_and_scenarios(self):
        self.assertEqual(complete("vmarium", ""), commands())
        self.assertEqual(complete("vmarium", "rec"), ["record"])
        self.assertIn("threads", complete("vmarium-bench", ""))
        self.assertEqual(complete("vmariumd", ""), [])

    def test_bash_offers_values(self):
        self.assertEqual(complete("vmariumd", "--log-level", "w"), ["warn"])
        path = str(ROOT / "README")
        self.assertEqual(complete("vmariumd", "--config", path),
                         [f"{path}.md"])
        self.assertEqual(complete("vmarium", "replay", path), [f"{path}.md"])
        self.assertIn("bash", complete("vmarium", "record", "bas"))

    def test_other_shells_take_theirs(self):
        for shell, file in (("zsh", "_vmarium"), ("fish", "vmarium.fish")):
            if shutil.which(shell):
                output(shell, "-n", ROOT / "deploy/completion" / file)
        if not shutil.which("zsh") and not shutil.which("fish"):
            self.skipTest("this machine has neither zsh nor fish")


if __name__ == "__main__":
    unittest.main()
