#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The JavaScript client, packed and installed as users install it, beside a real server."""
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
import npm  # noqa: E402
from npm import run  # noqa: E402
from vmariumd import Vmariumd  # noqa: E402

CLIENT = ROOT / "clients/js"
EXAMPLE = re.compile(r"^```ts\n((?:(?!```).*\n)+)```\n\n```text\n((?:(?!```).*\n)+)```\n",
                     re.MULTILINE)
# What a careful user has, and no more: the package's types need nothing else.
TSCONFIG = {"compilerOptions": {"target": "ES2022", "module": "NodeNext", "strict": True, "types": [],
                                "lib": ["ES2022", "DOM"], "skipLibCheck": False}}

# A way to the server that can be cut: behind a call, before its answer, or for a while.
BETWEEN = """
import { connect, createServer } from "node:net";
import { Client, SocketClient, TransportError } from "vmarium";
const port = new URL(process.env.VMARIUM_SERVER).port;
let pairs = [], isDeaf = false, isShut = false, connections = 0;
const cut = () => pairs.splice(0).flat().forEach((socket) => socket.destroy());
const between = createServer((near) => {
	if (isShut) {
		near.destroy();
		return;
	}
	const far = connect(port, "127.0.0.1");
	connections++;
	pairs.push([near, far]);
	near.on("error", () => {}).on("data", (data) => far.write(data)).on("close", () => far.destroy());
	far.on("error", () => {}).on("close", () => near.destroy());
	far.on("data", (data) => {
		if (isDeaf) {
			isDeaf = false;
			cut();
		} else {
			near.write(data);
		}
	});
}).listen(0, "127.0.0.1");
await new Promise((resolve) => between.once("listening", resolve));
const url = `http://127.0.0.1:${between.address().port}`;
"""


def install(folder):
    """A project with the packed client in it; where the compiler is."""
    source, project = folder / "source", folder / "project"
    # A copy: the build would leave its output beside the sources.
    shutil.copytree(CLIENT, source, ignore=shutil.ignore_patterns("node_modules", "dist", "*.tgz"))
    project.mkdir()
    (project / "package.json").write_text('{"type": "module", "private": true}')
    (project / "tsconfig.json").write_text(json.dumps(TSCONFIG))
    npm.npm("ci", "--prefer-offline", cwd=source)
    packed = npm.npm("pack", "--silent", cwd=source).split()[-1]
    npm.npm("install", "--offline", "--no-package-lock", source / packed, cwd=project)
    return project, source / "node_modules/.bin/tsc"


@unittest.skipUnless(npm.is_there(), npm.MISSING)
class JavaScriptClient(unittest.TestCase):
    """Each test has the installed client and a server."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.project, cls.tsc = install(pathlib.Path(folder.name))
        cls.server = cls.enterClassContext(Vmariumd())

    def run_script(self, script, *flags):
        """What a script prints, as a module of the project."""
        path = self.project / "script.mjs"
        path.write_text(script)
        return run("node", *flags, path, cwd=self.project,
                   env={**os.environ, "VMARIUM_SERVER": self.server.url})

    def test_every_method_is_there(self):
        document = self.run_script("""
import { Client } from "vmarium";
console.log(JSON.stringify((await new Client().rpcDiscover()).value));
""")
        run("node", CLIENT / "generate.mjs", "--check", cwd=self.project, input=document)

    def test_the_package_is_as_it_should_be(self):
        package = json.loads((self.project / "node_modules/vmarium/package.json").read_text())
        self.assertNotIn("dependencies", package)
        self.assertFalse({file.suffix for file in (self.project / "node_modules/vmarium/dist").iterdir()}
                         - {".js", ".ts"})
        for file in (self.project / "node_modules/vmarium/dist").glob("*.js"):  # browsers have no such modules
            self.assertNotRegex(file.read_text(), r'(?m)^(import|export) .*from "(?!\./)')
        self.assertNotIn('"resolved"', (CLIENT / "package-lock.json").read_text())

    def test_examples_print_what_the_page_shows(self):
        examples = EXAMPLE.findall((CLIENT / "README.md").read_text(encoding="utf-8"))
        self.assertGreaterEqual(len(examples), 5)
        for i, (script, _) in enumerate(examples):
            (self.project / f"example{i}.ts").write_text(script)
        run(self.tsc, "--project", ".", cwd=self.project)
        for i, (script, shown) in enumerate(examples):
            with self.subTest(script=script.splitlines()[0]):
                self.assertEqual(run("node", f"example{i}.js", cwd=self.project,
                                     env={**os.environ, "VMARIUM_SERVER": self.server.url}), shown)

    def test_types_refuse_what_the_service_would(self):
        wrong = ['p.brk()', 'p.brk({})', 'p.access(0, "touch")', 'p.fork({ thread: 1n })',
                 'p.munmap(0, 1, { wants: [] })', 'client.create({ profile: 4 })',
                 'client.call("mm.nothing", {})', 'p.mmap(0, 1, "PROT_READ", null)',
                 'p.brk(0).then((result) => result.value.nothing)']
        lines = "".join(f"// @ts-expect-error\nvoid {one};\n" for one in wrong)
        folder = self.project / "wrong"
        folder.mkdir()
        (folder / "wrong.ts").write_text(
            'import type { Client, Process } from "vmarium";\n'
            f"declare const client: Client, p: Process;\n{lines}")
        (folder / "tsconfig.json").write_text('{"extends": "../tsconfig.json"}')
        run(self.tsc, "--project", folder, "--noEmit", cwd=self.project)
        shutil.rmtree(folder)

    def test_families_threads_and_batches(self):
        self.assertEqual(self.run_script("""
import { Client, KernelError, ParamsError, ProcessGone, ProcessUnknown } from "vmarium";
import { inspect } from "node:util";
const client = new Client();
const p = await client.create();
const at = (await p.mmap(0, 8192, 3, 0x22)).unwrap();
await p.access(at, "write");
const child = await p.spawn();
console.log((await child.access(at, "write")).value.fault, (await child.space()).find(at).rss);
const thread = await p.spawnThread();
console.log(thread.thread, (await thread.mincore(at, 8192)).value.vec);
try { (await p.munmap(1, 1)).unwrap(); } catch (error) {
	console.log(error instanceof KernelError, error.errno, error.ret);
}
const batch = client.batch(2), b = batch.of(p);
const outcomes = await Promise.allSettled(
	[b.brk(0), b.mincore(at, "x"), batch.profileList(), b.brk(0)].map(async (call) => (await call).ret));
console.log(outcomes.map(({ status }) => status).join(" "), outcomes[1].reason instanceof ParamsError,
	outcomes[1].reason.param);
console.log((await client.callAll([["mm.brk", { process: p.name, addr: 0 }], ["mm.nothing", {}]]))
	.map((one) => one.code ?? one.ok), (await client.callAll([])).length);
await child.exit();
for (const call of [() => child.brk(0), () => client.attach("nobody").brk(0), () => client.create({ uid: -1 })])
	await call().catch((error) => console.log(error.constructor.name, error.key, error.code,
		error instanceof ProcessGone || error instanceof ProcessUnknown, error.hint.length > 10));
await child.close();
console.log((await client.attach(p.name).munmap(at, 4096)).ret, inspect(p, { depth: 9 }).includes(p.name));
"""), """\
minor 1
2 10
true EINVAL -22n
fulfilled rejected fulfilled fulfilled true length
[ true, -32601 ] 0
ProcessGone process.gone -32002 true true
ProcessUnknown process.unknown -32001 true true
ParamsError params.range -32602 false true
0n false
""")

    def test_numbers_are_exact(self):
        self.assertEqual(self.run_script("""
import { Client } from "vmarium";
const client = new Client();
const p = await client.create();
const top = 2n ** 64n - 1n;
console.log((await p.access(top, "read")).value.si_addr === "0x" + top.toString(16));
console.log((await p.mmap(0x7fff12345000, 4096n, 3n, 0x32n, { fd: -1n })).ret.toString(16));
for (const wrong of [2 ** 53, 2 ** 63, NaN, -(2n ** 63n)])
	await p.brk(wrong).catch((error) => console.log(error.name, error.message.slice(0, 5)));
"""), "true\n7fff12345000\n" + "RangeError addr:\n" * 4)

    def test_names_give_no_commands_to_the_terminal(self):
        self.assertEqual(self.run_script(r"""
import { Client } from "vmarium";
const name = "/bin/\x1b[31m\x9bm";
const p = await new Client().create({ maps: ["00400000-00401000 r-xp 00000000 " + name] });
const space = await p.space();
console.log(space.areas[0].name === name, space.areas[0].label, `${space}`.endsWith(space.areas[0].label));
"""), "true /bin/\\u001B[31m\\u009Bm true\n")

    def test_no_server_and_no_rpc_are_said(self):
        self.assertEqual(self.run_script("""
import { createServer } from "node:net";
import { Client, SocketClient, TransportError } from "vmarium";
const answers = ["HTTP/1.1 503 X\\r\\nRetry-After: 7\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n", ""];
const server = createServer((socket) => {
	socket.on("error", () => {});
	if (answers.length)
		socket.on("data", () => socket.end(answers.shift()));
}).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const url = `http://127.0.0.1:${server.address().port}`;
const say = (error) => console.log(error instanceof TransportError || error.name, error.status, error.retryAfter);
await new Client(url).profileList().catch(say);
await new Client(url).profileList().catch(say);
const slow = new Client(url, { timeout: 200 });
await slow.profileList().catch((error) => console.log(error.message.slice(-20)));
const closed = new Client(url);
setTimeout(() => closed.close(), 100);
await closed.profileList().catch((error) => console.log(error.message.slice(-21)));
server.close();
const socket = new SocketClient("http://127.0.0.1:9");
await socket.profileList().catch(say);
try { new Client("ftp://here"); } catch (error) { say(error); }
process.exit();
"""), "true 503 7\ntrue 0 undefined\n: none within 200 ms\nthe client was closed\ntrue 0 undefined\n"
            "TypeError undefined undefined\n")

    def test_a_socket_outlives_lost_connections(self):
        self.assertEqual(self.run_script(BETWEEN + """
const backoff = [5, 50];

const client = new SocketClient(url, { backoff });
const p = await client.create({ want: [] });
cut();
console.log((await p.brk(0)).ok, connections);
isDeaf = true; // it runs, and its answer is lost
const at = (await p.mmap(0, 4096, 3, 0x22, { want: [] })).unwrap();
console.log(at.toString(16), connections, (await p.get()).value.counters.operations);
isDeaf = true;
const batch = client.batch().of(p);
const two = await Promise.all([batch.brk(0x700000), batch.brk(0)]);
console.log(two.map((one) => one.ret.toString(16)).join(), connections, (await p.get()).value.counters.operations);

const careful = new SocketClient(url, { backoff, repeat: false });
const q = careful.attach(p.name);
await q.brk(0);
isDeaf = true;
await q.mmap(0, 4096, 3, 0x22).catch((error) => console.log(error instanceof TransportError,
	error.message.slice(-21)));
console.log((await q.get()).value.counters.operations);
const later = new SocketClient(url, { backoff, timeout: 5000 });
await later.profileList();
between.close();
cut();
await later.profileList().catch((error) => console.log(error.message.slice(-21)));
const late = careful.profileList();
careful.close();
await late.catch((error) => console.log(error.message.slice(-21)));
client.close();
later.close();
"""), "true 2\n7ffff7ffa000 3 2\n700000,700000 4 4\ntrue the call may have run\n6\n: none within 5000 ms\n"
            "the client was closed\n")

    def test_subscriptions(self):
        self.assertEqual(self.run_script(BETWEEN + """
const client = new SocketClient(url, { backoff: [5, 50] }), other = new Client();
const p = await client.create();
const q = other.attach(p.name);
const changes = await client.subscribe(p, { want: ["vmas"] });
const told = async (subscription) => {
	const { value, done } = await subscription.next();
	return done ? "done" : `${value.method} ${value.missed} ${value.ended ?? ""}`.trim();
};
const first = changes.next();
await q.mmap(0, 4096, 3, 0x22, { want: [] });
const { value } = await first;
console.log(value.method, value.seq, value.params.length, value.result.ret, value.snapshot.vmas.length);
await q.brk(0x700000);
await q.mlockall(1);
console.log(await told(changes), await told(changes));

isShut = true;
cut();
await q.brk(0);
await q.munlockall();
isShut = false;
const missed = (await changes.next()).value;
console.log(missed.method, missed.missed, missed.seq, missed.snapshot.vmas.length);
await q.brk(0);
console.log(await told(changes));

// A reader for whom one change is kept: what does not fit is counted.
const lazy = await client.subscribe(p, { want: [], limit: 1 });
for (let i = 0; i < 5; i++)
	await q.brk(0);
for (let i = 0; i < 5; i++)
	await told(changes);
let reads = 0;
for (let heard = 0; heard < 6; heard += 1 + (await lazy.next()).value.missed, reads++)
	if (heard === 1)
		await q.brk(0);
console.log(reads < 6);
lazy.close();
console.log(await told(lazy), await told(changes));

const short = await client.subscribe(p, { want: [] });
await q.brk(0);
for await (const change of short) {
	console.log(change.method);
	break;
}
console.log(await told(short), await told(changes));

const child = await p.spawn();
const orphan = await client.subscribe(child);
await child.exit();
console.log(await told(orphan), await told(orphan));
const bereft = (await client.subscribe(p)).next();
isShut = true;
cut();
await q.exit();
isShut = false;
await bereft.catch((error) => console.log(error.constructor.name));
console.log(await told(changes), await told(changes).catch((error) => error.constructor.name), await told(changes));
await client.subscribe(p).catch((error) => console.log(error.constructor.name));
const mine = await other.create();
const last = await client.subscribe(client.attach(mine.name));
const never = told(last);
client.close();
console.log(await never);
await mine.close();
between.close();
"""), """\
mm.mmap 1 4096 0x7ffff7ffa000 6
mm.brk 0 mm.mlockall 0
undefined 2 5 7
mm.brk 0
true
done mm.brk 0
mm.brk
done mm.brk 0
process.exit 0 true done
ProcessGone
process.fork 0 ProcessGone done
ProcessGone
done
""")

    def test_long_messages_pass_both_sockets(self):
        """This package's own, and the one that newer releases of Node have."""
        can = run("node", "-p", 'process.allowedNodeEnvironmentFlags.has("--experimental-websocket")',
                  cwd=self.project)
        for own in (True, False) if can == "true\n" else (True,):
            with self.subTest(own=own):
                self.check_long_messages(own)

    def check_long_messages(self, own):
        flags = [] if own else ["--experimental-websocket", "--no-warnings"]
        self.assertEqual(self.run_script(f"""
if ({str(own).lower()})
	delete globalThis.WebSocket;
else if (!globalThis.WebSocket)
	throw new Error("there is none");
""" + """
import { SocketClient } from "vmarium";
const client = new SocketClient();
const maps = Array.from({ length: 3000 }, (_, i) =>
	`${((i + 16) * 8192).toString(16)}-${((i + 16) * 8192 + 4096).toString(16)} rw-p 0 \\u00e4\\u5730`);
const p = await client.create({ maps });
console.log(p.created.space.areas.length, p.created.space.areas[2999].name);
console.log((await Promise.all(Array.from({ length: 20 }, () => p.snapshot()))).length);
const many = Array.from({ length: 1001 }, () => ["mm.brk", { process: p.name, addr: 0 }]);
const all = client.callAll(many), next = p.brk(0, { want: [] }); // the first is refused as a whole, without an id
await all.catch((error) => console.log(error.key));
console.log((await next).ok, (await Promise.all(many.map(() => p.brk(0, { want: [] })))).length);
client.close();
""", *flags), "3000 \u00e4\u5730\n20\nrequest\ntrue 1001\n")


if __name__ == "__main__":
    unittest.main()
