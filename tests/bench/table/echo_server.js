// SPDX-License-Identifier: MIT
//
// What a JSON-RPC server costs in Node at least: http and JSON.parse, and each
// call is answered with its own parameters.
"use strict";
const http = require("http");

function answer(call) {
	return { jsonrpc: "2.0", id: call.id, result: call.params };
}

function respond(response, body) {
	const asked = JSON.parse(body);
	const said = Array.isArray(asked) ? asked.map(answer) : answer(asked);
	const text = JSON.stringify(said);

	response.writeHead(200, {
		"Content-Type": "application/json",
		"Content-Length": Buffer.byteLength(text),
	});
	response.end(text);
}

const server = http.createServer((request, response) => {
	const pieces = [];

	request.on("data", (piece) => pieces.push(piece));
	request.on("end", () => respond(response, Buffer.concat(pieces)));
});

server.keepAliveTimeout = 60000;
server.listen(0, "127.0.0.1", 4096, () => {
	console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
