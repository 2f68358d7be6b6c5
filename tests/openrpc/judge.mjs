// SPDX-License-Identifier: MIT
//
// Judges an OpenRPC document by the meta-schema, and values by the document's schemas.
//
//     node judge.mjs <QUESTIONS >VERDICTS
//
// QUESTIONS is {"document": …, "values": [{"at": POINTER, "value": …}, …]}. VERDICTS is {"document": ERRORS,
// "values": [ERRORS, …]}, where ERRORS are texts, none for what is valid.
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import jsonMeta from "@json-schema-tools/meta-schema";
import openrpcMeta from "@open-rpc/meta-schema";

const isText = (value) => typeof value === "string";
const matches = (test) => ({ type: "string", validate: (text) => isText(text) && test(text) });
const formats = {
	uri: matches((text) => URL.canParse?.(text) ?? Boolean(new URL(text))),
	"uri-reference": true,
	regex: matches((text) => {
		try {
			return Boolean(new RegExp(text, "u"));
		} catch {
			return false;
		}
	}),
};

function texts(validate) {
	return (validate.errors ?? []).map((error) =>
		`${error.instancePath || "it"} ${error.message} ${JSON.stringify(error.params)}`);
}

/** A meta-schema without those of its own; both call the one of JSON Schema by a plain name. */
function named(schema) {
	const { $schema: _, ...rest } = schema;
	return JSON.parse(JSON.stringify(rest).replaceAll(/https:\/\/meta\.json-schema\.tools\/?/g, "meta:json-schema"));
}

/** What the meta-schema says of the document. */
function judgeDocument(document) {
	const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, formats });
	ajv.addSchema(named(jsonMeta.default ?? jsonMeta));
	const validate = ajv.compile(named(openrpcMeta.openrpcDocument));
	validate(document);
	return texts(validate);
}

/** The schema, in which objects have the members that it names and no others. */
function closed(schema) {
	if (Array.isArray(schema))
		return schema.map(closed);
	if (schema === null || typeof schema !== "object")
		return schema;
	const copy = Object.fromEntries(Object.entries(schema).map(([name, one]) =>
		[name, name === "examples" || name === "const" || name === "enum" ? one : closed(one)]));
	if (schema.type === "object" && schema.properties && schema.additionalProperties === undefined)
		copy.additionalProperties = false;
	return copy;
}

function judgeValues(document, values) {
	const ajv = new Ajv({ strict: false, allErrors: true, formats });
	ajv.addSchema({ $id: "document:", ...closed(document) });
	const known = new Map();
	return values.map(({ at, value }) => {
		const validate = known.get(at) ?? ajv.compile({ $ref: `document:#${at}` });
		known.set(at, validate);
		return validate(value) ? [] : texts(validate);
	});
}

const { document, values } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify({ document: judgeDocument(document), values: judgeValues(document, values) }));
