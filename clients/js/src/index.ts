// SPDX-License-Identifier: MIT
//
// Linux address spaces behind glass, from JavaScript and TypeScript.
//
//     import { Client } from "vmarium";
//
//     const client = new Client();
//     await using p = await client.create({ profile: "4.0" });
//     const at = (await p.mmap(0, 8192, "PROT_READ|PROT_WRITE", "MAP_PRIVATE|MAP_ANONYMOUS")).unwrap();
//     console.log(`${(await p.munmap(at, 4096)).space}`);
//
// What the emulated kernel answers is a Result, also when it refuses; what the service refuses is
// thrown as a VmariumError.
import "./disposal.js";

export type * from "./api.js";
export { Batch } from "./batch.js";
export { CallingClient, Client, type ClientOptions } from "./client.js";
export * from "./errors.js";
export { Attached, Process } from "./process.js";
export { SocketClient, type FollowOptions, type SocketClientOptions } from "./live.js";
export { Result } from "./result.js";
export { Area, sizeText, Space, type Gap } from "./space.js";
export { Subscription, type Change } from "./subscription.js";
export type { SocketConstructor, SocketLike } from "./socket.js";
export type { Call, Outcome } from "./wire.js";
