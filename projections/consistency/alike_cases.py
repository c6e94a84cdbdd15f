"""Alike cases that were decided differently.

Alike: the same category, reason, rules cited, band of the claimed amount and kinds of
evidence. Differently: another side liable, or another remedy. As they were ruled,
whatever an appeal made of it. A ruling that cites no rule is like none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, convert
from psycopg import Connection

from domain.roles import Actor
from projections.consistency.figure_rows import FigureRows, of_record
from projections.figures import figure_sql
from projections.figures.transparency import TRANSPARENCY
from projections.queue.barred_cases import hidden_from
from projections.reports.period import Question
from projections.view_audit.view_rounds import check_sound

MOST_KINDS = 50
"""Kinds of cases that a report lists, those with the most differing pairs first."""

_KIND = ("category", "reason", "cited", "amount", "evidence")
_DECIDED = ("liability", "remedies")


class Decision(Struct, frozen=True, kw_only=True):
    """How some of the cases were decided; remedies are codes, parted by spaces."""

    liability: str
    remedies: str
    cases: int


class AlikeCases(Struct, frozen=True, kw_only=True):
    """Cases of one kind that were not all decided alike.

    `cited` and `evidence` are codes, parted by spaces. Of `pairs` of two of the cases,
    `different` were decided differently.
    """

    category: str
    reason: str
    cited: str
    amount: str
    evidence: str
    cases: int
    pairs: int
    different: int
    decisions: tuple[Decision, ...]


class Alikeness(Struct, frozen=True, kw_only=True):
    """All pairs of alike cases, and the kinds among them that differ most."""

    pairs: int
    different: int
    kinds: int
    listed: tuple[AlikeCases, ...]


class CasePair(Struct, frozen=True, kw_only=True):
    """A case, and the alike case ruled just before it, which was decided differently.

    Times are UTC.
    """

    case_id: UUID
    earlier_id: UUID
    category: str
    reason: str
    cited: str
    amount: str
    evidence: str
    ruled_at: datetime
    liability: str
    remedies: str
    decider: str | None
    earlier_ruled_at: datetime
    earlier_liability: str
    earlier_remedies: str
    earlier_decider: str | None


def alikeness(rows: FigureRows) -> Alikeness:
    """Count the pairs of alike cases, and those that were decided differently."""
    of_kind = f"PARTITION BY {', '.join(_KIND)}"
    decided = (
        f"SELECT {', '.join((*_KIND, *_DECIDED))}, count(*) AS cases FROM"
        f" ({_ruled(rows, _columns(rows))}) AS ruled GROUP BY 1, 2, 3, 4, 5, 6, 7"
    )
    found = rows.ask(
        f"SELECT * FROM (SELECT *, count(*) OVER ({of_kind}) AS decisions"
        f" FROM ({decided}) AS decided) AS kinds WHERE decisions > 1"
    )
    # Kinds that were all decided alike count as well, but need not be listed.
    sizes = f"SELECT sum(cases) AS cases FROM ({decided}) AS d GROUP BY {_kind_of('d')}"
    (whole,) = rows.ask(
        "SELECT coalesce(sum(cases * (cases - 1) / 2), 0) AS pairs"
        f" FROM ({sizes}) AS sizes"
    )
    kinds = _kinds(found)
    return Alikeness(
        pairs=int(whole["pairs"]),
        different=sum(one.different for one in kinds),
        kinds=len(kinds),
        listed=tuple(kinds[:MOST_KINDS]),
    )


def pairs(
    connection: Connection[Any],
    question: Question,
    reader: Actor,
    *,
    limit: int,
    after: UUID | None = None,
) -> Sequence[CasePair]:
    """List cases beside the alike one before it that was decided differently.

    In the order of their ids. Raises BadQuestion, or ViewDiffers.
    """
    check_sound(connection, TRANSPARENCY.name)
    given: dict[str, Any] = {"limit": limit, "beyond": after}
    hidden = hidden_from(reader, given, of=TRANSPARENCY.name)
    rows = of_record(connection, question)
    columns = {"case_id": "case_id", "ruled_at": "ruled_at", "decider": "decider"}
    ruled = _ruled(rows, _columns(rows) | columns, *hidden)
    beside = ("case_id", "ruled_at", "decider", *_DECIDED)
    # With the one before it only: all pairs would be as many as cases squared.
    window = f"(PARTITION BY {', '.join(_KIND)} ORDER BY ruled_at, case_id)"
    earlier = ", ".join(
        f"lag({name}) OVER {window} AS earlier_{name.removeprefix('case_')}"
        for name in beside
    )
    query = (
        f"SELECT * FROM (SELECT *, {earlier} FROM ({ruled}) AS ruled) AS beside"
        " WHERE earlier_id IS NOT NULL AND (liability, remedies)"
        " <> (earlier_liability, earlier_remedies)"
        " AND (%(beyond)s::uuid IS NULL OR case_id > %(beyond)s)"
        " ORDER BY case_id LIMIT %(limit)s"
    )
    found = figure_sql.rows(connection, query, question, given)
    return convert(found, list[CasePair])


def _columns(rows: FigureRows) -> dict[str, str]:
    return {
        "category": "category",
        "reason": "reason",
        "cited": "cited",
        "amount": rows.amount_band,
        "evidence": "coalesce(evidence, '')",
        "liability": "coalesce(ruled_liability, 'unknown')",
        "remedies": "coalesce(remedies, '')",
    }


def _ruled(rows: FigureRows, columns: Mapping[str, str], *where: str) -> str:
    chosen = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    # Imported rulings that cite nothing would all look alike.
    conditions = " AND ".join((rows.where("ruled_at"), "cited <> ''", *where))
    return f"SELECT {chosen} FROM transparency WHERE {conditions}"


def _kind_of(row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in _KIND)


def _kinds(found: Sequence[Mapping[str, Any]]) -> list[AlikeCases]:
    grouped: defaultdict[tuple[str, ...], list[Decision]] = defaultdict(list)
    for row in found:
        grouped[tuple(row[name] for name in _KIND)].append(
            Decision(
                liability=row["liability"],
                remedies=row["remedies"],
                cases=row["cases"],
            )
        )
    kinds = [_alike(kind, decisions) for kind, decisions in grouped.items()]
    return sorted(
        kinds, key=lambda one: (-one.different, *(getattr(one, n) for n in _KIND))
    )


def _alike(kind: tuple[str, ...], decisions: Sequence[Decision]) -> AlikeCases:
    cases = sum(one.cases for one in decisions)
    same = sum(_pairs(one.cases) for one in decisions)
    # By all that tells them apart: the engines give equal rows in any order.
    ordered = sorted(
        decisions, key=lambda one: (-one.cases, one.liability, one.remedies)
    )
    return AlikeCases(
        **dict(zip(_KIND, kind, strict=True)),
        cases=cases,
        pairs=_pairs(cases),
        different=_pairs(cases) - same,
        decisions=tuple(ordered),
    )


def _pairs(cases: int) -> int:
    return cases * (cases - 1) // 2
