// SPDX-License-Identifier: MIT
//
// What the service refuses, by kind.
import type { ErrorKey } from "./api.js";

/** The member error of an answer. */
export interface WireError {
	code: number;
	message: string;
	data?: ErrorData;
}

export interface ErrorData {
	key?: string;
	hint?: string;
	param?: string;
	retry_after?: number;
	[member: string]: unknown;
}

/** The service refused a call; nothing has changed, unless the hint says so. */
export class VmariumError extends Error {
	/** Of JSON-RPC; 0 where no answer came. */
	readonly code: number;
	/** Everything that came along. */
	readonly data: ErrorData;
	/** Stable, such as "params.unknown". */
	readonly key: ErrorKey | (string & {});
	/** What to do, for people. */
	readonly hint: string;
	/** The parameter at fault. */
	readonly param: string | undefined;
	/** Seconds until it is worth another try. */
	readonly retryAfter: number | undefined;

	constructor(code: number, message: string, data: ErrorData = {}, options?: ErrorOptions) {
		super(data.hint ? `${message} (${data.key ?? code}): ${data.hint}` : message, options);
		this.name = new.target.name;
		this.code = code;
		this.data = data;
		this.key = data.key ?? "";
		this.hint = data.hint ?? "";
		this.param = data.param;
		this.retryAfter = data.retry_after;
	}
}

/** A parameter is missing, unknown or outside its bounds. */
export class ParamsError extends VmariumError {}

/** No process, or no thread, has this name. */
export class ProcessUnknown extends VmariumError {}

/** The process has exited or expired. */
export class ProcessGone extends VmariumError {}

/** The client owns, or asks for, more than it may. */
export class QuotaError extends VmariumError {}

/** The server is overloaded or about to end; try again later. */
export class ServerBusy extends VmariumError {}

/** The call needs a token, or one that may do more. */
export class AuthError extends VmariumError {}

/** That part of the history is folded away, or yet to come. */
export class HistoryError extends VmariumError {}

/** A document of another version, or one that was changed. */
export class DocumentError extends VmariumError {}

/** The process was named by a share, with which one may only look. */
export class ReadOnly extends VmariumError {}

/**
 * No answer came, or HTTP refused the request. Without an answer nobody knows whether the call has
 * run: the parameter idempotency_key makes it safe to send it again.
 */
export class TransportError extends VmariumError {
	/** Of HTTP; 0 without an answer. */
	readonly status: number;

	constructor(message: string, status = 0, data: ErrorData = {}, options?: ErrorOptions) {
		super(0, message, data, options);
		this.status = status;
	}
}

/** The emulated kernel's errno, thrown by Result.unwrap() only. */
export class KernelError extends Error {
	constructor(readonly errno: string, readonly ret: bigint) {
		super(errno);
		this.name = "KernelError";
	}
}

const byCode = new Map<number, typeof VmariumError>([
	[-32602, ParamsError],
	[-32001, ProcessUnknown],
	[-32002, ProcessGone],
	[-32003, QuotaError],
	[-32004, ServerBusy],
	[-32005, ServerBusy],
	[-32007, AuthError],
	[-32008, HistoryError],
	[-32009, DocumentError],
	[-32010, ReadOnly],
]);

/** The error for the member error of an answer. */
export function fromAnswer(error: WireError): VmariumError {
	return new (byCode.get(error.code) ?? VmariumError)(error.code, error.message, error.data);
}
