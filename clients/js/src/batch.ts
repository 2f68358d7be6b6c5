// SPDX-License-Identifier: MIT
//
// Calls that go out together.
import { ServiceCalls, type MethodName, type Methods } from "./api.js";
import { VmariumError } from "./errors.js";
import { Attached, type Caller, type Process } from "./process.js";
import type { Result } from "./result.js";
import type { Call, Transport } from "./wire.js";

interface Waiting {
	call: Call;
	resolve(result: Result<never>): void;
	reject(error: unknown): void;
}

/**
 * Calls that are made in the same turn of the event loop, sent in as few requests as the limit allows.
 * They run in their order, and each answers a promise of its own.
 */
export class Batch extends ServiceCalls implements Caller {
	readonly #transport: Transport;
	readonly #limit: number;
	#waiting: Waiting[] = [];
	#last: Promise<void> = Promise.resolve();

	/** limit: calls in one request. */
	constructor(transport: Transport, limit: number) {
		super();
		this.#transport = transport;
		this.#limit = limit;
	}

	/** The process, whose calls are collected here. */
	of(process: Process): Attached {
		return new Attached(this, process.name, process.thread);
	}

	/** One more call. */
	call<M extends MethodName>(method: M, params: Methods[M]["params"]): Promise<Result<Methods[M]["result"]>> {
		return new Promise((resolve, reject) => {
			if (!this.#waiting.length)
				queueMicrotask(() => this.#send());
			this.#waiting.push({ call: [method, params], resolve, reject });
		});
	}

	protected request<M extends MethodName>(
		method: M, params: object,
	): Promise<Result<Methods[M]["result"]>> {
		return this.call(method, params as Methods[M]["params"]);
	}

	/** Requests of a batch go one after another, so that their calls run in order. */
	#send(): void {
		const waiting = this.#waiting;
		this.#waiting = [];
		for (let at = 0; at < waiting.length; at += this.#limit) {
			const part = waiting.slice(at, at + this.#limit);
			this.#last = this.#last.then(() => this.#exchange(part));
		}
	}

	async #exchange(part: readonly Waiting[]): Promise<void> {
		try {
			const outcomes = await this.#transport.exchange(part.map(({ call }) => call), true);
			part.forEach(({ resolve, reject }, i) => {
				const outcome = outcomes[i];
				if (outcome === undefined || outcome instanceof VmariumError)
					reject(outcome ?? new TypeError("the server left the call without an answer"));
				else
					resolve(outcome as Result<never>);
			});
		} catch (error) {
			for (const { reject } of part)
				reject(error);
		}
	}
}
