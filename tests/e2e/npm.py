# SPDX-License-Identifier: MIT
"""Packages of npm, for tests that need some."""
import os
import subprocess

QUIET = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel", "error")
MISSING = "there is no npm, or it reaches no registry; deploy/deps --tests"


def is_there():
    """npm, and what it installs from; a person may lack either, CI may not."""
    if os.environ.get("CI") == "true":
        return True
    try:
        return not subprocess.run(["npm", "ping", "--fetch-retries=0"], capture_output=True, timeout=30,
                                  check=False).returncode
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False


def run(*command, cwd, **how):
    """What a command prints; it fails with all that it said."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600, check=False, **how)
    if done.returncode:
        raise AssertionError(f"{command} ends with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def npm(*command, cwd):
    """What npm prints."""
    return run("npm", *QUIET, *command, cwd=cwd)
