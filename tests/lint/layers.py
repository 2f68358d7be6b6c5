#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each layer includes only what it may know: server -> proto -> core."""
import re

import lint

# The rest of the standard library is input and output, time or a locale.
C_CORE = "stdalign stdarg stdbool stddef stdint inttypes limits string stdio"
C_PLAIN = C_CORE + " assert ctype errno stdlib stdatomic stdnoreturn"

# layer: (project folders it may include, headers by name, how to mend)
LAYERS = {
    "core": (
        ["core"],
        {f"{name}.h" for name in C_CORE.split()},
        "core is C11 with memory and string functions alone; do this in proto or server",
    ),
    "proto": (
        ["core", "proto"],
        {f"{name}.h" for name in C_PLAIN.split()}
        | {"jansson.h", "emmintrin.h", "openssl/evp.h", "zlib.h"},
        "proto is bytes in, bytes out; do this in server",
    ),
    "server": (
        ["proto", "server"],
        None,
        "server reaches core through proto only",
    ),
    "clients": (
        ["clients"],
        None,
        "clients know the server by HTTP only",
    ),
}

# Third-party headers that only one folder may include.
OWNED = {
    "http_parser.h": "proto/http/",
    "wslay/wslay.h": ("proto/ws/", "clients/http/"),
    "uv.h": "server/",
    "curl/curl.h": "clients/http/",
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def check_project_include(path, number, header):
    folders, _, advice = LAYERS[path.parts[0]]
    folder = header.split("/")[0]
    if not (lint.ROOT / header).is_file():
        lint.complain(path, number, f'"{header}" is no file; write the path from the root')
    elif folder not in folders:
        lint.complain(path, number, f'{path.parts[0]} must not include "{header}": {advice}')


def check_system_include(path, number, header):
    _, allowed, advice = LAYERS[path.parts[0]]
    if header in OWNED:
        if not str(path).startswith(OWNED[header]):
            lint.complain(path, number, f"only {OWNED[header]} may include <{header}>")
    elif allowed is not None and header not in allowed:
        lint.complain(path, number, f"{path.parts[0]} must not include <{header}>: {advice}")


for source in lint.tracked(".c", ".h"):
    if source.parts[0] not in LAYERS:
        continue
    for line_number, line in enumerate(lint.text_of(source).splitlines(), 1):
        match = INCLUDE.match(line)
        if match and match[1] == '"':
            check_project_include(source, line_number, match[2])
        elif match:
            check_system_include(source, line_number, match[2])
lint.finish()
