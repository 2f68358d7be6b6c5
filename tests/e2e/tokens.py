# SPDX-License-Identifier: MIT
"""Tokens for tests, and requests that show them."""
import subprocess

from vmariumd import PATIENCE, binary, post


def make_token(name, role):
    """A token and its line for the file, as vmariumd makes them."""
    out = subprocess.run([binary(), "--new-token", name, role], capture_output=True, text=True,
                         timeout=PATIENCE, check=True).stdout.splitlines()
    return out[0], out[-1]


def bearer(token):
    """The field that shows a token, if there is one."""
    return f"Authorization: Bearer {token}\r\n".encode() if token else b""


def call(token, *calls):
    """A POST with that token; a batch if there are several calls."""
    return post(calls[0] if len(calls) == 1 else list(calls), bearer(token))
