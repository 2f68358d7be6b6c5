/* SPDX-License-Identifier: MIT */
#include "server/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include "server/log.h"
#include "server/metrics_text.h"
#include "server/process_numbers.h"
#include "server/server.h"
#include "server/version.h"

struct metrics *metrics_new(unsigned loops, bool open_metrics)
{
	struct metrics *metrics =
		calloc(1, sizeof(*metrics) + loops * sizeof(struct histogram));

	if (metrics)
		metrics->open_metrics = open_metrics;
	return metrics;
}

const char *conn_doing_name(enum conn_doing doing)
{
	static const char *const names[CONN_DOINGS] = {
		[DOING_NOTHING] = "nothing",  [DOING_REQUEST] = "request",
		[DOING_SOCKET] = "websocket", [DOING_ANSWER] = "answer",
		[DOING_CALL] = "call",
	};

	return names[doing];
}

static void merge_stats(struct loop_stats *into, const struct loop_stats *from)
{
	unsigned i;

	into->accepted += from->accepted;
	into->closed += from->closed;
	into->sockets += from->sockets;
	into->sockets_closed += from->sockets_closed;
	into->notifications += from->notifications;
	into->bytes_in += from->bytes_in;
	into->bytes_out += from->bytes_out;
	for (i = 0; i < METRICS_STATUSES; i++)
		into->answers[i] += from->answers[i];
	for (i = 0; i < HTTP_REFUSALS; i++)
		into->refusals[i] += from->refusals[i];
	for (i = 0; i < CONN_DOINGS; i++)
		into->cut[i] += from->cut[i];
}

void metrics_visit(struct metrics *metrics, const struct loop *loop)
{
	merge_stats(&metrics->all, &loop->stats);
	metrics->turns[loop->number] = loop->stats.turns;
	metrics->draining |= loop->draining;
	metrics->pending += loop->pending;
	rpc_stats_merge(&metrics->rpc, loop->service);
	rpc_levels_add(&metrics->levels, loop->service);
	metrics->visited++;
}

static void write_gauge(struct metrics_text *text, const char *name,
			const char *help, uint64_t value)
{
	metrics_family(text, METRIC_GAUGE, name, help);
	metrics_value(text, NULL, value);
}

static void write_counter(struct metrics_text *text, const char *name,
			  const char *help, uint64_t value)
{
	metrics_family(text, METRIC_COUNTER, name, help);
	metrics_value(text, NULL, value);
}

static void write_room(struct metrics_text *text, const struct loop_stats *all,
		       struct server *server)
{
	unsigned i;

	write_gauge(text, "vmarium_connections_of_largest",
		    "Connections of the client that has most, those without a "
		    "token yet being one client's.",
		    census_largest(&server->census));
	metrics_family(text, METRIC_COUNTER, "vmarium_connections_made_room",
		       "Connections that were closed for new ones, by what "
		       "they were in the middle of.");
	for (i = 0; i < CONN_DOINGS; i++)
		metrics_value(text,
			      METRICS_LABELS({ "doing", conn_doing_name(i) }),
			      all->cut[i]);
}

static void write_server(struct metrics_text *text,
			 const struct metrics *metrics, struct server *server)
{
	const struct loop_stats *all = &metrics->all;

	metrics_family(text, METRIC_GAUGE, "vmarium_build_info",
		       "The program that runs; always 1.");
	metrics_value(text, METRICS_LABELS({ "version", VMARIUM_VERSION }), 1);
	write_gauge(text, "vmarium_loops", "Event loops, each a thread.",
		    server->loops_len);
	write_gauge(text, "vmarium_draining",
		    "1 while the server finishes what it accepted, to stop.",
		    metrics->draining);
	write_gauge(text, "vmarium_connections", "Connections that are open.",
		    all->accepted - all->closed);
	write_gauge(text, "vmarium_connections_max",
		    "Connections beyond which further ones are refused.",
		    server->connections_max);
	write_room(text, all, server);
	write_counter(text, "vmarium_log_lost_lines",
		      "Lines of the log that came too fast to be printed.",
		      log_lost());
	write_counter(text, "vmarium_connections_accepted",
		      "Connections accepted.", all->accepted);
}

static void write_sockets(struct metrics_text *text,
			  const struct metrics *metrics,
			  const struct server *server)
{
	const struct loop_stats *all = &metrics->all;

	write_gauge(text, "vmarium_websockets",
		    "Connections that are WebSockets.",
		    all->sockets - all->sockets_closed);
	write_gauge(text, "vmarium_subscriptions",
		    "Subscriptions to processes.",
		    metrics->levels.subscriptions);
	write_counter(text, "vmarium_notifications", "Notifications sent.",
		      all->notifications);
	write_counter(text, "vmarium_notifications_missed",
		      "Operations that were not told, as a client was slow to "
		      "read.",
		      metrics->levels.missed);
	write_gauge(text, "vmarium_notifications_waiting_bytes",
		    "Bytes of notifications that clients have yet to take.",
		    atomic_load(&server->queued));
}

static void write_answers(struct metrics_text *text,
			  const struct loop_stats *all)
{
	char status[16];
	unsigned i;

	metrics_family(text, METRIC_COUNTER, "vmarium_http_requests",
		       "HTTP requests answered, by status.");
	for (i = 0; i < METRICS_STATUSES; i++) {
		const unsigned number = i + METRICS_STATUS_FIRST;

		if (!all->answers[i] && number != 200)
			continue;
		snprintf(status, sizeof(status), "%u", number);
		metrics_value(text, METRICS_LABELS({ "status", status }),
			      all->answers[i]);
	}
	metrics_family(text, METRIC_COUNTER, "vmarium_http_refusals",
		       "HTTP requests refused before any call ran, by the key "
		       "of the refusal.");
	for (i = HTTP_REFUSAL_NONE + 1; i < HTTP_REFUSALS; i++)
		metrics_value(
			text,
			METRICS_LABELS({ "key", http_refusal_text(i)->key }),
			all->refusals[i]);
}

static void write_http(struct metrics_text *text, const struct metrics *metrics)
{
	write_answers(text, &metrics->all);
	write_counter(text, "vmarium_received_bytes",
		      "Bytes read from connections.", metrics->all.bytes_in);
	write_counter(text, "vmarium_sent_bytes",
		      "Bytes of answers handed to connections.",
		      metrics->all.bytes_out);
	write_gauge(
		text, "vmarium_pending_bytes",
		"Bytes of unfinished requests and of answers not yet taken.",
		metrics->pending);
}

static void write_calls(struct metrics_text *text, const struct rpc_stats *rpc)
{
	const char *name;
	unsigned i;

	metrics_family(text, METRIC_COUNTER, "vmarium_rpc_calls",
		       "JSON-RPC calls, by method; those of no method that "
		       "exists are \"unknown\". What the emulated kernel "
		       "refuses is a result.");
	for (i = 0; i <= RPC_METHODS_MAX; i++) {
		name = rpc_method_name(i);
		if (!name)
			continue;
		metrics_value(text,
			      METRICS_LABELS({ "method", name },
					     { "outcome", "result" }),
			      rpc->methods[i].results);
		metrics_value(text,
			      METRICS_LABELS({ "method", name },
					     { "outcome", "error" }),
			      rpc->methods[i].errors);
	}
	metrics_family(text, METRIC_COUNTER, "vmarium_rpc_errors",
		       "JSON-RPC errors by key, of calls and of bodies refused "
		       "as a whole.");
	for (i = ERROR_NONE + 1; i < ERROR_NR_KEYS; i++)
		metrics_value(text,
			      METRICS_LABELS({ "key", error_kinds[i].key }),
			      rpc->errors[i]);
}

static void write_abandoned(struct metrics_text *text,
			    const struct rpc_stats *rpc)
{
	write_counter(text, "vmarium_rpc_calls_abandoned",
		      "JSON-RPC calls given up, as their clients had gone and "
		      "nobody waited for the answers.",
		      rpc->abandoned);
}

static void write_times(struct metrics_text *text, const struct rpc_stats *rpc)
{
	unsigned i;

	metrics_family(text, METRIC_HISTOGRAM, "vmarium_rpc_call_seconds",
		       "How long calls took in their loop, without waiting for "
		       "it: all that came alone, and of batches about one call "
		       "in 16.");
	for (i = 0; i <= RPC_METHODS_MAX; i++)
		if (histogram_count(&rpc->methods[i].time))
			metrics_histogram(
				text,
				METRICS_LABELS(
					{ "method", rpc_method_name(i) }),
				&rpc->methods[i].time);
	metrics_family(text, METRIC_HISTOGRAM, "vmarium_rpc_request_seconds",
		       "How long whole bodies took, single calls and batches, "
		       "waiting for loops included.");
	metrics_histogram(text, NULL, &rpc->requests);
}

static void write_levels(struct metrics_text *text,
			 const struct rpc_levels *levels)
{
	write_gauge(text, "vmarium_processes", "Virtual processes alive.",
		    levels->processes);
	write_gauge(text, "vmarium_worlds",
		    "Worlds: processes made anew, each with its forks.",
		    levels->worlds);
	write_gauge(text, "vmarium_areas", "Areas of all processes.",
		    levels->areas);
	write_gauge(text, "vmarium_account_bytes",
		    "Bytes that all worlds take.", levels->bytes);
	write_gauge(text, "vmarium_journal_bytes",
		    "Bytes of these that keep history.", levels->journal_bytes);
}

static void write_loops(struct metrics_text *text,
			const struct metrics *metrics)
{
	char number[16];
	unsigned i;

	metrics_family(text, METRIC_HISTOGRAM, "vmarium_loop_lag_seconds",
		       "Turns of an event loop, from waking up to waiting "
		       "again: what comes meanwhile waits as long at most.");
	for (i = 0; i < metrics->visited; i++) {
		snprintf(number, sizeof(number), "%u", i);
		metrics_histogram(text, METRICS_LABELS({ "loop", number }),
				  &metrics->turns[i]);
	}
}

static void write_process(struct metrics_text *text,
			  const struct server *server)
{
	struct process_numbers numbers;

	process_numbers_read(&numbers);
	metrics_family(text, METRIC_COUNTER, "process_cpu_seconds",
		       "Processor time used, user and system, in seconds.");
	metrics_seconds(text, NULL, numbers.cpu_ns);
	metrics_family(text, METRIC_GAUGE, "process_start_time_seconds",
		       "When the server started, in seconds since 1970.");
	metrics_seconds(text, NULL, server->started_ns);
	write_gauge(text, "process_resident_memory_bytes",
		    "Resident memory in bytes.", numbers.resident_bytes);
	write_gauge(text, "process_virtual_memory_bytes",
		    "Virtual memory in bytes.", numbers.virtual_bytes);
	write_gauge(text, "process_open_fds", "Open file descriptors.",
		    numbers.open_files);
	write_gauge(text, "process_max_fds",
		    "File descriptors that may be open.", numbers.max_files);
}

void metrics_write(const struct metrics *metrics, struct server *server,
		   struct buffer *out)
{
	struct metrics_text text;

	metrics_text_init(&text, out, metrics->open_metrics);
	write_server(&text, metrics, server);
	write_http(&text, metrics);
	write_sockets(&text, metrics, server);
	write_calls(&text, &metrics->rpc);
	write_abandoned(&text, &metrics->rpc);
	write_times(&text, &metrics->rpc);
	write_levels(&text, &metrics->levels);
	write_loops(&text, metrics);
	write_process(&text, server);
	metrics_end(&text);
}
