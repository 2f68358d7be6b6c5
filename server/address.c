/* SPDX-License-Identifier: MIT */
#include "server/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

static const char unix_prefix[] = "unix:";

enum {
	UNIX_PREFIX = sizeof(unix_prefix) - 1,
	PATH_AT = offsetof(struct sockaddr_un, sun_path),
	PATH_MAX_LEN = sizeof(((struct sockaddr_un *)0)->sun_path) - 1,
};

static const char *parse_path(struct address *address, const char *path,
			      size_t len)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	if (!len || path[0] != '/')
		return "unix: and an absolute path, as "
		       "unix:/run/vmarium/socket";
	if (len > PATH_MAX_LEN)
		return "a path of at most 107 bytes: Linux allows no longer "
		       "ones for sockets";
	memcpy(un.sun_path, path, len);
	memcpy(&address->socket, &un, sizeof(un));
	address->len = (socklen_t)(PATH_AT + len + 1);
	return NULL;
}

static bool parse_port(const char *text, size_t len, in_port_t *portp)
{
	unsigned long port = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		port = port * 10 + (unsigned long)(text[i] - '0');
		if (port > UINT16_MAX)
			return false;
	}
	*portp = htons((uint16_t)port);
	return len > 0;
}

static bool parse_host(struct address *address, const char *host,
		       in_port_t port)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = port };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = port };

	if (!strcmp(host, "localhost"))
		host = "127.0.0.1";
	if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
		memcpy(&address->socket, &v4, sizeof(v4));
		address->len = sizeof(v4);
		return true;
	}
	if (inet_pton(AF_INET6, host, &v6.sin6_addr) == 1) {
		memcpy(&address->socket, &v6, sizeof(v6));
		address->len = sizeof(v6);
		return true;
	}
	return false;
}

const char *address_parse(struct address *address, const char *text, size_t len)
{
	static const char form[] = "an address and a port, as 127.0.0.1:7070 "
				   "or [::1]:7070, or unix:/path";
	const char *colon = memrchr(text, ':', len);
	char host[INET6_ADDRSTRLEN];
	in_port_t port;
	size_t host_len;

	memset(address, 0, sizeof(*address));
	if (len >= UNIX_PREFIX && !memcmp(text, unix_prefix, UNIX_PREFIX))
		return parse_path(address, text + UNIX_PREFIX,
				  len - UNIX_PREFIX);
	if (!colon ||
	    !parse_port(colon + 1, len - (size_t)(colon + 1 - text), &port))
		return form;
	host_len = (size_t)(colon - text);
	if (host_len > 1 && text[0] == '[' && text[host_len - 1] == ']') {
		text++;
		host_len -= 2;
	} else if (memchr(text, ':', host_len)) {
		return form;
	}
	if (!host_len || host_len >= sizeof(host))
		return form;
	memcpy(host, text, host_len);
	host[host_len] = '\0';
	return parse_host(address, host, port) ? NULL : form;
}

static void print_unix(const struct address *address,
		       char text[ADDRESS_TEXT_MAX])
{
	struct sockaddr_un un;
	size_t len = address->len > PATH_AT ? address->len - PATH_AT : 0;

	memcpy(&un, &address->socket, sizeof(un));
	if (len && !un.sun_path[0])
		snprintf(text, ADDRESS_TEXT_MAX, "unix:@%.*s", (int)(len - 1),
			 un.sun_path + 1);
	else
		snprintf(text, ADDRESS_TEXT_MAX, "unix:%.*s", (int)len,
			 un.sun_path);
}

void address_print(const struct address *address, char text[ADDRESS_TEXT_MAX])
{
	struct address copy = *address;
	const bool is_v6 = address->socket.ss_family == AF_INET6;
	const void *host =
		is_v6 ? (void *)&((struct sockaddr_in6 *)&copy.socket)
				->sin6_addr
		      : (void *)&((struct sockaddr_in *)&copy.socket)->sin_addr;
	char name[INET6_ADDRSTRLEN] = "";

	if (address_is_unix(address)) {
		print_unix(address, text);
		return;
	}
	inet_ntop(address->socket.ss_family, host, name, sizeof(name));
	snprintf(text, ADDRESS_TEXT_MAX,
		 is_v6 ? "http://[%s]:%u" : "http://%s:%u", name,
		 ntohs(*address_port(&copy)));
}

uint16_t *address_port(struct address *address)
{
	return address->socket.ss_family == AF_INET6
		       ? &((struct sockaddr_in6 *)&address->socket)->sin6_port
		       : &((struct sockaddr_in *)&address->socket)->sin_port;
}

static bool is_local(const struct address *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (address_is_unix(address))
		return true;
	if (address->socket.ss_family == AF_INET) {
		memcpy(&v4, &address->socket, sizeof(v4));
		return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
	}
	memcpy(&v6, &address->socket, sizeof(v6));
	return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

const char *address_judge(const struct address *address, bool is_open)
{
	if (is_open || is_local(address))
		return NULL;
	return "a loopback address: without --tokens vmarium asks nobody who "
	       "they are, so it serves this machine only; --allow-anonymous "
	       "lets anybody in who can reach it";
}
