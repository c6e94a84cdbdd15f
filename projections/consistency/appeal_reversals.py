"""How often appeals changed decisions: by rule cited, by category, by decider."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from projections.consistency.figure_rows import FigureRows, Rows
from projections.consistency.wilson_interval import Share, share


class Reversal(Share, frozen=True, kw_only=True):
    """Of the appeals that were decided on one rule, category or person, how many won.

    `decided` cases with a decided appeal, of which `changed` were varied or set aside.
    """

    key: str
    decided: int
    changed: int


class Reversals(Struct, frozen=True, kw_only=True):
    """The same appeals, cut three ways; a decision that cites two rules is in both."""

    whole: Reversal
    by_rule: tuple[Reversal, ...]
    by_category: tuple[Reversal, ...]
    by_decider: tuple[Reversal, ...]


_Counts = tuple[Counter[str], Counter[str], dict[str, datetime]]
"""Decided and changed appeals, and when the first of them was decided."""


def reversals(rows: FigureRows, least: int) -> Reversals:
    """Count reversals; the share is told of `least` decided appeals or more."""
    dated = "appeal_decided_at"
    names = {
        "rule": "coalesce(appealed_cited, '')",
        "category": rows.named("category"),
        "decider": rows.named("appealed_decider"),
    }
    columns = ", ".join(f"{sql} AS {name}" for name, sql in names.items())
    # What is changed is what `reversal-rate` counts.
    found = rows.ask(
        f"SELECT {columns}, count(*) AS decided,"
        " count(*) FILTER (WHERE appeal_result <> 'upheld') AS changed,"
        f" min({dated}) AS first"
        f" FROM transparency WHERE {rows.where(dated)} GROUP BY 1, 2, 3"
    )
    counted = {name: _counts(found, name) for name in names}
    decided = sum(row["decided"] for row in found)
    changed = sum(row["changed"] for row in found)
    return Reversals(
        whole=_reversal("all", decided, changed, least),
        by_rule=tuple(_listed(counted["rule"], least)),
        by_category=tuple(_listed(counted["category"], least)),
        by_decider=tuple(_listed(counted["decider"], least)),
    )


def _counts(found: Rows, name: str) -> _Counts:
    decided, changed = Counter[str](), Counter[str]()
    first: dict[str, datetime] = {}
    for row in found:
        for key in _keys(row[name], name):
            decided[key] += row["decided"]
            changed[key] += row["changed"]
            first[key] = min(row["first"], first.get(key, row["first"]))
    return decided, changed, first


def _keys(value: str, name: str) -> list[str]:
    # Names of people and categories are whole, and may have spaces if imported.
    return (value.split() or ["unknown"]) if name == "rule" else [value]


def _listed(counts: _Counts, least: int) -> Iterator[Reversal]:
    decided, changed, first = counts
    found = [_reversal(key, decided[key], changed[key], least) for key in decided]
    # First what is most surely changed often; what is too few to say comes last. Then
    # by what a lake has too: there a decider has another name.
    yield from sorted(
        found,
        key=lambda one: (
            -(one.low or 0),
            -one.decided,
            -one.changed,
            first[one.key],
            one.key,
        ),
    )


def _reversal(key: str, decided: int, changed: int, least: int) -> Reversal:
    told = share(changed, decided, least)
    return Reversal(
        key=key,
        decided=decided,
        changed=changed,
        rate=told.rate,
        low=told.low,
        high=told.high,
    )
