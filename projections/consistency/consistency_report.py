"""The report on consistency: whether like cases are decided alike, and in time."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from psycopg import Connection

from projections.consistency.alike_cases import Alikeness, alikeness
from projections.consistency.appeal_reversals import Reversals, reversals
from projections.consistency.figure_rows import FigureRows, of_record
from projections.consistency.repeated_faults import RepeatedFaults, repeated_faults
from projections.consistency.stage_lateness import Lateness, dates, lateness
from projections.figures.transparency import TRANSPARENCY
from projections.reports.figure_position import position_of
from projections.reports.period import BadQuestion, Question
from projections.reports.record_start import is_before, record_from, whose
from projections.view_audit.view_rounds import check_sound

LEAST = 10
"""Of how many cases a share is told, unless it is asked otherwise."""


class ConsistencyReport(Struct, frozen=True, kw_only=True):
    """What was counted of a period, from which part of the record.

    `least`: of fewer cases no share is told; their numbers are. `position` is that of
    the last event that is counted. `record_from` is the first day of the record, where
    that is behind the first day of the period; of a period that ends before it nothing
    is known, and nothing is counted.
    """

    period: str
    zone: str | None
    category: str | None
    system: str | None
    platform: str | None
    least: int
    position: int
    record_from: str | None
    reversals: Reversals | None
    alike: Alikeness | None
    lateness: tuple[Lateness, ...] | None
    sellers: RepeatedFaults | None


def consistency(
    connection: Connection[Any], question: Question, least: int = LEAST
) -> ConsistencyReport:
    """Count at one moment. Raises BadQuestion, or ViewDiffers."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL work_mem = '64MB'")
        check_sound(connection, TRANSPARENCY.name)
        position = position_of(connection)
        return counted(of_record(connection, question), question, least, position)


def counted(
    rows: FigureRows, question: Question, least: int, position: int
) -> ConsistencyReport:
    """Return the report that rows make. Raises BadQuestion."""
    if question.by != "none":
        raise BadQuestion("by", question.by, "is no cut of this report: leave it out")
    begun = rows.start(whose(question, ()))
    # A ruling may have a date where its filing has none.
    is_known = not is_before(question, begun) or _has_cases(rows)
    return ConsistencyReport(
        period=question.period,
        zone=question.zone,
        category=question.category,
        system=question.system,
        platform=question.platform,
        least=least,
        position=position,
        record_from=record_from(question, begun),
        reversals=reversals(rows, least) if is_known else None,
        alike=alikeness(rows) if is_known else None,
        lateness=lateness(rows, least) if is_known else None,
        sellers=repeated_faults(rows, least) if is_known else None,
    )


def _has_cases(rows: FigureRows) -> bool:
    """Tell whether a case has one of the dates that are counted by in the period."""
    counted_by = sorted({"ruled_at", "appeal_decided_at", *dates()})
    where = " OR ".join(f"({rows.where(dated)})" for dated in counted_by)
    (found,) = rows.ask(f"SELECT count(*) AS cases FROM transparency WHERE {where}")
    return bool(found["cases"])
