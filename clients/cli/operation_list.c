/* SPDX-License-Identifier: MIT */
#include "clients/cli/operation_list.h"

#include "clients/cli/foreign_text.h"
#include "clients/cli/operation_text.h"

enum {
	PAGE = 1000 /* operations that the server answers at most */
};

struct listing {
	struct rpc_client *client;
	const struct canvas *canvas;
	struct operation_list list; /* what is still to come */
	bool json;
};

static void print_operation(const struct listing *listing, const json_t *one)
{
	const struct canvas *canvas = listing->canvas;
	const bool failed = operation_failed(one);
	char who[48];

	if (listing->json) {
		foreign_put_json(canvas->out, one, JSON_COMPACT);
		fputc('\n', canvas->out);
		return;
	}
	snprintf(who, sizeof(who),
		 "%" JSON_INTEGER_FORMAT ".%" JSON_INTEGER_FORMAT,
		 json_integer_value(json_object_get(one, "number")),
		 json_integer_value(json_object_get(one, "thread")));
	fprintf(canvas->out, "%s%7" JSON_INTEGER_FORMAT "  %-5s%s  ",
		paint(canvas, PAINT_DIM),
		json_integer_value(json_object_get(one, "seq")), who,
		paint(canvas, PAINT_NONE));
	operation_spell(canvas->out, one);
	fprintf(canvas->out, " = %s", failed ? paint(canvas, PAINT_RED) : "");
	operation_spell_answer(canvas->out, one);
	fprintf(canvas->out, "%s\n", failed ? paint(canvas, PAINT_NONE) : "");
}

static json_t *page_params(const struct operation_list *list)
{
	json_t *params = json_pack(
		"{s:s, s:b, s:I}", "process", list->process, "answers", 1,
		"count", (json_int_t)(list->count < PAGE ? list->count : PAGE));

	if (list->from)
		json_object_set_new(params, "from",
				    json_integer((json_int_t)list->from));
	return params;
}

static enum cli_status print_page(struct listing *listing, const json_t *page,
				  bool *morep)
{
	struct operation_list *list = &listing->list;
	const json_t *next = json_object_get(page, "next"), *one;
	size_t i;

	json_array_foreach(json_object_get(page, "operations"), i, one)
		print_operation(listing, one);
	list->count -= i < list->count ? i : list->count;
	*morep = !json_is_null(next) && list->count;
	if (!*morep)
		return CLI_OK;
	/* Pages that lead nowhere would be asked for without an end. */
	if (!i || json_integer_value(next) <= (json_int_t)list->from)
		return cli_lacks("next");
	list->from = (uint64_t)json_integer_value(next);
	return CLI_OK;
}

static void print_head(const struct listing *listing, const json_t *page)
{
	const struct canvas *canvas = listing->canvas;
	const json_int_t first = json_integer_value(
		json_object_get(json_object_get(page, "history"), "first"));

	if (listing->json)
		return;
	fprintf(canvas->out, "%s    seq  who    call = answer%s\n",
		paint(canvas, PAINT_BOLD), paint(canvas, PAINT_NONE));
	if (first > 1 && listing->list.from <= (uint64_t)first)
		fprintf(canvas->out,
			"%s         operations 1 to %" JSON_INTEGER_FORMAT
			" are folded away%s\n",
			paint(canvas, PAINT_DIM), first - 1,
			paint(canvas, PAINT_NONE));
}

static enum cli_status list_pages(struct listing *listing)
{
	enum cli_status status = CLI_OK;
	bool goes_on = true;
	unsigned nr;
	json_t *page;

	for (nr = 0; goes_on && status == CLI_OK; nr++) {
		status = cli_call(listing->client, "history.list",
				  page_params(&listing->list), &page);
		if (status != CLI_OK)
			return status;
		if (!nr)
			print_head(listing, page);
		status = print_page(listing, page, &goes_on);
		json_decref(page);
	}
	return status;
}

/* Where the last ones begin. */
static enum cli_status seek_last(struct rpc_client *client,
				 struct operation_list *list)
{
	struct cli_history history;
	enum cli_status status;

	status = cli_history(client, list->process, &history);
	if (status != CLI_OK)
		return status;
	list->from = history.first;
	if (history.last >= list->count &&
	    history.last - list->count + 1 > history.first)
		list->from = history.last - list->count + 1;
	return CLI_OK;
}

enum cli_status operation_list_show(struct rpc_client *client,
				    struct operation_list list,
				    const struct canvas *canvas, bool json)
{
	struct listing listing = {
		.client = client,
		.canvas = canvas,
		.list = list,
		.json = json,
	};
	enum cli_status status = CLI_OK;

	if (list.last)
		status = seek_last(client, &listing.list);
	return status == CLI_OK ? list_pages(&listing) : status;
}
