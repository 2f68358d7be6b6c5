// SPDX-License-Identifier: MIT
//
// What happens to a process, as it happens.
/// <reference lib="esnext.disposable" preserve="true" />
import type { Snapshot, SubscriptionNotification } from "./api.js";

/**
 * An operation that has changed the process, whoever called it; or, without a method, its state as it is.
 * After a lost connection, missed counts the operations of its world, of which some may be none of its own.
 */
export type Change = Omit<SubscriptionNotification, "subscription">;

/** What a subscription asks of its client. */
export interface Publisher {
	unsubscribe(subscription: Subscription): void;
}

interface Reader {
	resolve(next: IteratorResult<Change, undefined>): void;
	reject(error: unknown): void;
}

/** The changes of a process: `for await (const change of subscription)`. Leaving the loop ends it. */
export class Subscription implements AsyncIterableIterator<Change, undefined> {
	readonly #publisher: Publisher;
	readonly #limit: number;
	#queue: Change[] = [];
	#readers: Reader[] = [];
	#missed = 0;
	#seq: number;
	#isOver = false;
	#error: unknown;

	/** limit: changes that are kept for a slow reader; seq: of the process's last operation. */
	constructor(publisher: Publisher, limit: number, seq: number) {
		this.#publisher = publisher;
		this.#limit = limit;
		this.#seq = seq;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	async next(): Promise<IteratorResult<Change, undefined>> {
		const change = this.#queue.shift();
		if (change)
			return { value: change, done: false };
		if (this.#error !== undefined) {
			const error = this.#error;
			this.#error = undefined;
			throw error;
		}
		if (this.#isOver)
			return { value: undefined, done: true };
		return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
	}

	async return(): Promise<IteratorResult<Change, undefined>> {
		this.close();
		return { value: undefined, done: true };
	}

	/** Hear no more. */
	close(): void {
		if (!this.#isOver)
			this.#publisher.unsubscribe(this);
		this.#queue = [];
		this.end();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.close();
	}

	/** Of the client: one more change. */
	push(change: Change): void {
		if (this.#isOver)
			return;
		this.#seq = Math.max(this.#seq, change.seq);
		const told = this.#missed ? { ...change, missed: change.missed + this.#missed } : change;
		const reader = this.#readers.shift();
		if (!reader && this.#queue.length >= this.#limit && !change.ended) {
			this.#missed += change.missed + (change.method ? 1 : 0);
			return;
		}
		this.#missed = 0;
		if (reader)
			reader.resolve({ value: told, done: false });
		else
			this.#queue.push(told);
		if (change.ended)
			this.end();
	}

	/** Of the client: it is subscribed anew, over another connection, as of that operation. */
	renew(seq: number, snapshot: Snapshot | undefined): void {
		if (seq > this.#seq)
			this.push({ seq, missed: seq - this.#seq, ...(snapshot && { snapshot }) });
	}

	/** Of the client: there is no more, because of an error if there is one. */
	end(error?: unknown): void {
		if (this.#isOver)
			return;
		this.#isOver = true;
		const [first, ...rest] = this.#readers.splice(0);
		if (error === undefined)
			first?.resolve({ value: undefined, done: true });
		else if (first)
			first.reject(error);
		else
			this.#error = error;
		for (const reader of rest)
			reader.resolve({ value: undefined, done: true });
	}
}
