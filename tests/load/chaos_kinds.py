# SPDX-License-Identifier: MIT
"""The servers of chaos.py: what is done to each, and how a connection may end for that."""
import hashlib
import os
import signal

from chaos_calls import Dice
from tokens import bearer

CLIENTS = 3   # that have a token, and of each two
BOUNDS = ("", "processes=9", "threads=12", "areas=2000", "memory=4M", "rate=40", "connections=4")
OPERATOR = "operator"


class Plain:
    """Room for all."""

    args = ()
    met = frozenset()       # errors that calls may meet beside the usual ones
    refusals = frozenset()  # statuses of an answer that is a connection's last
    is_rough = False        # connections may end at any time, in the middle of an answer too
    is_over = False         # the server goes, and nothing new is accepted
    changes_every = None    # seconds

    def __init__(self, _folder, dice):
        self.dice = dice

    def fields(self, _dice):
        """Of a request: who asks."""
        return b""

    def operator(self):
        """Likewise, for who may all."""
        return b""

    def change(self, server):
        """Something befalls the server."""


class Tokens(Plain):
    """Clients show tokens, whose roles and bounds change, and which come and go, while they work."""

    met = frozenset({"quota.rate", "quota.threads"})
    refusals = frozenset({401, 403, 429, 503})
    changes_every = 0.3

    def __init__(self, folder, dice):
        super().__init__(folder, dice)
        self.path = os.path.join(folder, "tokens")
        self.args = ("--tokens", self.path)
        self.tokens = [f"{client}-{number}" for client in range(CLIENTS) for number in range(2)]
        self.write()

    def line(self, token):
        role, bound = self.dice.choice(("student", "teacher")), self.dice.choice(BOUNDS)
        return f"client{token[0]} {role} {hashlib.sha256(token.encode()).hexdigest()} {bound}\n"

    def write(self):
        lines = [self.line(token) for token in self.tokens if self.dice.chance(0.8)]
        lines.append(f"watch operator {hashlib.sha256(OPERATOR.encode()).hexdigest()}\n")
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.writelines(lines)
        os.replace(self.path + ".new", self.path)

    def fields(self, dice):
        return bearer("nobody's" if dice.chance(0.01) else dice.choice(self.tokens))

    def operator(self):
        return bearer(OPERATOR)

    def change(self, server):
        self.write()
        server.signal(signal.SIGHUP)


class Narrow(Plain):
    """Little room, little memory and little time."""

    args = ("--max-connections=16", "--soft-connections=12", "--max-pending=1M", "--max-memory=64M", "--max-gzip=1",
            "--max-subscriptions=3", "--max-call=4M", "--max-world=2M", "--max-answer=512K", "--process-idle=2s",
            "--idle-timeout=200ms", "--header-timeout=200ms", "--body-timeout=200ms", "--write-timeout=300ms",
            "--linger-timeout=200ms", "--ping-interval=100ms", "--pong-timeout=300ms", "--min-rate=100K")
    met = frozenset({"internal"})  # no memory for answers
    refusals = frozenset({408, 503})
    is_rough = True


class Ending(Plain):
    """Told to end amid it all: what was accepted is finished."""

    args = ("--drain-timeout=1h", "--linger-timeout=1h", "--write-timeout=1h")
    met = frozenset({"shutdown"})
    refusals = frozenset({503})

    def __init__(self, folder, dice):
        super().__init__(folder, dice)
        self.changes_every = dice.uniform(0.2, 1)

    def change(self, server):
        if not self.is_over:
            self.is_over = True
            server.signal(signal.SIGTERM)


KINDS = {kind.__name__.lower(): kind for kind in (Plain, Tokens, Narrow, Ending)}
