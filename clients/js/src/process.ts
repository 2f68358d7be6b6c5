// SPDX-License-Identifier: MIT
//
// A virtual process, and the same one in a batch.
/// <reference lib="esnext.disposable" preserve="true" />
import { ProcessCalls, type MethodName, type Methods, type ProcessCreateResult, type ProcessForkOptions,
	type ProcessName } from "./api.js";
import type { CallingClient } from "./client.js";
import { VmariumError } from "./errors.js";
import type { Result } from "./result.js";
import type { Space } from "./space.js";

/** Who carries a call: a client, or a batch. */
export interface Caller {
	call<M extends MethodName>(method: M, params: Methods[M]["params"]): Promise<Result<Methods[M]["result"]>>;
}

/** Calls of one process, by one of its threads. */
export class Attached extends ProcessCalls {
	// Private, as whoever sees the name may use the process: it shows in no log of objects.
	readonly #name: ProcessName;
	readonly #caller: Caller;

	constructor(caller: Caller, name: ProcessName, readonly thread = 1) {
		super();
		this.#caller = caller;
		this.#name = name;
	}

	/** Whoever has it may use the process. */
	get name(): ProcessName {
		return this.#name;
	}

	protected request<M extends MethodName>(
		method: M, params: object, takesThread?: boolean,
	): Promise<Result<Methods[M]["result"]>> {
		const thread = takesThread && this.thread !== 1 ? { thread: this.thread } : {};
		return this.#caller.call(method, { process: this.#name, ...thread, ...params } as Methods[M]["params"]);
	}
}

/** A virtual process. `await using p = await client.create()` lets it exit with the block. */
export class Process extends Attached {
	readonly #created: Result<ProcessCreateResult> | undefined; // it has the name

	constructor(readonly client: CallingClient, name: ProcessName, thread = 1, created?: Result<ProcessCreateResult>) {
		super(client, name, thread);
		this.#created = created;
	}

	/** What process.create answered, of a process that was made here. */
	get created(): Result<ProcessCreateResult> | undefined {
		return this.#created;
	}

	/** The same process, called by another of its threads. */
	asThread(thread: number): Process {
		return new Process(this.client, this.name, thread, this.#created);
	}

	/** thread.create, and the process as the new thread calls it. */
	async spawnThread(): Promise<Process> {
		return this.asThread((await this.threadCreate()).value.thread);
	}

	/** process.fork, and the child; throws KernelError if the kernel refused. */
	async spawn(options: ProcessForkOptions = {}): Promise<Process> {
		const result = await this.fork(options);
		result.unwrap();
		return new Process(this.client, result.value.process!, result.value.thread!);
	}

	/** The address space as it is now. */
	async space(): Promise<Space> {
		return (await this.snapshot({ want: ["vmas"] })).space;
	}

	/** Let it exit; silent where it is gone already, or the server is. */
	async close(): Promise<void> {
		try {
			await this.exit();
		} catch (error) {
			if (!(error instanceof VmariumError))
				throw error;
		}
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}
}
