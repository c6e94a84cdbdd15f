"""When the record of a group of a report begins: before that, nothing is known.

A period that ends before it has no figures: 0 would say that nobody complained.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from psycopg import Connection

from projections.figures.figure_sql import filters, rows
from projections.reports.period import Question
from projections.reports.report_cuts import local

Start = Callable[[Question], datetime | None]
"""Returns the local time of the first filing among the cases of a question."""


def whose(question: Question, place: tuple[str, ...]) -> Question:
    """Return the question about the record that a group of a report is part of.

    A platform and a source have a record of their own. A category or a seller has
    none: 0 cases of it is an answer.
    """
    platform = question.platform
    if "platform" in question.cuts:
        platform = place[question.cuts.index("platform")]
    # Imported cases begin with their source's.
    system = question.system
    if "system" in question.cuts:
        system = place[question.cuts.index("system")]
    return replace(question, by="none", category=None, platform=platform, system=system)


def start_in(connection: Connection[Any]) -> Start:
    """Return what asks the rows of the record for the first filing."""

    def start(question: Question) -> datetime | None:
        where = " AND ".join(["opened_at IS NOT NULL", *filters(question)])
        first = f"SELECT min(opened_at) FROM transparency WHERE {where}"
        # An index has the first one; of local times no zone's is a day apart.
        query = (
            f"SELECT min({local('opened_at')}) AS start FROM transparency"
            f" WHERE {where} AND opened_at <= ({first}) + interval '1 day'"
        )
        (row,) = rows(connection, query, question, {})
        found: datetime | None = row["start"]
        return found

    return start


def is_before(question: Question, begun: datetime | None) -> bool:
    """Tell whether a period ends before the record begins."""
    bounds = question.bounds
    return bounds is not None and begun is not None and begun >= bounds[1]


def record_from(question: Question, begun: datetime | None) -> str | None:
    """Return the first day of the record, if it is behind that of the period."""
    bounds = question.bounds
    if bounds is None or begun is None or begun.date() <= bounds[0].date():
        return None
    return f"{begun:%Y-%m-%d}"
