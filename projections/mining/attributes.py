"""What events and cases are told with: names, types and values of attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum, StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from msgspec import Struct

from application.exports.impersonal_events import EVENT_TWINS, ImpersonalRecorded
from application.record.envelope import Precision
from projections.lake.event_rows import event_columns
from projections.mining.told_case import ToldCase

Value = str | int | float | bool


class Kind(StrEnum):
    """The types of attributes, as OCEL 2.0 calls them."""

    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    TIME = "time"


_KINDS: Mapping[type, Kind] = {
    str: Kind.STRING,
    int: Kind.INTEGER,
    float: Kind.FLOAT,
    bool: Kind.BOOLEAN,
    datetime: Kind.TIME,
    UUID: Kind.STRING,
}

ENVELOPE: Mapping[str, Kind] = {
    "version": Kind.INTEGER,
    "recorded_at": Kind.TIME,
    "precision": Kind.STRING,
    "actor_role": Kind.STRING,
    "actor": Kind.STRING,
    "on_behalf_of": Kind.STRING,
    "policy": Kind.STRING,
    "system": Kind.STRING,
}
"""What every event is told with; the rest comes from its own fields."""

CASE: Mapping[str, Kind] = {
    "platform": Kind.STRING,
    "channel": Kind.STRING,
    "category": Kind.STRING,
    "reason": Kind.STRING,
    "policy": Kind.STRING,
    "number": Kind.INTEGER,
    "paid": Kind.INTEGER,
    "currency": Kind.STRING,
    "outcome": Kind.STRING,
    "claim": Kind.STRING,
}
"""What a case is told with: how it was filed, and how it ended."""


class EventAttribute(Struct, frozen=True):
    """An attribute of a type of event, and where its value lies in the event."""

    name: str
    kind: Kind
    path: tuple[str, ...]


def event_type(recorded: ImpersonalRecorded) -> str:
    """Return the name of what happened, such as "ruled"."""
    return str(recorded.event.__struct_config__.tag)


@cache
def event_attributes(tag: str) -> tuple[EventAttribute, ...]:
    """Return the attributes of a type of event: its fields, named as in the lake."""
    return tuple(
        EventAttribute(one.name, _KINDS.get(one.kind, Kind.STRING), one.path)
        for one in event_columns()[tag]
    )


def event_types() -> tuple[str, ...]:
    """Return the names of all types of events."""
    return tuple(sorted(EVENT_TWINS))


def event_values(recorded: ImpersonalRecorded) -> Iterator[tuple[str, Kind, Value]]:
    """Yield the attributes of an event that have a value, without those of its time."""
    imported, actor = recorded.imported, recorded.actor
    exact = imported is None or imported.precision is Precision.SECOND
    told: dict[str, Any] = {
        "version": recorded.version,
        "recorded_at": recorded.recorded_at,
        "precision": None if exact or imported is None else imported.precision,
        "actor_role": actor.role,
        "actor": actor.id,
        "on_behalf_of": actor.on_behalf_of,
        "policy": recorded.policy,
        "system": imported.system if imported else None,
    }
    for name, kind in ENVELOPE.items():
        if told[name] is not None:
            yield name, kind, plain(told[name])
    if event_type(recorded) in DECISIONS:
        for name, given in decision_values(recorded.event).items():
            yield name, DECISION[name], given
    for one in event_attributes(event_type(recorded)):
        value = _at(recorded.event, one.path)
        if value is not None:
            yield one.name, one.kind, plain(value)


DECISION: Mapping[str, Kind] = {
    "remedies": Kind.STRING,
    "awarded": Kind.INTEGER,
    "awarded_currency": Kind.STRING,
    "rules_cited": Kind.STRING,
}
"""What the events of decisions are told with beside their fields, which are lists."""

DECISIONS = frozenset({"ruled", "appeal-decided"})
"""The events that decide."""


def decision_values(event: Any) -> dict[str, Value]:
    """Return what was ruled, and the rules that its reasons rest on, as texts."""
    amounts = [one.amount for one in event.remedies if one.amount]
    cited = dict.fromkeys(_cited(one.rule) for one in event.reasons)
    found: dict[str, Value] = {"remedies": " ".join(one.kind for one in event.remedies)}
    if amounts:
        found["awarded"] = sum(one.amount for one in amounts)
        found["awarded_currency"] = amounts[0].currency
    return found | ({"rules_cited": " ".join(cited)} if cited else {})


def _cited(rule: Any) -> str:
    article = f":{rule.article}" if rule.article else ""
    return "_".join(f"{rule.id}/{rule.version}{article}".split())


def filing_values(told: ToldCase) -> dict[str, Value]:
    """Return what a case was filed with."""
    filed = told.events[0].event
    found: dict[str, Any] = {
        name: getattr(filed, name, None)
        for name in ("platform", "channel", "category", "reason", "policy", "number")
    }
    if paid := getattr(filed, "paid", None):
        found |= {"paid": paid.amount, "currency": paid.currency}
    return {name: plain(value) for name, value in found.items() if value is not None}


def plain(value: Any) -> Value:
    """Return a value as files have it; times in UTC, always to the microsecond."""
    match value:
        case Enum():
            return str(value.value)
        case datetime():
            return instant(value)
        case UUID():
            return str(value)
        case bool() | int() | float() | str():
            return value
        case _:
            raise TypeError(f"{value!r} is no value of an attribute")


def instant(at: datetime) -> str:
    """Return a time in UTC; all of them have one length, so they sort as they are."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _at(record: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if record is None:
            return None
        record = getattr(record, name)
    return record
