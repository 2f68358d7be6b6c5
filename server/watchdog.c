/* SPDX-License-Identifier: MIT */
#include "server/watchdog.h"

#include "server/server.h"
#include "server/systemd.h"

static struct watchdog *watchdog_of(struct task *task)
{
	return (struct watchdog *)((char *)task -
				   offsetof(struct watchdog, task));
}

static void on_visit(struct loop *loop, struct task *task)
{
	struct watchdog *watchdog = watchdog_of(task);
	struct server *server = watchdog->server;

	if (watchdog->next < server->loops_len) {
		loop_post(&server->loops[watchdog->next++], task);
	} else if (loop->number != 0) {
		loop_post(&server->loops[0], task);
	} else {
		systemd_notify("WATCHDOG=1");
		watchdog->is_away = false;
		server_release(server);
	}
}

/* The round holds the server, so that no loop ends before the task has left. */
static void on_timer(uv_timer_t *timer)
{
	struct watchdog *watchdog = timer->data;
	struct server *server = watchdog->server;

	if (watchdog->is_away || !server_hold_if_held(server))
		return;
	watchdog->is_away = true;
	watchdog->next = 1;
	on_visit(&server->loops[0], &watchdog->task);
}

void watchdog_open(struct watchdog *watchdog, struct server *server)
{
	const uint64_t period = (systemd_watchdog_ms() + 1) / 2;

	watchdog->server = server;
	watchdog->task.run = on_visit;
	watchdog->timer.data = watchdog;
	uv_timer_init(&server->loops[0].uv, &watchdog->timer);
	if (period)
		uv_timer_start(&watchdog->timer, on_timer, 0, period);
}

void watchdog_close(struct watchdog *watchdog)
{
	uv_close((uv_handle_t *)&watchdog->timer, NULL);
}
