# SPDX-License-Identifier: MIT
"""A server that answers as a real one did, but for one thing."""
import http.client
import http.server
import json
import socketserver
import threading


class Story:
    """What a server says to one run of a program: an answer to each call, in order."""

    def __init__(self, answer, ends=False):
        self.answer = answer  # of (how many calls came before, request): bytes of a whole HTTP answer
        self.ends = ends  # hangs up behind it
        self.calls = 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        story = self.server.stories[self.path.split("/")[1]]
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        at, story.calls = story.calls, story.calls + 1
        try:
            self.wfile.write(story.answer(at, request))
            self.close_connection = story.ends
        except OSError:
            self.close_connection = True

    def log_message(self, *args):
        pass


class HostileServer(socketserver.ThreadingTCPServer):
    """Has a story for each URL; for those who take no path, that of the name "rpc"."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.stories = {}
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, request, client_address):
        pass

    def __exit__(self, *args):
        self.shutdown()
        self.server_close()

    def tell(self, story):
        """Its URL, at which a program finds the story."""
        name = f"{len(self.stories)}"
        self.stories[name] = story
        return f"{self.url}/{name}"


def http_answer(body, fields=""):
    return f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{fields}\r\n".encode() + body


def as_answer(request, member, value):
    return http_answer(json.dumps({"jsonrpc": "2.0", "id": request["id"], member: value}).encode())


def recording(url, answers):
    """A story that hands on what the server at @url says, and notes it in @answers: (member, value)."""
    host = url.removeprefix("http://")

    def answer(_, request):
        upstream = http.client.HTTPConnection(host)
        upstream.request("POST", "/rpc", json.dumps(request), {"Content-Type": "application/json"})
        said = json.loads(upstream.getresponse().read())
        upstream.close()
        member = "result" if "result" in said else "error"
        answers.append((member, said[member]))
        return as_answer(request, member, said[member])
    return Story(answer)


def repeating(answers):
    """A story of recorded answers; what goes beyond them is refused."""
    def answer(at, request):
        return as_answer(request, *(answers[at] if at < len(answers) else ("error", {})))
    return Story(answer)


def places(value, path=()):
    """The paths of all members and elements of a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


NOTHING = object()
DEEP = [[[[[[[[{"process": [{}]}]]]]]]]]
WRONG = [NOTHING, None, True, -1, 0, 2**63 - 1, -2**63, 1e308, "", "\0", "\x1b]0;x\x07\x9b31m", "%s%n", "x" * 5000,
         "0x", "0x10000000000000000", "-0x1", [], {}, [None], [{}], {"start": 1, "ret": None}, DEEP]


def changed(value, path, wrong):
    """A copy of a value with something else at a path."""
    if not path:
        return wrong
    copy = value.copy()
    inner = changed(copy[path[0]], path[1:], wrong)
    if inner is NOTHING:
        del copy[path[0]]
    else:
        copy[path[0]] = inner
    return copy
