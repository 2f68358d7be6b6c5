/* SPDX-License-Identifier: MIT */
#include "proto/rpc/schemas.h"

#include <stddef.h>

#define CHANGE  "{\"$ref\":\"#/components/schemas/BeforeAfter\"}"
#define CHANGES "{\"type\":\"object\",\"additionalProperties\":" CHANGE "}"
#define CHANGES_OR_NULL                                                        \
	"{\"type\":[\"object\",\"null\"],\"additionalProperties\":" CHANGE "}"

/*
 * Plain text rather than code that builds it: schemas are read as they are
 * written, by people here and by programs from rpc.discover.
 */
const struct schema schemas[] = {
	{ "Process",
	  "{\"type\":\"string\",\"pattern\":\"^[a-z2-7]{32}$\","
	  "\"description\":\"The name of a process. Whoever has it may "
	  "use the process; it cannot be guessed.\"}" },
	{ "Share",
	  "{\"type\":\"string\",\"pattern\":\"^[a-z2-7]{32}$\","
	  "\"description\":\"A second name of a process. Whoever has it may "
	  "look at the process, and not change it: it goes where a method "
	  "with x-share takes a process.\"}" },
	{ "Thread", "{\"type\":\"integer\",\"minimum\":1,\"description\":"
		    "\"A thread of a process; the first is 1.\"}" },
	{ "Route",
	  "{\"type\":\"string\",\"description\":\"A short name of where "
	  "the world lives; no secret.\"}" },
	{ "Hex",
	  "{\"type\":\"string\",\"pattern\":"
	  "\"^0x(0|[1-9a-f][0-9a-f]{0,15})$\",\"description\":\"64 bits, "
	  "unsigned, in lower case hex without leading zeros.\"}" },
	{ "HexOrNull",
	  "{\"oneOf\":[{\"$ref\":\"#/components/schemas/Hex\"},{\"type\":"
	  "\"null\"}]}" },
	{ "Address",
	  "{\"description\":\"64 bits, unsigned.\",\"oneOf\":[{\"type\":"
	  "\"integer\",\"minimum\":0},{\"type\":\"string\",\"pattern\":"
	  "\"^(0[xX][0-9a-fA-F]+|[0-9]+)$\"}]}" },
	{ "Flags",
	  "{\"description\":\"An integer of up to 64 bits, or names and "
	  "numbers joined by '|' as strace spells them.\",\"oneOf\":[{"
	  "\"type\":\"integer\"},{\"type\":\"string\",\"minLength\":1}]}" },
	{ "IntFlags",
	  "{\"description\":\"As Flags, but cut to an int.\",\"allOf\":[{"
	  "\"$ref\":\"#/components/schemas/Flags\"}]}" },
	{ "IdempotencyKey",
	  "{\"type\":\"string\",\"minLength\":1,\"maxLength\":64,"
	  "\"pattern\":\"^[!-~]+$\",\"description\":\"Chosen by the "
	  "client, and by nobody else: a UUID, say. On a process it counts "
	  "for that process alone.\"}" },
	{ "Image",
	  "{\"type\":\"object\",\"description\":\"A program or its "
	  "interpreter: "
	  "the beginning of its file, or what its headers say. Without a "
	  "type a header is a PT_LOAD, which alone needs the other members "
	  "but align. The stack is executable if a PT_GNU_STACK has PF_X.\","
	  "\"required\":[\"path\"],\"properties\":{\"path\":{\"type\":"
	  "\"string\",\"minLength\":1,\"maxLength\":4095},\"elf\":{\"type\":"
	  "\"string\",\"contentEncoding\":\"base64\",\"description\":"
	  "\"The file's first bytes, with all program headers.\"},\"type\":{"
	  "\"enum\":[\"exec\",\"dyn\"]},\"entry\":{\"$ref\":"
	  "\"#/components/schemas/Address\"},\"headers\":{\"type\":\"array\","
	  "\"items\":{\"type\":\"object\",\"required\":[],\"properties\":{"
	  "\"type\":{\"$ref\":\"#/components/schemas/Flags\"},\"flags\":{"
	  "\"$ref\":\"#/components/schemas/Flags\"},\"offset\":{\"$ref\":"
	  "\"#/components/schemas/Address\"},\"vaddr\":{\"$ref\":"
	  "\"#/components/schemas/Address\"},\"filesz\":{\"$ref\":"
	  "\"#/components/schemas/Address\"},\"memsz\":{\"$ref\":"
	  "\"#/components/schemas/Address\"},\"align\":{\"$ref\":"
	  "\"#/components/schemas/Address\"}},\"additionalProperties\":false}}}"
	  ",\"additionalProperties\":false}" },
	{ "Strings",
	  "{\"oneOf\":[{\"type\":\"array\",\"items\":{\"type\":\"string\"}},{"
	  "\"type\":\"object\",\"required\":[],\"properties\":{\"count\":{"
	  "\"type\":\"integer\",\"minimum\":0},\"bytes\":{\"type\":"
	  "\"integer\",\"minimum\":0,\"description\":"
	  "\"With the NUL of each.\"}},\"additionalProperties\":false}]}" },
	{ "Profile",
	  "{\"type\":\"object\",\"description\":\"A kernel release: which of "
	  "the "
	  "behaviours it has, and numbers that differ.\",\"required\":["
	  "\"name\",\"release\",\"constants\",\"behaviours\"],\"properties\":{"
	  "\"name\":{\"type\":\"string\"},\"release\":{\"type\":\"string\"},"
	  "\"constants\":{\"type\":\"object\",\"additionalProperties\":{"
	  "\"type\":\"integer\",\"minimum\":0}},\"behaviours\":{\"type\":"
	  "\"object\",\"additionalProperties\":{\"type\":\"boolean\"}}},"
	  "\"additionalProperties\":false}" },
	{ "Behaviour",
	  "{\"type\":\"object\",\"required\":[\"name\",\"reference\",\"about\"]"
	  ",\"properties\":{\"name\":{\"type\":\"string\"},\"reference\":{"
	  "\"type\":[\"string\",\"null\"]},\"about\":{\"type\":\"string\"}},"
	  "\"additionalProperties\":false}" },
	{ "Boolean", "{\"type\":\"boolean\"}" },
	{ "Fd", "{\"description\":\"A descriptor, cut to an int; -1 for none.\""
		",\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"string\","
		"\"pattern\":\"^(-1|0[xX][0-9a-fA-F]+|[0-9]+)$\"}]}" },
	{ "Limit",
	  "{\"description\":\"Bytes; -1 for infinity.\",\"oneOf\":[{"
	  "\"$ref\":\"#/components/schemas/Address\"},{\"const\":-1}]}" },
	{ "Errno", "{\"type\":\"string\",\"pattern\":\"^E[A-Z0-9]+$\","
		   "\"description\":\"The name of the errno, with a negative "
		   "ret.\"}" },
	{ "AddressOrError",
	  "{\"oneOf\":[{\"$ref\":\"#/components/schemas/Hex\"},{\"type\":"
	  "\"integer\",\"maximum\":-1}]}" },
	{ "ZeroOrError", "{\"type\":\"integer\",\"maximum\":0}" },
	{ "History",
	  "{\"type\":\"object\",\"description\":\"The operations that "
	  "are kept; none if first is above last. Results have it once "
	  "older ones have been folded away.\",\"required\":[\"first\","
	  "\"last\"],\"properties\":{\"first\":{\"type\":\"integer\","
	  "\"minimum\":0},\"last\":{\"type\":\"integer\",\"minimum\":0}},"
	  "\"additionalProperties\":false}" },
	{ "Counters",
	  "{\"type\":\"object\",\"required\":[\"operations\",\"threads\","
	  "\"areas\",\"resident_pages\",\"journal_bytes\"],\"properties\""
	  ":{\"operations\":{\"type\":\"integer\",\"minimum\":0},"
	  "\"threads\":{\"type\":\"integer\",\"minimum\":0},\"areas\":{"
	  "\"type\":\"integer\",\"minimum\":0},\"resident_pages\":{"
	  "\"type\":\"integer\",\"minimum\":0},\"journal_bytes\":{"
	  "\"type\":\"integer\",\"minimum\":0}},\"additionalProperties\":"
	  "false}" },
	{ "Held",
	  "{\"type\":\"object\",\"description\":\"Bytes of the present state "
	  "of a world, its history apart, and how many there may be "
	  "(quota.world).\",\"required\":[\"held\",\"limit\"],"
	  "\"properties\":{\"held\":{\"type\":\"integer\",\"minimum\":0},"
	  "\"limit\":{\"type\":\"integer\",\"minimum\":0}},"
	  "\"additionalProperties\":false}" },
	{ "Maps",
	  "{\"oneOf\":[{\"type\":\"array\",\"items\":{\"type\":\"string\""
	  "}},{\"type\":\"string\"}]}" },
	{ "MmSetup",
	  "{\"type\":\"object\",\"required\":[],\"properties\":{"
	  "\"start_code\":{\"$ref\":\"#/components/schemas/Address\"},"
	  "\"end_code\":{\"$ref\":\"#/components/schemas/Address\"},"
	  "\"start_data\":{\"$ref\":\"#/components/schemas/Address\"},"
	  "\"end_data\":{\"$ref\":\"#/components/schemas/Address\"},"
	  "\"start_brk\":{\"$ref\":\"#/components/schemas/Address\"},"
	  "\"brk\":{\"$ref\":\"#/components/schemas/Address\"},"
	  "\"start_stack\":{\"$ref\":\"#/components/schemas/Address\"},"
	  "\"mmap_base\":{\"$ref\":\"#/components/schemas/Address\"},"
	  "\"arg_start\":{\"$ref\":\"#/components/schemas/Address\"},"
	  "\"arg_end\":{\"$ref\":\"#/components/schemas/Address\"},"
	  "\"env_start\":{\"$ref\":\"#/components/schemas/Address\"},"
	  "\"env_end\":{\"$ref\":\"#/components/schemas/Address\"},"
	  "\"hiwater_vm\":{\"type\":\"integer\",\"minimum\":0,"
	  "\"maximum\":34359738367},\"hiwater_rss\":{\"type\":"
	  "\"integer\",\"minimum\":0,\"maximum\":34359738367}},"
	  "\"additionalProperties\":false}" },
	{ "Resident",
	  "{\"type\":\"array\",\"items\":{\"oneOf\":[{\"$ref\":"
	  "\"#/components/schemas/Address\"},{\"type\":\"array\","
	  "\"minItems\":2,\"maxItems\":3,\"items\":[{\"$ref\":"
	  "\"#/components/schemas/Address\"},{\"$ref\":"
	  "\"#/components/schemas/Address\"},{\"enum\":[\"anon\",\"file\""
	  ",\"zero\",\"pfn\"]}]}]}}" },
	{ "Rlimits",
	  "{\"type\":\"object\",\"required\":[],\"properties\":{\"as\":{"
	  "\"$ref\":\"#/components/schemas/Limit\"},\"data\":{\"$ref\":"
	  "\"#/components/schemas/Limit\"},\"stack\":{\"$ref\":"
	  "\"#/components/schemas/Limit\"},\"memlock\":{\"$ref\":"
	  "\"#/components/schemas/Limit\"}},\"additionalProperties\":"
	  "false}" },
	{ "Sysctl",
	  "{\"type\":\"object\",\"required\":[],\"properties\":{"
	  "\"max_map_count\":{\"type\":\"integer\",\"minimum\":0,"
	  "\"maximum\":2147483647},\"mmap_min_addr\":{\"$ref\":"
	  "\"#/components/schemas/Address\"},\"overcommit_memory\":{"
	  "\"type\":\"integer\",\"minimum\":0,\"maximum\":2},"
	  "\"overcommit_ratio\":{\"type\":\"integer\",\"minimum\":0,"
	  "\"maximum\":2147483647},\"overcommit_kbytes\":{\"type\":"
	  "\"integer\",\"minimum\":0,\"maximum\":1125899906842624},"
	  "\"admin_reserve_kbytes\":{\"type\":\"integer\",\"minimum\":0,"
	  "\"maximum\":1125899906842624},\"user_reserve_kbytes\":{"
	  "\"type\":\"integer\",\"minimum\":0,\"maximum\":"
	  "1125899906842624},\"legacy_va_layout\":{"
	  "\"type\":\"integer\",\"minimum\":0,\"maximum\":1},"
	  "\"stack_guard_gap\":{\"type\":\"integer\",\"minimum\":0,"
	  "\"maximum\":1048576}},\"additionalProperties\":false}" },
	{ "Files",
	  "{\"type\":\"array\",\"items\":{\"type\":\"object\","
	  "\"required\":[\"fd\",\"name\"],\"properties\":{\"fd\":{"
	  "\"type\":\"integer\",\"minimum\":0,\"maximum\":2147483647},"
	  "\"name\":{\"type\":\"string\",\"minLength\":1},\"size\":{"
	  "\"$ref\":\"#/components/schemas/Address\"},\"mode\":{\"enum\":"
	  "[\"ro\",\"rw\",\"wo\"]},\"path\":{\"type\":\"string\","
	  "\"minLength\":1},\"dev\":{\"type\":\"string\",\"pattern\":"
	  "\"^[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}$\"},\"inode\":{\"type\":"
	  "\"integer\",\"minimum\":0}},\"additionalProperties\":false}}" },
	{ "HistoryLimit",
	  "{\"oneOf\":[{\"type\":\"integer\",\"minimum\":0,\"maximum\":"
	  "1000000},{\"const\":\"all\"}]}" },
	{ "Snapshot",
	  "{\"type\":\"object\",\"description\":\"The parts that were "
	  "wanted. A part that the release does not have is null.\","
	  "\"properties\":{\"mm\":{\"$ref\":\"#/components/schemas/Mm\"},"
	  "\"vmas\":{\"type\":\"array\",\"items\":{\"$ref\":"
	  "\"#/components/schemas/Vma\"}},\"maps\":{\"type\":\"array\","
	  "\"items\":{\"type\":\"string\"}},\"status\":{\"$ref\":"
	  "\"#/components/schemas/Status\"},\"vmacache\":{\"oneOf\":[{"
	  "\"$ref\":\"#/components/schemas/Vmacache\"},{\"type\":\"null\""
	  "}]},\"rbtree\":{\"oneOf\":[{\"$ref\":"
	  "\"#/components/schemas/Rbtree\"},{\"type\":\"null\"}]},"
	  "\"pagetable\":{\"$ref\":\"#/components/schemas/Pagetable\"},"
	  "\"steps\":{\"type\":\"array\",\"items\":{\"oneOf\":[{\"$ref\":"
	  "\"#/components/schemas/Step\"},{\"$ref\":"
	  "\"#/components/schemas/StepsCut\"}]}},\"diff\":{\"$ref\":"
	  "\"#/components/schemas/Diff\"}},"
	  "\"additionalProperties\":false}" },
	{ "Document",
	  "{\"type\":\"object\",\"description\":\"A world: its creation, as "
	  "process.create takes it, and the operations that it keeps with "
	  "their answers. "
	  "engine is the number of the behaviour that answered, hash that of "
	  "the state at the end.\",\"required\":[\"vmarium\",\"engine\","
	  "\"created\",\"operations\",\"hash\"],\"properties\":{\"vmarium\":{"
	  "\"type\":\"integer\",\"minimum\":1},\"engine\":{\"type\":"
	  "\"integer\",\"minimum\":1},\"title\":{\"type\":\"string\"},"
	  "\"notes\":{\"type\":\"string\"},\"positions\":{\"type\":\"object\"},"
	  "\"created\":{"
	  "\"type\":\"object\"},\"begins\":{\"type\":\"object\","
	  "\"description\":\"What the first operation was carried out on, "
	  "where "
	  "older ones have been folded away: the state after operation seq, to "
	  "the last counter.\",\"required\":[\"seq\",\"state\"],"
	  "\"properties\":{\"seq\":{\"type\":\"integer\",\"minimum\":0},"
	  "\"state\":{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_-]+$\"}},"
	  "\"additionalProperties\":false},\"operations\":{\"type\":\"array\","
	  "\"items\":{"
	  "\"type\":\"object\",\"required\":[\"method\",\"params\",\"answer\"],"
	  "\"properties\":{\"number\":{\"type\":\"integer\",\"minimum\":0},"
	  "\"thread\":{\"type\":\"integer\",\"minimum\":1},\"method\":{"
	  "\"type\":"
	  "\"string\"},\"params\":{\"type\":\"object\"},\"text\":{\"type\":"
	  "\"string\"},\"answer\":{\"type\":[\"integer\",\"string\",\"null\"]}}"
	  "}}"
	  ",\"hash\":{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{32}$\"}},"
	  "\"additionalProperties\":false}" },
	{ "Link",
	  "{\"type\":\"string\",\"pattern\":\"^v1\\\\.[A-Za-z0-9_-]+$\","
	  "\"description\":\"A document as a text for the fragment of a URL: "
	  "v1. and base64url, without padding, of the document's JSON in "
	  "zlib's format. It holds up to 256 KiB of JSON.\"}" },
	{ "BeforeAfter",
	  "{\"type\":\"array\",\"description\":\"What it was, and what it is "
	  "now.\",\"minItems\":2,\"maxItems\":2,\"items\":[{},{}]}" },
	{ "Diff",
	  "{\"type\":\"object\",\"description\":\"What differs between two "
	  "states; a member that does not is left out. Areas and nodes are "
	  "matched by id, but not across an exec. split_from and merged_into "
	  "name the area that it was split off, or that has taken it over, as "
	  "the operations in between did it; of two processes, or of states "
	  "more than 10,000 operations apart, the one that has the same things "
	  "behind the same addresses. mm, vmacache and rbtree are null where "
	  "one of "
	  "the states has none: before a creation, after an exit, in releases "
	  "without them.\",\"required\":[\"areas\",\"mm\",\"vmacache\","
	  "\"rbtree\"],"
	  "\"properties\":{\"areas\":{\"type\":\"array\",\"items\":{\"type\":"
	  "\"object\",\"required\":[\"id\",\"change\"],\"properties\":{\"id\":{"
	  "\"type\":\"integer\",\"minimum\":1},\"change\":{\"enum\":[\"added\","
	  "\"removed\",\"changed\",\"moved\"]},\"split_from\":{\"type\":"
	  "\"integer\",\"minimum\":1},\"merged_into\":{\"type\":\"integer\","
	  "\"minimum\":1},\"area\":{\"$ref\":\"#/components/schemas/Vma\"},"
	  "\"fields\":" CHANGES "},\"additionalProperties\":false}},"
	  "\"mm\":" CHANGES_OR_NULL ",\"vmacache\":" CHANGES_OR_NULL ","
	  "\"rbtree\":{\"type\":[\"object\",\"null\"],\"required\":["
	  "\"nodes\"],\"properties\":{\"root\":" CHANGE ",\"nodes\":{"
	  "\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
	  "\"vma\"],\"properties\":{\"vma\":{\"type\":\"integer\"},"
	  "\"left\":" CHANGE ",\"right\":" CHANGE ",\"parent\":" CHANGE
	  ",\"color\":" CHANGE ",\"subtree_gap\":" CHANGE "},"
	  "\"additionalProperties\":false}}},\"additionalProperties\":false}},"
	  "\"additionalProperties\":false}" },
	{ "Step",
	  "{\"type\":\"object\",\"description\":\"One decision of the "
	  "emulated kernel: its function, a stable key, the values that were "
	  "compared, what came of it, the areas it touches, and the nodes, "
	  "slots or tables that were looked at. With lang also a "
	  "sentence.\",\"required\":[\"fn\",\"what\",\"args\",\"result\","
	  "\"areas\",\"cost\"],\"properties\":{\"fn\":{\"type\":\"string\"},"
	  "\"what\":{\"$ref\":\"#/components/schemas/StepKey\"},\"args\":{"
	  "\"type\":\"object\",\"additionalProperties\":{\"oneOf\":[{\"type\":["
	  "\"integer\",\"string\",\"null\"]},{\"type\":\"array\",\"items\":{"
	  "\"type\":\"string\"}}]}},\"result\":{\"oneOf\":[{\"type\":["
	  "\"integer\",\"string\",\"null\"]},{\"type\":\"array\",\"items\":{"
	  "\"type\":\"string\"}}]},\"areas\":{\"type\":\"array\",\"items\":{"
	  "\"type\":\"integer\",\"minimum\":1}},\"cost\":{\"type\":\"integer\","
	  "\"minimum\":0},\"text\":{\"type\":\"string\"}},"
	  "\"additionalProperties\":false}" },
	{ "StepsCut",
	  "{\"type\":\"object\",\"description\":\"The last element, where a "
	  "call took more steps than are kept.\",\"required\":[\"what\","
	  "\"dropped\"],\"properties\":{\"what\":{\"const\":\"truncated\"},"
	  "\"dropped\":{\"type\":\"integer\",\"minimum\":1}},"
	  "\"additionalProperties\":false}" },
	{ "Mm", "{\"type\":\"object\",\"description\":\"Counters in pages, the "
		"break and the layout. Fields that the release does not have "
		"are null.\",\"required\":[\"map_count\",\"total_vm\","
		"\"locked_vm\",\"shared_vm\",\"data_vm\",\"exec_vm\","
		"\"stack_vm\",\"hiwater_vm\",\"hiwater_rss\",\"rss\","
		"\"nr_ptes\",\"nr_pmds\",\"start_brk\",\"brk\",\"start_stack\","
		"\"mmap_base\",\"task_size\",\"vmacache_seqnum\",\"seq\"],"
		"\"properties\":{\"map_count\":{\"type\":\"integer\","
		"\"minimum\":0},\"total_vm\":{\"type\":\"integer\",\"minimum\":"
		"0},\"locked_vm\":{\"type\":\"integer\",\"minimum\":0},"
		"\"shared_vm\":{\"type\":[\"integer\",\"null\"],\"minimum\":0},"
		"\"data_vm\":{\"type\":[\"integer\",\"null\"],\"minimum\":0},"
		"\"exec_vm\":{\"type\":\"integer\",\"minimum\":0},\"stack_vm\":"
		"{\"type\":\"integer\",\"minimum\":0},\"hiwater_vm\":{\"type\":"
		"\"integer\",\"minimum\":0},\"hiwater_rss\":{\"type\":"
		"\"integer\",\"minimum\":0},\"rss\":{\"type\":\"integer\","
		"\"minimum\":0},\"nr_ptes\":{\"type\":[\"integer\",\"null\"],"
		"\"minimum\":0},\"nr_pmds\":{\"type\":[\"integer\",\"null\"],"
		"\"minimum\":0},\"start_brk\":{\"$ref\":"
		"\"#/components/schemas/Hex\"},\"brk\":{\"$ref\":"
		"\"#/components/schemas/Hex\"},\"start_stack\":{\"$ref\":"
		"\"#/components/schemas/Hex\"},\"mmap_base\":{\"$ref\":"
		"\"#/components/schemas/Hex\"},\"task_size\":{\"$ref\":"
		"\"#/components/schemas/Hex\"},\"vmacache_seqnum\":{\"type\":["
		"\"integer\",\"null\"],\"minimum\":0},\"seq\":{\"type\":"
		"\"integer\",\"minimum\":0}},\"additionalProperties\":false}" },
	{ "Vma",
	  "{\"type\":\"object\",\"required\":[\"id\",\"start\",\"end\","
	  "\"perms\",\"flags\",\"offset\",\"name\",\"anon_vma\",\"rss\"],"
	  "\"properties\":{\"id\":{\"type\":\"integer\",\"minimum\":1,"
	  "\"description\":\"Stays with the area for its life.\"},"
	  "\"start\":{\"$ref\":\"#/components/schemas/Hex\"},\"end\":{"
	  "\"$ref\":\"#/components/schemas/Hex\"},\"perms\":{\"type\":"
	  "\"string\",\"pattern\":\"^[r-][w-][x-][sp]$\"},\"flags\":{"
	  "\"type\":\"array\",\"items\":{\"type\":\"string\","
	  "\"minLength\":2,\"maxLength\":2}},\"offset\":{\"$ref\":"
	  "\"#/components/schemas/Hex\"},\"name\":{\"type\":[\"string\","
	  "\"null\"]},\"anon_vma\":{\"type\":[\"integer\",\"null\"],"
	  "\"minimum\":0},\"rss\":{\"type\":\"integer\",\"minimum\":0}},"
	  "\"additionalProperties\":false}" },
	{ "Status",
	  "{\"type\":\"object\",\"description\":\"kB. What the release "
	  "does not print is left out.\",\"properties\":{\"VmPeak\":{"
	  "\"type\":\"integer\",\"minimum\":0},\"VmSize\":{\"type\":"
	  "\"integer\",\"minimum\":0},\"VmLck\":{\"type\":\"integer\","
	  "\"minimum\":0},\"VmHWM\":{\"type\":\"integer\",\"minimum\":0},"
	  "\"VmRSS\":{\"type\":\"integer\",\"minimum\":0},\"RssAnon\":{"
	  "\"type\":\"integer\",\"minimum\":0},\"RssFile\":{\"type\":"
	  "\"integer\",\"minimum\":0},\"RssShmem\":{\"type\":\"integer\","
	  "\"minimum\":0},\"VmData\":{\"type\":\"integer\",\"minimum\":0}"
	  ",\"VmStk\":{\"type\":\"integer\",\"minimum\":0},\"VmExe\":{"
	  "\"type\":\"integer\",\"minimum\":0},\"VmLib\":{\"type\":"
	  "\"integer\",\"minimum\":0},\"VmPTE\":{\"type\":\"integer\","
	  "\"minimum\":0},\"VmPMD\":{\"type\":\"integer\",\"minimum\":0}}"
	  ",\"additionalProperties\":false}" },
	{ "Vmacache",
	  "{\"type\":\"object\",\"description\":\"Of the calling thread; "
	  "calls and hits are what an emulated call added.\",\"required\""
	  ":[\"seqnum\",\"find_calls\",\"find_hits\",\"full_flushes\","
	  "\"slots\"],\"properties\":{\"seqnum\":{\"type\":\"integer\","
	  "\"minimum\":0},\"find_calls\":{\"type\":\"integer\","
	  "\"minimum\":0},\"find_hits\":{\"type\":\"integer\",\"minimum\""
	  ":0},\"full_flushes\":{\"type\":\"integer\",\"minimum\":0},"
	  "\"slots\":{\"type\":\"array\",\"minItems\":4,\"maxItems\":4,"
	  "\"items\":{\"type\":[\"integer\",\"null\"],\"minimum\":0}},"
	  "\"calls\":{\"type\":\"integer\",\"minimum\":0},\"hits\":{"
	  "\"type\":\"integer\",\"minimum\":0}},\"additionalProperties\":"
	  "false}" },
	{ "Rbtree",
	  "{\"type\":\"object\",\"description\":"
	  "\"By the ids of areas, in address order.\",\"required\":["
	  "\"root\",\"nodes\"],\"properties\":{\"root\":{\"type\":["
	  "\"integer\",\"null\"],\"minimum\":0},\"nodes\":{\"type\":"
	  "\"array\",\"items\":{\"type\":\"object\",\"required\":[\"vma\""
	  ",\"left\",\"right\",\"parent\",\"color\",\"subtree_gap\"],"
	  "\"properties\":{\"vma\":{\"type\":\"integer\"},\"left\":{"
	  "\"type\":[\"integer\",\"null\"],\"minimum\":0},\"right\":{"
	  "\"type\":[\"integer\",\"null\"],\"minimum\":0},\"parent\":{"
	  "\"type\":[\"integer\",\"null\"],\"minimum\":0},\"color\":{"
	  "\"enum\":[\"red\",\"black\"]},\"subtree_gap\":{\"$ref\":"
	  "\"#/components/schemas/Hex\"}},\"additionalProperties\":false}"
	  "}},\"additionalProperties\":false}" },
	{ "Pagetable",
	  "{\"type\":\"object\",\"description\":\"Tables of each level, "
	  "and the ranges that are present.\",\"required\":[\"pgd\","
	  "\"p4d\",\"pud\",\"pmd\",\"pte\",\"resident\"],\"properties\":{"
	  "\"pgd\":{\"type\":\"integer\",\"minimum\":0},\"p4d\":{\"type\""
	  ":\"integer\",\"minimum\":0},\"pud\":{\"type\":\"integer\","
	  "\"minimum\":0},\"pmd\":{\"type\":\"integer\",\"minimum\":0},"
	  "\"pte\":{\"type\":\"integer\",\"minimum\":0},\"resident\":{"
	  "\"type\":\"array\",\"items\":{\"type\":\"array\",\"minItems\":"
	  "2,\"maxItems\":2,\"items\":{\"$ref\":"
	  "\"#/components/schemas/Hex\"}}}},\"additionalProperties\":"
	  "false}" },
	{ NULL, NULL },
};

const char *schema_of_kind(enum param_kind kind)
{
	switch (kind) {
	case PARAM_PROCESS:
		return "Process";
	case PARAM_WANT:
		return "Want";
	case PARAM_FLAGS:
		return "Flags";
	case PARAM_INT_FLAGS:
		return "IntFlags";
	case PARAM_BOOL:
		return "Boolean";
	case PARAM_RETRY_KEY:
		return "IdempotencyKey";
	case PARAM_FD:
		return "Fd";
	default:
		return "Address";
	}
}
