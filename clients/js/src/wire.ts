// SPDX-License-Identifier: MIT
//
// Requests and answers as JSON-RPC has them, whatever carries them.
import { fromAnswer, VmariumError, type WireError } from "./errors.js";
import { Result } from "./result.js";

/** A method and its parameters by name; those that are undefined are not sent. */
export type Call = readonly [method: string, params: object];

/** What a call answered; the error stands where the service refused. */
export type Outcome = Result<unknown> | VmariumError;

/** An answer of the service. */
export interface Answer {
	id: number;
	result?: unknown;
	error?: WireError;
}

/** A way to a server. */
export interface Transport {
	/** The server, for people. */
	readonly url: string;
	/** Send calls in one request; their outcomes in their order. */
	exchange(calls: readonly Call[], isBatch: boolean): Promise<Outcome[]>;
	/** Hang up. */
	close(): void;
}

/** JSON has no bigint, and reads large numbers inexactly: both go as hex, or not at all. */
function exact(name: string, value: unknown): unknown {
	if (typeof value === "bigint")
		return value < 0n ? smallNegative(name, value) : `0x${value.toString(16)}`;
	if (typeof value !== "number")
		return value;
	if (!Number.isFinite(value))
		throw new RangeError(`${name}: ${value} is no number that JSON has`);
	if (Number.isInteger(value) && !Number.isSafeInteger(value))
		throw new RangeError(`${name}: ${value} is too large to be exact as a number; give a bigint`);
	return value;
}

function smallNegative(name: string, value: bigint): number {
	if (!Number.isSafeInteger(Number(value)))
		throw new RangeError(`${name}: ${value} is below what the service takes`);
	return Number(value);
}

/** The calls as a request; ids count from the one given. */
export function requestBody(calls: readonly Call[], isBatch: boolean, first = 0): string {
	const requests = calls.map(([method, params], i) => ({ jsonrpc: "2.0", id: first + i, method, params }));
	return JSON.stringify(isBatch ? requests : requests[0], exact);
}

/** What one answer says. */
export function outcome(answer: Answer): Outcome {
	return answer.error ? fromAnswer(answer.error) : new Result(answer.result);
}

/** What an answer, or a list of them, says to each call; throws if all are refused together. */
export function outcomes(answer: Answer | Answer[], isBatch: boolean): Outcome[] {
	if (Array.isArray(answer))
		return [...answer].sort((a, b) => a.id - b.id).map(outcome);
	if (isBatch && answer.error)
		throw fromAnswer(answer.error);
	return [outcome(answer)];
}

/** The text of what went wrong, down to its cause. */
export function reason(error: unknown): string {
	if (!(error instanceof Error))
		return String(error);
	return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}

/** The server meant: as given, the environment's, the page's own, or the usual. */
export function serverUrl(url: string | undefined): string {
	const meant = url ?? environment("VMARIUM_SERVER") ?? pageOrigin() ?? "http://127.0.0.1:7070";
	if (!/^https?:\/\/[^/]+\/?$/.test(meant))
		throw new TypeError(`"${meant}" is no server; http://HOST:PORT is`);
	return meant.replace(/\/$/, "");
}

/** A variable of the environment, where there is one. */
export function environment(name: string): string | undefined {
	const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
	return process?.env?.[name] || undefined;
}

function pageOrigin(): string | undefined {
	const { location } = globalThis as { location?: { origin: string } };
	return location?.origin.startsWith("http") ? location.origin : undefined;
}
