# SPDX-License-Identifier: MIT
"""GET /metrics: well formed, exact over all loops, and of bounded size."""
import os
import resource
import unittest

from prometheus import Metrics, metrics_of
from vmariumd import Vmariumd, get, request

OPEN = b"Accept: application/openmetrics-text;version=1.0.0," \
       b"text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n"


def scrape(server, fields=b""):
    with server.connect() as peer:
        answer = peer.ask(get("/metrics", fields))
        assert answer.status == 200, answer.status
        return answer


class Counts(unittest.TestCase):
    def test_calls_are_counted_exactly_over_all_loops(self):
        with Vmariumd("--loops", "3") as server:
            names = []
            for _ in range(24):
                with server.connect() as peer:
                    made = peer.call("process.create", want=[])
                    names.append(made["process"])
            for _ in range(8):
                with server.connect() as peer:
                    # From whatever loop this is to every other, and back.
                    peer.post([request("mm.brk", i, process=name, addr=0,
                                       want=[])
                               for i, name in enumerate(names)] +
                              [request("mm.brk", process=names[0], addr=0)])
                    self.assertEqual(len(peer.hear().json), len(names))
            with server.connect() as peer:
                for method in "mm.nothing", "m" * 40, "a\"\\\n":
                    peer.post(request(method, 1))
                    peer.hear()
                peer.post(b"{")
                peer.hear()
                peer.post({"jsonrpc": "2.0", "id": 1})
                peer.hear()
                peer.post(request("mm.brk", 1, process="x", addr=0))
                peer.hear()
            metrics = metrics_of(server)

            def calls(method, outcome):
                return metrics.get("vmarium_rpc_calls", method=method,
                                   outcome=outcome)

            self.assertEqual(calls("process.create", "result"), 24)
            self.assertEqual(calls("process.create", "error"), 0)
            self.assertEqual(calls("mm.brk", "result"), 8 * 25)
            self.assertEqual(calls("mm.brk", "error"), 1)
            self.assertEqual(calls("mm.munmap", "result"), 0)
            self.assertEqual(calls("unknown", "error"), 4)
            self.assertEqual(calls("unknown", "result"), 0)

            def errors(key):
                return metrics.get("vmarium_rpc_errors", key=key)

            self.assertEqual(errors("method"), 3)
            self.assertEqual(errors("parse"), 1)
            self.assertEqual(errors("request"), 1)
            self.assertEqual(errors("process.unknown"), 1)
            self.assertEqual(errors("quota.bytes"), 0)
            # Whole bodies are all timed, calls if they come alone.
            self.assertEqual(
                metrics.get("vmarium_rpc_request_seconds", "_count"),
                24 + 8 + 6)
            self.assertEqual(
                metrics.get("vmarium_rpc_call_seconds", "_count",
                            method="process.create"), 24)
            timed = metrics.get("vmarium_rpc_call_seconds", "_count",
                                method="mm.brk")
            self.assertTrue(8 * 25 / 24 <= timed <= 8 * 25 / 9 + 3 + 1, timed)
            for gauge, value in (("processes", 24), ("worlds", 24),
                                 ("areas", 24 * 5)):
                self.assertEqual(metrics.get("vmarium_" + gauge), value)
            self.assertEqual(metrics.get("vmarium_loops"), 3)
            self.assertGreater(metrics.get("vmarium_journal_bytes"), 0)
            self.assertGreater(metrics.get("vmarium_account_bytes"),
                               metrics.get("vmarium_journal_bytes"))
            self.assertEqual(metrics.get("vmarium_connections_accepted"),
                             24 + 8 + 1 + 1)
            for loop in "012":
                self.assertGreater(
                    metrics.get("vmarium_loop_lag_seconds", "_count",
                                loop=loop), 0)

    def test_levels_fall_back_to_nothing(self):
        with Vmariumd("--loops", "2") as server:
            empty = metrics_of(server)
            with server.connect() as peer:
                name = peer.call("process.create", want=[])["process"]
                peer.call("mm.brk", process=name, addr=0, want=[])
                child = peer.call("process.fork", process=name, want=[])
                full = metrics_of(server)
                self.assertEqual(full.get("vmarium_processes"), 2)
                self.assertEqual(full.get("vmarium_worlds"), 1)
                peer.call("process.exit", process=name)
                peer.call("process.exit", process=child["process"])
            metrics = metrics_of(server)
            for gauge in ("processes", "worlds", "areas", "journal_bytes"):
                self.assertEqual(empty.get("vmarium_" + gauge), 0)
                self.assertEqual(metrics.get("vmarium_" + gauge), 0)

    def test_http_is_counted(self):
        with Vmariumd() as server:
            sent = 0
            for data in (get("/nothing"), get("/rpc"), get("/healthz"),
                         get("/healthz"), b"x\r\n\r\n"):
                with server.connect() as peer:
                    sent += len(data)
                    peer.ask(data)
            metrics = metrics_of(server)
            for status, count in (("200", 2), ("404", 1), ("405", 1),
                                  ("400", 1)):
                self.assertEqual(metrics.get("vmarium_http_requests",
                                             status=status), count)
            for key, count in (("http.path", 1), ("http.method", 1),
                               ("http.request_line", 1), ("overload", 0)):
                self.assertEqual(metrics.get("vmarium_http_refusals",
                                             key=key), count)
            self.assertEqual(metrics.get("vmarium_received_bytes"),
                             sent + len(get("/metrics")))
            self.assertGreater(metrics.get("vmarium_sent_bytes"), 0)

    def test_the_process_is_described(self):
        with Vmariumd("--loops", "1") as server:
            metrics = metrics_of(server)
            pid = server.process.pid
            with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
                ticks = int(stat.read().rsplit(")", 1)[1].split()[19])
            with open("/proc/stat", encoding="ascii") as stat:
                boot = next(int(line.split()[1]) for line in stat
                            if line.startswith("btime"))
            born = boot + ticks / os.sysconf("SC_CLK_TCK")
            self.assertAlmostEqual(metrics.get("process_start_time_seconds"),
                                   born, delta=5)
            files = len(os.listdir(f"/proc/{pid}/fd"))
            self.assertAlmostEqual(metrics.get("process_open_fds"), files,
                                   delta=2)
            self.assertEqual(metrics.get("process_max_fds"),
                             resource.prlimit(pid,
                                              resource.RLIMIT_NOFILE)[0])
            self.assertGreater(metrics.get("process_cpu_seconds"), 0)
            self.assertGreater(metrics.get("process_resident_memory_bytes"),
                               1 << 20)


class Form(unittest.TestCase):
    def test_both_formats_say_the_same(self):
        with Vmariumd("--loops", "2") as server:
            with server.connect() as peer:
                peer.call("process.create")
            old, new = scrape(server), scrape(server, OPEN)
            self.assertEqual(old.fields["content-type"],
                             "text/plain; version=0.0.4; charset=utf-8")
            self.assertEqual(new.fields["content-type"],
                             "application/openmetrics-text; version=1.0.0; "
                             "charset=utf-8")
            old = Metrics(old.body.decode()).families
            new = Metrics(new.body.decode(), open_metrics=True).families
            self.assertEqual(list(old), list(new))
            for name, family in old.items():
                self.assertEqual(family.kind, new[name].kind)
                self.assertEqual(list(family.samples),
                                 list(new[name].samples))

    def test_strange_names_make_no_series(self):
        with Vmariumd("--loops", "1") as server:
            with server.connect() as peer:
                peer.call("process.create", want=[])
                peer.post(request("nothing", 1))
                peer.hear()
                before = scrape(server).body.count(b"\n")
                for i in range(50):
                    peer.post(request(f"mm.m{i}", 1))
                    peer.hear()
                    peer.ask(get(f"/healthz?{i}"))
            self.assertEqual(scrape(server).body.count(b"\n"), before)

    def test_head_and_pipelining(self):
        with Vmariumd("--loops", "3") as server, server.connect() as peer:
            head = get("/metrics").replace(b"GET", b"HEAD", 1)
            peer.send(head + get("/metrics") + get("/healthz") +
                      get("/metrics", b"Connection: close\r\n"))
            answer = peer.hear(without_body=True)
            self.assertEqual(answer.status, 200)
            Metrics(peer.hear().body.decode())
            self.assertEqual(peer.hear().body, b"alive\n")
            Metrics(peer.hear().body.decode())
            self.assertTrue(peer.is_at_end())

    def test_many_at_once_and_gone_before_the_answer(self):
        with Vmariumd("--loops", "2") as server:
            peers = [server.connect() for _ in range(60)]
            for peer in peers:
                peer.send(get("/metrics"))
            for peer in peers[::3]:
                peer.sock.close()
            seen = set()
            for i, peer in enumerate(peers):
                if i % 3:
                    answer = peer.hear()
                    seen.add(answer.status)
                    peer.sock.close()
            self.assertLessEqual(seen, {200, 503})
            self.assertIn(200, seen)
            Metrics(scrape(server).body.decode())


if __name__ == "__main__":
    unittest.main()
