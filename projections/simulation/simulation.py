"""A period under a draft: its closed cases replayed, counted by category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import tuple_row

from application.operator_error import OperatorError
from application.record.envelope import Envelope, Recorded, decode
from domain.case.context import Rulebook
from projections.figures import figure_sql
from projections.reports.period import Question
from projections.reports.record_start import is_before, record_from, start_in, whose
from projections.simulation.compared_case import ComparedCase, compared, value
from projections.simulation.simulated_figures import (
    SimulatedGroup,
    figures_of,
    simulated_group,
)

AT_A_TIME = 200
ALL = "all"

UNKNOWN = (
    "What people would have done: they act when they did, and would act otherwise.",
    "What would have followed where an act has no place any more: it is skipped.",
    "What would not have been filed, admitted or decided: decisions are as they were.",
    "When notices would have been served: they are served when they were.",
    "How late a limit would have been noted that only the draft has: it is in time.",
)
"""What a simulation cannot know."""


class NoFigure(OperatorError):
    """A simulation has no figure of this name; the message lists those that it has."""


class Simulation(Struct, frozen=True, kw_only=True):
    """The closed cases of a period under a draft.

    `left_out`: closed cases of the period that were not replayed, and why.
    `record_from` is the first day of the record of own cases, where that is behind the
    first day of the period; of a period that ends before it there are no groups.
    """

    draft: str
    instead_of: str
    period: str
    record_from: str | None
    left_out: dict[str, int]
    groups: tuple[SimulatedGroup, ...]
    unknown: tuple[str, ...] = UNKNOWN


class BehindFigure(Struct, frozen=True):
    """A case behind a figure: what it adds to it, as recorded and under the draft."""

    case: UUID
    category: str
    recorded: bool | float | None
    draft: bool | float | None


class DraftedPeriod:
    """Replays the closed cases of a period that were filed under a profile's versions.

    `instead_of`: the name of that profile. Silence is followed up to the last event of
    the record.
    """

    def __init__(self, book: Rulebook, instead_of: str, question: Question) -> None:
        self._book, self._name = book, instead_of
        self._question = question
        self._left_out: Counter[str] = Counter()
        self._cases: list[ComparedCase] = []
        self._begun: datetime | None = None

    def run(self, connection: Connection[Any]) -> None:
        """Replay the cases. Raises BadQuestion."""
        # Some at a time: only what they add to the figures stays in memory.
        wanted, until = self._closed(connection), _last_moment(connection)
        # Imported cases, which no draft is about, may be older than our own.
        own = replace(whose(self._question, ()), system="")
        self._begun = start_in(connection)(own)
        for start in range(0, len(wanted), AT_A_TIME):
            for events in _histories(connection, wanted[start : start + AT_A_TIME]):
                self._cases.append(compared(events, self._book, until))

    @property
    def found(self) -> Simulation:
        """Return the figures of all cases, and of each category."""
        return Simulation(
            draft=self._book.policy.id,
            instead_of=self._name,
            period=self._question.period,
            record_from=record_from(self._question, self._begun),
            left_out=dict(sorted(self._left_out.items())),
            groups=tuple(self._groups()),
        )

    def _groups(self) -> Iterator[SimulatedGroup]:
        if not self._cases and is_before(self._question, self._begun):
            return
        yield simulated_group(ALL, self._cases)
        for name in sorted({one.category for one in self._cases}):
            yield simulated_group(
                name, [one for one in self._cases if one.category == name]
            )

    def behind(self, figure: str) -> tuple[BehindFigure, ...]:
        """Return the cases that a figure is about. Raises NoFigure."""
        names = figures_of(self._cases)
        if figure not in names:
            raise NoFigure(f"{figure} is no figure; there are {', '.join(names)}")
        pairs = (
            BehindFigure(
                one.case,
                one.category,
                value(figure, one, draft=False),
                value(figure, one, draft=True),
            )
            for one in self._cases
        )
        return tuple(one for one in pairs if one.recorded or one.draft)

    def _closed(self, connection: Connection[Any]) -> list[UUID]:
        dated = "closed_at"
        query = (
            "SELECT case_id, policy, system"
            f" FROM {figure_sql.cases(self._question, dated)}"
            f" WHERE closed AND {figure_sql.conditions(self._question, dated)}"
            " ORDER BY case_id"
        )
        wanted = []
        for row in figure_sql.rows(connection, query, self._question, {}):
            # What another system decided followed its rules, and not these.
            if row["system"]:
                self._left_out["imported"] += 1
            elif str(row["policy"]).partition("/")[0] != self._name:
                self._left_out[str(row["policy"])] += 1
            else:
                wanted.append(row["case_id"])
        return wanted


def _last_moment(connection: Connection[Any]) -> datetime:
    """Return when the last event was recorded: until then limits were looked after."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "SELECT state FROM events ORDER BY notification_id DESC LIMIT 1"
        ).fetchone()
    return datetime.min.replace(tzinfo=UTC) if row is None else _recorded_at(row[0])


def _recorded_at(state: bytes) -> datetime:
    return msgspec.json.decode(state, type=Envelope).recorded_at


def _histories(
    connection: Connection[Any], cases: Sequence[UUID]
) -> Iterator[Sequence[Recorded]]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(
            "SELECT originator_id, state FROM events WHERE originator_id = ANY(%s)"
            " ORDER BY originator_id, originator_version",
            (list(cases),),
            binary=True,
        )
        for _, own in groupby(rows, key=lambda row: row[0]):
            yield [decode(state) for _, state in own]
