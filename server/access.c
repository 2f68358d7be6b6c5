/* SPDX-License-Identifier: MIT */
#include "server/access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "server/conn.h"
#include "server/log.h"
#include "server/options.h"
#include "server/server.h"

enum {
	METHODS_SHOWN = 4,
};

static enum log_level line_level(const struct conn *conn)
{
	return conn->loop->server->options->access_log ? LOG_INFO : LOG_DEBUG;
}

static void make_id(struct access *access, struct loop *loop)
{
	access->id_len = (uint8_t)snprintf(
		access->id, sizeof(access->id), "%08x-%u-%llu",
		loop->server->instance, loop->number,
		(unsigned long long)++loop->requests_named);
}

/* Called for requests that are logged, or bring an id or a trace. */
__attribute__((noinline)) static void begin(struct conn *conn)
{
	const struct http_slice id =
		http_codec_field(&conn->codec, HTTP_FIELD_REQUEST_ID);
	const struct http_slice trace =
		http_codec_field(&conn->codec, HTTP_FIELD_TRACEPARENT);
	struct access *access = conn->access;
	struct traceparent parent;

	if (!access)
		access = conn->access = calloc(1, sizeof(*access));
	if (!access)
		return; /* then the request goes without */
	access->in_work = true;
	access->began = uv_hrtime();
	access->id_asked = id.at != NULL;
	if (request_id_is_sane(id)) {
		memcpy(access->id, id.at, id.len);
		access->id_len = (uint8_t)id.len;
	} else {
		make_id(access, conn->loop);
	}
	access->trace_len = 0;
	if (traceparent_parse(trace, &parent)) {
		access->trace_len = TRACEPARENT_LEN;
		memcpy(access->trace, trace.at, TRACEPARENT_LEN);
	}
}

HOT void access_begin(struct conn *conn)
{
	if (http_codec_has(&conn->codec, HTTP_FIELD_REQUEST_ID) ||
	    http_codec_has(&conn->codec, HTTP_FIELD_TRACEPARENT) ||
	    log_wants(line_level(conn)))
		begin(conn);
}

__attribute__((noinline)) static const char *write_fields(struct access *access)
{
	int len = 0;

	if (access->id_asked)
		len = snprintf(access->fields, ACCESS_FIELDS_MAX,
			       "X-Request-Id: %.*s\r\n", access->id_len,
			       access->id);
	if (access->trace_len)
		snprintf(access->fields + len, ACCESS_FIELDS_MAX - (size_t)len,
			 "traceparent: %.*s\r\n", access->trace_len,
			 access->trace);
	return access->fields;
}

HOT const char *access_fields(struct conn *conn)
{
	struct access *access = conn->access;

	if (!access || !access->in_work ||
	    (!access->id_asked && !access->trace_len))
		return NULL;
	return write_fields(access);
}

static void log_ids(struct log_record *record, const struct access *access)
{
	struct traceparent parent;

	if (!access || !access->in_work)
		return;
	log_text(record, "request_id", access->id, access->id_len);
	if (access->trace_len &&
	    traceparent_parse(
		    (struct http_slice){ access->trace, access->trace_len },
		    &parent)) {
		log_text(record, "trace_id", parent.trace_id.at,
			 parent.trace_id.len);
		log_text(record, "span_id", parent.span_id.at,
			 parent.span_id.len);
	}
}

static void log_remote(struct log_record *record, const struct conn *conn)
{
	char host[INET6_ADDRSTRLEN] = "", text[INET6_ADDRSTRLEN + 16];
	struct sockaddr_storage address;
	int size = sizeof(address);
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&address;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&address;

	if (conn->is_unix) {
		log_text(record, "remote", "unix", strlen("unix"));
		return;
	}
	if (uv_tcp_getpeername(&conn->tcp, (struct sockaddr *)&address, &size))
		return;
	if (address.ss_family == AF_INET6) {
		uv_ip6_name(v6, host, sizeof(host));
		snprintf(text, sizeof(text), "[%s]:%u", host,
			 ntohs(v6->sin6_port));
	} else {
		uv_ip4_name(v4, host, sizeof(host));
		snprintf(text, sizeof(text), "%s:%u", host,
			 ntohs(v4->sin_port));
	}
	log_text(record, "remote", text, strlen(text));
}

/* Whose token was shown, if any was. */
static void log_client(struct log_record *record, const struct server *server,
		       uint32_t number)
{
	const char *name = rpc_clients_name(server->clients, number);

	if (*name)
		log_text(record, "client", name, strlen(name));
}

/* The names of the methods called, of many only the first. */
static void log_job(struct log_record *record, const struct rpc_job *job)
{
	char text[256] = "";
	size_t len = 0;
	unsigned i, shown = 0;

	for (i = 0; i <= RPC_METHODS_MAX; i++) {
		if (!(job->methods.bits[i / 64] & 1ULL << i % 64))
			continue;
		if (shown++ < METHODS_SHOWN)
			len += (size_t)snprintf(text + len, sizeof(text) - len,
						"%s%s", len ? "," : "",
						rpc_method_name(i));
	}
	if (shown > METHODS_SHOWN)
		len += (size_t)snprintf(text + len, sizeof(text) - len, ",...");
	if (len)
		log_text(record, "method", text, len);
	log_number(record, "calls", job->answered);
	log_number(record, "errors", job->errors);
}

static const char *verb_name(enum http_verb verb)
{
	switch (verb) {
	case HTTP_VERB_GET:
		return "GET";
	case HTTP_VERB_HEAD:
		return "HEAD";
	case HTTP_VERB_POST:
		return "POST";
	case HTTP_VERB_OPTIONS:
		return "OPTIONS";
	default:
		return "other";
	}
}

__attribute__((noinline)) static void write_line(const struct conn *conn,
						 unsigned status,
						 const char *outcome,
						 uint64_t bytes)
{
	const struct access *access = conn->access;
	const char *verb = verb_name(conn->codec.verb);
	const char *path = conn->placed ? route_path(conn->route) : NULL;
	struct log_record record;

	log_begin(&record, line_level(conn), "request");
	log_ids(&record, access);
	log_remote(&record, conn);
	log_client(&record, conn->loop->server, conn->caller.client);
	log_text(&record, "verb", verb, strlen(verb));
	if (path)
		log_text(&record, "path", path, strlen(path));
	log_number(&record, "status", status);
	log_number(&record, "bytes", bytes);
	if (access && access->in_work)
		log_seconds(&record, "seconds", uv_hrtime() - access->began);
	if (conn->placed && conn->route == ROUTE_RPC && status < 300)
		log_job(&record, conn->job);
	log_text(&record, "outcome", outcome, strlen(outcome));
	log_end(&record);
}

void access_end(struct conn *conn, unsigned status, const char *outcome,
		uint64_t bytes)
{
	if (log_wants(line_level(conn)))
		write_line(conn, status, outcome, bytes);
	if (conn->access)
		conn->access->in_work = false;
	conn->placed = false;
}

/* Who loses nothing is no news. It counts for who called last, and may be idle. */
void access_cut(const struct conn *conn, enum conn_doing doing)
{
	const enum log_level level =
		doing == DOING_NOTHING ? LOG_DEBUG : LOG_INFO;
	const char *name = conn_doing_name(doing);
	struct log_record record;

	if (!log_wants(level))
		return;
	log_begin(&record, level, "made room");
	log_remote(&record, conn);
	log_client(&record, conn->loop->server, conn->share->client);
	log_text(&record, "doing", name, strlen(name));
	log_end(&record);
}

/* It was: a job of @conn's has held up @loop. */
__attribute__((noinline)) static void write_slow(const struct conn *conn,
						 const struct loop *loop)
{
	const struct rpc_job *job = conn->job;
	struct log_record record;

	log_begin(&record, LOG_WARN, "slow");
	log_ids(&record, conn->access);
	log_client(&record, loop->server, job->caller.client);
	log_number(&record, "loop", loop->number);
	log_seconds(&record, "seconds", job->turn);
	log_job(&record, job);
	log_end(&record);
}

void access_slow(const struct conn *conn, const struct loop *loop)
{
	if (conn->job->turn >= loop->server->slow_ns && log_wants(LOG_WARN))
		write_slow(conn, loop);
}
