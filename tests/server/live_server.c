/* SPDX-License-Identifier: MIT */
#include "tests/server/live_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/support/suite.h"

enum {
	ARGS_MAX = 16,
	HEAD_MAX = 4096
};

static void *serve(void *arg)
{
	server_run(arg);
	return NULL;
}

void live_server_start(struct live_server *live, char *const args[])
{
	char *argv[ARGS_MAX] = { "vmariumd", "--listen=127.0.0.1:0",
				 "--log-level=error" };
	char error[OPTIONS_ERROR_MAX] = "";
	int argc = 3;

	for (; *args; args++)
		argv[argc++] = *args;
	if (options_read(&live->options, argc, argv, stdout, error) !=
	    OPTIONS_RUN) {
		fprintf(stderr, "%s\n", error);
		abort();
	}
	log_set_level(live->options.log_level);
	live->server = server_new(&live->options);
	if (!live->server ||
	    pthread_create(&live->thread, NULL, serve, live->server))
		abort();
}

void live_server_join(struct live_server *live)
{
	pthread_join(live->thread, NULL);
	server_free(live->server);
	options_deinit(&live->options);
}

void live_server_stop(struct live_server *live)
{
	server_drain(live->server);
	live_server_join(live);
}

int peer_connect(const struct live_server *live)
{
	const struct address *address = &live->server->listeners[0].address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address->socket,
			       address->len)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

bool peer_send(int peer, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = send(peer, bytes, len, MSG_NOSIGNAL);

		if (n < 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

bool peer_say(int peer, const char *text)
{
	return peer_send(peer, text, strlen(text));
}

bool peer_post(int peer, const char *body)
{
	char head[256];

	snprintf(head, sizeof(head),
		 "POST /rpc HTTP/1.1\r\nHost: localhost\r\n"
		 "Content-Type: application/json\r\n"
		 "Content-Length: %zu\r\n\r\n",
		 strlen(body));
	return peer_say(peer, head) && peer_say(peer, body);
}

/* recv() that gives up: 0 at the end or after a reset, -1 when patience ends. */
static ssize_t receive(int peer, char *bytes, size_t len)
{
	struct pollfd fd = { .fd = peer, .events = POLLIN };
	ssize_t n;

	if (poll(&fd, 1, PEER_PATIENCE_MS) != 1)
		return -1;
	n = recv(peer, bytes, len, 0);
	return n < 0 ? 0 : n;
}

static size_t body_length(const char *head)
{
	const char *field = strstr(head, "Content-Length: ");

	return field ? strtoul(field + 16, NULL, 10) : 0;
}

struct peer_answer peer_hear(int peer)
{
	struct peer_answer answer = { 0 };
	size_t len = 0;

	answer.head = calloc(1, HEAD_MAX);
	if (!answer.head)
		abort();
	/* Byte by byte, so that nothing of a next answer is taken. */
	while (!strstr(answer.head, "\r\n\r\n") && len < HEAD_MAX - 1)
		if (receive(peer, answer.head + len, 1) != 1)
			return answer;
		else
			len++;
	answer.status = atoi(answer.head + strlen("HTTP/1.1 "));
	answer.body_len = body_length(answer.head);
	answer.body = malloc(answer.body_len + 1);
	if (!answer.body)
		abort();
	for (len = 0; len < answer.body_len;) {
		ssize_t n =
			receive(peer, answer.body + len, answer.body_len - len);

		if (n <= 0) {
			answer.status = 0;
			break;
		}
		len += (size_t)n;
	}
	answer.body[len] = '\0';
	return answer;
}

void peer_answer_free(struct peer_answer *answer)
{
	free(answer->head);
	free(answer->body);
}

static unsigned port_at(int peer,
			int (*name)(int, struct sockaddr *, socklen_t *))
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);

	return name(peer, (struct sockaddr *)&address, &len)
		       ? 0
		       : ntohs(address.sin_port);
}

/* What lies at the server's end, if it is there still, or is not there yet. */
static bool is_unread(unsigned near, unsigned far)
{
	enum {
		SYN_RECV = 3 /* as the file has it */
	};
	FILE *file = fopen("/proc/net/tcp", "r");
	unsigned local, remote, state, waiting;
	bool unread = false;
	char line[512];

	if (!file)
		abort();
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " %*u: %*x:%x %*x:%x %x %*x:%x", &local,
			   &remote, &state, &waiting) == 4 &&
		    local == far && remote == near)
			unread |= waiting || state == SYN_RECV;
	fclose(file);
	return unread;
}

void peer_settle(int peer)
{
	const unsigned near = port_at(peer, getsockname);
	const unsigned far = port_at(peer, getpeername);
	int tries, on_its_way;

	for (tries = 0; tries < PEER_PATIENCE_MS; tries++) {
		if (ioctl(peer, SIOCOUTQ, &on_its_way))
			abort();
		if (!on_its_way && !is_unread(near, far))
			return;
		usleep(1000);
	}
	CU_FAIL("the server does not read");
}

void peer_break(int peer)
{
	const struct linger reset = { 1, 0 };

	setsockopt(peer, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(peer);
}

bool peer_is_at_end(int peer)
{
	char byte;

	return receive(peer, &byte, 1) == 0;
}

void peer_expect_body(int peer, const char *body)
{
	struct peer_answer answer = peer_hear(peer);

	CU_ASSERT_EQUAL(answer.status, 200);
	CU_ASSERT_PTR_NOT_NULL(answer.body);
	if (answer.body)
		CU_ASSERT_STRING_EQUAL(answer.body, body);
	peer_answer_free(&answer);
}

void peer_expect_large(int peer, size_t size)
{
	struct peer_answer answer = peer_hear(peer);

	CU_ASSERT_EQUAL(answer.status, 200);
	CU_ASSERT_EQUAL(answer.body_len, size);
	peer_answer_free(&answer);
}

void peer_expect_status(int peer, int status, const char *part)
{
	struct peer_answer answer = peer_hear(peer);

	CU_ASSERT_EQUAL(answer.status, status);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer.head, part));
	peer_answer_free(&answer);
}

int live_server_visit(struct live_server *live, char *const args[])
{
	live_server_start(live, args);
	return peer_connect(live);
}

void live_server_leave(struct live_server *live, int peer)
{
	close(peer);
	live_server_stop(live);
}
