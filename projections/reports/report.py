"""Reports: the figures of a period, each with what it was counted out of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection

from projections.figures.figure_numbers import Numbered, numbers, undated
from projections.figures.metrics import metrics
from projections.figures.transparency import TRANSPARENCY
from projections.reports.figure import Figure, compared_with, figure_of, no_cases
from projections.reports.figure_position import position_of
from projections.reports.period import Question
from projections.reports.record_start import (
    Start,
    is_before,
    record_from,
    start_in,
    whose,
)
from projections.reports.report_cuts import natural_order
from projections.view_audit.view_rounds import check_sound


class Group(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The figures of one part of a report, such as a month or a category.

    `keys` are the names of the group in a report by two things, `key` both of them.
    `record_from` is the first day of its platform's record, where that is behind the
    first day of the period (or of the one before, if that is compared). Figures of a
    period that ends before it have no value.
    """

    key: str
    figures: tuple[Figure, ...]
    keys: tuple[str, ...] = ()
    record_from: str | None = None

    @property
    def is_before_record(self) -> bool:
        """Tell whether the period ends before the record begins: nothing is known."""
        return any(one.id == "opened" and one.value is None for one in self.figures)

    def __getitem__(self, metric: str) -> Figure:
        """Return the figure of a metric. Raises KeyError."""
        for figure in self.figures:
            if figure.id == metric:
                return figure
        raise KeyError(metric)


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was counted, from which part of the record.

    `position` is that of the last event in the figures. `left_out` counts the cases
    that meet a definition but are in no period, because their source gives no date.
    `before` is the period before, if the figures are compared with it. `record_from` is
    there where no group is, as in a period that ends before the record begins.
    """

    period: str
    zone: str | None
    by: str
    category: str | None
    system: str | None
    position: int
    groups: tuple[Group, ...]
    left_out: dict[str, int]
    before: str | None = None
    record_from: str | None = None

    @property
    def beginnings(self) -> dict[str, str]:
        """Return the first days of the records, by groups, or by the period for all."""
        own = {one.key: one.record_from for one in self.groups if one.record_from}
        return own | ({self.period: self.record_from} if self.record_from else {})


Counted = dict[tuple[str, ...], dict[str, Figure]]
"""The figures of each group, by their metrics."""


def report(
    connection: Connection[Any],
    question: Question,
    *,
    compared: bool = False,
    from_rows: bool = False,
) -> Report:
    """Count all figures at one moment; `compared` with those of the period before.

    `from_rows` counts the cases one by one, also where sums of them are kept.
    Raises BadQuestion, or ViewDiffers.
    """
    earlier = question.before if compared else None
    with connection.transaction():
        # All queries see one state of the view, at the position that is reported.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # Sums by many groups would be sorted on the disk otherwise.
        connection.execute("SET LOCAL work_mem = '64MB'")
        check_sound(connection, TRANSPARENCY.name)
        now = numbers(connection, question, from_rows=from_rows)
        before = None
        if earlier:
            before = numbers(connection, earlier, from_rows=from_rows)
        return assembled(
            question,
            now,
            position=position_of(connection),
            left_out=undated(connection, question, from_rows=from_rows),
            before=before,
            start=start_in(connection),
        )


def assembled(
    question: Question,
    numbers: Numbered,
    *,
    position: int,
    left_out: dict[str, int],
    before: Numbered | None = None,
    start: Start | None = None,
) -> Report:
    """Return the report that numbers make; `before`: those of the period before.

    `start` tells when a record begins: there are no figures of the time before.
    """
    figures = _all(numbers)
    earlier = None if before is None else _all(before)
    groups = tuple(_groups(figures, earlier, question, start))
    begun = None
    if start and not groups:
        begun = start(whose(replace(question, by="none"), ()))
    return Report(
        period=question.period,
        zone=question.zone,
        by=question.by,
        category=question.category,
        system=question.system,
        position=position,
        groups=groups,
        left_out=left_out,
        before=question.before.period if before is not None else None,
        record_from=record_from(question, begun),
    )


def _all(numbers: Numbered) -> Counted:
    named = {metric.id: metric for metric in metrics()}
    return {
        place: {name: figure_of(named[name], each) for name, each in found.items()}
        for place, found in numbers.items()
    }


def _groups(
    figures: Counted, before: Counted | None, question: Question, start: Start | None
) -> Iterator[Group]:
    starts: dict[Question, datetime | None] = {}
    # A group that had cases in one of the periods is shown for both.
    places = sorted({*figures, *(before or {})}, key=natural_order)
    # Without any case a report that is not cut still says 0.
    for place in places or ([] if question.cuts else [("all",)]):
        of = whose(question, place)
        if start and of not in starts:
            starts[of] = start(of)
        begun = starts.get(of)
        found = _answered(_in_order(figures.get(place, {})), question, begun)
        asked = question
        if before is not None:
            asked = question.before
            earlier = _answered(_in_order(before.get(place, {})), asked, begun)
            found = tuple(map(compared_with, found, earlier))
        yield Group(
            key=",".join(place),
            keys=place if len(place) > 1 else (),
            figures=found,
            record_from=record_from(asked, begun),
        )


def _answered(
    found: tuple[Figure, ...], question: Question, begun: datetime | None
) -> tuple[Figure, ...]:
    """Take the values from figures of a period that ends before the record begins."""
    # A ruling may have a date where its filing has none.
    is_counted = any(one.numerator or one.outside for one in found)
    if is_counted or not is_before(question, begun):
        return found
    return tuple(replace(one, value=None, parts=None, amounts=None) for one in found)


def _in_order(found: Mapping[str, Figure]) -> tuple[Figure, ...]:
    return tuple(found.get(one.id) or no_cases(one) for one in metrics())
