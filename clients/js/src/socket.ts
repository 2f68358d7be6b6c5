// SPDX-License-Identifier: MIT
//
// Calls over a WebSocket that is opened again when it is lost.
import { changing } from "./api.js";
import { TransportError, type VmariumError } from "./errors.js";
import { NodeSocket, nodeModule } from "./nodesocket.js";
import { outcomes, requestBody, type Answer, type Call, type Outcome, type Transport } from "./wire.js";

/** What is used of a WebSocket. */
export interface SocketLike {
	onopen: ((event: never) => void) | null;
	onmessage: ((event: { data: unknown }) => void) | null;
	onclose: ((event: { code: number; reason: string }) => void) | null;
	send(text: string): void;
	close(): void;
}
export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike;

export interface SocketOptions {
	token?: string | undefined;
	/** Milliseconds to wait for an answer. */
	timeout: number;
	/** Milliseconds before the first try to connect again, and at most. */
	backoff: readonly [first: number, most: number];
	/** Give every call that changes something a key, so that it is sent again, and runs once. */
	repeat: boolean;
	WebSocket?: SocketConstructor | undefined;
}

/** A message of the server that answers no call. */
export interface Notification {
	method: string;
	params: Record<string, unknown>;
}

/** Calls in one message, until they are answered. */
interface Exchange {
	first: number;
	calls: readonly Call[];
	isBatch: boolean;
	timer: ReturnType<typeof setTimeout>;
	isSent: boolean;
	resolve(answers: Outcome[]): void;
	reject(error: VmariumError): void;
}

/** A random source, which Node 18 keeps in a module. */
async function randomSource(): Promise<Crypto> {
	return globalThis.crypto ?? (await nodeModule<{ webcrypto: Crypto }>("node:crypto")).webcrypto;
}

/** 128 bits that nobody guesses. */
function randomKey(source: Crypto): string {
	return Array.from(source.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * One connection for all calls; it opens with the first. When it is lost, calls that may run twice are
 * sent again over the next one, the others are rejected, and onreopen says that there is a next one.
 */
export class SocketTransport implements Transport {
	/** Of messages that answer no call. */
	onnotification: (notification: Notification) => void = () => {};
	/** There is a new connection in place of a lost one. */
	onreopen: () => void = () => {};
	/** Whether a lost connection is opened again although no call waits. */
	isNeeded: () => boolean = () => false;
	readonly #options: SocketOptions;
	#socket: SocketLike | undefined;
	#isOpen = false;
	#wasOpen = false;
	#isClosed = false;
	#tries = 0;
	#retry: ReturnType<typeof setTimeout> | undefined;
	#ids = 1;
	readonly #waiting = new Map<number, Exchange>();

	constructor(readonly url: string, options: SocketOptions) {
		this.#options = options;
	}

	async exchange(calls: readonly Call[], isBatch: boolean): Promise<Outcome[]> {
		const repeatable = this.#options.repeat ? await withKeys(calls) : calls;
		const first = this.#ids;
		requestBody(repeatable, isBatch, first); // throws now what cannot be sent later
		this.#ids += calls.length;
		if (this.#isClosed)
			throw new TransportError(`no answer from ${this.url}: the client was closed`);
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => this.#expire(first), this.#options.timeout);
			this.#waiting.set(first, { first, calls: repeatable, isBatch, timer, isSent: false, resolve, reject });
			if (this.#isOpen)
				this.#send(this.#waiting.get(first)!);
			else
				this.#open();
		});
	}

	/** What is under way is given up. */
	close(): void {
		this.#isClosed = true;
		clearTimeout(this.#retry);
		this.#rejectAll("the client was closed");
		this.#drop();
	}

	#drop(): void {
		const socket = this.#socket;
		if (!socket)
			return;
		this.#socket = undefined;
		this.#isOpen = false;
		socket.onopen = socket.onmessage = socket.onclose = null;
		socket.close();
	}

	#open(): void {
		if (this.#socket || this.#retry !== undefined || this.#isClosed)
			return;
		const { token, WebSocket } = this.#options;
		const kind = WebSocket ?? (globalThis.WebSocket as SocketConstructor | undefined) ?? NodeSocket;
		const socket = new kind(`${this.url.replace(/^http/, "ws")}/rpc`,
			token ? ["vmarium", `bearer.${token}`] : ["vmarium"]);
		this.#socket = socket;
		socket.onopen = () => this.#opened();
		socket.onmessage = ({ data }) => this.#heard(String(data));
		socket.onclose = ({ code, reason }) => this.#lost(code, reason);
	}

	#opened(): void {
		const isReopened = this.#wasOpen;
		this.#isOpen = this.#wasOpen = true;
		this.#tries = 0;
		if (isReopened)
			this.onreopen();
		for (const exchange of [...this.#waiting.values()])
			if (!exchange.isSent)
				this.#send(exchange);
	}

	#send(exchange: Exchange): void {
		exchange.isSent = true;
		this.#socket?.send(requestBody(exchange.calls, exchange.isBatch, exchange.first));
	}

	#heard(text: string): void {
		const message = JSON.parse(text) as Answer | Answer[] | Notification;
		if ("method" in message) {
			this.onnotification(message);
			return;
		}
		// A message that was refused as a whole has no id: messages are answered in their order.
		const ids = Array.isArray(message) ? message.map(({ id }) => id) : [message.id];
		const exchange = this.#waiting.get(ids[0] === null ? this.#oldest() : Math.min(...ids));
		if (!exchange)
			return; // it has waited for too long
		this.#forget(exchange);
		try {
			exchange.resolve(outcomes(message, exchange.isBatch));
		} catch (error) {
			exchange.reject(error as VmariumError);
		}
	}

	#oldest(): number {
		for (const exchange of this.#waiting.values())
			if (exchange.isSent)
				return exchange.first;
		return -1;
	}

	#forget(exchange: Exchange): void {
		clearTimeout(exchange.timer);
		this.#waiting.delete(exchange.first);
	}

	#expire(first: number): void {
		const exchange = this.#waiting.get(first);
		if (exchange) {
			this.#forget(exchange);
			exchange.reject(new TransportError(
				`no answer from ${this.url}: none within ${this.#options.timeout} ms`));
		}
	}

	#rejectAll(why: string): void {
		for (const exchange of [...this.#waiting.values()]) {
			this.#forget(exchange);
			exchange.reject(new TransportError(`no answer from ${this.url}: ${why}`));
		}
	}

	#lost(code: number, reason: string): void {
		const why = `the connection was closed with ${code}${reason && `, ${reason}`}`;
		this.#drop();
		if (!this.#wasOpen) {
			this.#rejectAll(why); // there may be no server at all
			return;
		}
		for (const exchange of [...this.#waiting.values()]) {
			if (!exchange.isSent || exchange.calls.every(mayRunTwice)) {
				exchange.isSent = false;
				continue;
			}
			this.#forget(exchange);
			exchange.reject(new TransportError(`no answer from ${this.url}: ${why}; the call may have run`));
		}
		if (this.#waiting.size || this.isNeeded())
			this.#openLater();
	}

	#openLater(): void {
		const [first, most] = this.#options.backoff;
		const wait = Math.min(most, first * 2 ** this.#tries++);
		// Not all clients of a server that has come back at once.
		this.#retry = setTimeout(() => {
			this.#retry = undefined;
			if (this.#waiting.size || this.isNeeded())
				this.#open();
		}, wait * (0.5 + Math.random() / 2));
	}
}

async function withKeys(calls: readonly Call[]): Promise<readonly Call[]> {
	const source = await randomSource();
	return calls.map(([method, params]) =>
		[method, changing.has(method) ? { idempotency_key: randomKey(source), ...params } : params]);
}

function mayRunTwice([method, params]: Call): boolean {
	return !changing.has(method) || (params as { idempotency_key?: string }).idempotency_key !== undefined;
}
