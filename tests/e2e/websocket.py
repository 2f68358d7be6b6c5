# SPDX-License-Identifier: MIT
"""A WebSocket client in bytes, for tests that look at frames."""
import base64
import hashlib
import json
import os
import struct

import vmariumd

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
FIN = 0x80
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def upgrade(fields=b"", key=b"dGhlIHNhbXBsZSBub25jZQ==", version=b"13"):
    return vmariumd.get("/rpc", b"Upgrade: websocket\r\n"
                        b"Connection: Upgrade\r\n"
                        b"Sec-WebSocket-Key: " + key + b"\r\n"
                        b"Sec-WebSocket-Version: " + version + b"\r\n" +
                        fields)


def frame(payload, opcode=TEXT, fin=True):
    if isinstance(payload, str):
        payload = payload.encode()
    head = bytes([(FIN if fin else 0) | opcode])
    if len(payload) < 126:
        head += bytes([0x80 | len(payload)])
    elif len(payload) < 65536:
        head += b"\xfe" + struct.pack("!H", len(payload))
    else:
        head += b"\xff" + struct.pack("!Q", len(payload))
    mask = b"\x37\xfa\x21\x3d"
    masked = bytearray(payload)
    for i, byte in enumerate(mask):
        masked[i::4] = bytes(b ^ byte for b in masked[i::4])
    return head + mask + masked


class WebSocket:
    """A connection after its handshake; use with `with`."""

    def __init__(self, server, fields=b""):
        self.peer = server.connect()
        key = base64.b64encode(os.urandom(16))
        self.answer = self.peer.ask(upgrade(fields, key))
        assert self.answer.status == 101, self.answer.status
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
        assert self.answer.fields["sec-websocket-accept"] == accept
        self.notes = []
        self.ids = 0

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.peer.sock.close()

    def send(self, payload, opcode=TEXT, fin=True):
        if isinstance(payload, str):
            vmariumd.keep(payload.encode())
        self.peer.send(frame(payload, opcode, fin))

    def exactly(self, count):
        while len(self.peer.rest) < count:
            assert self.peer.more(), "cut in the middle of a frame"
        taken = self.peer.rest[:count]
        self.peer.rest = self.peer.rest[count:]
        return taken

    def hear(self):
        """The next frame, as (opcode, payload)."""
        first, second = self.exactly(2)
        assert first & FIN and not second & 0x80, (first, second)
        length = second
        if second == 126:
            length, = struct.unpack("!H", self.exactly(2))
        elif second == 127:
            length, = struct.unpack("!Q", self.exactly(8))
        return first & 0x0f, self.exactly(length)

    def message(self):
        """The next message as JSON; pings are answered."""
        while True:
            opcode, payload = self.hear()
            if opcode == PING:
                self.send(payload, PONG)
                continue
            assert opcode == TEXT, (opcode, payload)
            return json.loads(payload)

    def code(self):
        """The code of the close frame that comes next."""
        opcode, payload = self.hear()
        assert opcode == CLOSE, (opcode, payload)
        return struct.unpack("!H", payload[:2])[0] if payload else None

    def is_at_end(self):
        return self.peer.is_at_end()

    def ask(self, method, **params):
        """The answer to a call; notifications before it are kept in notes."""
        self.ids += 1
        self.send(json.dumps(vmariumd.request(method, self.ids, **params)))
        while True:
            message = self.message()
            if "id" in message:
                assert message["id"] == self.ids, message
                return message
            self.notes.append(message["params"])

    def call(self, method, **params):
        answer = self.ask(method, **params)
        assert "result" in answer, answer
        return answer["result"]

    def note(self):
        """The parameters of the next notification."""
        if self.notes:
            return self.notes.pop(0)
        message = self.message()
        assert message["jsonrpc"] == "2.0" and "id" not in message, message
        assert message["method"] == "subscription", message
        return message["params"]
