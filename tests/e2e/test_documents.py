#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Worlds as documents and links, over real sockets."""
import base64
import json
import unittest
import zlib

import vmariumd
from vmariumd import Vmariumd
from websocket import WebSocket

OPERATIONS = 1000


def world(peer, operations=OPERATIONS):
    """A process whose world has some history."""
    process = peer.call("process.create", want=[])["process"]
    for first in range(0, operations, 500):
        peer.ask(vmariumd.post([
            vmariumd.request("mm.mmap", None, process=process, addr=(0x10000 + i % 64) << 12,
                             length=4096 * (1 + i % 3), prot=1 + i % 2, flags=0x32, fd=-1,
                             offset=0, want=[])
            for i in range(first, first + 500)]))
    return process


class Documents(unittest.TestCase):
    def test_a_long_document_comes_back(self):
        with Vmariumd("--loops", "1") as server, server.connect() as peer:
            process = world(peer)
            document = peer.call("world.export", process=process)["document"]
            self.assertEqual(len(document["operations"]), OPERATIONS)
            result = peer.call("world.import", document=document, want=[])
            self.assertTrue(result["verified"])
            self.assertEqual(result["seq"], OPERATIONS)
            again = peer.call("world.export", process=result["process"])["document"]
            self.assertEqual(again, document)

    def test_and_over_websocket(self):
        with Vmariumd("--loops", "2") as server, server.connect() as peer, \
                WebSocket(server) as ws:
            process = world(peer)
            document = ws.call("world.export", process=process)["document"]
            result = ws.call("world.import", document=document, want=[],
                             idempotency_key="k")
            self.assertTrue(result["verified"])
            self.assertEqual(ws.call("world.export", process=result["process"])["document"],
                             document)

    def test_who_leaves_in_between_is_no_trouble(self):
        with Vmariumd("--loops", "1") as server, server.connect() as peer:
            process = world(peer)
            document = peer.call("world.export", process=process)["document"]
            for _ in range(3):
                with server.connect() as gone:
                    gone.post(vmariumd.request("world.import", 1, document=document))
                with server.connect() as gone:
                    gone.post(vmariumd.request("world.export", 1, process=process))
            self.assertEqual(peer.call("world.export", process=process)["document"], document)

    def test_a_page_can_make_and_read_links(self):
        with Vmariumd("--loops", "1") as server, server.connect() as peer:
            process = world(peer, 500)
            document = peer.call("world.export", process=process)["document"]
            link = peer.call("world.export", process=process, form="link")["link"]
            packed = base64.urlsafe_b64decode(link[3:] + "=" * (-len(link[3:]) % 4))
            self.assertEqual(json.loads(zlib.decompress(packed)), document)
            packed = zlib.compress(json.dumps(document, indent=1).encode())
            link = "v1." + base64.urlsafe_b64encode(packed).decode().rstrip("=")
            self.assertTrue(peer.call("world.import", document=link, want=[])["verified"])


if __name__ == "__main__":
    unittest.main()
