# SPDX-License-Identifier: MIT
"""What the lints share: which files to look at, and how to complain."""
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77  # what ctest takes for "skipped"

complaints = 0


def tracked(*suffixes):
    """The tracked files that exist, relative to ROOT; of any suffix if none is given."""
    need("git")
    # The tree may belong to somebody else: in a container, for instance.
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode:
        skip(f"git does not list the files: {listing.stderr.strip()}")
    paths = map(pathlib.Path, listing.stdout.rstrip("\0").split("\0"))
    return sorted(
        path
        for path in paths
        if (ROOT / path).is_file() and (not suffixes or path.suffix in suffixes)
    )


def text_of(path):
    """The file's text, or None if it is binary."""
    try:
        text = (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def complain(path, line, what):
    """Reports one fault; `what` says what is wrong and what to do."""
    global complaints
    complaints += 1
    print(f"{path}:{line}: {what}")


def skip(reason):
    """Ends the lint unheard: a skip for a person, a failure for CI."""
    print(f"skipped: {reason}")
    sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)


def need(tool):
    """The path of a program; ends the lint if it is not installed."""
    path = shutil.which(tool)
    if not path:
        skip(f"{tool} is not installed; deploy/deps --tests installs it")
    return path


def finish():
    """Ends the lint with what was found."""
    if complaints:
        print(f"{complaints} to mend")
    sys.exit(1 if complaints else 0)
