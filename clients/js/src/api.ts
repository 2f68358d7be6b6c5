// SPDX-License-Identifier: MIT
//
// Every type and method of the service. Written by generate.mjs from the server's OpenRPC document.
import type { Result } from "./result.js";

/** The name of a process. Whoever has it may use the process; it cannot be guessed. */
export type ProcessName = string;

/**
 * A second name of a process. Whoever has it may look at the process, and not change it: it goes
 * where a method with x-share takes a process.
 */
export type Share = string;

/** A thread of a process; the first is 1. */
export type Thread = number;

/** A short name of where the world lives; no secret. */
export type Route = string;

/** 64 bits, unsigned, in lower case hex without leading zeros. */
export type Hex = `0x${string}`;

export type HexOrNull = Hex | null;

/** 64 bits, unsigned. */
export type Address = bigint | number | string;

/** An integer of up to 64 bits, or names and numbers joined by '|' as strace spells them. */
export type Flags = bigint | number | string;

/** As Flags, but cut to an int. */
export type IntFlags = Flags;

/**
 * Chosen by the client, and by nobody else: a UUID, say. On a process it counts for that process
 * alone.
 */
export type IdempotencyKey = string;

/**
 * A program or its interpreter: the beginning of its file, or what its headers say. Without a type
 * a header is a PT_LOAD, which alone needs the other members but align. The stack is executable if
 * a PT_GNU_STACK has PF_X.
 */
export interface Image {
	path: string;
	/** The file's first bytes, with all program headers. */
	elf?: string;
	type?: "exec" | "dyn";
	entry?: Address;
	headers?: {
		type?: Flags;
		flags?: Flags;
		offset?: Address;
		vaddr?: Address;
		filesz?: Address;
		memsz?: Address;
		align?: Address;
	}[];
}

export type Strings = string[] | {
	count?: number;
	/** With the NUL of each. */
	bytes?: number;
};

/** A kernel release: which of the behaviours it has, and numbers that differ. */
export interface Profile {
	name: string;
	release: string;
	constants: Record<string, number>;
	behaviours: Record<string, boolean>;
}

export interface Behaviour {
	name: string;
	reference: string | null;
	about: string;
}

/** A descriptor, cut to an int; -1 for none. */
export type Fd = bigint | number | string;

/** Bytes; -1 for infinity. */
export type Limit = Address | -1;

/** The name of the errno, with a negative ret. */
export type Errno = string;

export type AddressOrError = Hex | number;

export type ZeroOrError = number;

/**
 * The operations that are kept; none if first is above last. Results have it once older ones have
 * been folded away.
 */
export interface History {
	first: number;
	last: number;
}

export interface Counters {
	operations: number;
	threads: number;
	areas: number;
	resident_pages: number;
	journal_bytes: number;
}

/**
 * Bytes of the present state of a world, its history apart, and how many there may be
 * (quota.world).
 */
export interface Held {
	held: number;
	limit: number;
}

export type Maps = string[] | string;

export interface MmSetup {
	start_code?: Address;
	end_code?: Address;
	start_data?: Address;
	end_data?: Address;
	start_brk?: Address;
	brk?: Address;
	start_stack?: Address;
	mmap_base?: Address;
	arg_start?: Address;
	arg_end?: Address;
	env_start?: Address;
	env_end?: Address;
	hiwater_vm?: number;
	hiwater_rss?: number;
}

export type Resident = (Address | [Address, Address, ("anon" | "file" | "zero" | "pfn")?])[];

export interface Rlimits {
	as?: Limit;
	data?: Limit;
	stack?: Limit;
	memlock?: Limit;
}

export interface Sysctl {
	max_map_count?: number;
	mmap_min_addr?: Address;
	overcommit_memory?: number;
	overcommit_ratio?: number;
	overcommit_kbytes?: number;
	admin_reserve_kbytes?: number;
	user_reserve_kbytes?: number;
	legacy_va_layout?: number;
	stack_guard_gap?: number;
}

export type Files = {
	fd: number;
	name: string;
	size?: Address;
	mode?: "ro" | "rw" | "wo";
	path?: string;
	dev?: string;
	inode?: number;
}[];

export type HistoryLimit = number | "all";

/** The parts that were wanted. A part that the release does not have is null. */
export interface Snapshot {
	mm?: Mm;
	vmas?: Vma[];
	maps?: string[];
	status?: Status;
	vmacache?: Vmacache | null;
	rbtree?: Rbtree | null;
	pagetable?: Pagetable;
	steps?: (Step | StepsCut)[];
	diff?: Diff;
}

/**
 * A world: its creation, as process.create takes it, and the operations that it keeps with their
 * answers. engine is the number of the behaviour that answered, hash that of the state at the end.
 */
export interface Document {
	vmarium: number;
	engine: number;
	title?: string;
	notes?: string;
	positions?: Record<string, unknown>;
	created: Record<string, unknown>;
	/**
	 * What the first operation was carried out on, where older ones have been folded away: the state
	 * after operation seq, to the last counter.
	 */
	begins?: {
		seq: number;
		state: string;
	};
	operations: {
		number?: number;
		thread?: number;
		method: string;
		params: Record<string, unknown>;
		text?: string;
		answer: number | string | null;
	}[];
	hash: string;
}

/**
 * A document as a text for the fragment of a URL: v1. and base64url, without padding, of the
 * document's JSON in zlib's format. It holds up to 256 KiB of JSON.
 */
export type Link = string;

/** What it was, and what it is now. */
export type BeforeAfter = [unknown, unknown];

/**
 * What differs between two states; a member that does not is left out. Areas and nodes are matched
 * by id, but not across an exec. split_from and merged_into name the area that it was split off, or
 * that has taken it over, as the operations in between did it; of two processes, or of states more
 * than 10,000 operations apart, the one that has the same things behind the same addresses. mm,
 * vmacache and rbtree are null where one of the states has none: before a creation, after an exit,
 * in releases without them.
 */
export interface Diff {
	areas: {
		id: number;
		change: "added" | "removed" | "changed" | "moved";
		split_from?: number;
		merged_into?: number;
		area?: Vma;
		fields?: Record<string, BeforeAfter>;
	}[];
	mm: Record<string, BeforeAfter> | null;
	vmacache: Record<string, BeforeAfter> | null;
	rbtree: {
		root?: BeforeAfter;
		nodes: {
			vma: number;
			left?: BeforeAfter;
			right?: BeforeAfter;
			parent?: BeforeAfter;
			color?: BeforeAfter;
			subtree_gap?: BeforeAfter;
		}[];
	} | null;
}

/**
 * One decision of the emulated kernel: its function, a stable key, the values that were compared,
 * what came of it, the areas it touches, and the nodes, slots or tables that were looked at. With
 * lang also a sentence.
 */
export interface Step {
	fn: string;
	what: StepKey;
	args: Record<string, number | string | null | string[]>;
	result: number | string | null | string[];
	areas: number[];
	cost: number;
	text?: string;
}

/** The last element, where a call took more steps than are kept. */
export interface StepsCut {
	what: "truncated";
	dropped: number;
}

/** Counters in pages, the break and the layout. Fields that the release does not have are null. */
export interface Mm {
	map_count: number;
	total_vm: number;
	locked_vm: number;
	shared_vm: number | null;
	data_vm: number | null;
	exec_vm: number;
	stack_vm: number;
	hiwater_vm: number;
	hiwater_rss: number;
	rss: number;
	nr_ptes: number | null;
	nr_pmds: number | null;
	start_brk: Hex;
	brk: Hex;
	start_stack: Hex;
	mmap_base: Hex;
	task_size: Hex;
	vmacache_seqnum: number | null;
	seq: number;
}

export interface Vma {
	/** Stays with the area for its life. */
	id: number;
	start: Hex;
	end: Hex;
	perms: string;
	flags: string[];
	offset: Hex;
	name: string | null;
	anon_vma: number | null;
	rss: number;
}

/** kB. What the release does not print is left out. */
export interface Status {
	VmPeak?: number;
	VmSize?: number;
	VmLck?: number;
	VmHWM?: number;
	VmRSS?: number;
	RssAnon?: number;
	RssFile?: number;
	RssShmem?: number;
	VmData?: number;
	VmStk?: number;
	VmExe?: number;
	VmLib?: number;
	VmPTE?: number;
	VmPMD?: number;
}

/** Of the calling thread; calls and hits are what an emulated call added. */
export interface Vmacache {
	seqnum: number;
	find_calls: number;
	find_hits: number;
	full_flushes: number;
	slots: (number | null)[];
	calls?: number;
	hits?: number;
}

/** By the ids of areas, in address order. */
export interface Rbtree {
	root: number | null;
	nodes: {
		vma: number;
		left: number | null;
		right: number | null;
		parent: number | null;
		color: "red" | "black";
		subtree_gap: Hex;
	}[];
}

/** Tables of each level, and the ranges that are present. */
export interface Pagetable {
	pgd: number;
	p4d: number;
	pud: number;
	pmd: number;
	pte: number;
	resident: Hex[][];
}

export type Want = ("mm" | "vmas" | "maps" | "status" | "vmacache" | "rbtree" | "pagetable" | "steps" | "diff")[];

export type StepKey =
	| "brk.asked"
	| "brk.below_start"
	| "brk.data_kept"
	| "brk.data_exceeded"
	| "brk.same_page"
	| "brk.shrinks"
	| "brk.not_mapped"
	| "brk.grows"
	| "brk.collides"
	| "brk.free"
	| "brk.vm_brk"
	| "brk.covered"
	| "brk.extends"
	| "brk.areas_kept"
	| "brk.areas_exceeded"
	| "brk.heap"
	| "brk.not_heap"
	| "brk.counted"
	| "brk.locked"
	| "brk.set"
	| "brk.refused"
	| "cache.stale"
	| "cache.hit"
	| "cache.empty"
	| "cache.other"
	| "cache.miss"
	| "cache.updated"
	| "cache.invalidated"
	| "cache.flushed"
	| "cache.flushed_all"
	| "tree.left"
	| "tree.right"
	| "tree.holds"
	| "find.found"
	| "find.above"
	| "find.none"
	| "maple.found"
	| "maple.above"
	| "maple.none"
	| "links.left"
	| "links.right"
	| "links.overlap"
	| "links.root"
	| "links.place"
	| "maple.neighbours"
	| "place.asked"
	| "place.too_long"
	| "place.fixed"
	| "place.fixed_up"
	| "place.beyond"
	| "place.misaligned"
	| "place.too_low"
	| "place.chosen"
	| "place.none"
	| "place.huge"
	| "place.aligned"
	| "hint.free"
	| "hint.free_up"
	| "hint.taken"
	| "hint.taken_up"
	| "hint.too_high"
	| "hint.too_high_up"
	| "gap.search"
	| "gap.search_up"
	| "gap.above_all"
	| "gap.pruned"
	| "gap.rejected"
	| "gap.outside"
	| "gap.found"
	| "gap.none"
	| "maple.gap"
	| "maple.gap_up"
	| "maple.no_gap"
	| "maple.guard"
	| "place.bottom_up"
	| "limit.as_kept"
	| "limit.as_exceeded"
	| "limit.data_exceeded"
	| "limit.memlock_kept"
	| "limit.memlock_exceeded"
	| "limit.may_not_lock"
	| "commit.kept"
	| "commit.refused"
	| "commit.returned"
	| "account.total"
	| "merge.asked"
	| "merge.new"
	| "merge.existing"
	| "merge.special"
	| "merge.prev_none"
	| "merge.prev_apart"
	| "merge.prev_flags"
	| "merge.prev_file"
	| "merge.prev_anon_vma"
	| "merge.prev_offset"
	| "merge.prev_fits"
	| "merge.next_none"
	| "merge.next_apart"
	| "merge.next_flags"
	| "merge.next_file"
	| "merge.next_anon_vma"
	| "merge.next_offset"
	| "merge.next_fits"
	| "merge.not_each_other"
	| "merge.case1"
	| "merge.case2"
	| "merge.case3"
	| "merge.case4"
	| "merge.case5"
	| "merge.case6"
	| "merge.case7"
	| "merge.case8"
	| "merge.expands"
	| "merge.both"
	| "merge.left"
	| "merge.right"
	| "merge.nothing"
	| "area.new"
	| "area.freed"
	| "split.above"
	| "split.below"
	| "split.areas_exceeded"
	| "split.whole_only"
	| "adjust.area"
	| "adjust.border"
	| "adjust.swallows"
	| "adjust.anon_vma"
	| "list.linked"
	| "list.unlinked"
	| "tree.root"
	| "tree.linked"
	| "tree.recoloured"
	| "tree.rotated"
	| "tree.erased"
	| "tree.replaced"
	| "gap.updated"
	| "gap.highest"
	| "maple.stored"
	| "maple.cleared"
	| "munmap.asked"
	| "munmap.bad_range"
	| "munmap.empty"
	| "munmap.nothing"
	| "munmap.first"
	| "munmap.areas_kept"
	| "munmap.areas_exceeded"
	| "munmap.sealed"
	| "munmap.last"
	| "munmap.gathered"
	| "munmap.counted"
	| "munmap.unlocks"
	| "unmap.region"
	| "tlb.gathered"
	| "unmap.pages"
	| "tables.range"
	| "tables.none"
	| "tables.pte_freed"
	| "tables.pmd_freed"
	| "tables.pud_freed"
	| "tables.pmd_kept"
	| "tables.pud_kept"
	| "tlb.flushed"
	| "mmap.asked"
	| "mmap.offset_misaligned"
	| "mmap.no_file"
	| "mmap.hugetlb"
	| "mmap.no_length"
	| "mmap.hint_rounded"
	| "mmap.length_wraps"
	| "mmap.areas_kept"
	| "mmap.areas_exceeded"
	| "mmap.exists"
	| "mmap.flags"
	| "mmap.file_too_far"
	| "mmap.unknown_flags"
	| "mmap.bad_type"
	| "mmap.not_writable"
	| "mmap.not_readable"
	| "mmap.growsdown"
	| "mmap.droppable"
	| "mmap.region"
	| "mmap.covered"
	| "mmap.net_pages"
	| "mmap.object"
	| "mmap.locked"
	| "mmap.refused"
	| "mmap.done"
	| "fault.taken"
	| "fault.beyond"
	| "fault.no_area"
	| "fault.hole"
	| "fault.far_below_sp"
	| "fault.forbidden"
	| "fault.zero_page"
	| "fault.anon"
	| "fault.around"
	| "fault.file"
	| "fault.cow"
	| "fault.shared"
	| "fault.past_end"
	| "fault.reused"
	| "fault.copied"
	| "fault.there"
	| "stack.no_room"
	| "stack.exceeded"
	| "stack.grown"
	| "stack.guard"
	| "anon_vma.new"
	| "anon_vma.shared"
	| "tables.pte_made"
	| "tables.pmd_made"
	| "tables.pud_made"
	| "populate.asked"
	| "populate.area"
	| "populate.later"
	| "populate.forbidden"
	| "populate.pages"
	| "populate.stopped"
	| "mprotect.asked"
	| "mprotect.bad"
	| "mprotect.empty"
	| "mprotect.no_area"
	| "mprotect.no_stack"
	| "mprotect.denied"
	| "mprotect.hole"
	| "mprotect.area"
	| "mprotect.same"
	| "mprotect.sealed"
	| "mprotect.refused"
	| "mprotect.flags"
	| "mprotect.pages"
	| "mlock.asked"
	| "munlock.asked"
	| "mlockall.asked"
	| "munlockall.asked"
	| "mlockall.refused"
	| "mlockall.future"
	| "mlock.no_call"
	| "mlock.overlap"
	| "mlock.limit_kept"
	| "mlock.limit_exceeded"
	| "mlock.wraps"
	| "mlock.hole"
	| "mlock.area"
	| "mlock.skipped"
	| "mlock.counted"
	| "mremap.asked"
	| "mremap.bad"
	| "mremap.bad_target"
	| "mremap.sealed"
	| "mremap.no_area"
	| "mremap.unfit"
	| "mremap.crosses"
	| "mremap.resizes"
	| "mremap.shrinks"
	| "mremap.clears"
	| "mremap.in_place"
	| "mremap.no_room"
	| "mremap.may_not_move"
	| "mremap.areas_exceeded"
	| "mremap.moves"
	| "mremap.copied"
	| "mremap.pages"
	| "mremap.back"
	| "mremap.kept"
	| "mremap.done"
	| "mremap.refused"
	| "madvise.asked"
	| "madvise.bad"
	| "madvise.empty"
	| "madvise.hole"
	| "madvise.end"
	| "madvise.area"
	| "madvise.refused"
	| "madvise.flags"
	| "madvise.zapped"
	| "madvise.punched"
	| "mincore.asked"
	| "mincore.bad"
	| "mincore.area"
	| "mincore.hole"
	| "msync.asked"
	| "msync.bad"
	| "msync.area"
	| "msync.busy"
	| "msync.hole"
	| "remap_file_pages.asked"
	| "remap_file_pages.bad"
	| "remap_file_pages.in_place"
	| "remap_file_pages.unlocks"
	| "mseal.asked"
	| "mseal.refused"
	| "mseal.area"
	| "fork.asked"
	| "fork.shared"
	| "fork.left_out"
	| "fork.refused"
	| "fork.area"
	| "fork.unlocked"
	| "fork.stored"
	| "anon_vma.forked"
	| "anon_vma.reused"
	| "fork.pages"
	| "fork.pages_later"
	| "fork.wiped"
	| "exec.asked"
	| "exec.new_mm"
	| "exec.strings_kept"
	| "exec.strings_exceeded"
	| "exec.no_format"
	| "exec.threads"
	| "exec.old_mm"
	| "exec.layout"
	| "exec.layout_legacy"
	| "exec.stack_top"
	| "exec.stack"
	| "exec.stack_refused"
	| "exec.pie"
	| "exec.pie_anywhere"
	| "exec.tried"
	| "exec.taken"
	| "exec.segment"
	| "exec.unfit"
	| "exec.maps_whole"
	| "exec.cuts"
	| "exec.padding"
	| "exec.bss"
	| "exec.entry"
	| "exec.entry_beyond"
	| "exec.vdso_hint"
	| "exec.special"
	| "exec.tables"
	| "exec.code"
	| "exec.brk"
	| "exec.brk_moved"
	| "exec.brk_random"
	| "exec.killed"
	| "exit.shared"
	| "exit.mm"
	| "exit.unlocks"
	| "exit.gathers"
	| "file.resized"
	| "file.unmapped"
	| "file.dropped";

export interface ProcessCreateOptions {
	/** The kernel release whose behaviour is emulated, on x86-64 with 47-bit addresses. */
	profile?: string;
	/**
	 * The areas, as /proc/PID/maps prints them, in an array of lines or one text; device and inode may
	 * be left out. Default: what the release's loader makes of a small static program.
	 */
	maps?: Maps;
	/**
	 * Fields of the address space; what is missing is worked out as the loader would, or from maps and
	 * resident.
	 */
	mm?: MmSetup;
	/** Pages present at the start: addresses, [start, end] ranges or [start, end, kind]. */
	resident?: Resident;
	/**
	 * Whether the thread's look-up cache agrees with the address space at the start, or is one change
	 * behind.
	 */
	vmacache?: "empty" | "stale";
	/** Resource limits in bytes, -1 for infinity. */
	rlimits?: Rlimits;
	/** Settings under /proc/sys/vm. */
	sysctl?: Sysctl;
	/** Memory of the emulated machine, for the overcommit rules. */
	mem_total_kb?: number;
	/**
	 * Memory committed on the machine at the start, this process's included. Default: this process's
	 * alone.
	 */
	committed_kb?: number;
	/** 0 means every capability, anything else none. */
	uid?: number;
	/** Open virtual files. */
	files?: Files;
	/** Address space randomisation; 0: none. */
	seed?: Address;
	/**
	 * Operations kept; older ones fold into the base state. "all": an operation that would pass the
	 * server's limit is refused.
	 */
	history?: HistoryLimit;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export type ProcessCreateParams = ProcessCreateOptions;

export interface ProcessCreateResult {
	process: ProcessName;
	thread: Thread;
	route: Route;
	/**
	 * Seconds. When none of the world's processes was named in a call for that long, all of them are
	 * gone. Missing where worlds do not expire.
	 */
	expires_in?: number;
	snapshot?: Snapshot;
}

export interface ProcessGetParams {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface ProcessGetResult {
	profile: string;
	route: Route;
	/** Seconds. */
	age: number | null;
	/**
	 * Seconds. When none of the world's processes was named in a call for that long, all of them are
	 * gone. Missing where worlds do not expire.
	 */
	expires_in?: number;
	/** How many it has, if any. */
	shares?: number;
	/** The process was named by a share. */
	readonly?: true;
	/** The parameters of process.create, as they were given. */
	created: Record<string, unknown>;
	counters: Counters;
	world: Held;
	history: History;
}

export interface ProcessListOptions {
	/** Where to go on: the cursor of the page before. */
	cursor?: number;
	/** Processes that the page may hold. */
	limit?: number;
}

export type ProcessListParams = ProcessListOptions;

export interface ProcessListResult {
	processes: {
		process: ProcessName;
		profile: string;
		/** Seconds. */
		age: number | null;
		areas: number;
		threads: number;
	}[];
	cursor?: number;
}

export interface ProcessShareOptions {
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface ProcessShareParams extends ProcessShareOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface ProcessShareResult {
	share: Share;
	route: Route;
}

export interface ProcessUnshareOptions {
	/** Of this process. Default: all it has. */
	share?: Share;
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface ProcessUnshareParams extends ProcessUnshareOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface ProcessUnshareResult {
	/** How many shares are gone. */
	revoked: number;
}

export interface ProcessForkOptions {
	/** The thread that forks. */
	thread?: number;
	/** Whether the child shares the address space, as after vfork or clone with CLONE_VM. */
	vm?: boolean;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface ProcessForkParams extends ProcessForkOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface ProcessForkResult {
	ret: ZeroOrError;
	errno?: Errno;
	process?: ProcessName;
	thread?: Thread;
	snapshot?: Snapshot;
	history?: History;
}

export interface ProcessExecOptions {
	/** The arguments, or how many and how long they are. Default: the path alone. */
	argv?: Strings;
	/** The environment, likewise. Default: empty. */
	envp?: Strings;
	/** What the program's PT_INTERP names: its dynamic linker. */
	interpreter?: Image;
	/** The thread that calls; it becomes thread 1, all others end. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface ProcessExecParams extends ProcessExecOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** The program that takes over. */
	program: Image;
}

export interface ProcessExecResult {
	ret: ZeroOrError;
	errno?: Errno;
	thread?: Thread;
	snapshot?: Snapshot;
	history?: History;
}

export interface ProcessExitOptions {
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface ProcessExitParams extends ProcessExitOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface ProcessExitResult {
	/** Threads of the process that live. */
	threads: number;
	snapshot?: Snapshot;
	history?: History;
}

export interface ThreadCreateOptions {
	/** The thread that clones. */
	thread?: number;
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface ThreadCreateParams extends ThreadCreateOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface ThreadCreateResult {
	thread: Thread;
	snapshot?: Snapshot;
	history?: History;
}

export interface ThreadExitOptions {
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface ThreadExitParams extends ThreadExitOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** The thread that ends; with the last one its process ends. */
	thread: number;
}

export interface ThreadExitResult {
	/** Threads of the process that live. */
	threads: number;
	snapshot?: Snapshot;
	history?: History;
}

export interface FileOpenOptions {
	/** Bytes, all holes. */
	size?: Address;
	/** How the file is opened. */
	mode?: "ro" | "rw" | "wo";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface FileOpenParams extends FileOpenOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** The descriptor to open. */
	fd: number;
	/** The file's name; its path is / and the name. */
	name: string;
}

export interface FileOpenResult {
	fd: number;
	snapshot?: Snapshot;
	history?: History;
}

export interface FileTruncateOptions {
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface FileTruncateParams extends FileTruncateOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** A descriptor. */
	fd: Fd;
	/** The file's new size in bytes. */
	size: Address;
}

export interface FileTruncateResult {
	ret: ZeroOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface FileCloseOptions {
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface FileCloseParams extends FileCloseOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** An open descriptor. */
	fd: number;
}

export interface FileCloseResult {
	fd: number;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmBrkOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmBrkParams extends MmBrkOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** The wanted break. */
	addr: Address;
}

export interface MmBrkResult {
	ret: Hex;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMmapOptions {
	/** An open descriptor, or -1. */
	fd?: Fd;
	/** Into the file, in bytes. */
	offset?: Address;
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMmapParams extends MmMmapOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** A hint, or the address with MAP_FIXED. */
	addr: Address;
	/** Bytes. */
	length: Address;
	/** PROT_*, by number or by name. */
	prot: Flags;
	/** MAP_*, by number or by name. */
	flags: Flags;
}

export interface MmMmapResult {
	ret: AddressOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMunmapOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMunmapParams extends MmMunmapOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** An address. */
	addr: Address;
	/** Bytes. */
	length: Address;
}

export interface MmMunmapResult {
	ret: ZeroOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMprotectOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMprotectParams extends MmMprotectOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** An address. */
	addr: Address;
	/** Bytes. */
	length: Address;
	/** PROT_*, by number or by name. */
	prot: Flags;
}

export interface MmMprotectResult {
	ret: ZeroOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMremapOptions {
	/** Where it shall be, with MREMAP_FIXED. */
	new_address?: Address;
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMremapParams extends MmMremapOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** Where the mapping is. */
	old_address: Address;
	/** Its bytes; 0 maps shared memory once more. */
	old_size: Address;
	/** The bytes it shall have. */
	new_size: Address;
	/** MREMAP_*, by number or by name. */
	flags: Flags;
}

export interface MmMremapResult {
	ret: AddressOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMlockOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMlockParams extends MmMlockOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** An address. */
	addr: Address;
	/** Bytes. */
	length: Address;
}

export interface MmMlockResult {
	ret: ZeroOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMlock2Options {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMlock2Params extends MmMlock2Options {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** An address. */
	addr: Address;
	/** Bytes. */
	length: Address;
	/** MLOCK_ONFAULT or 0. */
	flags: IntFlags;
}

export interface MmMlock2Result {
	ret: ZeroOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMunlockOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMunlockParams extends MmMunlockOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** An address. */
	addr: Address;
	/** Bytes. */
	length: Address;
}

export interface MmMunlockResult {
	ret: ZeroOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMlockallOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMlockallParams extends MmMlockallOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** MCL_*, by number or by name. */
	flags: IntFlags;
}

export interface MmMlockallResult {
	ret: ZeroOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMunlockallOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMunlockallParams extends MmMunlockallOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface MmMunlockallResult {
	ret: ZeroOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMadviseOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMadviseParams extends MmMadviseOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** An address. */
	addr: Address;
	/** Bytes. */
	length: Address;
	/** One MADV_*, by number or by name. */
	advice: IntFlags;
}

export interface MmMadviseResult {
	ret: ZeroOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMincoreOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMincoreParams extends MmMincoreOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** An address. */
	addr: Address;
	/** Bytes. */
	length: Address;
}

export interface MmMincoreResult {
	ret: ZeroOrError;
	errno?: Errno;
	/** One digit a page: 1 is in memory. */
	vec?: string;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMsyncOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMsyncParams extends MmMsyncOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** An address. */
	addr: Address;
	/** Bytes. */
	length: Address;
	/** MS_*, by number or by name. */
	flags: IntFlags;
}

export interface MmMsyncResult {
	ret: ZeroOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmRemapFilePagesOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmRemapFilePagesParams extends MmRemapFilePagesOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** An address. */
	addr: Address;
	/** Bytes. */
	size: Address;
	/** Must be 0. */
	prot: Flags;
	/** The page of the file that shall be at addr. */
	pgoff: Address;
	/** MAP_NONBLOCK or 0. */
	flags: Flags;
}

export interface MmRemapFilePagesResult {
	ret: ZeroOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMsealOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmMsealParams extends MmMsealOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** An address. */
	addr: Address;
	/** Bytes. */
	length: Address;
	/** Must be 0. */
	flags: Flags;
}

export interface MmMsealResult {
	ret: ZeroOrError;
	errno?: Errno;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmAccessOptions {
	/** Bytes. */
	length?: Address;
	/** The stack pointer, where a release looks at it. Default: no check refuses. */
	sp?: Address;
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmAccessParams extends MmAccessOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** The first byte. */
	addr: Address;
	/** What is done to each page, in order; the first signal ends it. */
	type: "read" | "write" | "exec";
}

export interface MmAccessResult {
	fault: "none" | "minor" | "SIGSEGV" | "SIGBUS";
	si_code: "SEGV_MAPERR" | "SEGV_ACCERR" | "BUS_ADRERR" | null;
	si_addr: HexOrNull;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmFindVmaOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface MmFindVmaParams extends MmFindVmaOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** An address. */
	addr: Address;
}

export interface MmFindVmaResult {
	vma: Vma | null;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmSnapshotOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface MmSnapshotParams extends MmSnapshotOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface MmSnapshotResult {
	snapshot?: Snapshot;
	history?: History;
}

export interface MmMapsOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface MmMapsParams extends MmMapsOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface MmMapsResult {
	text: string;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmSmapsOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface MmSmapsParams extends MmSmapsOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface MmSmapsResult {
	text: string;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmStatusOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface MmStatusParams extends MmStatusOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface MmStatusResult {
	text: string;
	snapshot?: Snapshot;
	history?: History;
}

export interface MmExplainOptions {
	/** Its parameters, without the process; by position they begin behind it. */
	params?: Record<string, unknown> | unknown[];
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface MmExplainParams extends MmExplainOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** The call that is asked about. */
	method: "mm.brk" | "mm.mmap" | "mm.munmap" | "mm.mprotect" | "mm.mremap" | "mm.mlock" | "mm.mlock2" | "mm.munlock" | "mm.mlockall" | "mm.munlockall" | "mm.madvise" | "mm.mincore" | "mm.msync" | "mm.remap_file_pages" | "mm.mseal" | "mm.access" | "mm.find_vma" | "process.fork" | "process.exec" | "process.exit" | "thread.create" | "thread.exit" | "file.open" | "file.truncate" | "file.close";
}

/** What the call would answer; its snapshot is of the state that would then be. */
export type MmExplainResult = Record<string, unknown>;

export type ProfileListParams = Record<string, never>;

export interface ProfileListResult {
	profiles: Profile[];
	behaviours: Behaviour[];
}

export type RpcDiscoverParams = Record<string, never>;

/** An OpenRPC document. */
export type RpcDiscoverResult = Record<string, unknown>;

export interface HistoryListOptions {
	/** The seq to begin with. Default: the oldest that is kept. */
	from?: number;
	/** Operations in the answer, at most. */
	count?: number;
	/** Whether each comes with its answer, which is found by carrying them out again. */
	answers?: boolean;
}

export interface HistoryListParams extends HistoryListOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface HistoryListResult {
	operations: {
		seq: number;
		/** The process, counted from 0 in its world. */
		number: number;
		thread: number;
		method: string;
		/** As the method takes them, but for process and thread. */
		params: Record<string, unknown>;
		/** If answers are wanted: what it came to, as in a Document. */
		answer?: number | string | null;
	}[];
	/** Where the next page begins. */
	next: number | null;
	history: History;
}

export interface HistoryAtOptions {
	/** Whose look-up cache is shown. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface HistoryAtParams extends HistoryAtOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** The state after this operation; 0: as created. */
	seq: number;
}

export interface HistoryAtResult {
	seq: number;
	snapshot?: Snapshot;
	history: History;
}

export interface HistoryDiffOptions {
	/** With the state after this one. Default: the present. */
	to?: number;
	/** Of this process. Default: the same one. */
	other?: ProcessName;
	/** Whose look-up cache is compared. */
	thread?: number;
}

export interface HistoryDiffParams extends HistoryDiffOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** The state after this operation is compared. */
	from: number;
}

export interface HistoryDiffResult {
	from: number;
	to: number;
	diff: Diff;
	history: History;
}

export interface HistoryRewindOptions {
	/** Whose look-up cache is shown. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface HistoryRewindParams extends HistoryRewindOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
	/** The last operation that is not undone; 0: all are. */
	seq: number;
}

export interface HistoryRewindResult {
	seq: number;
	snapshot?: Snapshot;
	history: History;
}

export interface WorldBranchOptions {
	/** The last operation that the new world has in common with this one. Default: the last of all. */
	seq?: number;
	/** Whose look-up cache is shown. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface WorldBranchParams extends WorldBranchOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface WorldBranchResult {
	process: ProcessName;
	thread: Thread;
	/**
	 * Seconds. When none of the world's processes was named in a call for that long, all of them are
	 * gone. Missing where worlds do not expire.
	 */
	expires_in?: number;
	route: Route;
	seq: number;
	/** All that are alive. */
	processes: {
		number: number;
		process: ProcessName;
	}[];
	snapshot?: Snapshot;
	history: History;
}

export interface WorldExportOptions {
	/** For people; kept in the document. */
	title?: string;
	/** For people; kept in the document. */
	notes?: string;
	/** What a view likes; kept in the document. */
	positions?: Record<string, unknown>;
	/** A JSON object, or a text for the fragment of a URL that holds it. */
	form?: "document" | "link";
}

export interface WorldExportParams extends WorldExportOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface WorldExportResult {
	document?: Document;
	link?: Link;
}

export interface WorldImportOptions {
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface WorldImportParams extends WorldImportOptions {
	/** What world.export answered: the document or the link. */
	document: Document | Link;
}

export interface WorldImportResult {
	process: ProcessName;
	thread: Thread;
	/** All answers and the state are as recorded. */
	verified: boolean;
	/** The first operation that another engine answered otherwise. */
	difference?: Record<string, unknown>;
	title?: string;
	notes?: string;
	positions?: Record<string, unknown>;
	/**
	 * Seconds. When none of the world's processes was named in a call for that long, all of them are
	 * gone. Missing where worlds do not expire.
	 */
	expires_in?: number;
	route: Route;
	seq: number;
	/** All that are alive. */
	processes: {
		number: number;
		process: ProcessName;
	}[];
	snapshot?: Snapshot;
	history: History;
}

export interface ScriptRunOptions {
	/** The process that the calls are for. Default: a new one, which stays. */
	process?: ProcessName;
	/** Without a process: what the new one is made with, as process.create takes it. */
	create?: Record<string, unknown>;
	/**
	 * Steps that the script may take; each line that runs is one. Default, and at most: the server's
	 * limit.
	 */
	steps?: number;
	/** The parts of the snapshot in each call's result. */
	each?: Want;
	/** The thread that calls where a line names none. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/**
	 * Of what is said to be wrong with the script, which is English without it; and of a sentence a
	 * step, where calls want steps.
	 */
	lang?: "en" | "zh";
	/**
	 * Makes a retry safe: with the same key and parameters it is answered with the recorded result and
	 * does not run again.
	 */
	idempotency_key?: IdempotencyKey;
}

export interface ScriptRunParams extends ScriptRunOptions {
	/** The text, as docs/SCRIPTS.md describes it. */
	script: string;
}

export interface ScriptRunResult {
	/** Every line that ran, in order. */
	lines: {
		line: number;
		/** As written. */
		text: string;
		/** The method. */
		call?: string;
		/** The process, counted in its world; missing for the first. */
		number?: number;
		params?: Record<string, unknown>;
		/** As the method answers it. */
		result?: Record<string, unknown>;
		/** What stands for the value from now on. */
		name?: string;
		/**
		 * A value of the script: a number, as hex where it came from hex; an error number's or a signal's
		 * name; the number of a process; null; or what a member of an answer is.
		 */
		value?: unknown;
		printed?: true;
		/** Whether what was expected holds. */
		passed?: boolean;
		operator?: "==" | "!=" | "<" | "<=" | ">" | ">=";
		/**
		 * A value of the script: a number, as hex where it came from hex; an error number's or a signal's
		 * name; the number of a process; null; or what a member of an answer is.
		 */
		wanted?: unknown;
	}[];
	/** Expectations that hold. */
	passed: number;
	/** Those that do not. */
	failed: number;
	/** That were taken. */
	steps: number;
	process: ProcessName;
	thread: Thread;
	route: Route;
	/**
	 * Seconds. When none of the world's processes was named in a call for that long, all of them are
	 * gone. Missing where worlds do not expire.
	 */
	expires_in?: number;
	seq: number;
	snapshot?: Snapshot;
	history: History;
}

export interface SubscribeOptions {
	/** The calling thread. */
	thread?: number;
	/** The parts of the snapshot in the result. */
	want?: Want;
	/** Of a sentence a step, where steps are wanted; without it they have none. */
	lang?: "en" | "zh";
}

export interface SubscribeParams extends SubscribeOptions {
	/** The process, as process.create named it. */
	process: ProcessName;
}

export interface SubscribeResult {
	subscription: string;
	seq: number;
	snapshot?: Snapshot;
	history?: History;
}

export interface UnsubscribeParams {
	/** As subscribe named it. */
	subscription: string;
}

export type UnsubscribeResult = Record<string, unknown>;

/**
 * An operation has changed a process that the connection subscribed to. It may be another client's,
 * or another process's that shares the memory (relative). Comes after the answer to subscribe, in
 * the order of seq. A client that is slow to read misses operations: then one notification without
 * a method says how many, and shows the state as it is. Where diff is wanted, it is what that
 * operation has changed. It is left out where no state before is at hand: behind missed operations,
 * of a rewind or a script, in a world of more areas than the server copies, and where the memory
 * for the copy is more than who subscribed may have. Steps are told to the caller alone.
 */
export interface SubscriptionNotification {
	subscription: string;
	/** Operations that were not told before this one. */
	missed: number;
	seq: number;
	method?: string;
	relative?: true;
	thread?: number;
	/** As the caller wrote them, but for the process; those longer than 1024 bytes are left out. */
	params?: Record<string, unknown>;
	/** As the caller's, without names and long members. */
	result?: Record<string, unknown>;
	/**
	 * The process has exited, or the share that was subscribed to is revoked, and the subscription has
	 * ended with it.
	 */
	ended?: true;
	/** The world has been rewound to seq. */
	rewound?: true;
	snapshot?: Snapshot;
}

/** What each method takes and answers. */
export interface Methods {
	"process.create": { params: ProcessCreateParams; result: ProcessCreateResult };
	"process.get": { params: ProcessGetParams; result: ProcessGetResult };
	"process.list": { params: ProcessListParams; result: ProcessListResult };
	"process.share": { params: ProcessShareParams; result: ProcessShareResult };
	"process.unshare": { params: ProcessUnshareParams; result: ProcessUnshareResult };
	"process.fork": { params: ProcessForkParams; result: ProcessForkResult };
	"process.exec": { params: ProcessExecParams; result: ProcessExecResult };
	"process.exit": { params: ProcessExitParams; result: ProcessExitResult };
	"thread.create": { params: ThreadCreateParams; result: ThreadCreateResult };
	"thread.exit": { params: ThreadExitParams; result: ThreadExitResult };
	"file.open": { params: FileOpenParams; result: FileOpenResult };
	"file.truncate": { params: FileTruncateParams; result: FileTruncateResult };
	"file.close": { params: FileCloseParams; result: FileCloseResult };
	"mm.brk": { params: MmBrkParams; result: MmBrkResult };
	"mm.mmap": { params: MmMmapParams; result: MmMmapResult };
	"mm.munmap": { params: MmMunmapParams; result: MmMunmapResult };
	"mm.mprotect": { params: MmMprotectParams; result: MmMprotectResult };
	"mm.mremap": { params: MmMremapParams; result: MmMremapResult };
	"mm.mlock": { params: MmMlockParams; result: MmMlockResult };
	"mm.mlock2": { params: MmMlock2Params; result: MmMlock2Result };
	"mm.munlock": { params: MmMunlockParams; result: MmMunlockResult };
	"mm.mlockall": { params: MmMlockallParams; result: MmMlockallResult };
	"mm.munlockall": { params: MmMunlockallParams; result: MmMunlockallResult };
	"mm.madvise": { params: MmMadviseParams; result: MmMadviseResult };
	"mm.mincore": { params: MmMincoreParams; result: MmMincoreResult };
	"mm.msync": { params: MmMsyncParams; result: MmMsyncResult };
	"mm.remap_file_pages": { params: MmRemapFilePagesParams; result: MmRemapFilePagesResult };
	"mm.mseal": { params: MmMsealParams; result: MmMsealResult };
	"mm.access": { params: MmAccessParams; result: MmAccessResult };
	"mm.find_vma": { params: MmFindVmaParams; result: MmFindVmaResult };
	"mm.snapshot": { params: MmSnapshotParams; result: MmSnapshotResult };
	"mm.maps": { params: MmMapsParams; result: MmMapsResult };
	"mm.smaps": { params: MmSmapsParams; result: MmSmapsResult };
	"mm.status": { params: MmStatusParams; result: MmStatusResult };
	"mm.explain": { params: MmExplainParams; result: MmExplainResult };
	"profile.list": { params: ProfileListParams; result: ProfileListResult };
	"rpc.discover": { params: RpcDiscoverParams; result: RpcDiscoverResult };
	"history.list": { params: HistoryListParams; result: HistoryListResult };
	"history.at": { params: HistoryAtParams; result: HistoryAtResult };
	"history.diff": { params: HistoryDiffParams; result: HistoryDiffResult };
	"history.rewind": { params: HistoryRewindParams; result: HistoryRewindResult };
	"world.branch": { params: WorldBranchParams; result: WorldBranchResult };
	"world.export": { params: WorldExportParams; result: WorldExportResult };
	"world.import": { params: WorldImportParams; result: WorldImportResult };
	"script.run": { params: ScriptRunParams; result: ScriptRunResult };
	"subscribe": { params: SubscribeParams; result: SubscribeResult };
	"unsubscribe": { params: UnsubscribeParams; result: UnsubscribeResult };
}

export type MethodName = keyof Methods;

/** Methods that change something, and whose repetition a key makes safe. */
export const changing: ReadonlySet<string> = new Set<MethodName>([
	"process.create",
	"process.share",
	"process.unshare",
	"process.fork",
	"process.exec",
	"process.exit",
	"thread.create",
	"thread.exit",
	"file.open",
	"file.truncate",
	"file.close",
	"mm.brk",
	"mm.mmap",
	"mm.munmap",
	"mm.mprotect",
	"mm.mremap",
	"mm.mlock",
	"mm.mlock2",
	"mm.munlock",
	"mm.mlockall",
	"mm.munlockall",
	"mm.madvise",
	"mm.mincore",
	"mm.msync",
	"mm.remap_file_pages",
	"mm.mseal",
	"mm.access",
	"mm.find_vma",
	"history.rewind",
	"world.branch",
	"world.import",
	"script.run",
]);

/** The stable keys of what the service refuses. */
export type ErrorKey =
	| "parse"
	| "request"
	| "method"
	| "params.count"
	| "params.missing"
	| "params.range"
	| "params.type"
	| "params.unknown"
	| "params.value"
	| "internal"
	| "process.unknown"
	| "thread.unknown"
	| "process.gone"
	| "quota.processes"
	| "quota.threads"
	| "quota.areas"
	| "quota.bytes"
	| "quota.machine"
	| "quota.rate"
	| "quota.call"
	| "quota.world"
	| "overload"
	| "shutdown"
	| "response.too_large"
	| "auth.required"
	| "auth.forbidden"
	| "history.full"
	| "history.folded"
	| "history.future"
	| "idempotency.conflict"
	| "idempotency.lost"
	| "quota.subscriptions"
	| "subscription.transport"
	| "document.version"
	| "document.hash"
	| "share.readonly"
	| "quota.shares"
	| "script.syntax"
	| "script.failed"
	| "script.limit";

/** Methods that are of no process. */
export abstract class ServiceCalls {
	/** Ask; takesThread says whether the method has a parameter of that name. */
	protected abstract request<M extends MethodName>(
		method: M, params: object, takesThread?: boolean,
	): Promise<Result<Methods[M]["result"]>>;

	/** process.create: Make a process, and with it a world. */
	processCreate(options: ProcessCreateOptions = {}): Promise<Result<ProcessCreateResult>> {
		return this.request("process.create", options);
	}

	/**
	 * process.list: The processes that belong to the caller's token, a page at a time. While the
	 * answer has a cursor there may be more, even if the page is empty.
	 */
	processList(options: ProcessListOptions = {}): Promise<Result<ProcessListResult>> {
		return this.request("process.list", options);
	}

	/**
	 * profile.list: The kernel releases that are emulated, the default one first, and what they differ
	 * in.
	 */
	profileList(): Promise<Result<ProfileListResult>> {
		return this.request("profile.list", {});
	}

	/** rpc.discover: This description, as an OpenRPC document. */
	rpcDiscover(): Promise<Result<RpcDiscoverResult>> {
		return this.request("rpc.discover", {});
	}

	/**
	 * world.import: Make the world of a document, and compare each answer and the state with what was
	 * recorded.
	 * @param document What world.export answered: the document or the link.
	 */
	worldImport(document: Document | Link, options: WorldImportOptions = {}): Promise<Result<WorldImportResult>> {
		return this.request("world.import", { document, ...options });
	}

	/**
	 * script.run: Run a text of calls, all of them or none. An expectation that does not hold is a
	 * result; an error changes nothing.
	 * @param script The text, as docs/SCRIPTS.md describes it.
	 */
	scriptRun(script: string, options: ScriptRunOptions = {}): Promise<Result<ScriptRunResult>> {
		return this.request("script.run", { script, ...options });
	}
}

/** Methods of one process. */
export abstract class ProcessCalls {
	/** Ask; takesThread says whether the method has a parameter of that name. */
	protected abstract request<M extends MethodName>(
		method: M, params: object, takesThread?: boolean,
	): Promise<Result<Methods[M]["result"]>>;

	/**
	 * process.get: What a process was created with, its age and counters, and how much its world holds
	 * of what it may.
	 */
	get(): Promise<Result<ProcessGetResult>> {
		return this.request("process.get", {});
	}

	/**
	 * process.share: Make a second name for a process, with which one may look at it, watch it, and
	 * branch its world, but not change it.
	 */
	share(options: ProcessShareOptions = {}): Promise<Result<ProcessShareResult>> {
		return this.request("process.share", options);
	}

	/**
	 * process.unshare: Revoke a share of a process, or all of them. Who watches by it is told that
	 * this has ended.
	 */
	unshare(options: ProcessUnshareOptions = {}): Promise<Result<ProcessUnshareResult>> {
		return this.request("process.unshare", options);
	}

	/** process.fork: Copy a process, as fork does, into the same world; the snapshot is the child's. */
	fork(options: ProcessForkOptions = {}): Promise<Result<ProcessForkResult>> {
		return this.request("process.fork", options, true);
	}

	/**
	 * process.exec: Replace the program of a process, as execve does. After E2BIG and ENOEXEC the old
	 * one runs on; after any other error the process is gone.
	 * @param program The program that takes over.
	 */
	exec(program: Image, options: ProcessExecOptions = {}): Promise<Result<ProcessExecResult>> {
		return this.request("process.exec", { program, ...options }, true);
	}

	/** process.exit: End all threads of a process. Its name is gone. */
	exit(options: ProcessExitOptions = {}): Promise<Result<ProcessExitResult>> {
		return this.request("process.exit", options);
	}

	/** thread.create: Clone a thread that shares the address space. */
	threadCreate(options: ThreadCreateOptions = {}): Promise<Result<ThreadCreateResult>> {
		return this.request("thread.create", options, true);
	}

	/**
	 * thread.exit: End one thread, and with the last one the process.
	 * @param thread The thread that ends; with the last one its process ends.
	 */
	threadExit(thread: number, options: ThreadExitOptions = {}): Promise<Result<ThreadExitResult>> {
		return this.request("thread.exit", { thread, ...options }, true);
	}

	/**
	 * file.open: Open a virtual file on a tmpfs, all holes.
	 * @param fd The descriptor to open.
	 * @param name The file's name; its path is / and the name.
	 */
	fileOpen(fd: number, name: string, options: FileOpenOptions = {}): Promise<Result<FileOpenResult>> {
		return this.request("file.open", { fd, name, ...options });
	}

	/**
	 * file.truncate: Change the size of an open file, as ftruncate does; pages beyond it are gone from
	 * every mapping.
	 * @param fd A descriptor.
	 * @param size The file's new size in bytes.
	 */
	fileTruncate(fd: Fd, size: Address, options: FileTruncateOptions = {}): Promise<Result<FileTruncateResult>> {
		return this.request("file.truncate", { fd, size, ...options });
	}

	/**
	 * file.close: Close a descriptor; what is mapped stays mapped.
	 * @param fd An open descriptor.
	 */
	fileClose(fd: number, options: FileCloseOptions = {}): Promise<Result<FileCloseResult>> {
		return this.request("file.close", { fd, ...options });
	}

	/**
	 * mm.brk: Move the program break; the answer is the break that holds.
	 * @param addr The wanted break.
	 */
	brk(addr: Address, options: MmBrkOptions = {}): Promise<Result<MmBrkResult>> {
		return this.request("mm.brk", { addr, ...options }, true);
	}

	/**
	 * mm.mmap: Create a mapping.
	 * @param addr A hint, or the address with MAP_FIXED.
	 * @param length Bytes.
	 * @param prot PROT_*, by number or by name.
	 * @param flags MAP_*, by number or by name.
	 */
	mmap(addr: Address, length: Address, prot: Flags, flags: Flags, options: MmMmapOptions = {}): Promise<Result<MmMmapResult>> {
		return this.request("mm.mmap", { addr, length, prot, flags, ...options }, true);
	}

	/**
	 * mm.munmap: Remove every page of a range.
	 * @param addr An address.
	 * @param length Bytes.
	 */
	munmap(addr: Address, length: Address, options: MmMunmapOptions = {}): Promise<Result<MmMunmapResult>> {
		return this.request("mm.munmap", { addr, length, ...options }, true);
	}

	/**
	 * mm.mprotect: Change what may be done with a range.
	 * @param addr An address.
	 * @param length Bytes.
	 * @param prot PROT_*, by number or by name.
	 */
	mprotect(addr: Address, length: Address, prot: Flags, options: MmMprotectOptions = {}): Promise<Result<MmMprotectResult>> {
		return this.request("mm.mprotect", { addr, length, prot, ...options }, true);
	}

	/**
	 * mm.mremap: Grow, shrink or move a mapping.
	 * @param old_address Where the mapping is.
	 * @param old_size Its bytes; 0 maps shared memory once more.
	 * @param new_size The bytes it shall have.
	 * @param flags MREMAP_*, by number or by name.
	 */
	mremap(old_address: Address, old_size: Address, new_size: Address, flags: Flags, options: MmMremapOptions = {}): Promise<Result<MmMremapResult>> {
		return this.request("mm.mremap", { old_address, old_size, new_size, flags, ...options }, true);
	}

	/**
	 * mm.mlock: Lock a range into memory, and make it present.
	 * @param addr An address.
	 * @param length Bytes.
	 */
	mlock(addr: Address, length: Address, options: MmMlockOptions = {}): Promise<Result<MmMlockResult>> {
		return this.request("mm.mlock", { addr, length, ...options }, true);
	}

	/**
	 * mm.mlock2: Lock a range into memory; with MLOCK_ONFAULT page by page as it is touched.
	 * @param addr An address.
	 * @param length Bytes.
	 * @param flags MLOCK_ONFAULT or 0.
	 */
	mlock2(addr: Address, length: Address, flags: IntFlags, options: MmMlock2Options = {}): Promise<Result<MmMlock2Result>> {
		return this.request("mm.mlock2", { addr, length, flags, ...options }, true);
	}

	/**
	 * mm.munlock: Unlock a range.
	 * @param addr An address.
	 * @param length Bytes.
	 */
	munlock(addr: Address, length: Address, options: MmMunlockOptions = {}): Promise<Result<MmMunlockResult>> {
		return this.request("mm.munlock", { addr, length, ...options }, true);
	}

	/**
	 * mm.mlockall: Lock all areas, or those to come.
	 * @param flags MCL_*, by number or by name.
	 */
	mlockall(flags: IntFlags, options: MmMlockallOptions = {}): Promise<Result<MmMlockallResult>> {
		return this.request("mm.mlockall", { flags, ...options }, true);
	}

	/** mm.munlockall: Unlock all areas, those to come as well. */
	munlockall(options: MmMunlockallOptions = {}): Promise<Result<MmMunlockallResult>> {
		return this.request("mm.munlockall", options, true);
	}

	/**
	 * mm.madvise: Tell the kernel about the use of a range.
	 * @param addr An address.
	 * @param length Bytes.
	 * @param advice One MADV_*, by number or by name.
	 */
	madvise(addr: Address, length: Address, advice: IntFlags, options: MmMadviseOptions = {}): Promise<Result<MmMadviseResult>> {
		return this.request("mm.madvise", { addr, length, advice, ...options }, true);
	}

	/**
	 * mm.mincore: Ask which pages of a range are in memory.
	 * @param addr An address.
	 * @param length Bytes.
	 */
	mincore(addr: Address, length: Address, options: MmMincoreOptions = {}): Promise<Result<MmMincoreResult>> {
		return this.request("mm.mincore", { addr, length, ...options }, true);
	}

	/**
	 * mm.msync: Write the shared file pages of a range back.
	 * @param addr An address.
	 * @param length Bytes.
	 * @param flags MS_*, by number or by name.
	 */
	msync(addr: Address, length: Address, flags: IntFlags, options: MmMsyncOptions = {}): Promise<Result<MmMsyncResult>> {
		return this.request("mm.msync", { addr, length, flags, ...options }, true);
	}

	/**
	 * mm.remap_file_pages: Map other pages of a shared area's file.
	 * @param addr An address.
	 * @param size Bytes.
	 * @param prot Must be 0.
	 * @param pgoff The page of the file that shall be at addr.
	 * @param flags MAP_NONBLOCK or 0.
	 */
	remapFilePages(addr: Address, size: Address, prot: Flags, pgoff: Address, flags: Flags, options: MmRemapFilePagesOptions = {}): Promise<Result<MmRemapFilePagesResult>> {
		return this.request("mm.remap_file_pages", { addr, size, prot, pgoff, flags, ...options }, true);
	}

	/**
	 * mm.mseal: Forbid changes to a range's mapping for good.
	 * @param addr An address.
	 * @param length Bytes.
	 * @param flags Must be 0.
	 */
	mseal(addr: Address, length: Address, flags: Flags, options: MmMsealOptions = {}): Promise<Result<MmMsealResult>> {
		return this.request("mm.mseal", { addr, length, flags, ...options }, true);
	}

	/**
	 * mm.access: Touch memory as the processor does, faults included.
	 * @param addr The first byte.
	 * @param type_ What is done to each page, in order; the first signal ends it.
	 */
	access(addr: Address, type_: "read" | "write" | "exec", options: MmAccessOptions = {}): Promise<Result<MmAccessResult>> {
		return this.request("mm.access", { addr, type: type_, ...options }, true);
	}

	/**
	 * mm.find_vma: Look up the first area that ends above an address, as the kernel does it: cache
	 * first.
	 * @param addr An address.
	 */
	findVma(addr: Address, options: MmFindVmaOptions = {}): Promise<Result<MmFindVmaResult>> {
		return this.request("mm.find_vma", { addr, ...options }, true);
	}

	/** mm.snapshot: The parts of the state that are wanted. */
	snapshot(options: MmSnapshotOptions = {}): Promise<Result<MmSnapshotResult>> {
		return this.request("mm.snapshot", options, true);
	}

	/** mm.maps: What /proc/PID/maps of the release prints. */
	maps(options: MmMapsOptions = {}): Promise<Result<MmMapsResult>> {
		return this.request("mm.maps", options, true);
	}

	/** mm.smaps: What /proc/PID/smaps of the release prints. */
	smaps(options: MmSmapsOptions = {}): Promise<Result<MmSmapsResult>> {
		return this.request("mm.smaps", options, true);
	}

	/** mm.status: What /proc/PID/status of the release prints about memory. */
	status(options: MmStatusOptions = {}): Promise<Result<MmStatusResult>> {
		return this.request("mm.status", options, true);
	}

	/**
	 * mm.explain: What a call would do, step by step; it is tried in a copy of the world, and nothing
	 * changes.
	 * @param method The call that is asked about.
	 */
	explain(method: "mm.brk" | "mm.mmap" | "mm.munmap" | "mm.mprotect" | "mm.mremap" | "mm.mlock" | "mm.mlock2" | "mm.munlock" | "mm.mlockall" | "mm.munlockall" | "mm.madvise" | "mm.mincore" | "mm.msync" | "mm.remap_file_pages" | "mm.mseal" | "mm.access" | "mm.find_vma" | "process.fork" | "process.exec" | "process.exit" | "thread.create" | "thread.exit" | "file.open" | "file.truncate" | "file.close", options: MmExplainOptions = {}): Promise<Result<MmExplainResult>> {
		return this.request("mm.explain", { method, ...options }, true);
	}

	/** history.list: The operations of the process's world, in order, page by page. */
	historyList(options: HistoryListOptions = {}): Promise<Result<HistoryListResult>> {
		return this.request("history.list", options);
	}

	/**
	 * history.at: The parts of an earlier state that are wanted; the present stays as it is.
	 * @param seq The state after this operation; 0: as created.
	 */
	historyAt(seq: number, options: HistoryAtOptions = {}): Promise<Result<HistoryAtResult>> {
		return this.request("history.at", { seq, ...options }, true);
	}

	/**
	 * history.diff: What differs between two states of a process, or of two processes.
	 * @param from The state after this operation is compared.
	 */
	historyDiff(from: number, options: HistoryDiffOptions = {}): Promise<Result<HistoryDiffResult>> {
		return this.request("history.diff", { from, ...options }, true);
	}

	/**
	 * history.rewind: Undo the later operations of the process's world. They are forgotten, and seq
	 * goes on from there.
	 * @param seq The last operation that is not undone; 0: all are.
	 */
	historyRewind(seq: number, options: HistoryRewindOptions = {}): Promise<Result<HistoryRewindResult>> {
		return this.request("history.rewind", { seq, ...options }, true);
	}

	/** world.branch: Make a second world with the same past, whose processes have names of their own. */
	worldBranch(options: WorldBranchOptions = {}): Promise<Result<WorldBranchResult>> {
		return this.request("world.branch", options, true);
	}

	/**
	 * world.export: The process's world as one document: how it was created, all operations with their
	 * answers, and a hash of the state; or that document as a link.
	 */
	worldExport(options: WorldExportOptions = {}): Promise<Result<WorldExportResult>> {
		return this.request("world.export", options);
	}
}
