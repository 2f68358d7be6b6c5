// SPDX-License-Identifier: MIT
//
// Calls over HTTP, with fetch.
import { TransportError, type ErrorData } from "./errors.js";
import { outcomes, reason, requestBody, type Answer, type Call, type Outcome, type Transport } from "./wire.js";

export interface HttpOptions {
	token?: string | undefined;
	/** Milliseconds to wait for an answer. */
	timeout: number;
	fetch: typeof globalThis.fetch;
}

/** A request for each exchange. */
export class HttpTransport implements Transport {
	readonly #options: HttpOptions;
	readonly #hangUp = new AbortController();

	constructor(readonly url: string, options: HttpOptions) {
		this.#options = options;
	}

	async exchange(calls: readonly Call[], isBatch: boolean): Promise<Outcome[]> {
		const { status, text, retryAfter } = await this.#post(requestBody(calls, isBatch));
		const answer = parse(text);
		if (status === 200 && answer)
			return outcomes(answer as Answer | Answer[], isBatch);
		const refusal = (answer as { error?: ErrorData } | undefined)?.error ?? {};
		if (retryAfter)
			refusal.retry_after ??= Number(retryAfter);
		throw new TransportError(`HTTP ${status}${refusal.hint ? "" : ": no JSON answer"}`, status, refusal);
	}

	/** What is under way is given up. */
	close(): void {
		this.#hangUp.abort();
	}

	async #post(body: string): Promise<{ status: number; text: string; retryAfter: string | null }> {
		const { token, timeout, fetch } = this.#options;
		const abort = new AbortController();
		const giveUp = (): void => abort.abort();
		const timer = setTimeout(giveUp, timeout);
		this.#hangUp.signal.addEventListener("abort", giveUp);
		try {
			const response = await fetch(`${this.url}/rpc`, {
				method: "POST",
				headers: {
					"Content-Type": "application/json",
					...(token && { Authorization: `Bearer ${token}` }),
				},
				body,
				signal: this.#hangUp.signal.aborted ? this.#hangUp.signal : abort.signal,
			});
			const retryAfter = response.headers.get("Retry-After");
			return { status: response.status, text: await response.text(), retryAfter };
		} catch (error) {
			let why = reason(error);
			if (this.#hangUp.signal.aborted)
				why = "the client was closed";
			else if (abort.signal.aborted)
				why = `none within ${timeout} ms`;
			throw new TransportError(`no answer from ${this.url}: ${why}`, 0, {}, { cause: error });
		} finally {
			clearTimeout(timer);
			this.#hangUp.signal.removeEventListener("abort", giveUp);
		}
	}
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
