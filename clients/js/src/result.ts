// SPDX-License-Identifier: MIT
//
// What the emulated kernel answered.
import type { Diff, Snapshot } from "./api.js";
import { KernelError } from "./errors.js";
import { Space } from "./space.js";

type Members = { ret?: string | number; errno?: string; fault?: string; snapshot?: Snapshot };
type Steps = NonNullable<Snapshot["steps"]>;

/** The result of one call: what came over the wire is its value, the rest are shortcuts into it. */
export class Result<T> {
	constructor(readonly value: T) {}

	get #members(): Members {
		return this.value as Members;
	}

	/** The address, 0n, or the negative errno; of calls that have one. */
	get ret(): T extends { ret: unknown } ? bigint : undefined {
		const { ret } = this.#members;
		return (ret === undefined ? ret : BigInt(ret)) as T extends { ret: unknown } ? bigint : undefined;
	}

	/** The errno's name if the kernel refused. */
	get errno(): string | undefined {
		return this.#members.errno;
	}

	/** Neither an errno nor a signal. */
	get ok(): boolean {
		return !this.errno && !this.#members.fault?.startsWith("SIG");
	}

	/** ret; throws KernelError if the kernel refused. */
	unwrap(): bigint {
		const ret: bigint | undefined = this.ret;
		if (ret === undefined)
			throw new TypeError("the method has no ret to unwrap; its answer is in value");
		if (this.errno)
			throw new KernelError(this.errno, ret);
		return ret;
	}

	/** The parts of the snapshot that were wanted. */
	get snapshot(): Snapshot {
		return this.#members.snapshot ?? {};
	}

	/** The address space after the call; needs the part vmas. */
	get space(): Space {
		const { vmas } = this.snapshot;
		if (!vmas)
			throw new TypeError('the call did not want the part "vmas", so there is no space to show');
		return new Space(vmas);
	}

	/** What the kernel did, in order; needs the part steps. */
	get steps(): Steps {
		return this.snapshot.steps ?? [];
	}

	/** What the call changed; needs the part diff. */
	get diff(): Diff {
		const { diff } = this.snapshot;
		if (!diff)
			throw new TypeError('the call did not want the part "diff", so it does not say what it changed');
		return diff;
	}
}
