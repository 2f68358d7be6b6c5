# SPDX-License-Identifier: MIT
"""A second reading of two RFCs, and random input that the server has to read in the same way.

What is here was written from the grammars, without the server's code. The seeds are fixed; SEEDS takes others, as
`SEEDS=100 ctest --preset dev -R e2e/grammar`.
"""
import codecs
import json
import os
import random
import re
import struct
import unittest

from vmariumd import Vmariumd, get, request
from websocket import BINARY, CLOSE, PING, PONG, TEXT, WebSocket

SEEDS = range(int(os.environ.get("SEEDS", "1")))

# --------------------------------------------------------------------- RFC 9112: the head of a request

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
LINE = re.compile(rb"GET (?:(?i:http://localhost))?/healthz(?:\?[\x21\x22\x24-\x7e]*)? HTTP/1\.([01])")
FIELD = re.compile(rb"(" + TOKEN + rb"):[ \t]*((?:[\t -\x7e\x80-\xff]*[!-\x7e\x80-\xff])?)[ \t]*")
OURS = re.compile(rb"localhost(?::[0-9]{0,4})?", re.IGNORECASE)

HEADS = (
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nA: b\r\nConnection: keep-alive\r\nAccept: */*\r\n\r\n",
    b"GET /healthz HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\nX-Y: zzz zz\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close, x\r\nUpgrade: a\r\nA:\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nConnection: x, Close\r\nHost: localhost\r\nB: c\r\n\r\n",
    b"GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\nProxy-Connection: close\r\n\r\n",
)
BYTES = [bytes([i]) for i in (*range(33), 127, 128, 255)]
WORDS = (b"\r\n", b"\r\n ", b"\t,\t", b", ", b",", b" ", b"\t", b"x", b":", b";", b"(", b"/", b"#", b"?", b'"', b"close",
         b"keep-alive", b"Keep-Alive", b"Connection: ", b"Connection: close\r\n", b"Proxy-Connection: close\r\n",
         b"HTTP/1.0")


def read_head(data):
    """"kept", "closed", "refused", or None if it is not whole."""
    head, end, _ = data.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    if not end:
        return None
    line, *rest = head.split(b"\r\n")
    line = LINE.fullmatch(line)
    fields = [FIELD.fullmatch(field) for field in rest]
    if not line or not all(fields):
        return "refused"
    old = line[1] == b"0"
    hosts = [field[2] for field in fields if field[1].lower() == b"host"]
    if len(hosts) > 1 or not all(map(OURS.fullmatch, hosts)) or not hosts and not old:
        return "refused"
    options = [option.strip(b" \t").lower() for field in fields if field[1].lower() == b"connection"
               for option in field[2].split(b",")]
    if b"close" in options or old and b"keep-alive" not in options:
        return "closed"
    return "kept"


def mutate(rng, data):
    for _ in range(rng.choice((1, 1, 2))):
        first = rng.choice((0, data.index(b"\r\n")))
        at = rng.randrange(first, len(data))
        piece = rng.choice(rng.choice((BYTES, WORDS, WORDS)))
        data = data[:at] + piece + data[at + rng.choice((0, 0, 0, 1, 1, 3)):]
    return data


class Heads(unittest.TestCase):
    def outcome(self, server, data):
        with server.connect() as peer:
            answer = peer.ask(data + get("/nowhere"))
            if answer.status != 200:
                self.assertTrue(peer.is_at_end())
                return "refused"
            return "closed" if peer.is_at_end() else "kept"

    def test_mutated_heads(self):
        with Vmariumd("--loops", "1", "--linger-timeout", "20ms") as server:
            for seed in SEEDS:
                rng = random.Random(seed)
                seen = {"kept": 0, "closed": 0, "refused": 0}
                while sum(seen.values()) < 400:
                    data = mutate(rng, rng.choice(HEADS))
                    expected = read_head(data)
                    if expected:
                        self.assertEqual(self.outcome(server, data), expected, (seed, data))
                        seen[expected] += 1
                self.assertGreater(min(seen.values()), 10, seen)


# --------------------------------------------------------------------- RFC 6455: frames

MESSAGE_MAX = 300
CODES = (*range(1000, 1004), *range(1007, 1012), *range(3000, 5000))
PROTOCOL, UNSUPPORTED, NOT_UTF8, TOO_BIG = 1002, 1003, 1007, 1009
OPEN = "open"


class Frame:
    fin, reserved, masked, width = True, 0, True, 0

    def __init__(self, opcode, payload=b"", fin=True):
        self.opcode, self.payload, self.fin = opcode, payload, fin

    def length(self):
        """As few bytes as may be, or as many as width says."""
        bit, size = 0x80 * self.masked, len(self.payload)
        if self.width == 8:
            return struct.pack("!BQ", bit | 127, size)
        if self.width == 2 or size > 125:
            return struct.pack("!BH", bit | 126, size)
        return bytes([bit | size])

    def encode(self, rng):
        mask = rng.randbytes(4) if self.masked else b""
        body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(self.payload)) if mask else self.payload
        return bytes([0x80 * self.fin | self.reserved << 4 | self.opcode]) + self.length() + mask + body

    def breaks_rules(self):
        is_control, size = self.opcode >= 8, len(self.payload)
        return (self.reserved or not self.masked or self.opcode not in (0, TEXT, BINARY, CLOSE, PING, PONG) or
                self.width == 8 or self.width == 2 and size < 126 or
                is_control and (not self.fin or size > 125 or self.width) or self.opcode == CLOSE and size == 1)


def is_utf8(data, final):
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final)
    except UnicodeDecodeError:
        return False
    return True


def read_frames(frames):
    """The messages, the pings, and the code that it is closed with: None for none, or OPEN."""
    messages, pings, begun = [], [], None
    for frame in frames:
        payload = frame.payload
        if frame.breaks_rules():
            return messages, pings, PROTOCOL
        if frame.opcode == CLOSE:
            code = struct.unpack("!H", payload[:2])[0] if payload else None
            return messages, pings, code if code in (None, *CODES) else PROTOCOL
        if frame.opcode in (PING, PONG):
            pings += [payload] * (frame.opcode == PING)
            continue
        if (frame.opcode == 0) == (begun is None):
            return messages, pings, PROTOCOL
        if frame.opcode == BINARY:
            return messages, pings, UNSUPPORTED
        begun = (begun or b"") + payload
        if len(begun) > MESSAGE_MAX:
            return messages, pings, TOO_BIG
        if not is_utf8(begun, frame.fin):
            return messages, pings, NOT_UTF8
        if frame.fin:
            messages.append(begun)
            begun = None
    return messages, pings, OPEN


def some_message(rng, ident):
    text = json.dumps(request("nope", ident, a=rng.choice(("", "\u00e4\u20ac\U0001f600", "x" * 200))),
                      ensure_ascii=False).encode()
    if rng.random() < 0.05:
        text = text.replace(b"nope", rng.choice((b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xc3")))
    cuts = [0, *sorted(rng.randrange(len(text) + 1) for _ in range(rng.choice((0, 0, 1, 2, 4)))), len(text)]
    for i, (begin, end) in enumerate(zip(cuts, cuts[1:])):
        yield Frame(0 if i else TEXT, text[begin:end], end == len(text) and i == len(cuts) - 2)
        if rng.random() < 0.2:
            yield Frame(rng.choice((PING, PONG)), b"p" * rng.choice((0, 1, 125)))


def spoil(rng, frame):
    what = rng.randrange(6)
    if what == 0:
        frame.fin = not frame.fin
    elif what == 1:
        frame.reserved = rng.choice((1, 2, 4, 7))
    elif what == 2:
        frame.opcode = rng.randrange(16)
    elif what == 3:
        frame.masked = False
    elif what == 4:
        frame.width = rng.choice((2, 8))
    else:
        frame.payload = rng.choice((b"", b"\xff", b"y" * 126, b"z" * (MESSAGE_MAX + 1), b"\xc3"))


def some_frames(rng, ident):
    frames = []
    for _ in range(rng.randrange(1, 7)):
        ident += 1
        kind = rng.random()
        if kind < 0.6:
            frames += some_message(rng, ident)
        elif kind < 0.9:
            frames.append(Frame(rng.choice((PING, PONG)), rng.randbytes(rng.choice((0, 3, 125)))))
        else:
            code = rng.choice((999, 1000, 1001, 1004, 1005, 1006, 1011, 1015, 2000, 3000, 4999, 5000))
            frames.append(Frame(CLOSE, rng.choice((b"", struct.pack("!H", code) + rng.choice((b"", b"x" * 123))))))
    for frame in frames:
        if rng.random() < 0.03:
            spoil(rng, frame)
    return frames


def id_of(message):
    try:
        return json.loads(message)["id"]
    except ValueError:
        return None


class Frames(unittest.TestCase):
    LAST = b"the last ping"

    def outcome(self, server, rng, data):
        ids, pongs, code = [], [], "cut"
        with WebSocket(server) as sock:
            cut = rng.choice((0, rng.randrange(len(data))))
            sock.peer.send(data[:cut])
            sock.peer.send(data[cut:])
            while True:
                opcode, payload = sock.hear()
                if opcode == TEXT:
                    ids.append(json.loads(payload)["id"])
                elif opcode == PONG and payload == self.LAST:
                    return ids, pongs, OPEN
                elif opcode == PONG:
                    pongs.append(payload)
                else:
                    self.assertEqual(opcode, CLOSE)
                    code = struct.unpack("!H", payload[:2])[0] if payload else None
                    self.assertTrue(sock.is_at_end())
                    return ids, pongs, code

    def test_sound_and_spoiled_frames(self):
        with Vmariumd("--loops", "1", "--max-body", str(MESSAGE_MAX)) as server:
            for seed in SEEDS:
                rng = random.Random(seed)
                seen = {}
                for i in range(400):
                    frames = some_frames(rng, i * 10)
                    messages, pings, code = read_frames(frames)
                    data = b"".join(frame.encode(rng) for frame in frames)
                    data += Frame(PING, self.LAST).encode(rng) if code == OPEN else b""
                    got = self.outcome(server, rng, data)
                    # Pings that a close comes with need no answer.
                    pings = pings if code == OPEN else pings[:len(got[1])]
                    self.assertEqual(got, ([id_of(m) for m in messages], pings, code),
                                     (seed, i, [vars(frame) for frame in frames]))
                    seen[code] = seen.get(code, 0) + 1
                for code in (OPEN, None, PROTOCOL, NOT_UTF8):
                    self.assertGreater(seen.get(code, 0), 2, code)


if __name__ == "__main__":
    unittest.main()
