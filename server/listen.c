/* SPDX-License-Identifier: MIT */
#include "server/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>
#include "server/log.h"
#include "server/loop.h"
#include "server/options.h"
#include "server/server.h"
#include "server/systemd.h"

enum {
	LOCK_TRIES = 200,
	LOCK_PAUSE_MS = 5,
};

/* TCP. */

/* A socket bound to @address; @option is what lets others have it too. */
static int bind_socket(const struct address *address, int option)
{
	const int one = 1;
	int fd, err;

	fd = socket(address->socket.ss_family,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_SOCKET, option, &one, sizeof(one)) ||
	    bind(fd, (const struct sockaddr *)&address->socket, address->len)) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

/*
 * Every loop binds the port for itself with SO_REUSEPORT, so that the kernel
 * spreads connections. It would let a second server in beside us without a
 * word, so the port is first bound without: that fails where anybody listens.
 */
static int check_port_is_free(const struct address *address)
{
	int fd = bind_socket(address, SO_REUSEADDR);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int open_tcp(struct server *server, struct address *address)
{
	socklen_t len = sizeof(address->socket);
	int fd, err = check_port_is_free(address);
	unsigned i;

	for (i = 0; i < server->loops_len && !err; i++) {
		fd = bind_socket(address, SO_REUSEPORT);
		if (fd < 0)
			return fd;
		/* Port 0: the first loop finds one, the others follow. */
		if (getsockname(fd, (struct sockaddr *)&address->socket,
				&len)) {
			err = -errno;
			close(fd);
			return err;
		}
		err = loop_listen(&server->loops[i], fd, false);
	}
	return err;
}

/* Sockets that exist once. */

/* Have every loop wait for @fd, which is taken over. */
static int share(struct server *server, int fd, bool is_unix)
{
	int copy, err = 0;
	unsigned i;

	for (i = 1; i < server->loops_len && !err; i++) {
		copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		err = copy < 0 ? -errno
			       : loop_listen(&server->loops[i], copy, is_unix);
	}
	if (err) {
		close(fd);
		return err;
	}
	return loop_listen(&server->loops[0], fd, is_unix);
}

static const char *path_of(const struct address *address)
{
	return ((const struct sockaddr_un *)&address->socket)->sun_path;
}

static int unix_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd < 0 ? -errno : fd;
}

/* Is there a socket at the path that nobody listens on? */
static bool is_stale(const struct address *address)
{
	struct stat there;
	bool refused;
	int fd;

	if (lstat(path_of(address), &there) || !S_ISSOCK(there.st_mode))
		return false;
	fd = unix_socket();
	if (fd < 0)
		return false;
	refused = connect(fd, (const struct sockaddr *)&address->socket,
			  address->len) < 0 &&
		  errno == ECONNREFUSED;
	close(fd);
	return refused;
}

/* The mode is there from the first moment: a chmod() later would be too late
 * for those who are quick. */
static int bind_with_mode(int fd, const struct address *address, unsigned mode)
{
	const mode_t mask = umask(~mode & 0777);
	int err = 0;

	if (bind(fd, (const struct sockaddr *)&address->socket, address->len))
		err = -errno;
	umask(mask);
	return err;
}

static int bind_path(int fd, const struct address *address, unsigned mode)
{
	int err = bind_with_mode(fd, address, mode);

	if (err != -EADDRINUSE || !is_stale(address))
		return err;
	if (unlink(path_of(address)) && errno != ENOENT)
		return -errno;
	return bind_with_mode(fd, address, mode);
}

/*
 * Two servers that begin at once must not take each other's socket for stale,
 * which it looks like until it listens. So whoever looks holds a lock on the
 * folder; one that somebody else keeps for long is an error.
 */
static int lock_folder(const char *path)
{
	char folder[sizeof(((struct sockaddr_un *)0)->sun_path)] = "/";
	const size_t len = (size_t)(strrchr(path, '/') - path);
	unsigned tries;
	int fd;

	if (len) {
		memcpy(folder, path, len);
		folder[len] = '\0';
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (tries = 0; flock(fd, LOCK_EX | LOCK_NB); tries++) {
		if (tries == LOCK_TRIES) {
			close(fd);
			return -EBUSY;
		}
		uv_sleep(LOCK_PAUSE_MS);
	}
	return fd;
}

/* Return: a listening socket, or a negative error. */
static int listen_path(struct server *server, struct listener *listener)
{
	const char *path = path_of(&listener->address);
	const int folder = lock_folder(path);
	struct stat made;
	int fd, err;

	if (folder < 0)
		return folder;
	fd = unix_socket();
	err = fd < 0 ? fd
		     : bind_path(fd, &listener->address,
				 server->options->socket_mode);
	if (!err) {
		listener->is_made = !lstat(path, &made);
		listener->dev = made.st_dev;
		listener->ino = made.st_ino;
		err = listen(fd, LOOP_BACKLOG) ? -errno : 0;
	}
	close(folder);
	if (!err)
		return fd;
	if (fd >= 0)
		close(fd);
	return err;
}

static int open_path(struct server *server, struct listener *listener)
{
	int fd = listen_path(server, listener);

	return fd < 0 ? fd : share(server, fd, true);
}

/* What was passed. */

/* What @fd is; NULL, or what it should have been. */
static const char *examine(int fd, struct address *address, bool is_open)
{
	int type = 0, listens = 0;
	socklen_t size = sizeof(int);

	address->len = sizeof(address->socket);
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) ||
	    getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) ||
	    type != SOCK_STREAM || !listens ||
	    getsockname(fd, (struct sockaddr *)&address->socket,
			&address->len) ||
	    (address->socket.ss_family != AF_INET &&
	     address->socket.ss_family != AF_INET6 &&
	     !address_is_unix(address)))
		return "a stream socket that listens, as ListenStream= makes "
		       "it with Accept=no";
	return address_judge(address, is_open);
}

static bool take_passed(struct server *server, unsigned count)
{
	const char *problem;
	unsigned i;
	int err;

	for (i = 0; i < count; i++) {
		struct listener *listener = &server->listeners[i];
		const int fd = SYSTEMD_FDS + (int)i;

		problem = examine(fd, &listener->address,
				  options_are_open(server->options));
		if (problem) {
			log_line(LOG_ERROR,
				 "the passed descriptor %d should be %s", fd,
				 problem);
			return false;
		}
		listener->is_passed = true;
		err = share(server, fd, address_is_unix(&listener->address));
		if (err) {
			log_line(LOG_ERROR,
				 "cannot listen on the passed descriptor %d: "
				 "%s",
				 fd, uv_strerror(err));
			return false;
		}
		server->listeners_len++;
	}
	return true;
}

/* What was asked for. */

static const char *advice(const struct listener *listener, int err)
{
	const bool is_unix = address_is_unix(&listener->address);

	if (err == UV_EADDRINUSE)
		return is_unix ? "; a server listens there, or it is a file "
				 "that is no socket: choose another path with "
				 "--listen"
			       : "; end what listens there, or choose "
				 "another port with --listen";
	if (is_unix && err == UV_ENOENT)
		return "; make its folder first";
	return "";
}

static bool open_wanted(struct server *server)
{
	const struct options *options = server->options;
	char text[ADDRESS_TEXT_MAX];
	size_t i;
	int err;

	for (i = 0; i < options->listen_len; i++) {
		struct listener *listener =
			&server->listeners[server->listeners_len++];

		listener->address = options->listen[i];
		err = address_is_unix(&listener->address)
			      ? open_path(server, listener)
			      : open_tcp(server, &listener->address);
		if (err) {
			address_print(&options->listen[i], text);
			log_line(LOG_ERROR, "cannot listen on %s: %s%s", text,
				 uv_strerror(err), advice(listener, err));
			return false;
		}
	}
	return true;
}

bool listen_open(struct server *server)
{
	const struct options *options = server->options;
	const unsigned passed = systemd_take_fds();

	server->listeners = calloc(passed + options->listen_len,
				   sizeof(*server->listeners));
	if (!server->listeners) {
		log_line(LOG_ERROR, "out of memory");
		return false;
	}
	if (!take_passed(server, passed))
		return false;
	return (passed && options->listen_is_default) || open_wanted(server);
}

/* Not what took its place meanwhile. */
static void unlink_made(const struct listener *listener)
{
	const char *path = path_of(&listener->address);
	struct stat there;

	if (!lstat(path, &there) && there.st_dev == listener->dev &&
	    there.st_ino == listener->ino)
		unlink(path);
}

void listen_close(struct server *server)
{
	unsigned i;

	for (i = 0; i < server->listeners_len; i++)
		if (server->listeners[i].is_made)
			unlink_made(&server->listeners[i]);
	free(server->listeners);
}
