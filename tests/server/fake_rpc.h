/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A JSON-RPC layer that does as the body says, in place of the real one
 *
 *	on:N       answered by loop N, wherever it arrives: "loop N"
 *	yield:N    answered after N further turns: "turn N"
 *	large:N    N bytes of 'x'
 *	nothing    answered with nothing
 *	ring:N     handed from loop to loop N times: "loop M"
 *	otherwise  the body itself
 */
