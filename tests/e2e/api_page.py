# SPDX-License-Identifier: MIT
"""docs/API.md, from an OpenRPC document."""
import json
import re

INTRODUCTION = """\
# Every method

Written from the server's own description, which `GET /openrpc.json` and `rpc.discover` answer, by `tests/regenerate`.

{about}

A call is a `POST /rpc` with `Content-Type: application/json`, or a message over a WebSocket:

```json
{call}
```

Parameters go by name, or by position in the order below, where trailing ones may be left out. The last column says
which must be given, or what holds where one is not.

"""
FAMILIES = {
    "process": "Processes", "thread": "Threads", "file": "Files", "mm": "Memory", "history": "History",
    "world": "Worlds", "script": "Scripts", "profile": "Releases", "rpc": "The service",
}
OTHERS = "Subscriptions"
NUMBERS = ("minimum", "maximum", "minLength", "maxLength")


def anchor(title):
    """How a heading of Markdown is linked to."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def cell(text):
    """Text that does not end a cell of a table."""
    return str(text).replace("|", "\\|").replace("\n", " ")


def table(*head):
    """The first lines of a table."""
    return f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n"


def row(*cells):
    return f"| {' | '.join(cell(one) for one in cells)} |\n"


def bounds(schema):
    """What a number or text is limited to."""
    least, most, short, long = (schema.get(name) for name in NUMBERS)
    if short is not None or long is not None:
        return f" of {short or 0} to {long} characters" if long else ", not empty"
    if least is not None and most is not None:
        return f", {least} to {most}"
    if least is not None:
        return f" ≥ {least}"
    return f" ≤ {most}" if most is not None else ""


def either(texts):
    """What is one of several."""
    texts = list(texts)
    return (", or " if any(text.startswith("array") for text in texts) else " or ").join(texts)


def type_text(schema):
    """A schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{anchor(name)})"
    if "const" in schema:
        return f"`{json.dumps(schema['const'], ensure_ascii=False)}`"
    if "enum" in schema:
        return either(f"`{json.dumps(one, ensure_ascii=False)}`" for one in schema["enum"])
    if "oneOf" in schema:
        return either(type_text(one) for one in schema["oneOf"])
    if "allOf" in schema:
        return " and ".join(type_text(one) for one in schema["allOf"])
    kinds = schema.get("type", "any")
    text = " or ".join([kinds] if isinstance(kinds, str) else kinds)
    if text == "array":
        items = schema.get("items", {})
        if isinstance(items, list):
            return f"[{', '.join(type_text(one) for one in items)}]"
        inner = type_text(items)
        return f"array of {f'({inner})' if ' or ' in inner else inner}" if items else text
    if text == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object, each member {type_text(schema['additionalProperties'])}"
    if "pattern" in schema:
        return f"{text} `{schema['pattern']}`"
    return text + bounds(schema)


def inside(schema):
    """Where the members of an object, or of an array's objects, are, and how they are reached."""
    if schema.get("properties"):
        return schema, "."
    items = schema.get("items")
    if isinstance(items, dict) and items.get("properties"):
        return items, "[]."
    for one in schema.get("oneOf", []):
        if one.get("properties") or isinstance(one.get("items"), dict) and one["items"].get("properties"):
            return inside(one)
    return None, ""


def member_rows(schema, path=""):
    """A row for each member, and for those within."""
    text = ""
    for name, one in schema["properties"].items():
        always = "" if name in schema.get("required", []) else "optional"
        text += row(f"`{path}{name}`", type_text(one), one.get("description", ""), always)
        within, step = inside(one)
        if within:
            text += member_rows(within, f"{path}{name}{step}")
    return text


def members(schema):
    """A table of the members of a result or a type."""
    within, step = inside(schema)
    if not within:
        return ""
    prefix = step if step == "[]." else ""
    return table("member", "type", "meaning", "") + member_rows(within, prefix) + "\n"


def parameters(method):
    if not method["params"]:
        return "No parameters.\n\n"
    text = table("parameter", "type", "meaning", "")
    for param in method["params"]:
        schema = param["schema"]
        about = param.get("description", "")
        if "x-names" in schema:
            title = schema["x-names"].rsplit("/", 1)[1]
            about += f" [Names](#{anchor(title)})"
        if param.get("required"):
            when = "required"
        elif "default" in schema:
            when = f"`{json.dumps(schema['default'])}`"
        else:
            when = ""
        text += row(f"`{param['name']}`", type_text(schema), about, when)
        within, step = inside(schema)
        if within:
            text += member_rows(within, f"{param['name']}{step}")
    return text + "\n"


def result(method):
    schema = method["result"]["schema"]
    shown = members(schema)
    if shown:
        return f"Answers\n\n{shown}"
    return f"Answers {type_text(schema)}. {schema.get('description', '')}".rstrip() + "\n\n"


def errors(method, common):
    keys = [one["$ref"].rsplit("/", 1)[1] for one in method["errors"]]
    own = [key for key in keys if key not in common and not key.startswith("params.")]
    if not own:
        return ""
    return f"[Errors](#errors) besides those of every call: {', '.join(f'`{key}`' for key in own)}\n\n"


def compact(value):
    return json.dumps(value, ensure_ascii=False)


def example(method):
    text = ""
    for one in method["examples"]:
        params = {param["name"]: param["value"] for param in one["params"]}
        text += f"```json\n{compact({'method': method['name'], 'params': params})}\n"
        if "result" in one:
            text += f"{compact({'result': one['result']['value']})}\n"
        text += "```\n\n"
    return text


def family_of(method):
    first, dot, _ = method["name"].partition(".")
    return FAMILIES.get(first, first.capitalize()) if dot else OTHERS


def method_section(method, common):
    about = method["summary"]
    if method.get("description"):
        about += f"\n\n{method['description']}"
    if method.get("x-share"):
        about += " A [share](#share) of the process will do."
    return (f"### {method['name']}\n\n{about}\n\n" + parameters(method) + result(method) +
            errors(method, common) + example(method))


def type_section(name, schema):
    text = f"### {name}\n\n"
    if schema.get("description"):
        text += f"{schema['description']}\n\n"
    if len(schema.get("oneOf", [])) > 12:
        return (text + table("value", "meaning") +
                "".join(row(f"`{one['const']}`", one["description"]) for one in schema["oneOf"]) + "\n")
    return text + (members(schema) or f"{type_text(schema)[:1].upper()}{type_text(schema)[1:]}\n\n")


def names_section(title, names):
    text = f"### {title}\n\n" + table("name", "value")
    return text + "".join(row(f"`{name}`", value) for name, value in names.items()) + "\n"


def notifications(document):
    text = ""
    for one in document.get("x-notifications", []):
        text += f"### {one['name']}\n\nA notification. {one['summary']}\n\n{members(one['params'])}"
    return text


def page(document):
    """The whole page."""
    methods, components = document["methods"], document["components"]
    shared = [{one["$ref"].rsplit("/", 1)[1] for one in method["errors"]} for method in methods]
    common = [key for key in components["errors"] if all(key in keys for keys in shared)]
    families = {}
    for method in methods:
        families.setdefault(family_of(method), []).append(method)
    order = [*FAMILIES.values()]
    families = dict(sorted(families.items(),
                           key=lambda one: order.index(one[0]) if one[0] in order else len(order)))
    call = compact({"jsonrpc": "2.0", "id": 1, "method": "mm.brk",
                    "params": {"process": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "addr": 0}})
    text = INTRODUCTION.format(about=document["info"]["description"], call=call)
    text += table("", "methods")
    for family, its in families.items():
        links = ", ".join(f"[`{one['name']}`](#{anchor(one['name'])})" for one in its)
        text += row(f"[{family}](#{anchor(family)})", links)
    text += row("[Types](#types)", "what parameters and results are made of")
    text += row("[Errors](#errors)", "what the service refuses, by stable keys") + "\n"
    for family, its in families.items():
        text += f"## {family}\n\n" + "".join(method_section(one, common) for one in its)
        if family == OTHERS:
            text += notifications(document)
    text += "## Types\n\n"
    text += "".join(type_section(*one) for one in components["schemas"].items())
    text += "## Names of flags\n\n"
    text += "".join(names_section(name, value) for name, value in components.items()
                    if name.startswith("x-"))
    text += "## Errors\n\n" + table("key", "code", "meaning", "")
    for key, one in components["errors"].items():
        where = "every call" if key in common else "every call's parameters" if key.startswith("params.") else ""
        text += row(f"`{key}`", one["code"], f"{one['message']}. {one['data']['hint']}", where)
    return text
