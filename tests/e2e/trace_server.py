# SPDX-License-Identifier: MIT
"""A server that knows one trace and nothing else.

It answers JSON-RPC calls with what the trace recorded, in the service's form: whole
lines of /proc/PID/maps, errno names, si_code names. Tests of `vmarium replay` change
single answers of it and watch the difference being found.
"""
import errno
import http.server
import json
import threading

STATUS = (
    "VmPeak VmSize VmLck VmHWM VmRSS RssAnon RssFile RssShmem VmData VmStk VmExe VmLib VmPTE VmPMD"
).split()
SI_CODES = {
    "SIGSEGV/1": ("SIGSEGV", "SEGV_MAPERR"),
    "SIGSEGV/2": ("SIGSEGV", "SEGV_ACCERR"),
    "SIGBUS/2": ("SIGBUS", "BUS_ADRERR"),
}
TOUCHES = ("read", "write")


def long_maps_line(line):
    """The line as /proc prints it, for a line in the traces' short form."""
    span, perms, offset, *name = line.split(" ", 3)
    start, end = (int(part, 16) for part in span.split("-"))
    name = name[0] if name else ""
    if name and not name.startswith("["):
        name = "/some where/" + name
    head = f"{start:08x}-{end:08x} {perms} {int(offset, 16):08x} 00:01 7 "
    return head.ljust(73) + name if name else head


class TraceServer:
    """Serves one trace on a free port of 127.0.0.1 for as long as the `with` lasts."""

    def __init__(self, lines):
        self.header = json.loads(lines[0])
        self.steps = [json.loads(line) for line in lines[1:]]
        # Step number, 0 the first line, or "fork": function that changes the result.
        self.change = {}
        self.refuse = {}  # step number: error object
        self.calls = []  # (method, params) as they came
        self.maps = {}
        self.next = 0
        self.raw = None  # (status, body) instead of any answer

    def __enter__(self):
        handler = type("Handler", (Handler,), {"trace_server": self})
        self.httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.httpd.server_port}"
        self.thread = threading.Thread(target=self.httpd.serve_forever, args=(0.02,))
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.httpd.shutdown()
        self.httpd.server_close()
        self.thread.join()

    def answer(self, method, params):
        """The response object without jsonrpc and id; None to cut the connection."""
        self.calls.append((method, params))
        if method == "process.exit":
            return {"result": {}}
        if method == "mm.snapshot":
            return {"result": {"snapshot": self.areas(0)}}
        number = self.next
        # A fork takes two calls: the child's first instruction comes second.
        if method == "process.fork":
            result = self.result(method, params, self.steps[number - 1])
            self.change.get("fork", lambda result: None)(result)
            return {"result": result}
        self.next += 1
        if number in self.refuse:
            return {"error": self.refuse[number]}
        step = self.steps[number - 1] if number else self.header
        result = self.result(method, params, step)
        self.change.get(number, lambda result: None)(result)
        return {"result": result}

    def result(self, method, params, step):
        if method == "process.create":
            return {"process": "p0", "thread": 100, "snapshot": self.state(step, 0, "maps")}
        if method == "process.fork":
            return {"ret": 1, "process": f"p{step['new']}", "thread": 200 + step["new"]}
        if method == "thread.create":
            return {"thread": 100 + step["new"]}
        process = step.get("new", step.get("p", 0))
        result = self.state_result(step, process)
        if step["op"] in TOUCHES:
            fault, code = SI_CODES.get(step["r"], ("none", None))
            result["fault"] = fault
            if code:
                result["si_code"] = code
        elif "r" in step:
            result["ret"] = step["r"]
            if isinstance(step["r"], int) and step["r"] < 0:
                result["errno"] = errno.errorcode[-step["r"]]
        return result

    def state_result(self, step, process):
        return {"snapshot": self.state(step, process, "m")}

    def state(self, step, process, key):
        if key in step:
            self.maps[process] = step[key]
        status = dict(zip(STATUS, step["s"])) if "s" in step else {}
        calls, hits = step.get("v", (0, 0))
        return {
            "maps": [long_maps_line(line) for line in self.maps[process]],
            "status": {name: kb for name, kb in status.items() if kb},
            "vmacache": {"calls": calls, "hits": hits},
        }

    def areas(self, process):
        vmas = []
        for number, line in enumerate(self.maps[process]):
            span, perms, offset, *name = line.split(" ", 3)
            start, end = ("0x" + part for part in span.split("-"))
            vmas.append(
                {
                    "id": number,
                    "start": start,
                    "end": end,
                    "perms": perms,
                    "flags": ["rd", "mr", "ac"],
                    "offset": "0x" + offset,
                    "name": name[0] if name else None,
                    "rss": 1,
                }
            )
        mm = {"total_vm": 39, "rss": 2, "brk": "0x401000", "mmap_base": "0x7ffff7fff000"}
        return {"mm": mm | {"task_size": "0x7ffffffff000"}, "vmas": vmas}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    trace_server = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.trace_server.raw:
            return self.send(*self.trace_server.raw)
        call = json.loads(body)
        answer = self.trace_server.answer(call["method"], call["params"])
        if answer is None:
            self.close_connection = True
            return None
        return self.send(200, json.dumps({"jsonrpc": "2.0", "id": call["id"]} | answer))

    def send(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass
