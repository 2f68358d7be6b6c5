/* SPDX-License-Identifier: MIT */
#include "clients/bench/target.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		return ntohl(in.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
	}
	return false;
}

/* Splits what stands between "http://" and the end into a name and a port. */
static bool split_host(const char *host, char name[256], char port[8])
{
	const char *colon = strrchr(host, ':');
	const char *bracket = strrchr(host, ']');
	size_t len;

	/* A colon within brackets is IPv6's. */
	if (colon && bracket && colon < bracket)
		colon = NULL;
	len = colon ? (size_t)(colon - host) : strlen(host);
	if (host[0] == '[') {
		if (!bracket || bracket + 1 != host + len)
			return false;
		host++;
		len -= 2;
	}
	if (!len || len > 255 || (colon && strlen(colon + 1) > 5) ||
	    (colon && !colon[1]))
		return false;
	memcpy(name, host, len);
	name[len] = '\0';
	strcpy(port, colon ? colon + 1 : "80");
	return port[strspn(port, "0123456789")] == '\0';
}

static int look_up(struct target *target, const char *name, const char *port,
		   char *error, size_t error_size)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found;
	int code = getaddrinfo(name, port, &hints, &found);

	if (code) {
		snprintf(error, error_size, "%s: %s", name, gai_strerror(code));
		return -1;
	}
	memcpy(&target->address, found->ai_addr, found->ai_addrlen);
	target->address_len = found->ai_addrlen;
	freeaddrinfo(found);
	return 0;
}

int target_resolve(struct target *target, const char *url, bool allow_remote,
		   char *error, size_t error_size)
{
	static const char scheme[] = "http://";
	char name[256], port[8];
	size_t len;

	if (strncmp(url, scheme, sizeof(scheme) - 1) != 0) {
		snprintf(error, error_size,
			 "'%s' is no URL of a server; it should look like "
			 "http://127.0.0.1:7070",
			 url);
		return -1;
	}
	snprintf(target->host, sizeof(target->host), "%s",
		 url + sizeof(scheme) - 1);
	len = strlen(target->host);
	if (len && target->host[len - 1] == '/')
		target->host[len - 1] = '\0';
	if (strpbrk(target->host, "/?#@ \r\n") ||
	    !split_host(target->host, name, port)) {
		snprintf(error, error_size,
			 "'%s' should be http://, a name or an address, and a "
			 "port, and no more",
			 url);
		return -1;
	}
	if (look_up(target, name, port, error, error_size))
		return -1;
	if (!allow_remote &&
	    !is_loopback((const struct sockaddr *)&target->address)) {
		snprintf(error, error_size,
			 "%s is not this machine; load goes there with "
			 "--allow-remote only, and with the consent of whoever "
			 "runs it",
			 name);
		return -1;
	}
	return 0;
}

int target_connect(const struct target *target)
{
	int fd = socket(target->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC,
			0);
	int on = 1;

	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&target->address,
		    target->address_len) ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) ||
	    fcntl(fd, F_SETFL, O_NONBLOCK)) {
		close(fd);
		return -1;
	}
	return fd;
}

int process_cpu_time(pid_t pid, uint64_t *nsp)
{
	unsigned long long user, system;
	char path[64], line[1024];
	const char *after_name;
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return -1;
	len = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[len] = '\0';
	/* The program's name may hold anything, so what counts is its end. */
	after_name = strrchr(line, ')');
	if (!after_name ||
	    sscanf(after_name,
		   ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu",
		   &user, &system) != 2)
		return -1;
	*nsp = (user + system) * (1000000000 / (uint64_t)sysconf(_SC_CLK_TCK));
	return 0;
}
