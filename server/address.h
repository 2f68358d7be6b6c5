/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where the server can be reached, and how that is written
 *
 *	127.0.0.1:7070  [::1]:7070  localhost:7070  unix:/run/vmarium/socket
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct address {
	struct sockaddr_storage socket;
	socklen_t len; /* of it */
};

enum {
	ADDRESS_TEXT_MAX = 160
};

/**
 * address_parse() - read the @len bytes at @text
 *
 * Return: NULL, or what the text should have been, to follow "should be";
 *         @address is then of no use.
 */
const char *address_parse(struct address *address, const char *text,
			  size_t len);

/**
 * address_print() - write it as the server says where it listens
 * @text: receives "http://127.0.0.1:7070", "unix:/path", or "unix:@name" of an
 *        abstract socket
 */
void address_print(const struct address *address, char text[ADDRESS_TEXT_MAX]);

/** address_port() - where its port is, in network order; of no unix socket */
uint16_t *address_port(struct address *address);

/** address_is_unix() - is it a unix socket, which no other machine and no
 * browser can reach? */
static inline bool address_is_unix(const struct address *address)
{
	return address->socket.ss_family == AF_UNIX;
}

/**
 * address_judge() - may the server listen there?
 * @is_open: other machines may come: there are tokens, or it was said so
 *
 * Return: NULL, or what the address should have been, to follow "should be".
 */
const char *address_judge(const struct address *address, bool is_open);
