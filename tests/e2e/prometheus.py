# SPDX-License-Identifier: MIT
"""A strict reader of Prometheus' text format 0.0.4 and of OpenMetrics 1.0."""
import math
import re

from vmariumd import get

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)")
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?(e-[0-9]+)?")
SUFFIXES = {"counter": {"_total"}, "gauge": {""},
            "histogram": {"_bucket", "_sum", "_count"}}


class Family:
    def __init__(self, name, kind):
        self.name, self.kind = name, kind
        self.samples = {}  # (suffix, sorted labels): value


def number(text):
    assert NUMBER.fullmatch(text), text
    return float(text) if "." in text or "e" in text else int(text)


def check_histogram(family):
    rows = {}
    for (suffix, labels), value in family.samples.items():
        rest = tuple(pair for pair in labels if pair[0] != "le")
        rows.setdefault(rest, []).append((suffix, dict(labels), value))
    for rest, samples in rows.items():
        *buckets, total, count = samples
        assert [total[0], count[0]] == ["_sum", "_count"], rest
        bounds, values = [], []
        for suffix, labels, value in buckets:
            assert suffix == "_bucket", suffix
            bounds.append(math.inf if labels["le"] == "+Inf"
                          else float(labels["le"]))
            values.append(value)
        assert bounds == sorted(set(bounds)), bounds
        assert bounds[-1] == math.inf, bounds
        assert values == sorted(values), values
        assert values[-1] == count[2], (rest, values, count)
        # However long it took, the sum is between what the buckets say at least and at most.
        each = [value - before for before, value in zip([0] + values, values)]
        least = sum(n * bound for n, bound in zip(each, [0] + bounds) if n)
        most = sum(n * bound for n, bound in zip(each, bounds) if n)
        assert least * (1 - 1e-9) <= total[2] <= most * (1 + 1e-9), (rest, least, total, most)


def parse(text, open_metrics=False):
    """{family: Family}; a counter's family is without _total."""
    assert text.endswith("\n")
    lines = text[:-1].split("\n")
    if open_metrics:
        assert lines.pop() == "# EOF"
    families = {}
    family = None
    while lines:
        line = lines.pop(0)
        if line.startswith("# HELP "):
            name, words = line[7:].split(" ", 1)
            assert words and not re.search(r"\\[^\\n\"]", words), line
            kind = re.fullmatch(rf"# TYPE {NAME} (\w+)", lines[0])[1]
            assert lines.pop(0) == f"# TYPE {name} {kind}"
            assert kind in SUFFIXES, kind
            if kind == "counter" and not open_metrics:
                assert name.endswith("_total"), name
                name = name.removesuffix("_total")
            assert re.fullmatch(NAME, name) and name not in families, name
            assert not name.endswith(("_total", "_bucket", "_count")), name
            family = families[name] = Family(name, kind)
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample and family, line
        assert sample[1].startswith(family.name), line
        suffix = sample[1].removeprefix(family.name)
        assert suffix in SUFFIXES[family.kind], line
        labels = re.findall(LABEL, sample[2] or "")
        names = [label for label, _ in labels]
        assert len(set(names)) == len(names), line
        assert ("le" in names) == (suffix == "_bucket"), line
        key = suffix, tuple(labels)
        assert key not in family.samples, line
        family.samples[key] = number(sample[sample.lastindex])
    for family in families.values():
        if family.kind == "histogram":
            check_histogram(family)
    return families


class Metrics:
    def __init__(self, text, open_metrics=False):
        self.families = parse(text, open_metrics)

    def get(self, name, suffix=None, **labels):
        """A sample's value, or None."""
        family = self.families[name]
        if suffix is None:
            suffix = "_total" if family.kind == "counter" else ""
        return family.samples.get((suffix, tuple(labels.items())))


def metrics_of(server, fields=b""):
    """What the server says of itself now."""
    with server.connect() as peer:
        answer = peer.ask(get("/metrics", fields))
    assert answer.status == 200, answer.status
    return Metrics(answer.body.decode())
