// SPDX-License-Identifier: MIT
//
// A WebSocket for releases of Node that have none: RFC 6455 over a socket, as a client.
import type { SocketLike } from "./socket.js";

const MAX_MESSAGE = 64 << 20; // the server's answers are half of that at most
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const TEXT = 1, CLOSE = 8, PING = 9, PONG = 10;
const FIN = 0x80, MASKED = 0x80;
const NORMAL = 1000, PROTOCOL_ERROR = 1002, LOST = 1006, TOO_LARGE = 1009;

/** What is used of a stream of Node. */
interface Stream {
	write(data: string | Uint8Array): void;
	end(): void;
	destroy(): void;
	setNoDelay(on: boolean): void;
	on(event: "data", listener: (data: Uint8Array) => void): void;
	on(event: "close", listener: () => void): void;
	on(event: "error", listener: (error: Error) => void): void;
}
interface NodeCrypto {
	randomBytes(count: number): Uint8Array & { toString(encoding: "base64"): string };
	createHash(name: "sha1"): { update(text: string): { digest(encoding: "base64"): string } };
}

/** A module of Node's, of which bundlers for browsers must not know. */
export function nodeModule<T>(name: string): Promise<T> {
	return import(/* @vite-ignore */ /* webpackIgnore: true */ name) as Promise<T>;
}

/** As the browsers' WebSocket, in the parts that this package uses. */
export class NodeSocket implements SocketLike {
	onopen: (() => void) | null = null;
	onmessage: ((event: { data: unknown }) => void) | null = null;
	onclose: ((event: { code: number; reason: string }) => void) | null = null;
	#stream: Stream | undefined;
	#crypto!: NodeCrypto;
	#rest: Uint8Array = new Uint8Array(0);
	#accept = "";
	#isOpen = false;
	#isOver = false;
	#message: Uint8Array[] = [];
	#reason = "";

	constructor(url: string, protocols: string[]) {
		this.#connect(new URL(url), protocols).catch((error: Error) => this.#over(LOST, error.message));
	}

	send(text: string): void {
		this.#frame(TEXT, new TextEncoder().encode(text));
	}

	close(): void {
		if (this.#isOpen)
			this.#frame(CLOSE, Uint8Array.of(NORMAL >> 8, NORMAL & 0xff));
		this.#stream?.destroy();
		this.#over(NORMAL, "");
	}

	async #connect(url: URL, protocols: string[]): Promise<void> {
		const isTls = url.protocol === "wss:";
		const net = await nodeModule<{ connect(options: object): Stream }>(isTls ? "node:tls" : "node:net");
		this.#crypto = await nodeModule<NodeCrypto>("node:crypto");
		if (this.#isOver)
			return;
		const host = url.hostname.replace(/^\[|\]$/g, "");
		const stream = net.connect({ host, port: Number(url.port) || (isTls ? 443 : 80), servername: host });
		const key = this.#crypto.randomBytes(16).toString("base64");
		this.#accept = this.#crypto.createHash("sha1").update(key + GUID).digest("base64");
		this.#stream = stream;
		stream.setNoDelay(true);
		stream.on("data", (data) => this.#take(data));
		stream.on("error", (error) => (this.#reason = error.message));
		stream.on("close", () => this.#over(LOST, this.#reason));
		stream.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\n` +
			`Connection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n` +
			`Sec-WebSocket-Protocol: ${protocols.join(", ")}\r\n\r\n`);
	}

	#over(code: number, reason: string): void {
		if (this.#isOver)
			return;
		this.#isOver = true;
		this.#isOpen = false;
		this.#stream?.destroy();
		this.onclose?.({ code, reason });
	}

	#frame(opcode: number, payload: Uint8Array): void {
		if (this.#isOver)
			return;
		const size = payload.length;
		const extra = size < 126 ? 0 : size < 1 << 16 ? 2 : 8;
		const frame = new Uint8Array(2 + extra + 4 + size);
		const view = new DataView(frame.buffer);
		frame[0] = FIN | opcode;
		frame[1] = MASKED | (extra === 0 ? size : extra === 2 ? 126 : 127);
		if (extra === 2)
			view.setUint16(2, size);
		else if (extra === 8)
			view.setBigUint64(2, BigInt(size));
		const mask = this.#crypto.randomBytes(4);
		frame.set(mask, 2 + extra);
		for (let i = 0; i < size; i++)
			frame[6 + extra + i] = payload[i]! ^ mask[i & 3]!;
		this.#stream?.write(frame);
	}

	#take(data: Uint8Array): void {
		const rest = new Uint8Array(this.#rest.length + data.length);
		rest.set(this.#rest);
		rest.set(data, this.#rest.length);
		this.#rest = rest;
		while (!this.#isOver && (this.#isOpen ? this.#takeFrame() : this.#takeHead()))
			;
	}

	/** The answer to the handshake; false while there is not all of it. */
	#takeHead(): boolean {
		const text = new TextDecoder("latin1").decode(this.#rest);
		const end = text.indexOf("\r\n\r\n");
		if (end < 0)
			return false;
		const lines = text.slice(0, end).split("\r\n");
		const accept = lines.find((line) => /^sec-websocket-accept:/i.test(line));
		if (!/^HTTP\/1\.1 101 /.test(`${lines[0]} `) || accept?.split(":")[1]?.trim() !== this.#accept) {
			this.#over(LOST, `the server answers ${lines[0]}`);
			return false;
		}
		this.#rest = this.#rest.subarray(end + 4);
		this.#isOpen = true;
		this.onopen?.();
		return true;
	}

	/** One frame; false while there is not all of it. */
	#takeFrame(): boolean {
		const data = this.#rest;
		if (data.length < 2)
			return false;
		const view = new DataView(data.buffer, data.byteOffset, data.length);
		let size = data[1]! & 0x7f;
		const head = 2 + (size === 126 ? 2 : size === 127 ? 8 : 0);
		if (data.length < head)
			return false;
		if (size >= 126)
			size = size === 126 ? view.getUint16(2) : Number(view.getBigUint64(2));
		if (size > MAX_MESSAGE)
			return this.#fail(TOO_LARGE, "a message is too large");
		if (data[1]! & MASKED || data[0]! & 0x70)
			return this.#fail(PROTOCOL_ERROR, "a frame is none that a server may send");
		if (data.length < head + size)
			return false;
		this.#rest = data.subarray(head + size);
		this.#heed(data[0]!, data.subarray(head, head + size));
		return true;
	}

	#heed(first: number, payload: Uint8Array): void {
		const opcode = first & 0x0f;
		if (opcode === PING) {
			this.#frame(PONG, payload);
		} else if (opcode === CLOSE) {
			this.#frame(CLOSE, payload.subarray(0, 2));
			this.#stream?.end();
			this.#over(payload.length < 2 ? LOST : payload[0]! << 8 | payload[1]!,
				new TextDecoder().decode(payload.subarray(2)));
		} else if (opcode <= TEXT) {
			this.#message.push(payload);
			if (first & FIN)
				this.#deliver();
		} else if (opcode !== PONG) {
			this.#fail(PROTOCOL_ERROR, "a frame of no kind that this service sends");
		}
	}

	#deliver(): void {
		const decoder = new TextDecoder();
		const parts = this.#message.map((part) => decoder.decode(part, { stream: true }));
		this.#message = [];
		this.onmessage?.({ data: parts.join("") + decoder.decode() });
	}

	#fail(code: number, reason: string): false {
		this.#frame(CLOSE, Uint8Array.of(code >> 8, code & 0xff));
		this.#over(code, reason);
		return false;
	}
}
