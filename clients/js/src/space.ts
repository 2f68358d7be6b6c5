// SPDX-License-Identifier: MIT
//
// An address space as people read it.
import type { Vma } from "./api.js";

const UNITS = [[1n << 40n, "TiB"], [1n << 30n, "GiB"], [1n << 20n, "MiB"], [1n << 10n, "KiB"]] as const;

// What a terminal would obey: names are up to whoever made the process.
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/g;

/** 8192n is "8 KiB". */
export function sizeText(size: bigint): string {
	for (const [unit, name] of UNITS)
		if (size >= unit)
			return `${Number((Number(size) / Number(unit)).toPrecision(4))} ${name}`;
	return `${size} B`;
}

/** One area, as the part vmas of a snapshot tells it. */
export class Area {
	readonly id: number;
	readonly start: bigint;
	readonly end: bigint;
	readonly perms: string;
	readonly flags: readonly string[];
	readonly offset: bigint;
	readonly name: string | null;
	/** Resident pages. */
	readonly rss: number;

	constructor(vma: Vma) {
		this.id = vma.id;
		this.start = BigInt(vma.start);
		this.end = BigInt(vma.end);
		this.perms = vma.perms;
		this.flags = vma.flags;
		this.offset = BigInt(vma.offset);
		this.name = vma.name;
		this.rss = vma.rss;
	}

	/** Bytes. */
	get size(): bigint {
		return this.end - this.start;
	}

	/** What maps prints behind the line, for people: control characters are shown as \u001B. */
	get label(): string {
		return (this.name || "anonymous").replace(CONTROLS, (character) =>
			"\\u" + character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0"));
	}
}

/** What lies free between two areas. */
export interface Gap {
	start: bigint;
	end: bigint;
	size: bigint;
}

/** The areas of an address space, in address order. */
export class Space {
	readonly areas: readonly Area[];

	constructor(vmas: readonly Vma[]) {
		this.areas = vmas.map((vma) => new Area(vma));
	}

	[Symbol.iterator](): Iterator<Area> {
		return this.areas[Symbol.iterator]();
	}

	/** The area that the address lies in. */
	find(addr: bigint): Area | undefined {
		return this.areas.find((area) => area.start <= addr && addr < area.end);
	}

	/** What lies free between two areas, in address order. */
	gaps(): Gap[] {
		const gaps: Gap[] = [];
		let end: bigint | undefined;
		for (const area of this.areas) {
			if (end !== undefined && end < area.start)
				gaps.push({ start: end, end: area.start, size: area.start - end });
			end = area.end;
		}
		return gaps;
	}

	/** A table for terminals. */
	toString(): string {
		const lines: string[] = [];
		let end: bigint | undefined;
		for (const area of this.areas) {
			if (end !== undefined && end < area.start)
				lines.push(`${"".padEnd(33)}${sizeText(area.start - end).padStart(10)}  free`);
			lines.push(`${area.start.toString(16).padStart(16)}-${area.end.toString(16).padEnd(16)}` +
				`${sizeText(area.size).padStart(10)}  ${area.perms}  ${area.label}`);
			end = area.end;
		}
		return lines.join("\n");
	}
}
