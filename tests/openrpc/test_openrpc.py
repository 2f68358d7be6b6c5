#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The OpenRPC document is valid, and the server does what it says.

Every method is called: with its examples, by name and by position; with each parameter missing, of every
wrong type and out of its bounds, with one that there is not, and with one too many. What is wrong is
whatever the document's own schema refuses, so that the two cannot differ. Results must fit their
schemas to the last member, and refusals the errors that the method declares.
"""
import json
import pathlib
import shutil
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
import npm  # noqa: E402
from tokens import bearer, make_token  # noqa: E402
from vmariumd import Vmariumd, get, post  # noqa: E402
from websocket import WebSocket  # noqa: E402

CLIENTS = 16
NAME = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
# Names that are never the same twice.
SECRET = ("process", "share", "subscription")
# What depends on the server's options, and on the time.
FLEETING = ("expires_in", "age")
# Methods without an example, and why there can be none.
WITHOUT_EXAMPLE = {
    "profile.list": "its result is the same for all, and long: core/mm/PROFILES.md shows it",
    "rpc.discover": "its result is the document that the example would stand in",
}
# What no parameter takes all of; the schemas say which of these are wrong for which.
CANDIDATES = (None, True, -2, 1.5, 10 ** 25, "", "no such thing", "1e3", [], [None], {}, {"no_such": 1})


def key_of(reference):
    """The last part of a $ref, if it is one."""
    return reference.get("$ref", "").rsplit("/", 1)[-1]


def hide_names(value):
    """The value with what stands for names in examples, without what is never the same."""
    if isinstance(value, dict):
        return {name: NAME if name in SECRET and isinstance(one, str) else hide_names(one)
                for name, one in value.items() if name not in FLEETING}
    return [hide_names(one) for one in value] if isinstance(value, list) else value


@unittest.skipUnless(npm.is_there(), npm.MISSING)
class OpenRpc(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        for file in ("package.json", "package-lock.json", "judge.mjs"):
            shutil.copy(HERE / file, cls.folder)
        npm.npm("ci", "--prefer-offline", cwd=cls.folder)
        lines = [make_token(f"client{i}", "student") for i in range(CLIENTS)]
        tokens = cls.folder / "tokens"
        tokens.write_text("".join(line + "\n" for _, line in lines), encoding="ascii")
        cls.tokens = [token for token, _ in lines]
        cls.server = cls.enterClassContext(Vmariumd("--loops", "1",  # so that every route is w0
                                                    "--tokens", str(tokens)))
        cls.peer = cls.enterClassContext(cls.server.connect())
        cls.socket = cls.enterClassContext(WebSocket(cls.server, bearer(cls.tokens[0])))
        cls.token = cls.tokens[0]
        cls.document = cls.peer.ask(get("/openrpc.json")).json
        cls.methods = cls.document["methods"]

    # ------------------------------------------------------------ the two sides

    def judge(self, values=(), document=None):
        """What is wrong with a document, and with each value by the schema at its pointer."""
        questions = {"document": document or self.document,
                     "values": [{"at": at, "value": value} for at, value in values]}
        verdicts = json.loads(npm.run("node", "judge.mjs", cwd=self.folder, input=json.dumps(questions)))
        return verdicts["document"], verdicts["values"]

    def needs_socket(self, method):
        return "subscription.transport" in map(key_of, method["errors"])

    def ask(self, method, params):
        """The whole answer to a call, over what the method works over."""
        if self.needs_socket(method):
            self.socket.send(json.dumps(
                {"jsonrpc": "2.0", "id": 1, "method": method["name"], "params": params}))
            while "id" not in (answer := self.socket.message()):
                pass  # a notification
            return answer
        return self.post(method, params)

    def post(self, method, params):
        body = {"jsonrpc": "2.0", "id": 1, "method": method["name"], "params": params}
        return self.peer.ask(post(body, bearer(self.token))).json

    def make(self):
        """The process that examples are for."""
        create = next(one for one in self.methods if one["name"] == "process.create")
        return self.ask(create, self.named(create["examples"][0]))["result"]["process"]

    def named(self, example, **names):
        """An example's parameters by name."""
        return {one["name"]: names.get(one["name"], one["value"]) for one in example["params"]}

    def base(self, method):
        """Parameters that the method takes, for a process just made."""
        if not method["examples"]:
            return {}
        if method["name"] == "process.list":
            type(self).token = self.tokens.pop()  # of a client that has nothing yet
        names = {"process": self.make()}
        if method["name"] == "unsubscribe":
            subscribe = next(one for one in self.methods if one["name"] == "subscribe")
            names["subscription"] = self.ask(subscribe, {"process": names["process"]})["result"]["subscription"]
        return self.named(method["examples"][0], **names)

    # ------------------------------------------------------------------- tests

    def test_document_is_valid(self):
        self.assertEqual(self.judge()[0], [])
        discover = next(one for one in self.methods if one["name"] == "rpc.discover")
        self.assertEqual(self.document, self.post(discover, {})["result"])

    def test_judge_finds_faults(self):
        broken = json.loads(json.dumps(self.document))
        broken["methods"][0]["no_such"] = 1
        self.assertNotEqual(self.judge(document=broken)[0], [])
        result = next(i for i, one in enumerate(self.methods) if one["name"] == "mm.munmap")
        at = f"/methods/{result}/result/schema"
        _, (good, extra, wrong) = self.judge([(at, {"ret": 0}), (at, {"ret": 0, "no_such": 1}), (at, {"ret": 1})])
        self.assertEqual(good, [])
        self.assertTrue(extra and wrong)

    def test_everything_is_described(self):
        for method in self.methods:
            with self.subTest(method=method["name"]):
                self.assertGreater(len(method["summary"]), 10)
                self.assertNotIn("", [param.get("description", "") for param in method["params"]])
                self.assertTrue(method["errors"])
                self.assertNotEqual(bool(method["examples"]), method["name"] in WITHOUT_EXAMPLE)
        for key, error in self.document["components"]["errors"].items():
            self.assertEqual(error["data"]["key"], key)
            self.assertGreater(len(error["data"]["hint"]), 10)

    def test_examples_are_true(self):
        judged, by_places = [], 0
        for i, method in enumerate(self.methods):
            for example in method["examples"] or [{"params": []}]:
                with self.subTest(method=method["name"]):
                    by_name = self.base(method)
                    answers = [self.ask(method, by_name)]
                    placed = self.by_position(method, self.base(method)) if by_name else None
                    if placed is not None:
                        answers.append(self.ask(method, placed))
                        by_places += 1
                    for answer in answers:
                        judged += self.judge_answer(i, method, answer)
                        if "result" in example:
                            self.assertEqual(hide_names(answer.get("result")),
                                             hide_names(example["result"]["value"]))
                    if "result" in example:
                        judged.append((f"/methods/{i}/result/schema", example["result"]["value"]))
                    judged += [(f"/methods/{i}/params/{j}/schema", by_name[param["name"]])
                               for j, param in enumerate(method["params"]) if param["name"] in by_name]
        self.assertGreater(by_places, 25)
        for (at, value), errors in zip(judged, self.judge(judged)[1]):
            self.assertEqual(errors, [], f"{at} {json.dumps(value)[:300]}")

    def judge_answer(self, i, method, answer):
        """What there is to judge of it; a refusal must be one that the method declares."""
        if "result" in answer:
            return [(f"/methods/{i}/result/schema", answer["result"])]
        self.assertIn(method["name"], WITHOUT_EXAMPLE, answer)
        self.check_refusal(method, answer)
        return []

    def by_position(self, method, params, until=None):
        """The same parameters, up to the last that is given or the one named; those between have a value that
        changes nothing. None where there is no such value."""
        last = max(i for i, param in enumerate(method["params"])
                   if param["name"] == until or not until and param["name"] in params)
        values = []
        for param in method["params"][:last + 1]:
            schema = param["schema"]
            choices = [schema["default"]] if "default" in schema else schema.get("enum", [])
            if param["name"] in params:
                choices = [params[param["name"]]]
            if not choices:
                return None
            values.append(choices[0])
        return values

    def check_refusal(self, method, answer, code=None, key=None, param=None):
        """An error as the document has it, and as it should be."""
        self.assertIn("error", answer)
        error = answer["error"]
        declared = self.document["components"]["errors"][error["data"]["key"]]
        self.assertIn(error["data"]["key"], map(key_of, method["errors"]))
        self.assertEqual((error["code"], error["message"]), (declared["code"], declared["message"]))
        self.assertGreater(len(error["data"]["hint"]), 10)
        self.assertEqual(error["code"], code or error["code"], error)
        self.assertEqual(error["data"]["key"], key or error["data"]["key"], error)
        if param:
            self.assertRegex(error["data"].get("param", ""), rf"^{param}($|\W)", error)

    def test_what_the_document_refuses_is_refused_by_name(self):
        trials = [(i, j, value) for i, method in enumerate(self.methods)
                  for j, param in enumerate(method["params"])
                  for value in (*CANDIDATES, *self.beyond(param["schema"]))]
        verdicts = self.judge([(f"/methods/{i}/params/{j}/schema", value) for i, j, value in trials])[1]
        refused, bases = set(), {}
        for (i, j, value), errors in zip(trials, verdicts):
            method, name = self.methods[i], self.methods[i]["params"][j]["name"]
            if not errors:
                continue
            refused.add((i, j))
            if i not in bases:
                bases[i] = self.base(method)
            base = bases[i]
            with self.subTest(method=method["name"], param=name, value=value):
                # Any text may be a name, of something that there is not.
                is_name = "Process" in map(key_of, method["params"][j]["schema"].get("allOf", []))
                code = -32001 if is_name and isinstance(value, str) else -32602
                self.check_refusal(method, self.ask(method, {**base, name: value}), code, param=name)
        for i, method in enumerate(self.methods):
            self.assertEqual([name for j, name in enumerate(method["params"]) if (i, j) not in refused], [])
        for i, base in bases.items():  # none of it did anything
            with self.subTest(method=self.methods[i]["name"]):
                self.judge_answer(i, self.methods[i], self.ask(self.methods[i], base))

    def beyond(self, schema):
        """Numbers just out of bounds."""
        if schema.get("type") != "integer":
            return []
        return [schema["minimum"] - 1, *([schema["maximum"] + 1] if "maximum" in schema else [])]

    def test_missing_unknown_and_too_many(self):
        counted = 0
        for method in self.methods:
            base = self.base(method)
            for param in method["params"]:
                if param.get("required"):
                    with self.subTest(method=method["name"], missing=param["name"]):
                        rest = {name: value for name, value in base.items() if name != param["name"]}
                        self.check_refusal(method, self.ask(method, rest), -32602, "params.missing", param["name"])
            with self.subTest(method=method["name"]):
                answer = self.ask(method, {**base, "no_such": 1})
                if "params.unknown" in map(key_of, method["errors"]):
                    self.check_refusal(method, answer, -32602, "params.unknown", "no_such")
                    base["idempotency_key"] = f"key.of.{method['name']}"
                    last = method["params"][-1]["name"] if base and method["params"] else None
                    full = self.by_position(method, base, last) if last else []
                    if full is not None:
                        self.check_refusal(method, self.ask(method, [*full, 1]), -32602, "params.count")
                        counted += 1
                else:
                    self.check_refusal(method, answer)
        self.assertGreater(counted, 25)

    def test_what_needs_a_socket_says_so(self):
        for method in filter(self.needs_socket, self.methods):
            with self.subTest(method=method["name"]):
                answer = self.post(method, self.base(method))
                self.check_refusal(method, answer, -32600, "subscription.transport")

    def test_notifications_are_as_described(self):
        described = {one["name"]: one["params"] for one in self.document["x-notifications"]}
        names = list(described)
        process = self.make()
        with WebSocket(self.server, bearer(self.token)) as socket:
            socket.call("subscribe", process=process)
            socket.call("mm.brk", process=process, addr=0)
            socket.call("mm.mmap", process=process, addr=0, length=4096, prot=3, flags=0x22)
            socket.call("process.exit", process=process)
            told = [socket.note() for _ in range(3)]
        self.assertEqual([one["method"] for one in told], ["mm.brk", "mm.mmap", "process.exit"])
        at = f"/x-notifications/{names.index('subscription')}/params"
        self.assertEqual(self.judge([(at, one) for one in told])[1], [[], [], []])


if __name__ == "__main__":
    unittest.main()
