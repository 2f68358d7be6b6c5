#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// Writes src/api.ts from an OpenRPC document on standard input.
//
//     curl -s http://127.0.0.1:7070/openrpc.json | node clients/js/generate.mjs
//
// With --check it only says whether that file is what it would write.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const TARGET = fileURLToPath(new URL("src/api.ts", import.meta.url));
const HEAD = `\
// SPDX-License-Identifier: MIT
//
// Every type and method of the service. Written by generate.mjs from the server's OpenRPC document.
import type { Result } from "./result.js";
`;
// Names that classes of this package have.
const RENAMED = new Map([["Process", "ProcessName"]]);
// What TypeScript has a word for.
const PLAIN = new Map([["Boolean", "boolean"]]);
const ON_PROCESS = ["mm.", "process."];
const WIDEST = 100;

const isParam = (schema) => schema.type === "string" && ("pattern" in schema || "minLength" in schema);

/** Lines of a comment, indented. */
function comment(text, indent) {
	const lines = [];
	for (const paragraph of text.split("\n")) {
		let line = "";
		for (const word of paragraph.split(" ")) {
			if (line && indent.length + 3 + line.length + 1 + word.length > WIDEST) {
				lines.push(line);
				line = "";
			}
			line += (line && " ") + word;
		}
		lines.push(line);
	}
	if (lines.length === 1)
		return `${indent}/** ${lines[0]} */\n`;
	return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd() + "\n").join("")}${indent} */\n`;
}

const camel = (name) => name.replace(/[._](\w)/g, (_, letter) => letter.toUpperCase());
const pascal = (name) => camel(`.${name}`);
const schemaName = (reference) => {
	const name = reference.split("/").at(-1);
	return PLAIN.get(name) ?? RENAMED.get(name) ?? name;
};

function union(types) {
	return [...new Set(types)].join(" | ");
}

/** An element's type in an array. */
function element(schema, indent) {
	const type = typeOf(schema, indent);
	return / \| /.test(type) && !type.startsWith("{") ? `(${type})` : type;
}

function arrayType(schema, indent) {
	if (!Array.isArray(schema.items))
		return `${element(schema.items ?? {}, indent)}[]`;
	const least = schema.minItems ?? schema.items.length;
	const parts = schema.items.map((item, i) => element(item, indent) + (i < least ? "" : "?"));
	return `[${parts.join(", ")}]`;
}

function members(schema, indent) {
	const required = new Set(schema.required ?? []);
	let text = "";
	for (const [name, one] of Object.entries(schema.properties)) {
		if (one.description)
			text += comment(one.description, `${indent}\t`);
		const key = /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
		text += `${indent}\t${key}${required.has(name) ? "" : "?"}: ${typeOf(one, `${indent}\t`)};\n`;
	}
	return text;
}

function objectType(schema, indent) {
	if (Object.keys(schema.properties ?? {}).length)
		return `{\n${members(schema, indent)}${indent}}`;
	const values = schema.additionalProperties;
	return `Record<string, ${values && values !== true ? typeOf(values, indent) : "unknown"}>`;
}

function plainType(type, schema, indent) {
	switch (type) {
	case "integer":
	case "number":
		return "number";
	case "array":
		return arrayType(schema, indent);
	case "object":
		return objectType(schema, indent);
	default: // string, boolean, null
		return type;
	}
}

/** The TypeScript type of what a schema describes. */
function typeOf(schema, indent = "") {
	if (schema.$ref)
		return schemaName(schema.$ref);
	if (schema.const !== undefined)
		return JSON.stringify(schema.const);
	if (schema.enum)
		return union(schema.enum.map((one) => JSON.stringify(one)));
	const choices = schema.oneOf ?? schema.anyOf;
	if (choices) {
		const types = choices.map((one) => typeOf(one, indent));
		// What is an integer or text on the wire is exact as a bigint.
		if (choices.some((one) => one.type === "integer") && choices.some(isParam))
			types.unshift("bigint");
		if (types.length > 12)
			return types.map((type) => `\n${indent}\t| ${type}`).join("");
		return union(types);
	}
	if (schema.allOf)
		return schema.allOf.map((one) => typeOf(one, indent)).join(" & ");
	if (schema.type === undefined)
		return "unknown";
	const types = Array.isArray(schema.type) ? schema.type : [schema.type];
	return union(types.map((type) => plainType(type, schema, indent)));
}

function declaration(name, schema) {
	let text = "\n" + (schema.description ? comment(schema.description, "") : "");
	if (schema.pattern?.startsWith("^0x"))
		return `${text}export type ${name} = \`0x\${string}\`;\n`;
	if (schema.type === "object" && Object.keys(schema.properties ?? {}).length)
		return `${text}export interface ${name} {\n${members(schema, "")}}\n`;
	const type = typeOf(schema);
	return `${text}export type ${name} =${type.startsWith("\n") ? "" : " "}${type};\n`;
}

const isOfProcess = (method) => method.params[0]?.name === "process" && method.params[0].required;
/** Subscriptions are SocketClient's own. */
const needsSocket = (method) => method.errors.some((one) => one.$ref?.endsWith("/subscription.transport"));
/** What stands before the options of a method of a process. */
const positional = (method) =>
	method.params.filter((param) => param.required && !(isOfProcess(method) && param.name === "process"));

function paramMembers(params) {
	return params.map((param) => comment(param.description ?? param.name, "\t") +
		`\t${param.name}${param.required ? "" : "?"}: ${typeOf(param.schema, "\t")};\n`).join("");
}

/** The interfaces of a method's parameters and result. */
function methodTypes(method) {
	const name = pascal(method.name);
	const required = method.params.filter((param) => param.required);
	const optional = method.params.filter((param) => !param.required);
	let text = "";
	if (optional.length)
		text += `\nexport interface ${name}Options {\n${paramMembers(optional)}}\n`;
	if (required.length)
		text += `\nexport interface ${name}Params${optional.length ? ` extends ${name}Options` : ""} {\n` +
			`${paramMembers(required)}}\n`;
	else
		text += `\nexport type ${name}Params = ${optional.length ? `${name}Options` : "Record<string, never>"};\n`;
	return text + declaration(`${name}Result`, method.result.schema);
}

function methodName(method) {
	const prefix = isOfProcess(method) && ON_PROCESS.find((one) => method.name.startsWith(one));
	return camel(prefix ? method.name.slice(prefix.length) : method.name);
}

const WORDS = new Set(["delete", "export", "function", "import", "new", "type", "with"]);
const local = (name) => (WORDS.has(name) ? `${name}_` : name);

function methodText(method) {
	const name = pascal(method.name);
	const plain = positional(method);
	const hasOptions = method.params.some((param) => !param.required);
	const args = plain.map((param) => `${local(param.name)}: ${typeOf(param.schema, "\t\t")}`);
	if (hasOptions)
		args.push(`options: ${name}Options = {}`);
	const about = [`${method.name}: ${method.summary}`,
		...plain.map((param) => `@param ${local(param.name)} ${param.description}`)];
	const members = plain.map((param) =>
		(local(param.name) === param.name ? param.name : `${param.name}: ${local(param.name)}`));
	let params = hasOptions && !members.length ? "options" : "{}";
	if (members.length)
		params = `{ ${members.join(", ")}${hasOptions ? ", ...options" : ""} }`;
	const takesThread = isOfProcess(method) && method.params.some((param) => param.name === "thread");
	return `\n${comment(about.join("\n"), "\t")}` +
		`\t${methodName(method)}(${args.join(", ")}): Promise<Result<${name}Result>> {\n` +
		`\t\treturn this.request("${method.name}", ${params}${takesThread ? ", true" : ""});\n\t}\n`;
}

function classText(title, about, methods) {
	return `\n${comment(about, "")}export abstract class ${title} {\n` +
		"\t/** Ask; takesThread says whether the method has a parameter of that name. */\n" +
		"\tprotected abstract request<M extends MethodName>(\n" +
		"\t\tmethod: M, params: object, takesThread?: boolean,\n" +
		"\t): Promise<Result<Methods[M][\"result\"]>>;\n" +
		`${methods.map(methodText).join("")}}\n`;
}

/** The whole of api.ts. */
function generate(document) {
	const { methods, components } = document;
	let text = HEAD;
	for (const [name, schema] of Object.entries(components.schemas).filter(([name]) => !PLAIN.has(name)))
		text += declaration(RENAMED.get(name) ?? name, schema);
	text += methods.map(methodTypes).join("");
	for (const { name, summary, params } of document["x-notifications"] ?? [])
		text += declaration(`${pascal(name)}Notification`, { description: summary, ...params });
	text += "\n/** What each method takes and answers. */\nexport interface Methods {\n";
	for (const method of methods) {
		const name = pascal(method.name);
		text += `\t"${method.name}": { params: ${name}Params; result: ${name}Result };\n`;
	}
	text += "}\n\nexport type MethodName = keyof Methods;\n";
	const changing = methods.filter((one) => one.params.some(({ name }) => name === "idempotency_key"));
	text += "\n/** Methods that change something, and whose repetition a key makes safe. */\n" +
		"export const changing: ReadonlySet<string> = new Set<MethodName>([\n" +
		`${changing.map(({ name }) => `\t"${name}",\n`).join("")}]);\n`;
	const keys = Object.keys(components.errors).map((key) => `\n\t| ${JSON.stringify(key)}`);
	text += `\n/** The stable keys of what the service refuses. */\nexport type ErrorKey =${keys.join("")};\n`;
	const plain = methods.filter((method) => !needsSocket(method));
	text += classText("ServiceCalls", "Methods that are of no process.", plain.filter((one) => !isOfProcess(one)));
	text += classText("ProcessCalls", "Methods of one process.", plain.filter(isOfProcess));
	return text;
}

const text = generate(JSON.parse(readFileSync(0, "utf8")));
if (process.argv[2] !== "--check") {
	writeFileSync(TARGET, text);
} else if (readFileSync(TARGET, "utf8") !== text) {
	console.error(`${TARGET} is not what the server's document gives: tests/regenerate writes it anew`);
	process.exit(1);
}
