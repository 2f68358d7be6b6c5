/* SPDX-License-Identifier: MIT */
#include "server/systemd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "server/log.h"

/* A whole decimal number from the environment. */
static bool read_number(const char *name, unsigned long long *numberp)
{
	const char *text = getenv(name);
	char *end;

	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	*numberp = strtoull(text, &end, 10);
	return !*end && !errno;
}

/* Variables that a parent of ours left for itself are not meant for us. */
static bool is_for_us(const char *name)
{
	unsigned long long pid;

	return read_number(name, &pid) && pid == (unsigned long long)getpid();
}

unsigned systemd_take_fds(void)
{
	unsigned long long count = 0;
	int fd;

	if (!is_for_us("LISTEN_PID") || !read_number("LISTEN_FDS", &count) ||
	    count > INT_MAX - SYSTEMD_FDS)
		count = 0;
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	for (fd = SYSTEMD_FDS; fd < SYSTEMD_FDS + (int)count; fd++)
		if (fcntl(fd, F_SETFD, FD_CLOEXEC))
			break;
	return (unsigned)count;
}

uint64_t systemd_watchdog_ms(void)
{
	unsigned long long us;

	if (!read_number("WATCHDOG_USEC", &us) ||
	    (getenv("WATCHDOG_PID") && !is_for_us("WATCHDOG_PID")))
		return 0;
	return us && us < 1000 ? 1 : us / 1000;
}

/* NOTIFY_SOCKET as an address: "/path", or "@name" of an abstract one. */
static bool parse_socket(const char *text, struct sockaddr_un *un,
			 socklen_t *lenp)
{
	const size_t len = strlen(text);

	if ((text[0] != '/' && text[0] != '@') || !text[1] ||
	    len > sizeof(un->sun_path) - 1)
		return false;
	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, text, len);
	/* A path ends with its NUL, a name with its last letter. */
	*lenp = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	if (text[0] == '@')
		un->sun_path[0] = '\0';
	else
		(*lenp)++;
	return true;
}

static bool send_state(const struct sockaddr_un *un, socklen_t len,
		       const char *state)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	ssize_t sent;

	if (fd < 0)
		return false;
	sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL,
		      (const struct sockaddr *)un, len);
	close(fd);
	return sent >= 0;
}

void systemd_notify(const char *state)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un un;
	socklen_t len;

	if (!name || !*name)
		return;
	if (!parse_socket(name, &un, &len))
		log_line(LOG_WARN,
			 "NOTIFY_SOCKET is '%s'; it should be a path or @name",
			 name);
	else if (!send_state(&un, len, state))
		log_line(LOG_WARN, "cannot notify %s: %s", name,
			 strerror(errno));
}
