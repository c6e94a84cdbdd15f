"""The report on consistency: whether like cases are decided alike, and in time."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from psycopg import Connection

from projections.consistency.alike_cases import Alikeness, alikeness
from projections.consistency.appeal_reversals import Reversals, reversals
from projections.consistency.figure_rows import FigureRows, of_record
from projections.consistency.repeated_faults import RepeatedFaults, repeated_faults
from projections.consistency.stage_lateness import Lateness, lateness
from projections.figures.transparency import TRANSPARENCY
from projections.reports.figure_position import position_of
from projections.reports.period import BadQuestion, Question
from projections.view_audit.view_rounds import check_sound

LEAST = 10
"""Of how many cases a share is told, unless it is asked otherwise."""


class ConsistencyReport(Struct, frozen=True, kw_only=True):
    """What was counted of a period, from which part of the record.

    `least`: of fewer cases no share is told; their numbers are. `position` is that of
    the last event that is counted.
    """

    period: str
    zone: str | None
    category: str | None
    system: str | None
    platform: str | None
    least: int
    position: int
    reversals: Reversals
    alike: Alikeness
    lateness: tuple[Lateness, ...]
    sellers: RepeatedFaults


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
    return ConsistencyReport(
        period=question.period,
        zone=question.zone,
        category=question.category,
        system=question.system,
        platform=question.platform,
        least=least,
        position=position,
        reversals=reversals(rows, least),
        alike=alikeness(rows),
        lateness=lateness(rows, least),
        sellers=repeated_faults(rows, least),
    )
