/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The server that is to bear the load: its address and its CPU time
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/**
 * struct target - a server
 * @host: what the field Host says: the name and port of the URL
 */
struct target {
	char host[280];
	struct sockaddr_storage address;
	socklen_t address_len;
};

/**
 * target_resolve() - find the server of a URL
 * @url:          "http://127.0.0.1:7070", a slash at the end is fine
 * @allow_remote: an address that is not a loopback one is fine, too
 *
 * Return: 0, or -1 with a sentence in @error when the URL is none, the name is
 *         unknown, or the address is not allowed.
 */
int target_resolve(struct target *target, const char *url, bool allow_remote,
		   char *error, size_t error_size);

/**
 * target_connect() - open a connection to it
 *
 * Return: a non-blocking socket, or -1 with errno set.
 */
int target_connect(const struct target *target);

/**
 * process_cpu_time() - CPU time that a process on this machine has used
 * @nsp: user and system time of all its threads, to the clock tick (10 ms)
 *
 * Return: 0, or -1 if there is no such process.
 */
int process_cpu_time(pid_t pid, uint64_t *nsp);
