"""The cases behind a figure of a report: those that it counts, and out of which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, convert
from psycopg import Connection

from domain.roles import Actor
from projections.figures import figure_sql
from projections.figures.metrics import Metric, metrics
from projections.figures.transparency import TRANSPARENCY
from projections.queue.barred_cases import hidden_from
from projections.reports.period import BadQuestion, Question
from projections.reports.report import report
from projections.reports.report_cuts import part_of, place_of
from projections.view_audit.view_rounds import check_sound


class FigureCase(Struct, frozen=True, kw_only=True):
    """One case behind a figure.

    `at` is when the case belongs to the figure (UTC), `measured` what the case adds to
    it (days, or minor units of `currency`), `counted` whether it is in the numerator.
    """

    case_id: UUID
    at: datetime | None
    counted: bool
    measured: float | None
    currency: str | None
    part: str | None
    platform: str
    category: str
    reason: str
    seller: str | None
    decider: str | None
    appeal_decider: str | None
    policy: str | None
    liability: str | None
    outcome: str | None


class FigureAsked(Struct, frozen=True, kw_only=True):
    """Which cases of a report are asked for.

    `group` and `part` are as the report names them, None for all. `out_of` the
    numerator, or the denominator of a share.
    """

    question: Question
    metric: str
    group: str | None = None
    part: str | None = None
    out_of: Literal["numerator", "denominator"] = "numerator"
    reader: Actor | None = None


def cases_behind(
    connection: Connection[Any],
    asked: FigureAsked,
    *,
    limit: int,
    after: UUID | None = None,
) -> Sequence[FigureCase]:
    """List the cases that a figure counts, in the order of their ids.

    Raises BadQuestion, or ViewDiffers.
    """
    check_sound(connection, TRANSPARENCY.name)
    metric = _metric(asked)
    counted = f"({metric.counted}) IS TRUE"
    of = metric.out_of if asked.out_of == "denominator" else metric.counted
    where = [figure_sql.conditions(asked.question, metric.dated), f"({of})"]
    given: dict[str, Any] = {"limit": limit}
    part = part_of(metric.broken_down) if metric.broken_down else None
    if asked.part is not None:
        where.append(f"{part} = %(part)s")
        given["part"] = asked.part
    # Also without a group: it refuses a cut that there is not.
    place = place_of(asked.question, metric.dated)
    if asked.group is not None:
        where.append(f"array_to_string({place}, ',') = %(group)s")
        given["group"] = asked.group
    if after is not None:
        where.append("case_id > %(after)s")
        given["after"] = after
    where += hidden_from(asked.reader, given, of=TRANSPARENCY.name)
    query = (
        f"SELECT case_id, {metric.dated} AS at, {counted} AS counted,"
        f" ({metric.measured or 'NULL'})::float8 AS measured,"
        f" {part or 'NULL::text'} AS part, currency, platform, category, reason,"
        " seller, decider, appeal_decider, policy, liability, outcome"
        f" FROM {figure_sql.cases(asked.question, metric.dated)}"
        f" WHERE {' AND '.join(where)} ORDER BY case_id LIMIT %(limit)s"
    )
    rows = figure_sql.rows(connection, query, asked.question, given)
    return convert(rows, list[FigureCase])


def check_named(connection: Connection[Any], asked: FigureAsked) -> None:
    """Raise BadQuestion for a group or a part that the report does not have.

    A mistyped one would look like one that has no case.
    """
    groups = report(connection, asked.question).groups
    keys = [group.key for group in groups]
    if asked.group is not None and asked.group not in keys:
        said = f"is no group of the report: it has {', '.join(keys) or 'none'}"
        raise BadQuestion("group", asked.group, said, keys)
    known = {part for group in groups for part in group[asked.metric].parts or ()}
    if asked.part is not None and asked.part not in known:
        said = f"is no part of the figure: it has {', '.join(sorted(known)) or 'none'}"
        raise BadQuestion("part", asked.part, said, sorted(known))


def _metric(asked: FigureAsked) -> Metric:
    found = next((one for one in metrics() if one.id == asked.metric), None)
    if found is None:
        raise BadQuestion("metric", asked.metric, "is no figure that is defined")
    if asked.part is not None and found.broken_down is None:
        raise BadQuestion("part", asked.part, f"is no part: {found.id} has none")
    if asked.out_of == "denominator" and found.out_of is None:
        said = f"is for shares only, and {found.id} is none"
        raise BadQuestion("out_of", asked.out_of, said)
    return found
