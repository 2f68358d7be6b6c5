#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes src/vmarium/api.py from an OpenRPC document on standard input.

    curl -s http://127.0.0.1:7070/openrpc.json | clients/python/generate.py

With --check it only says whether that file is what it would write.
"""
import json
import keyword
import pathlib
import sys
import textwrap

TARGET = pathlib.Path(__file__).resolve().parent / "src/vmarium/api.py"
HEAD = '''\
# SPDX-License-Identifier: MIT
"""Every method of the service. Written by generate.py from the server's OpenRPC document."""
from __future__ import annotations

from typing import Any, List, Mapping, Optional, Sequence, Union

from .result import Result

Number = Union[int, str]
'''
# What schemas of the document are in Python; all else is told by its JSON type.
NAMED = {
    "Address": "Number", "Flags": "Number", "IntFlags": "Number", "Fd": "Number",
    "Boolean": "bool", "Want": "Sequence[str]", "Process": "str", "Thread": "int",
    "Maps": "Union[str, Sequence[str]]", "Resident": "Sequence[Any]", "Files": "Sequence[Any]",
    "HistoryLimit": "Number", "Strings": "Union[Sequence[str], Mapping[str, int]]",
}
TYPES = {"integer": "int", "string": "str", "boolean": "bool", "array": "Sequence[Any]",
         "object": "Mapping[str, Any]", "number": "float"}
# Where the plain name would hide another or is a word of the language.
RENAMED = {"process.list": "process_list", "process.create": "process_create"}
BARE = ("mm.", "process.")


def needs_socket(method):
    """Subscriptions go over WebSocket, which this client does not speak."""
    return any(one["$ref"].endswith("/subscription.transport") for one in method["errors"])


def python_type(schema):
    """The annotation for a parameter's schema."""
    for part in [schema, *schema.get("allOf", [])]:
        if "$ref" in part:
            return NAMED.get(part["$ref"].rsplit("/", 1)[1], "Mapping[str, Any]")
        if "enum" in part:
            return "str"
        if "type" in part:
            kinds = part["type"] if isinstance(part["type"], list) else [part["type"]]
            names = [TYPES[kind] for kind in kinds if kind != "null"]
            return names[0] if len(names) == 1 else f"Union[{', '.join(names)}]"
    return "Any"


def python_name(method, on_process):
    """mm.brk is brk on a process; history.at is history_at."""
    if method in RENAMED:
        return RENAMED[method]
    for prefix in BARE:
        if on_process and method.startswith(prefix):
            method = method[len(prefix):]
            break
    name = method.replace(".", "_")
    return name + "_" if keyword.iskeyword(name) else name


def function(method, on_process, prefix):
    """The text of one method."""
    params = [param for param in method["params"] if not (on_process and param["name"] == "process")]
    required = [param for param in params if param.get("required")]
    optional = [param for param in params if not param.get("required")]
    spelled = {param["name"]: param["name"] + ("_" if keyword.iskeyword(param["name"]) else "")
               for param in params}
    arguments = ["self"]
    arguments += [f"{spelled[p['name']]}: {python_type(p['schema'])}" for p in required]
    # What callers leave out most goes by name, so that later versions may add more.
    plain = [p for p in optional if p["name"] in ("fd", "offset", "new_address", "length", "size")]
    named = [p for p in optional if p not in plain]
    arguments += [f"{spelled[p['name']]}: Optional[{python_type(p['schema'])}] = None" for p in plain]
    if named:
        arguments.append("*")
    arguments += [f"{spelled[p['name']]}: Optional[{python_type(p['schema'])}] = None" for p in named]
    indent = "\n            "
    name = python_name(method["name"], on_process)
    text = f"    {prefix}def {name}({indent}{f',{indent}'.join(arguments)},\n    ) -> Result:\n"
    about = [f'"""{method["name"]}: {method["summary"]}', ""]
    for param in params:
        about += textwrap.wrap(f"{spelled[param['name']]}: {param.get('description', '')}", 84,
                               subsequent_indent="    ")
    about = about[:-1] if not params else about
    if len(about) == 1:
        about[0] += '"""'
    else:
        about.append('"""')
    text += "".join(f"        {line}".rstrip() + "\n" for line in about)
    call = f'self._call("{method["name"]}", {{'
    text += f"        return {'await ' if prefix else ''}{call}\n" if params else \
        f"        return {'await ' if prefix else ''}{call}}})\n"
    if params:
        for param in params:
            text += f'            "{param["name"]}": {spelled[param["name"]]},\n'
        text += "        })\n"
    return text


def group(title, about, methods, on_process, prefix):
    """A class of methods."""
    text = f'\n\nclass {title}:\n    """{about}"""\n\n'
    text += f"    {prefix}def _call(self, method: str, params: Mapping[str, Any]) -> Result:\n"
    text += "        raise NotImplementedError\n"
    for method in methods:
        text += "\n" + function(method, on_process, prefix)
    return text


def main(arguments):
    """Write or compare."""
    document = json.load(sys.stdin)
    methods = document["methods"]
    over_http = [m for m in methods if not needs_socket(m)]
    of_process = [m for m in over_http if m["params"] and m["params"][0]["name"] == "process"
                  and m["params"][0].get("required")]
    others = [m for m in over_http if m not in of_process]
    text = HEAD
    for start, prefix in (("", ""), ("Async", "async ")):
        text += group(f"{start}ServiceCalls", "Methods that are of no process.", others, False, prefix)
        text += group(f"{start}ProcessCalls", "Methods of one process.", of_process, True, prefix)
    text = text.replace("List, ", "") if "List[" not in text else text
    if arguments == ["--check"]:
        if TARGET.read_text(encoding="utf-8") != text:
            sys.exit(f"{TARGET} is not what the server's document gives: tests/regenerate writes it anew")
        return
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
