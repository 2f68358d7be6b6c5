/* SPDX-License-Identifier: MIT */
/*
 * Making room: which connections go when there are too many
 *
 * From --soft-connections on idle ones go, at --max-connections others as well.
 * Where tokens tell clients apart, it is always the client with most connections
 * on all loops together that makes room, so none that has no more than its fair
 * share is cut for the sake of one that has. Connections without a token yet are
 * the first to go, but for as many as new ones need until they have shown theirs.
 *
 *	idle              closed
 *	WebSocket         closed with 1013
 *	half a request    answered 503
 *	slow to read      reset
 *	a call under way  ends with its answer
 *
 * A connection whose turn has come does not count any longer. Those that have
 * still to finish, and those that wait for their client to hang up, are bounded.
 *
 * Without tokens everybody is one client, who is told of the hard limit.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include "server/access.h"
#include "server/conn_private.h"
#include "server/options.h"
#include "server/server.h"

enum {
	ROOM_TRIES = 8,   /* to find an idle connection that is quiet */
	ROOM_CUTS = 2,    /* for one that comes */
	ASKED_MAX = 32,   /* other loops at one time, to make room */
	PARTING_MAX = 16, /* of a loop, on their way out; see FILES_PER_LOOP */
	ANONYMOUS_PART =
		8, /* of all connections: those without a token may be */
};

/* Another loop is asked to make room. */
struct plea {
	struct task task;
	uint32_t client; /* at whose cost */
};

static struct conn *conn_of_spare(struct spare *spare)
{
	return (struct conn *)((char *)spare - offsetof(struct conn, spare));
}

/* Who counts. */

static void enter(struct conn *conn)
{
	struct loop *loop = conn->loop;

	conn->stays = true;
	loop->parting--;
	census_enter(&loop->server->census, loop->number, 0, 0);
}

void conn_leave(struct conn *conn)
{
	struct loop *loop = conn->loop;

	if (!conn->stays)
		return;
	conn->stays = false;
	loop->parting++;
	census_leave(&loop->server->census, loop->number, conn->share->client);
	atomic_fetch_sub(&loop->server->connections, 1);
}

bool conn_change_share(struct conn *conn, struct share *share)
{
	struct loop *loop = conn->loop;
	struct census *census = &loop->server->census;
	const uint64_t most =
		rpc_clients_connections(loop->server->clients, share->client);

	if (conn->stays) {
		if (!census_enter(census, loop->number, share->client, most))
			return false;
		census_leave(census, loop->number, conn->share->client);
	}
	conn->share = share;
	conn_line_up(conn);
	return true;
}

/* Who goes. */

static enum conn_doing doing(const struct conn *conn)
{
	if (conn->errand != ERRAND_NONE)
		return DOING_CALL;
	if (conn->write)
		return DOING_ANSWER;
	if (conn->ws)
		return DOING_SOCKET;
	return http_codec_is_idle(&conn->codec) ? DOING_NOTHING : DOING_REQUEST;
}

static bool is_quiet(struct conn *conn)
{
	uv_os_fd_t fd;
	char byte;

	return !uv_fileno(&conn->handle, &fd) &&
	       recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
}

/* What has come on an idle connection is a request, which is answered. */
static void part(struct conn *conn, bool quiet)
{
	const enum conn_doing was = doing(conn);

	access_cut(conn, was);
	conn->loop->stats.cut[was]++;
	conn_leave(conn);
	conn_line_up(conn);
	switch (was) {
	case DOING_NOTHING:
		if (quiet)
			conn_abandon(conn);
		break;
	case DOING_ANSWER:
		conn_abandon(conn);
		break;
	case DOING_REQUEST:
		conn_refuse(conn, HTTP_OVERLOAD, NULL);
		conn_work(conn);
		break;
	case DOING_SOCKET:
		conn_work(conn);
		break;
	case DOING_CALL:
	case CONN_DOINGS:
		break;
	}
}

static bool part_idle(struct loop *loop, struct spare_list *idle)
{
	unsigned tries;

	for (tries = 0; tries < ROOM_TRIES && idle->first; tries++) {
		struct conn *conn = conn_of_spare(idle->first);

		if (is_quiet(conn)) {
			part(conn, true);
			return true;
		}
		spare_take(&conn->spare);
		spare_push(&loop->shares, idle, &conn->spare);
	}
	return false;
}

/* A connection of @client's in this loop makes room. */
static bool part_one(struct loop *loop, uint32_t client, bool softly)
{
	static const enum spare_kind order[] = { SPARE_WAITING, SPARE_BUSY,
						 SPARE_IDLE };
	struct share *share = shares_find(&loop->shares, client);
	unsigned i;

	if (!share)
		return false;
	if (part_idle(loop, &share->spares[SPARE_IDLE]))
		return true;
	if (softly || loop->parting > PARTING_MAX)
		return false;
	for (i = 0; i < SPARE_KINDS; i++) {
		struct spare *spare = share->spares[order[i]].first;

		if (spare) {
			part(conn_of_spare(spare), false);
			return true;
		}
	}
	return false;
}

/* Those that have had their answers do not keep others out. */
static void hurry(struct loop *loop, bool is_full)
{
	const struct server *server = loop->server;
	const struct spare_list *leaving = &loop->shares.leaving;
	unsigned most = PARTING_MAX;

	if (!is_full)
		most += (server->connections_max - server->connections_soft) /
			server->loops_len;
	while (leaving->first && conn_is_done(conn_of_spare(leaving->first)))
		conn_close(conn_of_spare(leaving->first));
	while (loop->parting > most && leaving->first)
		conn_abandon(conn_of_spare(leaving->first));
}

/* Other loops. */

static void on_plea(struct loop *loop, struct task *task)
{
	struct plea *plea = (struct plea *)task;
	struct server *server = loop->server;

	hurry(loop, true);
	part_one(loop, plea->client, false);
	atomic_fetch_sub(&server->asked, 1);
	free(plea);
	server_release(server);
}

/* Whoever comes need not wait for it. */
static bool ask(const struct loop *loop, const struct census_most *most)
{
	struct server *server = loop->server;
	struct plea *plea;

	if (atomic_fetch_add(&server->asked, 1) >= ASKED_MAX)
		goto out_asked;
	plea = calloc(1, sizeof(*plea));
	if (!plea)
		goto out_asked;
	plea->task.run = on_plea;
	plea->client = most->client;
	server_hold(server);
	loop_post(&server->loops[most->loop], &plea->task);
	return true;

out_asked:
	atomic_fetch_sub(&server->asked, 1);
	return false;
}

static bool waits_here(struct loop *loop, uint32_t client)
{
	const struct share *share = shares_find(&loop->shares, client);

	return share && (share->spares[SPARE_IDLE].first ||
			 share->spares[SPARE_WAITING].first);
}

static bool make_room(struct loop *loop, bool softly)
{
	struct server *server = loop->server;
	const struct census_most most = census_most(
		&server->census, server->connections_max / ANONYMOUS_PART,
		shares_idle_since, &loop->shares);

	/* Of those who have one each, none loses what it is about. */
	softly |= most.conns <= 1;
	if (softly || most.loop == loop->number ||
	    waits_here(loop, most.client))
		return part_one(loop, most.client, softly);
	return ask(loop, &most);
}

/* Whoever comes. */

/* Connections, without those that other loops are about to close. */
static unsigned held(const struct server *server)
{
	const int connections = atomic_load(&server->connections);
	const int asked = atomic_load(&server->asked);

	return connections > asked ? (unsigned)(connections - asked) : 0;
}

static bool find_room(struct loop *loop)
{
	const struct server *server = loop->server;
	const bool has_clients = server->options->tokens;
	unsigned cuts;

	hurry(loop, held(server) > server->connections_soft);
	for (cuts = 0; has_clients && cuts < ROOM_CUTS &&
		       held(server) > server->connections_max;
	     cuts++)
		if (!make_room(loop, false))
			break;
	if (held(server) > server->connections_max)
		return false;
	if (held(server) <= server->connections_soft)
		return true;
	if (has_clients)
		make_room(loop, true);
	else
		part_idle(loop, &loop->shares.anonymous.spares[SPARE_IDLE]);
	return true;
}

bool conn_enter(struct conn *conn)
{
	struct server *server = conn->loop->server;

	atomic_fetch_add(&server->connections, 1);
	if (find_room(conn->loop)) {
		enter(conn);
		return true;
	}
	atomic_fetch_sub(&server->connections, 1);
	return false;
}
