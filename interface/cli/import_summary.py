"""What an import would do, in words: counts, rejects, figures, and a few cases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
import msgspec

from application.imports.mapping import FileMapping
from application.imports.source.source_row import shown
from application.imports.trial import Summary
from application.record.envelope import Precision, Recorded, topic

MOST = 12
"""So many reasons and so many values of a table are told."""

LONGEST = 48
_TOLD = frozenset({"type", "platform", "reasons"})


def print_summary(found: Summary, mapping: FileMapping) -> None:
    """Print what an import would do."""
    for line in _lines(found, mapping):
        click.echo(line)


def as_json(found: Summary) -> bytes:
    """Return a summary as JSON; its cases as they would be recorded."""
    plain: dict[str, Any] = msgspec.to_builtins(found)
    plain.pop("days")
    plain["median_days"] = found.median_days
    return msgspec.json.encode(plain)


def _lines(found: Summary, mapping: FileMapping) -> Iterator[str]:
    yield (
        f"{found.rows:,} rows of {mapping.system}: {found.cases:,} new cases,"
        f" {found.grown:,} grown, {found.present:,} there already,"
        f" {found.skipped:,} rows without an event, {found.rejected:,} rejected"
    )
    if found.duplicates or found.contradictions:
        yield (
            f"said twice in the source: {found.duplicates:,};"
            f" rejected rows that contradict others: {found.contradictions:,}"
        )
    if found.first and found.last:
        span = f"{found.first:%Y-%m-%d} to {found.last:%Y-%m-%d}"
        yield f"{found.events:,} events from {span}: {_counts(found.kinds)}"
    if found.reasons:
        yield "rejected, by reason:"
        yield from _reasons(found)
    for table, values in found.unmapped.items():
        yield f"not in codes.{table}: {_counts(values)}"
    if found.filed or found.closed:
        yield f"filed: {_counts(found.filed)}; closed: {_counts(found.closed) or 0}"
    if found.outcomes:
        days = found.median_days
        ends = f"; days to the end (median): {days}" if days is not None else ""
        yield f"outcomes: {_counts(found.outcomes)}{ends}"
    for sample in found.samples:
        yield from _case(sample)


def _reasons(found: Summary) -> Iterator[str]:
    reasons = sorted(found.reasons.values(), key=lambda one: -one.rows)
    for one in reasons[:MOST]:
        more = ", …" if one.rows > len(one.places) else ""
        lines = f"line {', '.join(sorted(one.places, key=_natural))}{more}"
        yield f"  {one.rows:,} x {shown(one.example, 160)} ({lines})"
    if len(reasons) > MOST:
        yield f"  and {len(reasons) - MOST} other reasons"


def _natural(place: str) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", place, flags=re.ASCII)
    return [(int(one) if one.isdecimal() else 0, one) for one in parts]


def _counts(counts: Counter[str]) -> str:
    told = [f"{shown(name)} {count:,}" for name, count in counts.most_common(MOST)]
    more = len(counts) - MOST
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")


def _case(events: Sequence[Recorded]) -> Iterator[str]:
    imported = events[0].imported
    yield f"case {shown(imported.record) if imported else events[0].case}:"
    for one in events:
        precision = one.imported.precision if one.imported else Precision.SECOND
        vague = "" if precision is Precision.SECOND else f" ({precision})"
        fields = ", ".join(_fields(msgspec.to_builtins(one.event)))
        who = f"{one.actor.role} {topic(one.event)}"
        said = f": {fields}" if fields else ""
        yield f"  {one.at:%Y-%m-%d %H:%M}Z{vague} {who}{said}"


def _fields(event: Mapping[str, Any]) -> Iterator[str]:
    for name, value in event.items():
        if name in _TOLD or value is None or value in ((), [], ""):
            continue
        if isinstance(value, dict) and value.keys() == {"amount", "currency"}:
            yield f"{name} {value['amount']} {value['currency']} (smallest units)"
        elif isinstance(value, dict | list | tuple):
            yield f"{name} {shown(msgspec.json.encode(value).decode(), LONGEST)}"
        else:
            yield f"{name} {shown(str(value), LONGEST)}"
