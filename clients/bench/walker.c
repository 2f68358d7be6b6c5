/* SPDX-License-Identifier: MIT */
#include "clients/bench/walker.h"

enum {
	PAGE = 4096,
	HEAP_PAGES = 64,
};

static void say_caller(const struct player *player, struct bytes *text,
		       const char *method)
{
	say_method(text, method, player->process);
	if (player->thread)
		say_thread(text, player->thread);
}

static void step_unmap(struct walker *walker, struct player *player,
		       unsigned page, struct bytes *text,
		       struct expectation *expect)
{
	uint64_t count = 1 + player_random(player, WALKER_PAGES - page);
	uint32_t pages = ((1u << count) - 1) << page;

	say_caller(player, text, "mm.munmap");
	say_hex(text, "addr", walker->start + (uint64_t)page * PAGE);
	say_number(text, "length", count * PAGE);
	say_end(text, "[]");
	walker->mapped &= ~pages;
	walker->touched &= ~pages;
	expect->kind = EXPECT_RET;
	expect->value = 0;
}

static void step_write(struct walker *walker, struct player *player,
		       unsigned page, struct bytes *text,
		       struct expectation *expect)
{
	uint32_t bit = 1u << page;

	say_caller(player, text, "mm.access");
	say_hex(text, "addr", walker->start + (uint64_t)page * PAGE);
	bytes_put_text(text, ",\"type\":\"write\"");
	say_end(text, "[]");
	expect->kind = EXPECT_FAULT;
	if (!(walker->mapped & bit)) {
		expect->text = "SIGSEGV";
		expect->code = "SEGV_MAPERR";
		return;
	}
	expect->text = walker->touched & bit ? "none" : "minor";
	walker->touched |= bit;
}

static void step_brk(struct walker *walker, struct player *player,
		     struct bytes *text, struct expectation *expect)
{
	uint64_t addr = walker->heap + player_random(player, HEAP_PAGES) * PAGE;

	say_caller(player, text, "mm.brk");
	say_hex(text, "addr", addr);
	say_end(text, "[]");
	expect->kind = EXPECT_RET;
	expect->value = addr;
}

static void step_map(struct walker *walker, struct player *player,
		     unsigned page, struct bytes *text,
		     struct expectation *expect)
{
	say_map(text, player, walker->start + (uint64_t)page * PAGE, "[]",
		expect);
	walker->mapped |= 1u << page;
	walker->touched &= ~(1u << page);
}

void walker_step(struct walker *walker, struct player *player,
		 struct bytes *text, struct expectation *expect)
{
	unsigned page = (unsigned)player_random(player, WALKER_PAGES);

	switch (player_random(player, walker->heap ? 5 : 4)) {
	case 0:
		step_unmap(walker, player, page, text, expect);
		break;
	case 1:
		step_write(walker, player, page, text, expect);
		break;
	case 4:
		step_brk(walker, player, text, expect);
		break;
	default:
		step_map(walker, player, page, text, expect);
	}
}
