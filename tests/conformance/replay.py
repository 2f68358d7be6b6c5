#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Replays traces of a real kernel against a server started for them.

usage: VMARIUM_BIN=BUILD/bin replay.py TRACE...

The exit status is that of `vmarium replay`: 0 only if every answer agrees.
"""
import os
import pathlib
import subprocess
import sys

CHECK = "ret,maps,status,vmacache"
GREETING = "listening on "


def start_server(program):
    """Starts a server on a free port; returns it with its URL."""
    server = subprocess.Popen(
        [program, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True
    )
    line = server.stdout.readline().strip()
    if not line.startswith(GREETING):
        server.kill()
        sys.exit(f"{program} said {line!r} instead of {GREETING!r} and its URL")
    return server, line.removeprefix(GREETING)


def main(traces):
    if not traces:
        sys.exit(__doc__)
    folder = pathlib.Path(os.environ["VMARIUM_BIN"])
    server, url = start_server(folder / "vmariumd")
    try:
        replay = subprocess.run(
            [folder / "vmarium", "replay", "--server", url, "--check", CHECK, "--reimport", *traces],
            stdin=subprocess.DEVNULL,
            timeout=800,
            check=False,
        )
    finally:
        server.terminate()
        status = server.wait(timeout=60)
    if status:
        sys.exit(f"the server ended with status {status} after SIGTERM")
    return replay.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
