#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What one world may hold, and that a large one goes between other calls."""
import time
import unittest

from prometheus import metrics_of
from vmariumd import PATIENCE, Vmariumd, maps, request

POPULATED = {"addr": 0, "length": 9 << 25, "prot": 3, "flags": "MAP_PRIVATE|MAP_ANONYMOUS|MAP_POPULATE", "want": []}
AREAS = 2000


class WorldBound(unittest.TestCase):
    def test_what_is_more_is_refused_and_said_what_to_do(self):
        with Vmariumd("--max-world", "64K") as server, server.connect() as peer:
            process, other = (peer.call("process.create", want=[])["process"] for _ in range(2))
            peer.post(request("mm.mmap", 1, process=process, **POPULATED))
            error = peer.hear().json["error"]
            self.assertEqual((error["code"], error["data"]["key"]), (-32003, "quota.world"))
            self.assertIn("65536", error["data"]["hint"])
            # Half of it for each of two worlds.
            for name in (process, other):
                peer.call("mm.mmap", process=name, **{**POPULATED, "length": 1 << 27})

    def test_a_large_one_is_given_back_though_nobody_asks(self):
        with Vmariumd("--loops", "1") as server, server.connect() as peer:
            process = peer.call("process.create", maps=maps(AREAS), want=[])["process"]
            self.assertGreater(metrics_of(server).get("vmarium_account_bytes"), AREAS * 120)
            peer.call("process.exit", process=process)
            self.assertEqual(metrics_of(server).get("vmarium_worlds"), 0)
            end = time.monotonic() + PATIENCE
            while metrics_of(server).get("vmarium_account_bytes") > AREAS * 20:
                self.assertLess(time.monotonic(), end)


if __name__ == "__main__":
    unittest.main()
