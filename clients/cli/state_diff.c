/* SPDX-License-Identifier: MIT */
#include "clients/cli/state_diff.h"

#include "clients/cli/draw_diff.h"
#include "clients/cli/foreign_text.h"

/* What was not said: the last operation, or two processes as they are. */
static enum cli_status choose(struct rpc_client *client,
			      struct state_diff *asked)
{
	struct cli_history history;
	enum cli_status status;

	if (asked->is_from_given)
		return CLI_OK;
	status = cli_history(client, asked->process, &history);
	if (status != CLI_OK)
		return status;
	asked->from = history.last;
	if (!asked->other && history.last)
		asked->from--;
	return CLI_OK;
}

static enum cli_status fetch(struct rpc_client *client,
			     const struct state_diff *asked, json_t **answerp)
{
	json_t *params = json_pack("{s:s, s:I, s:I}", "process", asked->process,
				   "from", (json_int_t)asked->from, "thread",
				   (json_int_t)asked->thread);

	if (asked->is_to_given)
		json_object_set_new(params, "to",
				    json_integer((json_int_t)asked->to));
	if (asked->other)
		json_object_set_new(params, "other", json_string(asked->other));
	return cli_call(client, "history.diff", params, answerp);
}

static void draw(const struct state_diff *asked, const struct canvas *canvas,
		 const json_t *answer, const json_t *state)
{
	const char *arrow = canvas->utf8 ? "→" : "->";

	fprintf(canvas->out,
		"%soperation %" JSON_INTEGER_FORMAT " %s %" JSON_INTEGER_FORMAT
		"%s%s\n",
		paint(canvas, PAINT_BOLD),
		json_integer_value(json_object_get(answer, "from")), arrow,
		json_integer_value(json_object_get(answer, "to")),
		asked->other ? " of the other" : "", paint(canvas, PAINT_NONE));
	draw_diff(canvas, json_object_get(answer, "diff"),
		  json_object_get(json_object_get(state, "snapshot"), "vmas"));
}

/* With the areas of the second state, which the answer names by ids. */
static enum cli_status fetch_and_draw(struct rpc_client *client,
				      const struct state_diff *asked,
				      const struct canvas *canvas,
				      const json_t *answer)
{
	const char *process = asked->other ? asked->other : asked->process;
	enum cli_status status;
	json_t *state;

	status = cli_call(client, "history.at",
			  json_pack("{s:s, s:O, s:I, s:[s]}", "process",
				    process, "seq",
				    json_object_get(answer, "to"), "thread",
				    (json_int_t)asked->thread, "want", "vmas"),
			  &state);
	if (status == CLI_OK)
		draw(asked, canvas, answer, state);
	json_decref(state);
	return status;
}

enum cli_status state_diff_show(struct rpc_client *client,
				struct state_diff asked,
				const struct canvas *canvas, bool json)
{
	enum cli_status status = choose(client, &asked);
	json_t *answer;

	if (status == CLI_OK)
		status = fetch(client, &asked, &answer);
	if (status != CLI_OK)
		return status;
	if (json) {
		foreign_put_json(canvas->out, answer, JSON_COMPACT);
		fputc('\n', canvas->out);
	} else {
		status = fetch_and_draw(client, &asked, canvas, answer);
	}
	json_decref(answer);
	return status;
}
