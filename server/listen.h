/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The sockets that the server listens on
 *
 * Those that a supervisor passed come first, then those of --listen; its
 * default counts only if none was passed. Of TCP each loop binds a socket of
 * its own, so that the kernel spreads connections. A unix socket, and whatever
 * was passed, exists once: all loops wait for it, and whoever is free accepts.
 */
#include <stdbool.h>
#include <sys/types.h>
#include "server/address.h"

struct server;

struct listener {
	struct address address; /* its port is the one bound */
	bool is_passed;
	bool is_made; /* the path is ours to unlink, if it is still this: */
	dev_t dev;
	ino_t ino;
};

/**
 * listen_open() - fill server->listeners and have all loops serve them
 *
 * A unix socket that nobody listens on any more is replaced; no other file is.
 *
 * Return: false if one cannot be; why has been logged.
 */
bool listen_open(struct server *server);

/** listen_close() - unlink what listen_open() made, and free the list; the
 * sockets themselves are the loops' */
void listen_close(struct server *server);
