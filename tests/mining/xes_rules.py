"""What XES says of a file, in our words: rules that a strict reader holds it to.

After IEEE 1849-2016: the elements and the order that its schema allows, and what its
text asks of globals, classifiers and extensions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

NAMES = "{http://www.xes-standard.org/}"
ORDER = ("extension", "global", "classifier", "attribute", "trace")
NAME = re.compile(r"[A-Za-z_][\w.-]*")
KEY = re.compile(r"[A-Za-z_:][\w.:-]*")
NUMBER = re.compile(r"[+-]?\d+")
KEYS: Mapping[str, frozenset[str]] = {
    "concept": frozenset({"concept:name", "concept:instance"}),
    "time": frozenset({"time:timestamp"}),
    "org": frozenset({"org:resource", "org:role", "org:group"}),
}
"""The attributes that extensions define, by their prefixes."""

LONG = 1 << 63


def xes_faults(path: Path) -> list[str]:
    """Return what is wrong with a file."""
    root = ET.parse(path).getroot()  # noqa: S314 - our own
    if root.tag != f"{NAMES}log":
        return [f"the root is {root.tag}"]
    return list(_Log(root).faults())


class _Log:
    def __init__(self, root: ET.Element) -> None:
        self._root = root
        self._extensions = {one.get("prefix", "") for one in self._all("extension")}
        self._globals = {
            scope.get("scope", "event"): {one.get("key", ""): one.tag for one in scope}
            for scope in self._all("global")
        }

    def _all(self, name: str) -> list[ET.Element]:
        return self._root.findall(f"{NAMES}{name}")

    def faults(self) -> Iterator[str]:
        """Yield what is wrong."""
        if not re.fullmatch(r"\d+(\.\d+)?", self._root.get("xes.version", "")):
            yield "xes.version is no number"
        if self._root.get("xes.features") is None:
            yield "xes.features is missing"
        places = [ORDER.index(_sort(one)) for one in self._root]
        if places != sorted(places):
            yield "elements are in another order"
        yield from self._head()
        yield from self._attributes(self._root, "log", {})
        for trace in self._all("trace"):
            yield from self._attributes(trace, "trace", self._globals.get("trace", {}))
            for event in trace.findall(f"{NAMES}event"):
                known = self._globals.get("event", {})
                yield from self._attributes(event, "event", known)

    def _head(self) -> Iterator[str]:
        for one in self._all("extension"):
            for name in ("name", "prefix"):
                if not NAME.fullmatch(one.get(name, "")):
                    yield f"the {name} of an extension is no name"
            if not one.get("uri", "").startswith("http"):
                yield "an extension has no address"
        if len(self._all("global")) != len(self._globals):
            yield "globals of one scope are there twice"
        if self._globals.keys() - {"trace", "event"}:
            yield "globals have an unknown scope"
        for one in self._all("classifier"):
            if not NAME.fullmatch(one.get("name", "")):
                yield f"a classifier's name is none: {one.get('name')}"
            scope = self._globals.get(one.get("scope", "event"), {})
            if set(one.get("keys", "?").split()) - scope.keys():
                yield f"{one.get('name')}: a key is no global attribute"

    def _attributes(
        self, of: ET.Element, scope: str, wanted: Mapping[str, str]
    ) -> Iterator[str]:
        found: dict[str, str] = {}
        for one in of:
            if _sort(one) != "attribute":
                continue
            key, value = one.get("key", ""), one.get("value")
            if key in found or not KEY.fullmatch(key):
                yield f"{scope}: {key} is there twice, or is no name"
            found[key] = one.tag
            prefix, colon, _ = key.partition(":")
            if colon and (
                prefix not in self._extensions or key not in KEYS.get(prefix, ())
            ):
                yield f"{scope}: no extension has {key}"
            if value is None or not _fits(one.tag.removeprefix(NAMES), value):
                yield f"{scope}: {key} is no {one.tag}: {value}"
        yield from (
            f"{scope}: {key} is missing, which is global"
            for key, tag in wanted.items()
            if found.get(key) != tag
        )


def _sort(one: ET.Element) -> str:
    name = one.tag.removeprefix(NAMES)
    return name if name in {*ORDER, "event"} else "attribute"


def _fits(kind: str, value: str) -> bool:
    match kind:
        case "string":
            return True
        case "boolean":
            return value in {"true", "false", "1", "0"}
        case "int":
            return bool(NUMBER.fullmatch(value)) and -LONG <= int(value) < LONG
        case "float":
            return re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", value) is not None
        case "date":
            try:
                return "T" in value and bool(datetime.fromisoformat(value))
            except ValueError:
                return False
    return False
