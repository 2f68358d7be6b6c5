// SPDX-License-Identifier: MIT
//
// A server's methods.
/// <reference lib="esnext.disposable" preserve="true" />
import { ServiceCalls, type MethodName, type Methods, type ProcessCreateParams, type ProcessName } from "./api.js";
import { Batch } from "./batch.js";
import { VmariumError } from "./errors.js";
import { HttpTransport } from "./http.js";
import { Process, type Caller } from "./process.js";
import type { Result } from "./result.js";
import { environment, serverUrl, type Call, type Outcome, type Transport } from "./wire.js";

export interface ClientOptions {
	/** Default: $VMARIUM_TOKEN, if there is one. */
	token?: string | undefined;
	/** Milliseconds to wait for an answer; 30,000 unless given. */
	timeout?: number;
	/** Another fetch than the global one. */
	fetch?: typeof globalThis.fetch;
}

/** What clients have in common, whatever carries their calls. */
export class CallingClient extends ServiceCalls implements Caller {
	protected readonly transport: Transport;

	constructor(transport: Transport) {
		super();
		this.transport = transport;
	}

	/** The server. */
	get url(): string {
		return this.transport.url;
	}

	/** Hang up. */
	close(): void {
		this.transport.close();
	}

	[Symbol.dispose](): void {
		this.close();
	}

	/** Make a process; the parameters are those of process.create. */
	async create(params: ProcessCreateParams = {}): Promise<Process> {
		const created = await this.processCreate(params);
		return new Process(this, created.value.process, created.value.thread, created);
	}

	/** A process that exists already, by its name. */
	attach(name: ProcessName, thread = 1): Process {
		return new Process(this, name, thread);
	}

	/** Calls that go out together: those of one turn of the event loop. limit: how many in a request. */
	batch(limit = 1000): Batch {
		return new Batch(this.transport, limit);
	}

	/** Any method by its name; rejects with a VmariumError if the service refuses. */
	async call<M extends MethodName>(
		method: M, params: Methods[M]["params"],
	): Promise<Result<Methods[M]["result"]>> {
		const [outcome] = await this.transport.exchange([[method, params]], false);
		if (outcome instanceof VmariumError)
			throw outcome;
		return outcome as Result<Methods[M]["result"]>;
	}

	/** Calls in one batch; a VmariumError stands where the service refused. */
	async callAll(calls: readonly Call[]): Promise<Outcome[]> {
		return calls.length ? this.transport.exchange(calls, true) : [];
	}

	protected request<M extends MethodName>(
		method: M, params: object,
	): Promise<Result<Methods[M]["result"]>> {
		return this.call(method, params as Methods[M]["params"]);
	}
}

/** Calls over HTTP. */
export class Client extends CallingClient {
	/** url: http://HOST:PORT; default $VMARIUM_SERVER, the page's own server, or http://127.0.0.1:7070. */
	constructor(url?: string, options: ClientOptions = {}) {
		super(new HttpTransport(serverUrl(url), {
			token: options.token ?? environment("VMARIUM_TOKEN"),
			timeout: options.timeout ?? 30_000,
			// Called without the client as its this, which browsers refuse.
			fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
		}));
	}
}
