/* SPDX-License-Identifier: MIT */
/*
 * What libuv costs when nobody parses: one fixed answer to whatever one read
 * brings
 *
 * The yardstick of run.py: no server on libuv can be cheaper. It is right as
 * long as a client sends a request, waits for the answer and sends the next.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

/* As long as an answer of vmariumd to a call that wants no snapshot. */
static char answer[] = "HTTP/1.1 200 OK\r\n"
		       "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
		       "Content-Type: application/json\r\n"
		       "Content-Length: 58\r\n"
		       "\r\n"
		       "{\"jsonrpc\":\"2.0\",\"id\":12345,\"result\":"
		       "{\"ret\":\"0x10000000\"}}";

static char input[65536];

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	(void)handle;
	(void)size;
	*buf = uv_buf_init(input, sizeof(input));
}

static void on_close(uv_handle_t *handle)
{
	free(handle);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
	uv_buf_t out = uv_buf_init(answer, sizeof(answer) - 1);

	(void)buf;
	if (!len)
		return;
	/* So little always fits the socket of a client that waits for it. */
	if (len < 0 || uv_try_write(stream, &out, 1) != (int)out.len)
		uv_close((uv_handle_t *)stream, on_close);
}

static void on_connection(uv_stream_t *listener, int status)
{
	uv_tcp_t *tcp = status ? NULL : malloc(sizeof(*tcp));

	if (!tcp)
		return;
	uv_tcp_init(listener->loop, tcp);
	if (uv_accept(listener, (uv_stream_t *)tcp)) {
		uv_close((uv_handle_t *)tcp, on_close);
		return;
	}
	uv_tcp_nodelay(tcp, 1);
	uv_read_start((uv_stream_t *)tcp, on_alloc, on_read);
}

static int fail(int error)
{
	fprintf(stderr, "limit_server: %s\n", uv_strerror(error));
	return 1;
}

int main(void)
{
	uv_tcp_t listener;
	struct sockaddr_in address;
	int len = sizeof(address), error;

	uv_tcp_init(uv_default_loop(), &listener);
	uv_ip4_addr("127.0.0.1", 0, &address);
	error = uv_tcp_bind(&listener, (struct sockaddr *)&address, 0);
	if (!error)
		error = uv_listen((uv_stream_t *)&listener, 4096,
				  on_connection);
	if (!error)
		error = uv_tcp_getsockname(&listener,
					   (struct sockaddr *)&address, &len);
	if (error)
		return fail(error);
	printf("listening on http://127.0.0.1:%d\n",
	       (int)ntohs(address.sin_port));
	fflush(stdout);
	return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
