"""XES (IEEE 1849-2016): a trace for each case, written one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO
from xml.sax.saxutils import quoteattr

from application.exports.impersonal_events import ImpersonalRecorded
from projections.mining.attributes import (
    CASE,
    Kind,
    Value,
    event_type,
    event_values,
    filing_values,
    instant,
    plain,
)
from projections.mining.told_case import ToldCase

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>\
<date key="time:timestamp" value="1970-01-01T00:00:00.000000Z"/>\
<string key="org:role" value=""/></global>
<classifier name="Activity" keys="concept:name"/>
<classifier name="ActivityByRole" keys="concept:name org:role"/>
<string key="concept:name" value="Redress"/>
"""
_TAGS = {
    Kind.STRING: "string",
    Kind.INTEGER: "int",
    Kind.FLOAT: "float",
    Kind.BOOLEAN: "boolean",
    Kind.TIME: "date",
}
_STANDARD = {"actor": "org:resource", "actor_role": "org:role"}
"""Attributes that the standard has names for."""

# XML 1.0 has no way to write these, not even as references.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_xes(cases: Iterable[ToldCase], out: IO[bytes]) -> None:
    """Write the cases. Nothing is held but one of them."""
    out.write(_HEAD.encode())
    for told in cases:
        out.write("".join(_trace(told)).encode())
    out.write(b"</log>\n")


def _trace(told: ToldCase) -> Iterator[str]:
    yield "<trace>"
    yield _attribute("concept:name", Kind.STRING, str(told.case))
    values = filing_values(told)
    # The last word: an appeal may open a case again, which is then closed once more.
    for recorded in told.events:
        if event_type(recorded) == "closed":
            ends = ("outcome", "claim")
            values |= {one: plain(getattr(recorded.event, one)) for one in ends}
    for name, value in values.items():
        yield _attribute(name, CASE[name], value)
    for recorded in told.events:
        yield from _event(recorded)
    yield "</trace>\n"


def _event(recorded: ImpersonalRecorded) -> Iterator[str]:
    yield "\n<event>"
    yield _attribute("concept:name", Kind.STRING, event_type(recorded))
    yield _attribute("time:timestamp", Kind.TIME, instant(recorded.at))
    for name, kind, value in event_values(recorded):
        yield _attribute(_STANDARD.get(name, name), kind, value)
    yield "</event>"


def _attribute(key: str, kind: Kind, value: Value) -> str:
    text = str(value).lower() if kind is Kind.BOOLEAN else str(value)
    quoted = quoteattr(_ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text))
    return f'<{_TAGS[kind]} key="{key}" value={quoted}/>'
