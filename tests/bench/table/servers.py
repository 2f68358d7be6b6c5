# SPDX-License-Identifier: MIT
"""The servers that are compared: each on a free loopback port and on one core."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SERVER_CPU, LOAD_CPU = 0, 1
TICK = os.sysconf("SC_CLK_TCK")

NGINX = """daemon off; master_process off; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 12000; }}
http {{
	access_log off; keepalive_requests 1000000000; client_body_temp_path {folder};
	proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
	scgi_temp_path {folder};
	server {{
		listen 127.0.0.1:{port} backlog=4096;
		location / {{ default_type application/json; return 200 '{{"result":0}}'; }}
	}}
}}
"""


def pss(pid):
    """Bytes of a process's memory, shared pages in proportion."""
    rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(re.search(r"^Pss: +(\d+) kB$", rollup, re.MULTILINE)[1]) * 1024


def cpu_seconds(pid):
    """What a process has used of processors so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class Server:
    """A server that says `listening on URL` when it does; ended by close()."""

    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CPU}))
        self.url = self.listening()
        self.port = int(self.url.rpartition(":")[2])
        self.pid = self.process.pid

    def listening(self):
        line = self.process.stdout.readline()
        found = re.fullmatch(r"listening on (http://\S+)\n", line)
        if not found:
            self.close()
            raise SystemExit(f"{self.name} did not start: {line!r}")
        return found[1]

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)


class Nginx(Server):
    """It cannot choose a port nor say that it listens."""

    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.free = probe.getsockname()[1]
        config = pathlib.Path(self.folder.name, "conf")
        config.write_text(NGINX.format(folder=self.folder.name, port=self.free), encoding="ascii")
        super().__init__("nginx", [program, "-p", self.folder.name, "-c", config, "-e", "stderr"])

    def listening(self):
        for _ in range(200):
            if self.process.poll() is not None:
                raise SystemExit("nginx did not start, see above")
            with socket.socket() as probe:
                probe.settimeout(0.05)
                if not probe.connect_ex(("127.0.0.1", self.free)):
                    return f"http://127.0.0.1:{self.free}"
                signal.sigtimedwait([], 0.02)
        raise SystemExit("nginx does not listen")

    def close(self):
        super().close()
        self.folder.cleanup()


def vmariumd(build):
    return Server("vmarium", [build / "bin/vmariumd", "--listen", "127.0.0.1:0", "--loops", "1",
                              "--log-level", "error", "--max-connections", "12000"])


def start_all(build):
    """All of them by name, or an exit that says what is missing."""
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    node = shutil.which("node")
    if not nginx or not node:
        raise SystemExit("nginx and node are needed to compare with; run deploy/deps --bench")
    limit = build / "bench/limit_server"
    for program in (limit, build / "bin/vmariumd", build / "bin/vmarium-bench", build / "bench/rpc_bench"):
        if not program.exists():
            raise SystemExit(f"{program} is missing; build it:\n"
                             "cmake --preset release -DVMARIUM_BENCH=ON && cmake --build --preset release")
    return {server.name: server for server in (
        Server("libuv", [limit]), vmariumd(build), Nginx(nginx),
        Server("node", [node, HERE / "echo_server.js"]))}
