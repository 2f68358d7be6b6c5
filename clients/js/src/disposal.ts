// SPDX-License-Identifier: MIT
//
// Where the runtime is older than `using`, its symbols: what TypeScript compiles it to looks for them.
// First among the imports, as classes name their methods by them.
const symbols = Symbol as { dispose?: symbol; asyncDispose?: symbol };
for (const name of ["dispose", "asyncDispose"] as const)
	if (!symbols[name])
		Object.defineProperty(symbols, name, { value: Symbol(`Symbol.${name}`) });

export {};
