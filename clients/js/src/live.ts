// SPDX-License-Identifier: MIT
//
// A server's methods over a WebSocket, and subscriptions.
import type { SubscribeOptions, SubscribeResult } from "./api.js";
import { CallingClient } from "./client.js";
import { VmariumError } from "./errors.js";
import type { Process } from "./process.js";
import type { Result } from "./result.js";
import { SocketTransport, type Notification, type SocketConstructor } from "./socket.js";
import { Subscription, type Change } from "./subscription.js";
import { environment, serverUrl } from "./wire.js";

export interface SocketClientOptions {
	/** Default: $VMARIUM_TOKEN, if there is one. */
	token?: string | undefined;
	/** Milliseconds to wait for an answer, over as many connections as it takes; 30,000 unless given. */
	timeout?: number;
	/** Milliseconds before a lost connection is opened again, doubled at each try; 100 to 10,000. */
	backoff?: readonly [first: number, most: number];
	/** Whether calls that change something get a key, so that they can be sent again; true unless given. */
	repeat?: boolean;
	/** Another WebSocket than the global one, or than this package's own where there is none. */
	WebSocket?: SocketConstructor;
}

export interface FollowOptions extends SubscribeOptions {
	/** Changes that are kept for a slow reader; 10,000 unless given. */
	limit?: number;
}

/** A subscription as the server knows it, or not at the moment. */
interface Entry {
	params: object;
	name: string | undefined;
	isRenewing: boolean;
}

/** Calls over one WebSocket, which is opened again when it is lost. */
export class SocketClient extends CallingClient {
	readonly #socket: SocketTransport;
	readonly #entries = new Map<Subscription, Entry>();
	readonly #byName = new Map<string, Subscription>();
	/** Changes that come before it is known whose they are. */
	readonly #early = new Map<string, Change[]>();
	#asking = 0;

	/** url: http://HOST:PORT; default $VMARIUM_SERVER, the page's own server, or http://127.0.0.1:7070. */
	constructor(url?: string, options: SocketClientOptions = {}) {
		const socket = new SocketTransport(serverUrl(url), {
			token: options.token ?? environment("VMARIUM_TOKEN"),
			timeout: options.timeout ?? 30_000,
			backoff: options.backoff ?? [100, 10_000],
			repeat: options.repeat ?? true,
			WebSocket: options.WebSocket,
		});
		super(socket);
		this.#socket = socket;
		socket.onnotification = (notification) => this.#notified(notification);
		socket.onreopen = () => this.#renew();
		socket.isNeeded = () => this.#entries.size > 0;
	}

	/** Be told of every operation that changes the process, whoever calls it. */
	async subscribe(process: Process, options: FollowOptions = {}): Promise<Subscription> {
		const { limit = 10_000, ...rest } = options;
		const thread = process.thread === 1 ? {} : { thread: process.thread };
		const params = { process: process.name, ...thread, ...rest };
		return this.#ask(params, ({ subscription: name, seq }) => {
			const subscription = new Subscription(this, limit, seq);
			this.#entries.set(subscription, { params, name, isRenewing: false });
			this.#register(name, subscription);
			return subscription;
		});
	}

	/** Of a subscription, which is to be closed in its own name: subscription.close(). */
	unsubscribe(subscription: Subscription): void {
		const name = this.#forget(subscription);
		if (name !== undefined)
			this.#socket.exchange([["unsubscribe", { subscription: name }]], false).catch(() => {
				// It went with its process or its connection.
			});
	}

	override close(): void {
		super.close();
		for (const subscription of [...this.#entries.keys()]) {
			this.#forget(subscription);
			subscription.end();
		}
	}

	async #ask<T>(params: object, use: (answer: SubscribeResult) => T): Promise<T> {
		this.#asking++;
		try {
			const [outcome] = await this.#socket.exchange([["subscribe", params]], false);
			if (outcome instanceof VmariumError)
				throw outcome;
			return use((outcome as Result<SubscribeResult>).value);
		} finally {
			if (!--this.#asking)
				this.#early.clear();
		}
	}

	#register(name: string, subscription: Subscription): void {
		this.#byName.set(name, subscription);
		for (const change of this.#early.get(name) ?? [])
			this.#push(name, subscription, change);
		this.#early.delete(name);
	}

	#push(name: string, subscription: Subscription, change: Change): void {
		subscription.push(change);
		if (change.ended) {
			this.#byName.delete(name);
			this.#entries.delete(subscription);
		}
	}

	#forget(subscription: Subscription): string | undefined {
		const name = this.#entries.get(subscription)?.name;
		this.#entries.delete(subscription);
		if (name !== undefined)
			this.#byName.delete(name);
		return name;
	}

	#notified({ method, params }: Notification): void {
		if (method !== "subscription")
			return;
		const { subscription: name, ...change } = params as unknown as Change & { subscription: string };
		const subscription = this.#byName.get(name);
		if (subscription)
			this.#push(name, subscription, change);
		else if (this.#asking)
			this.#early.set(name, [...(this.#early.get(name) ?? []), change]);
	}

	/** Over a new connection, which knows of no subscriptions. */
	#renew(): void {
		this.#byName.clear();
		for (const [subscription, entry] of this.#entries) {
			entry.name = undefined;
			if (!entry.isRenewing)
				void this.#renewOne(subscription, entry);
		}
	}

	async #renewOne(subscription: Subscription, entry: Entry): Promise<void> {
		entry.isRenewing = true;
		try {
			await this.#ask(entry.params, ({ subscription: name, seq, snapshot }) => {
				entry.name = name;
				if (!this.#entries.has(subscription)) {
					this.#socket.exchange([["unsubscribe", { subscription: name }]], false).catch(() => {});
					return;
				}
				subscription.renew(seq, snapshot);
				this.#register(name, subscription);
			});
		} catch (error) {
			if (this.#entries.has(subscription)) {
				this.#forget(subscription);
				subscription.end(error);
			}
		} finally {
			entry.isRenewing = false;
		}
	}
}
