/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What systemd, or anything that does as it does, passes to a service and
 * hears from it
 *
 * Sockets: sd_listen_fds(3). Messages: sd_notify(3). Without libsystemd; where
 * nobody supervises, nothing of this does anything.
 */
#include <stdint.h>

enum {
	SYSTEMD_FDS = 3 /* the first descriptor that is passed */
};

/**
 * systemd_take_fds() - how many descriptors were passed, from SYSTEMD_FDS on
 *
 * They are ours from now on and marked close-on-exec; what told of them leaves
 * the environment, so that a second call finds none. To be called while there
 * is one thread.
 */
unsigned systemd_take_fds(void);

/** systemd_watchdog_ms() - how often at least the supervisor wants to hear
 * WATCHDOG=1, in milliseconds; 0: never */
uint64_t systemd_watchdog_ms(void);

/**
 * systemd_notify() - tell the supervisor, if there is one
 * @state: lines such as "READY=1\nSTATUS=..."
 *
 * Never waits. A message that cannot be sent is logged and lost.
 */
void systemd_notify(const char *state);
